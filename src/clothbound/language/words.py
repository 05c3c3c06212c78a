"""Finds the words that a book itself says, in its language or in English."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from .cldr import locales_of, subtags
from .direction import direction
from .wording import Wording

_MODULES = {
    "ar": "ar",
    "bg": "bg",
    "ca": "ca",
    "cs": "cs",
    "da": "da",
    "de": "de",
    "el": "el",
    "en": "en",
    "es": "es",
    "fa": "fa",
    "fi": "fi",
    "fr": "fr",
    "he": "he",
    "hi": "hi",
    "hu": "hu",
    "id": "id",
    "it": "it",
    "ja": "ja",
    "ko": "ko",
    "nl": "nl",
    "no": "nb",
    "pl": "pl",
    "pt": "pt",
    "pt_BR": "pt_br",
    "ro": "ro",
    "ru": "ru",
    "sk": "sk",
    "sv": "sv",
    "th": "th",
    "tr": "tr",
    "uk": "uk",
    "ur": "ur",
    "vi": "vi",
    "zh": "zh_hans",
    "zh_Hant": "zh_hant",
}
"""The module of ``wordings`` with the words of each locale of the CLDR, and of those that inherit from it."""


@cache
def wording(language: str) -> Wording:
    """Returns the words for a language (BCP 47), or for the one from which it inherits; English ones if there are
    none.
    """
    names = ("en",) if language[:2] == "en" else locales_of(language)
    module = next((_MODULES[name] for name in names if name in _MODULES), "en")
    found: Wording = import_module(f"{__package__}.wordings.{module}").WORDING
    return found


def wordings() -> tuple[Wording, ...]:
    """Returns the words of all languages, by their tags."""
    found = [import_module(f"{__package__}.wordings.{name}").WORDING for name in _MODULES.values()]
    return tuple(sorted(found, key=lambda words: words.language))


def own_language(language: str) -> str:
    """Returns the language of the words that ``wording`` returns: ``language`` with its region, or the one whose
    words stand for it.
    """
    own = wording(language).language
    if language == own:
        return language
    given, known = subtags(language), subtags(own)
    is_same = (given.language, given.script) == (known.language, known.script)
    return language if is_same else own


def marks_of_own_words(language: str) -> tuple[tuple[str, str], ...]:
    """Returns the attributes ``lang`` and ``dir`` for the book's own words on a page in ``language``; none where
    they are in that language.
    """
    own = own_language(language)
    return () if own == language else (("lang", own), ("dir", direction(own)))
