"""Tells in which direction a language is written."""

from __future__ import annotations

from ..model.language_tags import language_tag
from .cldr import subtags

DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
"""The values of the attribute ``dir`` (WHATWG HTML, section 3.2.6.4)."""
_RTL_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg"})

_ISOLATES = {"ltr": "\u2066", "rtl": "\u2067", "auto": "\u2068"}
_END_OF_ISOLATE = "\u2069"


def isolate(text: str, language: str) -> str:
    """Returns ``text`` between the characters that set it in the direction of its language and leave the
    order of the words beside it as it is (Unicode Annex 9).
    """
    begin, end = isolating(direction(language))
    return f"{begin}{text}{end}"


def isolating(way: str) -> tuple[str, str]:
    """Returns the characters around a run of text in one of the ``DIRECTIONS``."""
    return _ISOLATES[way], _END_OF_ISOLATE


def mark_direction(language: str) -> str:
    """Returns the attribute that isolates the mark of a note in HTML of a language; empty where none is needed.

    From right to left, ``2024.`` before a mark 1 would be read as the number 2024.1 (Unicode Annex 9, rule W4).
    """
    return ' dir="ltr"' if direction(language) == "rtl" else ""


def direction(language: str) -> str:
    """Returns ``rtl`` for a language that is written from right to left, else ``ltr``."""
    if language[:2] == "en" or not language_tag(language):
        return "ltr"
    return "rtl" if subtags(language).script in _RTL_SCRIPTS else "ltr"
