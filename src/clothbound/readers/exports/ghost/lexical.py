"""Writes the HTML of a post from Lexical, the JSON of Ghost's editor since version 5."""

from __future__ import annotations

from typing import Any

from ....escape import attribute as escape_attribute
from ....escape import escape
from ....lazy_pattern import lazy_pattern
from ....web.html_elements import HEADINGS
from .card_data import CardData
from .tables import object_of, text_of

_DEEPEST = 80
_BLOCKS = {
    "paragraph": "p",
    "quote": "blockquote",
    "extended-quote": "blockquote",
}
_FORMATS = (
    (16, "code"),
    (1, "strong"),
    (2, "em"),
    (4, "s"),
    (8, "u"),
    (32, "sub"),
    (64, "sup"),
    (128, "mark"),
)
"""The bits of a text's format, and their elements."""
_NO_LETTERS = lazy_pattern(r"\W+")
_LINE_END, _TAB = "linebreak", "tab"
_INLINES = frozenset(
    {
        "",
        "text",
        "extended-text",
        "link",
        "autolink",
        "at-link",
        "at-link-search",
        "zwnj",
        _TAB,
        _LINE_END,
    }
)
"""The types of nodes that stand in a line of text."""


def lexical_html(text: str, data: CardData) -> str:
    """Returns the HTML of a document. Raises ValueError if it is not one."""
    root = object_of(text).get("root")
    if not isinstance(root, dict):
        raise ValueError("it has no root")
    return _blocks(_children(root), data, 0)


def _children(node: dict[str, Any]) -> list[dict[str, Any]]:
    found = node.get("children")
    return [child for child in found if isinstance(child, dict)] if isinstance(found, list) else []


def _blocks(nodes: list[dict[str, Any]], data: CardData, depth: int) -> str:
    return "".join(_block(node, data, depth) for node in nodes)


def _block(node: dict[str, Any], data: CardData, depth: int) -> str:
    kind = text_of(node.get("type"))
    if depth > _DEEPEST:
        return f"<p>{escape(_words(node))}</p>"
    match kind:
        case "heading" | "extended-heading":
            tag = text_of(node.get("tag"))
            tag = tag if tag in HEADINGS else "h2"
            # Links within the post lead to the ids that Ghost's page has.
            name = _NO_LETTERS.sub("-", _words(node).lower()).strip("-")
            named = f' id="{escape_attribute(name)}"' if name else ""
            return f"<{tag}{named}>{_inlines(_children(node), data, depth + 1)}</{tag}>"
        case "aside":
            content = _inlines(_children(node), data, depth + 1)
            return f'<blockquote class="pullquote">{content}</blockquote>'
        case "list":
            return _list(node, data, depth + 1)
    if kind in _INLINES:
        return f"<p>{_inline(node, data, depth + 1)}</p>"
    if kind in _BLOCKS:
        tag = _BLOCKS[kind]
        return f"<{tag}>{_inlines(_children(node), data, depth + 1)}</{tag}>"
    return data.markup(kind, node, _blocks(_children(node), data, depth + 1))


def _list(node: dict[str, Any], data: CardData, depth: int) -> str:
    """Returns a list. The editor puts a list within a list into an item of its own."""
    is_numbered = node.get("listType") == "number" or node.get("tag") == "ol"
    tag = "ol" if is_numbered else "ul"
    is_checked = node.get("listType") == "check"
    start = node.get("start")
    first = f' start="{start}"' if is_numbered and type(start) is int and start != 1 else ""
    items: list[str] = []
    for item in _children(node):
        content = _inlines(_children(item), data, depth)
        is_of_previous = items and all(
            text_of(child.get("type")) == "list" for child in _children(item)
        )
        if is_of_previous:
            items[-1] += content
            continue
        mark = f'<span class="task">{"☑" if item.get("checked") is True else "☐"}</span> '
        items.append(f"{mark if is_checked else ''}{content}")
    named = ' class="tasks"' if is_checked else ""
    return f"<{tag}{named}{first}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


def _inlines(nodes: list[dict[str, Any]], data: CardData, depth: int) -> str:
    return "".join(_inline(node, data, depth) for node in nodes)


def _inline(node: dict[str, Any], data: CardData, depth: int) -> str:
    """Returns a node that stands in a line of text. One that belongs outside of it, such as a picture, stays a block."""
    kind = text_of(node.get("type"))
    if depth > _DEEPEST:
        return escape(_words(node))
    if kind == _LINE_END:
        return "<br/>"
    if kind in ("link", "autolink"):
        href = escape_attribute(text_of(node.get("url")))
        return f'<a href="{href}">{_inlines(_children(node), data, depth + 1)}</a>'
    text = node.get("text")
    if not isinstance(text, str):
        if kind == _TAB:
            return "\t"
        if kind in _INLINES:
            return _inlines(_children(node), data, depth + 1)
        return _block(node, data, depth + 1)
    markup = escape(text)
    format_bits = node.get("format")
    for bit, tag in _FORMATS:
        if type(format_bits) is int and format_bits & bit:
            markup = f"<{tag}>{markup}</{tag}>"
    return markup


def _words(node: dict[str, Any]) -> str:
    """Returns the words of what is nested too deeply."""
    words: list[str] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        text = one.get("text")
        words += [text] if isinstance(text, str) else []
        waiting += reversed(_children(one))
    return " ".join(words)
