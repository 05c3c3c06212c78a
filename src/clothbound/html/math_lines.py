"""Where a formula that is too wide for the page is broken: before what compares or joins its terms.

So books of mathematics do in displays; nothing within brackets, fractions or roots is broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from xml.etree.ElementTree import Element

INDENT = 2
"""Em by which all lines but the first begin further in."""
_SPACE = 0.56
"""Em on both sides of a sign that compares."""
_COMPARING = "=<>≈≠≤≥≡∼≃≅∝∈∉⊂⊆⊃⊇→←↔⇒⇐⇔⟹⟸⟺↦≪≫≺≻⊢⊨≔"
_JOINING = "+-−±∓·×∗∧∨∩∪⊕⊗⊖∖"
_BREAKS = re.compile(rf"[{re.escape(_COMPARING + _JOINING)}]\Z|:=\Z")
_OPENING = frozenset("([{⟨⌊⌈")
_CLOSING = frozenset(")]}⟩⌋⌉")


def broken(
    mathml: Element, widest: float, em: float, set_line: Callable[[Element], Any]
) -> list[Any]:
    """The lines of ``mathml`` as ``set_line`` sets each, as few as fit into ``widest``.

    ``set_line`` takes a ``math`` element and returns what has a ``node.bbox`` in the unit of
    ``widest``, of which an ``em`` has so many. A line without a place to break may be wider. Of one line there is nothing to break.
    """
    terms = _terms(_row(mathml))
    if len(terms) < 2:
        return []
    indent = INDENT * em
    lines: list[list[Element]] = [[]]
    filled = 0.0
    for term in terms:
        box = set_line(_line(mathml, term)).node.bbox
        # A sign at the beginning has no space on its left.
        width = box.xmax - box.xmin + _SPACE * em
        if lines[-1] and filled + width > widest:
            lines.append([])
            filled = indent
        lines[-1].extend(term)
        filled += width
    return [set_line(_line(mathml, line)) for line in lines]


def _row(element: Element) -> list[Element]:
    """What stands side by side, not within anything else."""
    while len(element) == 1 and element[0].tag in ("mrow", "mstyle", "math"):
        element = element[0]
    return list(element)


def _terms(row: Sequence[Element]) -> list[list[Element]]:
    """``row`` cut before each operator that is outside of brackets and has something before it."""
    terms: list[list[Element]] = [[]]
    depth = 0
    can_break = False
    for element in row:
        sign = (element.text or "").strip() if element.tag == "mo" else ""
        breaks = bool(_BREAKS.match(sign))
        if breaks and can_break and depth == 0:
            terms.append([])
        depth += (sign in _OPENING) - (sign in _CLOSING)
        can_break = element.tag != "mspace" and not breaks
        terms[-1].append(element)
    return terms


def _line(mathml: Element, row: Sequence[Element]) -> Element:
    math = Element("math", mathml.attrib)
    inner = Element("mrow")
    inner.extend(row)
    math.append(inner)
    return math
