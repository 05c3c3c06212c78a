"""The grid of a table: the columns and rows of each cell.

A cell takes the first column that no cell from above covers (HTML, 4.9.12, *Forming a table*). A span ends
at another cell and at the end of its part of the table, and columns in which no cell begins are dropped,
so every grid is consistent, whatever spans the cells claim. Nothing else reads spans: writers use the grid.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TypeAlias

import msgspec

from . import inlines as i
from .blocks import Alignment, Cell, Table
from .node import Node
from .walk import rewrite


class Placed(msgspec.Struct, frozen=True):
    """A cell with its first column and row, from 0, and the numbers of those that it covers.

    Rows are counted within the head or the body.
    """

    cell: Cell
    column: int
    row: int
    width: int = 1
    height: int = 1

    @property
    def columns(self) -> range:
        """The columns that the cell covers."""
        return range(self.column, self.column + self.width)


Rows: TypeAlias = tuple[tuple[Placed, ...], ...]


class Grid(msgspec.Struct, frozen=True):
    """A table's cells by the rows that they begin in, from left to right."""

    columns: int
    head: Rows
    rows: Rows
    alignments: tuple[Alignment, ...]
    """The alignment of each column."""

    def alignment(self, placed: Placed) -> Alignment:
        """Returns the alignment of a cell, which is that of its first column."""
        return self.alignments[placed.column]

    def whole(self, rows: Rows) -> list[list[Placed]]:
        """Returns ``rows`` of this grid, with empty cells where a row lacks some."""
        result = []
        for number, standing in enumerate(self.standing(rows)):
            full: list[Placed] = []
            column = 0
            for placed in (*standing, None):
                start = placed.column if placed else self.columns
                full.extend(Placed(Cell(), n, number) for n in range(column, start))
                if placed:
                    column = placed.column + placed.width
                    if placed.row == number:
                        full.append(placed)
            result.append(full)
        return result

    def standing(self, rows: Rows) -> Iterator[list[Placed]]:
        """Yields ``rows`` of this grid with all cells that cover each row, including those that begin above."""
        open_cells: list[Placed] = []
        for number, row in enumerate(rows):
            here = [*(p for p in open_cells if p.row + p.height > number), *row]
            here.sort(key=lambda placed: placed.column)
            open_cells = [p for p in here if p.height > 1]
            yield here


def grid_of(table: Table) -> Grid:
    """Returns the grid of ``table``; its head and body have the same columns."""
    head, rows = _place_cells(table.head), _place_cells(table.rows)
    begun = sorted({placed.column for row in (*head, *rows) for placed in row})
    end = max((placed.columns.stop for row in (*head, *rows) for placed in row), default=0)
    if end > len(begun):
        head, rows = _narrow_columns(head, begun), _narrow_columns(rows, begun)
    none: list[Alignment] = [""] * len(begun)
    return Grid(len(begun), head, rows, (*table.alignments, *none)[: len(begun)])


def _place_cells(rows: tuple[tuple[Cell, ...], ...]) -> Rows:
    result = []
    taken: list[tuple[int, int, int]] = []
    """The columns that cells from above cover, in order: first column, end column, and first row below."""
    for number, row in enumerate(rows):
        taken = [run for run in taken if run[2] > number]
        placed: list[Placed] = []
        deep: list[tuple[int, int, int]] = []
        column = at = 0
        for cell in row:
            while at < len(taken) and taken[at][0] <= column:
                column = max(column, taken[at][1])
                at += 1
            free = taken[at][0] - column if at < len(taken) else cell.colspan
            width = max(1, min(cell.colspan, free))
            height = max(1, min(cell.rowspan, len(rows) - number))
            placed.append(Placed(cell, column, number, width, height))
            if height > 1:
                deep.append((column, column + width, number + height))
            column += width
        if deep:
            taken = sorted((*taken, *deep))
        result.append(tuple(placed))
    return tuple(result)


def _narrow_columns(rows: Rows, begun: list[int]) -> Rows:
    """Removes the columns that are not in ``begun`` from ``rows``."""

    def move(placed: Placed) -> Placed:
        column = bisect_left(begun, placed.column)
        end = bisect_left(begun, placed.column + placed.width)
        return msgspec.structs.replace(placed, column=column, width=end - column)

    return tuple(tuple(move(placed) for placed in row) for row in rows)


# --- tables in words -----------------------------------------------------------------------------


class Heads:
    """The heads above each column, for tables that are written cell by cell."""

    def __init__(self, grid: Grid) -> None:
        self._over: list[list[Cell]] = [[] for _ in range(grid.columns)]
        self._said: set[int] = set()
        for row in grid.head:
            for placed in row:
                for column in placed.columns if not is_empty(placed.cell) else ():
                    self._over[column].append(placed.cell)

    def over(self, columns: Iterable[int]) -> tuple[i.Inline, ...]:
        """Returns the heads of some columns, each once even if it covers several; empty if there are none.

        Repeated heads have no ids, notes and links.
        """
        label: list[tuple[i.Inline, ...]] = []
        here: set[int] = set()
        for column in columns:
            for head in self._over[column]:
                if id(head) in here:
                    continue
                label.append(again(head.children) if id(head) in self._said else head.children)
                here.add(id(head))
                self._said.add(id(head))
        return _join_heads(label)

    def never_said(self) -> list[tuple[i.Inline, ...]]:
        """Returns the heads of the columns that were not asked for."""
        columns = [[c for c in column if id(c) not in self._said] for column in self._over]
        different = {tuple(map(id, column)): column for column in columns if column}
        return [_join_heads([cell.children for cell in column]) for column in different.values()]


def has_spans(table: Table) -> bool:
    """Whether a cell of ``table`` spans several columns or rows."""
    rows = (*table.head, *table.rows)
    return any(cell.colspan > 1 or cell.rowspan > 1 for row in rows for cell in row)


def is_empty(cell: Cell) -> bool:
    """Whether a cell holds nothing but space."""
    return all(isinstance(c, i.Text) and not c.text.strip() for c in cell.children)


def again(nodes: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    """Returns ``nodes`` for repetition: without ids, notes and links."""

    def visit(node: Node) -> Node | Iterable[Node] | None:
        match node:
            case i.NoteRef() | i.RawInline():
                return None
            case i.Link(children) | i.Mention(children):
                return children
        return msgspec.structs.replace(node, id="") if node.id else node

    stripped: tuple[i.Inline, ...] = rewrite(nodes, visit)
    return stripped


def _join_heads(heads: Iterable[tuple[i.Inline, ...]]) -> tuple[i.Inline, ...]:
    joined: tuple[i.Inline, ...] = ()
    for head in heads:
        joined = (*joined, i.Text(", "), *head) if joined else head
    return joined
