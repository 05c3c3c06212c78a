"""Parses pandoc's lists with other marks: ``(2)``, ``#.``, and examples ``(@name)``, to which ``(@name)`` in the text
refers by their number.

Source: pandoc's manual, "Extension: fancy_lists" and "Numbered example lists"; but only figures that count up make a
list, and letters and Roman numerals stay words: a list would lose them, and most blogs are of programs that know no
such lists. The lines of a list are parsed with ordinary marks in place of these.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from mistune.core import InlineState

from ...lazy_pattern import lazy_pattern
from .parser import LineBlockParser, LineState, PostInlineParser

_MARK = (
    r"^ {0,3}(?:\((?P<fancy_two>\d{1,9}|#|@[\w-]{0,60})\)|(?P<fancy_one>#)(?P<fancy_sign>[.)]))"
    r"(?P<fancy_space>[ \t]+(?=\S)|[ \t]*$)"
)
_LINE = lazy_pattern(_MARK, re.M)
_ORDINARY = lazy_pattern(r" {0,3}\d{1,9}\)[ \t]")
_REFERENCE = r"(?<![\w.+-])@(?P<example_label>[A-Za-z0-9][\w-]{0,60})"
_MOST = 3
"""The widest mark that keeps its width, so that what stands four columns in belongs to the item."""


class _Mark(NamedTuple):
    kind: str
    """``figure`` or ``example``."""
    form: str
    """The sign behind the number; ``()`` for brackets."""
    number: str
    start: int


def add_fancy_lists(block: LineBlockParser) -> None:
    """Registers the rule with a block parser."""
    # mistune's types know only its own BlockState; LineBlockParser always passes a LineState.
    rule: Any = _parse_list
    block.register("fancy_list", _MARK, rule, before="list")
    block.list_rules = list(block.rules)
    block.block_quote_rules = list(block.rules)


def add_references(inline: PostInlineParser) -> None:
    """Registers the rule for references to examples with an inline parser."""
    inline.register("example_reference", _REFERENCE, _parse_reference, start_chars="@")


def _mark_of(found: re.Match[str]) -> _Mark:
    """Returns the mark that a line begins with."""
    number = found["fancy_two"] or found["fancy_one"]
    form = found["fancy_sign"] or "()"
    if number[0] == "@":
        return _Mark("example", form, number, 1)
    return _Mark("figure", form, number, 1 if number == "#" else int(number))


def _continues(first: _Mark, found: re.Match[str]) -> bool:
    """Whether a line begins with a further mark of the list that ``first`` begins."""
    mark = _mark_of(found)
    return mark.form == first.form and mark.kind == first.kind


def _counts_up(first: _Mark, labels: list[str]) -> bool:
    """Whether the marks are those of a list: more than one, and each one more than the one before.

    Unlike in pandoc, a lone mark is words: posts have ``(5) Less drama`` for the number of answers.
    """
    if first.kind == "example" or first.number == "#":
        return True
    values = [first.start]
    values += [first.start + n if m == "#" else int(m) for n, m in enumerate(labels[1:], 1)]
    return len(values) > 1 and values == list(range(first.start, first.start + len(values)))


def _parse_list(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a list; its lines are parsed with ``1)`` in place of its marks."""
    first = _mark_of(m)
    paragraph = bool(state.tokens) and state.tokens[-1]["type"] == "paragraph"
    if paragraph and not state.is_item:
        return None
    lines, labels = _lines_of(state, m.start(), first)
    if not _counts_up(first, labels):
        return None
    inner = LineState(state.parent)
    inner.env, inner.first_line = state.env, state.line_at(m.start())
    text = "".join(lines)
    inner.process(text)
    found = block.compile_sc(["list"]).match(text)
    if found is None:
        return None
    is_example = first.kind == "example"
    start = _number_examples(labels, state) if is_example else first.start
    end = block.parse_method(found, inner)
    if end is None or not inner.tokens:
        return None
    made = next(token for token in inner.tokens if token["type"] == "list")
    if start != 1:
        made["attrs"]["start"] = start
    state.tokens += inner.tokens
    return _end_of(state, m.start(), text.count("\n", 0, end))


def _number_examples(labels: list[str], state: LineState) -> int:
    """Numbers the examples of a list, which go on through the text; returns the number of the first."""
    start = int(state.env["examples"].get("", 0)) + 1
    for number, label in enumerate(labels, start):
        if len(label) > 1:
            state.env["examples"].setdefault(label[1:], number)
    state.env["examples"][""] = start + len(labels) - 1
    return start


def _lines_of(state: LineState, position: int, first: _Mark) -> tuple[list[str], list[str]]:
    """Returns the lines of a list with ordinary marks, and the numbers of its marks as they are written."""
    lines: list[str] = []
    labels: list[str] = []
    is_blank = False
    while position < state.cursor_max:
        end = state.find_line_end_at(position)
        line = state.src[position:end]
        found = _LINE.match(line)
        if found and (not labels or _continues(first, found)):
            labels.append(found["fancy_two"] or found["fancy_one"])
            lines.append(_with_ordinary_mark(line, found))
        elif _ORDINARY.match(line) or (is_blank and line.strip() and line[0] not in " \t"):
            break
        else:
            lines.append(line)
        is_blank = not line.strip()
        position = end
    return lines, labels


def _with_ordinary_mark(line: str, found: re.Match[str]) -> str:
    mark = line[: found.start("fancy_space")]
    indent = len(mark) - len(mark.lstrip(" "))
    width = min(len(mark) - indent, _MOST)
    space = found["fancy_space"]
    if len(mark) - indent > width and space:
        space = " "
    return f"{' ' * indent}{'1'.zfill(width - 1)}){space}{line[found.end() :]}"


def _end_of(state: LineState, position: int, lines: int) -> int:
    for _ in range(lines):
        position = state.find_line_end_at(position)
    return position


def _parse_reference(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    number = state.env["examples"].get(m["example_label"])
    if number is None:
        return None
    state.append_token({"type": "text", "raw": str(number)})
    return m.end()
