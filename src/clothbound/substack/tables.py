"""Tables, for which Substack has no block, as lists: an item for each row, its cells with their labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from ..model import blocks as b
from ..model import inlines as i
from ..model.check import canonical_inlines

Row: TypeAlias = tuple[b.Cell, ...]

_WIDEST = 1000
"""Columns behind which spans no longer count: a table says how far a cell reaches, true or not."""


def placed(rows: Sequence[Row]) -> list[list[tuple[int, b.Cell]]]:
    """Every row's cells with the columns (from 0) that they begin in, by colspan and rowspan."""
    covered: dict[int, int] = {}
    """By column, over how many rows, this one first, a cell above reaches."""
    result = []
    for row in rows:
        column = 0
        cells = []
        below = {at: left - 1 for at, left in covered.items() if left > 1}
        for cell in row:
            while covered.get(column):
                column += 1
            cells.append((column, cell))
            end = column + cell.colspan
            if cell.rowspan > 1:
                below |= dict.fromkeys(range(column, min(end, _WIDEST)), cell.rowspan - 1)
            column = end
        covered = below
        result.append(cells)
    return result


def table_as_list(table: b.Table) -> tuple[b.Block, ...]:
    """The blocks that say what ``table`` says: its caption, and a list of its rows.

    A cell stands behind its column's label, which is in the last row of the head. What stands in
    the head and labels no cell becomes paragraphs, so that no word is lost.
    """
    head = placed(table.head)
    above, below = (head[:-1], head[-1]) if head else ([], [])
    labels = {
        column: cell
        for start, cell in below
        for column in range(start, min(start + cell.colspan, _WIDEST))
    }
    said: set[int] = set()
    items = []
    for row in placed(table.rows):
        content: list[i.Inline] = []
        for column, cell in row:
            if not cell.children:
                continue
            if content:
                content.append(i.Text("; "))
            label = labels.get(column)
            if label is not None and label.children:
                said.add(id(label))
                content += [i.Strong(_unmarked(label.children)), i.Text(": ")]
            content += cell.children
        items.append(b.ListItem(_paragraphs(content), line=table.line))
    loose = [cell for row in above for _, cell in row]
    loose += [cell for _, cell in below if id(cell) not in said]
    blocks: list[b.Block] = [*_paragraphs(table.caption)]
    blocks += [paragraph for cell in loose for paragraph in _paragraphs(cell.children)]
    if items:
        blocks.append(b.List(tuple(items), line=table.line))
    return tuple(blocks)


def _paragraphs(content: Sequence[i.Inline]) -> tuple[b.Paragraph, ...]:
    return (b.Paragraph(canonical_inlines(content)),) if content else ()


def _unmarked(label: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    """A label without the emphasis that it gets anyway."""
    if len(label) == 1 and isinstance(label[0], i.Strong):
        return label[0].children
    return label
