"""Formulas as they are drawn: lines apart, spaces round operators, time that nesting does not double."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from ziamath.nodes.mnode import _node_classes
from ziamath.nodes.mrow import Mrow

from clothbound.math.svg import Formula, to_svg


def drawn(tex: str) -> Formula:
    formula = to_svg(tex, display=True)
    assert formula is not None
    return formula


@pytest.mark.parametrize("name", ["aligned", "gathered", "align*", "cases", "pmatrix", "array"])
def test_lines_of_fractions_stand_apart(name: str) -> None:
    row, columns = r"\frac{a}{b}", "{c}" if name == "array" else ""

    def lines(count: int) -> float:
        content = r" \\ ".join([row] * count)
        return drawn(rf"\begin{{{name}}}{columns}{content}\end{{{name}}}").height

    assert lines(4) - lines(3) == pytest.approx(drawn(row).height + 0.5, abs=0.1)


@pytest.mark.parametrize("sign", [r"\sim", r"\subset", r"\in", r"\propto", r"\to", "=", r"\ll"])
def test_what_compares_has_spaces_on_both_sides(sign: str) -> None:
    alone = drawn(f"a{{{sign}}}b").width
    assert drawn(f"a {sign} b").width == pytest.approx(alone + 10 / 18, abs=0.06)


@pytest.mark.parametrize("sign", [r"\times", "+", r"\cap", r"\land"])
def test_what_joins_has_spaces_on_both_sides(sign: str) -> None:
    alone = drawn(f"a{{{sign}}}b").width
    assert drawn(f"a {sign} b").width == pytest.approx(alone + 8 / 18, abs=0.06)


def test_a_sign_of_a_number_has_no_space_behind_it() -> None:
    assert drawn("-b").width < drawn("a - b").width - drawn("a").width - 0.3


@pytest.mark.parametrize("sign", [r"\sum", r"\prod", r"\bigcup", r"\int"])
def test_brackets_are_as_high_as_a_large_operator_and_its_limits(sign: str) -> None:
    """Higher brackets are wider."""
    inside = f"{sign}_{{i=1}}^{{n}} a"
    alone = drawn(inside).width
    high = drawn(rf"\left({inside}\right)").width - alone
    assert high > 1.2 * (drawn(f"({inside})").width - alone)


NESTS = {
    "braces": ("{", "}"),
    "fractions": (r"\frac{1}{1+", "}"),
    "roots": (r"\sqrt{1+", "}"),
    "indexed roots": (r"\sqrt[3]{1+", "}"),
    "scripts": ("x^{1+", "}"),
    "subscripts": ("x_{1+", "}"),
    "limits": (r"\sum_{i}^{1+", "}"),
    "accents": (r"\hat{1+", "}"),
    "braces below": (r"\underbrace{1+", "}"),
    "brackets": (r"\left(1+", r"\right)"),
    "matrices": (r"\begin{pmatrix}1&", r"\end{pmatrix}"),
    "boxes": (r"\boxed{1+", "}"),
    "blanks": (r"\phantom{1+", "}"),
    "styles": (r"{\displaystyle 1+", "}"),
}


@pytest.mark.parametrize("name", NESTS)
def test_nesting_does_not_double_the_work(name: str) -> None:
    opening, closing = NESTS[name]

    def calls(depth: int) -> int:
        count = 0

        def notice(frame: FrameType, event: str, argument: Any) -> None:
            nonlocal count
            count += event == "call"

        tex = opening * depth + "a" + closing * depth
        assert to_svg(tex, display=True) is not None  # what is made once is there
        to_svg.cache_clear()
        sys.setprofile(notice)
        try:
            to_svg(tex, display=True)
        finally:
            sys.setprofile(None)
        return count

    assert calls(12) < 5 * calls(6)


def test_ziamath_is_as_it_was_for_others() -> None:
    assert drawn(r"\frac{1}{2}")
    assert _node_classes["mrow"] is Mrow
