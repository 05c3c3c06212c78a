"""Writes dates as readers of a language expect them."""

from __future__ import annotations

from datetime import datetime

from ..model.post import Timestamp

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


def long_date(timestamp: Timestamp, language: str) -> str:
    """Returns a date written out in ``language``; the original text if it is not a date."""
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
    """Returns month and year, as ``June 2023``, written out in ``language``."""
    if _english(language) is not None:
        return f"{_ENGLISH_MONTHS[value.month - 1]} {value.year}"
    from babel import UnknownLocaleError
    from babel.dates import format_skeleton

    try:
        return format_skeleton("yMMMM", value, locale=language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return f"{value.year}-{value.month:02}"


def _english(language: str) -> str | None:
    """Returns the region of an English tag, empty if it has none; None for another language.

    English is written without babel, whose import costs a quarter of the time of one short post.
    """
    primary, _, rest = language.partition("-")
    return rest.upper() if primary in ("", "en") else None
