"""The notes of a printed chapter: at its end, and from there at the feet of pages.

The tree of a chapter has them in a section at its end, in the order of their first marks.
``place_notes`` moves them to those marks, where WeasyPrint makes footnotes of them; Typst's footnotes
are made of the section.

WeasyPrint does not break a note across pages, and it sets what it has put off at once: what is longer
than the page is lost. So a chapter with a note that would take more than a third of the page, or with
notes that come so close to each other that they would fill half a page, has all its notes at its end:
a reader looks for them in one place. Typst could break them; a book has its notes in the same places
by both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf
from xml.etree.ElementTree import Element

from ...escape import attribute
from ...html.write.render import Renderer
from ...model.blocks import (
    Block,
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
from .fonts import MONO_ADVANCE, Measure
from .page import PageFormat
from .page_starts import NOTE
from .print_target import PrintTarget

NOTE_SIZE = 8.4 / 10.4
"""Of a note's type, in rem; print.css and essay.typ have the same."""
NOTE_LEADING = 11 / 10.4
_NOTES, _NOTE = "endnotes", "endnote"
"""The classes of the section and of each note in it."""
_DEEPEST = 3
"""Notes within each other that may stand at a page's foot: Typst sets no more."""

# What may be higher than its text tells.
_TALL = (Figure, Gallery, Table, Image, RawBlock, RawInline, Embed, Media)


def have_room_at_foot(post: Post, page: PageFormat, measure: Measure) -> bool:
    """Whether all notes that are marked may stand at the feet of their pages. ``measure``: of the text's
    face and size.
    """
    return not _bars_foot_notes(post) and _Room(page, measure).suffices(post)


def _bars_foot_notes(post: Post) -> bool:
    """Whether a mark stands where Typst sets no note at the foot: in a table's head, which later pages
    repeat, or in notes deep within each other.
    """
    heads = (node.head for node in walk(post.body) if type(node) is Table)
    if any(type(node) is NoteRef for head in heads for row in head for node in walk(row)):
        return True
    notes = {note.id: note for note in post.footnotes}
    found: set[str] = set()

    def is_deep(nodes: Iterable[Block], depth: int) -> bool:
        for node in walk(nodes):
            if type(node) is NoteRef and node.target in notes and node.target not in found:
                found.add(node.target)
                note = notes[node.target]
                if depth == _DEEPEST or is_deep(note.children, depth + 1):
                    return True
        return False

    return is_deep(post.body, 0)


def write_notes(renderer: Renderer, target: PrintTarget, title: str) -> str:
    """Returns the section of notes that a chapter's tree ends with, or nothing. To be called when the
    text is written, whose marks ``target`` knows. ``title`` is markup.
    """
    parts = []
    # A note that another one marks follows it.
    for note in ending(renderer.post.footnotes, target.marked, set()):
        number = renderer.numbers[note.id]
        parts.append(
            f'<div class="{_NOTE}" id="{attribute(target.note_id(number))}" data-n="{number}" '
            f'{NOTE}="{attribute(note.id)}">{renderer.note_content(note)}</div>'
        )
    if not parts:
        return ""
    return f'<section class="{_NOTES}"><h2 class="endnotes-title">{title}</h2>{"".join(parts)}</section>'


def place_notes(chapter: Element) -> None:
    """Moves the notes of a chapter's tree to their first marks in the text, for WeasyPrint.

    A note that another one marks follows that one: as a float inside a float the two would come in
    the wrong order. A note without a mark stays at the chapter's end.
    """
    section = next((e for e in chapter if e.get("class") == _NOTES), None)
    if section is None:
        return
    notes = {e.get("id", ""): e for e in section if e.get("class") == _NOTE}
    marks = [found for e in chapter if e is not section for found in _marks(e)]
    for parent, mark in marks:
        note = notes.pop(_noted(mark), None)
        if note is None:
            continue
        placed = [_at_foot(note, "note")]
        section.remove(note)
        for last in placed:
            for _, inner in _marks(last):
                nested = notes.pop(_noted(inner), None)
                if nested is not None:
                    section.remove(nested)
                    placed.append(_at_foot(nested, "note quiet"))
        placed[-1].tail = mark.tail
        position = list(parent).index(mark)
        parent[position : position + 1] = placed
    if not notes:
        chapter.remove(section)


def _marks(root: Element) -> Iterator[tuple[Element, Element]]:
    """The marks of notes below ``root`` in the order of the text, each behind its parent."""
    for parent in root.iter():
        for child in parent:
            if child.get("class") == "noteref":
                yield parent, child


def _noted(mark: Element) -> str:
    """The id of the note that a mark leads to."""
    return mark[0].get("href", "")[1:]


def _at_foot(note: Element, classes: str) -> Element:
    placed = Element("span", {**note.attrib, "class": classes})
    placed.text = note.text
    placed.extend(list(note))
    return placed


def ending(
    notes: Sequence[Footnote], waiting: list[Footnote], written: set[str]
) -> Iterator[Footnote]:
    """The notes that a chapter ends with, in order: those that wait to be written, and of ``notes`` those
    without a mark. The caller puts those that the present one marks into ``waiting``: they follow it.
    """
    queue = [*waiting, *(note for note in notes if note.id not in written)]
    waiting.clear()
    done: set[str] = set()
    while queue:
        note = queue.pop(0)
        # A note without a mark in the text may have one in another such note.
        if note.id in done:
            continue
        done.add(note.id)
        written.add(note.id)
        yield note
        queue[:0] = waiting
        waiting.clear()


class _Room:
    """Reckons the room that notes take on a page."""

    def __init__(self, page: PageFormat, measure: Measure) -> None:
        self._page = page
        self._measure = measure

    def suffices(self, post: Post) -> bool:
        notes = {note.id: note for note in post.footnotes}
        waiting = last = 0.0
        """``waiting``: the height of notes that the text since has not made room for."""
        for target, position in self._positions(post).items():
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

    def _positions(self, post: Post) -> dict[str, float]:
        """How far down the text, in points, the first mark of each note stands, about."""
        if not post.footnotes:
            return {}
        points_per_width = self._page.leading / self._page.measure
        position = 0.0
        found: dict[str, float] = {}
        for node in walk(post.body):
            if type(node) is Text:
                position += self._measure.width(node.text) * points_per_width
            elif isinstance(node, NoteRef):
                found.setdefault(node.target, position)
        return found

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
