"""The JSON Schema of our JSON, made from the structs that the writer encodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import cleandoc
from typing import Any

import msgspec

from .blocks import BLOCK
from .document import VERSION, Document
from .inlines import INLINE
from .node import Node
from .post import Post

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_UNWRITTEN = ("diagnostics", "base")
"""Fields of a post that concern the reading of its source; the writer leaves them out."""
_DEFINITIONS = "#/$defs/"


class _Whole(Document, frozen=True, kw_only=True):
    """A collection of posts, as one document."""

    posts: tuple[Post, ...]


def json_schema() -> dict[str, Any]:
    """Returns the JSON Schema (2020-12) of a document of the format ``json``.

    In ``jsonl``, the first line is ``#/$defs/Document``, and each other line ``#/$defs/Post``. The
    member ``clothbound`` of a document is the version of the schema; readers refuse another.
    """
    (whole, head), definitions = msgspec.json.schema_components(
        (_Whole, Document), ref_template=_DEFINITIONS + "{name}"
    )
    name = whole["$ref"].removeprefix(_DEFINITIONS)
    document = definitions.pop(name)
    for one in (document, definitions[head["$ref"].removeprefix(_DEFINITIONS)]):
        one["properties"]["clothbound"] = {"const": VERSION}
    for field in _UNWRITTEN:
        del definitions[Post.__name__]["properties"][field]
    del document["title"]
    schema = {
        "$schema": _DIALECT,
        "$id": f"urn:clothbound:schema:{VERSION}",
        "title": f"JSON of clothbound, version {VERSION}",
        **document,
    }
    used = set(_references(head))
    _add_used(schema, definitions, used)
    schema["$defs"] = {name: definitions[name] for name in sorted(used)}
    unions = {name: _union(kinds) for name, kinds in (("Block", BLOCK), ("Inline", INLINE))}
    named: dict[str, Any] = _with_names_of_unions(schema, unions)
    named["$defs"] |= unions
    _settle(named)
    return named


def _union(kinds: Iterable[type[Node]]) -> dict[str, Any]:
    """Returns the schema of one of several kinds of nodes.

    The type decides first: a validator that tries each kind in turn takes a time that is exponential
    in the depth of a post, and names the faults of kinds that are not meant.
    """
    names = sorted(kind.__name__ for kind in kinds)
    return {
        "type": "object",
        "properties": {"type": {"enum": names}},
        "required": ["type"],
        "allOf": [
            {
                "if": {"properties": {"type": {"const": name}}},
                "then": {"$ref": _DEFINITIONS + name},
            }
            for name in names
        ],
    }


def _with_names_of_unions(schema: Any, unions: dict[str, dict[str, Any]]) -> Any:
    """Returns ``schema`` with a reference in each place where one of ``unions`` stands in full."""
    if isinstance(schema, list):
        return [_with_names_of_unions(value, unions) for value in schema]
    if not isinstance(schema, dict):
        return schema
    mapping = schema.get("discriminator", {}).get("mapping", {})
    for name, union in unions.items():
        if sorted(mapping) == union["properties"]["type"]["enum"]:
            return {"$ref": _DEFINITIONS + name}
    return {key: _with_names_of_unions(value, unions) for key, value in schema.items()}


def _settle(schema: Any) -> None:
    """Replaces what versions of msgspec write differently: where null stands, and how a docstring is indented."""
    if isinstance(schema, dict):
        if isinstance(schema.get("description"), str):
            schema["description"] = cleandoc(schema["description"])
        if isinstance(schema.get("anyOf"), list):
            schema["anyOf"].sort(key=lambda kind: kind.get("type") == "null")
    for value in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(value, dict | list):
            _settle(value)


def _add_used(schema: Any, definitions: dict[str, Any], used: set[str]) -> None:
    """Adds the names of the definitions that ``schema`` needs, and those that they need."""
    waiting = [*used, *_references(schema)]
    used.clear()
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting.extend(_references(definitions[name]))


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield reference.removeprefix(_DEFINITIONS)
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)
