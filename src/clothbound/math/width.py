"""Estimates the width of a formula in MathML, since measuring with an engine would be too slow.

Widths are those of a serif typeface, in em of the text around the formula. The spaces of operators
are those of the dictionary of MathML Core (appendix B).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, fromstring

from ..lazy_pattern import lazy_pattern
from .operators import LARGE_WITH_LIMITS

# The operators with spaces on both sides (MathML Core, appendix B): wide ones around relations,
# medium ones around operators that join terms.
COMPARING = "=<>≈≠≤≥≡∼≃≅∝∈∉⊂⊆⊃⊇→←↔⇒⇐⇔⟹⟸⟺↦≪≫≺≻⊢⊨≔"
JOINING = "+-−±∓·×∗∧∨∩∪⊕⊗⊖∖"
_SCRIPT = 0.71
_FENCES = frozenset("()[]{}|‖⟨⟩⌊⌋⌈⌉/")
_INVISIBLE = frozenset("\u2061\u2062\u2063\u2064")
_COMPARING = lazy_pattern(rf"[{re.escape(COMPARING)}:]")
_EM = lazy_pattern(r"-?[0-9.]+(?=em\Z)")


def width_of(mathml: str) -> float:
    """Returns the width of a ``math`` element set on one line, in em."""
    root = fromstring(mathml)  # noqa: S314 - our own, without a DTD
    return _width(root, is_displayed=root.get("display") == "block")


def width_together(elements: Sequence[Element]) -> float:
    """Returns the width of elements of a displayed formula set side by side, in em."""
    return sum(map(_width, elements))


def _width(element: Element, *, is_displayed: bool = True) -> float:
    name = element.tag.rpartition("}")[2]
    text = element.text or ""
    if name in ("mi", "mn"):
        return (0.55 if len(text) == 1 else 0.48) * len(text)
    if name in ("mtext", "ms"):
        return 0.45 * len(text)
    if name == "mo":
        return _operator(element, text)
    if name == "mspace":
        return _length(element, "width")
    if style := element.get("displaystyle"):
        is_displayed = style == "true"
    if name == "mtable":
        return _table(element)
    inside = is_displayed and name != "mfrac"
    inner = [_width(child, is_displayed=inside) for child in element]
    if name in ("msub", "msup", "msubsup"):
        return inner[0] + _SCRIPT * max(inner[1:])
    if name in ("munder", "mover", "munderover"):
        return max(inner[0], *(_SCRIPT * width for width in inner[1:]))
    if name == "mfrac":
        return max(inner) * (1.0 if is_displayed else _SCRIPT) + 0.2
    if name == "mroot":
        return inner[0] + 0.8
    if name == "semantics":
        return inner[0]
    return sum(inner) + (0.8 if name == "msqrt" else 0.0)


def _length(element: Element, name: str) -> float:
    found = _EM.match(element.get(name, ""))
    return float(found[0]) if found else 0.0


def _operator(element: Element, text: str) -> float:
    if "lspace" in element.attrib:
        return _sign(text) + _length(element, "lspace") + _length(element, "rspace")
    if text in _FENCES:
        return 0.35
    if text in LARGE_WITH_LIMITS:
        return 1.2
    if _COMPARING.match(text):
        return 1.3
    if text in (",", ";", ".", "!", "′"):
        return 0.4
    return 1.2 if len(text) == 1 else 0.5 * len(text) + 0.3


def _sign(text: str) -> float:
    """Returns the width of a sign without the spaces beside it."""
    if text in _INVISIBLE:
        return 0.0
    if text in _FENCES or text in (",", ";", ":", ".", "!"):
        return 0.3
    return 0.75 if len(text) == 1 else 0.5 * len(text)


def _table(table: Element) -> float:
    columns: dict[int, float] = {}
    for row in table:
        for number, cell in enumerate(row):
            width = sum(map(_width, cell))
            columns[number] = max(columns.get(number, 0.0), width)
    return sum(columns.values()) + 0.8 * len(columns)
