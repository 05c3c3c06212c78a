"""Tests links that contain note marks: HTML forbids nested links, but none may be lost."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

import pytest
from pypdf import PdfReader

import clothbound
from clothbound import api
from clothbound.diagnostics import DiagnosticCode
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.post import Footnote, Metadata, Post
from clothbound.writers.html import HtmlFragment
from printed_books import Engine, book, make, needs_poppler, p, pages, post

URL = "https://example.com/x"
MARK = i.NoteRef("n")
LINK = i.Link((i.Text("Far"), MARK, i.Text(" away")), URL, "T", id="l")
DEEP = i.Link((i.Emphasis((i.Strong((i.Text("deep"), MARK, i.Text("er"))),)),), URL)
NOTES = {"n": "Note."}


def fragment(*children: i.Inline) -> str:
    source = Post(Metadata(key="k"), (p(*children),), (Footnote("n", (p("Note."),)),))
    text = clothbound.write(source, HtmlFragment(title=False))
    return text.to_bytes().decode().partition("</p>")[0]


def outside_marks(markup: str) -> str:
    return re.sub(r"<sup.*?</sup>", "^", markup.removeprefix("<p>"))


def test_a_link_ends_before_a_mark_and_goes_on_after_it() -> None:
    assert outside_marks(fragment(LINK)) == (
        f'<a href="{URL}" title="T" id="l">Far</a>^ <a href="{URL}" title="T">away</a>'
    )
    assert outside_marks(fragment(DEEP)) == (
        f'<a href="{URL}"><em><strong>deep</strong></em></a>^'
        f'<a href="{URL}"><em><strong>er</strong></em></a>'
    )
    assert outside_marks(fragment(i.Link((i.Text("End"), MARK), URL))) == (
        f'<a href="{URL}">End</a>^'
    )
    between = i.Link((i.Text("Two"), MARK, i.Text(", "), MARK), URL)
    assert outside_marks(fragment(between)) == f'<a href="{URL}">Two</a>^, ^'


def test_a_link_around_a_mark_alone_has_words() -> None:
    assert outside_marks(fragment(i.Link((MARK,), URL))) == (f'<a href="{URL}">example.com/x</a>^')


def test_a_link_around_another_is_accounted_for() -> None:
    inner = i.Link((i.Text("in"),), "https://inner.example/")
    source = Post(Metadata(key="k"), (p(i.Link((i.Text("out "), inner), URL)),))
    artifact = clothbound.write(source, HtmlFragment(title=False))
    assert artifact.to_bytes().decode() == '<p>out <a href="https://inner.example/">in</a></p>\n'
    (told,) = artifact.report.diagnostics
    assert told.code is DiagnosticCode.NODE_SIMPLIFIED and URL in told.message


def test_in_an_epub() -> None:
    data = api.write(book(post("one", "L", p(LINK), notes=NOTES)), "epub").to_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = "".join(archive.read(n).decode() for n in archive.namelist() if "one" in n)
    assert re.findall(rf'<a href="{URL}"[^>]*>(.*?)</a>', text) == ["Far", "away"]


@needs_poppler
@pytest.mark.parametrize("notes", ["foot", "chapter"])
def test_in_print(engine: Engine, notes: Literal["foot", "chapter"]) -> None:
    """A link to another post tells its page once."""
    inside = i.Link((i.Text("The second"), MARK, i.Text(" letter")), "two.md")
    other: tuple[b.Block, ...] = (p("Words."),)
    collection = book(
        post("one", "L", p("First", MARK, "."), p(LINK), p(inside), notes=NOTES),
        post("two", "M", *other),
    )
    data, _ = make(collection, engine, notes=notes)
    addresses = [
        annotation.get_object().get("/A", {}).get("/URI")
        for page in PdfReader(io.BytesIO(data)).pages
        for annotation in page.get("/Annots", ())
    ]
    assert addresses.count(URL) == 2
    text = " ".join("".join(pages(data)).split())
    assert re.findall(r"The second1? letter \(p\.\s\d\)", text)
    assert text.count("(p.") == 1
