"""Lines of the printed book: their words, their beginnings, and those that are read from the right."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import Literal

import pymupdf
import pytest

from book_info import with_info
from clothbound.context import Context
from clothbound.diagnostics import Code
from clothbound.media import PictureRules
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Metadata, Post
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.book_html import BookMaker
from clothbound.writers.pdf.page import PAGES
from clothbound.writers.pdf.theme import THEMES
from test_pdf import WORDS, book, make, needs_poppler, p, pages, post


@needs_poppler
@pytest.mark.parametrize("word", ["Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbau" * 2])
def test_a_long_word_in_a_title_stays_on_the_page(word: str) -> None:
    title = f"Of {word}"
    data, _ = make(book(post("one", title, p(WORDS)), post("two", "Two", p(WORDS))))
    with pymupdf.open(stream=data) as document:
        for page in document:
            for block in page.get_text("blocks"):
                assert block[2] <= PAGES["6x9"].width - 30
    joined = re.sub(r"[\s\u200b]", "", "".join(pages(data)))
    assert joined.count(word) >= 2


@needs_poppler
def test_a_right_to_left_book_is_set_so() -> None:
    posts = (post("one", "مرحبا", p(WORDS)), post("two", "سلام", p(WORDS)))
    collection = with_info(book(*posts), language="ar", title="رسائل")
    with pymupdf.open(stream=make(collection)[0]) as document:
        contents = next(page for page in document if page.number == 2)
        words = contents.get_text("words")
    numbers = [word for word in words if re.fullmatch(r"[\s.]*[0-9]+", word[4])]
    assert numbers
    assert all(word[0] < PAGES["6x9"].width / 3 for word in numbers if word[3] < 500)
    # Its first page is a left-hand one, with the binding on the right.
    tree = (
        BookMaker(collection, Context(), PAGES["6x9"], THEMES["essay"], rules=PictureRules())
        .make()
        .tree
    )
    assert tree.get("dir") == "rtl"
    assert {chapter.get("dir") for chapter in tree.iter("section") if chapter.get("id")} == {"ltr"}


def widest_gaps(data: bytes) -> dict[str, float]:
    """The first word of each line, and the widest space between two words of the line, in points."""
    gaps: dict[str, float] = {}
    with pymupdf.open(stream=data) as document:
        for page in document:
            lines: dict[int, list[tuple[float, float, str]]] = {}
            for left, _, right, low, word, *_ in page.get_text("words"):
                lines.setdefault(round(low), []).append((left, right, word))
            for line in lines.values():
                line.sort()
                between = [b[0] - a[1] for a, b in itertools.pairwise(line)]
                gaps[line[0][2]] = max(between, default=0.0)
    return gaps


@pytest.mark.parametrize("theme", ["essay", "novel", "manual"])
def test_few_words_in_a_line_are_not_spread_over_it(theme: Literal["essay"]) -> None:
    """As beside a word or an address that does not fit into the line."""
    long = "incomprehensibilities" * 2
    address = "https://example.org/a-very-long-address/which_goes_on/and_on/without-an-end"
    first = post("one", "One", p(f"Notwithstanding obstacles, {long} remain. {WORDS}"))
    second = post(
        "two",
        "Two",
        p(f"Soft. {WORDS} Seen {address} at last. {WORDS}"),
        p("Two", i.LineBreak(), WORDS),
    )
    data, _ = make(book(first, second), Pdf(theme=theme, engine="weasyprint"))
    gaps = widest_gaps(data)
    assert max(gaps[word] for word in gaps if word not in ("Letters", "One", "Two")) < 10, gaps


@needs_poppler
def test_right_to_left() -> None:
    source = Post(
        Metadata(key="ar", title="رسالة", language="ar"),
        (p("كتب المجلد رسالة طويلة إلى المدينة."),),
    )
    data, report = make(book(source, post("two", "Two", p("x"))))
    assert "المدينة" in unicodedata.normalize("NFKC", " ".join(pages(data)))
    assert not [d for d in report.diagnostics if d.code is Code.ENGINE]


@pytest.mark.parametrize("theme", ["essay", "novel", "manual"])
def test_lines_that_are_read_from_the_right_begin_below_each_other(theme: Literal["essay"]) -> None:
    words = (
        "كتب المجلد رسالة طويلة، وأنا أتعلّم في مرسى صغير، ثم عاد إلى بيته في الليل وقال: هنا. " * 5
    )
    source = Post(Metadata(key="ar", title="رسالة", language="ar"), (p(words), p(words)))
    data, _ = make(book(source), Pdf(theme=theme, engine="weasyprint"))
    with pymupdf.open(stream=data) as document:
        words_by_line: dict[int, list[float]] = {}
        for left, _, right, foot, *_ in document[0].get_text("words"):
            words_by_line.setdefault(round(foot / 3), []).extend((left, right))
    edges = [max(line) for line in words_by_line.values() if max(line) - min(line) > 200]
    assert len(edges) > 6
    # But for the first line of the second paragraph, where it is indented.
    assert sum(right < max(edges) - 1 for right in edges) <= 1, edges


@pytest.mark.parametrize("theme", ["essay", "manual"])
def test_a_line_of_code_in_a_list_within_lists_is_cut_once(theme: Literal["essay"]) -> None:
    """Where it is cut, what goes on has a mark; the engine would break it again without one."""
    code = " ".join(f"word{n:02}" for n in range(30))
    nested: b.Block = b.CodeBlock(code)
    for wrap in (None, b.Quote, None, None, None):
        nested = b.List((b.ListItem((p("Item"), nested)),)) if wrap is None else wrap((nested,))
    data, _ = make(book(post("one", "L", nested)), Pdf(theme=theme))
    with pymupdf.open(stream=data) as document:
        text = "\n".join(page.get_text() for page in document)
    begun = [line for line in text.splitlines() if "word" in line]
    assert begun[0].startswith("word00")
    assert [line for line in begun[1:] if not line.startswith("»")] == []


def test_a_title_longer_than_a_page_begins_on_the_page_of_its_date() -> None:
    title = "On the harbour, the loft and the cat, and what one may say of them in a breath " * 14
    data, _ = make(book(post("one", title, p(WORDS))))
    with pymupdf.open(stream=data) as document:
        first = document[0].get_text()
    assert "2023" in first and "On the harbour" in first
