"""What of a long title stands at the head of a page."""

from __future__ import annotations

from ...lazy_pattern import lazy_pattern

_MOST_WORDS = 7
_SHORT_WORD = 3
_WORD = lazy_pattern(r"[^\W\d_]{2,}")
_MAIN_TITLE = lazy_pattern(r"(?:[:;?!]\s|\s[–—(])")
_TRAILING = ",;:.-–— "


def shorter_title(title: str) -> str:
    """``title``, or of a longer one what stands before its subtitle, or its first words.

    A head is glanced at. A whole sentence there is also taken for one that was left out of the text,
    by people and by programs that check what a screen reader says.
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
    # No head ends in an article or a preposition.
    while len(words) > 2 and len(words[-1]) <= _SHORT_WORD and words[-1].islower():
        words.pop()
    return " ".join(words).rstrip(_TRAILING) + "…"


def _count(text: str) -> int:
    return len(_WORD.findall(text))
