"""Finds footnotes that WeasyPrint lost or printed twice, and changes the tree so that it does not.

WeasyPrint 70 puts notes off to the next page to make room for one more line, where the paragraph cannot
be broken before that line; then it forgets the notes of that line. This never happens to a paragraph that
is not broken at all. Where notes are lost even so, all notes of the chapter go to its end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from ...html.write.nesting import PHRASING
from .page_starts import BLOCK, NOTE

# The attribute of a chapter with the title of its notes, should they go to its end.
NOTES_TITLE = "data-notes"
_WHOLE = "orphans: 999; widows: 999"
_WITHIN_LINES = PHRASING | {"a", "del", "ins"}


def notes_of(tree: Element) -> list[Element]:
    """Returns the notes that are to stand at the feet of pages."""
    return [e for e in tree.iter("span") if "note" in e.get("class", "").split()]


def misplaced_notes(document: Any, notes: Sequence[Element]) -> list[Element]:
    """Returns those of ``notes`` that stand on no page of WeasyPrint's ``document``, or on several.

    Each note has an ``id``.
    """
    pages = Counter(name for page in document.pages for name in page.anchors)
    return [note for note in notes if pages[note.get("id", "")] != 1]


def set_again(tree: Element, notes: Sequence[Element]) -> None:
    """Changes ``tree`` so that ``notes``, which were lost or printed twice, will be printed once.

    At first their paragraphs are kept from breaking, which mostly helps. If that was done before, all notes
    of their chapters go to the chapters' ends, which always helps.
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
    section = next((e for e in chapter if e.get("class") == "endnotes"), None)
    if section is None:
        blocks = [int(child.get(BLOCK, 0)) for child in chapter]
        section = SubElement(chapter, "section", {"class": "endnotes", BLOCK: str(max(blocks) + 1)})
        title = SubElement(section, "h2", {"class": "endnotes-title"})
        title.text = chapter.get(NOTES_TITLE)
    for position, note in enumerate(notes_of(chapter), 1):
        kept = {name: note.attrib.pop(name) for name in ("id", "data-n", NOTE)}
        at_end = Element("div", {"class": "endnote", **kept})
        at_end.text = note.text
        at_end.extend(list(note))
        section.insert(position, at_end)
        _leave_mark(note, kept["id"], kept["data-n"])


def _leave_mark(note: Element, target: str, number: str) -> None:
    """Turns a note into its mark. A quiet note had none: the note that refers to it has the mark."""
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
