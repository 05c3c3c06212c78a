"""Breaks formulas that are too wide for the page into lines.

A formula is broken at wide spaces, which separate statements, and before relations and operators
that join terms, as mathematics books do. The content of brackets, fractions and roots is not
broken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from ..lazy_pattern import lazy_pattern
from .width import COMPARING, JOINING, width_together

INDENT = 2
"""The indent of all lines but the first, in em."""
_BREAKS = lazy_pattern(rf"[{re.escape(COMPARING + JOINING)}]\Z|:=\Z")
_OPENING = frozenset("([{⟨⌊⌈")
_CLOSING = frozenset(")]}⟩⌋⌉")


def lines_of(
    mathml: Element, widest: float, em: float, width_of: Callable[[Sequence[Element]], float]
) -> list[list[Element]]:
    """Divides the elements of a ``math`` element into as few lines as fit into ``widest``.

    ``width_of`` returns the width of elements side by side, in the unit of ``widest``; ``em`` is
    the size of an em in it. A line that cannot be broken may be wider.
    """
    lines: list[list[Element]] = [[]]
    filled = 0.0
    for statement in _statements(_terms(_row(mathml))):
        if lines[-1] and filled + sum(map(width_of, statement)) > widest:
            lines.append([])
            filled = INDENT * em
            if _is_wide_space(statement[0][0]):
                del statement[0][0]
        for term in statement:
            width = width_of(term)
            if lines[-1] and filled + width > widest:
                lines.append([])
                filled = INDENT * em
            lines[-1].extend(term)
            filled += width
    return [line for line in lines if line]


def in_lines(mathml: str, widest: float) -> str:
    """Breaks a ``math`` element into lines of about ``widest`` em at most, in a table of one
    column.

    It is returned unchanged if it cannot be broken.
    """
    root, lines = _break(mathml, widest)
    if len(lines) < 2:
        return mathml
    inside = {"displaystyle": "true", "columnalign": "left", "columnspacing": "0em"}
    table = Element("mtable", inside)
    for number, line in enumerate(lines):
        cell = SubElement(SubElement(table, "mtr"), "mtd", columnalign="left")
        if number:
            SubElement(cell, "mspace", width=f"{INDENT}em")
        cell.extend(line)
    return _serialise(root, [table])


def in_pieces(mathml: str, widest: float) -> list[str]:
    """Splits a ``math`` element into several of about ``widest`` em at most, between which text may
    break.

    The first keeps the attributes of the whole.
    """
    root, lines = _break(mathml, widest)
    pieces = [_serialise(root, lines[0])]
    bare = Element("math", display="inline")
    return pieces + [_serialise(bare, line) for line in lines[1:]]


def _break(mathml: str, widest: float) -> tuple[Element, list[list[Element]]]:
    root = fromstring(mathml)  # noqa: S314 - our own, without a DTD
    for element in root.iter():
        element.tag = local_name(element)
    lines = lines_of(root, widest, 1, width_together)
    for line in lines[1:]:
        # A sign at the beginning of a line would be set as the sign of a number.
        if line[0].tag == "mo":
            line[0].set("form", "infix")
    return root, lines


def _serialise(root: Element, content: Sequence[Element]) -> str:
    copy = Element("math", {"xmlns": "http://www.w3.org/1998/Math/MathML"} | root.attrib)
    copy.extend(content)
    return tostring(copy, encoding="unicode")


def _row(element: Element) -> list[Element]:
    """Returns the elements side by side at the top level."""
    while len(element) == 1 and local_name(element[0]) in ("mrow", "mstyle", "math"):
        element = element[0]
    return list(element)


def _statements(terms: Sequence[list[Element]]) -> list[list[list[Element]]]:
    """Groups ``terms``; each group but the first begins with a wide space."""
    groups: list[list[list[Element]]] = [[]]
    for term in terms:
        if groups[-1] and _is_wide_space(term[0]):
            groups.append([])
        groups[-1].append(term)
    return groups


def _is_wide_space(element: Element) -> bool:
    if local_name(element) != "mspace":
        return False
    width = element.get("width", "")
    return width.endswith("em") and float(width[:-2]) >= 1


def _terms(row: Sequence[Element]) -> list[list[Element]]:
    """Splits ``row`` before each wide space, and before each operator outside brackets that follows
    something.
    """
    terms: list[list[Element]] = [[]]
    depth = 0
    can_break = False
    for element in row:
        sign = _sign(element)
        breaks = bool(_BREAKS.match(sign))
        if depth == 0 and terms[-1] and (_is_wide_space(element) or (breaks and can_break)):
            terms.append([])
        if element.get("fence") == "true" and element.get("form"):
            # The fences of \\left and \\right, which may be strokes.
            depth += {"prefix": 1, "postfix": -1}.get(element.get("form", ""), 0)
        else:
            depth += (sign in _OPENING) - (sign in _CLOSING)
        can_break = local_name(element) != "mspace" and not breaks
        terms[-1].append(element)
    return terms


def _sign(element: Element) -> str:
    """Returns the sign that an element is; of a bracket with an exponent or an index, the bracket."""
    base = element
    while local_name(base) in ("msup", "msub", "msubsup") and len(base):
        base = base[0]
    sign = (base.text or "").strip() if local_name(base) == "mo" else ""
    return sign if base is element or sign in _CLOSING else ""


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2]
