"""Notes that the engine lost, set again.

WeasyPrint 70 puts notes off to the next page to make room for one more line, where the paragraph could not
be parted before that line; and then it forgets the notes of the line itself, which stand on no page.
A paragraph that is not parted at all never comes to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

NOTE_CLASS = "note"
"""Of the element that is to stand at the foot of the page; print.css has the same."""
_WHOLE = "orphans: 999; widows: 999"
_WITHIN_LINES = frozenset(
    "a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var".split()
)


def notes_of(tree: Element) -> list[Element]:
    """The notes that are to stand at the feet of pages."""
    return [e for e in tree.iter("span") if NOTE_CLASS in e.get("class", "").split()]


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


def keep_whole(tree: Element, notes: Sequence[Element]) -> None:
    """Lets no page end in the paragraphs that have the marks of ``notes``."""
    parents = {child: parent for parent in tree.iter() for child in parent}
    for note in notes:
        block = parents[note]
        while block.tag in _WITHIN_LINES:
            block = parents[block]
        before = block.get("style", "")
        if _WHOLE not in before:
            block.set("style", f"{before}; {_WHOLE}" if before else _WHOLE)
