"""Tables that are too wide for where they are shown, written as lists."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..model import blocks as b
from ..model import inlines as i
from ..model.node import Node
from ..model.walk import rewrite


def width_of(table: b.Table) -> int:
    """The columns of the widest row."""
    return max((sum(cell.colspan for cell in row) for row in (*table.head, *table.rows)), default=0)


def stacked(table: b.Table) -> b.Group:
    """A table as lists: each row's first words stand over its others, all of them after their heads.

    What stands in all columns, or in all but the first, needs no heads. Columns without a word say so
    in each row. Heads of nothing come first, so that none is lost. What stands again, a head at each of
    its cells or a cell at each of its rows, does so without ids, notes and links.
    """
    heads = _Heads(table)
    rows = [row for row in map(_placed, _upright(table.rows)) if not _is_blank(row)]
    width = max([len(heads.columns), *(row[-1][0].stop for row in rows)])

    def is_across(under: range) -> bool:
        return len(under) > 1 and under.start <= 1 and under.stop == width

    told = {n for row in rows for under, cell in row if not _is_empty(cell) for n in under}
    standing: set[int] = set()
    content: list[b.Block] = []
    for row in rows:
        title: b.Paragraph | None = None
        items: list[b.ListItem] = []
        end = row[-1][0].stop
        for under, cell in (*row, (range(end, width), b.Cell(()))):
            words: tuple[i.Inline, ...] = cell.children
            if _is_empty(cell):
                label = heads.over(n for n in under if n not in told)
                if label:
                    items.append(b.ListItem((b.Paragraph((*label, i.Text("\u2013"))),)))
                continue
            label = () if is_across(under) else heads.over(under)
            words = _again(words) if id(cell) in standing else words
            standing.add(id(cell))
            if title is None:
                title = b.Paragraph((*label, i.Strong(words)), classes=("row",), line=cell.line)
            else:
                items.append(b.ListItem((b.Paragraph((*label, *words)),), line=cell.line))
        if title is not None:
            content.append(title)
        if items:
            content.append(b.List(tuple(items)))
    alone = heads.never_said()
    if alone:
        lone = tuple(b.ListItem((b.Paragraph((i.Emphasis(head),)),)) for head in alone)
        content.insert(0, b.List(lone))
    if table.caption:
        content.insert(0, b.Paragraph(table.caption, classes=("caption",)))
    return b.Group(
        tuple(content),
        id=table.id,
        classes=("stacked", *table.classes),
        attributes=table.attributes,
        line=table.line,
    )


class _Heads:
    """What stands over each column: the cells of all rows of the head, from above."""

    def __init__(self, table: b.Table) -> None:
        self.columns: list[list[b.Cell]] = []
        self._said: set[int] = set()
        for row in _upright(table.head):
            for under, cell in _placed(row):
                self.columns.extend([] for _ in range(under.stop - len(self.columns)))
                for column in under:
                    if not _is_empty(cell):
                        self.columns[column].append(cell)

    def over(self, columns: Iterable[int]) -> tuple[i.Inline, ...]:
        """The heads of some columns, one over several of them once; empty if they have none."""
        label: list[tuple[i.Inline, ...]] = []
        here: set[int] = set()
        for column in columns:
            for head in self.columns[column] if column < len(self.columns) else ():
                if id(head) in here:
                    continue
                label.append(_again(head.children) if id(head) in self._said else head.children)
                here.add(id(head))
                self._said.add(id(head))
        return (i.Emphasis(_joined(label)), i.Text(": ")) if label else ()

    def never_said(self) -> list[tuple[i.Inline, ...]]:
        """What stands over each column that was not asked for."""
        columns = [[c for c in column if id(c) not in self._said] for column in self.columns]
        different = {tuple(map(id, column)): column for column in columns if column}
        return [_joined([cell.children for cell in column]) for column in different.values()]


_Row = list[tuple[range, b.Cell]]


def _placed(row: Iterable[b.Cell]) -> _Row:
    """Each cell of a row with the columns that it stands in."""
    column = 0
    result: _Row = []
    for cell in row:
        result.append((range(column, column + cell.colspan), cell))
        column += cell.colspan
    return result


def _is_blank(row: _Row) -> bool:
    return all(_is_empty(cell) for _, cell in row)


def _again(nodes: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    """The words of ``nodes``, to be read a second time."""

    def visit(node: Node) -> Node | Iterable[Node] | None:
        match node:
            case i.NoteRef() | i.RawInline():
                return None
            case i.Link(children) | i.Mention(children):
                return children
        return msgspec.structs.replace(node, id="") if node.id else node

    made: tuple[i.Inline, ...] = rewrite(nodes, visit)
    return made


def _is_empty(cell: b.Cell) -> bool:
    return all(isinstance(c, i.Text) and not c.text.strip() for c in cell.children)


def _joined(heads: Iterable[tuple[i.Inline, ...]]) -> tuple[i.Inline, ...]:
    joined: tuple[i.Inline, ...] = ()
    for head in heads:
        joined = (*joined, i.Text(", "), *head) if joined else head
    return joined


def _upright(rows: tuple[tuple[b.Cell, ...], ...]) -> list[list[b.Cell]]:
    """Rows in which a cell that spans several stands in each of them."""
    result: list[list[b.Cell]] = []
    open_cells: dict[int, tuple[int, b.Cell]] = {}
    for row in rows:
        cells = list(row)
        full: list[b.Cell] = []
        column = 0
        while cells or column in open_cells:
            if column in open_cells:
                left, cell = open_cells.pop(column)
                if left > 1:
                    open_cells[column] = (left - 1, cell)
            else:
                cell = cells.pop(0)
                if cell.rowspan > 1:
                    open_cells[column] = (cell.rowspan - 1, cell)
            full.append(cell)
            column += cell.colspan
        result.append(full)
    return result
