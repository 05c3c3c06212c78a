"""Maps keys of a component's data to fields of its node; one map serves reading and writing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from ..model.node import Node
from .component_element import Element
from .data_attrs import Data, record, string


class Key(NamedTuple):
    """A key whose value is a field of the node."""

    field: str
    read: Callable[[Any], str] = string
    """Converts the key's value, of any type, to the field; returns an empty string if there is
    none."""
    write: Callable[[str], Any] | None = str
    """Converts the field to the key's value. None for a key that only old data have and that is not
    written."""
    words: tuple[str, ...] = ()
    """Classes of the element whose text is used if the data lack the field."""
    optional: bool = False
    """Whether the key is omitted if the field is empty."""


FieldMap: TypeAlias = Mapping[str, Any]
"""Keys in Substack's order. A value is a ``Key``, a nested map for an object, a function of the
node, or a constant that the editor writes. If several keys map to one field, the last non-empty one
counts."""


def read_fields(keys: FieldMap, element: Element, data: Data) -> dict[str, str]:
    """Reads a node's fields from ``data`` and, where keys name classes, from the text of
    ``element``.
    """
    fields: dict[str, str] = {}
    for name, value in keys.items():
        if isinstance(value, Key):
            found = value.read(data.get(name))
            if not found and value.words:
                found = element.text(*value.words)
            if found:
                fields[value.field] = found
        elif isinstance(value, dict):
            fields |= read_fields(value, element, record(data.get(name)))
    return fields


def write_data(keys: FieldMap, node: Node) -> Data:
    """Makes the data of ``node``, with every key that the editor writes."""
    data: Data = {}
    for name, value in keys.items():
        if isinstance(value, Key):
            held = getattr(node, value.field)
            if value.write is not None and (held or not value.optional):
                data[name] = value.write(held)
        elif isinstance(value, dict):
            data[name] = write_data(value, node)
        else:
            data[name] = value(node) if callable(value) else value
    return data


def text_or_null(text: str) -> str | None:
    """Returns the value of a key that is null if the field is empty."""
    return text or None


def no_value(_: str) -> str:
    """Returns the value of a key that is filled only in old data."""
    return ""
