"""Cuts HTML that stands between blocks at the shortcodes in it.

A template fills shortcodes before Markdown is read, so those within an element are shown as anywhere else. Those in
the values of attributes, and in elements whose text is not read as HTML, stay.
"""

from __future__ import annotations

from typing import Any

from ...lazy_pattern import lazy_pattern
from ...web.html_elements import CELLS_AND_ITEMS, LINES, PHRASING, VOID
from ...web.template_examples import EXAMPLE
from .parser import LineBlockParser, LineState
from .shortcodes import SHORTCODE, VALUE, pair_tags

_PART = lazy_pattern(
    r"(?is:<!--.*?(?:-->|\Z)|<(pre|code|script|style|svg|math|textarea|template)\b.*?(?:</\1\s*>|\Z))"
    r"|<(?P<close>/?)(?P<name>[A-Za-z][\w-]*)(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*+>"
    r"|(?P<code>\{(?=[{%]))"
)
_LINES = LINES | CELLS_AND_ITEMS | PHRASING | {"a", "label"}
"""Elements in which a shortcode is a part of a line."""


def cut_html(block: LineBlockParser, state: LineState, start: int) -> int | None:
    """Replaces the HTML that the parser has just read, which begins at ``start``, by its pieces.

    Returns where the HTML ends if it ends earlier: before a shortcode that has a line of its own and whose closing tag
    stands behind it, so that the words between them are read like those of other shortcodes.
    """
    token = state.tokens[-1]
    raw: str = token["raw"]
    pairs = pair_tags(raw)
    pieces: list[dict[str, Any]] = []
    opened: list[str] = []
    position = after = 0
    while found := _PART.search(raw, position):
        position = found.end()
        if found["name"]:
            _note_tag(opened, found["name"].lower(), found)
        if not found["code"]:
            continue
        begin = found.start()
        tag = EXAMPLE.match(raw, begin) or SHORTCODE.match(raw, begin) or VALUE.match(raw, begin)
        if tag is None:
            continue
        if begin not in pairs and _closes_below(state, raw, start, begin):
            state.tokens.pop()
            line_start = raw.rfind("\n", 0, begin) + 1
            _append(block, state, [*pieces, _html(raw, after, line_start)], token["line"])
            return start + line_start
        position = end = pairs[begin][1] if begin in pairs else tag.end()
        pieces.append(_html(raw, after, begin))
        kind = "block" if _is_alone(raw, begin, end, opened) else "words"
        pieces.append({"type": kind, "raw": raw[begin:end], "at": raw.count("\n", 0, begin)})
        after = end
    if pieces:
        state.tokens.pop()
        _append(block, state, [*pieces, _html(raw, after, len(raw))], token["line"])
    return None


def _note_tag(opened: list[str], name: str, found: Any) -> None:
    if found["close"]:
        if name in opened:
            while opened.pop() != name:
                pass
    elif name not in VOID and not found[0].endswith("/>"):
        opened.append(name)


def _closes_below(state: LineState, raw: str, start: int, begin: int) -> bool:
    """Whether a shortcode begins a line below the first, and the tag that closes it is not in ``raw``."""
    line_start = raw.rfind("\n", 0, begin) + 1
    if not line_start or raw[line_start:begin].strip() or begin - line_start > 3:
        return False
    close = state.closing_tag(start + begin)
    return close is not None and close[0] >= start + len(raw)


def _is_alone(raw: str, begin: int, end: int, opened: list[str]) -> bool:
    """Whether a shortcode stands between tags and ends of lines, in an element that may hold blocks."""
    before, behind = raw[:begin].rstrip(" \t")[-1:], raw[end:].lstrip(" \t")[:1]
    is_line = bool(opened) and opened[-1] in _LINES
    return not is_line and before in ("", "\n", ">") and behind in ("", "\n", "<")


def _html(raw: str, begin: int, end: int) -> dict[str, Any]:
    return {"type": "block_html", "raw": raw[begin:end], "at": raw.count("\n", 0, begin)}


def _append(
    block: LineBlockParser, state: LineState, pieces: list[dict[str, Any]], line: int
) -> None:
    for piece in pieces:
        first = line + piece.pop("at")
        raw = piece["raw"]
        if piece["type"] == "block":
            state.tokens.extend(block.parse_content(state, f"{raw}\n", first))
        elif piece["type"] == "words":
            state.tokens.append({"type": "html_words", "text": raw, "line": first})
        elif raw.strip():
            state.tokens.append({**piece, "line": first})
