"""Tests formulas read from MathML: they become TeX, or the loss is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.math.tex_to_mathml import to_mathml
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.collection import Collection


def read(markup: str, format: str = "html") -> Collection:
    text = f"<p>A {markup} b.</p>" if format == "html" else f"A {markup} b.\n"
    return clothbound.read(text.encode(), format=format)


def tex_of(content: str) -> str:
    (paragraph,) = read(f"<math>{content}</math>")[0].body
    assert isinstance(paragraph, b.Paragraph)
    (formula,) = [child for child in paragraph.children if isinstance(child, i.Math)]
    return formula.tex


SUM = (
    "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>"
    "<msub><mi>x</mi><mi>i</mi></msub>"
)
ROWS = "<mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd></mtr>"
FORMULAS = {
    "<msup><mi>z</mi><mn>2</mn></msup>": "z^{2}",
    "<mfrac><mn>1</mn><mi>y</mi></mfrac>": r"\frac{1}{y}",
    SUM: r"\sum_{i=1}^{n}x_{i}",
    "<mi>sin</mi><mo>\u2061</mo><mi>x</mi><mo>+</mo><mi>grad</mi>": r"\sin x+\operatorname{grad}",
    "<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>": r"\sqrt{a+b}",
    "<mroot><mi>x</mi><mn>3</mn></mroot>": r"\sqrt[3]{x}",
    f"<mo>(</mo><mtable>{ROWS}</mtable><mo>)</mo>": (
        r"\left(\begin{matrix}a & b \\ c\end{matrix}\right)"
    ),
    f"<mo>{{</mo><mtable columnalign='left left'>{ROWS}</mtable>": (
        r"\left\{\begin{array}{ll}a & b \\ c\end{array}\right."
    ),
    "<mover><mi>x</mi><mo>¯</mo></mover><mover><mi>v</mi><mo>→</mo></mover>": r"\overline{x}\vec{v}",
    "<mtext>at 5% of $x_1$ </mtext><mi>x</mi><mo>&lt;</mo><mn>3</mn>": (
        r"\text{at 5\% of \$x\_1\$ }x<3"
    ),
    "<mfenced open='[' close=')'><mi>a</mi><mi>b</mi></mfenced>": r"\left[a,b\right)",
    "<mo>|</mo><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>|</mo>": r"\left|\frac{a}{b}\right|",
    "<munder><mo>lim</mo><mrow><mi>x</mi><mo>→</mo><mn>0</mn></mrow></munder>": r"\lim_{x→0}",
    "<munder><mo>det</mo><mi>n</mi></munder><munder><mo>⨀</mo><mi>n</mi></munder>": (
        r"\det_{n}\bigodot_{n}"
    ),
    "<mmultiscripts><mi>C</mi><mn>6</mn><none/><mprescripts/><mn>2</mn><none/></mmultiscripts>": (
        "{}_{2}C_{6}"
    ),
    "<mo>(</mo><mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac><mo>)</mo>": (
        r"\left(\begin{matrix}n \\ k\end{matrix}\right)"
    ),
    "<mi mathvariant='double-struck'>R</mi><mspace width='1em'/><mi mathvariant='normal'>d</mi>": (
        r"\mathbb{R}\quad \mathrm{d}"
    ),
    "<semantics><mi>a</mi><annotation encoding='text/plain'>words</annotation></semantics>": "a",
}


@pytest.mark.parametrize("content", FORMULAS)
def test_mathml_is_read_as_tex_that_can_be_set(content: str) -> None:
    tex = tex_of(content)
    assert tex == FORMULAS[content]
    assert to_mathml(tex, display=False) is not None


@pytest.mark.parametrize("format", ["html", "markdown"])
def test_a_power_does_not_become_two_words(format: str) -> None:
    posts = read("<math><msup><mi>z</mi><mn>2</mn></msup></math>", format)
    assert "$z^{2}$" in clothbound.write(posts, "markdown").to_bytes().decode()
    assert "<msup>" in clothbound.to_html(posts[0])


def test_the_tex_that_a_formula_was_made_from_wins() -> None:
    annotation = '<annotation encoding="application/x-tex">z_2</annotation>'
    assert tex_of(f"<semantics><mi>q</mi>{annotation}</semantics>") == "z_2"


def test_a_label_that_is_spoken_is_no_tex() -> None:
    (paragraph,) = read('<math alttext="z squared"><msup><mi>z</mi><mn>2</mn></msup></math>')[
        0
    ].body
    assert i.Math("z^{2}") in paragraph.children  # type: ignore[union-attr]
    (paragraph,) = read(r'<math alttext="\zeta"><mi>ζ</mi></math>')[0].body
    assert i.Math(r"\zeta") in paragraph.children  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "content",
    [
        "<mlongdiv><mn>2</mn><mn>4</mn></mlongdiv>",
        "<mtable><mtr><mtd columnspan='2'><mn>2</mn></mtd></mtr></mtable>",
        "<mfrac><mn>2</mn></mfrac>",
        "<mtext>a\\b 2</mtext>",
        "<mrow>" * 80 + "<mn>2</mn>" + "</mrow>" * 80,
    ],
)
def test_what_tex_cannot_say_stays_as_words_and_is_named(content: str, tmp_path: Path) -> None:
    post = read(f"<math>{content}</math>")[0]
    (found,) = [d for d in post.diagnostics if d.code is DiagnosticCode.NODE_SIMPLIFIED]
    assert found.message.startswith("a formula was written as its text")
    assert "2" in clothbound.to_html(post)
