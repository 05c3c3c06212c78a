"""Numbers of equations and references to them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from clothbound import api
from clothbound.context import Context
from clothbound.math.numbers import number_lines, split_number
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.check import problems
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Post
from clothbound.transforms.equations import number_equations
from printed_books import Engine, book, make, post, printed, spans
from sample_nodes import paragraph as p
from strategies import posts


@pytest.mark.parametrize(
    ("tex", "expected", "labels", "following"),
    [
        ("a = b", "a = b", {}, 1),
        (r"a = b \label{x}", r"a = b \tag{1}", {"x": "1"}, 2),
        (r"a \tag{E}\label{x}", r"a \tag{E}", {"x": "E"}, 1),
        (
            r"\begin{equation}a\label{x}\end{equation}",
            r"\begin{equation}a \tag{1}\end{equation}",
            {"x": "1"},
            2,
        ),
        (r"\begin{equation*}a\end{equation*}", r"\begin{equation*}a\end{equation*}", {}, 1),
        (
            r"\begin{align}a \\ b \notag \\ c\label{z}\end{align}",
            r"\begin{align}a \tag{1}\\ b \notag \\ c \tag{2}\end{align}",
            {"z": "2"},
            3,
        ),
        (r"\begin{aligned}a \\ b\end{aligned}", r"\begin{aligned}a \\ b\end{aligned}", {}, 1),
    ],
)
def test_lines_are_numbered_as_tex_numbers_them(
    tex: str, expected: str, labels: dict[str, str], following: int
) -> None:
    assert number_lines(tex, 1) == (expected, labels, following)


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"a \tag{1}", ("a", "(1)")),
        (r"a \tag*{Euler}", ("a", "Euler")),
        ("a", ("a", "")),
        (r"\begin{align}a \tag{1}\\ b \tag{2}\end{align}",) * 2,
    ],
)
def test_a_tag_becomes_a_number(tex: str, expected: tuple[str, str] | str) -> None:
    assert split_number(tex) == ((expected, "") if isinstance(expected, str) else expected)


def test_references_become_links_and_unknown_ones_stay() -> None:
    body = (
        p(i.Text(r"See \eqref{x} and \ref{none}, "), i.Math(r"\ref{x}")),
        b.MathBlock(r"a = b \label{x}"),
        b.MathBlock(r"c = d \text{ by } \eqref{x}"),
    )
    made = number_equations(Post(body=body), Context())
    text, equation, other = made.body
    assert text == p(
        i.Text("See "),
        i.Link((i.Text("(1)"),), "#equation-1"),
        i.Text(r" and \ref{none}, "),
        i.Link((i.Text("1"),), "#equation-1"),
    )
    assert equation == b.MathBlock(r"a = b \tag{1}", id="equation-1")
    assert other == b.MathBlock(r"c = d \text{ by } \text{(1)}")


def test_an_id_that_is_taken_is_not_given_twice() -> None:
    body = (p("x"), b.Heading((i.Text("h"),), 2, id="equation-1"), b.MathBlock(r"a \label{x}"))
    assert number_equations(Post(body=body), Context()).body[-1].id == "equation-2"


def test_a_post_without_labels_is_returned_as_it_is() -> None:
    one = Post(body=(b.MathBlock(r"\begin{equation}a\end{equation}"), p(i.Text(r"\ref{x}"))))
    assert number_equations(one, Context()) is one


@given(posts())
def test_any_post_stays_valid(one: Post) -> None:
    assert not list(problems(number_equations(one, Context())))


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_numbers_stand_at_the_end_of_the_line(engine: Engine) -> None:
    body = (
        p(i.Text(r"See \eqref{x} for it, which is a line that is quite long and goes on and on.")),
        b.MathBlock(r"a = b \label{x}"),
    )
    data, _ = make(book(post("one", "One", *body)), engine)
    assert "See (1) for it" in printed(data)
    numbers = [span["bbox"] for _, span in spans(data) if span["text"].strip() == "(1)"]
    right = max(span["bbox"][2] for _, span in spans(data))
    assert numbers[-1][2] == pytest.approx(right, abs=3)


def test_a_reference_in_a_link_is_no_second_link() -> None:
    body = (
        p(i.Link((i.Emphasis((i.Text(r"as \eqref{x} says"),)),), "https://example.org/")),
        b.MathBlock(r"a \label{x}"),
    )
    made = number_equations(Post(body=body), Context())
    assert not list(problems(made))
    assert plain_text(made.body[0]) == "as (1) says"


def test_a_page_shows_the_number_beside_the_formula_and_leads_to_it(tmp_path: Path) -> None:
    source = tmp_path / "post.md"
    source.write_text("It is \\eqref{x}.\n\n$$\na = b \\label{x}\n$$\n", encoding="utf-8")
    api.convert(source, tmp_path / "post.html")
    page = (tmp_path / "post.html").read_text(encoding="utf-8")
    assert '<a href="#equation-1">(1)</a>' in page
    assert '<div id="equation-1" class="math numbered"' in page
    assert '<span class="equation-number">(1)</span>' in page
