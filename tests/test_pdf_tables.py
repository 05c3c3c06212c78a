"""Tables of the printed book."""

from __future__ import annotations

import re
from typing import Literal

import pymupdf
import pytest

from clothbound.diagnostics import Code
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.walk import plain_text
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.page import PAGES
from clothbound.writers.pdf.theme import THEMES
from test_pdf import book, everything, make, needs_poppler, p, pages, post


@needs_poppler
def test_a_table_repeats_its_head() -> None:
    texts = pages(make(book(everything()))[0])
    with_rows = [t for t in texts if re.search(r"r\d+c8", t)]
    assert len(with_rows) > 1
    assert all(re.search(r"h0\s+h1", t) for t in with_rows)


def cells(*words: str) -> tuple[b.Cell, ...]:
    return tuple(b.Cell((i.Text(word),)) for word in words)


@needs_poppler
def test_a_table_that_does_not_fit_is_a_list_for_each_row() -> None:
    head = cells(*(f"Property {n}" for n in range(30)))
    rows = tuple(cells(*(f"measurement{n}-{row}" for n in range(30))) for row in range(3))
    fitting = b.Table((cells("Kind", "Weight"),), (cells("rope", "12"),))
    data, report = make(
        book(post("one", "One", b.Table((head,), rows, (), (i.Text("Wide"),)), fitting))
    )
    text = "".join(pages(data))
    assert all(word in text for row in rows for cell in row for word in [plain_text(cell)])
    assert re.search(r"• *Property 29: measurement29-2", text)
    (found,) = (d for d in report.diagnostics if d.code is Code.NODE_SIMPLIFIED)
    assert found.message.startswith("table of 30 columns written as a list for each row")
    assert re.search(r"Kind +Weight\n\n? *rope +12", text)


@needs_poppler
@pytest.mark.parametrize("theme", THEMES)
def test_no_word_of_a_table_is_broken_where_it_may_not(theme: Literal["essay"]) -> None:
    """Columns were narrower than their words, and letters of a word went to the next line."""
    words = ("Anthropic", "gpt-4-0314", "yes", "The harness was changed twice", "MMLU (5-shot)")
    table = b.Table((cells(*words),), tuple(cells(*words[n:], *words[:n]) for n in range(5)))
    data, _ = make(book(post("one", "One", table)), Pdf(theme=theme))
    text = "".join(pages(data))
    assert [text.count(word) for word in ("Anthropic", "gpt-4-0314", "harness")] == [6, 6, 6]


@needs_poppler
@pytest.mark.parametrize("page", PAGES)
def test_a_table_stays_within_the_margins(page: Literal["6x9"]) -> None:
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
    data, report = make(book(post("one", "One", *tables)), Pdf(page=page, engine="weasyprint"))
    listed = sum(d.code is Code.NODE_SIMPLIFIED for d in report.diagnostics)
    assert 0 < listed < len(tables)
    form = PAGES[page]
    with pymupdf.open(stream=data) as document:
        for sheet in document:
            right = form.width - (form.outside if sheet.number % 2 == 0 else form.inside)
            assert all(word[2] < right + 1 for word in sheet.get_text("words")), sheet.number


@needs_poppler
def test_a_caption_and_the_first_rows_of_a_table_stay_together() -> None:
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
        data, _ = make(book(*posts))
        with_caption = [page for page in pages(data) if "Caption of it" in page]
        assert len(with_caption) == len(posts)
        together = ("Row ", "row 0", "row 1") if kind == "long" else ("Row ", "row 0", "row 4")
        assert all(all(word in page for word in together) for page in with_caption)


@needs_poppler
def test_a_row_higher_than_a_page_begins_below_the_heads_and_repeats_them() -> None:
    words = "cell words over the page " * 300
    head = (cells("Headone", "Headtwo"),)
    table = b.Table(head, (cells(words, "short"),))
    texts = pages(make(book(post("one", "L", table)))[0])
    with_words = [t for t in texts if "cell" in t]
    assert len(with_words) > 1
    assert [t for t in with_words if "Headone" not in t] == []
