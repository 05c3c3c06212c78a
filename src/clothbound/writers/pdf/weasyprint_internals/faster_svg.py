"""Paths of SVG pictures without reading the same path again; what is drawn is the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....lazy_pattern import lazy_pattern
from .replacing import with_names

_WITHOUT_UNITS = lazy_pattern(r"[-+0-9.eE,\sachlmqstvzACHLMQSTVZ]*")


def read_paths_once(loaded: Iterable[Any]) -> None:
    """Lets the SVG pictures among ``loaded`` read each path once, whichever of them has it.

    The letters of formulas are paths, and the same letter stands in many formulas.
    """
    from weasyprint.images import SVGImage
    from weasyprint.svg import SVG, TAGS

    read: dict[str, tuple[list[Any], list[Any]]] = {}

    def draw_path(svg: Any, node: Any, font_size: Any) -> None:
        path = node.get("d", "")
        drawn, corners = svg.stream.stream, node.vertices
        if path in read:
            operators, points = read[path]
            drawn += operators
            corners += points
            return
        first, first_corner = len(drawn), len(corners)
        TAGS["path"](svg, node, font_size)
        if _WITHOUT_UNITS.fullmatch(path):
            read[path] = drawn[first:], list(corners)[first_corner:]

    class SharingSVG(SVG):  # type: ignore[misc]
        draw_node = with_names(SVG.draw_node, TAGS={**TAGS, "path": draw_path})

    for item in loaded:
        if type(item) is SVGImage and type(item._svg) is SVG:
            item._svg.__class__ = SharingSVG
