"""Writes a formula as a Typst expression: in Typst's own mathematics, as a drawing, or as its TeX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ....math.svg import to_svg
from ..page import SMALL_FORMULA
from .mathematics import to_typst
from .source import literal, name_in

_SURELY_FITS = 0.75
"""The share of the line up to which a formula fits. Estimated widths above it are measured by Typst."""


@dataclass(frozen=True, slots=True)
class SetFormula:
    source: str
    simplified: str = ""
    """What the report says of a formula that is not set as it was meant; empty if it is."""


def set_formula(
    tex: str, size: float, room: float, keep: Callable[[str], str], *, is_displayed: bool
) -> SetFormula:
    """Sets ``tex`` in type of ``size`` points on a line of ``room`` points.

    ``keep`` adds an SVG to the project and returns its path.
    """
    alt = literal(name_in(tex))
    widest = room / size
    equation = to_typst(tex, is_displayed, widest)
    if equation is not None:
        body = f"${equation.source}$.body"
        if not is_displayed or equation.width <= widest * _SURELY_FITS:
            return SetFormula(f"formula({'true' if is_displayed else 'false'}, {alt}, {body})")
        points = size * widest / equation.width
        simplified = ""
        if points < SMALL_FORMULA:
            simplified = f"formula set in type of about {points:.0f} points, as wide as the page"
        return SetFormula(f"fitted-formula({alt}, {body})", simplified)
    drawn = to_svg(tex, is_displayed)
    if drawn is None:
        words = literal(" ".join(tex.split()))
        return SetFormula(f"raw({words})", "formula written as TeX: it cannot be set")
    picture = f"image({literal(keep(drawn.svg))}, alt: {alt}, height: {drawn.height:.3f}em)"
    return SetFormula(f"drawn-formula({picture}, {drawn.depth:.3f}em)", "formula set as a drawing")
