"""Reads and writes the JSON of ``data-attrs``: the content of Substack's components."""

from __future__ import annotations

import html
import json
import math
from typing import Any, TypeAlias

from ..lazy_pattern import lazy_pattern
from ..model.characters import text_alone

Data: TypeAlias = dict[str, Any]

_SURROGATE = lazy_pattern("[\ud800-\udfff]")
_DEPTH = 100
"""The most objects and arrays that may be nested; Substack writes three or four levels."""


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


# The functions of ``json`` would make one at each call.
_DECODER = json.JSONDecoder(strict=False, parse_constant=_refuse)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def parse(text: str) -> Data | None:
    """Parses the object in ``text``; None if it is not an object, or too deeply nested to be
    written.

    In old posts it is escaped as HTML, which is undone. Line ends and other control characters may stand bare in a
    string, since an attribute's value may be wrapped. Lone surrogates stay in it; ``string``
    turns them into U+FFFD.
    """
    for written in (str, html.unescape):
        candidate = written(text)
        try:
            value = _DECODER.decode(candidate)
        except (ValueError, RecursionError):
            continue
        may_be_deep = candidate.count("{") + candidate.count("[") > _DEPTH
        return value if isinstance(value, dict) and not (may_be_deep and _is_deep(value)) else None
    return None


def _is_deep(value: Data) -> bool:
    level: list[Any] = [value]
    for _ in range(_DEPTH):
        level = [
            inner
            for item in level
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True


def text_in_json(text: str) -> str:
    """Returns the string that ``text`` encodes in JSON; empty if it encodes none."""
    if not text:  # An error takes longer, and most elements have no such text.
        return ""
    try:
        return string(json.loads(text))
    except (ValueError, RecursionError):
        return ""


def stringify(value: Any) -> str:
    """Writes ``value`` as JavaScript's ``JSON.stringify`` does (ECMA-262, 25.5.2)."""
    text = _ENCODER.encode(_numbers(value))
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def string(value: Any) -> str:
    """Reads a field that should be a string: null and absent are empty, a number is its digits.

    Control characters, which JSON may hold and no product, are left out.
    """
    if isinstance(value, str):
        return value if value.isprintable() else text_alone(_SURROGATE.sub("\ufffd", value))
    if isinstance(value, bool) or value is None:
        return ""
    return str(value) if isinstance(value, int | float) else ""


def whole_number(value: Any) -> int:
    """Reads a field that should be a positive whole number; anything else is 0."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:9])
    if isinstance(value, float) and 0 < value < 1e9:
        return round(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def record(value: Any) -> Data:
    """Reads a field that should be an object; anything else is an empty one."""
    return value if isinstance(value, dict) else {}


def records(value: Any) -> tuple[Data, ...]:
    """Reads a field that should be an array of objects; anything else is left out."""
    return (
        tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()
    )


def _numbers(value: Any) -> Any:
    # JavaScript has one kind of number: 5.0 is written 5.
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 1e21 else value
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return value
