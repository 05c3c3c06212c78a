"""Tables that are drawn: held against Pandoc, and random grids read back."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any, NamedTuple

import pypandoc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clothbound.model import blocks as b
from clothbound.model.plain_text import plain_text
from clothbound.model.walk import walk
from clothbound.readers.markdown.text_nodes import parse_markdown

TABLES = {
    "grid with spans in head and body": """\
+----------+------------------+------+
| Harbour  | Arrivals         | Sum  |
|          +--------+---------+      |
|          | spring | autumn  |      |
+==========+========+=========+======+
| Lerwick  | 3      | 14      | 17   |
+----------+--------+---------+------+
| Stromness and Kirkwall      | 9    |
|                             +------+
|                             | 12   |
+-----------------------------+------+
""",
    "grid with wide characters": """\
+----------+--------+
| 港       | 隻數   |
+:=========+=======:+
| 基隆 *K* | 十二   |
+----------+--------+
| 한국어   | ｱｲｳ    |
+----------+--------+
""",
    "grid with marks that take no column": """\
+--------+------+
| Müller | e\u0301te\u0301  |
+--------+------+
| naïve  | \u05e9\u05b8\u05c1    |
+--------+------+
""",
    "grid with emoji": """\
+------+-------+
| 🚢   | ships |
+------+-------+
| 🐟🐟 | fish  |
+------+-------+
""",
    "grid with blocks in cells": """\
+-----------------+------------------+
| List            | Code             |
+=================+==================+
| - bread         | ``` python       |
| - butter        | knead(dough)     |
|                 | rest(60)         |
| First words.    | ```              |
|                 |                  |
| Second words.   | > quoted         |
+-----------------+------------------+
""",
    "grid without a head": """\
+---+---+
| a | b |
|   |   |
| c | d |
+---+---+
""",
    "grid with a foot": """\
+------+-----+
| Item | kg  |
+======+=====+
| Salt | 4   |
+------+-----+
| Rye  | 11  |
+======+=====+
| Sum  | 15  |
+======+=====+
""",
    "grid that ends in a rule of equals signs": """\
+------+-----+
| Salt | 4   |
+======+=====+
| Sum  | 15  |
+======+=====+
""",
    "grid with colons and no head": """\
+:-----+:---:+----:+
| Salt | 4   | x   |
+------+-----+-----+
""",
    "grid with colons in the head": """\
+-------+--------+------+-----+
| Left  | Middle | Right| Non |
+:======+:======:+=====:+=====+
| a     | b      | c    | d   |
+-------+--------+------+-----+
""",
    "grid with a caption above": """\
Table: Ports and *their* ships {#tbl-ports .striped}

+---+---+
| a | b |
+---+---+
""",
    "grid with a caption below": """\
+---+---+
| a | b |
+---+---+

: Ports {.striped note="x y"}
""",
    "simple": """\
  Right     Left     Center     Default
-------     ------ ----------   -------
     12     12        12            12
    123     123       123          123

Table: Caption
""",
    "simple that ends in dashes": """\
Name    Age
------  ---
Ada     36
Grace
------  ---
""",
    "simple without a head": """\
-------     ------ ----------   -------
     12     12        12             12
    123     123       123           123
-------     ------ ----------   -------
""",
    "simple with wide characters": """\
名前    年  Ort
------  --- -------
太郎    36  Zürich
花      7   Kyoto
""",
    "multiline": """\
-------------------------------------------------------------
 Centered   Default           Right Left
  Header    Aligned         Aligned Aligned
----------- ------- --------------- -------------------------
   First    row                12.0 Example of a row that
                                    spans *multiple lines*.

  Second    row                 5.0 Here is another one.
-------------------------------------------------------------

Table: Caption over
two lines. {#tbl-many}
""",
    "multiline without a head": """\
----------- ------- --------------- -------------------------
   First    row                12.0 Example of a row that
                                    spans multiple lines.

  Second    row                 5.0 Here is another one.
----------- ------- --------------- -------------------------

: Caption
""",
    "pipe with a caption above": """\
Table: Above {#tbl-a}

| a | b |
|:--|--:|
| c | d |
""",
}


class Read(NamedTuple):
    head: list[list[tuple[str, int, int]]]
    rows: list[list[tuple[str, int, int]]]
    """By cell its words, its columns and its rows."""
    alignments: list[str]
    caption: str
    id: str
    classes: tuple[str, ...]


def _words(text: str) -> str:
    return " ".join(re.sub("[•\u2018\u2019\u201c\u201d]", " ", text).split())


def _ours(table: b.Table) -> Read:
    def cells(rows: tuple[tuple[b.Cell, ...], ...]) -> list[list[tuple[str, int, int]]]:
        return [[(_words(plain_text(c)), c.colspan, c.rowspan) for c in row] for row in rows]

    return Read(
        cells(table.head),
        cells(table.rows),
        list(table.alignments) or [""] * _columns(table),
        _words(plain_text(table.caption)),
        table.id,
        table.classes,
    )


def _columns(table: b.Table) -> int:
    first = (*table.head, *table.rows)[0]
    return sum(cell.colspan for cell in first)


def _pandocs(node: dict[str, Any]) -> Read:
    (name, classes, _), caption, columns, head, bodies, foot = node["c"]

    def cells(rows: list[Any]) -> list[list[tuple[str, int, int]]]:
        return [[(_words(_text(c[4])), c[3], c[2]) for c in row[1]] for row in rows]

    names = {"AlignDefault": ""}
    return Read(
        cells(head[1]),
        [row for body in bodies for row in cells([*body[2], *body[3]])] + cells(foot[1]),
        [names.get(c[0]["t"], c[0]["t"].removeprefix("Align").lower()) for c in columns],
        _words(_text(caption[1])),
        name,
        tuple(classes),
    )


def _text(node: Any) -> str:
    """The words of a tree as Pandoc writes it in JSON."""
    if isinstance(node, list):
        return "".join(map(_text, node))
    if not isinstance(node, dict):
        return ""
    match node["t"]:
        case "Str":
            return str(node["c"])
        case "Space" | "SoftBreak" | "LineBreak":
            return " "
        case "CodeBlock" | "Code":
            return f" {node['c'][1]} "
        case _:
            return f" {_text(node.get('c', []))} " if node["t"] in _BLOCKS else _text(node.get("c"))


_BLOCKS = frozenset(("Plain", "Para", "BulletList", "BlockQuote"))


@pytest.mark.parametrize("source", TABLES.values(), ids=TABLES)
def test_reads_tables_as_pandoc_does(source: str) -> None:
    body, _, _ = parse_markdown(source)
    theirs = json.loads(pypandoc.convert_text(source, "json", "markdown"))["blocks"]
    assert [type(block) for block in body] == [b.Table]
    assert [block["t"] for block in theirs] == ["Table"]
    assert isinstance(body[0], b.Table)
    assert _ours(body[0]) == _pandocs(theirs[0])


WORDS = ("a", "pear", "日本", "é", "e\u0301", "🚢", "👩\u200d👩\u200d👧", "x y z", "*b*", "", "1.")


class Area(NamedTuple):
    """A cell of a grid: its first row and column, and those behind its last."""

    top: int
    left: int
    bottom: int
    right: int
    text: str


@st.composite
def grids(draw: st.DrawFn) -> tuple[int, list[Area]]:
    """The number of rows of a head, and cells that cover a grid and do not reach over the head's end."""
    rows, columns = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    head = draw(st.integers(0, rows - 1))
    taken: set[tuple[int, int]] = set()
    cells = []
    for row, column in itertools.product(range(rows), range(columns)):
        if (row, column) in taken:
            continue
        most = head if row < head else rows
        right = column + 1
        while right < columns and (row, right) not in taken and draw(st.integers(0, 2)) == 2:
            right += 1
        bottom = row + 1
        while bottom < most and draw(st.integers(0, 2)) == 2:
            bottom += 1
        area = set(itertools.product(range(row, bottom), range(column, right)))
        assert not area & taken
        taken |= area
        cells.append(Area(row, column, bottom, right, draw(st.sampled_from(WORDS))))
    return head, cells


_WIDTH = 8
"""Of a column, in characters; the widest of WORDS and two spaces fit in."""


def draw_grid(head: int, cells: list[Area]) -> str:
    """A grid table as Pandoc has it; each row is two lines high."""
    rows, columns = max(c.bottom for c in cells), max(c.right for c in cells)
    canvas = [[" "] * (columns * _WIDTH + 1) for _ in range(rows * 3 + 1)]
    for cell in cells:
        top, left = cell.top * 3, cell.left * _WIDTH
        bottom, right = cell.bottom * 3, cell.right * _WIDTH
        for x in range(left, right + 1):
            for y in (top, bottom):
                if canvas[y][x] != "+":
                    canvas[y][x] = "=" if y == head * 3 and y else "-"
        for y in range(top, bottom + 1):
            for x in (left, right):
                if canvas[y][x] != "+":
                    canvas[y][x] = "|"
        for y, x in itertools.product((top, bottom), (left, right)):
            canvas[y][x] = "+"
        for at, character in enumerate(_shown(cell.text)):
            canvas[top + 1][left + 2 + at] = character
    return "\n".join("".join(line) for line in canvas) + "\n"


def _shown(text: str) -> list[str]:
    """A text by its columns."""
    if text == "日本":
        return ["日", "", "本", ""]
    if text in ("🚢", "👩\u200d👩\u200d👧"):
        return [text, ""]
    return [text] if text == "e\u0301" else list(text)


@given(grids())
@settings(max_examples=200)
def test_a_grid_is_read_back(grid: tuple[int, list[Area]]) -> None:
    head, cells = grid
    source = draw_grid(head, cells)
    body, _, findings = parse_markdown(source)
    assert findings == [], source
    assert len(body) == 1 and isinstance(body[0], b.Table), source
    rows = sorted({c.top for c in cells})
    columns = sorted({c.left for c in cells})
    expected = [
        [
            (
                c.text.strip("*"),
                sum(c.left <= at < c.right for at in columns),
                sum(c.top <= at < c.bottom for at in rows),
            )
            for c in cells
            if c.top == row
        ]
        for row in rows
    ]
    read = _ours(body[0])
    assert [*read.head, *read.rows] == expected, source
    assert len(read.head) == sum(row < head for row in rows), source


@given(st.lists(st.sampled_from([*"+-=|: ab日", "\n|", "\n+"]), max_size=60).map("".join))
@settings(max_examples=500)
def test_what_looks_like_a_grid_keeps_its_words(text: str) -> None:
    body, _, _ = parse_markdown(f"+---+---+\n| a | b{text}\n+---+---+\n")
    assert plain_text(body).count("a") >= text.count("a")
    assert plain_text(body).count("日") == text.count("日")
    assert all(node.colspan > 0 < node.rowspan for node in walk(body) if isinstance(node, b.Cell))
