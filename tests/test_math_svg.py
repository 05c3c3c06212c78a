"""TeX as SVG."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clothbound.math.svg import to_svg
from clothbound.math.tex_to_mathml import to_mathml
from clothbound.math.width import width_of


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{x}{y} + z^2",
        r"\sum_{i=1}^n \sqrt[3]{i}",
        r"\begin{pmatrix}1&2\\3&4\end{pmatrix}",
        r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V",
        r"x \in \mathbb{R}^{n\times m}",
        r"\text{a < b}",
        r"a \backslash b",
    ],
)
def test_a_formula_is_drawn(tex: str) -> None:
    formula = to_svg(tex, display=True)
    assert formula is not None
    root = ElementTree.fromstring(formula.svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert list(root.iter("{http://www.w3.org/2000/svg}path"))
    assert 0 <= formula.depth < formula.height


@pytest.mark.parametrize(
    "tex", ["", "  ", r"\frac{a", "{" * 3000, r"\nosuchcommand x", "漢字", r"\newcommand{\a}{b} \a"]
)
def test_what_cannot_be_set_is_none(tex: str) -> None:
    assert to_svg(tex, display=False) is None


def test_a_formula_is_drawn_once() -> None:
    assert to_svg("x + 1", False) is to_svg("x + 1", False)
    assert to_svg(r"\sum_a^b x", False) != to_svg(r"\sum_a^b x", True)
    assert to_svg("x = y + 1", False, 1.0) != to_svg("x = y + 1", False)


def test_the_baseline_is_known() -> None:
    shallow, deep = to_svg("x", display=False), to_svg("y_j", display=False)
    assert shallow is not None
    assert deep is not None
    assert shallow.depth < 0.05 < deep.depth


def test_no_markup_comes_through() -> None:
    formula = to_svg(
        r"\text{<script>alert(1)</script>} \href{javascript:alert(1)}{x}", display=True
    )
    assert formula is None or ("script" not in formula.svg and 'href="java' not in formula.svg)


@settings(max_examples=60)
@given(st.text(alphabet=r"\{}[]^_&xy12 fracsqrtlef().<>$%#~", max_size=30))
def test_any_text_is_drawn_or_refused(tex: str) -> None:
    formula = to_svg(tex, display=False)
    if formula is not None:
        ElementTree.fromstring(formula.svg)


@pytest.mark.parametrize(
    "tex",
    [
        r"L = \frac{\pi t}{6} \left(2^n + 4\right)\left(2^n - 1\right)",
        r"\operatorname{softmax}\left(\frac{QK^\top}{\sqrt{d_k}}\right)V = W_1 x + b_1",
        r"a_1 x_1 + a_2 x_2 + a_3 x_3 + a_4 x_4 + a_5 x_5 + a_6 x_6 + a_7 x_7 \le \sum_{i=1}^{n} x_i",
        r"\begin{aligned} f(x) &= (x + 1)^2 \\ &= x^2 + 2x + 1 \end{aligned}",
        r"\begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix} \quad \text{is a matrix of integers}",
    ],
)
def test_the_width_that_is_estimated_is_about_that_which_is_drawn(tex: str) -> None:
    formula, mathml = to_svg(tex, display=True), to_mathml(tex, True)
    assert formula is not None
    assert mathml is not None
    assert width_of(mathml) == pytest.approx(formula.width, rel=0.25)


LONG = "S = " + " + ".join(rf"a_{{{n}}} x^{{{n}}}" for n in range(40)) + r" \le (b - c)"


def test_a_formula_too_wide_is_broken_before_operators_of_its_own() -> None:
    whole = to_svg(LONG, display=True)
    broken = to_svg(LONG, display=True, widest=30)
    assert whole is not None
    assert broken is not None
    assert whole.width > 90
    assert broken.width <= 30
    assert broken.height > 3 * whole.height
    assert whole.lines == 1
    assert 4 < broken.lines < 9
    ids = [e.get("id") for e in ElementTree.fromstring(broken.svg).iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    root = ElementTree.fromstring(broken.svg)
    assert float(root.get("width", "")) == pytest.approx(broken.width * 100, rel=0.01)
    # Every sign is drawn once.
    drawn = [len(list(ElementTree.fromstring(f.svg).iter("{*}use"))) for f in (whole, broken)]
    assert drawn[0] == drawn[1]
    assert whole == to_svg(LONG, display=True, widest=200)


@pytest.mark.parametrize(
    "tex",
    [
        rf"\frac{{{LONG}}}{{2}}",
        rf"({LONG})",
        rf"\left({LONG}\right)",
        r"\begin{pmatrix}" + "&".join("abcdefghijklmnopqrst") + r"\end{pmatrix}",
        "-" + "x" * 60,
        "",
    ],
)
def test_what_has_no_operators_of_its_own_is_left_on_a_line(tex: str) -> None:
    assert to_svg(tex, display=True, widest=12) == to_svg(tex, display=True)
