"""Parses shortcodes as blocks and as inlines. Only a text that has one is parsed with these rules."""

from __future__ import annotations

import re
from typing import Any

from mistune.core import InlineState

from ...lazy_pattern import lazy_pattern
from ...web.template_examples import EXAMPLE, example_text
from .parser import LineBlockParser, LineState, PostInlineParser
from .shortcode_table import PAIRED_LOGIC, Shows, shows_what
from .shortcodes import (
    SHORTCODE,
    VALUE,
    Shortcode,
    pair_tags,
    protect,
    read_tag,
)
from .shortcodes_in_html import cut_html

_BLOCK = r"^ {0,3}(?=\{\{[<%{]|\{%|\{\{[ \t]*(?:/\*|[\w.:]+\())"
_INLINE = r"\{(?=\{[<%{/ \t\w'\"-]|%|\#\s)"
_BLANK = lazy_pattern(r"[ \t]*(?:\n|\Z)")
_NO_WORDS = frozenset({"nothing", "hidden", "computed"})
_VERBATIM: frozenset[Shows | None] = frozenset({"code", "formula", "hidden", "raw"})
"""What is not Markdown between the two tags."""
OWN_LINE = frozenset(
    {"code", "gallery", "figure", "video", "post", "gist", "details", "callout", "quote", "tab"}
)
"""What stands as a block also if all of it is on one line."""


def add_block_shortcodes(block: LineBlockParser) -> None:
    """Registers the rule for shortcodes that stand as blocks."""
    block.register("shortcode", _BLOCK, parse_shortcode_block, before="fenced_code")
    block.cut_html = cut_html
    block.list_rules = list(block.rules)
    block.block_quote_rules = list(block.rules)


def add_inline_shortcodes(inline: PostInlineParser) -> None:
    """Registers the rule for shortcodes within a paragraph."""
    inline.register("shortcode", _INLINE, parse_shortcode, before="link", start_chars="{")


def tag_shows(tag: Shortcode) -> Shows | None:
    """Returns what a tag shows; None if it is unknown."""
    if tag.is_closing and f"end{tag.name}" in PAIRED_LOGIC:
        return "computed"
    return shows_what(tag.name)


def parse_shortcode_block(block: Any, m: re.Match[str], state: Any) -> int | None:
    """Parses a shortcode that has whole lines: a tag, or two tags and what is between them."""
    src = state.src
    start = m.end()
    found = SHORTCODE.match(src, start)
    if found is None:
        return None
    tag = read_tag(found)
    shows = tag_shows(tag)
    close = state.closing_tag(start)
    if close is None:
        end = _BLANK.match(src, found.end())
        in_paragraph = bool(state.tokens) and state.tokens[-1]["type"] == "paragraph"
        if end is None or (
            in_paragraph and shows is None and start > 0 and src[start - 2 : start] != "\n\n"
        ):
            return None
        state.append_token({"type": "shortcode", "tag": tag, "content": None, "children": []})
        return end.end()
    after = _BLANK.match(src, close[1])
    content = src[found.end() : close[0]]
    if after is None or (
        shows not in OWN_LINE and "\n" not in content.strip(" \t") and shows != "raw"
    ):
        # Both tags and the words between them are a part of a paragraph.
        return (
            None
            if shows not in _NO_WORDS or after is None
            else _append(block, state, tag, content, found, after.end())
        )
    return _append(block, state, tag, content, found, after.end())


def _append(
    block: LineBlockParser,
    state: LineState,
    tag: Shortcode,
    content: str,
    found: re.Match[str],
    end: int,
) -> int:
    shows = tag_shows(tag)
    line = state.line_at(found.end())
    token: dict[str, Any] = {"type": "shortcode", "tag": tag, "content": content, "children": []}
    if shows == "raw":
        content = protect(content)
    if shows not in _VERBATIM or shows == "raw":
        token["children"] = block.parse_between_tags(state, content, line)
    state.append_token(token)
    return end


def parse_shortcode(inline: PostInlineParser, m: re.Match[str], state: InlineState) -> int | None:
    """Parses a tag within a paragraph, or two with the words between them; an example; a value."""
    src, start = state.src, m.start()
    example = EXAMPLE.match(src, start)
    if example:
        state.append_token({"type": "example", "raw": example_text(example)})
        return example.end()
    found = SHORTCODE.match(src, start)
    if found is None:
        value = VALUE.match(src, start)
        if value is None:
            return None
        state.append_token({"type": "template_value", "raw": value[0], "path": value["path"]})
        return value.end()
    tag = read_tag(found)
    close = _pairs_of(state).get(start)
    token: dict[str, Any] = {
        "type": "inline_shortcode",
        "tag": tag,
        "content": None,
        "children": [],
    }
    if close is None:
        state.append_token(token)
        return found.end()
    content = src[found.end() : close[0]]
    token["content"] = content
    if tag_shows(tag) not in _VERBATIM and state.depth < inline.max_nested_level:
        child = state.copy()
        child.src = content
        token["children"] = inline.render(child)
    state.append_token(token)
    return close[1]


def _pairs_of(state: InlineState) -> dict[int, tuple[int, int]]:
    """Returns the pairs of tags in a text, which are sought once for each text."""
    known = state.env.get("inline_pairs")
    if known is None or known[0] != state.src:
        known = (state.src, pair_tags(state.src))
        state.env["inline_pairs"] = known
    pairs: dict[int, tuple[int, int]] = known[1]
    return pairs
