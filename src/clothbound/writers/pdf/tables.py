"""Decides which tables fit on paper, which become lists, and which stay on one page."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element

from ...context import Context
from ...diagnostics import Outcome
from ...html.read.block_builders import cell_span
from ...lazy_pattern import lazy_pattern
from ...math.tex_to_mathml import to_mathml
from ...math.width import width_of
from ...model import blocks as b
from ...model.grid import Grid, grid_of
from ...model.inlines import Math, Text
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.post import Post
from ...model.tables_as_lists import stack_table
from ...model.walk import children, rewrite, walk
from .page_format import PageFormat
from .theme import NARROWEST, Theme

# A table of at most this many lines stays on one page; a line holds about this many letters in all
# columns together.
_SHORT_LINES, _TABLE_LINE = 10, 85
# A row of more lines than this, about half of the smallest page, may be divided between pages.
_TALL_ROW = 20
TALL = "tall"
"""The class of a row that may be higher than a page."""
# A table of more columns is set in smaller type.
_MANY_COLUMNS = 6
_TOO_WIDE = (
    "a table of {columns} columns was written as a list for each row, since its words do not fit side by side on"
    " the page"
)
# The approximate widths in em of letters and figures in a table.
_LETTER, _CAPITAL, _NARROW, _BROAD = 0.58, 0.7, 0.36, 0.93
_NARROW_LETTERS, _BROAD_LETTERS = frozenset("fijlrtI.,:;'!|()[]-"), frozenset("mwMW@%")
# The factor by which letters are narrower in the small sans serif head of a table of many columns.
_SMALL_HEAD = 0.86
# The number of letters of a word that a column holds on one line; longer words are hyphenated.
_UNBROKEN = 12
# Splits a word after the signs at which a line may end.
_PIECE = lazy_pattern(r"[^/._?&=:,;~%+#-]*[/._?&=:,;~%+#-]*")


def _fits(grid: Grid, room: float, page: PageFormat, theme: Theme) -> bool:
    """Whether every column can be as wide as its padding, its longest word and its widest formula.

    Long words may be hyphenated or broken after a sign. The line has ``room`` points.
    """
    widths = [0.0] * grid.columns
    many = grid.columns > _MANY_COLUMNS
    for rows, share in ((grid.head, _SMALL_HEAD if many else 1.0), (grid.rows, 1.0)):
        for placed in itertools.chain.from_iterable(rows):
            if placed.width == 1:
                formulas, words = _formulas_and_words(placed.cell)
                widest = max(map(_width, words), default=0.0) * share
                widths[placed.column] = max(widths[placed.column], widest, *formulas)
    kind = theme.wide_table_type(page) if many else theme.table
    gaps = grid.columns * theme.column_padding(page, is_wide=many)
    return sum(widths) * kind.size * page.size + gaps <= room


def _formulas_and_words(cell: b.Cell) -> tuple[list[float], list[str]]:
    """Returns the widths in em of the formulas of a cell, which are not broken, and its words."""
    formulas: list[float] = []

    def take(node: Node) -> Text:
        assert isinstance(node, Math)
        mathml = to_mathml(node.tex, False)
        if mathml is None:
            return Text(node.tex)
        formulas.append(width_of(mathml))
        return Text("")

    if any(isinstance(node, Math) for node in walk(cell)):
        cell = rewrite(cell, take, {Math})
    return formulas, plain_text(cell).split()


def _width(word: str) -> float:
    """Returns the width in em of the longest part of ``word`` that is not broken."""
    pieces = [word] if len(word) <= _UNBROKEN else _PIECE.findall(word)
    return max(sum(map(_letter, piece[:_UNBROKEN])) for piece in pieces)


def _letter(letter: str) -> float:
    if letter in _NARROW_LETTERS:
        return _NARROW
    if letter in _BROAD_LETTERS:
        return _BROAD
    return _CAPITAL if letter.isupper() else _LETTER


_INDENTED: dict[type[Node], str] = {
    b.Quote: "blockquote",
    b.PullQuote: "pullquote",
    b.List: "ul",
    b.DefinitionList: "dd",
    b.Callout: "callout",
}
"""The keys of ``Theme.indents`` for blocks of the model."""


def list_wide_tables(post: Post, page: PageFormat, theme: Theme, context: Context) -> Post:
    """Returns ``post`` with each table that does not fit written as a list for each row, and
    reports it.
    """
    indents = {kind: theme.indents()[name] * page.size for kind, name in _INDENTED.items()}
    room = {id(table): width for table, width in _tables(_blocks(post), page.measure, indents)}
    if not room:
        return post

    def visit(node: Node) -> Node:
        assert isinstance(node, b.Table)
        grid = grid_of(node)
        if _fits(grid, room[id(node)], page, theme):
            return node
        context.account(Outcome.SIMPLIFIED, post, node, _TOO_WIDE.format(columns=grid.columns))
        return stack_table(node)

    result: Post = rewrite(post, visit, {b.Table})
    return result


def _blocks(post: Post) -> Iterator[Node]:
    yield from post.body
    for note in post.footnotes:
        yield from note.children


def _tables(
    nodes: Iterable[Node], room: float, indents: Mapping[type[Node], float]
) -> Iterator[tuple[b.Table, float]]:
    """Yields the tables below ``nodes`` and the width in points that each may have."""
    for node in nodes:
        if isinstance(node, b.Table):
            yield node, room
        elif type(node) is not b.Paragraph:
            inner = max(room - indents.get(type(node), 0.0), NARROWEST)
            yield from _tables(children(node), inner, indents)


def mark_tables(chapter: Element) -> None:
    """Classifies tables: those of many columns get smaller type, and short ones stay on one page.

    Rows that may be higher than a page have the class ``TALL``.
    """
    for table in chapter.iter("table"):
        rows = list(table.iter("tr"))
        columns = max(
            (sum(cell_span(cell.get("colspan", "")) for cell in row) for row in rows), default=0
        )
        classes = [table.get("class", "")]
        if columns > _MANY_COLUMNS:
            classes.append("wide")
        if columns and sum(_lines(row, _TABLE_LINE // columns) for row in rows) <= _SHORT_LINES:
            classes.append("short")
        for row in rows:
            if columns and _lines(row, _TABLE_LINE // columns) > _TALL_ROW:
                row.set("class", f"{row.get('class', '')} {TALL}".strip())
        if named := " ".join(filter(None, classes)):
            table.set("class", named)


def _lines(row: Element, letters: int) -> int:
    """Estimates the lines of a row whose columns hold ``letters`` each."""
    return max((1 + len("".join(cell.itertext())) // (letters + 1) for cell in row), default=0)
