"""Shows the lists among the fields of a component, such as the links of a hero, as lists of Markdown.

Source: Nuxt Content, "MDC syntax" (YAML props), and the components of Nuxt UI.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

_LABELS = ("label", "title", "text", "name", "headline", "question")
_TARGETS = ("to", "href", "url", "link")
_WORDS = ("description", "content", "answer", "quote", "subtitle", "caption")


def list_lines(fields: Mapping[str, Any]) -> list[str]:
    """Returns the lines of Markdown that show the lists and maps among the values of fields."""
    return [line for value in fields.values() for line in _lines_of(value, "")]


def bound_values(named: Mapping[str, str]) -> dict[str, Any]:
    """Returns the lists and maps among the attributes of a component: ``:links='[{"label": "Words"}]'``."""
    found = {}
    for name, value in named.items():
        if name.startswith(":") and value.lstrip().startswith(("[", "{")):
            with suppress(ValueError, RecursionError):
                found[name] = json.loads(value)
    return found


def _lines_of(value: Any, indent: str) -> Iterator[str]:
    match value:
        case list():
            for item in value:
                if isinstance(item, (list, Mapping)):
                    yield from _lines_of(item, indent)
                elif item is not None:
                    yield f"{indent}- {_line(item)}"
        case Mapping():
            said = _said_by(value)
            if said:
                yield f"{indent}- {said}"
            for inner in value.values():
                if isinstance(inner, (list, Mapping)):
                    yield from _lines_of(inner, f"{indent}  " if said else indent)


def _said_by(fields: Mapping[str, Any]) -> str:
    """Returns the words of one item: its label, which may lead somewhere, and what else is named as words or reads as some."""
    label = next((_line(fields[name]) for name in _LABELS if fields.get(name)), "")
    target = next((_line(fields[name]) for name in _TARGETS if fields.get(name)), "")
    words = [
        _line(value)
        for name, value in fields.items()
        if isinstance(value, str)
        and name not in _TARGETS
        and _line(value) != label
        and (name in (*_LABELS, *_WORDS) or " " in value.strip())
    ]
    linked = f"[{label or target}](<{target}>)" if target else label
    return " ".join(filter(None, (linked, *words)))


def _line(value: Any) -> str:
    return " ".join(str(value).split()) if not isinstance(value, (list, Mapping)) else ""
