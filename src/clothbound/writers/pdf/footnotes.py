"""Writes the notes of a printed chapter at its end, and moves them to the feet of pages.

The tree of a chapter has its notes in a section at its end, in the order of their first marks.
``place_notes`` moves them to those marks, where WeasyPrint makes footnotes of them; Typst's
footnotes are made from the section.

WeasyPrint does not break a note across pages, and it sets postponed notes together, so that notes
longer than the page are lost. Therefore, if one note would take more than a third of the page, or
adjacent notes would fill half a page, all notes of the chapter are printed at its end, where a
reader finds them in one place. Typst could break them, but both engines put notes in the same
places.

WeasyPrint 70 also postpones notes to make room for one more line if the paragraph cannot be broken
before that line, and then forgets the notes of that line. This never happens in a paragraph that is
not broken at all. If notes are lost even so, all notes of the chapter go to its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import Any
from xml.etree.ElementTree import Element, SubElement

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
from ...model.plain_text import plain_text
from ...model.post import Footnote, Post
from ...model.walk import CHILD_FIELDS, children, walk
from ...web.html_elements import PHRASING
from .chapter_tree import FOOT_NOTE
from .fonts import Measure
from .page_format import PageFormat
from .page_starts import BLOCK, NOTE
from .print_target import PrintTarget
from .theme import Theme

# The attribute of a chapter that holds the heading of its notes, in case they go to its end.
NOTES_TITLE = "data-notes"
_WHOLE = "orphans: 999; widows: 999"
_WITHIN_LINES = PHRASING | {"a", "del", "ins"}
_NOTES, _NOTE = "endnotes", "endnote"
"""The classes of the section and of each note in it."""
_DEEPEST = 3
"""The depth of notes within notes at a page's foot. Typst sets no deeper ones."""

# Nodes that may be higher than their text suggests.
_TALL = (Figure, Gallery, Table, Image, RawBlock, RawInline, Embed, Media)


def have_room_at_foot(post: Post, page: PageFormat, theme: Theme, measure: Measure) -> bool:
    """Whether all marked notes may stand at the feet of their pages.

    ``measure`` measures the text's face in its size.
    """
    return not _bars_foot_notes(post) and _FootRoom(page, theme, measure).suffices(post)


def _bars_foot_notes(post: Post) -> bool:
    """Whether a mark stands where Typst cannot set a footnote: in a table's head, which later pages
    repeat, or in deeply nested notes.
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
    """Returns the section of notes at the end of a chapter; empty if it has none.

    The text must have been written, so that ``target`` knows its marks. ``title`` is markup.
    """
    parts = []
    waiting = [*target.marked, *renderer.post.footnotes]
    written: set[str] = set()
    while waiting:
        note = waiting.pop(0)
        if note.id in written:
            continue
        written.add(note.id)
        number = renderer.numbers[note.id]
        target.marked.clear()
        content = renderer.note_content(note)
        parts.append(
            f'<div class="{_NOTE}" id="{attribute(target.note_id(number))}" data-n="{number}" '
            f'{NOTE}="{attribute(note.id)}">{content}</div>'
        )
        # A note marked within another follows that one.
        waiting[:0] = target.marked
    if not parts:
        return ""
    head = f'<h2 class="endnotes-title">{title}</h2>'
    return f'<section class="{_NOTES}">{head}{"".join(parts)}</section>'


def turn_notes(chapter: Element) -> None:
    """Gives each note the language and direction that all its blocks have, so that its number stands before its words."""
    section = notes_section(chapter)
    for note in section if section is not None else ():
        runs = {(block.get("lang", ""), block.get("dir", "")) for block in note}
        if note.get("class") != _NOTE or len(runs) != 1:
            continue
        for name, value in zip(("lang", "dir"), runs.pop(), strict=True):
            if value:
                note.set(name, value)
            for block in note if value else ():
                del block.attrib[name]


def place_notes(chapter: Element, way: str) -> None:
    """Moves the notes of a chapter's tree to their first marks in the text, for WeasyPrint.

    A note marked within another follows that one, since nested floats would come in the wrong
    order. A note without a mark stays at the chapter's end. A note without a direction has that of the chapter, ``way``, not
    that of the paragraph with its mark.
    """
    section = notes_section(chapter)
    if section is None:
        return
    if all("dir" not in element.attrib for element in chapter.iter()):
        way = ""
    notes = {e.get("id", ""): e for e in section if e.get("class") == _NOTE}
    marks = [found for e in chapter if e is not section for found in _find_marks(e)]
    for parent, mark in marks:
        note = notes.pop(cited_note_id(mark), None)
        if note is None:
            continue
        placed = [_make_footnote(note, FOOT_NOTE, way)]
        section.remove(note)
        for last in placed:
            for _, inner in _find_marks(last):
                nested = notes.pop(cited_note_id(inner), None)
                if nested is not None:
                    section.remove(nested)
                    placed.append(_make_footnote(nested, f"{FOOT_NOTE} quiet", way))
        placed[-1].tail = mark.tail
        position = list(parent).index(mark)
        parent[position : position + 1] = placed
    if not notes:
        chapter.remove(section)


def notes_section(chapter: Element) -> Element | None:
    """Returns the section of notes at the end of a chapter's tree; None for raw HTML with the same
    class.
    """
    last = next(reversed(chapter), None)
    is_ours = last is not None and last.find(f"div[@{NOTE}]") is not None
    return last if is_ours else None


def _find_marks(root: Element) -> Iterator[tuple[Element, Element]]:
    """Yields the marks of notes below ``root`` with their parents, in the order of the text."""
    for parent in root.iter():
        for child in parent:
            if child.get("class") == "noteref":
                yield parent, child


def cited_note_id(mark: Element) -> str:
    """Returns the id of the note to which a mark leads; empty if it leads nowhere."""
    link = mark.find("a")
    return link.get("href", "")[1:] if link is not None else ""


def _make_footnote(note: Element, classes: str, way: str) -> Element:
    placed = Element("span", {**note.attrib, "class": classes})
    if way and "dir" not in note.attrib:
        placed.set("dir", way)
    placed.text = note.text
    placed.extend(list(note))
    return placed


def notes_of(tree: Element) -> list[Element]:
    """Returns the notes that are set at the feet of pages."""
    return [e for e in tree.iter("span") if FOOT_NOTE in e.get("class", "").split()]


def find_misplaced_notes(document: Any, notes: Sequence[Element]) -> list[Element]:
    """Returns the ``notes`` that are on no page of WeasyPrint's ``document``, or on several.

    Each note has an ``id``.
    """
    pages = Counter(name for page in document.pages for name in page.anchors)
    return [note for note in notes if pages[note.get("id", "")] != 1]


def prepare_next_layout(tree: Element, notes: Sequence[Element]) -> None:
    """Changes ``tree`` so that ``notes``, which were lost or printed twice, will be printed once.

    First, their paragraphs are kept from breaking, which usually helps. If that was done before,
    all notes of their chapters move to the chapters' ends, which always helps.
    """
    parents = {child: parent for parent in tree.iter() for child in parent}
    chapters: dict[int, Element] = {}
    for note in notes:
        block = parents[note]
        while block.tag in _WITHIN_LINES:
            block = parents[block]
        style = block.get("style", "")
        if _WHOLE not in style:
            block.set("style", f"{style}; {_WHOLE}" if style else _WHOLE)
            continue
        while NOTES_TITLE not in block.attrib:
            block = parents[block]
        chapters[id(block)] = block
    for chapter in chapters.values():
        _move_to_end(chapter)


def _move_to_end(chapter: Element) -> None:
    section = notes_section(chapter)
    if section is None:
        blocks = [int(child.get(BLOCK, 0)) for child in chapter]
        section = SubElement(chapter, "section", {"class": _NOTES, BLOCK: str(max(blocks) + 1)})
        title = SubElement(section, "h2", {"class": "endnotes-title"})
        title.text = chapter.get(NOTES_TITLE)
    for position, note in enumerate(notes_of(chapter), 1):
        identity = {name: note.attrib.pop(name) for name in ("id", "data-n", NOTE)}
        at_end = Element("div", {"class": _NOTE, **identity})
        at_end.text = note.text
        at_end.extend(list(note))
        section.insert(position, at_end)
        _replace_by_mark(note, identity["id"], identity["data-n"])


def _replace_by_mark(note: Element, target: str, number: str) -> None:
    """Turns a note into its mark. A quiet note has no mark of its own, since the note that cites it
    contains it.
    """
    is_quiet = "quiet" in note.get("class", "").split()
    tail = note.tail
    note.clear()
    note.tail = tail
    if is_quiet:
        return
    note.tag = "sup"
    note.set("class", "noteref")
    link = SubElement(note, "a", {"href": f"#{target}"})
    link.text = number


class _FootRoom:
    """Estimates the room that notes take on a page."""

    def __init__(self, page: PageFormat, theme: Theme, measure: Measure) -> None:
        self._page = page
        self._note = theme.note
        self._list_indent = theme.list_indent
        self._code_column = theme.fonts.mono_advance
        self._measure = measure

    def suffices(self, post: Post) -> bool:
        notes = {note.id: note for note in post.footnotes}
        waiting = last = 0.0
        """``waiting`` is the height of notes for which the text since then has not made room."""
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
        """Estimates the position, in points down the text, of the first mark of each note."""
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
        """Estimates the height of a note in points; infinite if its text does not determine it."""
        if any(isinstance(node, _TALL) for node in walk(note)):
            return inf
        size = self._note.size * self._page.size
        lines = sum(self._lines(block, self._page.measure, size) for block in note.children)
        return lines * self._note.leading * self._page.size

    def _lines(self, node: Node, width: float, size: float) -> float:
        """Estimates the number of lines of a block in a note, rather too many than too few."""
        match node:
            case Paragraph() | Heading():
                formulas = sum(isinstance(n, Math) for n in walk(node))
                text = self._measure.width(plain_text(node)) * size / self._page.size
                breaks = plain_text(node).count("\n")
                return 1 + text * 1.03 // width + formulas / 2 + breaks
            case CodeBlock(text):
                columns = max(int(width / (size * self._code_column)), 1)
                return sum(1 + len(line) // columns for line in text.split("\n")) + 1
            case MathBlock():
                return 4
            case List(items):
                inner = width - self._list_indent * size
                return 1 + sum(
                    self._lines(block, inner, size) for item in items for block in item.children
                )
        if not CHILD_FIELDS[type(node)] or isinstance(node, NoteRef):
            return 2 + len(plain_text(node)) * size / 2 // width
        return 1 + sum(
            self._lines(child, width - 2 * self._list_indent * size, size)
            for child in children(node)
        )
