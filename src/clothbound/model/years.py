"""Years in titles and addresses, and the years at the end of a title that get a line of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..lazy_pattern import lazy_pattern

_ONE = "(?:1[89]|20)[0-9]{2}"
_YEAR = lazy_pattern(rf"(?<![0-9]){_ONE}(?![0-9])")
_SPAN = f"{_ONE}(?:[–-]{_ONE})?"
# A comma or colon as writers set them; a dash, dot or stroke between spaces.
_AFTER_PUNCTUATION = lazy_pattern(rf"(.*\S)(?:\s*[,:;]\s*|\s+[—–·•|/-]\s+)({_SPAN})", re.DOTALL)


def is_year(text: str) -> bool:
    """Whether ``text`` is a year of the last two centuries or of this, in four digits."""
    return _YEAR.fullmatch(text) is not None


def years_in(text: str) -> Iterator[int]:
    """The years in ``text``, in its order."""
    return (int(year) for year in _YEAR.findall(text))


def without_years(text: str) -> str:
    """``text`` with nothing in the place of each year."""
    return _YEAR.sub("", text)


def title_and_years(title: str, added: str = "") -> tuple[str, str]:
    """A book's title, and the year or years at its end that stand on a line of their own; or empty.

    These are ``added``, which was put behind the title, and years behind punctuation. A title that
    ends in a year otherwise, as "The Summer of 2023" does, keeps it.
    """
    if added and title.endswith(f" {added}"):
        return title[: -len(added)].rstrip(), added
    found = _AFTER_PUNCTUATION.fullmatch(title)
    return (found[1], found[2]) if found else (title, "")
