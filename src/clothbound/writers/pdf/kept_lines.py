"""Marks verses and quotations of few lines, which pages do not part."""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ...web.html_elements import BLOCKS
from .chapter_tree import is_note
from .fonts import Measure
from .page_format import PageFormat
from .theme import Theme

WHOLE = "whole"
"""The class of such a text."""
_MOST_LINES = 6
_LOOSE = 1.03
"""The factor by which lines are longer than measured, since few are filled to their end."""


def mark_kept_lines(chapter: Element, measure: Measure, page: PageFormat, theme: Theme) -> None:
    """Marks each verse, each stanza and each quotation of up to six lines, which are counted by their width.

    ``measure`` measures running text, and ``page`` is in the theme's type. A quotation with a list, a table or a
    picture stays unmarked.
    """
    verse_indent = float(theme.spaces["verse-indent"].removesuffix("em")) * page.size
    # Letters of a quotation are smaller than those that are measured.
    quote_room = page.measure / theme.quote.size - theme.indents()["blockquote"] * page.size
    for element in chapter.iter():
        classes = element.get("class", "").split()
        if element.tag == "blockquote" and "pullquote" not in classes:
            texts = [child for child in element if child.tag in BLOCKS or child.tag == "img"]
            if all(child.tag == "p" for child in texts):
                _mark(element, sum(_lines(text, measure, quote_room) for text in texts))
        elif "verse" in classes:
            stanzas = list(element.iter("p"))
            counts = [_lines(one, measure, page.measure - 2 * verse_indent) for one in stanzas]
            for stanza, lines in zip(stanzas, counts, strict=True):
                _mark(stanza, lines)
            _mark(element, sum(counts))


def _mark(element: Element, lines: int) -> None:
    if 0 < lines <= _MOST_LINES:
        element.set("class", f"{element.get('class', '')} {WHOLE}".strip())


def _lines(paragraph: Element, measure: Measure, room: float) -> int:
    """Counts the lines of a paragraph, which end where they are full and where the author broke them."""
    lines = "".join(_texts(paragraph)).split("\n")
    return sum(max(1, math.ceil(measure.width(line.strip()) * _LOOSE / room)) for line in lines)


def _texts(element: Element) -> Iterator[str]:
    """Yields the texts of an element without its notes; only what the author broke has an end of a line."""
    if is_note(element):
        return
    if element.tag == "br":
        yield "\n"
    yield " ".join((element.text or "").splitlines())
    for child in element:
        yield from _texts(child)
        yield " ".join((child.tail or "").splitlines())
