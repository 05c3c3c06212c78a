"""TeX as SVG, for targets that have no MathML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .math import to_mathml
from .tex import readable

_SIZE = 100.0
# Pixels that ziamath leaves round a formula, against antialiased edges.
_MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as a standalone SVG. Lengths are em of the text that it stands in."""

    svg: str
    width: float
    height: float
    depth: float
    """How far it reaches below the base line."""


def to_svg(tex: str, display: bool) -> Formula | None:
    """``tex`` set by ziamath, or None where it cannot be: what ``to_mathml`` refuses, a character
    that the font of mathematics lacks.
    """
    mathml = to_mathml(tex, display)
    if mathml is None or not tex.strip():
        return None
    from ziamath.zmath import Math

    # ziamath's own way from TeX knows some better signs, but takes `\text{<}` for markup.
    known = readable(tex)
    ways = (
        lambda: Math.fromlatex(known, size=_SIZE, inline=not display, margin=_MARGIN),
        lambda: Math(mathml, size=_SIZE, margin=_MARGIN),
    )
    for way in ways:
        try:
            return _draw(way())
        except Exception:  # noqa: S112 - it has none of its own: IndexError, AssertionError ...
            continue
    return None


def _draw(math: Any) -> Formula | None:
    if not all(_has_glyph(math.font, character) for character in "".join(math.mathml.itertext())):
        return None
    box = math.node.bbox
    width = box.xmax - box.xmin + 2 * _MARGIN
    height = box.ymax - box.ymin + 2 * _MARGIN
    if not (0 < width < 1000 * _SIZE and 0 < height < 1000 * _SIZE):
        return None
    depth = _MARGIN - box.ymin
    return Formula(math.svg(), width / _SIZE, height / _SIZE, depth / _SIZE)


def _has_glyph(font: Any, character: str) -> bool:
    """A character that the font lacks would come out as a box, without a word."""
    return bool(font.glyphindex(character)) or character.isspace() or not character.isprintable()
