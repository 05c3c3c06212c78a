"""Applies the changes that a book makes to a post: an edited text, and rules; reports all of them.

An edit is a Markdown file in the folder ``edits``, named by the post's key::

    ---
    made-for: 3f5a0c19d2b7
    ---
    The text of the post, for this book.

``made-for`` is a digest of the post at that time. If the post has changed since, or a rule finds nothing, a
diagnostic names file and line, and the post is not changed: an old text would silently undo the author's
corrections.
"""

from __future__ import annotations

import codecs
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..console_text import format_count
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..model.blocks import Block, Heading
from ..model.inlines import NoteRef, Text
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.post import Post
from ..model.slugs import WRITTEN_FILES
from ..model.walk import rewrite, with_blocks
from ..readers.front_matter import read_header
from ..readers.markdown import READER
from ..readers.markdown.options import MarkdownInput
from ..readers.markdown.text_nodes import parse_markdown
from ..readers.source_bytes import source_text
from ..run import Run
from .pictures import PictureWords
from .repeated import Cut, apply_cuts
from .rules import apply
from .schema import Removal, exists

MADE_FOR = "made-for"

_LAYOUT_FIELDS = frozenset({"line", "origin", "tight"})
"""Fields of nodes that record how or where a text was written; they do not count for ``digest``."""
_SPACES = lazy_pattern(r"\s+")


@dataclass(frozen=True, slots=True)
class Edit:
    """An edited text. ``name`` is the file as messages name it; ``made_for`` is empty if the file has none."""

    path: Path
    name: str
    made_for: str
    line: int
    """The line of ``made-for``."""
    further: tuple[str, ...] = ()
    """The names of the other fields in its header, which are ignored."""


@dataclass(frozen=True, slots=True)
class PostChanges:
    """The changes of a book to a post: an edited text, and the rules that may apply to the post, in order."""

    edit: Edit | None = None
    rules: tuple[Removal, ...] = ()
    pictures: tuple[PictureWords, ...] = ()
    cuts: tuple[Cut, ...] = ()
    source: str = "book.toml"
    """The file of the rules, as messages name it."""


def digest(post: Post) -> str:
    """Returns a digest of a post's text and notes, which changes when their content changes.

    It does not change when lines are broken elsewhere, or when the same content is written in another way in
    Markdown.
    """
    sha = hashlib.sha256()
    notes = {note.id: number for number, note in enumerate(post.footnotes)}
    for blocks in (post.body, *(note.children for note in post.footnotes)):
        for part in _describe_tree(blocks, notes):
            sha.update(f"{part}\0".encode("utf-8", "replace"))
    return sha.hexdigest()[:12]


def _describe_tree(value: object, notes: Mapping[str, int]) -> Iterator[str]:
    """Yields the content of a tree, with the start and end of each node; notes count by number, not by name."""
    if isinstance(value, Text):
        yield _SPACES.sub(" ", value.text)
    elif isinstance(value, NoteRef):
        yield f"note {notes.get(value.target)}"
    elif isinstance(value, Node):
        yield f"({type(value).__name__}"
        for name in value.__struct_fields__:
            found = getattr(value, name)
            if name not in _LAYOUT_FIELDS and found not in ("", (), None):
                yield name
                yield from _describe_tree(found, notes)
        yield ")"
    elif isinstance(value, tuple):
        yield "["
        for item in value:
            yield from _describe_tree(item, notes)
        yield "]"
    else:
        yield repr(value)


def is_below(path: Path, folder: Path) -> bool:
    """Returns whether a path is a folder or lies in it, with symbolic links resolved. The path need not exist."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def find_edits(folder: Path, limits: Limits) -> dict[str, Edit]:
    """Returns the edited texts in a folder by file name, without its suffix. Raises ClothboundError for an
    invalid one.
    """
    if not exists(folder):
        return {}
    found = {}
    for path in sorted(folder.glob("*.md")):
        if not is_below(path, folder):
            continue
        text = source_text(path, limits.post_bytes).replace("\r\n", "\n")
        header = read_header(text, limits)
        made_for = str(header.fields.get(MADE_FOR, "") or "")
        lines = text.split("\n")
        line = next((n for n, one in enumerate(lines, 1) if one.startswith(MADE_FOR)), 1)
        further = tuple(key for key in header.fields if key != MADE_FOR)
        found[path.stem] = Edit(path, f"{folder.name}/{path.name}", made_for, line, further)
    return found


def misplaced(folder: Path) -> list[Diagnostic]:
    """Reports the files of posts in the folder of edits that ``find_edits`` does not use."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in WRITTEN_FILES or not path.is_file():
            continue
        reason = ""
        if path.parent != folder or path.suffix != ".md":
            reason = f"an edit is a file POST.md directly in {folder.name}"
        elif not is_below(path, folder):
            reason = "it is a link to a file outside the folder"
        if reason:
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            found.append(stale(f"not used: {reason}", name, 1))
    return found


def apply_changes(post: Post, changes: PostChanges, limits: Limits) -> tuple[Post, frozenset[int]]:
    """Returns the post as the book has it, and the lines of the rules that found something or are out of date.

    Diagnostics of the post report what was removed and which changes were not applied.
    """
    settled: set[int] = set()
    found: list[Diagnostic] = []
    state = digest(post) if _is_tied(changes) else ""
    edited = post
    if changes.edit is not None:
        if changes.edit.made_for in ("", state):
            edited = _apply_edit(post, changes.edit, limits, found)
        else:
            message = (
                f"{post.metadata.source or 'the post'} has changed since this text was edited; "
                "the book has the post as it is now"
            )
            hint = f"Hint: update the text, remove {MADE_FOR}, and run `clothbound update`"
            found.append(stale(f"{message}. {hint}", changes.edit.name, changes.edit.line))
    edited, removed = apply_cuts(edited, changes.cuts, changes.source)
    found.extend(removed)
    for rule in changes.rules:
        if rule.made_for not in ("", state):
            message = f"not applied: {post.metadata.source} has changed since this rule was made"
            hint = f"Hint: check the rule, remove its {MADE_FOR}, and run `clothbound update`"
            found.append(stale(f"{message}. {hint}", changes.source, rule.line))
            settled.add(rule.line)
            continue
        outcome = apply(rule, edited)
        edited = outcome.post
        settled.update([rule.line] if outcome.taken else [])
        for text, line in outcome.taken:
            words = format_count(len(text.split()), "word")
            message = f"{words} removed by {changes.source}:{rule.line}"
            found.append(_edit_diagnostic(message, post, line, text))
        if outcome.left:
            places = ", ".join(dict.fromkeys(f"in {place}" for place, _ in outcome.left))
            message = (
                f"{changes.source}:{rule.line} left {rule.text!r} {places}, which rules do not change. "
                "Hint: change a title in the list of chapters, anything else in an edit of the post"
            )
            line = next((line for _, line in outcome.left if line), 0)
            source = post.metadata.source
            found.append(Diagnostic(DiagnosticCode.EDITED, message, source, line, Severity.WARNING))
    if found:
        edited = msgspec.structs.replace(edited, diagnostics=(*edited.diagnostics, *found))
    return edited, frozenset(settled)


def _is_tied(changes: PostChanges) -> bool:
    return changes.edit is not None or any(rule.made_for for rule in changes.rules)


def _apply_edit(post: Post, edit: Edit, limits: Limits, found: list[Diagnostic]) -> Post:
    """Returns the edited text with the metadata and files of the post."""
    from ..context import Context

    collection = READER.read(edit.path, MarkdownInput(), Context(Run(limits=limits)))
    text = collection.posts[0]
    found.extend(
        Diagnostic(d.code, d.message, edit.name, d.line, d.severity, d.text)
        for d in text.diagnostics
    )
    if edit.further:
        names = ", ".join(map(repr, edit.further))
        hint = "Hint: give the post another title in the list of chapters in book.toml"
        message = f"{names} not used: the book takes these from the post. {hint}"
        found.append(Diagnostic(DiagnosticCode.EDITED, message, edit.name, 1, Severity.WARNING))
    if not text.body:
        message = "not used: it is empty, so the book has the post unchanged"
        hint = "Hint: delete it; to leave the post out, put a # before its line in book.toml"
        found.append(stale(f"{message}. {hint}", edit.name, 1))
        return post
    text = with_blocks(text, _without_lines)
    text = msgspec.structs.replace(
        text, body=(*_heading_taken(post, edit, text, limits), *text.body)
    )
    before, after = plain_text(post), plain_text(text)
    words = f"{format_count(len(after.split()), 'word')} for {len(before.split()):,}"
    message = f"{edit.name} replaces it: {words}"
    found.append(_edit_diagnostic(message, post, 0, before))
    return msgspec.structs.replace(post, body=text.body, footnotes=text.footnotes)


def _heading_taken(post: Post, edit: Edit, text: Post, limits: Limits) -> tuple[Block, ...]:
    """Returns the heading at the top of an edit that was read as its title, if the post begins with a heading as well."""
    if not (post.body and isinstance(post.body[0], Heading)):
        return ()
    source = source_text(edit.path, limits.post_bytes).replace("\r\n", "\n")
    written = _without_lines(parse_markdown(read_header(source, limits).body)[0][:1])
    is_taken = bool(written) and isinstance(written[0], Heading) and written != text.body[:1]
    return written if is_taken else ()


def _without_lines(nodes: tuple[Block, ...]) -> tuple[Block, ...]:
    """Removes the lines of nodes: messages would take them for lines in the post's own file."""
    rewritten: tuple[Block, ...] = rewrite(
        nodes, lambda n: msgspec.structs.replace(n, line=0) if n.line else n
    )
    return rewritten


def _edit_diagnostic(message: str, post: Post, line: int, text: str) -> Diagnostic:
    source = post.metadata.source
    return Diagnostic(DiagnosticCode.EDITED, message, source, line, Severity.INFO, text)


def stale(message: str, source: str, line: int) -> Diagnostic:
    """Returns the diagnostic about a change that is not applied."""
    return Diagnostic(DiagnosticCode.EDIT_STALE, message, source, line, Severity.ERROR)


def stamp_edit(edit: Edit, made_for: str) -> tuple[bytes, bytes]:
    """Returns the present bytes of an edit, and the bytes with ``made-for``, which ties it to its post.

    An existing header keeps its other lines.
    """
    data = edit.path.read_bytes()
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text = data.decode("utf-8-sig")
    end = "\r\n" if "\r\n" in text else "\n"
    stamp = f'{MADE_FOR}: "{made_for}"{end}'
    first = f"---{end}"
    if text.startswith(first) and f"{end}---" in text[3:]:
        stamped = f"{first}{stamp}{text.removeprefix(first)}"
    else:
        stamped = f"{first}{stamp}{first}{text}"
    return data, mark + stamped.encode()


def new_edit(post: Post, limits: Limits) -> str:
    """Returns the text of a post as Markdown, to be edited for one book, tied to the present state of the post."""
    from ..context import Context
    from ..writers.markdown import Markdown, page

    text = page(post, Markdown(header=False), Context(Run(limits=limits))).decode()
    return f'---\n{MADE_FOR}: "{digest(post)}"\n---\n{text}'
