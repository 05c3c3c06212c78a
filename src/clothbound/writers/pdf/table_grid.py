"""A table's cells put on a grid that is whole, and whether the grid fits where it is to stand."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from ...model.blocks import Cell, Table
from ...model.walk import plain_text

Row = tuple[Cell, ...]

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
_PIECE = re.compile(r"[^/._?&=:,;~%+#-]*[/._?&=:,;~%+#-]*")
"""Of a word with signs in it, which may end a line."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell and the room that it has on the grid."""

    cell: Cell
    column: int
    colspan: int
    rowspan: int


def columns_of(rows: tuple[Row, ...]) -> int:
    """The number of columns that the rows take, spans of cells above them included."""
    return max((end for _, end in _placed(rows, None)), default=0)


def fits(table: Table, columns: int, room: float, size: float) -> bool:
    """Whether every column can be as wide as the longest word in it, hyphenated or broken after a sign
    where that is long, and its padding, in a line of ``room`` points where text is of ``size`` points.
    """
    widths = [0.0] * columns
    many = columns > MANY_COLUMNS
    for rows, share in ((table.head, _SMALL_HEAD if many else 1.0), (table.rows, 1.0)):
        for placed in itertools.chain.from_iterable(on_grid(rows, columns)):
            if placed.colspan == 1:
                words = plain_text(placed.cell).split()
                widest = max(map(_width, words), default=0.0) * share
                widths[placed.column] = max(widths[placed.column], widest)
    scale, padding = (max(0.66, _SMALLEST / size), 0.5) if many else (0.865, 1.0)
    return (sum(widths) + columns * padding) * scale * size <= room


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


def on_grid(rows: tuple[Row, ...], columns: int) -> list[list[Placed]]:
    """The cells of ``rows`` row by row, an empty one wherever a row has none."""
    result = []
    for placed, _ in _placed(rows, columns):
        result.append(placed)
    return result


def _placed(rows: tuple[Row, ...], columns: int | None) -> list[tuple[list[Placed], int]]:
    taken: dict[int, int] = {}
    """Column to the number of rows, from the present one on, that a cell above takes."""
    result = []
    for number, row in enumerate(rows):
        left = len(rows) - number
        placed: list[Placed] = []
        column = 0
        for cell in row:
            while taken.get(column):
                column += 1
            if columns is not None and column >= columns:
                break
            room = 1
            wanted = max(cell.colspan, 1)
            while room < wanted and not taken.get(column + room):
                if columns is not None and column + room >= columns:
                    break
                room += 1
            rowspan = min(max(cell.rowspan, 1), left)
            placed.append(Placed(cell, column, room, rowspan))
            for n in range(column, column + room):
                taken[n] = rowspan
            column += room
        if columns is not None:
            for n in range(columns):
                if not taken.get(n):
                    placed.append(Placed(Cell(), n, 1, 1))
                    taken[n] = 1
            placed.sort(key=lambda p: p.column)
        end = max((n + 1 for n, rows_left in taken.items() if rows_left), default=0)
        taken = {n: rows_left - 1 for n, rows_left in taken.items() if rows_left > 1}
        result.append((placed, end))
    return result
