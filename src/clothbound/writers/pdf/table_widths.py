"""Whether the columns of a table fit side by side where it is to stand."""

from __future__ import annotations

import itertools

from ...lazy_pattern import lazy_pattern
from ...model.grid import Grid
from ...model.walk import plain_text

MANY_COLUMNS = 6
"""More columns than these are set in smaller type."""
TOO_WIDE = (
    "table of {columns} columns written as a list for each row: its words do not fit side by side on"
    " the page"
)
_LETTER, _CAPITAL, _NARROW, _BROAD = 0.58, 0.7, 0.36, 0.93
"""The widths of letters in a table, figures included, in em, about."""
_NARROW_LETTERS, _BROAD_LETTERS = frozenset("fijlrtI.,:;'!|()[]-"), frozenset("mwMW@%")
_SMALL_HEAD = 0.86
"""Of these that letters of a head take where it is in small sans serif: that of many columns."""
_SMALLEST = 7
"""Points."""
_UNBROKEN = 12
"""Letters of a word that a column holds on one line; hyphenation breaks longer ones."""
_PIECE = lazy_pattern(r"[^/._?&=:,;~%+#-]*[/._?&=:,;~%+#-]*")
"""Of a word with signs in it, which may end a line."""


def fits(grid: Grid, room: float, size: float) -> bool:
    """Whether every column can be as wide as the longest word in it, hyphenated or broken after a sign
    where that is long, and its padding, in a line of ``room`` points where text is of ``size`` points.
    """
    widths = [0.0] * grid.columns
    many = grid.columns > MANY_COLUMNS
    for rows, share in ((grid.head, _SMALL_HEAD if many else 1.0), (grid.rows, 1.0)):
        for placed in itertools.chain.from_iterable(rows):
            if placed.width == 1:
                words = plain_text(placed.cell).split()
                widest = max(map(_width, words), default=0.0) * share
                widths[placed.column] = max(widths[placed.column], widest)
    scale, padding = (max(0.66, _SMALLEST / size), 0.5) if many else (0.865, 1.0)
    return (sum(widths) + grid.columns * padding) * scale * size <= room


def _width(word: str) -> float:
    """Em that the longest part of ``word`` takes that stays together."""
    pieces = [word] if len(word) <= _UNBROKEN else _PIECE.findall(word)
    return max(sum(map(_letter, piece[:_UNBROKEN])) for piece in pieces)


def _letter(letter: str) -> float:
    if letter in _NARROW_LETTERS:
        return _NARROW
    if letter in _BROAD_LETTERS:
        return _BROAD
    return _CAPITAL if letter.isupper() else _LETTER
