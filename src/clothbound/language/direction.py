"""Tells in which direction a language is written."""

from __future__ import annotations

from ..model.language_tags import language_tag

DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
"""The values of the attribute ``dir`` (WHATWG HTML, section 3.2.6.4)."""
_RTL_SCRIPTS = frozenset({"arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"})

_ISOLATES = {"ltr": "\u2066", "rtl": "\u2067"}
_END_OF_ISOLATE = "\u2069"


def isolate(text: str, language: str) -> str:
    """Returns ``text`` between the characters that set it in the direction of its language and leave the
    order of the words beside it as it is (Unicode Annex 9).
    """
    return f"{_ISOLATES[direction(language)]}{text}{_END_OF_ISOLATE}"


def direction(language: str) -> str:
    """Returns ``rtl`` for a language that is written from right to left, else ``ltr``."""
    if language[:2] == "en" or not language_tag(language):
        return "ltr"
    primary, *rest = language.lower().split("-")
    script = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    if script:
        return "rtl" if script in _RTL_SCRIPTS else "ltr"
    from babel import Locale, UnknownLocaleError

    try:
        found: str = Locale.parse(language, sep="-").text_direction
    except (UnknownLocaleError, ValueError):
        primary = language.split("-", maxsplit=1)[0].lower()
        return direction(primary) if primary != language else "ltr"
    return found
