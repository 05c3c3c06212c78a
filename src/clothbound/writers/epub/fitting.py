"""A post made fit for reading systems: tables that are too wide as lists, galleries in rows, lines of
verse that hang where they are too long.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from ...context import Context
from ...destinations import Destination
from ...diagnostics import Outcome
from ...model import blocks as b
from ...model import inlines as i
from ...model.node import Node
from ...model.post import Post
from ...model.walk import plain_text, rewrite

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
    """A table as lists: each row's first cell stands over the others, these after their heads."""
    heads = _heads(table)
    content: list[b.Block] = []
    if table.caption:
        content.append(b.Paragraph(table.caption, classes=("caption",)))
    for row in _upright(table.rows):
        if not row:
            continue
        first, *others = row
        if plain_text(first):
            title = b.Paragraph((i.Strong(first.children),), classes=("row",), line=first.line)
            content.append(title)
        items = []
        column = first.colspan
        for cell in others:
            head = heads[column] if column < len(heads) else ()
            column += cell.colspan
            if not plain_text(cell) and not cell.children:
                continue
            label = (*_labelled(head), *cell.children)
            items.append(b.ListItem((b.Paragraph(label),), line=cell.line))
        if items:
            content.append(b.List(tuple(items)))
    return b.Group(
        tuple(content),
        id=table.id,
        classes=("stacked", *table.classes),
        attributes=table.attributes,
        line=table.line,
    )


def _labelled(head: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    return (i.Emphasis(head), i.Text(": ")) if head else ()


def _heads(table: b.Table) -> list[tuple[i.Inline, ...]]:
    """What stands over each column: the cells of all rows of the head, from above."""
    heads: list[tuple[i.Inline, ...]] = []
    for row in _upright(table.head):
        column = 0
        for cell in row:
            for _ in range(cell.colspan):
                if column == len(heads):
                    heads.append(())
                if plain_text(cell):
                    before = (*heads[column], i.Text(", ")) if heads[column] else ()
                    heads[column] = (*before, *cell.children)
                column += 1
    return heads


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
