"""Addresses of posts within a book: how they are written and read, and that no author's is one."""

from __future__ import annotations

import io
import re
from zipfile import ZipFile

import pypdf
import pytest

from clothbound import api
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_links import book_address, claims_book_scheme, split_book_address
from clothbound.model.post import Metadata, Post
from clothbound.writers.pdf import Pdf


@pytest.mark.parametrize("place", [("a", ""), ("a-1", "part"), ("a", "§ one#two")])
def test_what_was_written_is_read(place: tuple[str, str]) -> None:
    assert split_book_address(book_address(*place)) == place


@pytest.mark.parametrize("address", ["", "#part", "https://clothbound.example/", "Clothbound:a"])
def test_other_addresses_are_not_within_the_book(address: str) -> None:
    assert split_book_address(address) is None


@pytest.mark.parametrize(
    ("address", "claims"),
    [("clothbound:a", True), (" Cloth\nbound:a", True), ("https://a.example/", False), ("", False)],
)
def test_the_scheme_is_seen_however_it_is_written(address: str, claims: bool) -> None:
    assert claims_book_scheme(address) is claims


def raw_post() -> Post:
    """A post made by a program: its raw HTML claims posts that the book may or may not have."""
    raw = (
        '<p><a href="clothbound:no-such-post#x">one</a> <a href="CLOTHBOUND:a">two</a> '
        '<a href="https://a.example/">three</a></p>'
    )
    metadata = Metadata(key="a", title="A", source="a.md")
    return Post(metadata, (b.RawBlock("html", raw), b.Paragraph((i.Text("And text."),))))


def test_raw_html_leads_to_no_post_of_an_epub() -> None:
    with ZipFile(io.BytesIO(api.write(raw_post(), "epub").to_bytes())) as epub:
        chapter = epub.read("EPUB/a.xhtml").decode()
    assert re.findall(r'<a[^>]* href="([^"]*)"', chapter) == ["https://a.example/"]
    assert "one" in chapter
    assert "two" in chapter


def test_raw_html_leads_to_no_post_on_a_page() -> None:
    assert re.findall(r' href="([^"]*)"', api.to_html(raw_post())) == ["https://a.example/"]


def test_raw_html_leads_to_no_post_of_a_pdf(engine: str) -> None:
    options = Pdf(engine=engine)  # type: ignore[arg-type]
    reader = pypdf.PdfReader(io.BytesIO(api.write(raw_post(), options).to_bytes()))
    annotations = [
        found.get_object() for page in reader.pages for found in page.get("/Annots") or ()
    ]
    assert [a["/A"]["/URI"] for a in annotations if "/A" in a] == ["https://a.example/"]


def test_an_archive_has_no_address_within_a_book() -> None:
    link = i.Link((i.Text("a post"),), "clothbound:b")
    metadata = Metadata(key="a", title="A", source="a.md")
    post = Post(metadata, (b.Paragraph((link, i.Text(" follows."))),))
    with ZipFile(io.BytesIO(api.write(post, "substack").to_bytes())) as archive:
        text = "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith(".html"))
    assert "a post" in text
    assert "clothbound:" not in text
