"""Parses blocks beyond CommonMark: divs, notes, definition lists, line blocks, displayed formulas.

Each rule is a function ``(block, match, state) -> end position or None``, as mistune registers
them. The tokens that they append carry ``text`` (inline source), ``children`` (block tokens) or
parsed attributes; ``nodes`` turns them into nodes of the model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mistune.util import unikey

from ...late_names import late_function
from ...lazy_pattern import lazy_pattern
from .attributes import NONE, parse_attributes, parse_div_opening
from .parser import BLOCK_START, Dialect, LineBlockParser, LineState, Token

if TYPE_CHECKING:
    from .admonitions import append_box, parse_admonition, parse_tip, read_titled
    from .grid_tables import parse_grid_table
    from .ruled_tables import parse_ruled_table, parse_simple_table
    from .tables import parse_pipe_table
else:
    # The rules of blocks that few texts have.
    append_box = late_function("clothbound.readers.markdown.admonitions", "append_box")
    parse_admonition = late_function("clothbound.readers.markdown.admonitions", "parse_admonition")
    parse_tip = late_function("clothbound.readers.markdown.admonitions", "parse_tip")
    read_titled = late_function("clothbound.readers.markdown.admonitions", "read_titled")
    parse_grid_table = late_function("clothbound.readers.markdown.grid_tables", "parse_grid_table")
    parse_ruled_table = late_function(
        "clothbound.readers.markdown.ruled_tables", "parse_ruled_table"
    )
    parse_simple_table = late_function(
        "clothbound.readers.markdown.ruled_tables", "parse_simple_table"
    )
    parse_pipe_table = late_function("clothbound.readers.markdown.tables", "parse_pipe_table")

_DIV = r"^ {0,3}:{3,}[ \t]*(?P<div_rest>[^\n]*)$"
_NOTE = r"^ {0,3}\[\^(?P<note_label>[^\]\[\n]+)\]:[ \t]*(?P<note_text>[^\n]*)(?:\n|$)"
_ADMONITION = (
    r"^ {0,3}(?P<adm_mark>!!!|\?\?\?\+?)[ \t]+(?P<adm_kind>[A-Za-z][\w-]*)[^\n\"]*(?:\"(?P<adm_title>[^\n]*)\")?[ \t]*$"
    r"|^ {0,3}===[!+]?[ \t]+\"(?P<adm_tab>[^\n]*)\"[ \t]*$"
)
_TIP = r"^ {0,3}(?P<tip_mark>[?!])>[ \t]+(?P<tip>[^\n]+(?:\n(?![ \t]*[?!]>)[ \t]*[^\s#>`~:][^\n]*)*+)(?:\n|$)"
_SIMPLE_TABLE = (
    r"^(?=[^\n]*\n {0,8}-{2,} +-)(?=[^\n]*\n *-{2,}(?: +-{2,})+ *(?:\n|$))[^\n]*\S[^\n]*\n"
)
_RULED_TABLE = r"^ {0,3}-{2,}(?:(?: +-{2,})+ *| *(?=\n *[^\s-]))(?:\n)"
# The beginning of the next line is looked at first, which takes a fourth of the time of looking for a bar in a paragraph.
_PIPE_TABLE = (
    r"^ {0,3}(?! )(?=[^\n]*\n {0,3}[-:|])(?=[^\n|]*+\|)[^\n]*\n(?= {0,3}[-:|][-:| \t]*(?:\n|$))"
)
_GRID_TABLE = r"^ {0,3}\+(?:[-=:]+\+)+[ \t]*\n(?= *[|+])"
_DEFINITION = r"^ {0,3}[:~](?:[ \t]+)[^\n]*\S[^\n]*(?:\n|$)"
_LINE_BLOCK = r"^\|(?: [^\n]*)?(?:\n|$)"
_SIGNS = (
    "]:",
    ":::",
    "!!!",
    "???",
    "!>",
    "?>",
    "===",
    "$$",
    "\\[",
    "\\begin{",
    "--",
    "|",
    "+-",
    "+=",
    "+:",
)
"""Of these, each text has one that a rule here or of ``multimarkdown`` matches, but for the rule of definitions."""
_LINES_OF_VERSE = lazy_pattern(r"(?:(?:\|(?: [^\n]*)?|[ \t]+\S[^\n]*)(?:\n|\Z))*+")
_MATH = r"^ {0,3}\$\$(?P<math_rest>[^\n]*)$"
_TEX = r"^ {0,3}\\\[\n(?=(?P<tex>(?:(?! {0,3}\\[\[\]])[^\n]*\S[^\n]*\n)++) {0,3}\\\][ \t]*(?:\n|$))"
_ENVIRONMENT = r"^ {0,3}\\begin\{(?P<tex_name>[A-Za-z]{1,30}\*?)\}"
_FORMULAS = frozenset(
    "align alignat displaymath eqnarray equation flalign gather math multline".split()
)
"""Environments that are formulas by themselves."""
_MOST_NESTED = 20
_SIGN_OF_TEX = lazy_pattern(r"\\[A-Za-z]|[\^_=]")


_DIV_LINE = lazy_pattern(r" {0,3}:{3,}[ \t]*([^\n]*)")
_COMPONENT = lazy_pattern(r"[A-Za-z][\w.-]*(?:\[[^\n]*\])?\{[^\n]*\}")
"""Matches what ``remark_directives`` reads behind three colons."""
_CODE_FENCE = lazy_pattern(r" {0,3}(`{3,}|~{3,})")
_INTERESTING = lazy_pattern(r"^ {0,3}(?::::|```|~~~)", re.M)
_DEFINITION_MARK = lazy_pattern(r" {0,3}[:~][ \t]+(?=[^ \t\n])")


def has_sign(text: str) -> bool:
    """Returns whether a text may have a block beyond CommonMark other than definitions. Most short posts have none."""
    return any(map(text.__contains__, _SIGNS))


def add_definition_lists(block: LineBlockParser) -> None:
    """Registers the rule for definitions with a block parser."""
    rule: Any = parse_definition  # mistune's types know only its own states
    block.register("def_list", _DEFINITION, rule)
    block.list_rules = list(block.rules)
    block.block_quote_rules = list(block.rules)


def add_block_rules(block: LineBlockParser, dialect: Dialect) -> None:
    """Registers the rules of ``gfm`` or ``pandoc`` with a block parser, but that for definitions."""
    # mistune's lists end at a rule of this name (its own directives have it), so a div may directly
    # follow a list. mistune's types know only its own BlockState; LineBlockParser always passes a
    # LineState.
    rules: list[tuple[str, str, Any, str | None]] = [
        ("footnote_def", _NOTE, parse_note, "ref_link")
    ]
    if dialect == "pandoc":
        rules += [
            ("fenced_directive", _DIV, parse_div, "fenced_code"),
            ("admonition", _ADMONITION, parse_admonition, "fenced_code"),
            ("docsify_tip", _TIP, parse_tip, "fenced_code"),
            ("display_math", _MATH, parse_display_math, "ref_link"),
            ("tex_in_brackets", _TEX, parse_tex_in_brackets, "ref_link"),
            ("tex_environment", _ENVIRONMENT, parse_environment, "ref_link"),
            ("ruled_table", _RULED_TABLE, parse_ruled_table, "setex_heading"),
        ]
    rules.append(("pipe_table", _PIPE_TABLE, parse_pipe_table, None))
    if dialect == "pandoc":
        rules += [
            ("grid_table", _GRID_TABLE, parse_grid_table, None),
            ("simple_table", _SIMPLE_TABLE, parse_simple_table, None),
            ("line_block", _LINE_BLOCK, parse_line_block, None),
        ]
    for name, pattern, rule, before in rules:
        block.register(name, pattern, rule, before=before)
    block.list_rules = list(block.rules)
    block.block_quote_rules = list(block.rules)


# Divs


def parse_div(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a fenced div."""
    rest = m["div_rest"].strip()
    attributes = parse_div_opening(rest) if rest and rest != "message" else None
    titled = read_titled(rest) if attributes is None else None
    if attributes is None and titled is None:
        return None
    start = m.end() + 1
    line = state.line_at(m.start())
    content_end, end = find_div_end(state.src, start)
    if end < 0:
        state.env["repairs"].append(
            (line, "a ::: div is not closed; it extends to the end of the text")
        )
        end = content_end
    if titled is not None:
        append_box(block, state, titled, state.src[start:content_end], line + 1)
        return end
    content = state.src[start:content_end]
    if state.level >= block.max_nested_level - 1:
        content = _without_divs(content)  # Divs in it would be too deep, and their signs words.
    children = block.parse_content(state, content, line + 1)
    state.append_token({"type": "div", "attributes": attributes, "children": children})
    return end


def find_div_end(src: str, position: int) -> tuple[int, int]:
    """Returns where a div's content and its closing line end; (end of text, -1) if it is not
    closed.

    A line of colons with attributes opens a div; one without closes the innermost, whatever the
    number of colons. Lines inside fenced code are ignored.
    """
    depth = 1
    for start, end, step in _div_lines(src, position):
        depth += step
        if depth == 0:
            return start, end
    return len(src), -1


def _without_divs(src: str) -> str:
    """Returns a text in which the lines that begin and end divs are empty, apart from those with a title."""
    pieces, position = [], 0
    for start, end, step in _div_lines(src, 0):
        if step > 0 and parse_div_opening(src[start:end].strip(" \t\n:")) is None:
            continue
        pieces += [src[position:start], "\n"]
        position = end
    return "".join((*pieces, src[position:]))


def _div_lines(src: str, position: int) -> Iterator[tuple[int, int, int]]:
    """Yields where each line begins and ends that begins (1) or ends (-1) a div, apart from lines of code."""
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
            yield start, position, -1
        elif (
            parse_div_opening(rest) is not None
            or read_titled(rest) is not None
            or _COMPONENT.fullmatch(rest)
        ):
            yield start, position, 1


# Notes


def parse_note(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a note: its first line, lazy continuation lines, and everything indented by four."""
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
        elif blank or BLOCK_START.match(text):
            break
        else:
            lines.append(text.lstrip(" "))
        pending = 0
        blank = False
        position += len(text)
    end = position
    if pending:
        # The blank lines after the note do not belong to it.
        for _ in range(pending):
            end = src.rfind("\n", 0, end - 1) + 1
    children = block.parse_content(state, "".join(lines), line)
    state.env["notes"].setdefault(unikey(m["note_label"]), []).append(
        {"label": m["note_label"].strip(), "children": children, "line": line}
    )
    return end


# Definition lists


def parse_definition(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a definition below its term, which is a paragraph of one line; a blank line may
    separate them.
    """
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
    content = block.parse_content(state, text, line)
    if not loose and len(content) == 1 and content[0]["type"] == "paragraph":
        content[0]["type"] = "block_text"
    item["definitions"].append(content)
    return end


def _collect_definition(state: LineState, m: re.Match[str]) -> tuple[str, int]:
    mark = _DEFINITION_MARK.match(state.src, m.start())
    assert mark is not None
    width = min(4, mark.end() - mark.start())
    lines = [state.src[mark.end() : m.end()]]
    position = end = m.end()
    blank = False
    # The first indented line says how far all are indented; what more a line has belongs to its code.
    own_indent = 0
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
            own_indent = own_indent or min(indent, 4)
            lines.append(expanded[min(indent, own_indent) :])
        elif blank or _DEFINITION_MARK.match(text) or BLOCK_START.match(text):
            break
        else:
            lines.append(text)
        blank = False
        end = position
    while lines and not lines[-1].strip():
        lines.pop()
    return "".join(lines) or "\n", end


# Line blocks and mathematics


def parse_line_block(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses verse: each line begins with a bar, spaces after it are kept, and indented lines
    continue it.
    """
    if state.tokens and state.tokens[-1]["type"] == "paragraph":
        return None
    # Search only here: in an open paragraph, every line would be searched to the last one.
    end = _match_to(_LINES_OF_VERSE, state, m.start())
    lines: list[str] = []
    for line in state.src[m.start() : end].splitlines():
        if line.startswith("|"):
            lines.append(line[2:])
        elif lines:
            lines[-1] += " " + line.strip()
    # A single line that also ends in a bar is a stray row of a table.
    if len(lines) == 1 and not lines[0].strip(" |"):
        return None
    state.append_token({"type": "line_block", "lines": lines})
    return end


def _match_to(pattern: re.Pattern[str], state: LineState, position: int) -> int:
    found = pattern.match(state.src, position, state.cursor_max)
    return found.end() if found else position


def parse_display_math(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a displayed formula between ``$$`` and ``$$``, and the attributes behind it, by which Quarto labels it. A
    blank line inside ends it, as in Pandoc.
    """
    if state.tokens and state.tokens[-1]["type"] == "paragraph":
        return None
    start = m.start() + m.group(0).index("$$") + 2
    close = state.src.find("$$", start)
    if close < 0:
        return None
    tex = state.src[start:close]
    line_end = state.find_line_end_at(close)
    rest = state.src[close + 2 : line_end].strip()
    # Our own writer has ``{id="..."}`` for a name with signs that ``{#...}`` cannot have.
    labelled = parse_attributes(rest) if rest.startswith(("{#", "{id=")) else None
    attributes, end = labelled if labelled is not None else (NONE, 0)
    if "\n\n" in tex or not tex.strip() or rest[end:]:
        return None
    state.append_token({"type": "display_math", "raw": tex.strip(), "attributes": attributes})
    return line_end


def parse_environment(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses an environment of LaTeX: a formula, or what only LaTeX can set, as pandoc does."""
    if state.tokens and state.tokens[-1]["type"] == "paragraph":
        return None
    name, start = m["tex_name"], m.start("tex_name") - len("\\begin{")
    end_mark, end = f"\\end{{{name}}}", start
    for _ in range(_MOST_NESTED):
        close = state.src.find(end_mark, end, state.cursor_max)
        if close < 0:
            return None
        end = close + len(end_mark)
        text = state.src[start:end]
        if text.count(f"\\begin{{{name}}}") == text.count(end_mark):
            break
    else:
        return None
    line_end: int = state.find_line_end_at(end)
    if state.src[end:line_end].strip():
        return None
    if name.removesuffix("*") in _FORMULAS:
        state.append_token({"type": "display_math", "raw": text})
    else:
        state.append_token({"type": "block_code", "raw": text, "attrs": {"info": "{=latex}"}})
    return line_end


def parse_tex_in_brackets(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    r"""Parses a displayed formula between lines that hold ``\[`` and ``\]`` alone."""
    last = state.tokens[-1]["type"] if state.tokens else ""
    if last == "paragraph" or not _SIGN_OF_TEX.search(m["tex"]):
        return None
    state.append_token({"type": "display_math", "raw": m["tex"].strip()})
    end: int = state.find_line_end_at(m.end("tex"))
    return end
