"""Notes of the printed book: where they stand, marks that can be clicked, and how they look."""

from __future__ import annotations

import io
import re
import subprocess
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pymupdf
import pytest
from pypdf import PdfReader

import clothbound
from book_info import with_info
from clothbound.context import Context
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.plain_text import plain_text
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.writers.pdf.footnotes import find_misplaced_notes, notes_of
from clothbound.writers.pdf.weasyprint import lay_out
from printed_books import (
    WORDS,
    Engine,
    book,
    by,
    engine_messages,
    everything,
    make,
    needs_poppler,
    p,
    pages,
    post,
    printed,
    sample,
    spans,
    structure_tags,
    words_of,
)


@needs_poppler
def test_notes_stand_at_the_foot_or_at_the_end(engine: Engine) -> None:
    texts = pages(sample(engine)[0])
    with_mark = next(t for t in texts if "Here is a mark" in t)
    lines = with_mark.split("\n")
    # The paragraph runs on after its number.
    position = next(
        n for n, line in enumerate(lines) if re.match(r"\s*1\.\sShortnote stands", line)
    )
    assert all("pilot boat" not in line for line in lines[position:])
    assert sum(t.count("Shortnote") for t in texts) == 1
    # A chapter's notes stand in one place: with a long one all are at its end.
    endnotes = next(t for t in texts if "Secondnote" in t)
    assert re.search(r"Notes\s+1\.\sSecondnote\.\s+2\.\sLongnote", endnotes)


NOTED = [
    (p("a", i.NoteRef("s"), " b", i.NoteRef("l")), {"s": "Short.", "l": WORDS * 14}),
    (p("a", *map(i.NoteRef, "opqr")), dict.fromkeys("opqr", WORDS * 5)),
    (b.Table(((b.Cell((i.NoteRef("s"),)),),), ((b.Cell((i.Text("x"), i.NoteRef("t"))),),)),
     {"s": "Short.", "t": "Other."}),
]  # fmt: skip


@pytest.mark.parametrize("body, notes", NOTED)
def test_the_notes_of_a_chapter_stand_in_one_place(
    engine: Engine, body: b.Block, notes: dict[str, str]
) -> None:
    data, _ = make(
        book(
            post("one", "One", body, p(WORDS), p("z", i.NoteRef("x")), notes=notes | {"x": "Last."})
        ),
        engine,
    )
    tags = structure_tags(data)
    assert tags["/Note"] == 0
    text = printed(data)
    assert all(re.search(rf"\b{number}\.\s", text) for number in range(1, len(notes) + 2))


def test_notes_of_one_paragraph_and_of_two_begin_alike_in_japanese(engine: Engine) -> None:
    marks = (i.NoteRef("s"), " と ", i.NoteRef("l"))
    one = post("one", "一", p("本文", *marks), notes={"s": "一つの段落。"})
    two = Footnote("l", (p("二つの段落。"), p("終わり。")))
    metadata = msgspec.structs.replace(one.metadata, language="ja")
    one = Post(metadata, one.body, (*one.footnotes, two))
    words = words_of(make(with_info(book(one), language="ja"), engine)[0])
    begins = [word[1] for word in words if word[5].startswith(("1.", "2."))]
    assert len(begins) == 2
    assert begins[0] == pytest.approx(begins[1], abs=0.3)


@needs_poppler
def test_nested_notes_follow_their_outer_note(engine: Engine) -> None:
    text = " ".join(" ".join(pages(make(book(everything()), engine)[0])).split())
    order = [text.index(t) for t in ("1. outer note", "2. inner note")]
    assert order == sorted(order)
    assert text.count("inner note") == 1
    assert "3. unused note" in text


@needs_poppler
def test_many_notes_in_one_place_lose_no_line(engine: Engine) -> None:
    """The engine puts notes off to later pages, and prints over the page's edge if they are many."""
    count = 30
    marks = [n for k in range(count) for n in (f" word{k}", i.NoteRef(str(k)))]
    notes = {str(k): f"start{k} {WORDS * 3} stop{k}" for k in range(count)}
    data, _ = make(
        book(post("one", "One", p(*marks), *[p(WORDS * 4) for _ in range(5)], notes=notes)), engine
    )
    text = " ".join(pages(data))
    assert [
        len(re.findall(rf"\b{w}{k}\b", text)) for k in range(count) for w in ("start", "stop")
    ] == [1] * (2 * count)
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    edges = [(float(a), float(z)) for a, z in re.findall(r'yMin="(.*?)".*?yMax="(.*?)"', boxes)]
    assert all(0 <= top < foot <= 648 for top, foot in edges)


@pytest.mark.parametrize(
    ("engine", "theme", "page"),
    [
        ("weasyprint", "essay", "A5"),
        ("weasyprint", "essay", "A4"),
        ("weasyprint", "novel", "5.25x8"),
        ("weasyprint", "novel", "7x10"),
        ("weasyprint", "manual", "5x8"),
        ("weasyprint", "manual", "A5"),
        ("typst", "essay", "A5"),
    ],
)
def test_a_note_of_the_line_that_was_made_room_for_is_set(
    engine: Engine, theme: Any, page: Any
) -> None:
    """The engine puts other notes off for that line, and forgets its own."""
    more = "More words follow here and there, as they do in any letter. " * 6
    start = "of a text that goes on for a while, so that the page is filled by lines"
    body = [p(f"Paragraph {n} {start}", i.NoteRef(str(n)), f". {more}") for n in range(12)]
    notes = {str(n): f"Thenote{n}." for n in range(12)}
    data, report = make(book(post("one", "L", *body, notes=notes)), engine, theme=theme, page=page)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert [n for n in range(12) if f"Thenote{n}." not in text] == []
    assert not [d for d in report.diagnostics if d.code is DiagnosticCode.ENGINE]


@by("weasyprint")
def test_notes_that_stand_nowhere_are_set_at_the_chapters_end(
    engine: Engine, tmp_path: Path
) -> None:
    """As a style sheet makes the engine lose them here, so it does of its own now and then."""
    (tmp_path / "my.css").write_text(".foot-note { display: none }", "utf-8")
    outer = Footnote("o", (p("Outer", i.NoteRef("n"), " note."),))
    body = p("See o", i.NoteRef("o"), " and l", i.NoteRef("l"), " here.")
    notes = (outer, Footnote("n", (p("Nested note."),)), Footnote("l", (p("Last note."),)))
    collection = book(Post(Metadata(key="k", title="T", language="en"), (body,), notes))
    reader = PdfReader(io.BytesIO(make(collection, engine, css=tmp_path / "my.css")[0]))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "See o1 and l2 here. Notes 1. Outer3 note. 3. Nested note. 2. Last note." in text


def test_short_notes_are_not_put_off_to_pages_of_their_own(engine: Engine) -> None:
    body = p("See a", i.NoteRef("a"), " and b", i.NoteRef("b"), ".")
    collection = book(post("one", "L", body, notes={"a": "Note a.", "b": "Note b."}))
    reader = PdfReader(io.BytesIO(make(collection, engine, page="5x8")[0]))
    (page,) = [text for page in reader.pages if "See a" in (text := page.extract_text())]
    assert "Note a." in page and "Note b." in page


@needs_poppler
def test_a_chain_of_notes_is_printed_once(engine: Engine) -> None:
    chain = tuple(
        Footnote(str(k), (p(f"link{k}", *([i.NoteRef(str(k + 1))] if k < 79 else [])),))
        for k in range(80)
    )
    for body in (p("marked", i.NoteRef("0")), p("unmarked")):
        source = Post(Metadata(key="chain", title="Chain"), (body,), chain)
        text = " ".join(pages(make(book(source), engine)[0]))
        found = Counter(int(n) for n in re.findall(r"\d+\.\slink(\d{1,2})", text))
        assert found.total() == 80


def test_headings_of_any_level_in_notes(engine: Engine) -> None:
    notes = tuple(
        Footnote(name, (b.Heading((i.Text(f"head {name}"),), 4), p("its text"))) for name in "ab"
    )
    source = Post(Metadata(key="one", title="One"), (p("x", i.NoteRef("a")),), notes)
    data, report = make(book(source), engine)
    assert not engine_messages(report)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "head a" in text
    assert "head b" in text


def test_marks_of_two_notes_are_two_numbers(engine: Engine) -> None:
    one = post("one", "T", p("word", i.NoteRef("a"), i.NoteRef("b")), notes={"a": "x", "b": "y"})
    data, _ = make(book(one), engine)
    text = "".join(span["text"] for _, span in spans(data))
    assert "word1,2" in text


@by("typst")
def test_the_rule_above_notes_does_not_touch_them(engine: Engine) -> None:
    one = post("one", "T", p("text", i.NoteRef("n")), notes={"n": "Noted."})
    data, _ = make(book(one), engine)
    with pymupdf.open(stream=data) as document:
        rule = max(drawing["rect"].y1 for drawing in document[0].get_drawings())
        noted = next(word for word in document[0].get_text("words") if word[4] == "Noted.")
    # The height of a capital stands about three tenths of an em below the upper edge of its line.
    assert noted[1] + 0.3 * 8.4 - rule > 6


def test_a_link_can_be_clicked(engine: Engine) -> None:
    """A box without height has nothing that a pointer could hit."""
    link = i.Link((i.Text("link"),), "https://example.com/")
    body = p("Words", i.NoteRef("a"), " and ", link, i.Superscript((link,)), i.Subscript((link,)))
    data, _ = make(book(post("one", "L", body, notes={"a": "Note."})), engine, notes="chapter")
    found = [
        annotation.get_object()["/Rect"]
        for page in PdfReader(io.BytesIO(data)).pages
        for annotation in page.get("/Annots", ())
    ]
    heights = [abs(float(top) - float(foot)) for _, foot, _, top in found]
    assert len(heights) == 4
    assert min(heights) > 5


def lines(data: bytes, text: str) -> list[tuple[float, str, str]]:
    """Baseline, words and font of each line of the page on which ``text`` stands."""
    with pymupdf.open(stream=data) as document:
        page = next(page for page in document if text in page.get_text())
        return [
            (span["origin"][1], span["text"], span["font"])
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            if span["text"].strip()
        ]


def test_the_blocks_of_a_note_follow_without_blank_lines(engine: Engine) -> None:
    items = tuple(b.ListItem((p(f"Item {n}."),)) for n in range(2))
    blocks = (p("Para one."), p("Para two."), p("Para three."), b.List(items, tight=True))
    letter = post("one", "L", p("Words", i.NoteRef("a"), "."))
    letter = msgspec.structs.replace(letter, footnotes=(Footnote("a", blocks),))
    found = lines(make(book(letter), engine)[0], "Para three.")
    heights = {words.strip(): y for y, words, _ in found}
    told = [y for words, y in heights.items() if "Para " in words]
    assert len(told) == 3
    assert [round(later - sooner) for sooner, later in pairwise(told)] == [11, 11]
    first, second = (heights[f"Item {n}."] for n in range(2))
    assert round(second - first) == 11
    assert first - told[-1] < 16


def test_a_quotation_in_a_note_stands_as_close_as_its_other_blocks(engine: Engine) -> None:
    blocks = (p("Para one."), b.Quote((p("Quoted."),)), p("Para two."))
    letter = post("one", "L", p("Words", i.NoteRef("a"), "."))
    letter = msgspec.structs.replace(letter, footnotes=(Footnote("a", blocks),))
    found = lines(make(book(letter), engine)[0], "Quoted.")
    heights = [y for y, words, _ in found if "Para " in words or "Quoted" in words]
    assert len(heights) == 3
    assert all(later - sooner < 16 for sooner, later in pairwise(heights))


@pytest.mark.parametrize("length", [1, 60])
def test_a_note_with_a_long_address_is_not_stretched(engine: Engine, length: int) -> None:
    """Its first paragraph runs on behind its number, and had the justified lines of others. Many notes stand at the end."""
    address = "https://example.org/archive/1987/harbour-records/volume-3/letters-of-the-harbourmaster.html"
    notes = [
        Footnote(f"n{k}", (p("Ibid., 14; cf. ", i.Link((i.Text(address),), address)),))
        for k in range(length)
    ]
    letter = post(
        "one", "L", p(*(part for note in notes for part in ("Words", i.NoteRef(note.id), ". ")))
    )
    letter = msgspec.structs.replace(letter, footnotes=tuple(notes))
    with pymupdf.open(stream=make(book(letter), engine)[0]) as document:
        words = [word for page in document for word in page.get_text("words")]
    gaps = [
        later[0] - sooner[2]
        for sooner, later in pairwise(words)
        if (sooner[4], later[4]) == ("14;", "cf.")
    ]
    assert len(gaps) == length
    assert max(gaps) < 6


def test_a_note_of_a_heading_is_set_as_others_are(engine: Engine) -> None:
    heading = b.Heading((i.Text("Head"), i.NoteRef("a")), 2)
    letter = post("one", "L", p("Words."), heading, p("More."), notes={"a": "Noted here."})
    found = lines(make(book(letter), engine)[0], "Noted")
    (font,) = {font for _, words, font in found if "Noted" in words}
    assert "Serif" in font


def test_every_note_stands_once(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page whose numbers change is set anew alone, and what it put off came up once more."""
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
    from generate_posts import post as generated
    from generate_posts import sentences

    pool = sentences()
    for number in range(35, 39):
        text = re.sub(r"!\[.*?\]\(.*?\)\n", "", generated(number, pool))
        (tmp_path / f"{number}.md").write_text(text, encoding="utf-8")
    letters = clothbound.read(tmp_path)
    data, _ = make(letters, engine)
    with pymupdf.open(stream=data) as document:
        printed = " ".join("".join(page.get_text() for page in document).split())
    notes = [plain_text(note) for letter in letters for note in letter.footnotes]
    assert len(notes) == 8
    for note in notes:
        beginning = rf"\b[12]\. {re.escape(' '.join(note.split())[:24])}"
        assert len(re.findall(beginning, printed)) == 1, note


def test_a_note_on_two_pages_is_seen() -> None:
    tree = ElementTree.fromstring(
        '<html><body><p>Words<span class="foot-note" id="note">Once.</span></p></body></html>'
    )
    style = [".foot-note { float: footnote }"]
    document = lay_out(tree, style, {}, Context())
    assert find_misplaced_notes(document, notes_of(tree)) == []
    doubled = document.copy([*document.pages, *document.pages])
    assert find_misplaced_notes(doubled, notes_of(tree)) == notes_of(tree)


@needs_poppler
def test_a_division_that_its_author_calls_note_stays_in_the_text() -> None:
    aside = b.Group((p("Keep the glue warm."),), classes=("note",))
    chapter = post("one", "One", p("Before it."), aside, p("After it."))
    text = " ".join(" ".join(pages(make(book(chapter), "weasyprint")[0])).split())
    assert "Before it. Keep the glue warm. After it." in text
