"""TeX to MathML: what is set, what is refused, and that nothing unsafe comes through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from clothbound.html.math import to_mathml

SET = [
    (r"E = mc^2", "<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>"),
    (r"a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
    (r"\text{a < b & c}", "<mtext>a\u00a0&lt;\u00a0b\u00a0&amp;\u00a0c</mtext>"),
    (r"\text{<script>x</script>}", "<mtext>&lt;script&gt;x&lt;/script&gt;</mtext>"),
    (r"\href{javascript:x}{y}", "<mrow><mrow><mi>y</mi></mrow></mrow>"),
    (r"\style{color:red}{y}", "<mrow><mi>y</mi></mrow>"),
    (r"\unicode{x3C}", "<mi>&lt;</mi>"),
    (r"\mathbf{x1\Sigma}", "<mrow><mi>𝐱</mi><mn>𝟏</mn><mi>𝚺</mi></mrow>"),
    (r"\mathfrak{C}\mathbb{R}", "<mi>ℭ</mi><mi>ℝ</mi>"),
    (r"\label{eq:one} x", "<mi>x</mi>"),
]


@pytest.mark.parametrize(("tex", "expected"), SET)
def test_set(tex: str, expected: str) -> None:
    result = to_mathml(tex, False)
    assert result is not None
    assert re.sub("^<math [^>]*><mrow>|</mrow></math>$", "", result) == expected


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a",
        r"\undefinedcommand x",
        r"x^a^b",
        "{" * 200 + "x" + "}" * 200,
        r"\newcommand{\a}{xx}\a",
        r"\def\a{xx}\a",
        "x" * 30_000,
        r"\left(" * 2000,
    ],
)
def test_refused(tex: str) -> None:
    assert to_mathml(tex, True) is None


def test_alternative_text_and_mode() -> None:
    result = to_mathml(' a"<b ', True)
    assert result is not None
    root = etree.fromstring(result)
    assert root.get("alttext") == 'a"<b'
    assert root.get("display") == "block"
    inline = to_mathml("a", False)
    assert inline is not None
    assert etree.fromstring(inline).get("display") == "inline"


SAFE_ATTRIBUTES = re.compile(r"^(?!on|href|src|style|class|id|xlink)[a-z]+$")
PIECES = st.lists(
    st.sampled_from(
        [
            *[
                r"\frac",
                r"\sqrt",
                r"\text",
                r"\href",
                r"\color",
                r"\style",
                r"\class",
                r"\bbox",
                r"\unicode",
                r"\left",
                r"\right",
                r"\begin{matrix}",
            ],
            *[
                r"\end{matrix}",
                r"\operatorname",
                r"\mathbf",
                r"\overset",
                r"\substack",
                r"\hline",
                r"\rule",
                r"\kern",
                r"\cssId",
            ],
            *[
                "{",
                "}",
                "^",
                "_",
                "&",
                "<",
                ">",
                '"',
                "'",
                "\\",
                "\\\\",
                "a",
                "1",
                "+",
                "(",
                ")",
                "[",
                "]",
                "x=y",
                "javascript:alert(1)",
                "<script>",
                "onload=x",
            ],
        ]
    ),
    max_size=25,
).map("".join)


@given(PIECES | st.text(max_size=40), st.booleans())
def test_any_text_is_safe_xml_or_refused(tex: str, display: bool) -> None:
    result = to_mathml(tex, display)
    if result is None:
        return
    for element in etree.fromstring(result).iter():
        assert element.tag.startswith("{http://www.w3.org/1998/Math/MathML}m")
        for name, value in element.attrib.items():
            assert SAFE_ATTRIBUTES.match(name), name
            assert name == "alttext" or re.fullmatch(r"[A-Za-z0-9#.+\- %]+", value)
