"""Verses, stanzas and quotations of few lines in print: pages do not part them."""

from __future__ import annotations

import pymupdf
import pytest

from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.writers.pdf.chapters import parse_markup
from clothbound.writers.pdf.fonts import OWN_FONTS, SERIF, Measure
from clothbound.writers.pdf.kept_lines import LEADS_IN, WHOLE, mark_kept_lines, mark_lead_ins
from clothbound.writers.pdf.theme import THEMES
from printed_books import PAGE, WORDS, Engine, book, make, pages, post
from sample_nodes import paragraph as p

LONG = " ".join(f"quoted{number}" for number in range(35))
"""Words of about five lines in a quotation."""


def marked(markup: str) -> list[str]:
    tree = parse_markup(f"<section>{markup}</section>")
    measure = Measure(OWN_FONTS.find(SERIF), PAGE.size)
    mark_kept_lines(tree, measure, PAGE, THEMES["essay"])
    return [one.tag for one in tree.iter() if WHOLE in one.get("class", "").split()]


@pytest.mark.parametrize(
    ("markup", "whole"),
    [
        ("<blockquote><p>one</p></blockquote>", ["blockquote"]),
        (f"<blockquote><p>{'one<br/>' * 5}six</p></blockquote>", ["blockquote"]),
        (f"<blockquote><p>{'one<br/>' * 6}seven</p></blockquote>", []),
        (f"<blockquote>{'<p>one</p>' * 7}</blockquote>", []),
        (f"<blockquote><p>{LONG}</p></blockquote>", ["blockquote"]),
        (f"<blockquote><p>{LONG} {LONG}</p></blockquote>", []),
        ("<blockquote><p>soft\n\n\n\n\n\n\nends</p></blockquote>", ["blockquote"]),
        ("<blockquote><p>one</p><ul><li>two</li></ul></blockquote>", []),
        ('<blockquote class="pullquote"><p>one</p></blockquote>', []),
        (f'<blockquote><p>one<span class="foot-note">{LONG} {LONG}</span></p></blockquote>', ["blockquote"]),
        ('<div class="verse"><p>one<br/>two</p><p>three<br/>four</p></div>', ["div", "p", "p"]),
        (f'<div class="verse"><p>{"one<br/>" * 7}</p><p>three<br/>four</p></div>', ["p"]),
    ],
)  # fmt: skip
def test_few_lines_are_marked(markup: str, whole: list[str]) -> None:
    assert marked(markup) == whole


STANZA = b.Paragraph(
    (i.Text("The mud"), i.LineBreak(), i.Text("A boot"), i.LineBreak(), i.Text("A bell"))
)


@pytest.mark.parametrize("is_quoted", [True, False])
@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_stanza_of_one_line_stands_apart_and_begins_where_the_others_do(
    engine: Engine, *, is_quoted: bool
) -> None:
    poem: tuple[b.Block, ...] = (STANZA, p("Come back at six"))
    name = p("— a notice on the pier") if is_quoted else p("After it, prose.")
    poem = (b.Quote((*poem, name)),) if is_quoted else (*poem, name)
    data, _ = make(book(post("one", "T", p("Above."), *poem)), engine)
    with pymupdf.open(stream=data) as document:
        words = [word for page in document for word in page.get_text("words")]
    mud, bell, come = (next(w for w in words if w[4] == name) for name in ("The", "bell", "Come"))
    assert come[0] == pytest.approx(mud[0], abs=0.5)
    line = bell[3] - bell[1]
    assert come[1] - bell[1] > 1.5 * line


def parts(kind: type[b.Verse | b.Quote], count: int, engine: Engine) -> list[list[str]]:
    """The words of a text of some lines on each page, for a line more before it from book to book."""
    lines = [f"begun{number}" for number in range(count)]
    broken = [part for line in lines for part in (i.Text(line), i.LineBreak())][:-1]
    text = b.Verse(tuple(broken)) if kind is b.Verse else b.Quote((b.Paragraph(tuple(broken)),))
    # Chapters whose text ends at every line of the last quarter of a page.
    posts = [
        post(f"c{extra}", f"T{extra}", *(p("above") for _ in range(22 + extra)), text, p(WORDS))
        for extra in range(10)
    ]
    data, _ = make(book(*posts), engine)
    return [[line for line in lines if line in page] for page in pages(data)]


@pytest.mark.parametrize("kind", [b.Verse, b.Quote])
def test_six_lines_are_not_parted_and_twelve_are(
    kind: type[b.Verse | b.Quote], engine: Engine
) -> None:
    assert {len(part) for part in parts(kind, 6, engine)} == {0, 6}
    assert len({len(part) for part in parts(kind, 12, engine)}) > 2


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_no_line_of_a_stanza_stands_alone(engine: Engine) -> None:
    """By Typst, the first or the last line of one too long to be kept whole did."""
    verse = tuple(part for n in range(9) for part in (i.Text(f"verse{n}"), i.LineBreak()))[:-1]
    posts = [
        post(f"k{count}", f"Letter {count}", *[p("A line.") for _ in range(count)], b.Verse(verse))
        for count in range(14, 34)
    ]
    counts = [page.count("verse") for page in pages(make(book(*posts), engine)[0])]
    assert sum(counts) == 9 * len(posts)
    assert set(counts) & set(range(2, 8))
    assert 1 not in counts


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_a_long_question_in_bold_stands_on_one_page(engine: Engine) -> None:
    asked = "began " + " ".join(f"asked{number}" for number in range(25)) + " ended?"
    chapters = [
        post(
            f"k{lines}",
            f"Number {lines}",
            *(p(f"line {number}") for number in range(lines)),
            b.Paragraph((i.Strong((i.Text(asked),)),)),
            p("An answer."),
        )
        for lines in range(16, 34)
    ]
    made, _ = make(book(*chapters), engine)
    parted = [page for page in pages(made) if ("began" in page) != ("ended?" in page)]
    assert parted == []


@pytest.mark.parametrize(
    ("markup", "announcing"),
    [
        ("<p>So:</p><pre>x</pre>", 1),
        ("<p>So：</p><ul><li>x</li></ul>", 1),
        ("<p>So<b>: </b></p><p class='code-title'>a.py</p><pre>x</pre>", 1),
        ('<p>So:<span class="foot-note">A note</span></p><div class="table"></div>', 1),
        ("<blockquote><p>So:</p><ul><li>x</li></ul></blockquote>", 1),
        ("<p>Table 2: <b>Boats</b></p><div class='table'></div>", 1),
        ("<p>So it was.</p><div class='table'></div>", 0),
        ("<p>“So it was.”</p><div class='table'></div>", 0),
        ("<p>Table 2</p><ul><li>x</li></ul>", 0),
        (f"<p>{WORDS}{WORDS}</p><div class='table'></div>", 0),
        ("<p>So:</p><p>x</p>", 0),
        ("<p>So:</p><h2>x</h2>", 0),
        ("<p><b>Ada:</b> And then?</p><p>x</p>", 1),
        ("<p><em>And then?</em></p><p>x</p><p><i>“And now?”</i></p><p>x</p>", 2),
        ("<p>Q: And then?</p><p>A: x</p>", 1),
        ("<p>问：然后呢？</p><p>x</p>", 1),
        ("<p>And then?</p><p>x</p>", 0),
        ("<p>Nobody knew, or said so. And: then?</p><p>x</p>", 0),
        ("<p><b>And then.</b></p><p>x</p>", 0),
        (f"<p><b>{WORDS}{WORDS}?</b></p><p>x</p>", 0),
        ("<p><b>And then?</b></p><h2>x</h2>", 0),
        ("<p class='bold-heading'><b>And then?</b></p><p>x</p>", 0),
        ("<p>So.</p><pre>x</pre>", 0),
        ("<p>So:</p>", 0),
        (f"<p>{WORDS}{WORDS}:</p><pre>x</pre>", 0),
        ('<p class="lines">So<br/>it:</p><pre>x</pre>', 0),
    ],
)
def test_a_paragraph_with_a_colon_at_its_end_or_above_a_table_announces(
    markup: str, announcing: int
) -> None:
    tree = parse_markup(f"<section>{markup}</section>")
    mark_lead_ins(tree, Measure(OWN_FONTS.find(SERIF), PAGE.size), PAGE)
    marked = [one for one in tree.iter() if LEADS_IN in one.get("class", "").split()]
    assert len(marked) == announcing


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_no_page_ends_between_what_announces_and_what_is_announced(engine: Engine) -> None:
    lines = range(22, 32)
    posts = [
        post(
            f"k{count}",
            f"Letter {count}",
            *[p("A line.") for _ in range(count)],
            p("What is needed is here:"),
            b.CodeBlock("\n".join(f"thing{count}x{n}" for n in range(4))),
        )
        for count in lines
    ]
    found = pages(make(book(*posts), engine)[0])
    announced = [page for page in found if "What is needed" in page]
    assert len(announced) == len(lines)
    for count, page in zip(lines, announced, strict=True):
        assert f"thing{count}x0" in page


def test_a_question_stays_with_its_answer_and_both_are_set_as_other_paragraphs(
    engine: Engine,
) -> None:
    lines = range(24, 30)
    question = p(i.Strong((i.Text("Ada:"),)), " What did you do?")
    posts = [
        post(
            f"k{count}",
            f"Letter {count}",
            *[p("A line.") for _ in range(count)],
            question,
            p(f"Answer{count} {WORDS}"),
        )
        for count in lines
    ]
    data, _ = make(book(*posts), engine)
    asked = [page for page in pages(data) if "What did" in page]
    assert len(asked) == len(lines)
    assert all(f"Answer{count}" in page for count, page in zip(lines, asked, strict=True))
    with pymupdf.open(stream=data) as document:
        words = [word for page in document for word in page.get_text("words")]
    begins = {
        name: {round(word[0] - PAGE.inside) for word in words if word[4].startswith(name)}
        for name in ("Ada:", "Answer")
    }
    assert begins["Ada:"] == begins["Answer"]


def test_the_first_line_of_code_is_not_alone_above_an_empty_one(engine: Engine) -> None:
    lines = range(25, 33)
    code = "#include <stdio.h>\n\nint main(void)\n{\n    return 0;\n}"
    posts = [
        post(f"k{n}", f"Letter {n}", *[p("A line.") for _ in range(n)], b.CodeBlock(code, "c"))
        for n in lines
    ]
    data, _ = make(book(*posts), engine)
    begun = [page for page in pages(data) if "stdio" in page]
    assert len(begun) == len(lines)
    assert all("int main" in page for page in begun)


def test_code_with_an_empty_second_line_is_set_as_other_code(engine: Engine) -> None:
    def tops(second: str) -> list[float]:
        code = b.CodeBlock(f"first\n{second}\nthird\nfourth\nfifth")
        data, _ = make(book(post("one", "One", p("Above."), code, p("Below."))), engine)
        with pymupdf.open(stream=data) as document:
            words = [word for page in document for word in page.get_text("words")]
        wanted = ("first", "third", "fourth", "fifth", "Below.")
        return [round(word[1], 1) for word in words if word[4] in wanted]

    assert tops("") == tops("second")


def test_what_announces_is_set_as_other_paragraphs_are() -> None:
    def heights(end: str) -> list[float]:
        one = post("one", "One", p("A line."), p(f"Another{end}"), b.CodeBlock("x = 1"))
        data, _ = make(book(one, post("two", "Two", p("x"))), "typst")
        with pymupdf.open(stream=data) as document:
            words = [word for page in document for word in page.get_text("words")]
        return [
            round(part, 2)
            for word in words
            if word[4].startswith(("Another", "x"))
            for part in word[:2]
        ]

    assert heights(":") == heights(".")
