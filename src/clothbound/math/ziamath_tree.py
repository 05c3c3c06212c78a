"""Prepares a MathML tree for ziamath: spaces, accents, table rows, and rows that are measured once.

ziamath sets the children of each ``mrow`` twice, first to measure the height of its brackets, so
each level of nesting doubles the time. The rows here have element names of their own, for which
ziamath finds classes of this module; its own classes stay unchanged for other code in the process.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

from ziamath import operators
from ziamath.drawable import HLine, VLine
from ziamath.nodes.mfrac import Mfrac
from ziamath.nodes.moperator import Moperator
from ziamath.nodes.mrow import Mrow
from ziamath.nodes.mspace import Mpadded, Mphantom
from ziamath.nodes.mtable import Mtable
from ziamath.zmath import Math

from ..lazy_pattern import lazy_pattern
from .operators import LARGE_WITH_LIMITS
from .spaces import APPLIED, INTEGRALS, SCRIPTED, TIMES
from .width import COMPARING, JOINING, width_together

_ROW = "clothbound-row"
_PADDED = "clothbound-padded"
_PHANTOM = "clothbound-phantom"
_NAMES = {"mrow": _ROW, "mstyle": _ROW, "mtd": _ROW, "mpadded": _PADDED, "mphantom": _PHANTOM}
_FRACTION = "clothbound-fraction"
_RULED = "clothbound-table"
_ARROW = "clothbound-arrow"
_HOLD_A_ROW = frozenset(("msqrt", "menclose"))
# Spaces before and after (MathML Core, appendix B): of relations and operators without an entry; of
# operators that join terms; of separators.
_COMPARED, _JOINED, _PARTED = ("0.278em", "0.278em"), ("0.222em", "0.222em"), ("0em", "0.167em")
_ROW_GAP = "0.5em"
_COLUMN_GAP = "0.8em"
_LENGTH = lazy_pattern(r"(-?(?<![0-9.])[0-9.]++)em")
_EM = 0.75
"""The size of an em in ziamath's own em, which is four thirds of its type size."""
_WITHOUT_STRETCH = frozenset("↑↓⟨⟩")
_THIN = "0.167em"
_BESIDE_FRACTION = 0.1
"""The space on each side of a fraction in em (TeX's ``\\nulldelimiterspace``)."""
_SCRIPT_SIZE = 0.71
_ARROWS = frozenset("←→↔⇐⇒⇔↦⟵⟶")
_BESIDE = {"munder": "msub", "mover": "msup", "munderover": "msubsup"}
_LETTERS = {"∂": "𝜕"}
"""Letters that browsers slant, and ziamath does not."""
_UNARY = frozenset("¬∁∂∇√∛∜∠∡∢∆∀∃∄")
# Replacements by accent, and whether the accent is as wide as its base.
_ACCENTS = {("^", False): "\u02c6", ("^", True): "\u0302", ("~", True): "\u0303"}


class _MeasuredOnce:
    """A row that measures its content once, not again for each row around it."""

    def _get_height_nostretch(self, line: list[Element], **kwargs: Any) -> tuple[float, float]:
        if kwargs.get("nostretch"):
            # A row around this one asks for its height without brackets; its own brackets are
            # irrelevant.
            return 0.0, 0.0
        found: tuple[float, float] = super()._get_height_nostretch(line, **kwargs)  # type: ignore[misc]
        return found


class _Row(_MeasuredOnce, Mrow, tag=_ROW):
    pass


class _Padded(_MeasuredOnce, Mpadded, tag=_PADDED):
    pass


class _Phantom(_MeasuredOnce, Mphantom, tag=_PHANTOM):
    pass


class _Fraction(Mfrac, tag=_FRACTION):
    """A fraction with the same space on both sides, as in TeX, not one by its neighbour."""

    def leftsibling(self) -> None:
        return None

    def _setup(self, **kwargs: Any) -> None:
        super()._setup(**kwargs)
        room = self.size_px(f"{_BESIDE_FRACTION * _EM}em")
        self.nodexy = [(x + room, y) for x, y in self.nodexy]
        width = max(self.numerator.bbox.xmax, self.denominator.bbox.xmax)
        self.bbox = self.bbox._replace(xmin=0, xmax=width + 2 * room)


class _Ruled(Mtable, tag=_RULED):
    """A table with the rules between its rows and columns, which ziamath leaves out."""

    def _setup(self, **kwargs: Any) -> None:
        super()._setup(**kwargs)
        places = [(r, c) for r, row in enumerate(self.element) for c in range(len(row))]
        cells = list(zip(places, self.nodes, self.nodexy, strict=True))
        box = self.bbox
        thick = self.units_to_points(self.font.math.consts.fractionRuleThickness)
        for after in _ruled(self.element.get("columnlines", ""), max(c for _, c in places)):
            left = max(x + n.bbox.xmax for (_, c), n, (x, _y) in cells if c == after)
            right = min(x + n.bbox.xmin for (_, c), n, (x, _y) in cells if c == after + 1)
            self.nodes.append(VLine(box.ymax - box.ymin, thick, style=self.style, **kwargs))
            self.nodexy.append(((left + right - thick) / 2, -box.ymax))
        for after in _ruled(self.element.get("rowlines", ""), len(self.element) - 1):
            above = max(y - n.bbox.ymin for (r, _), n, (_x, y) in cells if r == after)
            below = min(y - n.bbox.ymax for (r, _), n, (_x, y) in cells if r == after + 1)
            self.nodes.append(HLine(box.xmax, thick, style=self.style, **kwargs))
            self.nodexy.append((0, (above + below - thick) / 2))


def _ruled(kinds: str, gaps: int) -> list[int]:
    """Returns the rows or columns after which there is a rule. The last kind counts for the rest."""
    given = kinds.split()
    every = [*given, *given[-1:] * gaps][:gaps]
    return [number for number, kind in enumerate(every) if kind != "none"]


class _Arrow(Moperator, tag=_ARROW):
    """An arrow as wide as its attribute ``width`` says."""

    def __init__(self, element: Element, parent: Any, **kwargs: Any) -> None:
        width = self.size_in(element, parent)
        super().__init__(element, parent, **(kwargs | {"width": width}))

    @staticmethod
    def size_in(element: Element, parent: Any) -> float:
        width: float = parent.size_px(element.get("width", "1em"))
        return width


for _kind, _name in (
    (_Row, "mrow"),
    (_Padded, "mpadded"),
    (_Phantom, "mphantom"),
    (_Fraction, "mfrac"),
    (_Ruled, "mtable"),
    (_Arrow, "mo"),
):
    # ziamath reads this attribute when it decides on spaces.
    _kind.mtag = _name


def set_formula(mathml: Element, size: float, margin: float) -> Math:
    """Sets ``mathml``, a ``math`` element without namespace, at ``size`` pixels per em.

    Raises the exceptions of ziamath.
    """
    adapted = _adapt(mathml, mathml.get("display") == "block")
    _scale_lengths(adapted)
    return Math(adapted, size=size, margin=margin)


def _adapt(element: Element, is_displayed: bool) -> Element:
    tag = element.tag
    inside = _style_inside(element, is_displayed)
    children = [_adapt(child, inside) for child in element if child.text not in (APPLIED, TIMES)]
    if tag in ("mrow", "mstyle") and len(children) == 1 and not element.attrib:
        only = children[0]
        if only.tag != "mo":  # an operator alone in a row has no spaces
            return only
    if tag in _HOLD_A_ROW and len(children) != 1:
        row = Element(_ROW)
        row.extend(children)
        children = [row]
    adapted = Element(_NAMES.get(tag, tag), element.attrib)
    adapted.text = element.text
    adapted.extend(children)
    _adapt_by_name(adapted, tag, is_displayed)
    if tag == "math" or adapted.tag in _NAMES.values():
        _space_operators(adapted)
        _space_large(adapted)
    return adapted


def _style_inside(element: Element, is_displayed: bool) -> bool:
    """Whether the children of an element are set as large as displayed formulas are."""
    if style := element.get("displaystyle"):
        return style == "true"
    return is_displayed and element.tag not in ("mfrac", "mtable")


def _adapt_by_name(  # noqa: C901 - match dispatch
    adapted: Element, tag: str, is_displayed: bool
) -> None:
    match tag:
        case "mtable":
            adapted.attrib.setdefault("rowspacing", _ROW_GAP)
            adapted.attrib.setdefault("columnspacing", _COLUMN_GAP)
            if adapted.get("columnlines") or adapted.get("rowlines"):
                adapted.tag = _RULED
        case "mi" | "mo" if (adapted.text or "") in _WITHOUT_STRETCH:
            adapted.tag = "mo"
            adapted.attrib.setdefault("stretchy", "false")
        case "mi" if adapted.text in _LETTERS:
            adapted.text = _LETTERS[adapted.text]
        case "mi" if (adapted.text or "") in operators.names:
            # ziamath takes it as an operator, and would set its spaces.
            adapted.tag = "mo"
            adapted.attrib.update(lspace="0em", rspace="0em")
        case "mfrac" if adapted.get("linethickness") is None:
            adapted.tag = _FRACTION
            if is_displayed and any(part.get("displaystyle") for part in adapted):
                adapted.set("displaystyle", "true")
        case "mover" | "munder" | "munderover":
            for mark in adapted[1:]:
                _set_accent(mark, adapted)
            _stretch_arrow(adapted)
    if tag in _BESIDE and not is_displayed and _is_large(adapted[0]):
        adapted.tag = _BESIDE[tag]
    if tag == "mo" and (adapted.text in INTEGRALS or adapted.text in LARGE_WITH_LIMITS):
        # ziamath stretches them beside fractions, and does not count what stretches in the height of brackets.
        adapted.set("stretchy", "false")
    if tag == "mo" and not is_displayed and _is_large(adapted):
        adapted.attrib.update(largeop="false", movablelimits="false")


def _stretch_arrow(element: Element) -> None:
    """Makes an arrow as wide as the words over and under it."""
    base = element[0]
    arrow = base[0] if base.tag == _ROW and len(base) == 1 else base
    if arrow.tag == "mo" and (arrow.text or "") in _ARROWS:
        width = _SCRIPT_SIZE * max(width_together([label]) for label in element[1:])
        attributes = {"width": f"{width:.3f}em", "lspace": _COMPARED[0], "rspace": _COMPARED[1]}
        element[0] = Element(_ARROW, attributes)
        element[0].text = arrow.text


def _core(element: Element) -> Element:
    """The operator to which scripts and limits were added."""
    while element.tag in SCRIPTED and len(element):
        element = element[0]
    return element


def _is_large(element: Element) -> bool:
    core = _core(element)
    text = core.text or ""
    return core.tag == "mo" and (
        text in LARGE_WITH_LIMITS or core.get("movablelimits") == "true" or text in INTEGRALS
    )


def _space_large(row: Element) -> None:
    """Adds thin spaces round large operators, which ziamath sets without."""
    children: list[Element] = []
    for position, child in enumerate(row):
        children.append(child)
        if not _is_large(child):
            continue
        _core(child).attrib.update(lspace="0em", rspace="0em")
        before = row[position - 1] if position else None
        after = row[position + 1] if position + 1 < len(row) else None
        if before is not None and _core(before).tag not in ("mo", "mspace"):
            children.insert(-1, Element("mspace", width=_THIN))
        if after is not None and (_core(after).tag not in ("mo", "mspace") or _is_large(after)):
            children.append(Element("mspace", width=_THIN))
    row[:] = children


def _scale_lengths(root: Element) -> None:
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, _LENGTH.sub(lambda found: f"{float(found[1]) * _EM:.4f}em", value))


def _set_accent(mark: Element, over: Element) -> None:
    is_wide = mark.get("stretchy") != "false" and over.get("accent") != "true"
    if mark.tag == "mo" and (sign := _ACCENTS.get((mark.text or "", is_wide))):
        mark.text = sign


def _space_operators(row: Element) -> None:
    """Sets the spaces of infix operators that ziamath's dictionary lacks."""
    for before, child in pairwise(row[:-1]):
        sign = (child.text or "").strip()
        if child.tag != "mo" or {"form", "lspace", "rspace"} & child.attrib.keys():
            continue
        if sign in (",", ";"):
            spaces = _PARTED
        elif sign and sign in JOINING:
            if before.tag == "mo":
                continue
            spaces = _JOINED
        elif sign and (sign in COMPARING or _is_unlisted(sign)):
            spaces = _COMPARED
        else:
            continue
        child.set("lspace", spaces[0])
        child.set("rspace", spaces[1])


def _is_unlisted(sign: str) -> bool:
    """Whether ziamath's dictionary lacks an operator, which would otherwise get no spaces."""
    is_operator = len(sign) == 1 and unicodedata.category(sign) == "Sm"
    return is_operator and sign not in operators.names and sign not in _UNARY
