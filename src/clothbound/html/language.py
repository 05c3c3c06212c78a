"""What a text's language decides in a page: its tag, its direction, the form of its dates."""

from __future__ import annotations

import re
from datetime import datetime

from ..model.post import Timestamp

# Language, script, region, variants, private use: the well-formed tags that occur (RFC 5646, 2.1).
_TAG = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?"
    r"(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
    r"(?:-x(?:-[A-Za-z0-9]{1,8})+)?"
)
_RTL_SCRIPTS = frozenset({"arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg"})
_ENGLISH_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAY_FIRST_ENGLISH = frozenset({"AU", "GB", "IE", "IN", "NZ", "ZA"})


def language_tag(language: str, default: str = "") -> str:
    """``language`` if it is a well-formed BCP 47 tag (underscores are mended), else ``default``."""
    tag = language.strip().replace("_", "-")
    return tag if _TAG.fullmatch(tag) else default


def direction(language: str) -> str:
    """``rtl`` for a language that is written from right to left, else ``ltr``."""
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


def long_date(timestamp: Timestamp, language: str) -> str:
    """A date as a reader of ``language`` would write it out; as it came where it is no date."""
    value = timestamp.value
    if value is None:
        return timestamp.text
    if timestamp.precision == "year":
        return f"{value.year}"
    if timestamp.precision == "month":
        return long_month(value, language)
    english = _english(language)
    if english is not None:
        month = _ENGLISH_MONTHS[value.month - 1]
        if english in _DAY_FIRST_ENGLISH:
            return f"{value.day} {month} {value.year}"
        return f"{month} {value.day}, {value.year}"
    from babel import UnknownLocaleError
    from babel.dates import format_date

    try:
        return format_date(value.date(), "long", locale=language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return timestamp.day


def long_month(value: datetime, language: str) -> str:
    """``June 2023`` as a reader of ``language`` would write it out."""
    if _english(language) is not None:
        return f"{_ENGLISH_MONTHS[value.month - 1]} {value.year}"
    from babel import UnknownLocaleError
    from babel.dates import format_skeleton

    try:
        return format_skeleton("yMMMM", value, locale=language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return f"{value.year}-{value.month:02}"


def _english(language: str) -> str | None:
    """The region of an English tag, empty if it has none; None for another language.

    English is written without babel, whose import costs a quarter of the time of one short post.
    """
    primary, _, rest = language.partition("-")
    return rest.upper() if primary in ("", "en") else None
