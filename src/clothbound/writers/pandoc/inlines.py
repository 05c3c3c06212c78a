"""Writes inlines as pandoc's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TypeAlias, assert_never

from ...context import Context
from ...diagnostics import DiagnosticCode, Outcome
from ...escape import safe_href
from ...html.write.missing_pictures import placeholder
from ...html.write.target import unsafe_link_message
from ...model import inlines as i
from ...model.blocks import Block
from ...model.book_links import split_book_address
from ...model.inlines import NoteRef
from ...model.node import Node
from ...model.post import Post
from ...model.split_links import holds, is_mark, split_link
from ...model.walk import walk
from ...pandoc import ast as p
from ...pandoc.vocabulary import MARK, NOTE, attr_of

_MARKS: dict[
    type[Node], type[p.Emph | p.Strong | p.Strikeout | p.Underline | p.Superscript | p.Subscript]
] = {
    i.Emphasis: p.Emph,
    i.Strong: p.Strong,
    i.Strikethrough: p.Strikeout,
    i.Underline: p.Underline,
    i.Superscript: p.Superscript,
    i.Subscript: p.Subscript,
}
_SMALL_CAPS = ("smallcaps",)
HIGHLIGHT = "mark"
"""The class of pandoc's for text that is marked as with a highlighter."""
INLINE_MATH, DISPLAY_MATH = p.Name("InlineMath"), p.Name("DisplayMath")
"""The two kinds of formulas."""


Show: TypeAlias = Callable[[Post, i.Image], str | None]
"""Returns the address of a picture in the product; None if it is missing, which is reported."""


class Notes:
    """The notes of one post: which stand at their first mark, and which at the end of the post.

    pandoc has a note where its mark is. So a further mark of the same note is a link to the first,
    and a note whose only marks are in other notes, which few formats allow, stands at the end.
    """

    def __init__(self, post: Post, written_before: int) -> None:
        """``written_before`` is the number of notes in the document before this post."""
        self.by_id = {note.id: note for note in post.footnotes}
        marks = Counter(node.target for node in walk(post.body) if isinstance(node, NoteRef))
        within = {node.target for note in post.footnotes for node in walk(note) if is_mark(node)}  # type: ignore[attr-defined]
        at_marks = [name for name in marks if name in self.by_id]
        self.numbers = {name: number for number, name in enumerate(at_marks, written_before + 1)}
        """The numbers that pandoc's writers give to the notes that stand at their marks."""
        self.linked = {name for name in at_marks if marks[name] > 1 or name in within}
        """Those of them to which other marks link."""
        self.at_end = [note for note in post.footnotes if note.id not in self.numbers]
        self.letters = {note.id: f"[{n}]" for n, note in enumerate(self.at_end, 1)}
        """What the marks of the notes at the end show."""
        self.written: set[str] = set()


class InlineWriter:
    """Writes the inlines of one post."""

    def __init__(
        self,
        post: Post,
        context: Context,
        notes: Notes,
        show: Show,
        prefix: str,
        write_blocks: Callable[[Iterable[Block]], tuple[p.Block, ...]],
    ) -> None:
        """``prefix`` comes before the ids of a post that is one of several."""
        self.post = post
        self.context = context
        self.notes = notes
        self.line = 0
        """The line of the block being written, or of the last one before it that has one."""
        self._show = show
        self._prefix = prefix
        self._write_blocks = write_blocks
        self._is_in_note = False

    def inlines(self, nodes: Iterable[i.Inline]) -> tuple[p.Inline, ...]:
        result: list[p.Inline] = []
        for node in nodes:
            if type(node) is i.Text and not (node.id or node.classes or node.attributes):
                result.extend(p.to_words(node.text))
            else:
                result.extend(self.inline(node))
        return tuple(result)

    def inline(self, node: i.Inline) -> tuple[p.Inline, ...]:  # noqa: C901, PLR0912 - match dispatch
        match node:
            case i.Text(text):
                return self._marked(node, tuple(p.to_words(text)))
            case (
                i.Emphasis(children)
                | i.Strong(children)
                | i.Strikethrough(children)
                | i.Underline(children)
                | i.Superscript(children)
                | i.Subscript(children)
            ):
                return self._marked(node, (_MARKS[type(node)](self.inlines(children)),))
            case i.Highlight(children):
                name, classes, pairs = self.attr(node)
                return (p.Span(((name, (HIGHLIGHT, *classes), pairs), self.inlines(children))),)
            case i.Code(text):
                return (p.Code((self.attr(node), text)),)
            case i.Math(tex):
                kind = DISPLAY_MATH if node.classes == ("display",) else INLINE_MATH
                return (p.Math((kind, tex)),)
            case i.LineBreak():
                return (p.LineBreak(),)
            case i.Link() | i.Mention() if self.notes.by_id and holds(node, is_mark):
                return self.inlines(split_link(node))
            case i.Link(children, href, title):
                return self.link(self.attr(node), self.inlines(children), href, title)
            case i.Mention(children, href):
                return self.link(self.attr(node, mark=True), self.inlines(children), href)
            case i.Image():
                return self.image(node)
            case i.NoteRef(target):
                return self._note(target)
            case i.Span(children) if attr_of(node) == ("", _SMALL_CAPS, ()):
                return (p.SmallCaps(self.inlines(children)),)
            case i.Span(children):
                return (p.Span((self.attr(node), self.inlines(children))),)
            case i.RawInline(form, text):
                self.report_raw(node, form)
                return (p.RawInline((form, text)),)
            case _:
                assert_never(node)

    def attr(self, node: Node, *, mark: bool = False) -> p.Attr:
        """Returns the attributes of a node with its id as it is in the whole document."""
        name, classes, pairs = attr_of(node, mark=mark)
        return self.anchor(name) if name else "", classes, pairs

    def anchor(self, name: str) -> str:
        """Returns an id of the post as it is in the whole document."""
        return f"{self._prefix}{name}"

    def simplify(self, node: Node, message: str) -> None:
        self.context.account(Outcome.SIMPLIFIED, self.post, node, message, self.line)

    def report_raw(self, node: Node, form: str) -> None:
        self.simplify(node, f"raw {form} is for pandoc, which shows it in that format alone")

    def link(
        self, attr: p.Attr, content: tuple[p.Inline, ...], href: str, title: str = ""
    ) -> tuple[p.Inline, ...]:
        """Returns a link; only its content if its address is unsafe or missing."""
        target = self._target(href) if href else None
        if target is None:
            return content if attr == p.NO_ATTR else (p.Span((attr, content)),)
        return (p.Link((attr, content, (target, title))),)

    def _target(self, href: str) -> str | None:
        place = split_book_address(href)
        if place is None:
            safe = safe_href(href)
            if safe is None:
                message = unsafe_link_message(href)
                self.context.warn(DiagnosticCode.RAW_DROPPED, message, self.post, self.line)
            return safe
        key, anchor = place
        if not self._prefix:  # of one post, which is the whole document
            return f"#{anchor}"
        return f"#{key}--{anchor}" if anchor else f"#{key}"

    def image(self, node: i.Image, attr: p.Attr | None = None) -> tuple[p.Inline, ...]:
        """Returns a picture; words in its place if it is missing."""
        address = self._show(self.post, node)
        attr = self.attr(node) if attr is None else attr
        if address is None:
            words = placeholder(node).words or node.alt
            name, classes, pairs = attr
            missing = (name, ("missing-picture", *classes), pairs)
            return (p.Span((missing, tuple(p.to_words(words)))),)
        return (p.Image((attr, tuple(p.to_words(node.alt)), (address, node.title))),)

    def _note(self, target: str) -> tuple[p.Inline, ...]:
        notes = self.notes
        note = notes.by_id.get(target)
        if note is None:
            return (p.Superscript((p.Str(target),)),)
        name = self.note_anchor(target)
        if target not in notes.numbers:
            return _link_to_note(name, notes.letters[target])
        if self._is_in_note or target in notes.written:
            return _link_to_note(name, str(notes.numbers[target]))
        notes.written.add(target)
        self._is_in_note = True
        mark = p.Note(self._write_blocks(note.children))
        self._is_in_note = False
        if target not in notes.linked:
            return (mark,)
        return (p.Span(((name, (), ((MARK, NOTE),)), (mark,))),)

    def note_anchor(self, note_id: str) -> str:
        """Returns the id in the document of a note, or of its first mark."""
        return self.anchor(f"note-{note_id}")

    @staticmethod
    def _marked(node: Node, content: tuple[p.Inline, ...]) -> tuple[p.Inline, ...]:
        attr = attr_of(node)
        return content if attr == p.NO_ATTR else (p.Span((attr, content)),)


def _link_to_note(name: str, words: str) -> tuple[p.Inline, ...]:
    attr = ("", (), ((MARK, NOTE),))
    return (p.Link((attr, (p.Superscript((p.Str(words),)),), (f"#{name}", ""))),)
