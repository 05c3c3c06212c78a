"""Interprets HTML inside Markdown, as far as this needs no HTML parser.

A ``<div>`` that stands alone between blocks wraps Markdown (Pandoc's ``native_divs``); simple
inline tags without attributes equal Markdown's own marks; comments are dropped. Everything else
stays raw.
"""

from __future__ import annotations

import re

from ...lazy_pattern import lazy_pattern
from ...web.html_elements import MARK_KINDS, tag_attributes
from .attributes import AttributeBlock
from .parser import Token

MAX_DIVISIONS = 16
"""The most levels of ``<div>`` that become groups."""

_COMMENT = lazy_pattern(r"\s*(?:<!--(?:(?!-->).)*+-->\s*)+", re.S)
_BREAKS = lazy_pattern(r"(?:\s*<br\s*/?>)+\s*", re.I)
TAG_ATTRIBUTES = r"(?:\s+[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'=<>`]+))?)*"
"""Matches the attributes of a tag."""
_DIV_OPEN = lazy_pattern(rf"\s*<(div|section)({TAG_ATTRIBUTES})\s*>\s*", re.I)
_DIV_CLOSE = lazy_pattern(r"\s*</(div|section)\s*>\s*", re.I)
_SIMPLE_TAG = lazy_pattern(r"<(/?)([A-Za-z]+)\s*(/?)>")
_SIMPLE = {
    element: kind.__name__.lower()
    for element, kind in MARK_KINDS.items()
    if element not in ("cite", "dfn", "var")
}
"""The token of each element. Elements whose names would be lost stay HTML."""


def is_comment(raw: str) -> bool:
    """Whether a piece of HTML consists of comments and white space."""
    return raw.lstrip().startswith("<!--") and _COMMENT.fullmatch(raw) is not None


def is_space(raw: str) -> bool:
    """Whether a piece of HTML consists of line breaks, which are only space between blocks."""
    return _BREAKS.fullmatch(raw) is not None


def after_comments(raw: str) -> str:
    """Returns what follows the comments at the beginning of a piece of HTML."""
    found = _COMMENT.match(raw)
    return raw[found.end() :] if found else raw


def wrap_divisions(tokens: list[Token]) -> tuple[list[Token], list[int]]:
    """Wraps blocks between ``<div>`` and ``</div>`` in ``html_div`` tokens; also returns the lines
    of divs that are nested too deeply.

    A tag without its partner stays as it is.
    """
    partner: dict[int, int] = {}
    stack: list[tuple[int, str]] = []
    for position, token in enumerate(tokens):
        if token["type"] != "block_html":
            continue
        if opening := _DIV_OPEN.fullmatch(token["raw"]):
            stack.append((position, opening[1].lower()))
        elif (
            stack
            and (closing := _DIV_CLOSE.fullmatch(token["raw"]))
            and stack[-1][1] == closing[1].lower()
        ):
            partner[stack.pop()[0]] = position
    if not partner:
        return tokens, []
    closings = set(partner.values())
    containers: list[list[Token]] = [[]]
    level = 0
    too_deep: list[int] = []
    for position, token in enumerate(tokens):
        if position in partner:
            level += 1
            if level > MAX_DIVISIONS:
                too_deep.append(token["line"])
                continue
            found = _DIV_OPEN.fullmatch(token["raw"])
            attributes = _attributes(found[2] if found else "")
            children: list[Token] = []
            division = {"type": "html_div", "attributes": attributes, "children": children}
            division["line"] = token["line"]
            containers[-1].append(division)
            containers.append(children)
        elif position in closings:
            if level <= MAX_DIVISIONS:
                containers.pop()
            level -= 1
        else:
            containers[-1].append(token)
    return containers[0], too_deep


def _attributes(source: str) -> AttributeBlock:
    attributes = tag_attributes(source)
    identifier = attributes.pop("id", "")
    classes = tuple(attributes.pop("class", "").split())
    pairs = tuple(
        (name, value)
        for name, value in attributes.items()
        if name not in ("markdown", "style") and not name.startswith("on")
    )
    return AttributeBlock(identifier, classes, pairs)


def pair_inline_html(tokens: list[Token]) -> list[Token]:
    """Replaces simple pairs of tags by marks and ``<br>`` by a line break, and drops comments."""
    result: list[Token] = []
    open_tags: list[tuple[str, int]] = []
    for token in tokens:
        if token["type"] != "inline_html":
            result.append(token)
            continue
        raw = token["raw"]
        if raw.startswith("<!--"):
            continue
        tag = _SIMPLE_TAG.fullmatch(raw)
        if tag is None:
            result.append(token)
            continue
        closing, name, empty = tag[1], tag[2].lower(), tag[3]
        if name == "br" and not closing:
            result.append({"type": "linebreak", "lines": raw.count("\n")})
        elif name not in _SIMPLE or empty:
            result.append(token)
        elif not closing:
            open_tags.append((name, len(result)))
            result.append(token)
        else:
            depth = len(open_tags) - 1
            while depth >= 0 and open_tags[depth][0] != name:
                depth -= 1
            if depth < 0:
                result.append(token)
                continue
            start = open_tags[depth][1]
            del open_tags[depth:]
            children = result[start + 1 :]
            del result[start:]
            result.append({"type": _SIMPLE[name], "children": children})
    return result
