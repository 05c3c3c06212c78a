"""Parses Pandoc's grid tables, whose cells may span others and contain blocks.

docutils reads the drawn lines. The constructs that it does not know are removed first: colons that
align a column, the rules of a foot, and characters that are not one column wide.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from typing import NamedTuple

from ...lazy_pattern import lazy_pattern
from ..text_columns import MEASURES, Columns
from .parser import LineBlockParser, LineState
from .tables import CellSource, TableSource, add_table, alignment

_LARGEST, _WIDEST, _CORNERS = 200_000, 1_000, 5_000
"""The most characters of a grid, characters of a line, and pluses: docutils' time grows with the
square of the number of columns and of rows."""

_RULE = lazy_pattern(r"\+(?:[-=:]+\+)+")
_PART_RULE = lazy_pattern(r"\+(?:[=:]+\+)+")
_COLONS = lazy_pattern(r"(?<=\+):(?=[-=:])|(?<=[-=:]):(?=\+)")
_BESIDE_WIDE = "\0"
_STAND_INS = 0xF0000
"""The first of the private-use characters that replace anything not one character wide."""
_UNUSUAL = lazy_pattern("[\0\U000f0000-\U0010ffff]")

_NOT_READ = "the lines of a grid table do not join; it was kept as a code block"
_TOO_LARGE = "a grid table is too large; it was kept as a code block"


class _Cell(NamedTuple):
    """A cell as docutils reports it: its place on the grid, and its lines."""

    row: int
    column: int
    height: int
    width: int
    offset: int
    """The number of the table's lines above the first of the cell."""
    lines: list[str]


class _Grid(NamedTuple):
    cells: list[_Cell]
    widths: list[int]
    """The width of each column in characters."""


def parse_grid_table(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a grid table; one that cannot be read becomes code and is reported."""
    if state.tokens and state.tokens[-1]["type"] == "paragraph":
        return None
    lines, end = _lines_of(state, m.start())
    line_number = state.line_at(m.start())
    is_large = is_large_grid(lines)
    table = None if is_large else _read(lines, line_number)
    if table is None:
        state.env["repairs"].append((line_number, _TOO_LARGE if is_large else _NOT_READ))
        raw = state.src[m.start() : end].rstrip("\n")
        state.append_token({"type": "block_code", "raw": raw, "style": "indent"})
        return end
    return add_table(block, state, table, end)


def is_large_grid(lines: list[str]) -> bool:
    """Returns whether the lines of a grid table are more than docutils reads in good time."""
    return (
        max(map(len, lines)) > _WIDEST
        or sum(map(len, lines)) > _LARGEST
        or sum(line.count("+") for line in lines) > _CORNERS
    )


def _lines_of(state: LineState, position: int) -> tuple[list[str], int]:
    """Returns the lines that begin with a bar or a plus, without indent, and the end of the
    last.
    """
    first = state.get_line(position)
    indent = len(first) - len(first.lstrip(" "))
    lines: list[str] = []
    while position < state.cursor_max:
        line = state.get_line(position)
        text = line[indent:].rstrip()
        if line[:indent].strip() or not text.startswith(("|", "+")):
            break
        lines.append(text.expandtabs(4))
        position += len(line)
    return lines, position


def _read(lines: list[str], line_number: int) -> TableSource | None:
    """Returns the table that ``lines`` draw; None if their lines do not join."""
    stand_ins: dict[str, str] = {}
    drawn = [_evenly(line, len(lines[0]), stand_ins) for line in lines]
    last = len(lines) - 1
    parts = [n for n, line in enumerate(drawn) if 0 < n < last and _PART_RULE.fullmatch(line)]
    # Another rule of equals signs begins the foot, and one at the end closes it.
    if len(parts) > 1 + bool(_PART_RULE.fullmatch(drawn[last])):
        return None
    head_rule = parts[0] if parts else 0
    aligned = drawn[head_rule] if ":" in drawn[head_rule] else drawn[0]
    for n, line in enumerate(drawn):
        if _RULE.fullmatch(line):
            drawn[n] = _COLONS.sub("-", line).replace("=", "-")
    grid = _grid_of(drawn)
    if grid is None:
        return None
    originals = {code: text for text, code in stand_ins.items()}
    rows: list[tuple[int, list[CellSource]]] = []
    for cell in grid.cells:
        number = line_number + cell.offset
        if len(rows) <= cell.row:
            rows.append((number, []))
        text = "\n".join(cell.lines)
        if originals:
            text = "".join(originals.get(c, c) for c in text)
        rows[cell.row][1].append(CellSource(text, cell.width, cell.height, number))
    head = [row for row in rows if row[0] <= line_number + head_rule]
    return TableSource(head, rows[len(head) :], _alignments(aligned, grid.widths))


def _evenly(line: str, width: int, stand_ins: dict[str, str]) -> str:
    """Returns ``line`` with one character per column, by the first measure that makes it ``width``
    wide.
    """
    if line.isascii() and "\0" not in line:
        return line.ljust(width)
    measured: list[Columns] = [measure(line) for measure in MEASURES]
    columns = next((found for found in measured if len(found) == width), measured[0])
    return "".join(_stand_in(cluster, stand_ins) for cluster in columns).ljust(width)


def _stand_in(cluster: str, stand_ins: dict[str, str]) -> str:
    if not cluster:
        return _BESIDE_WIDE
    if len(cluster) == 1 and not _UNUSUAL.match(cluster):
        return cluster
    return stand_ins.setdefault(cluster, chr(_STAND_INS + len(stand_ins)))


def _grid_of(drawn: list[str]) -> _Grid | None:
    """Returns the cells row by row; None if the lines do not join."""
    if any(len(line) != len(drawn[0]) for line in drawn):
        return None
    # The import takes a tenth of a second, and few posts have such a table.
    from docutils.parsers.rst.tableparser import GridTableParser, TableMarkupError
    from docutils.statemachine import StringList

    try:
        widths, _, rows = GridTableParser().parse(StringList(drawn, "table"))
    except (TableMarkupError, AssertionError, KeyError):
        return None
    cells = [
        _Cell(row, column, found[0] + 1, found[1] + 1, found[2], list(found[3]))
        for row, line in enumerate(rows)
        for column, found in enumerate(line)
        if found is not None
    ]
    if sum(cell.height * cell.width for cell in cells) != len(rows) * len(widths):
        return None
    return _without_empty(_Grid(cells, widths))


def _without_empty(grid: _Grid) -> _Grid:
    """Returns ``grid`` without rows and columns in which no cell begins, such as those of a stray
    plus.
    """
    rows = sorted({cell.row for cell in grid.cells})
    columns = sorted({cell.column for cell in grid.cells})

    def move(cell: _Cell) -> _Cell:
        row, column = bisect_left(rows, cell.row), bisect_left(columns, cell.column)
        height = bisect_left(rows, cell.row + cell.height) - row
        width = bisect_left(columns, cell.column + cell.width) - column
        return _Cell(row, column, height, width, cell.offset, cell.lines)

    edges = [*columns, len(grid.widths)]
    widths = [sum(grid.widths[a:b]) + b - a - 1 for a, b in itertools.pairwise(edges)]
    return _Grid([move(cell) for cell in grid.cells], widths)


def _alignments(rule: str, widths: list[int]) -> list[str]:
    """Returns the alignment of each column, by the colons in a rule."""
    result = []
    position = 1
    for width in widths:
        left, right = rule[position] == ":", rule[position + width - 1] == ":"
        result.append(alignment(left, right))
        position += width + 1
    return result
