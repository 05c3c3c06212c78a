"""Writes dates as readers of a language expect them, by the patterns of the Unicode CLDR."""

from __future__ import annotations

import re
from datetime import datetime

from ..lazy_pattern import lazy_pattern
from ..model.post import Timestamp
from .cldr import LocaleFacts, facts_of, subtags

# Text within apostrophes, two of which are one of the text, and fields, which are runs of one letter.
_PART = lazy_pattern(r"'(?P<text>[^']*)'|(?P<field>([A-Za-z])\3*)")
_FIRST = {"fr": ("1", "1er")}
"""How books write the first of a month, where CLDR has the bare number. Source: Imprimerie nationale, "Lexique
des règles typographiques", "Dates"."""


def long_date(timestamp: Timestamp, language: str) -> str:
    """Returns a date written out in ``language``; the original text if it is not a date."""
    value = timestamp.value
    if value is None:
        return timestamp.text
    if timestamp.precision == "year":
        return f"{value.year}"
    if timestamp.precision == "month":
        return long_month(value, language)
    facts = facts_of(language or "en")
    if facts is None:
        return timestamp.day
    return _fill(facts.day, value, facts, *_FIRST.get(subtags(language or "en").language, ()))


def long_month(value: datetime, language: str) -> str:
    """Returns month and year, as ``June 2023``, written out in ``language``."""
    facts = facts_of(language or "en")
    if facts is None:
        return f"{value.year}-{value.month:02}"
    return _fill(facts.month, value, facts)


def date_range(first: Timestamp, last: Timestamp, language: str) -> str:
    """Returns two dates as a range, or the one date if they are written alike."""
    begins, ends = long_date(first, language), long_date(last, language)
    if begins == ends:
        return begins
    facts = facts_of(language or "en")
    pattern = facts.range if facts is not None else "{0} – {1}"
    return pattern.replace("{0}", begins).replace("{1}", ends)


def _fill(
    pattern: str, value: datetime, facts: LocaleFacts, plain: str = "", ordinal: str = ""
) -> str:
    months = facts.months or ()
    day = ordinal if plain == f"{value.day}" else f"{value.day}"
    fields = {
        "d": day,
        "dd": day,  # Some locales pad the day with a zero, which books do not.
        "M": f"{value.month}",
        "L": f"{value.month}",
        "MMM": (facts.short or months)[value.month - 1],
        "MMMM": months[value.month - 1],
        "LLLL": (facts.alone or months)[value.month - 1],
        "y": f"{value.year}",
        "G": facts.era,
    }

    def part(match: re.Match[str]) -> str:
        return fields[match["field"]] if match["field"] else match["text"] or "'"

    return _PART.sub(part, pattern)
