"""Tables that are too wide for where they are shown, written as lists."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import msgspec

from ..model import blocks as b
from ..model import inlines as i
from ..model.node import Node
from ..model.walk import rewrite


def width_of(table: b.Table) -> int:
    """The columns of the widest row."""
    return max((sum(cell.colspan for cell in row) for row in (*table.head, *table.rows)), default=0)


def stacked(table: b.Table) -> b.Group:
    """A table as lists: each row's first cell stands over the others, all of them after their heads.

    Heads that no cell stands under come first, so that none is lost. What stands again, a head at
    each of its cells or a cell at each of its rows, does so without ids, notes and links.
    """
    heads = _heads(table)
    named: set[int] = set()
    standing: set[int] = set()
    content: list[b.Block] = []
    for row in _upright(table.rows):
        items = []
        column = 0
        for cell in row:
            under = range(column, min(column + cell.colspan, len(heads)))
            column += cell.colspan
            if _is_empty(cell):
                continue
            label = _labelled([_again(heads[n]) if n in named else heads[n] for n in under])
            named.update(under)
            words = _again(cell.children) if id(cell) in standing else cell.children
            standing.add(id(cell))
            if under.start == 0:
                title = (*label, i.Strong(words))
                content.append(b.Paragraph(title, classes=("row",), line=cell.line))
            else:
                item = b.Paragraph((*label, *words))
                items.append(b.ListItem((item,), line=cell.line))
        if items:
            content.append(b.List(tuple(items)))
    alone = [head for n, head in enumerate(heads) if head and n not in named]
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


def _labelled(heads: Iterable[tuple[i.Inline, ...]]) -> tuple[i.Inline, ...]:
    """The heads of a cell's columns, a head over several of them once."""
    label = _joined([head for head, _ in groupby(heads) if head])
    return (i.Emphasis(label), i.Text(": ")) if label else ()


def _joined(heads: Iterable[tuple[i.Inline, ...]]) -> tuple[i.Inline, ...]:
    joined: tuple[i.Inline, ...] = ()
    for head in heads:
        joined = (*joined, i.Text(", "), *head) if joined else head
    return joined


def _heads(table: b.Table) -> list[tuple[i.Inline, ...]]:
    """What stands over each column: the cells of all rows of the head, from above."""
    columns: list[list[tuple[i.Inline, ...]]] = []
    for row in _upright(table.head):
        column = 0
        for cell in row:
            for _ in range(cell.colspan):
                if column == len(columns):
                    columns.append([])
                if not _is_empty(cell):
                    columns[column].append(cell.children)
                column += 1
    return [_joined(cells) for cells in columns]


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
