"""Says how long a post takes to read."""

from __future__ import annotations

from .plurals import counted
from .words import wording

_WORDS_A_MINUTE = 238
"""How fast adults read prose in silence (Brysbaert, "How many words do we read per minute?", Journal of
Memory and Language 109, 2019). Two characters of Chinese or Japanese count as one word."""
_SHORTEST = 2
"""The minutes below which a post is so short that its time is not named."""


def reading_time(words: int, language: str) -> str:
    """Returns the time that ``words`` take, in a sentence; empty for a short post."""
    minutes = round(words / _WORDS_A_MINUTE)
    if minutes < _SHORTEST:
        return ""
    return counted(wording(language).reading_time, minutes, language)
