"""Notes that the engine lost or set twice, set again.

WeasyPrint 70 puts notes off to the next page to make room for one more line, where the paragraph could not
be parted before that line; and then it forgets the notes of the line itself, which stand on no page.
A paragraph that is not parted at all never comes to that. Where notes are lost all the same, the chapter
has its notes at its end.

It also sets single pages anew when a number on them has changed. What such a page puts off came to the
next page that was set anew, however far behind, and did not come to one whose predecessor stays as it
was: ``remember_put_off`` gives each page what the page before it put off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from ...html.write.nesting import PHRASING
from .page_starts import BLOCK, NOTE

NOTES_TITLE = "data-notes"
"""The attribute of a chapter that says what its notes are called if they stand at its end."""
_WHOLE = "orphans: 999; widows: 999"
_WITHIN_LINES = PHRASING | {"a", "del", "ins"}


def notes_of(tree: Element) -> list[Element]:
    """The notes that are to stand at the feet of pages."""
    return [e for e in tree.iter("span") if "note" in e.get("class", "").split()]


def remember_put_off(layout: Any) -> None:
    """Makes a ``LayoutContext`` of WeasyPrint's, which must not have set a page yet, begin each page with
    the notes that the page before it put off, whichever page it set last.
    """
    from weasyprint.layout import LayoutContext

    class Remembering(LayoutContext):  # type: ignore[misc]
        reported_footnotes: list[Any]
        _page: int | None
        _put_off: dict[int | None, list[Any]]

        @property
        def current_page(self) -> int | None:
            return self._page

        @current_page.setter
        def current_page(self, number: int) -> None:
            self._put_off[self._page] = list(self.reported_footnotes)
            self.reported_footnotes = list(self._put_off.get(number - 1, ()))
            self._page = number

    # What finds pictures has this very context already.
    del layout.current_page
    layout._page, layout._put_off = None, {}
    layout.__class__ = Remembering


def misplaced_notes(document: Any, notes: Sequence[Element]) -> list[Element]:
    """Those of ``notes`` that stand on no page of a document of WeasyPrint's, or on several."""
    if not notes:
        return []
    from weasyprint.formatting_structure.boxes import FootnoteAreaBox

    standing = Counter(
        id(note.element)
        for page in document.pages
        for area in page._page_box.children
        if isinstance(area, FootnoteAreaBox)
        for note in area.children
    )
    twice = [note for note in notes if standing[id(note)] > 1]
    missing = [note for note in notes if not standing[id(note)]]
    if not missing:
        return twice
    # A style of the user's may set notes elsewhere.
    elsewhere = {
        id(box.element)
        for page in document.pages
        for box in page._page_box.descendants()
        if not (box.element_tag or "").endswith("::footnote-call")
    }
    return [*twice, *(note for note in missing if id(note) not in elsewhere)]


def set_again(tree: Element, notes: Sequence[Element]) -> None:
    """Changes ``tree`` so that ``notes``, which were lost or stood twice, are likely to stand once on the
    next pages made of it, or, if that was tried before, certain to.
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
    note.set("class", "noteref")
    link = SubElement(note, "a", {"href": f"#{target}"})
    link.text = number
