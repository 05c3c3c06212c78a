"""Invariants that types cannot express: canonical form, and its check.

In canonical form, no Text is empty or adjacent to another, no link contains a link, ids are unique in a
post, and there are at most ``Limits.depth`` levels. Readers establish it with ``canonical_inlines`` and ``consistent``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ..diagnostics import DiagnosticCode, LineDiagnostic
from ..limits import Limits
from . import blocks as b
from . import inlines as i
from .node import Node
from .post import Metadata, Post
from .split_links import hold_nested_link, split_nested_links
from .walk import CHILD_FIELDS, children, rewrite, walk

_NESTED_LINK = "a link within a link: the outer one is left out, to {}"
_NAMED = 120
"""The most characters of an address in a message."""


def canonical_inlines(nodes: Iterable[i.Inline]) -> tuple[i.Inline, ...]:
    """Merges adjacent plain Texts and leaves out empty ones."""
    result: list[i.Inline] = []
    run: list[i.Text] = []  # Adjacent plain Texts, which are joined all at once.
    for node in nodes:
        if type(node) is i.Text and _is_plain(node):
            if node.text:
                run.append(node)
            continue
        if run:
            result.append(_join_texts(run))
            run = []
        if type(node) is i.Text and not node.text and not node.id:
            continue
        result.append(node)
    if run:
        result.append(_join_texts(run))
    return tuple(result)


def _join_texts(run: list[i.Text]) -> i.Text:
    if len(run) == 1:
        return run[0]
    return i.Text("".join([node.text for node in run]), line=run[0].line)


def canonical(post: Post) -> Post:
    """Merges Texts, splits nested links and renames duplicate ids everywhere in ``post``."""
    post, _ = split_nested_links(post)
    return unique_ids(rewrite(post, _merge_texts))[0]


class Consistent(msgspec.Struct, frozen=True):
    """A post in canonical form, and the changes that its reader reports."""

    post: Post
    findings: tuple[LineDiagnostic, ...]


def consistent(post: Post) -> Consistent:
    """``post`` in canonical form. Its Texts are merged already."""
    if _is_consistent(post):
        return Consistent(post, ())
    parted, lost_links = split_nested_links(post)
    unique, renamed = unique_ids(parted if parted is post else rewrite(parted, _merge_texts))
    findings = [
        (DiagnosticCode.MARKUP_REPAIRED, _NESTED_LINK.format(href[:_NAMED]), line)
        for href, line in lost_links
    ]
    for name, line in renamed:
        message = f"the id {name!r} is used twice; the later one was renamed"
        findings.append((DiagnosticCode.ID_DUPLICATE, message, line))
    return Consistent(unique, tuple(findings))


def _is_consistent(post: Post) -> bool:
    """Whether a post needs no change, as most do, which one walk finds out."""
    nodes = [*walk(post)]
    ids = [node.id for node in nodes if node.id]
    note_ids = [note.id for note in post.footnotes]
    are_unique = len({*ids}) == len(ids) and len({*note_ids}) == len(note_ids)
    return are_unique and not hold_nested_link(nodes)


def _merge_texts(node: Node) -> Node:
    changed = {}
    for name in CHILD_FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple) and value and i.is_inline(value[0]):
            merged = canonical_inlines(value)
            if merged != value:
                changed[name] = merged
    return msgspec.structs.replace(node, **changed) if changed else node


def unique_ids(post: Post) -> tuple[Post, tuple[tuple[str, int], ...]]:
    """Renames later duplicates of an id (``a``, ``a-2``); returns the post and (id, line) of each duplicate.

    Of several notes with one id, the first keeps the id and the marks.
    """
    ids = [node.id for node in walk(post) if node.id]
    note_ids = [note.id for note in post.footnotes]
    renamed: list[tuple[str, int]] = []
    if len(set(note_ids)) < len(note_ids):
        fresh = _Fresh(note_ids)
        notes = []
        for note in post.footnotes:
            name = fresh.name(note.id)
            if name != note.id:
                renamed.append((note.id, next((n.line for n in walk(note) if n.line), 0)))
                note = msgspec.structs.replace(note, id=name)  # noqa: PLW2901
            notes.append(note)
        post = msgspec.structs.replace(post, footnotes=tuple(notes))
    if len(set(ids)) == len(ids):
        return post, tuple(renamed)
    fresh = _Fresh(ids)

    def visit(node: Node) -> Node:
        name = fresh.name(node.id) if node.id else ""
        if name == node.id:
            return node
        renamed.append((node.id, node.line))
        return msgspec.structs.replace(node, id=name)

    return rewrite(post, visit), tuple(renamed)


class _Fresh:
    """Gives out each name once; later requests for it get a numbered one."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._taken = set(wanted)
        self._given: set[str] = set()
        self._number: dict[str, int] = {}

    def name(self, wanted: str) -> str:
        if wanted not in self._given:
            self._given.add(wanted)
            return wanted
        # Continue from the last number, so that a thousand equal ids do not need a million attempts.
        number = self._number.get(wanted, 1) + 1
        while f"{wanted}-{number}" in self._taken:
            number += 1
        self._number[wanted] = number
        name = f"{wanted}-{number}"
        self._taken.add(name)
        return name


def _is_plain(node: i.Text) -> bool:
    return not (node.id or node.classes or node.attributes or node.origin)


def problems(post: Post, depth: int = Limits().depth) -> Iterator[str]:
    """Describes every violation of canonical form in ``post``."""
    seen: set[str] = set()
    for node in walk(post):
        if node.id:
            if node.id in seen:
                yield f"id {node.id!r} is used twice"
            seen.add(node.id)
        yield from _text_problems(node)
        if hold_nested_link((node,)):
            yield f"link within a link: {node.href[:_NAMED]}"  # type: ignore[attr-defined]
        if isinstance(node, b.Heading) and not 1 <= node.level <= 6:
            yield f"heading level {node.level}"
    notes = [note.id for note in post.footnotes]
    if len(set(notes)) != len(notes):
        yield "two notes have the same id"
    for node in walk(post):
        if isinstance(node, i.NoteRef) and node.target not in notes:
            yield f"note mark without a note: {node.target!r}"
    if max_depth(post) > depth:
        yield f"deeper than {depth} levels"


def fitted(value: Any, kind: Any) -> Any:
    """Returns ``value`` as ``kind``, with tuples for lists. Raises ValueError, which names the field of another type.

    Raises RecursionError for what is nested very deep.
    """
    try:
        return msgspec.convert(msgspec.to_builtins(value), kind)
    except (TypeError, ValueError) as error:
        reason = str(error).replace("`", "").replace("$.", "").replace("$", "")
        raise ValueError(reason) from error


def misfit(post: Post) -> str:
    """Says what stands in a post where it cannot stand, as an inline in the place of a block; empty if nothing does."""
    if not isinstance(post.metadata, Metadata):
        return f"metadata: Expected Metadata, got {type(post.metadata).__name__}"
    metadata = msgspec.structs.replace(post.metadata, extra={})  # It may hold anything.
    try:
        fitted(Post(metadata, post.body, post.footnotes), Post)
    except ValueError as error:
        return str(error)
    except RecursionError:  # The bound of levels is another check.
        return ""
    return ""


def _text_problems(node: Node) -> Iterator[str]:
    last: Node | None = None
    for child in children(node):
        if isinstance(child, i.Text):
            if not child.text:
                yield f"empty Text in {type(node).__name__}"
            if isinstance(last, i.Text) and _is_plain(last) and _is_plain(child):
                yield f"adjacent Texts in {type(node).__name__}"
        last = child


def max_depth(root: Post | Iterable[Node]) -> int:
    """Counts the levels of a post with its notes, or of nodes, without recursion: any depth is safe."""
    if isinstance(root, Post):
        root = (*root.body, *(node for note in root.footnotes for node in note.children))
    deepest = 0
    stack = [(node, 1) for node in root]
    while stack:
        node, level = stack.pop()
        deepest = max(deepest, level)
        stack.extend((child, level + 1) for child in children(node))
    return deepest
