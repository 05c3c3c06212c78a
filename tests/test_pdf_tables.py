"""Tables of the printed book."""

from __future__ import annotations

import io
import itertools
import re
from pathlib import Path
from typing import Literal

import pymupdf
import pytest
from pypdf import PdfReader

from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.writers.pdf.page_format import PAGES
from printed_books import (
    Engine,
    accessibility_errors,
    book,
    engine_messages,
    everything,
    in_every_look,
    make,
    needs_poppler,
    p,
    pages,
    post,
    printed,
    spans,
)


def cells(*words: str) -> tuple[b.Cell, ...]:
    return tuple(b.Cell((i.Text(word),)) for word in words)


@needs_poppler
def test_a_table_repeats_its_head(engine: Engine) -> None:
    texts = pages(make(book(everything()), engine)[0])
    with_rows = [t for t in texts if re.search(r"r\d+c8", t)]
    assert len(with_rows) > 1
    assert all(re.search(r"h0\s+h1", t) for t in with_rows)


@needs_poppler
def test_a_table_that_does_not_fit_is_a_list_for_each_row(engine: Engine) -> None:
    head = cells(*(f"Property {n}" for n in range(30)))
    rows = tuple(cells(*(f"measurement{n}-{row}" for n in range(30))) for row in range(3))
    fitting = b.Table((cells("Kind", "Weight"),), (cells("rope", "12"),))
    data, report = make(
        book(post("one", "One", b.Table((head,), rows, (), (i.Text("Wide"),), line=7), fitting)),
        engine,
    )
    text = "".join(pages(data))
    assert all(word in text for row in rows for cell in row for word in [plain_text(cell)])
    assert re.search(r"• *Property 29: measurement29-2", text)
    (found,) = (d for d in report.diagnostics if d.code is DiagnosticCode.NODE_SIMPLIFIED)
    assert found.line == 7
    assert found.message.startswith("a table of 30 columns was written as a list for each row")
    assert re.search(r"Kind +Weight\n\n? *rope +12", text)


@needs_poppler
@in_every_look
def test_no_word_of_a_table_is_broken_where_it_may_not(
    engine: Engine, theme: Literal["essay"]
) -> None:
    """Columns were narrower than their words, and letters of a word went to the next line."""
    words = ("Anthropic", "gpt-4-0314", "yes", "The harness was changed twice", "MMLU (5-shot)")
    table = b.Table((cells(*words),), tuple(cells(*words[n:], *words[:n]) for n in range(5)))
    data, _ = make(book(post("one", "One", table)), engine, theme=theme)
    text = "".join(pages(data))
    assert [text.count(word) for word in ("Anthropic", "gpt-4-0314", "harness")] == [6, 6, 6]


@needs_poppler
@pytest.mark.parametrize("page", PAGES)
def test_a_table_stays_within_the_margins(engine: Engine, page: Literal["6x9"]) -> None:
    """Of as many columns as fit: one more, and it is a list."""
    words = (
        "Quarter",
        "Books mended",
        "Letters sent",
        "of whom cats",
        "Sums owed",
        "Paper (sheets)",
        "640",
        "MMLU",
    )
    tables = [
        b.Table(
            (cells(*(words * 2)[:columns]),),
            tuple(cells(*(words * 2)[n : n + columns]) for n in range(3)),
        )
        for columns in range(3, 14)
    ]
    data, report = make(book(post("one", "One", *tables)), engine, page=page)
    listed = sum(d.code is DiagnosticCode.NODE_SIMPLIFIED for d in report.diagnostics)
    assert 0 < listed < len(tables)
    form = PAGES[page]
    with pymupdf.open(stream=data) as document:
        for sheet in document:
            right = form.width - (form.outside if sheet.number % 2 == 0 else form.inside)
            assert all(word[2] < right + 1 for word in sheet.get_text("words")), sheet.number


@needs_poppler
def test_a_caption_and_the_first_rows_of_a_table_stay_together(engine: Engine) -> None:
    rows = tuple(cells(f"row {n}", "a rope", "a boat") for n in range(40))
    tables = {
        "long": b.Table((cells("Row", "This", "That"),), rows, (), (i.Text("Caption of it"),)),
        "short": b.Table((cells("Row", "This", "That"),), rows[:5], (), (i.Text("Caption of it"),)),
    }
    for kind, table in tables.items():
        posts = [
            post(f"k{lines}", f"{kind} {lines}", *[p("A line.")] * lines, table)
            for lines in range(14, 32)
        ]
        data, _ = make(book(*posts), engine)
        with_caption = [page for page in pages(data) if "Caption of it" in page]
        assert len(with_caption) == len(posts)
        together = ["Row ", "row 0", "row 1" if kind == "long" else "row 4"]
        if kind == "long" and engine == "typst":
            together.pop()  # It keeps one row with the head.
        assert all(all(word in page for word in together) for page in with_caption)


@needs_poppler
def test_a_row_higher_than_a_page_begins_below_the_heads_and_repeats_them(engine: Engine) -> None:
    words = "cell words over the page " * 300
    head = (cells("Headone", "Headtwo"),)
    table = b.Table(head, (cells(words, "short"),))
    texts = pages(make(book(post("one", "L", table)), engine)[0])
    with_words = [t for t in texts if "cell" in t]
    assert len(with_words) > 1
    assert [t for t in with_words if "Headone" not in t] == []


@needs_poppler
def test_a_row_of_some_lines_is_not_parted(engine: Engine) -> None:
    """By Typst, a row went on below the repeated head."""
    rows = tuple(
        cells(f"begin{number}", " ".join(["word"] * 40) + f" end{number}") for number in range(40)
    )
    table = b.Table((cells("Step", "What"),), rows)
    texts = pages(make(book(post("one", "L", table)), engine)[0])
    parted = [
        number
        for number in range(40)
        if not any(
            f"begin{number} " in f"{t} ".replace("\n", " ") and f"end{number}" in t for t in texts
        )
    ]
    assert parted == []


@needs_poppler
def test_a_row_of_many_short_lines_is_parted(engine: Engine) -> None:
    many = b.Cell(tuple(one for n in range(90) for one in (i.Text(f"line{n}x"), i.LineBreak())))
    table = b.Table((cells("Step", "What"),), ((b.Cell((i.Text("1"),)), many),))
    words = " ".join(pages(make(book(post("one", "L", table)), engine)[0]))
    assert [n for n in range(90) if f"line{n}x" not in words] == []


@pytest.mark.parametrize(
    "rows",
    [
        ((b.Cell(colspan=3), b.Cell(rowspan=9)), (b.Cell(),), ()),
        ((b.Cell(rowspan=2), b.Cell(colspan=2)), (b.Cell(colspan=9),)),
        ((b.Cell(),), (b.Cell(), b.Cell(), b.Cell())),
        ((b.Cell(rowspan=0, colspan=0),),),
    ],
)
def test_spans_are_kept_whole(engine: Engine, rows: tuple[tuple[b.Cell, ...], ...]) -> None:
    _, report = make(book(post("one", "One", b.Table(rows=rows, head=rows[:1]))), engine)
    assert not engine_messages(report)


def test_a_table_without_a_head_is_set_and_tagged_as_none(engine: Engine, tmp_path: Path) -> None:
    rows = tuple(tuple(b.Cell((i.Text(f"r{r}c{c}"),)) for c in range(3)) for r in range(3))
    wide = ((b.Cell((i.Text("over all"),), colspan=3),),)
    table = b.Table(rows=rows + wide, caption=(i.Text("named"),))
    data, report = make(book(post("one", "One", table), post("two", "Two", p("x"))), engine)
    assert not engine_messages(report)
    (tmp_path / "a.pdf").write_bytes(data)
    assert accessibility_errors(tmp_path / "a.pdf") == []
    text = printed(data)
    assert all(word in text for word in ("r0c0", "r2c2", "over all", "named"))


@needs_poppler
def test_a_table_s_head_tells_the_pages_of_other_posts(engine: Engine) -> None:
    cells = tuple(b.Cell((i.Link((i.Text(word),), "two.md"),)) for word in ("alpha", "beta"))
    one = post("one", "One", b.Table(head=((cells[0],),), rows=((cells[1],),)))
    data, report = make(book(one, post("two", "Two", p("x"))), engine, page_references=True)
    assert re.findall(r"(\w+) \(p\.", " ".join(" ".join(pages(data)).split())) == ["alpha", "beta"]
    assert not engine_messages(report)


def test_links_and_notes_in_a_table_s_head(engine: Engine) -> None:
    link = b.Cell((i.Link((i.Text("linked"),), "https://x.example/"), i.NoteRef("n")))
    rows = tuple((b.Cell((i.Text(f"row {n}"),)),) for n in range(90))
    source = post("one", "One", b.Table(head=((link,),), rows=rows), notes={"n": "its note"})
    data, report = make(book(source), engine)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert text.count("linked") > 1
    assert text.count("its note") == 1
    assert not engine_messages(report)


def test_a_table_s_head_is_bold(engine: Engine) -> None:
    table = b.Table(((b.Cell((i.Text("head"),)),),), ((b.Cell((i.Text("body"),)),),))
    data, _ = make(book(post("one", "T", table)), engine)
    fonts = {s["text"].strip(): s["font"] for _, s in spans(data)}
    assert "Semi" in fonts["head"]
    assert "Semi" not in fonts["body"]


@pytest.mark.parametrize("columns", [4, 13])
def test_heads_of_many_columns_are_small_and_do_not_meet(engine: Engine, columns: int) -> None:
    words = (
        "Quarter,Books bound,Books mended,Boxes,Letters sent,Paper (sheets),Thread (m),Starch (kg)"
    )
    heads = f"{words},Tea (pots),Visitors,of whom cats,Sums owed,Sums paid".split(",")[:columns]
    figures = "IV,31,17,15,2,1985,940,3.5,431,122,1,$890,$700".split(",")[:columns]
    data, _ = make(book(post("one", "T", b.Table((cells(*heads),), (cells(*figures),)))), engine)
    found = [s for _, s in spans(data) if s["text"].strip() in ("Books", "bound", "Books bound")]
    assert {("Sans" in s["font"], "Semi" in s["font"]) for s in found} == {(columns > 6, True)}
    with pymupdf.open(stream=data) as document:
        placed = [word for sheet in document for word in sheet.get_text("words")]
    top, bottom = (next(w for w in placed if w[4] == text)[1] for text in ("Books", "31"))
    lines = sorted((round(w[1]), w[0], w[2], w[4]) for w in placed if top - 2 < w[1] < bottom - 2)
    assert len(lines) >= columns
    for left, right in itertools.pairwise(lines):
        assert left[0] != right[0] or left[2] < right[1], (left, right)
