"""Notes of the printed book: marks that can be clicked, and how the notes look."""

from __future__ import annotations

import io
from itertools import pairwise

import msgspec
import pymupdf
from pypdf import PdfReader

from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Footnote
from clothbound.writers.pdf import PdfOptions
from test_pdf import book, make, p, post


def test_a_link_can_be_clicked() -> None:
    """A box without height has nothing that a pointer could hit."""
    link = i.Link((i.Text("link"),), "https://example.com/")
    body = p("Words", i.NoteRef("a"), " and ", link, i.Superscript((link,)), i.Subscript((link,)))
    data, _ = make(book(post("one", "L", body, notes={"a": "Note."})), PdfOptions(notes="chapter"))
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
