"""Serializes an element of an export in the form of the templates, to compare the two.

A node that a template reproduces from its typed fields needs no Origin; any other keeps its markup.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from ..diagnostics import Outcome
from ..lazy_pattern import lazy_pattern
from ..model import blocks as b
from ..model import inlines as i
from ..model.node import Node, Origin
from ..model.post import Post
from ..web.html_elements import VOID
from .component_markup import ASIDE, UNNAMED, data_attrs, in_value, text
from .component_spec import ComponentRow
from .data_attrs import parse
from .markup import Hooks, Markup

N = TypeVar("N", bound=Node)

HOLE = "\x01"
"""Stands for the author's own content, which is read and written separately."""
# libxml2 makes all names lower-case; icons and formulas of posts contain these.
_CAPITALS = {
    "viewbox": "viewBox",
    "preserveaspectratio": "preserveAspectRatio",
    "gradientunits": "gradientUnits",
}
_WITHOUT_END = VOID | {"image"}
_TAG = lazy_pattern(r"<([\w:-]+)((?: [^\s=<>\"]+=\"[^\"]*\")+)>")
_ATTRIBUTE = lazy_pattern(r" ([^\s=<>\"]+)=\"([^\"]*)\"")


def write_events(events: Sequence[Any], start: int, *, holes: frozenset[str] = frozenset()) -> str:
    """Serializes the element at ``start``, with ``HOLE`` inside elements named or classed in ``holes``."""
    parts: list[str] = []
    depth = 0
    hole = 0
    for position in range(start, len(events)):
        event = events[position]
        if type(event) is str:
            if not hole:
                parts.append(text(event))
            continue
        name, attributes = event
        # HTML parsers rename this element.
        name = "img" if name == "image" else name
        if attributes is None:
            depth -= 1
            if depth < hole:
                hole = 0
                parts.append(HOLE)
            if not hole and name not in _WITHOUT_END:
                parts.append(f"</{name}>")
            if depth == 0:
                break
            continue
        depth += 1
        if hole:
            continue
        parts.append(f"<{name}{_attributes(attributes)}>")
        if holes and (name in holes or not holes.isdisjoint(attributes.get("class", "").split())):
            hole = depth
    return "".join(parts)


def _attributes(attributes: dict[str, str]) -> str:
    parts = [
        f' {_CAPITALS.get(name, name)}="{in_value(value)}"' for name, value in attributes.items()
    ]
    return "".join(parts)


def keep_markup(
    node: N, origin: Origin | None, row: ComponentRow, events: Sequence[Any], start: int
) -> N:
    """Gives ``node`` the smallest Origin from which its element can be written exactly as read."""
    source = write_events(events, start, holes=frozenset(row.holes))
    first = origin or Origin()
    named = "" if " data-component-name=" in source or not row.components else UNNAMED
    aside = row.aside.search(source) if row.aside is not None else None
    named = "/".join(filter(None, (named, f"{ASIDE}{aside[1]}" if aside else "")))
    candidates = [origin] if not named else []
    for variant in ("", *row.variants) if named else row.variants:
        generation = "/".join(filter(None, (first.generation, named, variant)))
        candidates.append(msgspec.structs.replace(first, generation=generation))
    tried = []
    for candidate in candidates:
        result = msgspec.structs.replace(node, origin=candidate)
        again = _write_by_template(result)
        if again == source:
            return result
        tried.append((again, result))
    loose = _normalize(source)
    for again, result in tried:
        if _normalize(again) == loose:
            return result
    markup = write_events(events, start)
    return msgspec.structs.replace(node, origin=msgspec.structs.replace(first, markup=markup))


def _normalize(markup: str) -> str:
    """Normalizes markup for comparison: sorts attributes, and rewrites their JSON as JavaScript
    does.
    """
    return _TAG.sub(lambda tag: f"<{tag[1]}{_sort_attributes(tag[2])}>", markup)


def _sort_attributes(attributes: str) -> str:
    parts = []
    for found in _ATTRIBUTE.finditer(attributes):
        data = parse(html.unescape(found[2])) if found[1] == "data-attrs" else None
        parts.append(found[0] if data is None else data_attrs(data))
    return "".join(sorted(parts))


def _write_by_template(node: Any) -> str:
    """Writes ``node`` by its template, with ``HOLE`` in place of the author's own content."""
    inline = i.RawInline("html", HOLE)
    block = b.RawBlock("html", HOLE)
    markup = Markup(Post(), HOOKS)
    match node:
        case b.Figure(caption=caption) if caption:
            node = msgspec.structs.replace(node, caption=(inline,))
        case b.Verse():
            node = msgspec.structs.replace(node, children=(inline,))
        case b.PullQuote() | b.Callout() | b.Conditional():
            node = msgspec.structs.replace(node, children=(block,))
    if i.is_inline(node):
        return markup.inline(node, "<br>")
    return markup.block(node)


def _no_report(outcome: Outcome, node: Node, message: str) -> None:
    """Ignores losses, since the result is only compared."""


def _keep_text(text: str) -> str:
    return text


HOOKS = Hooks(report=_no_report, clean=_keep_text, address=_keep_text, picture=_keep_text)
