"""Checks style sheets for rules that break reading systems and for the files that they load.

Source: CSS Syntax Level 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import tinycss2

from ..lazy_pattern import lazy_pattern
from ..style_sheets import read_address, without_comments
from .faults import Fault
from .references import IdsByFile, check_reference

_CHOKES = lazy_pattern(
    r"display\s*:\s*(?:inline-)?(?:flex|grid)|var\(|(?<![\w-])--[\w-]+\s*:|"
    r"position\s*:\s*(?:fixed|absolute|sticky)",
    re.I,
)


def check_style(style: str, name: str, places: IdsByFile, line: int = 1) -> Iterator[Fault]:
    """Yields the faults of ``style``, which begins in line ``line`` of the file ``name``."""
    bare = without_comments(style)
    seen: set[str] = set()
    for match in _CHOKES.finditer(bare):
        word = re.sub(r"\s+", "", match[0]).rstrip(":")
        if word not in seen:
            seen.add(word)
            at = line + bare.count("\n", 0, match.start())
            message = f"the style {word} breaks some reading systems"
            yield Fault(message, "remove it", name, at)
    rule = ""
    for token in walk_tokens(tinycss2.parse_component_value_list(style, skip_comments=True)):
        if token.type == "at-keyword":
            rule = token.lower_value
        elif token.type == "literal":
            rule = ""
        is_import = rule == "import"
        address = read_address(token) or (
            token.value if is_import and token.type == "string" else ""
        )
        if address and rule != "namespace":
            what = "a style sheet" if is_import else "a file"
            at = line + token.source_line - 1
            yield from check_reference(what, address, name, places, at)
            rule = ""


def walk_tokens(values: Any) -> Iterator[Any]:
    """Yields ``values`` and the content of blocks and functions among them, in order."""
    waiting = [iter(values)]
    while waiting:
        token = next(waiting[-1], None)
        if token is None:
            waiting.pop()
            continue
        yield token
        inner = getattr(token, "content", None) or getattr(token, "arguments", None)
        if inner:
            waiting.append(iter(inner))
