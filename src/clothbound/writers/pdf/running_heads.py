"""Shortens titles for running heads."""

from __future__ import annotations

from ...lazy_pattern import lazy_pattern

_MOST_WORDS = 7
_SHORT_WORD = 3
_WORD = lazy_pattern(r"[^\W\d_]{2,}")
_MAIN_TITLE = lazy_pattern(r"(?:[:;?!]\s|\s[–—(])")
_TRAILING = ",;:.-–— "


def shorter_title(title: str) -> str:
    """Returns ``title``; of one with more than seven words, the part before its subtitle, or its first words.

    Readers glance at a running head. People, and programs that check what a screen reader says, take a
    whole sentence there for one that the text lacks.
    """
    if _count(title) <= _MOST_WORDS:
        return title
    end = _MAIN_TITLE.search(title)
    if end is not None and 0 < _count(title[: end.start()]) <= _MOST_WORDS:
        sign = end[0][0]
        return title[: end.start()] + (sign if sign in "?!" else "")
    words = title.split()
    while _count(" ".join(words)) > _MOST_WORDS:
        words.pop()
    # A head must not end in an article or a preposition.
    while len(words) > 2 and len(words[-1]) <= _SHORT_WORD and words[-1].islower():
        words.pop()
    return " ".join(words).rstrip(_TRAILING) + "…"


def _count(text: str) -> int:
    return len(_WORD.findall(text))
