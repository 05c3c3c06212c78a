"""Finds the lines above a page's text that repeat its metadata: the title, the day, the authors.

They have no place in a book's chapter, whose head is set from the metadata. A line is taken out only if it says nothing
else, and only before the first paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..lazy_pattern import lazy_pattern
from ..model.post import Metadata
from ..web.html_elements import HEADINGS

_LINES = frozenset("a address div em li p section small span strong td time".split()).union(
    HEADINGS
)
_HEADINGS = frozenset({"h1", "h2"})
_SILENT = frozenset({"script", "style", "noscript", "template"})
_PROSE = 20
"""The number of words from which a line is a paragraph of the text."""
_MOST = 25
"""The most lines of an opener."""
_SIGNS = lazy_pattern(r"[^\w]+")
_NUMBER = lazy_pattern(r"\d+")
_LETTERS = lazy_pattern(r"[^\W\d_]{2,}")
_READING_TIME = lazy_pattern(r"[·•|]|[·•|\s]*\d+\s+min(?:ute)?s?\s+read[·•|\s]*", re.I)
_CLOCK = lazy_pattern(
    r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]\.?m\.?)?(?:\s+(?:utc|gmt|[a-z]{3,4}t))?", re.I
)
_ABOUT = frozenset(
    "a am an and at author authors by date geschrieben last le on par pm por posted publicado published publié updated von"
    " veröffentlicht words written".split()
)
"""Words that stand beside a day or a name and say nothing more."""
_CALENDAR = frozenset(
    "jan feb mar apr may jun jul aug sep oct nov dec mai maj mär okt dez des fév avr aoû déc jui ene abr ago dic gen mag giu"
    " lug set ott out dez mon tue wed thu fri sat sun die mit don fre sam son lun mar mer jeu ven dim mié jue vie sáb dom man"
    " tir ons tor lør søn".split()
)
"""The first letters of months and days of the week in the languages that most pages are in."""
_SITE = lazy_pattern(r"\s+[|\-–—·»:]{1,2}\s+[^|–—·»]{1,60}")


def repeated_lines(content: Any, metadata: Metadata) -> Iterator[Any]:
    """Yields the elements above the first paragraph that say only what the metadata say."""
    for number, (element, text) in enumerate(_lines(content)):
        if number >= _MOST or (len(text.split()) >= _PROSE and not _is_title(text, metadata.title)):
            return
        is_heading = element.tag in _HEADINGS and _is_title(text, metadata.title)
        if is_heading or is_credit(text, metadata) or _READING_TIME.fullmatch(text) is not None:
            yield element


def _lines(content: Any) -> Iterator[tuple[Any, str]]:
    """Yields the innermost elements that contain whole lines, with their texts."""
    waiting = [content]
    while waiting:
        element = waiting.pop()
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            continue
        parts = [child for child in element if isinstance(child.tag, str)]
        is_whole = element.tag in _HEADINGS
        has_words = bool((element.text or "").strip()) or any((p.tail or "").strip() for p in parts)
        if is_whole or has_words or not parts:
            text = " ".join("".join(element.itertext()).split())
            if text and element is not content:
                yield element, text
            continue
        waiting += reversed(parts)


def _is_title(text: str, title: str) -> bool:
    """Whether a heading is the title, or the title without the name of the site at its end."""
    if not _folded(text):
        return False
    if _folded(text) == _folded(title):
        return True
    rest = " ".join(title.split()).removeprefix(text)
    return len(rest) < len(title) and _SITE.fullmatch(rest) is not None


def is_credit(text: str, metadata: Metadata) -> bool:
    """Whether a line is made of the day and the authors, or of one of them, that the metadata have."""
    rest = text.casefold()
    for author in metadata.authors:
        rest = rest.replace(" ".join(author.casefold().split()), " ")
    has_author = rest != text.casefold()
    day = metadata.published.value if metadata.published else None
    has_day = False
    if day is not None:
        rest = _CLOCK.sub(" ", rest)
        numbers = [int(number) for number in _NUMBER.findall(rest)]
        names_month = any(word[:3] in _CALENDAR for word in _LETTERS.findall(rest))
        in_digits = () if names_month else (day.month,)
        has_day = any(
            sorted(numbers) == sorted((day.day, year, *in_digits))
            for year in (day.year, day.year % 100)
        )
        if has_day:
            rest = _NUMBER.sub(" ", rest)
    if not has_day and not has_author:
        return False
    left = [word for word in _LETTERS.findall(rest) if word not in _ABOUT]
    is_calendar = has_day and all(word[:3] in _CALENDAR for word in left)
    return not _NUMBER.search(rest) and (not left or is_calendar)


def _folded(text: str) -> str:
    return " ".join(_SIGNS.sub(" ", text).casefold().split())
