"""Writes the lines of highlighted code as Typst source."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from .literals import literal

_KEYWORDS = frozenset(("k", "kd", "kn", "kr", "kt", "kc", "ow"))
_COMMENTS = frozenset(("c", "c1", "cm", "ch", "cp", "sd"))


def code_lines(code: Element) -> list[list[str]]:
    """Returns the lines of highlighted code, each as expressions."""
    lines: list[list[str]] = [[]]
    for text, style in _code_pieces(code, ""):
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append(_colour_code(part, style))
    return lines


def _code_pieces(element: Element, style: str) -> Iterator[tuple[str, str]]:
    yield element.text or "", style
    for child in element:
        yield from _code_pieces(child, child.get("class", ""))
        yield child.tail or "", style


def _colour_code(text: str, style: str) -> str:
    if style in _KEYWORDS:
        return f"keyword({literal(text)})"
    if style in _COMMENTS:
        return f"comment({literal(text)})"
    return f"continued({literal(text)})" if style == "continued" else literal(text)
