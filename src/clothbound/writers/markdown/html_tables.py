"""Writes the rows of a table as HTML, for tables that a pipe table cannot hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ...model.grid import Grid, Placed


def html_rows(grid: Grid, write_cell: Callable[[str, Placed, str], str]) -> Iterator[str]:
    """Yields the lines between the tags of a table.

    ``write_cell`` gets the name of the cell's element, the cell in its place, and its alignment,
    which is empty where there is none.
    """
    for part, name, rows in (("thead", "th", grid.head), ("tbody", "td", grid.rows)):
        if not rows:
            continue
        yield f"<{part}>"
        for row in rows:
            yield "<tr>"
            for placed in row:
                yield write_cell(name, placed, grid.alignment(placed))
            yield "</tr>"
        yield f"</{part}>"
