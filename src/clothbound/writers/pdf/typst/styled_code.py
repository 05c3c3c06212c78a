"""Highlighted code as Typst source."""

from __future__ import annotations

import html
from collections.abc import Iterable

from ....lazy_pattern import lazy_pattern
from .source import literal

_PIECE = lazy_pattern(r'<span class="(\w+)">|</span>|([^<]+)')


def code_lines(markup: str) -> Iterable[list[str]]:
    """The lines of highlighted code, each as expressions."""
    line: list[str] = []
    styles: list[str] = []
    for match in _PIECE.finditer(markup):
        if match[1]:
            styles.append(match[1])
        elif match[2] is None:
            styles.pop()
        else:
            for number, text in enumerate(html.unescape(match[2]).split("\n")):
                if number:
                    yield line
                    line = []
                if text:
                    line.append(_styled(text, styles[-1] if styles else ""))
    yield line


def _styled(text: str, style: str) -> str:
    if style in ("k", "kd", "kn", "kr", "kt", "kc", "ow"):
        return f"keyword({literal(text)})"
    if style in ("c", "c1", "cm", "ch", "cp", "sd"):
        return f"comment({literal(text)})"
    if style == "continued":
        return f"continued({literal(text)})"
    return literal(text)
