"""Keys of a component's data as fields of its node: one map, used in both directions."""

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
    """Makes the field of the value, whatever that is; empty where it says nothing."""
    write: Callable[[str], Any] | None = str
    """Makes the value of the field. None: the key is read in old data and not written."""
    words: tuple[str, ...] = ()
    """Classes of the element whose text is the field where the data have none."""
    optional: bool = False
    """Leaves the key out where the field is empty."""


FieldMap: TypeAlias = Mapping[str, Any]
"""The keys in Substack's order. A value is a ``Key``, a map of its own for an object, a function of
the node, or else a constant that the editor writes. Of several keys for a field the last one that is set counts.
"""


def read_fields(keys: FieldMap, element: Element, data: Data) -> dict[str, str]:
    """Reads the fields of a node that ``data`` or the text of ``element`` holds."""
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
    """The value of a key that is null where there is nothing."""
    return text or None


def no_value(_: str) -> str:
    """The value of a key that only old data fill."""
    return ""
