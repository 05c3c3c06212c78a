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
_COMPARING = lazy_pattern(rf"[{re.escape(COMPARING)}:]")
_EM = lazy_pattern(r"-?[0-9.]+(?=em\Z)")


def width_of(mathml: str) -> float:
    """Returns the width of a ``math`` element set on one line, in em."""
    return _width(fromstring(mathml))  # noqa: S314 - our own, without a DTD


def width_together(elements: Sequence[Element]) -> float:
    """Returns the width of elements set side by side, in em."""
    return sum(map(_width, elements))


def _width(element: Element) -> float:
    name = element.tag.rpartition("}")[2]
    text = element.text or ""
    if name in ("mi", "mn"):
        return 0.55 * len(text)
    if name in ("mtext", "ms"):
        return 0.45 * len(text)
    if name == "mo":
        return _operator(text)
    if name == "mspace":
        found = _EM.match(element.get("width", ""))
        return float(found[0]) if found else 0.0
    if name == "mtable":
        return _table(element)
    inner = [_width(child) for child in element]
    if name in ("msub", "msup", "msubsup"):
        return inner[0] + _SCRIPT * max(inner[1:])
    if name in ("munder", "mover", "munderover"):
        return max(inner[0], *(_SCRIPT * width for width in inner[1:]))
    if name == "mfrac":
        return max(inner) + 0.2
    if name == "mroot":
        return inner[0] + 0.8
    if name == "semantics":
        return inner[0]
    return sum(inner) + (0.8 if name == "msqrt" else 0.0)


def _operator(text: str) -> float:
    if text in _FENCES:
        return 0.35
    if text in LARGE_WITH_LIMITS:
        return 1.2
    if _COMPARING.match(text):
        return 1.3
    if text in (",", ";", ".", "!", "′"):
        return 0.4
    return 1.2 if len(text) == 1 else 0.5 * len(text) + 0.3


def _table(table: Element) -> float:
    columns: dict[int, float] = {}
    for row in table:
        for number, cell in enumerate(row):
            width = sum(map(_width, cell))
            columns[number] = max(columns.get(number, 0.0), width)
    return sum(columns.values()) + 0.8 * len(columns)
