"""Parses Pandoc's simple and multiline tables, whose columns are marked by a line of dashes.

A simple table has its head above such a line, or no head and a second line of dashes at its end;
each line is a row. A multiline table is enclosed by lines of dashes and separates its rows by blank
lines. A column is aligned by the position of its first text over its dashes.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ...lazy_pattern import lazy_pattern
from ..text_columns import MEASURES, Columns
from .parser import LineBlockParser, LineState
from .tables import CellSource, RowSource, TableSource, add_table

_DASHES = lazy_pattern(r"-+")
_RULE = lazy_pattern(r" *-{2,}(?: +-{2,})* *")
_NOT_READ = "words of a table extend beyond their columns; it was kept as a code block"


class _Line(NamedTuple):
    number: int
    text: str


class _Dashes(NamedTuple):
    """The starts and the lengths of the columns of a line of dashes."""

    starts: list[int]
    lengths: list[int]

    def cells(self, line: str) -> list[str]:
        """Splits ``line`` into columns. Text left of the first column belongs to the first."""
        columns = self._columns(line)
        edges = [0, *self.starts[1:], max(len(columns), self.starts[-1])]
        return ["".join(columns[a:b]) for a, b in itertools.pairwise(edges)]

    def fit(self, line: str) -> bool:
        """Whether no word of ``line`` crosses the space before a column."""
        return self._is_clear(self._columns(line))

    def alignment(self, column: int, lines: list[str]) -> str:
        """Returns the alignment of a column, by the shortest text of ``lines`` in it (Pandoc's
        rule).
        """
        start, length = self.starts[column], self.lengths[column]
        end = self.starts[column + 1] if column + 1 < len(self.starts) else None
        parts = ["".join(self._columns(line)[start:end]).rstrip() for line in lines]
        shortest = min(filter(None, parts), key=len, default="")
        if not shortest:
            return ""
        is_set_in, is_short = shortest[0] == " ", len(shortest) < length
        return {(True, True): "center", (True, False): "right", (False, True): "left"}.get(
            (is_set_in, is_short), ""
        )

    def _columns(self, line: str) -> Columns:
        if line.isascii():
            return list(line)
        measured = [measure(line) for measure in MEASURES]
        return next(filter(self._is_clear, measured), measured[0])

    def _is_clear(self, columns: Columns) -> bool:
        return all(columns[start - 1 : start] in ([], [" "]) for start in self.starts[1:])


def _dashes_of(line: str) -> _Dashes:
    spans = [found.span() for found in _DASHES.finditer(line)]
    return _Dashes([a for a, _ in spans], [b - a for a, b in spans])


def parse_simple_table(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a simple table with a head; it ends at a blank line or a line of dashes."""
    if state.tokens and state.tokens[-1]["type"] == "paragraph":
        return None
    head = m.group(0).rstrip("\n").expandtabs(4)
    rule = state.get_line(m.end())
    dashes = _dashes_of(rule)
    first = state.line_at(m.start())
    rows: list[RowSource] = []
    position = m.end() + len(rule)
    for line, end in _lines(state, position, first + 2):
        position = end
        if not line.text or _RULE.fullmatch(line.text):
            break
        rows.append((line.number, _texts(dashes, line)))
    alignments = [dashes.alignment(n, [head]) for n in range(len(dashes.starts))]
    table = TableSource([(first, _texts(dashes, _Line(first, head)))], rows, alignments)
    return add_table(block, state, table, position)


def parse_ruled_table(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a table that begins with a rule: a multiline one, or a simple one without a head."""
    if state.tokens and state.tokens[-1]["type"] == "paragraph":
        return None
    first = state.line_at(m.start())
    found = _read_ruled(state, m.group(0).rstrip(), m.end(), first)
    if found is None:
        return None
    dashes, head, rows, has_blank, position = found
    if not all(dashes.fit(line.text) for line in itertools.chain(head, *rows)):
        if not head:
            # These are thematic breaks with prose between them.
            return None
        state.env["repairs"].append((first, _NOT_READ))
        raw = state.src[m.start() : position].rstrip("\n")
        state.append_token({"type": "block_code", "raw": raw, "style": "indent"})
        return position
    if not head and not has_blank:
        rows = [[line] for line in rows[0]]
    return _add(block, state, dashes, head, rows, position)


class _RuledLines(NamedTuple):
    """The lines of a table that begins with a rule."""

    dashes: _Dashes
    head: list[_Line]
    rows: list[list[_Line]]
    has_blank: bool
    """Whether blank lines separate the rows."""
    end: int


def _read_ruled(state: LineState, rule: str, position: int, first: int) -> _RuledLines | None:
    """Reads the lines below ``rule``, which is on line ``first``; None if they are not a table."""
    head: list[_Line] = []
    if len(_DASHES.findall(rule)) == 1:
        found = _read_head(state, position, first + 1)
        if found is None:
            return None
        head, rule, position = found
    rows: list[list[_Line]] = [[]]
    is_closed = False
    for line, end in _lines(state, position, first + 1 + len(head) + bool(head)):
        position = end
        if line.text and _RULE.fullmatch(line.text):
            is_closed = not state.get_line(position).strip()
            break
        if line.text:
            rows[-1].append(line)
        elif rows[-1]:
            rows.append([])
    has_blank = len(rows) > 1
    rows = [row for row in rows if row]
    if not is_closed or not rows:
        return None
    return _RuledLines(_dashes_of(rule), head, rows, has_blank, position)


def _read_head(state: LineState, position: int, number: int) -> tuple[list[_Line], str, int] | None:
    """Reads the lines up to the rule that marks the columns.

    Returns them, the rule and the position after it; None if there is no such rule.
    """
    head: list[_Line] = []
    for line, end in _lines(state, position, number):
        if not line.text:
            return None
        if _RULE.fullmatch(line.text):
            return (head, line.text, end) if len(_DASHES.findall(line.text)) > 1 else None
        head.append(line)
    return None


def _add(
    block: LineBlockParser,
    state: LineState,
    dashes: _Dashes,
    head: list[_Line],
    rows: list[list[_Line]],
    position: int,
) -> int:
    telling = [line.text for line in head or rows[0]]
    alignments = [dashes.alignment(n, telling) for n in range(len(dashes.starts))]
    table = TableSource(
        [_row(dashes, head)] if head else [], [_row(dashes, row) for row in rows], alignments
    )
    return add_table(block, state, table, position)


def _row(dashes: _Dashes, lines: list[_Line]) -> RowSource:
    if len(lines) == 1:
        return lines[0].number, _texts(dashes, lines[0])
    columns = zip(*(dashes.cells(line.text) for line in lines), strict=True)
    number = lines[0].number
    cells: list[Any] = [
        CellSource("\n".join(part.strip() for part in column), 1, 1, number) for column in columns
    ]
    return number, cells


def _texts(dashes: _Dashes, line: _Line) -> list[Any]:
    return [cell.strip() for cell in dashes.cells(line.text)]


def _lines(state: LineState, position: int, number: int) -> Iterator[tuple[_Line, int]]:
    """Yields the lines from ``position`` on, without trailing spaces, and the end of each."""
    while position < state.cursor_max:
        text = state.get_line(position)
        position += len(text)
        yield _Line(number, text.rstrip().expandtabs(4)), position
        number += 1
