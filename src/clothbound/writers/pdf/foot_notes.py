"""Notes that the engine lost, set again.

WeasyPrint 70 puts notes off to the next page to make room for one more line, where the paragraph could not
be parted before that line; and then it forgets the notes of the line itself, which stand on no page.
A paragraph that is not parted at all never comes to that. It also sets single pages anew when a number
on them has changed, without the notes that the page before had put off to them. Where notes are lost
all the same, the chapter has its notes at its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from ...html.nesting import PHRASING
from .page_starts import BLOCK, NOTE

NOTES_TITLE = "data-notes"
"""The attribute of a chapter that says what its notes are called if they stand at its end."""
_WHOLE = "orphans: 999; widows: 999"
_WITHIN_LINES = PHRASING | {"a", "del", "ins"}


def notes_of(tree: Element) -> list[Element]:
    """The notes that are to stand at the feet of pages."""
    return [e for e in tree.iter("span") if "note" in e.get("class", "").split()]


def lost_notes(document: Any, notes: Sequence[Element]) -> list[Element]:
    """Those of ``notes`` that stand on no page of a document of WeasyPrint's."""
    if not notes:
        return []
    from weasyprint.formatting_structure.boxes import FootnoteAreaBox

    standing = {
        id(note.element)
        for page in document.pages
        for area in page._page_box.children
        if isinstance(area, FootnoteAreaBox)
        for note in area.children
    }
    missing = [note for note in notes if id(note) not in standing]
    if not missing:
        return []
    # A style of the user's may set notes elsewhere.
    elsewhere = {
        id(box.element)
        for page in document.pages
        for box in page._page_box.descendants()
        if not (box.element_tag or "").endswith("::footnote-call")
    }
    return [note for note in missing if id(note) not in elsewhere]


def set_again(tree: Element, notes: Sequence[Element]) -> None:
    """Changes ``tree`` so that ``notes``, which were lost, are likely to stand on the next pages made of it,
    or, if that was tried before, certain to.
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
    """Makes a note into the mark that leads to it. A quiet one had none: another note has it."""
    is_quiet = "quiet" in note.get("class", "").split()
    tail = note.tail
    note.clear()
    note.tail = tail
    if is_quiet:
        return
    note.tag = "sup"
    note.set("class", "mark")
    link = SubElement(note, "a", {"href": f"#{target}"})
    link.text = number
