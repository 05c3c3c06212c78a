"""Finds years in titles and addresses, and splits years off the end of a title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..lazy_pattern import lazy_pattern

_ONE = "(?:1[89]|20)[0-9]{2}"
YEAR_AT_START = f"(?={_ONE})"
"""A regular expression that matches where a year begins."""
_YEAR = lazy_pattern(rf"(?<![0-9]){_ONE}(?![0-9])")
_SPAN = f"{_ONE}(?:[–-]{_ONE})?"
# A comma or colon, or a dash, dot or slash between spaces.
_AFTER_PUNCTUATION = lazy_pattern(rf"(.*\S)(?:\s*[,:;]\s*|\s+[—–·•|/-]\s+)({_SPAN})", re.DOTALL)


def is_year(text: str) -> bool:
    """Whether ``text`` is a year of the last two centuries or of this, in four digits."""
    return _YEAR.fullmatch(text) is not None


def years_in(text: str) -> Iterator[int]:
    """Yields the years in ``text``, in order."""
    return (int(year) for year in _YEAR.findall(text))


def without_years(text: str) -> str:
    """Returns ``text`` without its years."""
    return _YEAR.sub("", text)


def title_and_years(title: str, added: str = "") -> tuple[str, str]:
    """Splits a book's title into the title and the years at its end, which get a line of their own.

    These are ``added``, which was appended to the title, and years after punctuation. Other titles that end
    in a year, such as "The Summer of 2023", keep it.
    """
    if added and title.endswith(f" {added}"):
        return title[: -len(added)].rstrip(), added
    found = _AFTER_PUNCTUATION.fullmatch(title)
    return (found[1], found[2]) if found else (title, "")
