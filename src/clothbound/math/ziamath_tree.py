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
from ziamath.nodes.mrow import Mrow
from ziamath.nodes.mspace import Mpadded, Mphantom
from ziamath.zmath import Math

from ..lazy_pattern import lazy_pattern
from .width import COMPARING, JOINING

_ROW = "clothbound-row"
_PADDED = "clothbound-padded"
_PHANTOM = "clothbound-phantom"
_NAMES = {"mrow": _ROW, "mstyle": _ROW, "mtd": _ROW, "mpadded": _PADDED, "mphantom": _PHANTOM}
_HOLD_A_ROW = frozenset(("msqrt", "menclose"))
# Spaces before and after (MathML Core, appendix B): of relations and operators without an entry; of
# operators that join terms; of separators.
_COMPARED, _JOINED, _PARTED = ("0.278em", "0.278em"), ("0.222em", "0.222em"), ("0em", "0.167em")
_ROW_GAP = "0.5em"
_COLUMN_GAP = "0.8em"
_LENGTH = lazy_pattern(r"(-?[0-9.]+)em")
_EM = 0.75
"""The size of an em in ziamath's own em, which is four thirds of its type size."""
_WITHOUT_STRETCH = frozenset("↑↓⟨⟩")
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


for _kind, _name in ((_Row, "mrow"), (_Padded, "mpadded"), (_Phantom, "mphantom")):
    # ziamath reads this attribute when it decides on spaces.
    _kind.mtag = _name


def set_formula(mathml: Element, size: float, margin: float) -> Math:
    """Sets ``mathml``, a ``math`` element without namespace, at ``size`` pixels per em.

    Raises the exceptions of ziamath.
    """
    adapted = _adapt(mathml)
    _scale_lengths(adapted)
    return Math(adapted, size=size, margin=margin)


def _adapt(element: Element) -> Element:
    children = [_adapt(child) for child in element]
    tag = element.tag
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
    match tag:
        case "mtable":
            adapted.attrib.setdefault("rowspacing", _ROW_GAP)
            adapted.attrib.setdefault("columnspacing", _COLUMN_GAP)
        case "mi" | "mo" if (adapted.text or "") in _WITHOUT_STRETCH:
            adapted.tag = "mo"
            adapted.attrib.setdefault("stretchy", "false")
        case "mover" | "munder" | "munderover":
            for mark in adapted[1:]:
                _set_accent(mark, adapted)
    if tag == "math" or adapted.tag in _NAMES.values():
        _space_operators(adapted)
    return adapted


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
