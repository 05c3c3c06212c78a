"""Parses pipe tables, and the cells and captions of all tables of GFM and Pandoc."""

from __future__ import annotations

import re
from typing import Any, NamedTuple, TypeAlias

import msgspec

from ...lazy_pattern import lazy_pattern
from .attributes import NONE, AttributeBlock, parse_attributes
from .parser import BLOCK_START, LineBlockParser, LineState

_FILLED_CELLS = 20_000
_MARK_ALONE = lazy_pattern(r"[^\w\n]*|\d+[.)] *")
"""Matches the whole content of a cell that would begin a block elsewhere: a minus, a number,
dashes."""
_DELIMITER_CELL = lazy_pattern(r"(:?)-+(:?)")
_CAPTION = lazy_pattern(
    r"(?:[ \t]*\n)? {0,3}(?:[Tt]able)?:[ \t]+(?P<caption>\S[^\n]*(?:\n(?!\s*\n)[^\n]*\S[^\n]*)*)"
)
_CAPTION_ABOVE = lazy_pattern(r" {0,3}(?:[Tt]able)?:[ \t]+(?=\S)")
_CAPTION_ATTRIBUTES = lazy_pattern(r"(?:^|(?<=[ \t\n]))\{[^{}]*\}\s*$")


class CellSource(NamedTuple):
    """An unparsed cell of a drawn table, whose text may contain blocks."""

    text: str
    width: int
    height: int
    line: int


RowSource: TypeAlias = tuple[int, list[Any]]
"""The line of a row and its cells: the text of inlines, or a CellSource until ``add_table`` parses
it."""


class TableSource(msgspec.Struct):
    """An unparsed table without its caption."""

    head: list[RowSource]
    rows: list[RowSource]
    alignments: list[str]
    """The alignment of each column: ``left``, ``center``, ``right`` or empty."""


class ParsedCell(NamedTuple):
    """A CellSource with its text parsed."""

    tokens: list[dict[str, Any]]
    width: int
    height: int


def parse_pipe_table(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a pipe table. Short rows are filled up; surplus cells are joined to the last one."""
    head = split_row(m.group(0))
    position = m.end()
    delimiters = state.get_line(position)
    alignments = _alignments(split_row(delimiters))
    if alignments is None or len(head) != len(alignments):
        return None
    if "|" not in delimiters and len(alignments) > 1:
        return None
    # Below an open paragraph, only a row that begins with a bar is a head; others may be prose.
    is_open = bool(state.tokens) and state.tokens[-1]["type"] == "paragraph"
    if is_open and not m.group(0).lstrip().startswith("|"):
        return None
    width = len(alignments)
    first = state.line_at(m.start())
    position += len(delimiters)
    rows: list[tuple[int, list[str]]] = []
    row_line = first + 2
    filled = 0
    while position < state.cursor_max:
        line = state.get_line(position)
        if not line.strip() or line.startswith("    ") or BLOCK_START.match(line):
            break
        if block.dialect == "pandoc" and "|" not in line:
            break
        cells = split_row(line)
        if len(cells) > width:
            state.env["repairs"].append(
                (row_line, "a table row has more cells than the head; the last ones are joined")
            )
            cells[width - 1 :] = [" | ".join(cells[width - 1 :])]
        # A wide head and many short rows would make millions of cells out of a few bytes.
        missing = width - len(cells)
        filled += missing
        if filled <= _FILLED_CELLS:
            cells.extend([""] * missing)
        rows.append((row_line, cells))
        position += len(line)
        row_line += 1
    table = TableSource([(first, head)] if any(head) else [], rows, alignments)
    return add_table(block, state, table, position)


def add_table(block: LineBlockParser, state: LineState, table: TableSource, position: int) -> int:
    """Appends a table's token, with the caption above or below it; returns the position after both.

    ``position`` is the end of the table itself.
    """
    caption, attributes = "", NONE
    if block.dialect == "pandoc":
        caption = _take_caption_above(state)
        if not caption:
            caption, position = _caption_below(state, position)
        caption, attributes = _split_attributes(caption)
    state.append_token(
        {
            "type": "table",
            "head": [(line, _parse_cells(block, state, cells)) for line, cells in table.head],
            "rows": [(line, _parse_cells(block, state, cells)) for line, cells in table.rows],
            "alignments": table.alignments,
            "caption": caption,
            "attributes": attributes,
        }
    )
    return position


def _parse_cells(block: LineBlockParser, state: LineState, cells: list[Any]) -> list[Any]:
    return [_parse_cell(block, state, c) if isinstance(c, CellSource) else c for c in cells]


def _parse_cell(block: LineBlockParser, state: LineState, cell: CellSource) -> ParsedCell:
    text = cell.text.strip("\n")
    line = cell.line + len(cell.text) - len(cell.text.lstrip("\n"))
    if _MARK_ALONE.fullmatch(text):
        tokens = [{"type": "paragraph", "text": text, "line": line}] if text.strip() else []
        return ParsedCell(tokens, cell.width, cell.height)
    tokens = block.parse_content(state, text + "\n", line)
    return ParsedCell(tokens, cell.width, cell.height)


def split_row(line: str) -> list[str]:
    r"""Splits a row into cells.

    ``\|`` is a literal pipe, in code too; so is a pipe inside a code span that is closed.

    GFM splits at every unescaped pipe, Pandoc not inside code. If an unescaped pipe is in code,
    splitting there would break the code, so the code is kept together.
    """
    text = line.strip()
    text = text.removeprefix("|")
    if text.endswith("|") and not _is_escaped(text, len(text) - 1):
        text = text[:-1]
    if "\\" not in text and "`" not in text:
        return [cell.strip() for cell in text.split("|")]
    cells = []
    cell: list[str] = []
    position = 0
    while position < len(text):
        char = text[position]
        if char == "\\" and position + 1 < len(text):
            cell.append(text[position : position + 2])
            position += 2
            continue
        if char == "`":
            run = position
            while run < len(text) and text[run] == "`":
                run += 1
            ticks = text[position:run]
            close = _closing_ticks(text, run, ticks)
            if close >= 0:
                cell.append(text[position:close].replace("\\|", "|"))
                position = close
                continue
            cell.append(ticks)
            position = run
            continue
        if char == "|":
            cells.append("".join(cell).strip())
            cell = []
        else:
            cell.append(char)
        position += 1
    cells.append("".join(cell).strip())
    return cells


def _closing_ticks(text: str, position: int, ticks: str) -> int:
    """Returns the position after the run of backticks that closes a code span; -1 if there is
    none.
    """
    size = len(ticks)
    while (position := text.find(ticks, position)) >= 0:
        end = position
        while end < len(text) and text[end] == "`":
            end += 1
        if end - position == size:
            return end
        position = end
    return -1


def _is_escaped(text: str, position: int) -> bool:
    count = 0
    while position - count > 0 and text[position - count - 1] == "\\":
        count += 1
    return count % 2 == 1


def alignment(left: object, right: object) -> str:
    """The alignment of a column, by whether a colon stands at the left and the right end of its rule."""
    return "center" if left and right else "left" if left else "right" if right else ""


def _alignments(cells: list[str]) -> list[str] | None:
    result = []
    for cell in cells:
        found = _DELIMITER_CELL.fullmatch(cell)
        if found is None:
            return None
        left, right = found.groups()
        result.append(alignment(left, right))
    return result


def _take_caption_above(state: LineState) -> str:
    """Removes the caption above a table, separated by a blank line, from the tokens and returns it.

    Returns an empty string if there is none.
    """
    position = len(state.tokens) - 1
    if position < 1 or state.tokens[position]["type"] != "blank_line":
        return ""
    before = state.tokens[position - 1]
    found = _CAPTION_ABOVE.match(before["text"]) if before["type"] == "paragraph" else None
    if found is None:
        return ""
    del state.tokens[position - 1 :]
    text: str = before["text"]
    return text[found.end() :].strip()


def _caption_below(state: LineState, position: int) -> tuple[str, int]:
    """Returns the caption below a table, empty if there is none, and the position after it."""
    found = _CAPTION.match(state.src, position)
    if found is None:
        return "", position
    return found["caption"], min(found.end() + 1, state.cursor_max)


def _split_attributes(caption: str) -> tuple[str, AttributeBlock]:
    """Splits a caption from the attributes at its end, which are the table's."""
    found = _CAPTION_ATTRIBUTES.search(caption) if caption.rstrip().endswith("}") else None
    parsed = parse_attributes(caption, found.start()) if found else None
    if found is None or parsed is None or caption[parsed[1] :].strip():
        return caption, NONE
    return caption[: found.start()].rstrip(), parsed[0]
