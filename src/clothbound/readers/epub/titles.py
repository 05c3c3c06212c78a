"""Finds the lines with which a chapter begins: its number, its title, its subtitle, whatever elements they stand in."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lxml import etree

from ...lazy_pattern import lazy_pattern
from ...model.plain_text import letters_and_digits
from ...web.html_elements import HEADINGS
from .notes import MARKS
from .page_marks import PAGE_BREAKS, is_page_break
from .xhtml import (
    Element,
    ancestors_in,
    classes_of,
    has_content,
    is_block,
    text_of,
    types_of,
)

_MOST_HEADINGS = 3
_MOST_LABELS = 2
_LONGEST_LABEL = 40
_SHOWN = frozenset({"img", "svg", "table", "hr", "math", "image"})
"""Elements before which a heading must stand to be that of the chapter."""
_LABEL = lazy_pattern(
    r"(?:(?:chapter|chap\.?|part|book|kapitel|teil|chapitre|partie|cap[ií]tulo|parte|hoofdstuk|kapittel|глава|часть)\s+)?"
    r"(?:\d{1,3}|[ivxlc]{1,7}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|(?:twenty|thirty|forty|fifty)-[a-z]{3,5})[.:]?|第.{1,4}[章回話部]",
    2,
)
"""Matches the number of a chapter that stands on a line of its own."""


def is_marked_up(element: Element) -> bool:
    """Returns whether the book says that an element is the mark of a note."""
    return bool(MARKS & types_of(element))


class ChapterLines(NamedTuple):
    """The elements with which a chapter begins."""

    labels: list[Element]
    """Lines above the title that are a number alone."""
    headings: list[Element]


def chapter_lines(body: Element, title: str = "") -> ChapterLines:
    """Returns the lines with which a text begins: headings, three at most, and lines that are a number above them.

    A paragraph is a heading too if it says ``title`` and there is no other.
    """
    labels: list[Element] = []
    headings: list[Element] = []
    for element in body.iter():
        known = (*labels, *headings)
        if element is body or any(e in known for e in ancestors_in(element, body)):
            continue
        if element.tag in HEADINGS or "title" in types_of(element):
            headings.append(element)
            if len(headings) == _MOST_HEADINGS or (element.tail or "").strip():
                break
            continue
        if element.tag == "nav" or is_page_break(element):
            continue
        if not headings and is_label(element) and not (title and _says(element, title)):
            if len(labels) == _MOST_LABELS:
                return ChapterLines([], [])  # a column of numbers
            labels.append(element)
            continue
        if not headings and title and _says(element, title):
            return ChapterLines(labels, [element])
        if (element.text or "").strip() or element.tag in _SHOWN:
            break
        if (element.tail or "").strip() and len(element) == 0:
            break
    return ChapterLines(labels, headings)


def is_label(element: Element) -> bool:
    """Returns whether an element is a block whose only words are the number of a chapter."""
    if element.tag not in ("p", "div") or any(map(is_block, element)):
        return False
    if any(map(is_page_break, element)):
        return False
    return is_number(text_of(element))


def is_number(text: str) -> bool:
    """Returns whether a line is the number of a chapter and nothing else."""
    return len(text) < _LONGEST_LABEL and _LABEL.fullmatch(text) is not None


def _says(element: Element, title: str) -> bool:
    return (
        element.tag in ("p", "div")
        and not any(map(is_block, element))
        and letters_and_digits(text_of(element)) == letters_and_digits(title) != ""
    )


def subtitle_of(body: Element) -> Element | None:
    """Returns the element at the beginning of a text that says that it is the subtitle."""
    for element in list(body.iter("p", "h2", "h3", "div"))[:4]:
        names = {name.lower().removeprefix("element-") for name in classes_of(element)}
        is_named = "subtitle" in names and element.tag != "div" and has_content(element)
        if ("subtitle" in types_of(element) or is_named) and not any(map(is_block, element)):
            return element
    return None


def heading_text(element: Element, is_mark: Callable[[Element], bool] = is_marked_up) -> str:
    """Returns the words of a heading, without marks of notes and of pages.

    ``is_mark`` tells of a link whether it is the mark of a note.
    """
    copy = etree.fromstring(etree.tostring(element, with_tail=False))
    for child in list(copy.iter()):
        if (
            child is not copy
            and child.getparent() is not None
            and (
                PAGE_BREAKS & types_of(child)
                or is_marked_up(child)
                or (child.tag == "a" and is_mark(child))
                or child.tag in ("script", "style", "rt", "rp")
            )
        ):
            tail = child.tail or ""
            child.clear()
            child.tail = tail
        elif child.tag == "br":
            child.tail = f" {child.tail or ''}"
    return text_of(copy)
