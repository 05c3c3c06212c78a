"""Lays a cleaned SVG picture on white."""

from __future__ import annotations

from ...untrusted_xml import PARSER_OPTIONS
from .cleaning import SVG_NAMESPACE

_WHITE = "fill: #fff; stroke: none"
"""A style attribute, since a style sheet of the picture would override plain attributes."""


def lay_on_white(data: bytes) -> bytes:
    """Returns a cleaned picture with a white ground, without which black lines are invisible on a black page."""
    from lxml import etree

    root = etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS))
    ground = etree.Element(f"{{{SVG_NAMESPACE}}}rect", style=_WHITE, **_area(root.get("viewBox")))
    root.insert(0, ground)
    made: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _area(view_box: str | None) -> dict[str, str]:
    """Returns the attributes of a rectangle that fills a picture, also one that is of another shape than its viewBox."""
    try:
        left, top, width, height = map(float, (view_box or "").replace(",", " ").split())
    except ValueError:
        return {"width": "100%", "height": "100%"}
    return {
        "x": f"{left - width:g}",
        "y": f"{top - height:g}",
        "width": f"{3 * width:g}",
        "height": f"{3 * height:g}",
    }
