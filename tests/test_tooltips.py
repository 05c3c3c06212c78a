"""Tests tooltips: kept in EPUB and on pages, reported in print."""

from __future__ import annotations

import io
import zipfile

import pytest

import clothbound
from clothbound.diagnostics import DiagnosticCode
from clothbound.model.post import Asset, Post
from clothbound.writers.pdf import Pdf
from epub_samples import picture

MARKUP = """
<p><img src="p.png" alt="Bild" title="Title words"> <img src="p.png" alt="Same" title="Same"></p>
<figure><img src="p.png" alt="Third" title="Said below"><figcaption>Said below</figcaption></figure>
<p><abbr title="Long form">LF</abbr> <a href="https://a.example/" title="Link words">link</a></p>
<blockquote cite="https://source.example/"><p>Quoted</p></blockquote>
<p><abbr>LF</abbr> again.</p>
"""
WORDS = ("Title words", "Long form", "Link words", "https://source.example/")


def post() -> Post:
    (read,) = clothbound.read(MARKUP.encode(), format="html")
    return Post(read.metadata, read.body, assets=(Asset("p.png", picture("PNG")),))


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_print_names_it_once(engine: str) -> None:
    made = clothbound.write(post(), Pdf(engine=engine))  # type: ignore[arg-type]
    made.to_bytes()
    told = [
        d.message.partition(" is not printed: ")
        for d in made.report.diagnostics
        if d.code is DiagnosticCode.NODE_SIMPLIFIED
    ]
    assert [(what, words) for what, _, words in told] == [
        ("the title of a picture", "Title words"),
        ("the title of 'LF'", "Long form"),
        ("the title of a link", "Link words"),
        ("the address of a quotation", "https://source.example/"),
    ]


def test_books_and_pages_have_it() -> None:
    book = clothbound.write(post(), "epub").to_bytes()
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        chapters = [archive.read(name).decode() for name in archive.namelist() if "xhtml" in name]
    page = clothbound.to_html(post())
    for text in ("".join(chapters), page):
        assert all(words in text for words in WORDS)
        assert '<abbr title="Long form">LF</abbr>' in text
        assert '<blockquote cite="https://source.example/">' in text
