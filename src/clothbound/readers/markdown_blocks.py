"""Block rules beyond CommonMark: divs, notes, definition lists, tables, line blocks.

Each is a function ``(block, match, state) -> end position or None`` as mistune registers them. The
tokens that they append carry ``text`` (inline source), ``children`` (block tokens) or parsed
attributes; markdown_nodes turns them into nodes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mistune.util import unikey

from .markdown_attributes import parse_div_opening

if TYPE_CHECKING:
    from .markdown_parser import Dialect, LineBlockParser, LineState, Token

_DIV = r"^ {0,3}:{3,}[ \t]*(?P<div_rest>[^\n]*)$"
_NOTE = r"^ {0,3}\[\^(?P<note_label>[^\]\[\n]+)\]:[ \t]*(?P<note_text>[^\n]*)(?:\n|$)"
_DEFINITION = r"^ {0,3}[:~](?:[ \t]+)[^\n]*\S[^\n]*(?:\n|$)"
_TABLE = r"^ {0,3}(?! )(?=[^\n|]*+\|)[^\n]*\n(?= {0,3}[-:|][-:| \t]*(?:\n|$))"
_LINE_BLOCK = r"^\|(?: [^\n]*)?(?:\n|$)(?:^(?:\|(?: [^\n]*)?|[ \t]+\S[^\n]*)(?:\n|$))*"
_MATH = r"^ {0,3}\$\$(?P<math_rest>[^\n]*)$"

_FILLED_CELLS = 20_000

_DIV_LINE = re.compile(r" {0,3}:{3,}[ \t]*([^\n]*)")
_CODE_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_INTERESTING = re.compile(r"^ {0,3}(?::::|```|~~~)", re.M)
_NOTE_LINE = re.compile(_NOTE)
_DEFINITION_MARK = re.compile(r" {0,3}[:~][ \t]+(?=\S)")
_BLOCK_START = re.compile(
    r" {0,3}(?:#{1,6}[ \t]|>|```|~~~|:::|[*+-][ \t]|\d{1,9}[.)][ \t]|(?:[-*_][ \t]*){3,}$|\[\^[^\]\n]+\]:)"
)
_DELIMITER_CELL = re.compile(r"(:?)-+(:?)")
_CAPTION = re.compile(
    r"(?:[ \t]*\n)?(?:[Tt]able)?:[ \t]+(?P<caption>\S[^\n]*(?:\n(?!\s*\n)[^\n]*\S[^\n]*)*)"
)


def add_block_rules(block: LineBlockParser, dialect: Dialect) -> None:
    """Registers the rules of ``gfm`` or ``pandoc`` with a block parser."""
    # mistune's types know only its own BlockState; LineBlockParser makes no other than LineState.
    rules: list[tuple[str, str, Any, str | None]] = [
        ("footnote_def", _NOTE, parse_note, "ref_link")
    ]
    if dialect == "pandoc":
        rules += [
            ("fenced_div", _DIV, parse_div, "fenced_code"),
            ("display_math", _MATH, parse_display_math, "ref_link"),
        ]
    rules.append(("pipe_table", _TABLE, parse_table, None))
    if dialect == "pandoc":
        rules += [
            ("line_block", _LINE_BLOCK, parse_line_block, None),
            ("def_list", _DEFINITION, parse_definition, None),
        ]
    for name, pattern, rule, before in rules:
        block.register(name, pattern, rule, before=before)
    block.list_rules = list(block.rules)
    block.block_quote_rules = list(block.rules)


# Divs


def parse_div(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    attributes = parse_div_opening(m["div_rest"]) if m["div_rest"].strip() else None
    if attributes is None:
        return None
    start = m.end() + 1
    line = state.line_at(m.start())
    content_end, end = _find_div_end(state.src, start)
    if end < 0:
        state.env["repairs"].append((line, "a ::: division is not closed; it ends with the text"))
        end = content_end
    child = state.nested(state.src[start:content_end], line + 1)
    block.parse(child, block.rules_below(state))
    token: Token = {"type": "div", "attributes": attributes, "children": child.tokens}
    state.append_token(token)
    return end


def _find_div_end(src: str, position: int) -> tuple[int, int]:
    """Where a div's content and its closing line end; (end of text, -1) if nothing closes it.

    A line of colons with attributes opens a div, one without closes the innermost, whatever their
    numbers of colons. Lines inside fenced code count for nothing.
    """
    depth = 1
    fence = ""
    while found := _INTERESTING.search(src, position):
        start = found.start()
        line_end = src.find("\n", start)
        line_end = len(src) if line_end < 0 else line_end
        position = line_end + 1
        code = _CODE_FENCE.match(src, start, line_end)
        if fence:
            if code and code[1].startswith(fence) and not src[code.end() : line_end].strip():
                fence = ""
            continue
        if code:
            info = src[code.end() : line_end]
            if code[1][0] == "~" or "`" not in info:
                fence = code[1]
            continue
        div = _DIV_LINE.match(src, start, line_end)
        if div is None:
            continue
        rest = div[1].strip()
        if not rest:
            depth -= 1
            if depth == 0:
                return start, position
        elif parse_div_opening(rest) is not None:
            depth += 1
    return len(src), -1


# Notes


def parse_note(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """A note: its first line, lines that go on lazily, and everything indented by four."""
    src = state.src
    line = state.line_at(m.start())
    lines = [m["note_text"] + "\n"]
    position = m.end()
    blank = not m["note_text"].strip()
    pending = 0
    while position < state.cursor_max:
        text = state.get_line(position)
        if not text.strip():
            pending += 1
            position += len(text)
            blank = True
            continue
        expanded = (
            text.expandtabs(4) if text[0] == "\t" or text.startswith((" \t", "  \t")) else text
        )
        if expanded.startswith("    "):
            lines.extend("\n" * pending)
            lines.append(expanded[4:])
        elif blank or _BLOCK_START.match(text):
            break
        else:
            lines.append(text.lstrip(" "))
        pending = 0
        blank = False
        position += len(text)
    end = position
    if pending:
        # The blank lines after the note are not its own.
        for _ in range(pending):
            end = src.rfind("\n", 0, end - 1) + 1
    child = state.nested("".join(lines), line)
    block.parse(child, block.rules_below(state))
    state.env["notes"].setdefault(unikey(m["note_label"]), []).append(
        {"label": m["note_label"].strip(), "children": child.tokens, "line": line}
    )
    return end


# Definition lists


def parse_definition(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """A definition below its term, a paragraph of one line (a blank line may stand between)."""
    tokens = state.tokens
    loose = bool(tokens) and tokens[-1]["type"] == "blank_line"
    position = len(tokens) - 1 - loose
    if position < 0:
        return None
    before = tokens[position]
    if before["type"] == "paragraph" and "\n" not in before["text"].strip("\n"):
        item: Token = {
            "term": before["text"],
            "line": before["line"],
            "definitions": [],
        }
        del tokens[position:]
        last = next((t for t in reversed(tokens) if t["type"] != "blank_line"), None)
        if last is not None and last["type"] == "def_list":
            while tokens[-1] is not last:
                tokens.pop()
            last["items"].append(item)
        else:
            anchor, state.anchor = state.anchor, -1
            state.append_token({"type": "def_list", "items": [item]})
            state.anchor = anchor
            tokens[-1]["line"] = item["line"]
    elif before["type"] == "def_list":
        item = before["items"][-1]
        del tokens[position + 1 :]
    else:
        return None
    text, end = _collect_definition(state, m)
    line = state.line_at(m.start())
    child = state.nested(text, line)
    block.parse(child, block.rules_below(state))
    if not loose and len(child.tokens) == 1 and child.tokens[0]["type"] == "paragraph":
        child.tokens[0]["type"] = "block_text"
    item["definitions"].append(child.tokens)
    return end


def _collect_definition(state: LineState, m: re.Match[str]) -> tuple[str, int]:
    mark = _DEFINITION_MARK.match(state.src, m.start())
    assert mark is not None
    width = min(4, mark.end() - mark.start())
    lines = [state.src[mark.end() : m.end()]]
    position = end = m.end()
    blank = False
    while position < state.cursor_max:
        text = state.get_line(position)
        position += len(text)
        if not text.strip():
            blank = True
            lines.append("\n")
            continue
        expanded = text.expandtabs(4)
        indent = len(expanded) - len(expanded.lstrip(" "))
        if indent >= width:
            lines.append(expanded[min(indent, 4) :] if indent < 4 else expanded[4:])
        elif blank or _DEFINITION_MARK.match(text) or _BLOCK_START.match(text):
            break
        else:
            lines.append(text)
        blank = False
        end = position
    while lines and not lines[-1].strip():
        lines.pop()
    return "".join(lines) or "\n", end


# Tables


def parse_table(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
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
        if not line.strip() or line.startswith("    ") or _BLOCK_START.match(line):
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
    caption = ""
    if block.dialect == "pandoc":
        found = _CAPTION.match(state.src, position)
        if found:
            caption = found["caption"]
            position = min(found.end() + 1, state.cursor_max)
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


# Line blocks and mathematics


def parse_line_block(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Verse: each line begins with a bar; spaces after it are kept, indented lines continue."""
    if state.tokens and state.tokens[-1]["type"] == "paragraph":
        return None
    lines: list[str] = []
    for line in m.group(0).splitlines():
        if line.startswith("|"):
            lines.append(line[2:])
        elif lines:
            lines[-1] += " " + line.strip()
    # A single line that ends in a bar is a table's row that lost its table.
    if len(lines) == 1 and not lines[0].strip(" |"):
        return None
    state.append_token({"type": "line_block", "lines": lines})
    return m.end()


def parse_display_math(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """``$$`` on a line of its own, TeX, ``$$``; blank lines inside end it, as Pandoc has it."""
    if state.tokens and state.tokens[-1]["type"] == "paragraph":
        return None
    start = m.start() + m.group(0).index("$$") + 2
    close = state.src.find("$$", start)
    if close < 0:
        return None
    tex = state.src[start:close]
    line_end = state.find_line_end_at(close)
    if "\n\n" in tex or not tex.strip() or state.src[close + 2 : line_end].strip():
        return None
    state.append_token({"type": "display_math", "raw": tex.strip()})
    return line_end
