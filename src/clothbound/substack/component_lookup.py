"""The table of components, and the lookups from an element to its row and from a node to its
component.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec

from ..model import blocks as b
from ..model import inlines as i
from ..model.node import Node, Origin
from ..model.walk import CHILD_FIELDS, walk
from .cards import CARDS
from .component_element import Element, attribute_of
from .component_spec import Component, ComponentRow
from .data_attrs import Data, parse
from .embeds import EMBEDS
from .pictures import PICTURES
from .tweets import TWEETS
from .widgets import INLINE_WIDGETS, WIDGETS

BLOCK_ROWS = (*PICTURES, *WIDGETS, *EMBEDS, *TWEETS, *CARDS)
ROWS = (*BLOCK_ROWS, *INLINE_WIDGETS)


def _index_tokens(rows: Iterable[ComponentRow]) -> dict[str, ComponentRow]:
    """Maps every class token and component name to its row; the first row that claims one gets
    it.
    """
    table: dict[str, ComponentRow] = {}
    for row in rows:
        for token in (*row.classes, *row.components):
            table.setdefault(token, row)
    return table


BLOCK_TOKENS = _index_tokens(BLOCK_ROWS)
INLINE_TOKENS = _index_tokens(INLINE_WIDGETS)
_BY_KIND: dict[type[Node], tuple[ComponentRow, ...]] = {
    kind: tuple(row for row in ROWS if row.kind is kind) for kind in {row.kind for row in ROWS}
}


def component_of(node: Node, *, as_read: bool = False) -> Component | None:
    """Finds the component for ``node``; None if no row describes such a node.

    If ``as_read``, ``data`` is what the node was read from, and ``fields`` holds later edits;
    otherwise, and if children were taken out of the node that the data would bring back, ``data``
    includes the edits.
    """
    row = _find_row(node)
    if row is None:
        return None
    origin = node.origin or Origin()
    name = row.components[0] if row.components else ""
    if origin.component in row.components:
        name = origin.component
    first = origin.generation.partition("/")[0]
    first = first if first in row.classes else row.classes[0]
    extra = tuple(c for c in (*row.extra, *node.classes) if c != first)
    data = parse(origin.data) if as_read and origin.data else _merge_data(row, node, origin)
    again = row.read(Element(_make_text_group(node), data=data or {}))
    if as_read and again is not None and _was_emptied(node, again):
        data = _merge_data(row, node, origin)
        again = row.read(Element(_make_text_group(node), data=data or {}))
    return Component(
        row,
        name,
        (first, *extra),
        node.id or row.id(node),
        data,
        fields_not_in(again, node),
        "unnamed" in origin.generation.split("/"),
    )


def _was_emptied(node: Node, again: Node) -> bool:
    """Returns whether ``again``, read of the data alone, has children where ``node`` has none."""
    return type(again) is type(node) and any(
        getattr(again, name) and not getattr(node, name) for name in CHILD_FIELDS[type(node)]
    )


def fields_not_in(again: Node | None, node: Node) -> Data:
    """Returns the plain fields in which ``node`` differs from ``again``, or from the defaults if
    ``again`` is of another kind or None.
    """
    blank = again if type(again) is type(node) else None
    result: Data = {}
    for field in plain_fields(type(node)):
        value = getattr(node, field.name)
        default = field.default if blank is None else getattr(blank, field.name)
        if value != default:
            result[field.name] = list(value) if isinstance(value, tuple) else value
    return result


@cache
def plain_fields(kind: type[Node]) -> tuple[msgspec.structs.FieldInfo, ...]:
    """Returns the fields of a kind of node that hold values instead of nodes."""
    return tuple(
        field
        for field in msgspec.structs.fields(kind)
        if field.name not in CHILD_FIELDS[kind] and field.name not in Node.__struct_fields__
    )


def _find_row(node: Node) -> ComponentRow | None:
    origin = node.origin
    if origin is not None and origin.component:
        for row in _BY_KIND.get(type(node), ()):
            if origin.component == row.name or origin.component in row.components:
                return row
    return row_by_kind(node)


def row_by_kind(node: Node) -> ComponentRow | None:
    """Returns the first row that covers ``node``, whatever its Origin names."""
    for row in _BY_KIND.get(type(node), ()):
        if row.covers(node):
            return row
    return None


def _merge_data(row: ComponentRow, node: Node, origin: Origin) -> Data | None:
    """Returns the data that the node was read from, updated with the fields edited since."""
    base = parse(origin.data) if origin.data else None
    if row.data is None:
        return base
    fresh = row.data(node)
    if base is None:
        return fresh
    again = row.read(Element(_make_text_group(node), data=base))
    before = row.data(again) if again is not None else {}
    edited = {key for key, value in fresh.items() if key not in before or before[key] != value}
    rewritten = {other for key, others in row.together if key in edited for other in others}
    return base | {
        key: value if key in rewritten else _merge_value(base.get(key), before.get(key), value)
        for key, value in fresh.items()
        if key in edited or key in rewritten
    }


def _merge_value(base: Any, before: Any, fresh: Any) -> Any:
    """Returns ``fresh``; if all three are objects, only the keys that changed replace those of
    ``base``.
    """
    if not (isinstance(base, dict) and isinstance(before, dict) and isinstance(fresh, dict)):
        return fresh
    edited = [key for key in fresh if key not in before or before[key] != fresh[key]]
    return base | {key: _merge_value(base.get(key), before.get(key), fresh[key]) for key in edited}


def _make_text_group(node: Node) -> b.Group:
    """Makes a group whose text holds the plain fields of ``node`` that its component keeps as text,
    not data.
    """
    match node:
        case b.CodeBlock():
            return b.Group((node,))
        case b.SubscribeForm(text) if text:
            return b.Group((b.Paragraph((i.Text(text),)),))
        case _:
            return b.Group()


_GENERIC = frozenset({"comment", "instagram", "code-embed", "tweet", "image2", "image-gallery"})
"""Other sites use these class tokens too; they count only with data, a component name, or an inner
mark."""

_INNER_MARKS = {"tweet": frozenset({"tweet-text", "tweet-link-top", "tweet-header"})}
"""Classes of descendants that prove a token of ``_GENERIC`` to be Substack's, even without data."""


def row_of_element(node: Node, table: Mapping[str, ComponentRow]) -> ComponentRow | None:
    """Finds an element's row in ``table`` by class token, then by component name."""
    named = attribute_of(node, "component-name") or attribute_of(node, "data-component-name")
    for token in node.classes:
        row = table.get(token)
        if row is not None and (
            token not in _GENERIC
            or named
            or attribute_of(node, "attrs")
            or _has_inner_marks(node, token)
        ):
            return row
    return table.get(named) if named else None


def _has_inner_marks(node: Node, token: str) -> bool:
    marks = _INNER_MARKS.get(token)
    below = walk(getattr(node, "children", ()))
    return marks is not None and any(not marks.isdisjoint(child.classes) for child in below)
