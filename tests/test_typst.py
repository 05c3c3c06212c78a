"""Tests features of Typst alone: its own mathematics, and its refusals."""

from __future__ import annotations

import ast
import inspect
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clothbound import api
from clothbound.diagnostics import Diagnostic, DiagnosticCode
from clothbound.errors import OptionError
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection
from clothbound.model.index import Index
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.writers.pdf import Pdf, fastest_engine
from clothbound.writers.pdf.typst import book as typst_book
from clothbound.writers.pdf.typst import mathematics
from clothbound.writers.pdf.typst.literals import breakable_title
from clothbound.writers.pdf.typst.mathematics import to_typst
from printed_books import (
    NOTHING,
    alternative_texts,
    book,
    engine_messages,
    make,
    p,
    placed,
    post,
    printed,
    spans,
    structure_tags,
    with_pictures,
)


def test_a_link_that_was_left_out_is_named_as_its_author_wrote_it() -> None:
    """Pages repeat the head of a table, so a link in it is left out; the key of its post is no author's word."""
    link = i.Link((i.Text("the goals"),), "#goals")
    table = b.Table(((b.Cell((link,)),),), ((b.Cell((i.Text("x"),)),),))
    one = post("one", "One", table, b.Heading((i.Text("Goals"),), 2, id="goals"))
    _, report = make(book(one), "typst")
    (told,) = [d for d in report.diagnostics if d.code is DiagnosticCode.LINK_UNRESOLVED]
    assert told.message.startswith("a link to '#goals' is in the head of a table")


def test_what_nobody_would_see_is_not_replaced_by_a_sign_where_no_font_has_it() -> None:
    one = post("one", "One", p("left\U00013430right"), p("number \U000110bd"))
    made, report = make(book(one), "typst")
    text = printed(made)
    assert "leftright" in text
    assert "number \ufffd" in text
    told = [d for d in report.diagnostics if d.code is DiagnosticCode.GLYPH_MISSING]
    assert len(told) == 2


def test_headings_without_words_are_none_and_accounted_for() -> None:
    body = (
        b.Heading((), 2, line=3),
        b.Heading((i.LineBreak(),), 2, line=4),
        b.Heading((i.Text(" "),), 2, line=5),
        b.Heading((i.RawInline("html", "<br><!-- x -->"),), 2, line=6),
        b.Heading((i.Image("a.png", "a picture"),), 2, line=7),
        b.Heading((i.Math(r"\nosuch"),), 2, line=8),
        b.Heading((i.RawInline("html", "<b>bold</b>"),), 2, line=9),
        b.Heading((i.NoteRef("n"),), 2, line=10),
        p("its words"),
    )
    source = with_pictures(post("one", "T", *body, notes={"n": "a note"}), a=(90, 90))
    data, report = make(book(source, post("two", "Two", p("x"))), "typst")
    assert not engine_messages(report)
    told = {d.line: d.code for d in report.diagnostics if "heading without words" in d.message}
    assert [line for line, code in told.items() if code is DiagnosticCode.NODE_CHROME] == [
        3,
        4,
        5,
        6,
    ]
    assert [line for line, code in told.items() if code is DiagnosticCode.NODE_SIMPLIFIED] == [
        7,
        8,
        10,
    ]
    text = " ".join(span["text"] for _, span in spans(data))
    assert "bold" in text
    assert "a note" in text
    assert len(placed(data)) >= 1


def test_formulas_are_typst_s_own_and_keep_their_tex() -> None:
    tex = (
        r"\sum_{i=1}^n \frac{x_i}{\sqrt{2}}", r"\left( \hat{\beta} \middle| y \right)",
        r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\begin{aligned}a&=b\\[2pt]c&=d\end{aligned}",
        r"\underbrace{x+y}_{n}", r"\binom{n}{k}", r"\operatorname*{argmax}_\theta \log x",
        r"f(x)=\begin{cases}1&x>0\\0&\text{else}\end{cases}", r"100\% \# \_ \& 1,000.5",
    )  # fmt: skip
    assert all(to_typst(one, True) for one in tex)
    data, report = make(
        book(post("one", "One", *map(b.MathBlock, tex), p(i.Math("e=mc^2")))), "typst"
    )
    assert not engine_messages(report)
    assert not [d for d in report.diagnostics if d.code is DiagnosticCode.NODE_SIMPLIFIED]
    alternatives = {" ".join(one.split()) for one in (*tex, "e=mc^2")}
    assert alternatives <= set(alternative_texts(data, "/Formula"))


def test_what_typst_cannot_set_is_written_as_tex_and_named() -> None:
    _, report = make(
        book(post("one", "One", p(i.Math(r"\boxed{x}")), p(i.Math(r"\nosuch")))), "typst"
    )
    told = [d.message for d in report.diagnostics if d.code is DiagnosticCode.NODE_SIMPLIFIED]
    assert told == ["a formula was written as TeX, since it cannot be typeset"]


SIGNS = [*"#$\\\"'`*_@<>[](){}=-+/~.:;,!?&%^|0a \n\t\r", "\u2028", "//", "/*", "*/", "]#", "\")",
         '#import "@preview/x:1.0.0"', "#panic()", "\\u{41}", "${x}$", "{panic()}"]  # fmt: skip


HOSTILE = st.lists(st.sampled_from(SIGNS), max_size=30).map("".join)


@settings(max_examples=12)
@given(st.lists(HOSTILE, min_size=1, max_size=20))
@example([" #", "\n#"])  # two ids that are one label
def test_no_text_is_read_as_code(texts: list[str]) -> None:
    body: list[b.Block] = []
    for text in texts:
        shown = i.Text(text or "x")
        body += [
            p(shown, i.Code(text), i.Math(text), i.Strong((shown,))),
            b.MathBlock(rf"\text{{{text}}} + {text}"),
            b.CodeBlock(text, text),
            b.Heading((shown,), 2, id=text),
            p(i.Link((shown,), f"https://x.example/{text}"), i.Link((shown,), f"#{text}")),
            b.Embed("tweet", text, text, text, text, text, text),
            b.Callout((p(text),), (shown,), text),
            b.Figure(i.Image(text or "x", text), (shown,)),
            b.Poll(text, (text,)),
        ]  # fmt: skip
    metadata = Metadata(key="one", title=texts[0], subtitle=texts[-1], authors=(texts[0],))
    hostile = (Post(metadata, tuple(body)), post("two", texts[-1], p("end")))
    collection = Collection(
        posts=hostile,
        index=Index.of(hostile),
        info=BookInfo(
            title=texts[0],
            subtitle=texts[0],
            rights=texts[0],
            description=texts[0],
            publisher=texts[0],
            subjects=(texts[0],),
        ),
    )
    data, report = make(collection, "typst")
    assert not engine_messages(report)
    assert data.startswith(b"%PDF-")


@pytest.mark.parametrize("inline", [False, True])
def test_what_the_engine_refuses_is_set_plain_and_named_by_its_line(inline: bool) -> None:
    picture = i.Image("a.svg", "nothing", line=9)
    refused: b.Block = (
        b.Paragraph(
            (i.Text("its words"), i.NoteRef("n"), picture, i.NoteRef("m")), id="here", line=9
        )
        if inline
        else b.Figure(
            picture, (i.Text("its words"), i.NoteRef("n"), i.NoteRef("m")), id="here", line=9
        )
    )
    bad = Post(
        Metadata(key="bad", title="Bad", source="bad.md"),
        (
            b.Paragraph((i.Text("before"),), line=7),
            refused,
            b.Heading((i.Text("A heading"),), 2, line=11),
            p(i.Link((i.Text("back"),), "#here"), " and ", i.NoteRef("n")),
        ),
        (Footnote("n", (p("at the foot"),)), Footnote("m", (b.Quote((p("too " * 999),)),))),
        assets=(NOTHING,),
    )
    data, report = make(
        book(post("one", "One", p("good words")), bad, post("two", "Two", p("x"))), "typst"
    )
    text = printed(data)
    for told in ("good words", "before", "its words", "A heading", "at the foot"):
        assert text.count(told) == 1, told
    assert 990 < text.count("too") < 1010
    found = [d for d in report.diagnostics if d.code is DiagnosticCode.ENGINE]
    assert [(d.source, d.line) for d in found] == [("bad.md", 9)]
    assert found[0].message.startswith("set as plain text")
    assert "[nothing]" in text
    # The rest is what it was; the other heading is that of the notes.
    assert structure_tags(data)["/H2"] == 2


def test_a_post_with_much_that_the_engine_refuses_is_set_plain_as_a_whole() -> None:
    pictures = [b.Figure(i.Image("a.svg", f"nothing {n}"), (i.Text(f"word{n}"),)) for n in range(9)]
    bad = Post(
        Metadata(key="bad", title="Bad", source="bad.md"), tuple(pictures), assets=(NOTHING,)
    )
    data, report = make(book(bad, post("two", "Two", p("good words"))), "typst")
    text = printed(data)
    assert all(text.count(f"word{n}") == 1 for n in range(9))
    assert "good words" in text
    found = [d for d in report.diagnostics if d.code is DiagnosticCode.ENGINE]
    assert {d.source for d in found} == {"bad.md"}
    assert found[-1].message.startswith("the whole post is set as plain text")


def test_what_the_engine_refuses_leaves_the_account_of_other_posts_alone() -> None:
    told = Diagnostic(DiagnosticCode.HEADER_VALUE, "the date was guessed", "one.md", 2)
    titled = i.Link((i.Text("words"),), "https://e.example/", "said on hover")
    first = Post(
        Metadata(key="one", title="One", source="one.md"), (p(titled),), diagnostics=(told,)
    )
    bad = Post(
        Metadata(key="bad", title="Bad", source="bad.md"),
        (p(titled), b.Figure(i.Image("a.svg", "nothing"), ())),
        assets=(NOTHING,),
    )
    _, report = make(book(first, bad, post("two", "Two", p("x"))), "typst")
    assert "set as plain text" in engine_messages(report)[0]
    assert [d.message for d in report.diagnostics].count(told.message) == 1
    assert {key: one.simplified for key, one in report.accounts.items()} == {
        "one": 1,
        "bad": 1,
        "two": 0,
    }


def test_typst_takes_no_style_sheets(tmp_path: Path) -> None:
    css = tmp_path / "own.css"
    css.write_text("p { color: red }")
    with pytest.raises(OptionError, match="Typst has no"):
        api.write(book(post("one", "One", p("x"))), Pdf(engine="typst", css=css)).to_bytes()


@pytest.mark.parametrize("word", ["mathematician,", "(counterclockwise)", "“neighbourhoods”?"])
def test_words_of_titles_are_not_cut_for_the_signs_round_them(word: str) -> None:
    assert breakable_title(word) == word
    address = re.sub("\u200b", "", breakable_title("netloft.example/p/what-there-is"))
    assert address == "netloft.example/p/what-there-is"


def test_no_name_of_the_theme_hides_one_of_mathematics() -> None:
    """A formula would call the theme's function instead, and the whole post be set as plain text."""
    source = "#metadata(dictionary(math).keys())<names>"
    names = set(json.loads(typst.query(source.encode(), "<names>", field="value", one=True)))
    tree = ast.parse(inspect.getsource(mathematics))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in prose]
    used = names.intersection(re.findall(r"[a-z]+", " ".join(str(n.value) for n in constants)))
    assert {"limits", "sans", "mono", "attach", "hat"} <= used
    themes = files("clothbound.themes")
    theme = "".join(
        themes.joinpath(name).read_text("utf-8") for name in ("measures.typ", "print.typ")
    )
    defined = re.findall(r"#let ([\w-]+)", theme + inspect.getsource(typst_book))
    assert used.isdisjoint(defined), used.intersection(defined)


def test_no_function_of_the_themes_compiles_a_pattern() -> None:
    """Each call would compile it again; those of long words take milliseconds and 500 KB."""
    lines = [
        line
        for file in files("clothbound.themes").iterdir()
        if file.name.endswith(".typ")
        for line in file.read_text("utf-8").splitlines()
        if "regex(" in line
    ]
    assert len(lines) > 2
    assert [line for line in lines if not re.match(r"#let [\w-]+ = regex\(", line)] == []


@pytest.mark.parametrize(
    "tex",
    [r"\underset{\theta}{\operatorname{argmax}}", r"\textsf{a}", r"\texttt{a}", r"\underset{a}{b}"],
)
def test_formulas_are_set_by_mathematics_own_functions(tex: str) -> None:
    _, report = make(book(post("k", "T", b.MathBlock(tex))), "typst")
    assert engine_messages(report) == []


def test_a_look_at_pages_takes_the_engine_that_was_asked_for_else_the_faster_one() -> None:
    assert fastest_engine(Pdf()) == "typst"
    assert fastest_engine(Pdf(engine="weasyprint")) == "weasyprint"
    assert fastest_engine(Pdf(theme="novel")) == "typst"
