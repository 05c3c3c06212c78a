"""Tests the grid of a table, and that no other module computes one."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import clothbound
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.grid import Grid, Heads, Rows, grid_of
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Metadata, Post
from clothbound.model.tables_as_lists import stack_table
from clothbound.substack.tables import table_as_list

SOURCES = Path(clothbound.__file__).parent
OWN_SPANS = {"model/grid.py", "writers/markdown/blocks.py"}
"""The grid, and the writer that keeps a table's own spans, true or not, for whoever reads them back."""


def cell(text: str, colspan: int = 1, rowspan: int = 1) -> b.Cell:
    return b.Cell((i.Text(text),) if text else (), colspan, rowspan)


def row(*texts: str) -> tuple[b.Cell, ...]:
    return tuple(cell(text) for text in texts)


CLIMATE = b.Table(
    (
        (cell("Property", 1, 2), cell("Earth", 2), cell("Source", 1, 2)),
        row("day", "night"),
    ),
    (
        (cell("Heat", 1, 2), *row("min", "mean", "A")),
        row("max", "none", "B"),
        (cell("Rain", 2), *row("much", "C")),
        row("Wind", "x", "y"),
    ),
    ("left", "right", "center", ""),
)


def places(rows: Rows) -> list[list[tuple[str, int, int, int]]]:
    return [[(plain_text(p.cell), p.column, p.width, p.height) for p in row] for row in rows]


def test_a_cell_takes_the_first_column_that_none_from_above_takes() -> None:
    grid = grid_of(CLIMATE)
    assert grid.columns == 4
    assert places(grid.head) == [
        [("Property", 0, 1, 2), ("Earth", 1, 2, 1), ("Source", 3, 1, 2)],
        [("day", 1, 1, 1), ("night", 2, 1, 1)],
    ]
    assert places(grid.rows)[1:3] == [
        [("max", 1, 1, 1), ("none", 2, 1, 1), ("B", 3, 1, 1)],
        [("Rain", 0, 2, 1), ("much", 2, 1, 1), ("C", 3, 1, 1)],
    ]
    assert [grid.alignment(placed) for placed in grid.rows[1]] == ["right", "center", ""]


def test_spans_end_at_other_cells_and_at_the_end_of_their_part() -> None:
    table = b.Table(
        (), ((cell("a"), cell("b", 1, 9), cell("c", 7)), (cell("d", 5, 5), cell("e"))), ("left",)
    )
    grid = grid_of(table)
    assert places(grid.rows) == [
        [("a", 0, 1, 1), ("b", 1, 1, 2), ("c", 2, 1, 1)],
        [("d", 0, 1, 1), ("e", 2, 1, 1)],
    ]
    assert grid.alignments == ("left", "", "")


def test_columns_in_which_no_cell_begins_are_none() -> None:
    table = b.Table(((cell("Title", 1000),),), (row("a", "b"), (cell("c", 2),)))
    grid = grid_of(table)
    assert grid.columns == 2
    assert places((*grid.head, *grid.rows)) == [
        [("Title", 0, 2, 1)],
        [("a", 0, 1, 1), ("b", 1, 1, 1)],
        [("c", 0, 2, 1)],
    ]


cells = st.builds(
    cell, st.sampled_from("abc"), st.sampled_from((0, 1, 1, 2, 3, 1000)), st.integers(0, 4)
)
parts = st.lists(st.lists(cells, max_size=4).map(tuple), max_size=5).map(tuple)


@given(parts, parts)
def test_every_grid_is_whole(
    head: tuple[tuple[b.Cell, ...], ...], rows: tuple[tuple[b.Cell, ...], ...]
) -> None:
    grid = grid_of(b.Table(head, rows))
    begun = {placed.column for row in (*grid.head, *grid.rows) for placed in row}
    assert begun == set(range(grid.columns))
    for given_rows, placed_rows in ((head, grid.head), (rows, grid.rows)):
        assert [[p.cell for p in row] for row in placed_rows] == [list(row) for row in given_rows]
        whole = grid.whole(placed_rows)
        assert covered(grid, whole) == Counter(
            {(r, c): 1 for r in range(len(given_rows)) for c in range(grid.columns)}
        )
        standing = [[p.columns for p in row] for row in grid.standing(placed_rows)]
        for columns in standing:
            flat = [column for run in columns for column in run]
            assert flat == sorted(set(flat))


def covered(grid: Grid, rows: list[list[object]]) -> Counter[tuple[int, int]]:
    return Counter(
        (number + down, column)
        for number, row in enumerate(rows)
        for placed in row
        for down in range(placed.height)  # type: ignore[attr-defined]
        for column in placed.columns  # type: ignore[attr-defined]
    )


def test_spans_that_claim_too_much_take_no_time() -> None:
    wide = tuple(cell("x", 1000, 1000) for _ in range(100))
    grid = grid_of(b.Table((), (wide,) * 200))
    assert grid.columns == 20_000
    assert sum(map(len, grid.rows)) == 20_000


# tables that are said


def said(table: b.Table, form: str) -> list[str]:
    if form == "substack":
        return [line for line in plain_text(table_as_list(table)).split("\n\n") if line]
    return [line for line in plain_text(stack_table(table)).split("\n\n") if line]


def test_heads_without_words_are_not_said() -> None:
    heads = ((cell("Year", 1, 2), cell("Weather", 2)), row("", "Wind"))
    said = Heads(grid_of(b.Table(heads, (row("2021", "9", "4"),))))
    found = [plain_text(said.over((column,))) for column in range(3)]
    assert found == ["Year", "Weather", "Weather, Wind"]
    assert said.never_said() == []


def test_a_wide_table_as_a_list_has_every_word_under_its_own_head() -> None:
    assert said(CLIMATE, "stacked") == [
        "Property: Heat",
        "Earth, day: min",
        "Earth, night: mean",
        "Source: A",
        "Property: Heat",
        "Earth, day: max",
        "Earth, night: none",
        "Source: B",
        "Property, Earth, day: Rain",
        "Earth, night: much",
        "Source: C",
        "Property: Wind",
        "Earth, day: x",
        "Earth, night: y",
    ]


def test_a_table_as_substacks_list_has_every_word_under_its_own_head() -> None:
    assert said(CLIMATE, "substack") == [
        "Property: Heat; Earth, day: min; Earth, night: mean; Source: A",
        "Property: Heat; Earth, day: max; Earth, night: none; Source: B",
        "Property, Earth, day: Rain; Earth, night: much; Source: C",
        "Property: Wind; Earth, day: x; Earth, night: y",
    ]


@pytest.mark.parametrize("form", ["stacked", "substack"])
def test_where_spans_meet_no_word_comes_under_the_wrong_head(form: str) -> None:
    """A cell that claims more columns than are free pushed all that follow under other heads."""
    table = b.Table(
        (row("A", "B", "C", "D"),),
        (
            (*row("1", "2"), cell("3", 1, 3), *row("4")),
            (cell("5", 3), *row("6")),
            row("7", "8", "9"),
        ),
    )
    text = "\n".join(said(table, form))
    assert "A, B: 5" in text
    assert "D: 6" in text
    assert "C: 3" in text
    assert "D: 9" in text


def test_alignment_follows_the_column_in_html() -> None:
    written = clothbound.to_html(Post(Metadata(key="k", title="T"), (CLIMATE,)))
    assert '<td class="align-right">max</td><td class="align-center">none</td>' in written


# one grid


def test_no_other_module_reads_the_spans_of_cells() -> None:
    readers = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("colspan", "rowspan"):
                readers.add(path.relative_to(SOURCES).as_posix())
    assert readers == OWN_SPANS
