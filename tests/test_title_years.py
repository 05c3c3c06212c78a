"""Tests which years of a title get a line of their own on covers and title pages."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from lxml import etree

import clothbound
from clothbound import api
from clothbound.cli import main
from clothbound.matter import fill_matter
from clothbound.model import blocks as b
from clothbound.model import inlines as i
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection
from clothbound.model.index import Index
from clothbound.model.post import Metadata, Post
from clothbound.model.years import is_year, title_and_years
from clothbound.writers.pdf import Pdf
from epub_samples import opened
from sample_nodes import day

SOURCES = Path(clothbound.__file__).parent


@pytest.mark.parametrize(
    ("title", "added", "expected"),
    [
        ("The Summer of 2023", "", ("The Summer of 2023", "")),
        ("The Summer of 2023", "2023", ("The Summer of", "2023")),
        ("Letters 2021–2023", "", ("Letters 2021–2023", "")),
        ("Letters 2021–2023", "2021–2023", ("Letters", "2021–2023")),
        ("Letters, 2023", "", ("Letters", "2023")),
        ("Letters: 1999-2003", "", ("Letters", "1999-2003")),
        ("Letters — 2023", "", ("Letters", "2023")),
        ("Letters · 2023", "", ("Letters", "2023")),
        ("Covid-2019", "", ("Covid-2019", "")),
        ("Room 12,2023", "", ("Room 12", "2023")),
        ("2023", "", ("2023", "")),
        (": 2023", "", (": 2023", "")),
        ("Area: 20233", "", ("Area: 20233", "")),
    ],
)
def test_a_title_keeps_its_year(title: str, added: str, expected: tuple[str, str]) -> None:
    assert title_and_years(title, added) == expected


def collection(title: str = "") -> Collection:
    posts = [
        Post(
            Metadata(key=f"k{n}", title=f"Letter {n}", published=day(f"2023-0{n}-01")),
            (b.Paragraph((i.Text("Words."),)),),
        )
        for n in (1, 2)
    ]
    return Collection(posts=posts, index=Index.of(posts), info=BookInfo(title=title, language="en"))


def first_lines(data: bytes) -> list[str]:
    with pymupdf.open(stream=data) as document:
        return [line.strip() for line in document[2].get_text().splitlines() if line.strip()]


@pytest.mark.parametrize("engine", ["weasyprint", "typst"])
def test_every_title_page_has_the_same_lines(engine: str) -> None:
    options = Pdf(engine=engine)  # type: ignore[arg-type]
    for title, lines in (
        ("Summer of 2023", ["Summer of 2023"]),
        ("Summer, 2023", ["Summer", "2023"]),
    ):
        book = collection(title)
        assert first_lines(api.write(book, options).to_bytes())[: len(lines)] == lines
        page = etree.fromstring(opened(api.write(book, "epub").to_bytes())["title_page.xhtml"])
        texts = [t.strip() for t in page.find("{*}body").itertext() if t.strip()]
        assert texts[: len(lines)] == lines


def cover_lines(book: Collection) -> tuple[str, str]:
    cover = fill_matter(book, "ebook").cover
    return cover.title, cover.subtitle


def test_a_year_that_the_book_was_given_stands_apart() -> None:
    made = api.book(collection("The Summer of"))
    assert (made.info.title, made.title_years) == ("The Summer of 2023", "2023")
    assert cover_lines(made) == ("The Summer of", "2023")
    own = api.book(collection("The Summer of 2023"))
    assert (own.info.title, own.title_years) == ("The Summer of 2023", "")
    assert cover_lines(own) == ("The Summer of 2023", "")
    named = api.book(made, title="The Summer of 2023")
    assert named.title_years == ""


def test_json_keeps_which_years_stand_apart() -> None:
    made = api.book(collection("The Summer of"))
    again = api.read(io.BytesIO(api.write(made, "json").to_bytes()), "json")
    assert again.title_years == "2023"
    assert api.book(again).title_years == "2023"


def test_the_year_of_one_of_several_books_stands_apart(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    for year in (2022, 2023):
        (tmp_path / "posts" / f"{year}.md").write_text(
            f"---\ntitle: T\ndate: {year}-03-01\n---\n\nWords.\n", encoding="utf-8"
        )
    source, target = tmp_path / "posts", tmp_path / "{title}.epub"
    with pytest.raises(SystemExit):
        main(("book", str(source), "--by-year", "--title", "Letters", "-o", str(target)))
    page = opened((tmp_path / "Letters 2023.epub").read_bytes())["title_page.xhtml"].decode()
    assert re.search(r"<h1[^>]*>Letters</h1>", page)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1799", False),
        ("1800", True),
        ("2024", True),
        ("2100", False),
        ("20240", False),
        ("", False),
    ],
)
def test_a_year_has_four_digits(text: str, expected: bool) -> None:
    assert is_year(text) is expected


def literals(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_no_other_module_knows_how_a_year_is_written() -> None:
    """Patterns of years: ``19|20`` and such. Four digits alone are any number of a date."""
    pattern = re.compile(r"1\[?[0-9]*\]?\|20\)?")
    found = {
        str(path.relative_to(SOURCES))
        for path in SOURCES.rglob("*.py")
        for text in literals(path)
        if pattern.search(text)
    }
    assert found == {"model/years.py"}
