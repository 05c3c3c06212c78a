"""A post made fit for reading systems: tables that are too wide as lists, galleries in rows, lines of
verse that hang where they are too long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from ...context import Context
from ...destinations import Destination
from ...diagnostics import Outcome
from ...model import blocks as b
from ...model import inlines as i
from ...model.node import Node
from ...model.post import Post
from ...model.walk import rewrite

_KINDS: frozenset[type[Node]] = frozenset({b.Table, b.Gallery, b.Verse})
_IN_A_ROW = 3
_NARROW = 5
"""Columns that a page of a small device holds at the size of other tables."""


def fitted(post: Post, destination: Destination, context: Context) -> Post:
    """``post`` with tables of more columns than the destination shows written as lists, and with the
    marks that the style sheet needs on galleries and lines of verse.
    """

    def visit(node: Node) -> Node:
        if isinstance(node, b.Table):
            most = destination.table_columns
            columns = _columns(node)
            if not most or columns <= most:
                return node if columns <= _NARROW else _closer(node)
            message = (
                f"table of {columns} columns written as a list for each row: {destination.title}"
                f" shows {most} at most"
            )
            context.account(Outcome.SIMPLIFIED, post, node, message)
            return _stacked(node)
        if isinstance(node, b.Verse):
            return msgspec.structs.replace(node, children=tuple(_lines(node.children)))
        assert isinstance(node, b.Gallery)
        return _in_rows(node)

    made: Post = rewrite(post, visit, _KINDS)
    return made


def _lines(children: tuple[i.Inline, ...]) -> Iterator[i.Inline]:
    """Each line in a span of its own; its break stays, for whoever has no style sheet."""
    line: list[i.Inline] = []
    for child in (*children, i.LineBreak()):
        if not isinstance(child, i.LineBreak):
            line.append(child)
            continue
        if line:
            yield i.Span(tuple(line), classes=("line",))
        line = []
        yield child


def _closer(table: b.Table) -> b.Table:
    """A table that is set smaller, so that it fits a narrow page."""
    return msgspec.structs.replace(table, classes=(*table.classes, "wide"))


def _columns(table: b.Table) -> int:
    return max((sum(cell.colspan for cell in row) for row in (*table.head, *table.rows)), default=0)


def _stacked(table: b.Table) -> b.Group:
    """A table as lists: each row's first cell stands over the others, all of them after their heads.

    Heads that no cell stands under come first, so that none is lost.
    """
    heads = _heads(table)
    named: set[int] = set()
    content: list[b.Block] = []
    for row in _upright(table.rows):
        items = []
        column = 0
        for cell in row:
            under = range(column, min(column + cell.colspan, len(heads)))
            column += cell.colspan
            if _is_empty(cell):
                continue
            named.update(under)
            label = _labelled([heads[n] for n in under])
            if under.start == 0:
                title = (*label, i.Strong(cell.children))
                content.append(b.Paragraph(title, classes=("row",), line=cell.line))
            else:
                item = b.Paragraph((*label, *cell.children))
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


def _in_rows(gallery: b.Gallery) -> b.Gallery:
    """A gallery that says how many pictures stand beside one another."""
    count = len(gallery.figures)
    beside = 2 if count in (2, 4) else min(count, _IN_A_ROW)
    return msgspec.structs.replace(gallery, classes=(*gallery.classes, f"of-{beside}"))
