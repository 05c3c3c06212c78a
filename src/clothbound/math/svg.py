"""Draws TeX as SVG, for targets without MathML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, fromstring, tostring

from ..limits import FORMULA_ELEMENTS
from .line_breaks import INDENT, lines_of
from .spaces import BINARY_SPACE, RELATION_SPACE
from .tex_to_mathml import to_mathml
from .width import COMPARING, JOINING

_SIZE = 100.0
# Pixels that ziamath leaves around a formula, so that antialiased edges are not cut.
_MARGIN = 1.0
# The spaces on both sides of a relation together, in em.
_SPACE = 0.56
# Em between the lines of a broken formula.
_LINE_GAP = 0.5


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as a standalone SVG. Lengths are in em of the text around it."""

    svg: str
    width: float
    height: float
    depth: float
    """The extent of the formula below the baseline."""
    lines: int = 1


@lru_cache(maxsize=512)
def to_svg(tex: str, display: bool, widest: float = 0) -> Formula | None:
    """Sets ``tex`` with ziamath; None if ``to_mathml`` refuses it or the font lacks a character.

    A formula wider than ``widest`` em is broken into lines before its operators outside brackets,
    fractions and the like; 0 allows any width. Formulas are remembered: in a book, `x` stands again and again.
    """
    mathml = to_mathml(tex, display)
    if mathml is None or not tex.strip():
        return None
    tree = fromstring(mathml)  # noqa: S314 - our own, without a DTD
    for element in tree.iter():
        element.tag = element.tag.rpartition("}")[2]
    if sum(1 for _ in tree.iter()) > FORMULA_ELEMENTS:
        return None
    try:
        return _draw(tree, widest)
    except Exception:  # ziamath has no exceptions of its own: IndexError, AssertionError ...
        return None


def _draw(tree: Element, widest: float) -> Formula | None:
    math = _set_formula(tree)
    if not all(_has_glyph(math.font, character) for character in "".join(math.mathml.itertext())):
        return None
    box = math.node.bbox
    width = box.xmax - box.xmin + 2 * _MARGIN
    height = box.ymax - box.ymin + 2 * _MARGIN
    if not (0 < width < 1000 * _SIZE and 0 < height < 1000 * _SIZE):
        return None
    if widest and width > widest * _SIZE:
        lines = lines_of(tree, widest * _SIZE, _SIZE, _width)
        if len(lines) > 1:
            return _stack([_line(line) for line in lines])
    depth = _MARGIN - box.ymin
    return Formula(math.svg(), width / _SIZE, height / _SIZE, depth / _SIZE)


def _set_formula(tree: Element) -> Any:
    from .ziamath_tree import set_formula

    return set_formula(tree, _SIZE, _MARGIN)


def _line(elements: Sequence[Element]) -> Any:
    mathml = Element("math", display="block")
    row = Element("mrow")
    row.extend(elements)
    sign = (elements[0].text or "") if elements[0].tag == "mo" else ""
    if sign and sign in COMPARING + JOINING:
        # A sign at the beginning of a line would be set as the sign of a number.
        right = RELATION_SPACE if sign in COMPARING else BINARY_SPACE
        row[0] = Element(
            "mo", elements[0].attrib | {"form": "infix", "lspace": "0em", "rspace": right}
        )
        row[0].text = sign
    mathml.append(row)
    return _set_formula(mathml)


def _width(elements: Sequence[Element]) -> float:
    box = _line(elements).node.bbox
    # A sign at the beginning has no spaces.
    return float(box.xmax - box.xmin + _SPACE * _SIZE)


def _stack(lines: Sequence[Any]) -> Formula:
    """Stacks lines, all but the first indented; the baseline is that of the last."""
    top, width, groups = _MARGIN, 0.0, []
    depth = 0.0
    drawn: set[str] = set()
    for number, line in enumerate(lines):
        box = line.node.bbox
        left = _MARGIN + (INDENT * _SIZE if number else 0.0) - box.xmin
        if number:
            top += _LINE_GAP * _SIZE
        group = Element("g", transform=f"translate({left:.2f} {top + box.ymax:.2f})")
        for element in line.svgxml():
            # Each line contains its own glyphs, but an id must be unique.
            if element.get("id", "") not in drawn:
                group.append(element)
            drawn |= {element.get("id", "")} - {""}
        groups.append(group)
        top += box.ymax - box.ymin
        depth = _MARGIN - box.ymin
        width = max(width, left + box.xmax + _MARGIN)
    height = top + _MARGIN
    size = {"width": f"{width:.2f}", "height": f"{height:.2f}"}
    svg = Element("svg", size, xmlns="http://www.w3.org/2000/svg")
    svg.set("viewBox", f"0 0 {width:.2f} {height:.2f}")
    svg.extend(groups)
    markup = tostring(svg, encoding="unicode")
    return Formula(markup, width / _SIZE, height / _SIZE, depth / _SIZE, len(lines))


def _has_glyph(font: Any, character: str) -> bool:
    """Returns whether the font has a character. A missing one would be drawn as a box, without error."""
    return bool(font.glyphindex(character)) or character.isspace() or not character.isprintable()
