"""Keeps the signs with which a word of code begins on its line.

A line may end behind a hyphen or a slash, which would leave ``--`` of an option or the first ``/`` of a path behind there.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ...lazy_pattern import lazy_pattern
from ...web.html_elements import CODE
from .word_elements import mark_words

_BEGINNING = lazy_pattern(r"(?<!\S)[^\w\s]{1,3}[\w.:=]{1,24}(?:[-/]|(?!\S))")
"""Matches the signs that begin a word, with what stands behind them up to the next place at which a line may end."""
_LEFT_OUT = frozenset(("pre", "td", "th"))
"""Lines of code are cut elsewhere, and columns may be narrower than a word."""


def keep_code_signs(chapter: Element) -> None:
    """Makes an element, whose lines are not broken, of the beginning of each such word in code within a line."""
    stack = [chapter]
    while stack:
        element = stack.pop()
        if element.tag in CODE:
            mark_words(element, _beginnings, "word")
        elif element.tag not in _LEFT_OUT:
            stack.extend(element)


def _beginnings(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _BEGINNING.finditer(text))
