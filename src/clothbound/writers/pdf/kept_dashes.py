"""Keeps dashes at the ends of lines.

Both engines would begin a line with a dash (class B2 of UAX 14, and any dash behind a space), which typographers set at
the end of the line above, so that it is not read as the beginning of speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeGuard
from xml.etree.ElementTree import Element

from ...lazy_pattern import lazy_pattern
from ...web.html_elements import BLOCKS, CODE
from .word_elements import mark_words

_BEHIND_SPACE = lazy_pattern(r"(?<=[^\s—–])[ \t\n]+(?=—(?!—)|–[ \n])")
"""Matches the space before a dash that stands between two words."""
_BEHIND_WORD = lazy_pattern(r"(?<=[^\s—–\u2060])(?=—(?!—))")
"""Matches the place before a dash right behind a word."""
_SPACE_AT_SEAM = lazy_pattern(r"\A[ \t\n]+(?=—(?!—)|–[ \n])")
_WORD_AT_SEAM = lazy_pattern(r"\A(?=—(?!—))")
"""The same at the beginning of a text that goes on behind an element of the line."""
_SHORT_WORD = lazy_pattern(r"(?<=[\s—–])[^\s—–]{1,14}—(?!—)")
"""Matches a word whose place at the end of a line costs little room. A seam is no beginning: a line might end there."""
_LEFT_OUT = frozenset((*CODE, "header", "pre", "svg"))


def keep_dashes(chapter: Element) -> None:
    """Joins each dash behind a space in ``chapter`` to the word before it, except in code and in its header, whose title is
    set by ``titles``.
    """
    _replace(chapter, _BEHIND_SPACE, _SPACE_AT_SEAM, "\xa0")


def join_dashes(chapter: Element) -> None:
    """Joins each dash right behind a word to it, for an engine that leaves the joiner out of the text of a page, which
    could not be searched otherwise.
    """
    _replace(chapter, _BEHIND_WORD, _WORD_AT_SEAM, "\u2060")


def hold_dashes(chapter: Element) -> None:
    """Makes an element, whose lines are not broken, of each short word with a dash right behind it, for an engine that
    leaves a joiner in the text of a page.
    """
    stack = [chapter]
    while stack:
        element = stack.pop()
        stack += [child for child in element if child.tag not in _LEFT_OUT]
        if _has_dash(element.text) or any(_has_dash(child.tail) for child in element):
            mark_words(element, _words_with_dash, "word")


def _words_with_dash(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _SHORT_WORD.finditer(text))


def _replace(
    chapter: Element, within: re.Pattern[str], at_seam: re.Pattern[str], joiner: str
) -> None:
    stack = [chapter]
    while stack:
        element = stack.pop()
        if _has_dash(element.text):
            element.text = within.sub(joiner, element.text)
        for child in element:
            if child.tag not in _LEFT_OUT:
                stack.append(child)
            if _has_dash(child.tail):
                if child.tag not in BLOCKS and child.tag != "br":
                    child.tail = at_seam.sub(joiner, child.tail)
                child.tail = within.sub(joiner, child.tail)


def _has_dash(text: str | None) -> TypeGuard[str]:
    return text is not None and ("—" in text or "–" in text)
