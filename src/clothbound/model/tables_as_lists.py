"""Converts tables that are too wide for the page into lists."""

from __future__ import annotations

from . import blocks as b
from . import inlines as i
from .grid import Grid, Heads, Placed, again, grid_of, is_empty


def stack_table(table: b.Table) -> b.Group:
    """Returns a table as lists: the first cell of a row is the title of the others, each after its head.

    A cell that covers all columns, or all but the first, needs no head. Heads that label no cell come first,
    so that none is lost. Repeated content, a head at each of its cells or a cell at each of its rows, has
    no ids, notes and links.
    """
    grid = grid_of(table)
    heads = Heads(grid)
    rows = [row for row in _full_rows(grid) if not all(is_empty(placed.cell) for placed in row)]
    filled_columns = {
        n for row in rows for placed in row if not is_empty(placed.cell) for n in placed.columns
    }
    standing: set[int] = set()
    content: list[b.Block] = []
    for row in rows:
        title: b.Paragraph | None = None
        items: list[b.ListItem] = []
        for placed in row:
            cell = placed.cell
            if is_empty(cell):
                label = _label(heads.over(n for n in placed.columns if n not in filled_columns))
                if label:
                    items.append(b.ListItem((b.Paragraph((*label, i.Text("\u2013"))),)))
                continue
            label = () if _is_across(placed, grid) else _label(heads.over(placed.columns))
            words = again(cell.children) if id(cell) in standing else cell.children
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


def _full_rows(grid: Grid) -> list[list[Placed]]:
    """Returns the rows of the body with all cells that cover them, and an empty cell for the columns after these."""
    rows = []
    for number, row in enumerate(grid.standing(grid.rows)):
        end = row[-1].columns.stop if row else 0
        after = [Placed(b.Cell(), end, number, grid.columns - end)] if end < grid.columns else []
        rows.append([*row, *after])
    return rows


def _label(head: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    return (i.Emphasis(head), i.Text(": ")) if head else ()


def _is_across(placed: Placed, grid: Grid) -> bool:
    under = placed.columns
    return len(under) > 1 and under.start <= 1 and under.stop == grid.columns
