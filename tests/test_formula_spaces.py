"""Formulas have the spaces of TeX in all targets: cases/formulas/sixty.md, set by each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typst

from clothbound.diagnostics import DiagnosticCode
from clothbound.math.svg import to_svg
from clothbound.math.tex_to_mathml import to_mathml
from clothbound.math.width import width_of
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.writers.pdf.typst.mathematics import to_typst
from printed_books import Engine, book, make, post

SIXTY = Path(__file__).parent / "cases/formulas/sixty.md"
FORMULAS = re.findall(r"^\$\$(.*?)\$\$$", SIXTY.read_text(encoding="utf-8"), re.M | re.S)
WITHOUT = '<mo lspace="0em" rspace="0em">{}</mo>'
BOXED = "#let boxed(body) = box(inset: (x: 0.2em), math.equation(body))\n"


def typst_width(source: str) -> float:
    page = f"{BOXED}#set page(width: auto, height: auto, margin: 0pt)\n#set text(size: 10pt)\n"
    equation = f"#math.equation(block: true, ${source}$.body)"
    svg = typst.compile((page + equation).encode(), format="svg")
    assert isinstance(svg, bytes)
    found = re.search(rb'width="([\d.]+)pt"', svg)
    assert found
    return float(found[1]) / 10


@pytest.mark.parametrize("tex", FORMULAS, ids=range(len(FORMULAS)))
def test_weasyprint_s_formulas_are_as_wide_as_typst_s(tex: str) -> None:
    drawn, equation, mathml = to_svg(tex, True), to_typst(tex, True), to_mathml(tex, True)
    assert drawn is not None
    assert equation is not None
    assert mathml is not None
    # The typefaces differ (STIX Two, New Computer Modern), and so do matrices and large brackets.
    is_bracketed = tex.count(r"\left") > 2 or "array" in tex or "matrix" in tex
    gaps = 1.8 if is_bracketed else 0.7
    assert drawn.width == pytest.approx(typst_width(equation.source), rel=0.13, abs=gaps)
    assert width_of(mathml) == pytest.approx(drawn.width, rel=0.25, abs=2.2)


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        ("a = -b", WITHOUT.format("−")),
        ("(-b)", WITHOUT.format("−")),
        ("a, -b", WITHOUT.format("−")),
        ("1{,}5", WITHOUT.format(",")),
        ("a/b", WITHOUT.format("/")),
        ("n!", WITHOUT.format("!")),
        (r"a + \cdots + b", WITHOUT.format("⋯")),
        ("x_{i=1}", WITHOUT.format("=")),
        ("f: X", '<mo lspace="0.278em" rspace="0.278em">:</mo>'),
        ("n := 1", '<mo lspace="0.278em" rspace="0em">:</mo><mo lspace="0em" rspace="0.278em">=</mo>'),
        (r"a \bmod b", '<mo lspace="0.222em" rspace="0.222em">mod</mo>'),
        (r"\log x", '<mi>log</mi><mo lspace="0em" rspace="0.167em">\u2061</mo><mi>x</mi>'),
        (r"2\log(x)", '<mn>2</mn><mo lspace="0em" rspace="0.167em">\u2062</mo><mi>log</mi><mo str'),
        (r"\partial x", "<mi>∂</mi>"),
        (r"\Gamma", '<mi mathvariant="normal">Γ</mi>'),
        (r"\mathrm{C}", '<mi mathvariant="normal">C</mi>'),
        (r"\bar{x}", '<mo stretchy="false">¯</mo>'),
        (r"\langle x \rangle", '<mo stretchy="false">⟨</mo>'),
    ],
)  # fmt: skip
def test_operators_have_the_spaces_of_tex(tex: str, expected: str) -> None:
    mathml = to_mathml(tex, True)
    assert mathml is not None
    assert expected in mathml


@pytest.mark.parametrize(
    "tex", ["a - b", "(a) - b", "a_1 - b", r"\begin{aligned} a &- b\end{aligned}"]
)
def test_signs_between_terms_keep_their_spaces(tex: str) -> None:
    mathml = to_mathml(tex, True)
    assert mathml is not None
    assert "<mo>−</mo>" in mathml


def test_strokes_open_and_close_by_turns() -> None:
    mathml = to_mathml("|-x| = |y|", True)
    assert mathml is not None
    assert re.findall(r'form="(\w+)"', mathml) == ["prefix", "postfix", "prefix", "postfix"]
    assert WITHOUT.format("−") in mathml


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_table_of_formulas_that_does_not_fit_becomes_a_list(engine: Engine) -> None:
    def table(*formulas: str) -> b.Table:
        head = tuple(b.Cell((i.Text(name),)) for name in "ABCD")
        return b.Table((head,), (tuple(b.Cell((i.Math(one),)) for one in formulas),))

    long = r"\frac{(ax+b)^3}{3!} + \frac{(ax+b)^5}{5!} + \cos(ax+b) + C"
    narrow, wide = table("x", "y^2", "z", r"\frac{1}{2}"), table("x", long, long, long)
    _, report = make(book(post("one", "One", narrow, wide)), engine)
    told = [d.message for d in report.diagnostics if d.code is DiagnosticCode.NODE_SIMPLIFIED]
    assert [message for message in told if "written as a list" in message] == [
        "a table of 4 columns was written as a list for each row, since its words do not fit side"
        " by side on the page"
    ]
