"""Finds the block of a post in which each page that WeasyPrint laid out begins.

Elements of the tree are marked with posts and blocks before layout, and each box knows its element.
Letters are counted line by line, so that a page's beginning can be found within the same paragraph
elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from msgspec import structs

from ...lazy_pattern import lazy_pattern
from ...page_list import PagePlace, PageStart, PrintedPages
from .print_target import BETWEEN_MARKS
from .weasyprint_internals.boxes import (
    Box,
    in_flow,
    is_parent,
    is_replaced,
    is_table_head,
    is_text,
    text_area,
)

# The attribute that holds the id of the note in an element.
NOTE = "data-note"
# The attribute that holds the number of a post's block, from 0.
BLOCK = "data-block"
_PLACE, _KEY = "data-place", "data-key"
_MARKS = frozenset(("noteref", "mark", BETWEEN_MARKS))
"""The classes of note marks and of numbers of addresses, whose letters do not count."""
_FIRST_TAG = lazy_pattern(r"<[a-z][a-z0-9]*(?=[\s/>])")
_NO_LETTER = lazy_pattern(r"[\W_]+")


def mark_place(element: Element, place: PagePlace, key: str = "") -> Element:
    """Marks an element, so that pages that begin in it are counted to ``place``."""
    element.set(_PLACE, place)
    element.set(_KEY, key)
    return element


def mark_block(markup: str, number: int) -> str:
    """Returns the markup of a post's block, marked with its number."""
    tag = _FIRST_TAG.search(markup)
    return f'{markup[: tag.end()]} {BLOCK}="{number}"{markup[tag.end() :]}' if tag else markup


def mark_rest(chapter: Element) -> None:
    """Marks the further elements of a block like its first element."""
    number = None
    for child in chapter:
        number = child.get(BLOCK, number)
        if number is not None:
            child.set(BLOCK, number)


def printed_pages(document: Any, title: str, size: str) -> PrintedPages:
    """Returns the places where the pages of a document begin. ``size`` describes a page in
    words.
    """
    starts: list[PageStart] = []
    letters: dict[PageStart, int] = {}
    heads: set[int] = set()
    for number, page in enumerate(document.pages, 1):
        is_first = True
        found = _TableHeads(frozenset(heads), heads)
        for where, count in _pieces(text_area(page), None, found):
            before = letters.get(where, 0)
            if is_first:
                # ``share`` holds a number of letters for now, since the block's total is known only
                # after the last page.
                starts.append(structs.replace(where, label=str(number), share=before))
                is_first = False
            letters[where] = before + count
    known = (_with_share(start, letters) for start in starts)
    return PrintedPages.of(title, size, len(document.pages), known)


def _with_share(start: PageStart, letters: dict[PageStart, int]) -> PageStart:
    """Returns ``start`` with its count of letters as a share of all letters of its block."""
    whole = letters[structs.replace(start, label="", share=0.0)]
    return structs.replace(start, share=start.share / whole if whole else 0.0)


@dataclass(frozen=True, slots=True)
class _TableHeads:
    """The table heads seen so far: a table that continues on a page repeats its head there."""

    on_earlier_pages: frozenset[int]
    all: set[int]


def _pieces(
    box: Box, where: PageStart | None, heads: _TableHeads
) -> Iterator[tuple[PageStart, int]]:
    """Yields the place of each visible piece of ``box``, and its number of letters."""
    box = in_flow(box)
    element = box.element
    generated = "::" in (box.element_tag or "")
    if element is not None and not generated:
        where = _place(element, where)
        if _MARKS.intersection(element.get("class", "").split()):
            return
    if is_text(box):
        if where is not None and box.text.strip():
            yield where, 0 if generated else len(_NO_LETTER.sub("", box.text))
    elif is_replaced(box):
        if where is not None:
            yield where, 0
    elif is_parent(box):
        if is_table_head(box):
            if id(element) in heads.on_earlier_pages:
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
        return structs.replace(where, block=int(block), note="")
    note = element.get(NOTE)
    return where if note is None else structs.replace(where, note=note)
