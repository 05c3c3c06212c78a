"""Tests TeX to MathML: what is converted, what is refused, and that the result is safe."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from clothbound.api import to_html
from clothbound.math import tex
from clothbound.math.line_breaks import in_lines
from clothbound.math.tex_to_mathml import to_mathml
from clothbound.model import blocks as b
from clothbound.model.post import Metadata, Post

SET = [
    (r"E = mc^2", "<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>"),
    (r"a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
    (r"\text{a < b & c}", "<mtext>a\u00a0&lt;\u00a0b\u00a0&amp;\u00a0c</mtext>"),
    (r"\text{<script>x</script>}", "<mtext>&lt;script&gt;x&lt;/script&gt;</mtext>"),
    (r"\href{javascript:x}{y}", "<mrow><mrow><mi>y</mi></mrow></mrow>"),
    (r"\style{color:red}{y}", "<mrow><mi>y</mi></mrow>"),
    (r"\unicode{x3C}", '<mo lspace="0em" rspace="0em">&lt;</mo>'),
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
def test_what_is_no_formula_or_too_large_is_refused(tex: str) -> None:
    assert to_mathml(tex, True) is None


LINES = [
    r"\begin{aligned}a &= b \\[4pt] &= c\end{aligned}",
    r"\begin{aligned}[t]a &= b \\* &= c\end{aligned}",
    r"\begin{align}a &= b \\ &= c \nonumber\end{align}",
    r"\begin{equation}\begin{split}a &= b \\ &= c\end{split}\end{equation}",
    r"\begin{alignat}{2}a &= b \\ &= c\end{alignat}",
    r"a &= b \\[-1.5ex] &= c \\",
]


@pytest.mark.parametrize("tex", LINES)
def test_lines_are_rows_of_a_table(tex: str) -> None:
    result = to_mathml(tex, True)
    assert result is not None
    root = etree.fromstring(result)
    rows = [[c.xpath("string()").strip() for c in row] for row in root.iter("{*}mtr")]
    assert rows == [["a", "=b"], ["", "=c"]]
    assert [c.get("columnalign") for c in root.iter("{*}mtd")] == ["right", "left"] * 2


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{gathered}a \\ b\end{gathered}",
        r"\begin{multline*}a \\[1em] b\end{multline*}",
        r"a \\ b",
        r"\begin{pmatrix}a \\[2pt] b\end{pmatrix}",
        r"\begin{dcases}a \\ b\end{dcases}",
        r"\begin{rcases}a \\ b\end{rcases}",
    ],
)
def test_rows_of_one_column(tex: str) -> None:
    result = to_mathml(tex, True)
    assert result is not None
    rows = list(etree.fromstring(result).iter("{*}mtr"))
    assert ["".join(row.itertext()) for row in rows] == ["a", "b"]


SHOWN = [
    (r"\text{a {b} c}", "a b c"),
    (r"\text{if $x > 0$ then}", "if x>0 then"),
    (r"\text{50\% of \$5 \& a\_b}", "50% of $5 & a_b"),
    (r"\text{% of \textbf{all}}", "% of all"),
    (r"\begin{pmatrix}{c} & [d]\end{pmatrix}", "(c[d])"),
    (r"[a] \\ [b]", "[a][b]"),
    (r"\operatorname{KL-div}(p)", "KL-div(p)"),
    (r"\operatorname*{arg\,max}_x", "arg\u2009maxx"),
    (r"\mathop{\mathrm{ess\,sup}}_x", "ess\u2009supx"),
    (r"\color{red}{x} + y", "x+y"),
    (r"x \sim y \implies z", "x∼y⟹z"),
    (r"a \not= b", "a≠b"),
    (r"x \hspace*{1em} y", "xy"),
    ("a % a comment\n+ b", "a+b"),
    (r"x = 1 \tag{2}", "x=1(2)"),
    (r"\begin{eqnarray}a &=& b\end{eqnarray}", "a=b"),
]


@pytest.mark.parametrize(("tex", "text"), SHOWN)
def test_what_is_read(tex: str, text: str) -> None:
    result = to_mathml(tex, True)
    assert result is not None
    assert "".join(etree.fromstring(result).itertext()).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    "tex", [r"\lim_{n} a", r"\operatorname*{argmax}_x f", r"{\sum_i a}", r"\operatorname{det}_n A"]
)
def test_limits_stand_below_in_a_displayed_formula(tex: str) -> None:
    result = to_mathml(tex, True)
    assert result is not None
    assert "<munder><mo" in result


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{nosuch}a & b\end{nosuch}",
        r"\text{never closed",
        r"\text{caf\'e}",
        r"\text{" * 300 + "}" * 300,
        r"\eqref{one}",
    ],
)
def test_what_would_be_shown_as_tex_within_mathematics_is_refused(tex: str) -> None:
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
                r"\begin{aligned}",
                r"\end{aligned}",
                r"\mathop",
                r"\not",
                r"\\[2pt]",
                "$",
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


def test_a_colour_has_the_form_that_mathml_3_knows() -> None:
    made = to_mathml(r"\color{orange}{\mu} + \color{nonesuch}{x}", True)
    assert made is not None
    assert 'mathcolor="#ffa500"' in made
    assert "nonesuch" not in made.partition(">")[2]


@pytest.mark.parametrize(
    ("tex", "lines"),
    [
        (r"w = 2rs,\qquad a = 2rt,\qquad \frac{s}{t} = p.", ["w=2rs,a=2rt,", "st=p."]),
        (r"w = aaaaaaaaaaaaaaaaaa + bbbbbbbbbbbb", ["w=aaaaaaaaaaaaaaaaaa", "+bbbbbbbbbbbb"]),
        (r"aaaaaaaaaaaaaaaaaaaaaa = b \qquad", ["aaaaaaaaaaaaaaaaaaaaaa", "=b"]),
        (r"(aaaaaaaaa + b)^2 = bbbbbbbbbbbbbb", ["(aaaaaaaaa+b)2", "=bbbbbbbbbbbbbb"]),
    ],
)
def test_a_wide_formula_is_broken_between_statements_sooner_than_within(
    tex: str, lines: list[str]
) -> None:
    mathml = to_mathml(tex, True)
    assert mathml is not None
    rows = etree.fromstring(in_lines(mathml, 12)).iter("{*}mtr")
    assert ["".join(row.itertext()) for row in rows] == lines


def test_tex_that_stands_for_a_formula_is_read_from_the_left() -> None:
    post = Post(Metadata(key="k", language="he"), (b.MathBlock(r"\nosuch{x} & y"),))
    assert '<code class="tex" dir="ltr">' in to_html(post)


PIECES = (
    r"\text{a}", r"\mbox", r"\operatorname{f}", r"\begin{align}", r"\end{align}", r"\notag", r"\not=", r"\colon",
    r"\label{x}", r"\color{red}", r"\tag{1}", r"\mathrm{d}", r"\hspace*", r"\hskip", r"\frac", r"\,", r"\%", "\\\\",
    "\\", "{", "}", "&", "%", "~", "$", "*", "\n", " ", "x", "[", "_", "^",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_a_formula_of_which_nothing_is_rewritten_is_told_by_its_signs(formula: str) -> None:
    def outcome(read: Callable[[str], str]) -> str | None:
        try:
            return read(formula)
        except tex.UnreadableError:
            return None

    assert outcome(tex.readable) == outcome(lambda text: tex._in_lines(tex._rewrite(text, 0)))
