"""Marks Latin words that have dashes, apostrophes or figures within them, in books whose own script sets these.

In Chinese and Japanese such marks are as wide as a letter (``ScriptRules.marks``), so that "don’t" would fall into two
words; in Hebrew the 3 of "CSS3" would be of another face. A word in an element of its own gets all its letters from the Latin face.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from re import Pattern
from xml.etree.ElementTree import Element

from ...language.writing_systems import marks_of
from ...lazy_pattern import lazy_pattern
from ...web.html_elements import CODE
from .word_elements import mark_words

OF_WORDS = "of-words"
"""The class of such a word."""
_LETTERS = "A-Za-z\xc0-\u024f"
_SIGNS = r"/@#&=+_~?%.,:\-\u200b"
"""What may stand within an address, besides letters."""
_LEFT_OUT = frozenset((*CODE, "pre", "svg"))


def mark_latin_words(chapter: Element, language: str, marks: str) -> None:
    """Makes an element of each word with some of ``marks`` within it; in text of another script, of each with some.

    ``language`` is that of the chapter (BCP 47).
    """
    figures = "" if "0" in marks else "0-9"
    ends = f"0-9{_LETTERS}"
    # A word has a letter, and a mark in it or behind it; of two marks in a row, both are of the script around it.
    within = lazy_pattern(
        rf"(?=[{ends}{_SIGNS}{marks}]*[{figures}{_LETTERS}])(?=[^\s{marks}]*[{marks}])"
        rf"[{ends}](?:(?:[{_SIGNS}]+|[{marks}])?[{ends}/])+"
    )
    anywhere = lazy_pattern(rf"\S*[{marks}]\S*")
    stack = [(chapter, language)]
    while stack:
        element, around = stack.pop()
        own = element.get("lang", around)
        stack += [(child, own) for child in element if child.tag not in _LEFT_OUT]
        pattern = within if marks_of(own) else anywhere
        mark_words(element, partial(_find, pattern), OF_WORDS)


def _find(pattern: Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in pattern.finditer(text))
