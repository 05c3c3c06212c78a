"""Tables of GFM and Pandoc: pipe tables, grid tables, simple tables.

A cell holds inlines only, as in the model; the lines of a grid table's cell are joined.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .markdown_parser import LineBlockParser, LineState

PIPE_TABLE = r"^ {0,3}(?! )(?=[^\n|]*+\|)[^\n]*\n(?= {0,3}[-:|][-:| \t]*(?:\n|$))"
_FILLED_CELLS = 20_000
_DELIMITER_CELL = re.compile(r"(:?)-+(:?)")
_CAPTION = re.compile(
    r"(?:[ \t]*\n)? {0,3}(?:[Tt]able)?:[ \t]+(?P<caption>\S[^\n]*(?:\n(?!\s*\n)[^\n]*\S[^\n]*)*)"
)
GRID_TABLE = r"^\+(?:[-=:]+\+)+[ \t]*$"
SIMPLE_TABLE = (
    r"^(?=[^\n]*\n {0,8}-{2,} +-)(?=[^\n]*\n *-{2,}(?: +-{2,})+ *(?:\n|$))[^\n]*\S[^\n]*\n"
)

BLOCK_START = re.compile(
    r" {0,3}(?:#{1,6}[ \t]|>|```|~~~|:::|[*+-][ \t]|\d{1,9}[.)][ \t]|(?:[-*_][ \t]*){3,}$|\[\^[^\]\n]+\]:)"
)
_DASHES = re.compile(r"-+")
_GRID_RULE = re.compile(r"\+(?:[-=:]+\+)+[ \t]*")


def parse_pipe_table(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """A pipe table: short rows are filled up, and what is over in long ones joins the last cell."""
    head = split_row(m.group(0))
    position = m.end()
    delimiters = state.get_line(position)
    alignments = _alignments(split_row(delimiters))
    if alignments is None or len(head) != len(alignments):
        return None
    if "|" not in delimiters and len(alignments) > 1:
        return None
    # Below an open paragraph, a row with bars at its ends is a head; another may well be prose.
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
    caption, position = _caption(block, state, position)
    state.append_token(
        {
            "type": "pipe_table",
            "head": head if any(head) else [],
            "rows": rows,
            "alignments": alignments,
            "caption": caption,
        }
    )
    return position


def split_row(line: str) -> list[str]:
    r"""The cells of a row. ``\|`` is a pipe, in code too; so is one inside a code span that closes.

    GFM splits at every unescaped pipe, Pandoc not inside code; where the row has one pipe that is in
    code and unescaped, splitting there would break the code, so it is kept together.
    """
    text = line.strip()
    text = text.removeprefix("|")
    if text.endswith("|") and not _escaped(text, len(text) - 1):
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
    """The position after the run of backticks that closes a code span, or -1."""
    size = len(ticks)
    while (position := text.find(ticks, position)) >= 0:
        end = position
        while end < len(text) and text[end] == "`":
            end += 1
        if end - position == size:
            return end
        position = end
    return -1


def _escaped(text: str, position: int) -> bool:
    count = 0
    while position - count > 0 and text[position - count - 1] == "\\":
        count += 1
    return count % 2 == 1


def _alignments(cells: list[str]) -> list[str] | None:
    result = []
    for cell in cells:
        found = _DELIMITER_CELL.fullmatch(cell)
        if found is None:
            return None
        left, right = found.groups()
        result.append("center" if left and right else "left" if left else "right" if right else "")
    return result


def _caption(block: LineBlockParser, state: LineState, position: int) -> tuple[str, int]:
    """A caption below a table, if one is there, and the position after it."""
    found = _CAPTION.match(state.src, position) if block.dialect == "pandoc" else None
    if found is None:
        return "", position
    return found["caption"], min(found.end() + 1, state.cursor_max)


def parse_simple_table(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Pandoc's simple table: a head, a line of dashes per column, rows up to a blank line.

    Where the head's text stands over its dashes gives the alignment.
    """
    if state.tokens and state.tokens[-1]["type"] == "paragraph":
        return None
    head_line = m.group(0).rstrip("\n")
    dashes = state.get_line(m.end())
    spans = [found.span() for found in _DASHES.finditer(dashes)]
    starts = [start for start, _ in spans]
    position = m.end() + len(dashes)
    line_number = state.line_at(m.start()) + 2
    rows: list[tuple[int, list[str]]] = []
    while position < state.cursor_max:
        line = state.get_line(position)
        position += len(line)
        if not line.strip():
            break
        if set(line.strip()) <= {"-", " "}:
            break
        rows.append((line_number, _columns(line.rstrip("\n"), starts)))
        line_number += 1
    caption, position = _caption(block, state, position)
    state.append_token(
        {
            "type": "pipe_table",
            "head": _columns(head_line, starts),
            "rows": rows,
            "alignments": [_simple_alignment(head_line, *span) for span in spans],
            "caption": caption,
        }
    )
    return position


def _columns(line: str, starts: list[int]) -> list[str]:
    # The first column may begin left of its dashes.
    edges = [0, *starts[1:], len(line)]
    return [line[a:b].strip() for a, b in itertools.pairwise(edges)]


def _simple_alignment(head: str, start: int, end: int) -> str:
    cell = head[start:end].ljust(end - start)
    if not cell.strip():
        return ""
    left, right = cell[0] != " ", cell[-1] != " "
    if left == right:
        return "" if left else "center"
    return "left" if left else "right"


def parse_grid_table(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Pandoc's grid table, if no cell spans others; else it stays as it is written."""
    if state.tokens and state.tokens[-1]["type"] == "paragraph":
        return None
    edges = [at for at, char in enumerate(m.group(0)) if char == "+"]
    position = m.start()
    line_number = state.line_at(position)
    rows: list[tuple[int, list[str]]] = []
    head: list[str] = []
    marks = m.group(0)
    current: list[list[str]] = []
    current_line = line_number + 1
    while position < state.cursor_max:
        line = state.get_line(position)
        text = line.rstrip()
        if _GRID_RULE.fullmatch(text):
            if [at for at, char in enumerate(text) if char == "+"] != edges:
                return None
            if current:
                rows.append((current_line, [" ".join(filter(None, parts)) for parts in current]))
                current = []
            if "=" in text and not head and len(rows) == 1:
                head = rows.pop()[1]
                marks = text
            current_line = line_number + 1
        elif text.startswith("|"):
            if len(text) != edges[-1] + 1 or any(text[at] != "|" for at in edges):
                return None
            cells = [text[a + 1 : b].strip() for a, b in itertools.pairwise(edges)]
            current = current or [[] for _ in cells]
            for parts, cell in zip(current, cells, strict=True):
                parts.append(cell)
        else:
            break
        position += len(line)
        line_number += 1
    if current or not (rows or head):
        return None
    caption, position = _caption(block, state, position)
    cells = marks.strip("+ \t").split("+")
    alignments = [
        {(True, True): "center", (True, False): "left", (False, True): "right"}.get(
            (cell.startswith(":"), cell.endswith(":")), ""
        )
        for cell in cells
    ]
    state.append_token(
        {
            "type": "pipe_table",
            "head": head,
            "rows": rows,
            "alignments": alignments,
            "caption": caption,
        }
    )
    return position
