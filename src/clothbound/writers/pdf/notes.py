"""Where the notes of a printed chapter stand: at the foot of their pages or at the chapter's end.

WeasyPrint does not break a note across pages, and it sets what it has put off at once: what is longer
than the page is lost. So a chapter with a note that would take more than a third of the page, or with
notes that come so close to each other that they would fill half a page, has all its notes at its end:
a reader looks for them in one place. A note within a note follows the outer one; as a float inside a
float the two would come in the wrong order.
"""

from __future__ import annotations

from math import inf

from ...html.escape import attribute
from ...html.render import Renderer
from ...model.blocks import (
    CodeBlock,
    Embed,
    Figure,
    Gallery,
    Heading,
    List,
    MathBlock,
    Media,
    Paragraph,
    RawBlock,
    Table,
)
from ...model.inlines import Image, Math, NoteRef, RawInline, Text
from ...model.node import Node
from ...model.post import Footnote, Post
from ...model.walk import CHILD_FIELDS, children, plain_text, walk
from .fonts import MONO_ADVANCE, SERIF_ROMAN, Measure
from .page import PageFormat
from .page_starts import NOTE

NOTE_SIZE = 8.4 / 10.4
"""Of a note's type, in rem; print.css has the same."""
NOTE_LEADING = 11 / 10.4

# What may be higher than its text tells.
_TALL = (Figure, Gallery, Table, Image, RawBlock, RawInline, Embed, Media)


class ChapterNotes:
    """Writes the notes of one post. Its ``mark`` is the ``note_mark`` of the chapter's target."""

    def __init__(self, post: Post, page: PageFormat, measure: Measure, *, at_foot: bool) -> None:
        self._post = post
        self._page = page
        self._measure = measure
        self._depth = 0
        self._following: list[Footnote] = []
        self._at_end: list[Footnote] = []
        self._written: set[str] = set()
        self._at_foot = at_foot and self._all_have_room()

    def _all_have_room(self) -> bool:
        """Whether all notes that are marked may stand at the feet of their pages."""
        notes = {note.id: note for note in self._post.footnotes}
        waiting = last = 0.0
        """``waiting``: the height of notes that the text since has not made room for."""
        for target, position in self._positions().items():
            following = [target]
            waiting = max(waiting - (position - last), 0.0)
            last = position
            while following:
                note = notes.pop(following.pop(0), None)
                if note is None:
                    continue
                height = self._height(note)
                waiting += height
                if height > self._page.text_height / 3 or waiting > self._page.text_height / 2:
                    return False
                following.extend(n.target for n in walk(note) if isinstance(n, NoteRef))
        return True

    def _positions(self) -> dict[str, float]:
        """How far down the text, in points, the first mark of each note stands, about."""
        if not self._post.footnotes:
            return {}
        points_per_width = self._page.leading / self._page.measure
        position = 0.0
        found: dict[str, float] = {}
        for node in walk(self._post.body):
            if type(node) is Text:
                position += self._measure.width(node.text) * points_per_width
            elif isinstance(node, NoteRef):
                found.setdefault(node.target, position)
        return found

    def anchor(self, number: int) -> str:
        return f"{self._post.metadata.key}--note--{number}"

    def mark(self, renderer: Renderer, note: Footnote, number: int, nth: int) -> str:  # noqa: ARG002
        """The mark, and the note itself where it is to be at the foot of this page."""
        if note.id in self._written:
            return self._reference(number)
        self._written.add(note.id)
        if self._depth:
            self._following.append(note)
            return self._reference(number)
        if not self._at_foot:
            self._at_end.append(note)
            return self._reference(number)
        return self._at_page_foot(renderer, note, number)

    def _at_page_foot(self, renderer: Renderer, note: Footnote, number: int) -> str:
        parts = [self._note(renderer, note, number, "note")]
        while self._following:
            nested = self._following.pop(0)
            number = renderer.numbers[nested.id]
            parts.append(self._note(renderer, nested, number, "note quiet"))
        return "".join(parts)

    def _note(self, renderer: Renderer, note: Footnote, number: int, classes: str) -> str:
        self._depth += 1
        content = renderer.note_content(note)
        self._depth -= 1
        return (
            f'<span class="{classes}" id="{attribute(self.anchor(number))}" data-n="{number}" '
            f'{NOTE}="{attribute(note.id)}">'
            f"{content}</span>"
        )

    def _reference(self, number: int) -> str:
        return f'<sup class="mark"><a href="#{attribute(self.anchor(number))}">{number}</a></sup>'

    def at_end(self, renderer: Renderer, title: str) -> str:
        """The section of notes that the chapter ends with, or nothing."""
        parts: list[str] = []
        unmarked = [n for n in self._post.footnotes if n.id not in self._written]
        queue = [*self._at_end, *unmarked]
        done: set[str] = set()
        while queue:
            note = queue.pop(0)
            # A note without a mark in the text may have one in another such note.
            if note.id in done:
                continue
            done.add(note.id)
            self._written.add(note.id)
            number = renderer.numbers[note.id]
            self._depth += 1
            content = renderer.note_content(note)
            self._depth -= 1
            parts.append(
                f'<div class="endnote" id="{attribute(self.anchor(number))}" data-n="{number}" '
                f'{NOTE}="{attribute(note.id)}">'
                f"{content}</div>"
            )
            queue[:0] = self._following
            self._following.clear()
        if not parts:
            return ""
        return f'<section class="endnotes"><h2 class="endnotes-title">{title}</h2>{"".join(parts)}</section>'

    def _height(self, note: Footnote) -> float:
        """Points that a note takes, about; infinite where its text does not tell."""
        if any(isinstance(node, _TALL) for node in walk(note)):
            return inf
        size = NOTE_SIZE * self._page.size
        lines = sum(self._lines(block, self._page.measure, size) for block in note.children)
        return lines * NOTE_LEADING * self._page.size

    def _lines(self, node: Node, width: float, size: float) -> float:
        """About how many lines a block of a note takes; rather more than fewer."""
        match node:
            case Paragraph() | Heading():
                formulas = sum(isinstance(n, Math) for n in walk(node))
                text = self._measure.width(plain_text(node)) * size / self._page.size
                breaks = plain_text(node).count("\n")
                return 1 + text * 1.03 // width + formulas / 2 + breaks
            case CodeBlock(text):
                columns = max(int(width / (size * MONO_ADVANCE)), 1)
                return sum(1 + len(line) // columns for line in text.split("\n")) + 1
            case MathBlock():
                return 4
            case List(items):
                inner = width - 1.3 * size
                return 1 + sum(
                    self._lines(block, inner, size) for item in items for block in item.children
                )
        if not CHILD_FIELDS[type(node)] or isinstance(node, NoteRef):
            return 2 + len(plain_text(node)) * size / 2 // width
        return 1 + sum(self._lines(child, width - 2.6 * size, size) for child in children(node))


def note_measure(page: PageFormat) -> Measure:
    """Widths for the estimate, at the size of the text; the caller scales them."""
    return Measure(SERIF_ROMAN, page.size)
