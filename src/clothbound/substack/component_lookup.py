"""The table of components, and the lookup from a node to its component and back."""

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


def _tokens(rows: Iterable[ComponentRow]) -> dict[str, ComponentRow]:
    table: dict[str, ComponentRow] = {}
    for row in rows:
        for token in (*row.classes, *row.components):
            table.setdefault(token, row)
    return table


BLOCK_TOKENS = _tokens(BLOCK_ROWS)
INLINE_TOKENS = _tokens(INLINE_WIDGETS)
_BY_KIND: dict[type[Node], tuple[ComponentRow, ...]] = {
    kind: tuple(row for row in ROWS if row.kind is kind) for kind in {row.kind for row in ROWS}
}


def component_of(node: Node, *, as_read: bool = False) -> Component | None:
    """Finds the component for ``node``; None if no row holds such a node.

    With ``as_read`` the data are those that the node was read from, and what was edited since is in
    ``fields``; else the data hold the edits.
    """
    row = _row(node)
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
    again = row.read(Element(_inside(node), data=data or {}))
    return Component(
        row,
        name,
        (first, *extra),
        node.id or row.id(node),
        data,
        fields_not_in(again, node),
        "unnamed" in origin.generation.split("/"),
    )


def fields_not_in(again: Node | None, node: Node) -> Data:
    """Returns the plain fields of ``node`` that differ from ``again``, or all that are set if it is None."""
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
    """Returns the fields of a kind of node that hold no nodes."""
    return tuple(
        field
        for field in msgspec.structs.fields(kind)
        if field.name not in CHILD_FIELDS[kind] and field.name not in Node.__struct_fields__
    )


def _row(node: Node) -> ComponentRow | None:
    origin = node.origin
    if origin is not None and origin.component:
        for row in _BY_KIND.get(type(node), ()):
            if origin.component == row.name or origin.component in row.components:
                return row
    return row_by_kind(node)


def row_by_kind(node: Node) -> ComponentRow | None:
    for row in _BY_KIND.get(type(node), ()):
        if row.covers(node):
            return row
    return None


def _merge_data(row: ComponentRow, node: Node, origin: Origin) -> Data | None:
    """Returns the data as they were read, updated by the fields that were edited since."""
    base = parse(origin.data) if origin.data else None
    if row.data is None:
        return base
    fresh = row.data(node)
    if base is None:
        return fresh
    again = row.read(Element(_inside(node), data=base))
    was = row.data(again) if again is not None else {}
    edited = {key for key, value in fresh.items() if key not in was or was[key] != value}
    anew = {other for key, others in row.together if key in edited for other in others}
    return base | {
        key: value if key in anew else _edit(base.get(key), was.get(key), value)
        for key, value in fresh.items()
        if key in edited or key in anew
    }


def _edit(base: Any, was: Any, fresh: Any) -> Any:
    """Returns ``fresh``; of an object, only the keys that changed."""
    if not (isinstance(base, dict) and isinstance(was, dict) and isinstance(fresh, dict)):
        return fresh
    edited = [key for key in fresh if key not in was or was[key] != fresh[key]]
    return base | {key: _edit(base.get(key), was.get(key), fresh[key]) for key in edited}


def _inside(node: Node) -> b.Group:
    """Makes the element of ``node`` with those plain fields that are text in it rather than data."""
    match node:
        case b.CodeBlock():
            return b.Group((node,))
        case b.SubscribeForm(text) if text:
            return b.Group((b.Paragraph((i.Text(text),)),))
        case _:
            return b.Group()


_GENERIC = frozenset({"comment", "instagram", "code-embed", "tweet", "image2", "image-gallery"})
"""Class tokens that other sites use for other things; they count only with data or a component name."""

_INNER_MARKS = {"tweet": frozenset({"tweet-text", "tweet-link-top", "tweet-header"})}
"""Classes inside an element by which a token of ``_GENERIC`` is Substack's without data."""


def row_of_element(node: Node, table: Mapping[str, ComponentRow]) -> ComponentRow | None:
    """Finds an element's row in ``table`` by class token, then by component name."""
    named = attribute_of(node, "component-name") or attribute_of(node, "data-component-name")
    for token in node.classes:
        row = table.get(token)
        if row is not None and (
            token not in _GENERIC or named or attribute_of(node, "attrs") or _has_marks(node, token)
        ):
            return row
    return table.get(named) if named else None


def _has_marks(node: Node, token: str) -> bool:
    marks = _INNER_MARKS.get(token)
    below = walk(getattr(node, "children", ()))
    return marks is not None and any(not marks.isdisjoint(child.classes) for child in below)
