"""Titles whose lines are about as long as each other."""

from __future__ import annotations

import math

from ...lazy_pattern import lazy_pattern
from .fonts import Measure

# Where an engine may end a line without a hyphen of its own.
_PIECE = lazy_pattern(r"[^ \u200b–—-]+[ \u200b–—-]*|[ \u200b–—-]+")
_STEPS = 12
"""Of the search: to a few thousandths of the line."""


def balanced_width(measure: Measure, title: str, room: float) -> float | None:
    """The least width in points in which ``title`` takes no more lines than in ``room``. None where
    it takes one line, or where it cannot be told: of scripts that the face lacks, and of words longer
    than a line.
    """
    if not measure.has(title.replace("\u200b", "")):
        return None
    pieces = [
        (measure.width(piece), measure.width(piece.rstrip(" \u200b")))
        for piece in _PIECE.findall(title)
    ]
    lines = _lines(pieces, room)
    if lines == 1 or math.isinf(lines):
        return None
    low, high = 0.0, room
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _lines(pieces, middle) > lines:
            low = middle
        else:
            high = middle
    return high


def _lines(pieces: list[tuple[float, float]], width: float) -> float:
    """How many lines they fill; infinitely many where one is longer than a line. Of each piece: its
    width, and that without the space at its end.
    """
    count = 1
    used = 0.0
    for whole, bare in pieces:
        if bare > width:
            return math.inf
        if used + bare > width:
            count += 1
            used = 0.0
        used += whole
    return count
