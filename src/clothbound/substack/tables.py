"""Writes tables as lists, since Substack has no tables: an item for each row, with labelled
cells.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model import blocks as b
from ..model import inlines as i
from ..model.check import canonical_inlines
from ..model.grid import Heads, again, grid_of, is_empty


def table_as_list(table: b.Table) -> tuple[b.Block, ...]:
    """Returns the caption of ``table`` and a list of its rows.

    A cell follows the heads of its columns, in every row that it spans. Text of the head that
    labels no cell becomes paragraphs, so that no word is lost.
    """
    grid = grid_of(table)
    heads = Heads(grid)
    standing: set[int] = set()
    items = []
    for row in grid.standing(grid.rows):
        content: list[i.Inline] = []
        for placed in row:
            cell = placed.cell
            if is_empty(cell):
                continue
            if content:
                content.append(i.Text("; "))
            if label := heads.over(placed.columns):
                content += [i.Strong(_strip_marks(label)), i.Text(": ")]
            content += again(cell.children) if id(cell) in standing else cell.children
            standing.add(id(cell))
        items.append(b.ListItem(_paragraphs(content), line=table.line))
    blocks: list[b.Block] = [*_paragraphs(table.caption)]
    blocks += [paragraph for head in heads.never_said() for paragraph in _paragraphs(head)]
    if items:
        blocks.append(b.List(tuple(items), line=table.line))
    return tuple(blocks)


def _paragraphs(content: Sequence[i.Inline]) -> tuple[b.Paragraph, ...]:
    return (b.Paragraph(canonical_inlines(content)),) if content else ()


def _strip_marks(label: tuple[i.Inline, ...]) -> tuple[i.Inline, ...]:
    """Removes emphasis from a label, since labels are emphasized anyway."""
    if len(label) == 1 and isinstance(label[0], i.Strong):
        return label[0].children
    return label
