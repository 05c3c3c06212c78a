"""Our own books through epubcheck: no fatal error, no error, no warning.

Those of the corpus are checked in ``test_corpus.py``.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from clothbound.anthology.order import Order
from clothbound.api import book, read, write
from clothbound.model.collection import Collection
from clothbound.writers.epub import Epub
from clothbound.writers.pdf import Pdf
from epub_checker import epubcheck
from epub_samples import ROLES, letters, matter

LETTERS = Path(__file__).resolve().parents[1] / "examples" / "letters"


def findings(collection: Collection, folder: Path, options: Epub | None = None) -> list[str]:
    path = folder / "book.epub"
    write(collection, options or "epub").save(path)
    return epubcheck(path)


def test_the_checker_sees_faults_in_their_book_alone(tmp_path: Path) -> None:
    assert findings(letters(), tmp_path) == []
    with (
        zipfile.ZipFile(tmp_path / "book.epub") as good,
        zipfile.ZipFile(tmp_path / "bad.epub", "w") as bad,
    ):
        for entry in good.infolist():
            data = good.read(entry)
            if entry.filename == "EPUB/second.xhtml":
                data = data.replace(b"</p>", b"", 1)
            bad.writestr(entry, data)
    assert any(found.startswith("FATAL RSC-016") for found in epubcheck(tmp_path / "bad.epub"))
    assert epubcheck(tmp_path / "book.epub") == []


def test_a_book_with_every_kind_of_node(tmp_path: Path) -> None:
    assert findings(letters(), tmp_path) == []


@pytest.mark.parametrize("destination", ["kindle", "kobo"])
def test_a_book_with_every_kind_of_node_for(destination: Any, tmp_path: Path) -> None:
    assert findings(letters(), tmp_path, Epub(destination=destination)) == []


def test_a_book_with_all_that_may_stand_before_and_behind_its_chapters(tmp_path: Path) -> None:
    assert findings(matter(ROLES), tmp_path, Epub(toc_depth=3)) == []


def test_a_book_with_the_pages_of_its_printed_edition(tmp_path: Path) -> None:
    collection = book(read(LETTERS / "2021", on_error="collect"), order=Order(parts="months"))
    pdf = write(collection, Pdf(engine="weasyprint"))
    pdf.to_bytes()
    assert pdf.pages is not None
    assert findings(collection, tmp_path, Epub(pages=pdf.pages, toc_depth=3)) == []


def test_the_letters(tmp_path: Path) -> None:
    collection = book(read(LETTERS, on_error="collect"), order=Order(parts="months"))
    assert findings(collection, tmp_path) == []
