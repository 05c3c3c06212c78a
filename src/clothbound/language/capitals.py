"""Words in capitals, as their script writes them.

Source: CSS Text 3, section 2.1.1, on Greek, whose capitals have no accents.
"""

from __future__ import annotations

import unicodedata

from ..lazy_pattern import lazy_pattern
from ..model.language_tags import primary_language

_GREEK = lazy_pattern("[\u0386-\u03ce\u1f00-\u1fff]")
_HIATUS = lazy_pattern("([\u0386\u0388\u038c\u03ac\u03ad\u03cc])([\u03b9\u03c5\u0399\u03a5])")
"""Matches two vowels that are spoken apart, as the accent of the first alone tells."""
_DIALYTIKA = {"\u03b9": "\u03ca", "\u03c5": "\u03cb", "\u0399": "\u03aa", "\u03a5": "\u03ab"}
_OR = lazy_pattern(r"\b\u03ae\b")
"""Matches the word for "or", whose accent parts it from the article."""
_DOTTED = frozenset({"tr", "az"})
"""The languages in which i and the letter without a dot are two (Unicode, SpecialCasing)."""
_ACCENTS = lazy_pattern("[\u0300\u0301\u0313\u0314\u0342\u0345]")


def in_capitals(text: str, language: str = "") -> str:
    """Returns a text in capitals, Greek without its accents, and with the dot of i in the languages that keep it."""
    if primary_language(language) in _DOTTED:
        text = text.replace("i", "\u0130")
    if not _GREEK.search(text):
        return text.upper()
    apart = _HIATUS.sub(lambda found: found[1] + _DIALYTIKA[found[2]], text)
    return "\u0389".join(map(_without_accents, _OR.split(apart)))


def _without_accents(text: str) -> str:
    return "".join(
        unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", letter))).upper()
        if _GREEK.fullmatch(letter)
        else letter.upper()
        for letter in text
    )
