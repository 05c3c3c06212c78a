"""Notes of the printed book: marks that can be clicked, and how the notes look."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pymupdf
import pytest
from pypdf import PdfReader

import clothbound
from clothbound.context import Context
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Footnote
from clothbound.model.walk import plain_text
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.foot_notes import misplaced_notes, notes_of
from clothbound.writers.pdf.weasyprint import lay_out
from test_pdf import book, make, p, post


def test_a_link_can_be_clicked() -> None:
    """A box without height has nothing that a pointer could hit."""
    link = i.Link((i.Text("link"),), "https://example.com/")
    body = p("Words", i.NoteRef("a"), " and ", link, i.Superscript((link,)), i.Subscript((link,)))
    data, _ = make(book(post("one", "L", body, notes={"a": "Note."})), Pdf(notes="chapter"))
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


def test_the_blocks_of_a_note_follow_without_blank_lines() -> None:
    items = tuple(b.ListItem((p(f"Item {n}."),)) for n in range(2))
    blocks = (p("Para one."), p("Para two."), p("Para three."), b.List(items, tight=True))
    letter = post("one", "L", p("Words", i.NoteRef("a"), "."))
    letter = msgspec.structs.replace(letter, footnotes=(Footnote("a", blocks),))
    found = lines(make(book(letter))[0], "Para three.")
    heights = {words.strip(): y for y, words, _ in found}
    told = [y for words, y in heights.items() if "Para " in words]
    assert len(told) == 3
    assert [round(later - sooner) for sooner, later in pairwise(told)] == [11, 11]
    first, second = (heights[f"Item {n}."] for n in range(2))
    assert round(second - first) == 11
    assert first - told[-1] < 16


def test_a_note_of_a_heading_is_set_as_others_are() -> None:
    heading = b.Heading((i.Text("Head"), i.NoteRef("a")), 2)
    letter = post("one", "L", p("Words."), heading, p("More."), notes={"a": "Noted here."})
    found = lines(make(book(letter))[0], "Noted")
    (font,) = {font for _, words, font in found if "Noted" in words}
    assert "Serif" in font


def test_every_note_stands_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose numbers change is set anew alone, and what it put off came up once more."""
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "benchmarks")
    from generate_posts import post as generated
    from generate_posts import sentences

    pool = sentences()
    for number in range(35, 39):
        text = re.sub(r"!\[.*?\]\(.*?\)\n", "", generated(number, pool))
        (tmp_path / f"{number}.md").write_text(text, encoding="utf-8")
    letters = clothbound.read(tmp_path)
    data, _ = make(letters)
    with pymupdf.open(stream=data) as document:
        printed = " ".join("".join(page.get_text() for page in document).split())
    notes = [plain_text(note) for letter in letters for note in letter.footnotes]
    assert len(notes) == 8
    for note in notes:
        beginning = rf"\b[12]\. {re.escape(' '.join(note.split())[:24])}"
        assert len(re.findall(beginning, printed)) == 1, note


def test_a_note_on_two_pages_is_seen() -> None:
    tree = ElementTree.fromstring(
        '<html><body><p>Words<span class="note" id="note">Once.</span></p></body></html>'
    )
    style = [".note { float: footnote }"]
    document = lay_out(tree, style, {}, Context())
    assert misplaced_notes(document, notes_of(tree)) == []
    doubled = document.copy([*document.pages, *document.pages])
    assert misplaced_notes(doubled, notes_of(tree)) == notes_of(tree)
