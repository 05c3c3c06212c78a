"""Converts words that an SVG picture sets in HTML into SVG text.

Mermaid and draw.io label their shapes with HTML, which only browsers show.
"""

from __future__ import annotations

import math
import re
import textwrap
from dataclasses import dataclass
from typing import Any

from ...lazy_pattern import lazy_pattern
from ...untrusted_xml import part_name
from ...web.html_elements import BLOCKS

_SVG = "{http://www.w3.org/2000/svg}"
# The cells of a row are next to each other, on one line.
_LINES = BLOCKS - {"td", "th"}
_SIZE = lazy_pattern(r"font-size\s*:\s*([0-9.]+)px")
_COLOUR = lazy_pattern(r"(?<![-\w])color\s*:\s*(#[0-9a-f]{3,8}|[a-z]+|rgba?\([0-9., %]+\))", re.I)
_PROPERTY = lazy_pattern(r"(?<![a-z-])([a-z-]++)\s*+:\s*([^;]+)")
_USUAL = 16.0
"""The size of type in pixels if the picture gives none."""
_NARROW = 0.45
"""The usual least width of a letter, in em."""
_LEADING = 1.2
_DROP = 0.35
"""The distance from the middle of a line down to its baseline, in em."""


def text_lines(element: Any) -> tuple[str, ...]:
    """Returns the lines of an element's text, as blocks and breaks divide it."""
    from lxml import etree

    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        _, name = part_name(node.tag)
        if name in _LINES or (name == "br" and event == "start"):
            parts.append("\n")
        if event == "start" and name not in ("script", "style"):
            parts.append((node.text or "").replace("\n", " "))
        if event == "end" and node is not element:
            parts.append((node.tail or "").replace("\n", " "))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return tuple(line for line in lines if line)


def set_words(element: Any, lines: tuple[str, ...]) -> Any:
    """Returns a text element with the lines at the place of ``element``, a foreign object; None if
    its place is unknown.
    """
    from lxml import etree

    place = _place_of(element)
    if place is None:
        return None
    styles = " ".join(node.get("style", "") for node in element.iter() if node.get("style"))
    found = [float(size) for size in _SIZE.findall(styles) if float(size)]
    size = found[-1] if found else _USUAL
    if place.width:
        letters = max(1, int(place.width / (_NARROW * size)))
        lines = tuple(part for line in lines for part in textwrap.wrap(line, letters))
    text = etree.Element(f"{_SVG}text", {"text-anchor": place.anchor})
    if found:
        text.set("font-size", f"{size:g}")
    colour = _COLOUR.findall(styles)
    if colour:
        text.set("fill", colour[-1])
    first = place.y + _DROP * size
    if place.is_middle:
        first -= (len(lines) - 1) * _LEADING / 2 * size
    else:
        first += _LEADING / 2 * size
    for position, line in enumerate(lines):
        at = {"x": f"{place.x:g}", "y": f"{first + position * _LEADING * size:g}"}
        etree.SubElement(text, f"{_SVG}tspan", at).text = line
    return text


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of words, in pixels."""

    x: float
    y: float
    width: float
    """The width at which lines are broken; 0 keeps them as they are."""
    anchor: str = "middle"
    is_middle: bool = True
    """Whether ``y`` is the middle of the lines instead of their top."""


def _place_of(element: Any) -> _Place | None:
    x, y, width, height = (_number(element.get(n, "")) for n in ("x", "y", "width", "height"))
    if width and height:
        return _Place(x + width / 2, y + height / 2, width)
    # In draw.io, the object is as large as the picture, and the margins of a box in it give the
    # place.
    box = next((e for e in element if isinstance(e.tag, str)), None)
    style = dict(_PROPERTY.findall("" if box is None else box.get("style", "")))
    if "margin-left" not in style or "padding-top" not in style:
        return None
    x, y, width = (_number(style.get(n, "")) for n in ("margin-left", "padding-top", "width"))
    is_middle = "center" in style.get("align-items", "")
    if "center" in style.get("justify-content", ""):
        # A width of one pixel means that lines must not be broken.
        return _Place(x + width / 2, y, width if width > 1 else 0.0, "middle", is_middle)
    return _Place(x, y, width if width > 1 else 0.0, "start", is_middle)


def _number(text: str) -> float:
    """Returns a length in pixels; 0 if there is none, or if it is relative to its surroundings."""
    try:
        number = float(text.strip().removesuffix("px"))
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0
