"""Compares the estimate of pages with real PDFs."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

import clothbound
from clothbound.anthology.order import Order
from clothbound.anthology.select import Select
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.model.publication import Moment, Publication
from clothbound.plan import estimate_book, estimate_lines
from clothbound.writers.pdf import Pdf

LETTERS = Path(__file__).resolve().parents[1] / "examples" / "letters"


def test_a_book_has_about_the_pages_that_were_estimated() -> None:
    book = clothbound.book(clothbound.read(LETTERS), year=2021, order=Order(parts="months"))
    made = clothbound.write(book, Pdf(page="A5")).to_bytes()
    real = len(pypdf.PdfReader(io.BytesIO(made)).pages)
    assert estimate_book(book, "A5").pages == pytest.approx(real, rel=0.15, abs=2)


@pytest.mark.parametrize(
    "options",
    [
        Pdf(theme="novel"),
        Pdf(theme="manual", page="5x8"),
        Pdf(recto=True),
        Pdf(openers="run-on"),
        Pdf(openers="run-on", theme="novel"),
    ],
    ids=["novel", "manual", "recto", "run-on", "run-on novel"],
)
def test_theme_and_right_hand_openers_count(options: Pdf) -> None:
    book = clothbound.book(clothbound.read(LETTERS), year=2021)
    made = clothbound.write(book, options).to_bytes()
    real = len(pypdf.PdfReader(io.BytesIO(made)).pages)
    runs_on = options.openers == "run-on"
    planned = estimate_book(book, options.page, options.theme, recto=options.recto, runs_on=runs_on)
    assert planned.pages == pytest.approx(real, rel=0.1, abs=1)


def test_pictures_of_what_is_shown_count_as_those_to_fetch() -> None:
    src = "https://a.example/1.png"
    body = (
        b.Figure(i.Image(src)),
        b.Embed("video", "https://v.example/", thumbnail=src),
        b.Embed("video", "https://v.example/2", thumbnail="https://a.example/2.png"),
        b.Media("video", "https://v.example/3", poster="https://a.example/3.png"),
        b.Embed("tweet", "https://t.example/"),
    )
    book = clothbound.book(as_collection(Post(Metadata(slug="a"), body)))
    assert estimate_book(book).remote == 3


@pytest.mark.corpus
def test_so_has_a_long_one(shared: Path) -> None:
    posts = clothbound.read(shared / "corpus" / "interconnects")
    book = clothbound.book(posts, Select(month="2021-01"))
    made = clothbound.write(book, Pdf()).to_bytes()
    real = len(pypdf.PdfReader(io.BytesIO(made)).pages)
    assert estimate_book(book).pages == pytest.approx(real, rel=0.15, abs=2)


def test_more_text_and_pictures_are_not_fewer_pages() -> None:
    text = b.Paragraph((i.Text("word " * 900),))
    picture = b.Figure(i.Image("https://a.example/a.png"), width=900, height=900)
    pages = []
    for body in ((), (text,), (text, picture, picture), (text, text, text, picture)):
        book = clothbound.book(as_collection(Post(Metadata(slug="a"), body)))
        pages.append([estimate_book(book, fetched=fetched).pages for fetched in (False, True)])
    assert pages == sorted(pages)
    assert pages[2][0] < pages[2][1]


WORDS = (i.Text("word " * 40),)


@pytest.mark.parametrize(
    "node",
    [
        b.Paragraph(WORDS),
        b.Heading(WORDS, 2),
        b.List((b.ListItem((b.Paragraph(WORDS),)),)),
        b.Quote((b.Paragraph(WORDS),)),
        b.Group((b.Paragraph(WORDS),)),
        b.CodeBlock("x = 1\n" * 9),
        b.Verse((i.Text("a"), *(i.LineBreak(),) * 9, i.Text("b"))),
        b.Figure(i.Image("a.png"), WORDS),
        b.Gallery((b.Figure(i.Image("a.png")),)),
        b.Table((), ((b.Cell(WORDS),),)),
        b.MathBlock("x"),
        b.Embed("post", "https://a.example/p/x", title="word " * 40),
    ],
    ids=lambda node: type(node).__name__,
)
def test_whatever_is_printed_takes_pages(node: b.Block) -> None:
    short, long = (
        estimate_book(clothbound.book(as_collection(Post(Metadata(slug="a"), body)))).pages
        for body in ((), (node,) * 99)
    )
    assert short + 3 < long


def test_an_item_of_a_list_takes_a_line() -> None:
    paragraph = b.Paragraph((i.Text("word"),))
    bodies: tuple[tuple[b.Block, ...], ...] = (
        (b.Paragraph((i.Text("word " * 99),)),),
        (b.List((b.ListItem((paragraph,)),) * 99),),
    )
    short, long = (
        estimate_book(clothbound.book(as_collection(Post(Metadata(slug="a"), body)))).pages
        for body in bodies
    )
    assert short + 2 <= long


def test_the_longest_cell_of_a_row_makes_its_height() -> None:
    long, short = b.Cell(WORDS), b.Cell((i.Text("word"),))
    flat, high = (
        estimate_book(
            clothbound.book(as_collection(Post(Metadata(slug="a"), (b.Table((), rows),))))
        )
        for rows in (((short, short),) * 40, ((long, short),) * 40)
    )
    assert flat.pages + 3 < high.pages


@pytest.mark.parametrize(("authors", "first"), [((), "Tides"), (("Ann", "Bo"), "Tides by Ann, Bo")])
def test_a_plan_begins_with_title_and_authors(authors: tuple[str, ...], first: str) -> None:
    post = Post(Metadata(slug="a", authors=authors))
    book = clothbound.book(as_collection(post), title="Tides")
    assert next(iter(estimate_lines(estimate_book(book)))) == first


def test_long_notes_take_pages() -> None:
    text = b.Paragraph((i.Text("word " * 900), i.NoteRef("n")))
    note = Footnote("n", (b.Paragraph((i.Text("word " * 900),)),))
    short, long = (
        estimate_book(
            clothbound.book(as_collection(Post(Metadata(slug="a"), (text,), notes)))
        ).pages
        for notes in ((), (note,))
    )
    assert short < long


def test_a_plan_says_what_stands_where() -> None:
    book = clothbound.book(
        clothbound.read(LETTERS),
        year=2021,
        title="Letters",
        authors=["A", "B"],
        order=Order(parts="years"),
    )
    lines = list(estimate_lines(estimate_book(book)))
    assert lines[:4] == [
        "Letters by A, B",
        "",
        "2021",
        "  2021-01-08  The net loft (210 words, 1 picture)",
    ]
    assert any(line.startswith("12 posts, ") for line in lines)


def test_a_plan_says_why_not_everyone_may_read_a_post() -> None:
    posts = [
        Post(Metadata(slug="open", title="Open")),
        Post(Metadata(slug="paid", title="Paid", audience="only_paid", is_draft=True)),
        Post(
            Metadata(
                slug="late",
                title="Late",
                publication=Publication(
                    public_from=Moment(datetime(2023, 6, 2, tzinfo=UTC), "publishDate")
                ),
            )
        ),
    ]
    book = clothbound.book(as_collection(posts), Select(states=("secret",)))
    said = {}
    for day in (1, 3):
        estimate = estimate_book(book, now=datetime(2023, 6, day, tzinfo=UTC))
        said[day] = [line for line in estimate_lines(estimate) if "words" in line][:3]
    assert [line.strip() for line in said[1]] == [
        "Open (0 words)",
        "Paid (0 words; only_paid; draft)",
        "Late (0 words; scheduled)",
    ]
    assert said[3][2].strip() == "Late (0 words)"


@pytest.mark.parametrize(
    ("audiences", "words"), [((), 6), (("everyone",), 3), (("everyone", "only_paid"), 6)]
)
def test_what_a_book_is_not_for_is_not_counted(audiences: tuple[str, ...], words: int) -> None:
    open_to_all, paid = (b.Paragraph((i.Text(t),)) for t in ("Open to all.", "Only for payers."))
    post = Post(Metadata(title="A"), (open_to_all, b.PaywallBreak(), paid))
    estimate = estimate_book(clothbound.book([post], Select(audiences=audiences)))
    (row,) = estimate.rows
    assert (row.words, row.is_cut) == (words, words == 3)
    lines = "\n".join(estimate_lines(estimate))
    assert ("A (3 words; without parts for other readers)" in lines) is row.is_cut
