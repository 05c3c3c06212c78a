"""The pages around the posts of a printed book, by both engines, and their counterparts in an EPUB."""

from __future__ import annotations

import re

import pymupdf
import pytest
from msgspec.structs import replace

from clothbound import api
from clothbound.language.words import wordings
from clothbound.matter import fill_matter
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection
from clothbound.model.post import Metadata, Post
from clothbound.model.posts_at_hand import as_collection
from clothbound.page_list import PrintedPages
from clothbound.writers.epub import Epub
from clothbound.writers.pdf import Pdf
from clothbound.writers.pdf.engine_choice import Engine
from epub_samples import opened
from sample_nodes import day, paragraph

INFO = BookInfo(
    title="Paste and Thread",
    authors=("Ada Quill",),
    also_in_series=("Boards", "Leather & Cloth"),
    identifier="urn:isbn:9783161484100",
)


def book(info: BookInfo = INFO) -> Collection:
    posts = [
        Post(
            Metadata(key=key, title=key.title(), published=day(date)),
            (paragraph("Some words."), b.Heading((i.Text("Within"),), 2)),
        )
        for key, date in (("paste", "2023-01-31"), ("thread", "2023-02-05"))
    ]
    return replace(as_collection(posts), info=info)


def printed(collection: Collection, engine: Engine) -> tuple[list[str], PrintedPages]:
    artifact = api.write(collection, Pdf(engine=engine, page="5x8"))
    with pymupdf.open(stream=artifact.to_bytes()) as document:
        texts = [" ".join(page.get_text().split()) for page in document]
    assert artifact.pages is not None
    return texts, artifact.pages


@pytest.mark.parametrize(("engine", "name"), [("weasyprint", "WeasyPrint"), ("typst", "Typst")])
def test_the_pages_before_the_contents(engine: Engine, name: str) -> None:
    texts, pages = printed(book(), engine)
    assert texts[0] == "Paste and Thread"
    assert re.fullmatch("also in this series Boards Leather & Cloth", texts[1], re.I)
    assert texts[2].startswith("Paste and Thread")
    assert "Ada Quill".casefold() in texts[2].casefold()
    assert texts[3] == (
        "ISBN 9783161484100 Made from 2 posts, published between January 31, 2023 and February 5, 2023. "
        f"The typefaces are Source Serif 4, Source Sans 3. Set by clothbound ({name})."
    )
    assert texts[4].startswith("Contents")
    found = [(start.label, start.place) for start in pages.starts][:5]
    names = ("half-title", "also-in-series", "title", "imprint", "contents")
    assert found == [(str(n), place) for n, place in enumerate(names, 1)]


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_the_title_page_is_on_the_right_where_no_volume_is_named(engine: Engine) -> None:
    texts, pages = printed(book(replace(INFO, also_in_series=())), engine)
    assert texts[:2] == ["Paste and Thread", ""]
    assert [(start.label, start.place) for start in pages.starts][:2] == [
        ("1", "half-title"),
        ("3", "title"),
    ]


def test_an_epub_names_the_volumes_and_shows_no_identifier() -> None:
    plain = replace(INFO, identifier="", rights="© 2023 Ada Quill")
    files = opened(api.write(book(plain), Epub()).to_bytes())
    pages = {name: data.decode() for name, data in files.items() if name.endswith(".xhtml")}
    assert "<li>Leather &amp; Cloth</li>" in pages["series_page.xhtml"]
    assert 'href="series_page.xhtml"' in pages["contents_page.xhtml"]
    assert "Made from 2 posts" in pages["colophon_page.xhtml"]
    assert "urn:uuid:" in files["content.opf"].decode()
    assert not [name for name, text in pages.items() if "urn:" in text]


@pytest.mark.parametrize("language", [words.language for words in wordings()])
def test_a_colophon_is_prose_in_the_language_of_the_book(language: str) -> None:
    colophon = fill_matter(book(replace(INFO, language=language)), "print").colophon
    assert colophon is not None
    text = colophon.text("Typst", ("Source Serif 4", "JetBrains Mono"))
    assert "clothbound" in text
    assert "Typst" in text
    assert "Source Serif 4" in text
    assert "{" not in text
    assert "urn:" not in text
    assert ("  " not in text) and (". ." not in text)
    if language in ("ja", "zh-Hans", "zh-Hant"):
        assert "。 " not in text


def test_a_book_in_another_script_does_not_claim_our_typefaces() -> None:
    texts, _ = printed(book(replace(INFO, language="ka")), "typst")
    assert "Typst" in texts[3]
    assert "Source Serif" not in texts[3]
