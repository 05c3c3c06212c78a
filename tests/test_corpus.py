"""Writes a real archive of 94 posts in every format; nothing may be missing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

import clothbound
from clothbound.anthology.select import Select
from clothbound.model.inlines import NoteRef
from clothbound.model.walk import walk
from clothbound.run import Run
from clothbound.verify import compare_contents, read_product, read_sources
from clothbound.verify.content import Kind
from clothbound.verify.sources import SourceText
from epub_checker import epubcheck
from pandoc_words import PandocText, missing, pandoc_text, words
from product_text import (
    alternative_texts,
    captured_text,
    epub_documents,
    html_text,
    xhtml_text,
)
from sampled_posts import in_each_blog, post_files, sampled

pytestmark = pytest.mark.corpus

YEARS = (2020, 2021, 2022, 2023)
XHTML = "{http://www.w3.org/1999/xhtml}"
_HEADER = re.compile(r"\A---\n.*?\n---\n", re.S)
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


@pytest.fixture(scope="module")
def archive(shared: Path) -> clothbound.Collection:
    return clothbound.read(shared / "corpus" / "interconnects")


@pytest.fixture(scope="module")
def sources(shared: Path) -> list[SourceText]:
    return read_sources(shared / "corpus" / "interconnects")


@pytest.fixture(scope="module")
def bodies(shared: Path) -> dict[str, str]:
    """Source name to the text after the header, as it stands in the file."""
    folder = shared / "corpus" / "interconnects"
    return {
        str(path.relative_to(folder)): _HEADER.sub("", path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.md"))
    }


@pytest.fixture(scope="module")
def by_pandoc(bodies: dict[str, str]) -> dict[str, PandocText]:
    return {source: pandoc_text(body) for source, body in bodies.items()}


@pytest.fixture(scope="module")
def expected(by_pandoc: dict[str, PandocText]) -> dict[str, Counter[str]]:
    return {source: words("".join(read.text)) for source, read in by_pandoc.items()}


@pytest.fixture(scope="module")
def books(
    archive: clothbound.Collection, tmp_path_factory: pytest.TempPathFactory
) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("books")
    made = {}
    for year in YEARS:
        book = clothbound.book(archive, year=year)
        made[year] = folder / f"{year}.epub"
        report = clothbound.write(book, "epub").save(made[year])
        assert report.dropped == 0
        assert len(report.accounts) == len(book)
    return made


def by_key(
    archive: clothbound.Collection, expected: dict[str, Counter[str]]
) -> dict[str, Counter[str]]:
    return {m.key: expected[m.source] for m in archive.index}


def test_every_post_is_there(archive: clothbound.Collection, bodies: dict[str, str]) -> None:
    assert sorted(m.source for m in archive.index) == sorted(bodies)


def test_every_note_mark_is_a_reference(archive: clothbound.Collection) -> None:
    marks = [n.target for post in archive for n in walk(post) if isinstance(n, NoteRef)]
    notes = [note.id for post in archive for note in post.footnotes]
    assert len(notes) == 67
    assert len(marks) == 67


@pytest.mark.parametrize("target", ["html-fragment", "text", "markdown"])
def test_words_of_single_files(
    archive: clothbound.Collection, expected: dict[str, Counter[str]], target: str
) -> None:
    lost = {}
    for post in archive:
        artifact = clothbound.write(post, target)
        product = artifact.to_bytes().decode()
        text = product
        if target == "html-fragment":
            text = html_text(product)
        elif target == "markdown":
            written = _HEADER.sub("", product)
            text = "".join(pandoc_text(written).text) + captured_text(written)
        assert artifact.report.dropped == 0
        gone = missing(expected[post.metadata.source], words(text))
        if gone:
            lost[post.metadata.source] = gone
    assert lost == {}


def test_alternative_texts(
    archive: clothbound.Collection, by_pandoc: dict[str, PandocText]
) -> None:
    lost = {}
    for post in archive:
        page = clothbound.write(post, "html-fragment").to_bytes()
        given = words("".join(by_pandoc[post.metadata.source].alts))
        gone = missing(given, words("\n".join(alternative_texts(page))))
        if gone:
            lost[post.metadata.source] = gone
    assert lost == {}


def test_words_of_the_books(
    archive: clothbound.Collection, expected: dict[str, Counter[str]], books: dict[int, Path]
) -> None:
    wanted = by_key(archive, expected)
    lost = {}
    chapters = set()
    for path in books.values():
        for name, data in epub_documents(path.read_bytes()).items():
            key = name.removesuffix(".xhtml")
            if key in wanted:
                chapters.add(key)
                gone = missing(wanted[key], words(xhtml_text(data)))
                if gone:
                    lost[key] = gone
    assert chapters == set(wanted)
    assert lost == {}


EVERYONE = Run(audiences=("everyone", "only_paid", "only_free"))


@pytest.mark.parametrize("format", ["epub", "site", "substack"])
def test_nothing_is_missing_from_a_product(
    archive: clothbound.Collection, sources: list[SourceText], tmp_path: Path, format: str
) -> None:
    """Counts words, notes, pictures and links by code that shares none with clothbound."""
    name = {"epub": "all.epub", "site": "site", "substack": "export.zip"}[format]
    report = clothbound.write(archive, format, run=EVERYONE).save(tmp_path / name)
    assert report.dropped == 0
    result = compare_contents(sources, read_product(tmp_path / name), lambda _: report.diagnostics)
    assert [str(d) for d in result.missing] == []
    assert len(result.present) == len(archive)
    assert result.counted == clothbound.ContentCounts(
        words=197947, links=2044, pictures=280, notes=67
    )


def test_nothing_is_missing_from_the_pdf_of_a_small_year(
    archive: clothbound.Collection, sources: list[SourceText], tmp_path: Path
) -> None:
    """The archive has no file of its pictures."""
    book = clothbound.book(archive, year=2022)
    options = clothbound.Pdf(engine="weasyprint")
    report = clothbound.write(book, options, run=EVERYONE).save(tmp_path / "2022.pdf")
    assert report.dropped == 0
    product = read_product(tmp_path / "2022.pdf")
    result = compare_contents(sources, product, lambda _: report.diagnostics)
    assert [str(d) for d in result.missing] == []
    assert len(result.present) == len(book)
    assert result.counted == clothbound.ContentCounts(words=10310, links=108, pictures=17, notes=14)
    assert result.explained == 17
    assert "An error occurred" not in " ".join(i.shown for i in product.documents[0].items)


@dataclass(frozen=True)
class Printed:
    """A part of the archive, what a PDF of it has, and how many of its pictures the report names, since the
    archive lacks their files.
    """

    select: Select
    counted: clothbound.ContentCounts
    missing_pictures: int


SPRING = Printed(
    Select(after="2023-02-01", before="2023-05-01"),
    clothbound.ContentCounts(words=19220, links=133, pictures=20, notes=12),
    missing_pictures=16,
)
YEAR = Printed(
    Select(year=2023),
    clothbound.ContentCounts(words=116778, links=1088, pictures=141, notes=42),
    missing_pictures=125,
)


@pytest.mark.parametrize(
    ("engine", "printed"),
    [
        ("typst", SPRING),
        pytest.param("typst", YEAR, marks=pytest.mark.slow),
        pytest.param("weasyprint", YEAR, marks=pytest.mark.slow),
    ],
    ids=["typst-spring", "typst-year", "weasyprint-year"],
)
def test_nothing_is_missing_from_a_pdf_with_pictures(
    archive: clothbound.Collection,
    sources: list[SourceText],
    tmp_path: Path,
    engine: str,
    printed: Printed,
) -> None:
    """Counts the pictures exactly, too."""
    book = clothbound.book(archive, printed.select)
    options = clothbound.Pdf(engine=engine)
    report = clothbound.write(book, options, run=EVERYONE).save(tmp_path / "book.pdf")
    assert report.dropped == 0
    product = read_product(tmp_path / "book.pdf")
    result = compare_contents(sources, product, lambda _: report.diagnostics)
    assert [str(d) for d in result.missing] == []
    assert len(result.present) == len(book)
    assert result.counted == printed.counted
    assert result.explained == printed.missing_pictures
    items = product.documents[0].items
    there = printed.counted.pictures - printed.missing_pictures
    assert sum(item.kind is Kind.PICTURE for item in items) == there
    assert "An error occurred" not in " ".join(item.shown for item in items)
    first = next(n for n, item in enumerate(items) if item.kind is Kind.PICTURE)
    del items[first]
    less = compare_contents(sources, product, lambda _: report.diagnostics)
    assert len(less.missing) == 1
    assert "1 picture is not in the product" in str(less.missing[0])


def test_books_are_valid(books: dict[int, Path]) -> None:
    assert {year: epubcheck(path) for year, path in books.items()} == {year: [] for year in YEARS}


def test_notes_of_the_books(books: dict[int, Path]) -> None:
    total = 0
    for path in books.values():
        for name, data in epub_documents(path.read_bytes()).items():
            page = etree.fromstring(data)
            asides = {
                a.get("id"): a for a in page.iter(f"{XHTML}aside") if a.get(EPUB_TYPE) == "footnote"
            }
            marks = [a for a in page.iter(f"{XHTML}a") if a.get(EPUB_TYPE) == "noteref"]
            assert {m.get("href") for m in marks} == {f"#{note}" for note in asides}, name
            for aside in asides.values():
                first = next(e for e in aside.iter() if e.tag == f"{XHTML}a")
                assert first.get("role") == "doc-backlink"
                before = "".join(etree.tostring(aside, encoding="unicode", method="text").split())
                assert before.startswith("".join(first.itertext()).strip())
            total += len(asides)
            headings = [
                "".join(h.itertext())
                for h in page.iter()
                if str(h.tag)[-2:-1] == "h" and str(h.tag)[-1].isdigit()
            ]
            assert "An error occurred." not in headings
    assert total == 67


@in_each_blog
def test_blogs(shared: Path, blog: str, every: int, tmp_path: Path) -> None:
    """``every`` how many-th post is taken."""
    folder = sampled(shared / "corpus" / "blogs" / blog, every, tmp_path)
    posts = clothbound.read(folder)
    files = post_files(folder)
    assert len(files) > 5
    assert len(posts) == len(files)
    book = clothbound.book(posts, Select(states=["secret"]))
    report = clothbound.write(book, "epub").save(tmp_path / "book.epub")
    assert len(report.accounts) == len(files)
    assert report.dropped == 0
    assert epubcheck(tmp_path / "book.epub") == []
    pages = clothbound.write(posts, "html").save(tmp_path / "pages")
    assert len(list((tmp_path / "pages").rglob("*.html"))) == len(files)
    assert pages.dropped == 0
