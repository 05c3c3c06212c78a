"""Parses elements of HTML whose content is Markdown, although no blank line says so.

Source: the documentation of PHP Markdown Extra ("Markdown Inside HTML Blocks"), kramdown ("Syntax", section HTML
Blocks) and Python-Markdown (``md_in_html``): the attribute ``markdown`` of a tag says it. Notion writes its callouts as
a bare ``<aside>``, an icon, and Markdown. Every other element follows CommonMark.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import Any

from ...lazy_pattern import lazy_pattern
from ...web.html_elements import CELLS_AND_ITEMS, LINES
from ..fences import with_code
from .html import TAG_ATTRIBUTES
from .parser import LineBlockParser, LineState

_BLOCK = r"^ {0,3}(?=<[A-Za-z][\w-]*(?:\s[^<>]*\bmarkdown\b|>[ \t]*\n))"
_OPENING = lazy_pattern(rf"<([A-Za-z][\w-]*)({TAG_ATTRIBUTES})\s*>")
_SIGN = lazy_pattern(
    r"<[A-Za-z][\w-]*\s[^<>]*\bmarkdown\b|^ {0,3}<aside>[ \t]*\n[ \t]*[^\sA-Za-z<]", re.M
)
"""Matches what shows that a text may have such elements."""
_TAG = lazy_pattern(r"<(/?)([A-Za-z][\w-]*)(?:\s[^<>]*?)?(/?)>|`[^`\n]*`")
_MARKDOWN = lazy_pattern(
    r"(?<!\s)\s++markdown(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?(?=[\s>]|\Z)"
)
_LINES = LINES | CELLS_AND_ITEMS | {"address"}
"""Elements that hold a line, unless ``markdown="block"`` says that they hold blocks."""
_SUMMARY = lazy_pattern(r"\s*<summary(?:\s[^<>]*)?>(.*?)</summary>[ \t]*", re.I | re.S)
_YES = frozenset(("", "1", "block", "span"))
_VARIANT = "\ufe0f"
"""The character that makes a sign an emoji."""


def has_markdown_in_html(text: str) -> bool:
    """Whether a text may have elements that are to be parsed by these rules."""
    return _SIGN.search(text) is not None


def add_markdown_in_html(block: LineBlockParser) -> None:
    """Registers the rule for elements whose content is Markdown."""
    # mistune's types know only its own BlockState; LineBlockParser always passes a LineState.
    rule: Any = parse_element
    block.register("markdown_in_html", _BLOCK, rule, before="fenced_code")
    block.list_rules = list(block.rules)
    block.block_quote_rules = list(block.rules)


def parse_element(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses an element into its tags, as HTML, and between them the blocks of its content."""
    src, start = state.src, m.end()
    opening = _OPENING.match(src, start)
    if opening is None:
        return None
    name, attributes = opening[1].lower(), opening[2]
    said = _MARKDOWN.search(attributes)
    if said is None and not _is_callout_of_notion(name, attributes, src, opening.end()):
        return None
    mode = next((part for part in said.groups() if part), "") if said else "block"
    close = _closing_tags(state).get(start)
    if mode not in _YES or close is None:
        return None
    if said:
        attributes = attributes[: said.start()] + attributes[said.end() :]
    state.append_token({"type": "block_html", "raw": f"<{name}{attributes}>\n"})
    begin = opening.end()
    if name == "details" and (title := _SUMMARY.match(src, begin, close[0])):
        begin = title.end()
        for tag, text in (("block_html", "<summary>"), ("paragraph", title[1])):
            state.append_token({"type": tag, "raw": text, "text": text})
        state.append_token({"type": "block_html", "raw": "</summary>"})
    content = src[begin : close[0]]
    is_line = mode == "span" or (name in _LINES and mode != "block")
    if is_line and name != "figure":
        if content.strip():
            state.append_token({"type": "paragraph", "text": content.strip() + "\n"})
    else:
        _append_blocks(block, state, content, state.line_at(begin))
    state.append_token({"type": "block_html", "raw": f"</{name}>\n"})
    end: int = state.find_line_end_at(close[1] - 1)
    if rest := src[close[1] : end].strip():
        state.append_token({"type": "paragraph", "text": rest + "\n"})
    return end


def _append_blocks(block: LineBlockParser, state: LineState, content: str, line: int) -> None:
    first, newline, rest = content.partition("\n")
    text = f"{first.strip()}{newline}{textwrap.dedent(rest)}\n"
    state.tokens.extend(block.parse_content(state, text, line))


def _is_callout_of_notion(name: str, attributes: str, src: str, position: int) -> bool:
    """Whether a bare ``<aside>`` has a line of its own, and the next one begins with an emoji."""
    if name != "aside" or attributes:
        return False
    first, _, following = src[position : position + 80].partition("\n")
    sign = following.lstrip(" \t")[:2]
    if first.strip() or not sign.strip():
        return False
    return unicodedata.category(sign[0]) == "So" or sign[1:] == _VARIANT


def _closing_tags(state: LineState) -> dict[int, tuple[int, int]]:
    """Returns where the tag begins and ends that closes each opening one; they are sought once for each text."""
    if state.closing_elements is None:
        state.closing_elements = _pair_elements(state.src)
    return state.closing_elements


def _pair_elements(text: str) -> dict[int, tuple[int, int]]:
    pairs: dict[int, tuple[int, int]] = {}
    opened: dict[str, list[int]] = {}
    position = 0
    code: list[tuple[int, int]] = []
    for line, is_code in with_code(text.splitlines(keepends=True)):
        if is_code:
            code.append((position, position + len(line)))
        position += len(line)
    block = 0
    for found in _TAG.finditer(text):
        start = found.start()
        while block < len(code) and code[block][1] <= start:
            block += 1
        if found[2] is None or found[3] or (block < len(code) and code[block][0] <= start):
            continue
        starts = opened.setdefault(found[2].lower(), [])
        if not found[1]:
            starts.append(start)
        elif starts:
            pairs[starts.pop()] = (start, found.end())
    return pairs
