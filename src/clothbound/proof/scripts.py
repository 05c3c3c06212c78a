"""Tells the script of a character, as far as checks of pages distinguish scripts."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from ..lazy_pattern import lazy_pattern

UPRIGHT = frozenset(("Han", "Kana", "Hangul", "Arabic"))
"""Scripts that have no italics: a slanted letter of them is a distorted one."""
CURSIVE = frozenset(("Arabic", "Devanagari", "Thai", "Hebrew", "Syriac", "Bengali", "Tamil", "Lao", "Khmer"))  # fmt: skip
"""Scripts whose letters join, or carry marks above and below, so that their boxes overlap by design."""
RIGHT_TO_LEFT = frozenset(("Hebrew", "Arabic", "Syriac", "Thaana"))
UNSPACED = frozenset(("Han", "Kana", "Thai", "Lao", "Khmer"))
"""Scripts that set no space between words."""

_NAMES = {"Cjk": "Han", "Hiragana": "Kana", "Katakana": "Kana", "Halfwidth": "Kana", "Fullwidth": "Han"}  # fmt: skip


@lru_cache(8192)
def script_of(char: str) -> str:
    """Returns the script of a letter, such as ``Latin``; empty for digits, punctuation, marks and symbols."""
    if unicodedata.category(char) not in ("Lu", "Ll", "Lt", "Lo"):
        return ""
    if unicodedata.normalize("NFKC", char) != char and unicodedata.name(char, "").startswith(
        ("MATHEMATICAL", "SUPERSCRIPT", "SUBSCRIPT", "MODIFIER", "DOUBLE-STRUCK", "SCRIPT", "BLACK-LETTER")
    ):  # fmt: skip
        return ""
    first = unicodedata.name(char, "").split(" ", 1)[0].split("-", 1)[0].capitalize()
    if first in ("Feminine", "Masculine", "Angstrom", "Kelvin", "Ohm", "Micro", "Planck"):
        return ""
    return _NAMES.get(first, first)


def runs_right_to_left(text: str) -> bool:
    """Returns whether most letters of ``text`` are of a script written from right to left."""
    scripts = [script_of(char) for char in text]
    backward = sum(script in RIGHT_TO_LEFT for script in scripts)
    return backward * 2 > sum(script != "" for script in scripts)


def reading_order(text: str) -> str:
    """Returns a text that was read from left to right in the order in which it is read: turned round where it runs
    from right to left, but for the words and numbers in it that do not.
    """
    if not runs_right_to_left(text):
        return text
    return _FORWARD.sub(lambda found: found[0][::-1], text[::-1])


_FORWARD = lazy_pattern(r"[A-Za-z0-9\u00c0-\u024f]+(?:[.,:/'-]?[A-Za-z0-9\u00c0-\u024f]+)*")
