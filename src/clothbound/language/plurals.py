"""Chooses the form of a noun after a number, by the rules of the Unicode CLDR for whole numbers.

Source: CLDR's ``plurals.xml``; ``tests/test_words.py`` holds the rules equal to Babel's.
"""

from __future__ import annotations

from collections.abc import Callable

from .cldr import locales_of
from .wording import Counted, PluralForm

_MILLION = 1_000_000


def _always_other(_: int) -> PluralForm:
    return "other"


def _one(n: int) -> PluralForm:
    return "one" if n == 1 else "other"


def _zero_or_one(n: int) -> PluralForm:
    return "one" if n in (0, 1) else "other"


def _romance(n: int) -> PluralForm:
    return "many" if n and n % _MILLION == 0 else _one(n)


def _romance_with_zero(n: int) -> PluralForm:
    return "many" if n and n % _MILLION == 0 else _zero_or_one(n)


def _east_slavic(n: int) -> PluralForm:
    tens = n % 100
    if n % 10 == 1 and tens != 11:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and tens not in (12, 13, 14) else "many"


def _polish(n: int) -> PluralForm:
    return _one(n) if n == 1 else "many" if n % 10 == 1 else _east_slavic(n)


def _czech(n: int) -> PluralForm:
    return "few" if n in (2, 3, 4) else _one(n)


def _romanian(n: int) -> PluralForm:
    return "few" if n == 0 or (n > 1 and 1 <= n % 100 <= 19) else _one(n)


def _hebrew(n: int) -> PluralForm:
    return "two" if n == 2 else _one(n)


def _arabic(n: int) -> PluralForm:
    first: dict[int, PluralForm] = {0: "zero", 1: "one", 2: "two"}
    if n in first:
        return first[n]
    tens = n % 100
    return "few" if 3 <= tens <= 10 else "many" if tens > 10 else "other"


_RULES: dict[str, Callable[[int], PluralForm]] = {
    "ar": _arabic,
    "ca": _romance,
    "cs": _czech,
    "es": _romance,
    "fa": _zero_or_one,
    "fr": _romance_with_zero,
    "he": _hebrew,
    "hi": _zero_or_one,
    "id": _always_other,
    "it": _romance,
    "ja": _always_other,
    "ko": _always_other,
    "pl": _polish,
    "pt": _romance_with_zero,
    "pt_PT": _romance,
    "ro": _romanian,
    "ru": _east_slavic,
    "sk": _czech,
    "th": _always_other,
    "uk": _east_slavic,
    "vi": _zero_or_one,
    "zh": _always_other,
    "zh_Hant": _always_other,
}


def plural_form(count: int, language: str) -> PluralForm:
    """Returns the form of a noun after ``count`` in a language (BCP 47); that of English in a language without
    a rule here.
    """
    rule = next((_RULES[name] for name in locales_of(language) if name in _RULES), _one)
    return rule(count)


def counted(forms: Counted, count: int, language: str, **fields: str) -> str:
    """Returns the sentence for ``count`` in a language, with the number and other fields in it."""
    form = plural_form(count, language)
    # The last form is the one of large numbers.
    sentence = forms.get(form) or [*forms.values()][-1]
    return sentence.format(count=count, **fields)
