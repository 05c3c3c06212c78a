"""Which block of which post each page begins in, as WeasyPrint laid them out.

The tree is marked before it is set, and the boxes of each page know the elements that they were made
of. Letters are counted as they stand in lines, so that a page that begins within a paragraph is found
there again by whoever has the same paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

from ...lazy_pattern import lazy_pattern
from ...page_list import PageStart, Place, PrintedPages

NOTE = "data-note"
"""The attribute that names the note which an element is."""
BLOCK = "data-block"
"""The attribute with the number of a post's block, from 0."""
_PLACE, _KEY = "data-place", "data-key"
_MARKS = frozenset(("noteref", "mark"))
"""The classes of marks of notes and of numbers of addresses, whose letters do not count."""
_FIRST_TAG = lazy_pattern(r"<[a-z][a-z0-9]*(?=[\s/>])")
_NO_LETTER = lazy_pattern(r"[\W_]+")


def mark_place(element: Element, place: Place, key: str = "") -> Element:
    """Notes on an element that pages which begin in it begin in ``place``."""
    element.set(_PLACE, place)
    element.set(_KEY, key)
    return element


def marked_block(markup: str, number: int) -> str:
    """The markup of a post's block with the mark of its number."""
    return _FIRST_TAG.sub(rf'\g<0> {BLOCK}="{number}"', markup, count=1)


def mark_rest(chapter: Element) -> None:
    """Gives what a block made beside its first element the block's number too."""
    number = None
    for child in chapter:
        number = child.get(BLOCK, number)
        if number is not None:
            child.set(BLOCK, number)


def printed_pages(document: Any, title: str, size: str) -> PrintedPages:
    """The pages of a document of WeasyPrint's. ``size``: of the page, in words."""
    starts: list[PageStart] = []
    letters: dict[PageStart, int] = {}
    heads: set[int] = set()
    for number, page in enumerate(document.pages, 1):
        is_first = True
        found = _Heads(frozenset(heads), heads)
        for where, count in _pieces(page._page_box.children[0], None, found):
            before = letters.get(where, 0)
            if is_first:
                # For the time being the letters; how many there will be in all is not yet known.
                starts.append(replace(where, label=str(number), share=before))
                is_first = False
            letters[where] = before + count
    known = (_with_share(start, letters) for start in starts)
    return PrintedPages.of(title, size, len(document.pages), known)


def _with_share(start: PageStart, letters: dict[PageStart, int]) -> PageStart:
    """``start`` with the letters before it as a share of all that its block has."""
    whole = letters[replace(start, label="", share=0.0)]
    return replace(start, share=start.share / whole if whole else 0.0)


@dataclass(frozen=True, slots=True)
class _Heads:
    """The heads of tables: those of pages before stand again where a table goes on."""

    before: frozenset[int]
    all: set[int]


def _pieces(box: Any, where: PageStart | None, heads: _Heads) -> Iterator[tuple[PageStart, int]]:
    """Each line's text, and what else is to be seen: where it belongs, and its letters."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout.absolute import AbsolutePlaceholder

    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    element = box.element
    generated = "::" in (box.element_tag or "")
    if element is not None and not generated:
        where = _place(element, where)
        if _MARKS.intersection(element.get("class", "").split()):
            return
    if isinstance(box, boxes.TextBox):
        if where is not None and box.text.strip():
            yield where, 0 if generated else len(_NO_LETTER.sub("", box.text))
    elif isinstance(box, boxes.ReplacedBox):
        if where is not None:
            yield where, 0
    elif isinstance(box, boxes.ParentBox):
        if getattr(box, "is_header", False):
            if id(element) in heads.before:
                return
            heads.all.add(id(element))
        for child in box.children:
            yield from _pieces(child, where, heads)


def _place(element: Element, where: PageStart | None) -> PageStart | None:
    place = element.get(_PLACE)
    if place is not None:
        return PageStart(label="", place=place, key=element.get(_KEY, ""))  # type: ignore[arg-type]
    if where is None:
        return None
    block = element.get(BLOCK)
    if block is not None:
        return replace(where, block=int(block), note="")
    note = element.get(NOTE)
    return where if note is None else replace(where, note=note)
