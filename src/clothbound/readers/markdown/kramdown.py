"""Parses what kramdown has in braces with a colon: attributes of blocks and of parts of a line (``{: #id .class}``),
their definitions (``{:name: .class}``), and extensions (``{::options /}``, ``{::nomarkdown}``).

Source: the documentation of kramdown ("Syntax", sections Attribute List Definitions, Inline Attribute Lists,
Extensions). Python-Markdown has the first of these too (``attr_list``). Only a text with ``{:`` is parsed with these
rules. Comments are hidden before (``comments``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
from mistune.core import InlineState

from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model.node import Node
from .attributes import AttributeBlock, parse_attributes
from .parser import LineBlockParser, LineState, PostInlineParser, Token

_INSIDE = r"(?:[^{}\"'\n]|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+')*+"
_BLOCK = r"^ {0,3}\{:"
_LIST = lazy_pattern(rf" {{0,3}}\{{:(?![:/])({_INSIDE})\}}[ \t]*(?:\n|\Z)")
_DEFINED = lazy_pattern(r"([\w-]+):(?=\s|\Z)(.*)", re.S)
_OPTIONS = lazy_pattern(
    rf" {{0,3}}\{{::(?:options|comment|nomarkdown)\b{_INSIDE}(?<=/)\}}[ \t]*(?:\n|\Z)"
)
_RAW = lazy_pattern(
    rf" {{0,3}}\{{::nomarkdown\b({_INSIDE})\}}[ \t]*\n((?:(?! {{0,3}}\{{:/)[^\n]*\n)*+) {{0,3}}\{{:/(?:nomarkdown)?\}}[ \t]*(?:\n|\Z)"
)
_RAW_END = lazy_pattern(r"\{:/(?:nomarkdown)?\}[ \t]*(?:\n|\Z)")
_RAW_SPAN_END = lazy_pattern(r"\{:/(?:nomarkdown)?\}")
_SPAN = lazy_pattern(rf"\{{:(?![:/])({_INSIDE})\}}")
_RAW_SPAN = lazy_pattern(
    rf"\{{::nomarkdown\b({_INSIDE})\}}((?:(?!\{{:/)[\s\S])*+)\{{:/(?:nomarkdown)?\}}"
)
_OPTIONS_SPAN = lazy_pattern(rf"\{{::(?:options|comment|nomarkdown)\b{_INSIDE}(?<=/)\}}")
_WORD = lazy_pattern(
    r"(?P<quoted>[\w:-]++=(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^\s\"']+))|(?P<sign>[#.][^\s{}]+)|(?P<name>[\w-]++)(?!:)|[\w:-]++"
)
_LANGUAGE = "language-"
_SIZES = {"w": "width", "h": "height"}
"""What themes of Jekyll call the sizes of a picture."""
_BOX = lazy_pattern(r"prompt-(\w+)|notice(?:--(\w+))?")
"""Matches the classes by which Chirpy and Minimal Mistakes make a box of a quotation or a paragraph."""
_KINDS = {"primary": "note"}
_NAMES = 100
"""The most names that one list may lead to."""
TOC = "toc"


class AttributeList(NamedTuple):
    """A list of attributes, and the names in it that stand for other lists."""

    attributes: AttributeBlock
    names: tuple[str, ...]


def add_block_lists(block: LineBlockParser) -> None:
    """Registers the rule for what stands on a line of its own."""
    rule: Any = parse_kramdown_block
    block.register("kramdown", _BLOCK, rule, before="fenced_code")
    block.list_rules = list(block.rules)
    block.block_quote_rules = list(block.rules)


def add_inline_lists(inline: PostInlineParser) -> None:
    """Registers the rule for what stands within a paragraph."""
    inline.register("kramdown", r"\{:", parse_kramdown, before="link", start_chars="{")


def parse_kramdown_block(block: LineBlockParser, m: Any, state: LineState) -> int | None:
    """Parses a list of attributes, the definition of one, options, or a text that is not Markdown."""
    src, start = state.src, m.start()
    if found := _LIST.match(src, start):
        defined = _DEFINED.match(found[1])
        if defined is not None:
            state.env["attribute_lists"][defined[1]] = defined[2]
        else:
            state.append_token({"type": "attribute_list", "raw": found[1]})
        return found.end()
    if found := _OPTIONS.match(src, start):
        return found.end()
    if _has_end(state, start, _RAW_END) and (found := _RAW.match(src, start)):
        if _is_html(found[1]):
            state.append_token({"type": "block_html", "raw": found[2]})
        return found.end()
    return None


def parse_kramdown(inline: PostInlineParser, m: Any, state: InlineState) -> int | None:
    """Parses a list of attributes, options, or words that are not Markdown, within a paragraph."""
    src, start = state.src, m.start()
    if found := _SPAN.match(src, start):
        state.append_token({"type": "attribute_list", "raw": found[1], "text": found[0]})
        return found.end()
    if _has_end(state, start, _RAW_SPAN_END) and (found := _RAW_SPAN.match(src, start)):
        if _is_html(found[1]):
            state.append_token({"type": "raw", "format": "html", "raw": found[2]})
        return found.end()
    if found := _OPTIONS_SPAN.match(src, start):
        return found.end()
    return None


def _has_end(state: LineState | InlineState, start: int, end: re.Pattern[str]) -> bool:
    """Whether the next end of an extension behind ``start`` ends a text that is not Markdown.

    A text is searched once up to each end.
    """
    if not state.src.startswith("{::nomarkdown", state.src.find("{", start)):
        return False
    ends: dict[str, tuple[int, int]] = state.env["ends"]
    begin, found = ends.get(state.src, (0, -1))
    if not begin <= start <= found:
        at = state.src.find("{:/", start)
        found = at if at >= 0 else len(state.src)
        ends[state.src] = (start, found)
    return end.match(state.src, found) is not None


def _is_html(said: str) -> bool:
    return "type" not in said or "html" in said


def read_block(block: str, defined: dict[str, str]) -> AttributeBlock:
    """Returns the attributes of a block with its braces, kramdown's or Pandoc's. ``defined`` are the lists that have names."""
    if block.startswith("{:"):
        return read_list(block[2:-1], defined).attributes
    parsed = parse_attributes(block)
    return parsed[0] if parsed else AttributeBlock()


def read_list(
    source: str, defined: dict[str, str], known: dict[str, AttributeBlock] | None = None
) -> AttributeList:
    """Returns a list of attributes with those that its names stand for.

    ``known`` holds the lists that were read by their names, so that each is read once.
    """
    known = {} if known is None else known
    signs: list[str] = []
    names: list[str] = []
    for found in _WORD.finditer(source):
        if found["name"]:
            names.append(found["name"])
        elif found["quoted"] or found["sign"]:
            signs.append(found[0])
    parsed = parse_attributes("{" + " ".join(signs) + "}")
    attributes = parsed[0] if parsed else AttributeBlock()
    for name in dict.fromkeys(names):
        if name in defined and name not in known and len(known) < _NAMES:
            known[name] = AttributeBlock()  # A list that names itself adds nothing.
            known[name] = read_list(defined[name], defined, known).attributes
        if name in known:
            attributes = merge_lists(known[name], attributes)
    pairs = tuple(
        (_SIZES.get(key, key), value)
        for key, value in attributes.pairs
        if key != "style" and not key.startswith("on")
    )
    return AttributeList(msgspec.structs.replace(attributes, pairs=pairs), tuple(names))


def merge_lists(*lists: AttributeBlock) -> AttributeBlock:
    """Returns the attributes of all lists; those of the last win."""
    name = next((one.id for one in reversed(lists) if one.id), "")
    classes = dict.fromkeys(name for one in lists for name in one.classes)
    pairs = {key: value for one in lists for key, value in one.pairs}
    return AttributeBlock(name, tuple(classes), tuple(pairs.items()))


def join_lists(tokens: Iterable[Token]) -> list[Token]:
    """Returns tokens in which lists of attributes that follow one another are one, with the ``texts`` of all."""
    joined: list[Token] = []
    for token in tokens:
        if token["type"] != "attribute_list":
            joined.append(token)
        elif joined and joined[-1]["type"] == "attribute_list":
            joined[-1]["texts"].append(token["raw"])
        else:
            joined.append({**token, "texts": [token["raw"]]})
    return joined


def with_attributes(node: Node, attributes: AttributeBlock) -> Node:
    """Returns a node with attributes besides its own; the language of code and the first number of a list are
    fields, and themes show some classes as boxes.
    """
    kind = next(
        (m[1] or m[2] or "note" for c in attributes.classes if (m := _BOX.fullmatch(c))), ""
    )
    if kind and isinstance(node, b.Quote | b.Paragraph):
        children = node.children if isinstance(node, b.Quote) else (node,)
        node = b.Callout(children, (), _KINDS.get(kind, kind), line=node.line)
        attributes = msgspec.structs.replace(
            attributes, classes=tuple(c for c in attributes.classes if not _BOX.fullmatch(c))
        )
    if isinstance(node, b.CodeBlock) and not node.language:
        name = next((c for c in attributes.classes if c.startswith(_LANGUAGE)), "")
        if name:
            node = msgspec.structs.replace(node, language=name.removeprefix(_LANGUAGE))
            classes = tuple(c for c in attributes.classes if c != name)
            attributes = msgspec.structs.replace(attributes, classes=classes)
    if isinstance(node, b.List) and node.ordered and attributes.get("start").isdecimal():
        node = msgspec.structs.replace(node, start=int(attributes.get("start")[:9]))
        attributes = attributes.without("start")
    own = AttributeBlock(node.id, node.classes, node.attributes)
    merged = merge_lists(own, attributes)
    return msgspec.structs.replace(
        node, id=merged.id, classes=merged.classes, attributes=merged.pairs
    )


def take_last_list(items: list[Token]) -> str | None:
    """Takes the attributes below the last item of a list, which are the list's; None if there are none."""
    children: list[Token] = items[-1]["children"] if items else []
    if children and children[-1]["type"] == "attribute_list" and len(children) > 1:
        source: str = children.pop()["raw"]
        return source
    return None
