"""Lays a cleaned SVG picture on a ground."""

from __future__ import annotations

import math

from ...untrusted_xml import PARSER_OPTIONS
from .cleaning import SVG_NAMESPACE

_STYLE = (
    "fill: {}; stroke: none; fill-opacity: 1; opacity: 1; display: inline; visibility: visible; transform: none; "
    "filter: none; mask: none; clip-path: none"
)
"""A style attribute, since a style sheet of the picture would override plain attributes."""
_NAMES = {f"{{{SVG_NAMESPACE}}}{name}" for name in ("title", "desc", "metadata", "style")}
"""What stands before the ground: a reader takes the title that is the first child for the picture's."""
_REACH = 50
"""How many viewBoxes the ground goes beyond: ``preserveAspectRatio`` may set a square in a banner."""


def lay_on_ground(data: bytes, colour: str) -> bytes:
    """Returns a cleaned picture with a ground, without which black lines are invisible on a black page."""
    from lxml import etree

    root = etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS))
    ground = etree.Element(
        f"{{{SVG_NAMESPACE}}}rect", style=_STYLE.format(colour), **_area(root.get("viewBox"))
    )
    first = next((at for at, child in enumerate(root) if child.tag not in _NAMES), len(root))
    root.insert(first, ground)
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _area(view_box: str | None) -> dict[str, str]:
    """Returns the attributes of a rectangle that fills a picture, also one that is of another shape than its viewBox."""
    try:
        left, top, width, height = map(float, (view_box or "").replace(",", " ").split())
    except ValueError:
        left = top = width = height = math.nan
    if not (math.isfinite(left + top + width + height) and width > 0 and height > 0):
        return {"width": "100%", "height": "100%"}
    return {
        "x": f"{left - _REACH * width:.9g}",
        "y": f"{top - _REACH * height:.9g}",
        "width": f"{(2 * _REACH + 1) * width:.9g}",
        "height": f"{(2 * _REACH + 1) * height:.9g}",
    }
