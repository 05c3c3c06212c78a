"""Words that an SVG picture sets in HTML, as words of its own.

Mermaid and draw.io label their shapes so; nothing but a browser shows it.
"""

from __future__ import annotations

import math
import re
import textwrap
from dataclasses import dataclass
from typing import Any

from ...lazy_pattern import lazy_pattern

_SVG = "{http://www.w3.org/2000/svg}"
_BLOCKS = frozenset(
    "p div li ul ol tr table h1 h2 h3 h4 h5 h6 pre blockquote section dt dd".split()
)
_SIZE = lazy_pattern(r"font-size\s*:\s*([0-9.]+)px")
_COLOUR = lazy_pattern(r"(?<![-\w])color\s*:\s*(#[0-9a-f]{3,8}|[a-z]+|rgba?\([0-9., %]+\))", re.I)
_PROPERTY = lazy_pattern(r"([a-z-]+)\s*:\s*([^;]+)")
_USUAL = 16.0
"""Pixels of type where nothing says more."""
_NARROW = 0.45
"""How wide a letter is at least, as a rule, in sizes of the type."""
_LEADING = 1.2
_DROP = 0.35
"""How far below the middle of a line its letters stand, in sizes of the type."""


def words_of(element: Any) -> tuple[str, ...]:
    """The lines of an element's text, as blocks and breaks divide them."""
    from lxml import etree

    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        name = etree.QName(node).localname
        if name in _BLOCKS or (name == "br" and event == "start"):
            parts.append("\n")
        if event == "start" and name not in ("script", "style"):
            parts.append((node.text or "").replace("\n", " "))
        if event == "end" and node is not element:
            parts.append((node.tail or "").replace("\n", " "))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return tuple(line for line in lines if line)


def set_words(element: Any, lines: tuple[str, ...]) -> Any:
    """A text element with the lines where ``element``, a foreign object, has its place for them; None
    where it does not say where that is.
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
    """Where words stand: lengths are pixels."""

    x: float
    y: float
    width: float
    """0 where lines end as they are."""
    anchor: str = "middle"
    is_middle: bool = True
    """Whether ``y`` is the middle of the lines, not their beginning."""


def _place_of(element: Any) -> _Place | None:
    x, y, width, height = (_number(element.get(n, "")) for n in ("x", "y", "width", "height"))
    if width and height:
        return _Place(x + width / 2, y + height / 2, width)
    # draw.io's object is as large as the picture, and a box in it has margins for its place.
    box = next((e for e in element if isinstance(e.tag, str)), None)
    style = dict(_PROPERTY.findall("" if box is None else box.get("style", "")))
    if "margin-left" not in style or "padding-top" not in style:
        return None
    x, y, width = (_number(style.get(n, "")) for n in ("margin-left", "padding-top", "width"))
    is_middle = "center" in style.get("align-items", "")
    if "center" in style.get("justify-content", ""):
        # One of a pixel's width holds lines that are not to be broken.
        return _Place(x + width / 2, y, width if width > 1 else 0.0, "middle", is_middle)
    return _Place(x, y, width if width > 1 else 0.0, "start", is_middle)


def _number(text: str) -> float:
    """Returns a length in pixels; 0 if there is none, or if it is relative to its surroundings."""
    try:
        number = float(text.strip().removesuffix("px"))
    except ValueError:
        return 0.0
    return number if math.isfinite(number) else 0.0
