"""Checks style sheets for rules that break reading systems and for the files that they load.

Source: CSS Syntax Level 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import tinycss2

from ..lazy_pattern import lazy_pattern
from .faults import Fault
from .references import IdsByFile, check_reference

_CHOKES = lazy_pattern(
    r"display\s*:\s*(?:inline-)?(?:flex|grid)|var\(|(?<![\w-])--[\w-]+\s*:|"
    r"position\s*:\s*(?:fixed|absolute|sticky)",
    re.I,
)
_COMMENT = lazy_pattern(r"/\*.*?\*/", re.S)


def check_style(style: str, name: str, places: IdsByFile, line: int = 1) -> Iterator[Fault]:
    """Yields the faults of ``style``, which begins in line ``line`` of the file ``name``."""
    # Keep the line endings of comments, so that line numbers stay right.
    bare = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), style)
    seen: set[str] = set()
    for match in _CHOKES.finditer(bare):
        word = re.sub(r"\s+", "", match[0]).rstrip(":")
        if word not in seen:
            seen.add(word)
            at = line + bare.count("\n", 0, match.start())
            message = f"the style {word} breaks some reading systems"
            yield Fault(message, "remove it", name, at)
    imported = False
    for token in walk_tokens(tinycss2.parse_component_value_list(style, skip_comments=True)):
        if token.type == "at-keyword":
            imported = token.lower_value == "import"
        elif token.type == "literal":
            imported = False
        address = read_address(token) or (
            token.value if imported and token.type == "string" else ""
        )
        if address:
            what = "a style sheet" if imported else "a file"
            at = line + token.source_line - 1
            yield from check_reference(what, address, name, places, at)
            imported = False


def read_address(token: Any) -> str:
    """Returns the address in a ``url()``; empty for any other token."""
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name == "url":
        return next((str(t.value) for t in token.arguments if t.type == "string"), "")
    return ""


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
