"""Writes the lines of highlighted code, and where it stands, as Typst source."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ..code_lines import OUTDENT
from .literals import literal

_KEYWORDS = frozenset(("k", "kd", "kn", "kr", "kt", "kc", "ow"))
_COMMENTS = frozenset(("c", "c1", "cm", "ch", "cp", "sd"))

_NUMBERS = "data-numbers"
"""The attribute of code, and of its title, in a numbered list with the first and the last number of the list."""


def number_code(numbered: Element, start: int) -> None:
    """Tells code in the items of a numbered list the first and the last number, by which it is indented."""
    last = start + len(numbered.findall("li")) - 1
    for code in numbered.iterfind(f"li/*[@{OUTDENT}]"):
        code.set(_NUMBERS, f"({start}, {last})")


def outdent_arguments(element: Element) -> list[str]:
    """Returns the arguments by which code, or its title, goes back to the margin of the list or quotation around it."""
    outdent, numbers = element.get(OUTDENT), element.get(_NUMBERS)
    named = [f'outdent: "{outdent}"'] if outdent else []
    return [*named, f"numbers: {numbers}"] if numbers else named


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
