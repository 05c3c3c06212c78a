"""Two archives, a real one and one that holds every block of Substack's, in every target.

Each word of each post stands in the product or in the report. The words are counted in the archive's
own HTML, without the code under test: the text of its elements, and what empty ones hold in their
``data-attrs`` alone.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest

import clothbound
from clothbound.diagnostics import Diagnostic
from clothbound.run import Run
from clothbound.writers.rss import Rss
from epub_checker import epubcheck
from pandoc_words import missing, pandoc_text, words
from product_text import (
    alternative_texts,
    captured_text,
    epub_documents,
    html_text,
    pdf_alternative_texts,
    pdf_text,
    xhtml_text,
)

FIXTURE = Path(__file__).parent / "cases" / "substack-archive"
PRIVATE = frozenset({"everyone", "only_paid", "only_free", "founding"})

CHROME = {
    "image-link-expand": "buttons on a picture",
    "fake-input-wrapper": "a box that looks like a form's",
    "hide-text": "a label for the editor",
    "footnote-number": "the back-link of a note, which targets number themselves",
    "footnote-anchor": "the mark of a note, likewise",
    "tweet-ufi": "counts of likes and retweets",
    "tweet-date": "the moment of a tweet in the page's form; its data has it in another",
    "embedded-post-cta": "'Read more'",
    "embedded-post-read-more": "the same of an older form",
    "file-embed-button": "'Download'",
    "embedded-post-meta": "age and counts of an embedded post, as of the day of the export",
}
"""Classes whose words no target is to hold, and why."""

LABELS = words("By")
"""What the page puts before an embedded publication's author."""

CAPTURED = frozenset(
    "persistentExpression full_text name label caption question title text description".split()
)
"""Keys of ``data-attrs`` whose values are words for a reader."""


@pytest.fixture(params=["fixture", pytest.param("real", marks=pytest.mark.corpus)])
def archive(request: pytest.FixtureRequest) -> Path:
    if request.param == "fixture":
        return FIXTURE
    shared: Path = request.getfixturevalue("shared")
    return shared / "corpus" / "substack-export" / "inturious"


def expected_words(folder: Path) -> dict[str, Counter[str]]:
    """The words of each post of an export, by the name of its file."""
    with (folder / "posts.csv").open(newline="", encoding="utf-8") as table:
        names = [f"posts/{row['post_id']}.html" for row in csv.DictReader(table)]
    return {name: words(_source_text((folder / name).read_text("utf-8"))) for name in names}


def _source_text(markup: str) -> str:
    root = lxml.html.fragment_fromstring(markup, create_parent="div")
    captured = [
        text
        for element in root.iter()
        if element.get("data-attrs") and not element.text_content().strip()
        for text in _captured(json.loads(element.get("data-attrs")))
    ]
    ids = set(root.xpath("//@id"))
    for token in CHROME:
        for element in root.find_class(token):
            # The mark of a note that was cut off stays in the text.
            if token != "footnote-anchor" or element.get("href", "").partition("#")[2] in ids:
                element.drop_tree()
    return "\n".join([html_text(lxml.html.tostring(root, encoding="unicode")), *captured])


def _captured(value: object, key: str = "") -> Iterator[str]:
    if isinstance(value, str) and key in CAPTURED and not value.startswith(("http", "%%")):
        # A tweet's text is HTML, and names may be escaped once more.
        yield html_text(f"<p>{value}</p>")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _captured(item, name)
    elif isinstance(value, list):
        for item in value:
            yield from _captured(item, key)


def without(gone: dict[str, int], told: Counter[str]) -> dict[str, int]:
    """What of ``gone`` the report does not tell. Two forms with the same text are told once."""
    return {word: count for word, count in gone.items() if word not in told | LABELS}


def not_carried(
    expected: dict[str, Counter[str]],
    found: dict[str, str],
    diagnostics: tuple[Diagnostic, ...],
) -> dict[str, dict[str, int]]:
    """What neither a post's text nor a line of the report about the post holds."""
    lost = {}
    for source, wanted in expected.items():
        told = [f"{d.message}\n{d.text}" for d in diagnostics if d.source == source]
        gone = without(missing(wanted, words(found[source])), words("\n".join(told)))
        if gone:
            lost[source] = gone
    return lost


def published(collection: clothbound.Collection) -> dict[str, str]:
    """The sources of what a book takes, by key."""
    return {m.key: m.source for m in collection.index if not m.is_draft}


def test_books_by_year(archive: Path, tmp_path: Path) -> None:
    collection = clothbound.read(archive)
    expected = expected_words(archive)
    keys = published(collection)
    found = {}
    diagnostics: list[Diagnostic] = []
    for year in sorted({m.published.text[:4] for m in collection.index if m.published}):
        book = clothbound.book(collection, year=int(year))
        report = clothbound.write(book, "epub").save(tmp_path / f"{year}.epub")
        diagnostics.extend(report.diagnostics)
        assert epubcheck(tmp_path / f"{year}.epub") == []
        for name, data in epub_documents((tmp_path / f"{year}.epub").read_bytes()).items():
            if name.removesuffix(".xhtml") in keys:
                text = [xhtml_text(data), *alternative_texts(data)]
                found[keys[name.removesuffix(".xhtml")]] = "\n".join(text)
    assert set(found) == set(keys.values())
    wanted = {source: expected[source] for source in keys.values()}
    assert not_carried(wanted, found, tuple(diagnostics)) == {}


def test_pdf(archive: Path, tmp_path: Path) -> None:
    collection = clothbound.read(archive)
    expected = expected_words(archive)
    report = clothbound.write(clothbound.book(collection), "pdf").save(tmp_path / "all.pdf")
    text = pdf_text(tmp_path / "all.pdf") + pdf_alternative_texts(tmp_path / "all.pdf")
    sources = set(published(collection).values())
    told = [f"{d.message}\n{d.text}" for d in report.diagnostics if d.source in sources]
    wanted: Counter[str] = Counter()
    for source in sources:
        wanted += expected[source]
    gone = missing(wanted, words(text), hyphenated=True)
    assert without(gone, words("\n".join(told))) == {}


def test_site(archive: Path, tmp_path: Path) -> None:
    collection = clothbound.read(archive)
    report = clothbound.write(collection, "site", run=Run(audiences=PRIVATE)).save(
        tmp_path / "site"
    )
    pages = {path.stem: path.read_bytes() for path in (tmp_path / "site").rglob("*.html")}
    found = {
        m.source: "\n".join([html_text(pages[m.slug]), *alternative_texts(pages[m.slug])])
        for m in collection.index
        if not m.is_draft
    }
    expected = expected_words(archive)
    wanted = {source: expected[source] for source in found}
    assert len(found) == len(published(collection))
    assert not_carried(wanted, found, report.diagnostics) == {}


def test_markdown(archive: Path) -> None:
    collection = clothbound.read(archive)
    expected = expected_words(archive)
    lost = {}
    for post in collection:
        source = post.metadata.source
        text = clothbound.write(post, "markdown").to_bytes().decode()
        read = pandoc_text(text.partition("\n---\n")[2])
        by_pandoc = "\n".join(["".join(read.text), *read.alts, captured_text(text)])
        wanted = expected.pop(source)
        gone = missing(wanted, words(by_pandoc))
        # Pandoc drops the spaces at both ends of a link, and this count of it the marks of notes.
        not_written = missing(wanted, words(text))
        gone = {word: n for word, n in gone.items() if word in not_written}
        gone = without(gone, Counter())
        if gone:
            lost[source] = gone
    assert lost == {}
    assert expected == {}


def test_json(archive: Path) -> None:
    collection = clothbound.read(archive)
    again = clothbound.read(clothbound.write(collection, "json").to_bytes(), "json")
    assert [post.metadata for post in again] == [post.metadata for post in collection]
    assert list(again) == list(collection)
    assert again.extra == collection.extra


def test_rss(archive: Path) -> None:
    import feedparser

    collection = clothbound.read(archive)
    options = Rss(site="https://quay.example")
    artifact = clothbound.write(collection, options, run=Run(audiences=PRIVATE))
    feed = feedparser.parse(artifact.to_bytes(), sanitize_html=False)
    assert feed.bozo == 0
    sources = {m.slug: m.source for m in collection.index if not m.is_draft}
    by_title = {m.title: m.source for m in collection.index if not m.is_draft}
    found = {}
    for entry in feed.entries:
        content = entry.content[0].value
        source = sources.get(entry.link.rstrip("/").rpartition("/")[2]) or by_title[entry.title]
        alts = alternative_texts(f"<div>{content}</div>".encode())
        found[source] = "\n".join([html_text(f"<div>{content}</div>"), *alts])
    expected = expected_words(archive)
    assert set(found) == set(sources.values())
    wanted = {source: expected[source] for source in found}
    assert not_carried(wanted, found, artifact.report.diagnostics) == {}
