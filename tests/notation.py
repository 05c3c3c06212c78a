"""Writes a tree in a notation short enough for test documents.

A block is a line: its line number in the source, its name, what it has beside children. Blocks
inside it are indented. Inlines are one line: texts in quotation marks, others as ``Name(...)``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.node import Node
from clothbound.model.post import Footnote

_COMMON = ("id", "classes", "attributes", "origin", "line")


def write(body: Iterable[Node], footnotes: Iterable[Footnote] = ()) -> str:
    lines: list[str] = []
    for node in body:
        lines.extend(_block(node))
    for note in footnotes:
        lines.append(f"note {note.id}")
        for node in note.children:
            lines.extend("  " + line for line in _block(node))
    return "\n".join(lines)


def _block(node: Node) -> Iterator[str]:
    below: list[Any] = []
    parts = [type(node).__name__]
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if name in _COMMON or value in ((), "", None) or _is_default(name, value):
            continue
        if isinstance(value, tuple) and isinstance(value[0], (Node, tuple)):
            below.append((name, value))
        elif isinstance(value, Node):
            parts.append(_inline(value))
        elif value is True:
            parts.append(name)
        elif value is False:
            parts.append({"tight": "loose"}.get(name, f"not-{name}"))
        else:
            parts.append(f"{name}={_value(value)}")
    parts.extend(_marks(node))
    yield f"{node.line or '-'} {' '.join(parts)}"
    for name, value in below:
        yield from ("  " + line for line in _field(name, value))


def _field(name: str, value: tuple[Any, ...]) -> Iterator[str]:
    label = "" if name in ("children", "items") else f"{name}: "
    if isinstance(value[0], tuple):
        for row in value:
            if isinstance(row[0], b.Cell):
                yield label + " | ".join(_cell(cell) for cell in row)
            else:
                yield f"{name}:"
                for node in row:
                    yield from ("  " + line for line in _block(node))
    elif i.is_inline(value[0]):
        yield label + _inlines(value)
    else:
        for node in value:
            yield from _block(node)


def _cell(cell: b.Cell) -> str:
    spans = (("colspan", cell.colspan), ("rowspan", cell.rowspan))
    return " ".join([_inlines(cell.children), *(f"{name}={n}" for name, n in spans if n > 1)])


def _inlines(nodes: Iterable[Any]) -> str:
    return " ".join(_inline(node) for node in nodes) or "-"


def _inline(node: Any) -> str:
    if type(node) is i.Text and not any(_marks(node)):
        return _value(node.text)
    parts = []
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if name in _COMMON or value in ((), ""):
            continue
        if name == "children":
            parts.append(_inlines(value))
        else:
            parts.append(f"{name}={_value(value)}")
    parts.extend(_marks(node))
    return f"{type(node).__name__}({' '.join(parts)})"


def _marks(node: Any) -> Iterator[str]:
    if node.id:
        yield f"#{node.id}"
    for name in node.classes:
        yield f".{name}"
    for key, value in node.attributes:
        yield f"{key}:{_value(value)}"
    if node.origin is not None:
        yield "origin"


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(str(item) or "-" for item in value)
    return json.dumps(value, ensure_ascii=False)


_DEFAULTS = {"tight": True, "ordered": False, "start": 1, "colspan": 1, "rowspan": 1}


def _is_default(name: str, value: Any) -> bool:
    if name in ("width", "height"):
        return bool(value == 0)
    return name in _DEFAULTS and value == _DEFAULTS[name]
