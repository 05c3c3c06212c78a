"""Every real archive becomes a valid EPUB that lacks nothing, recognised without the name of its format."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from epub_checker import epubcheck

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from archive_books import LARGE, make, real_archives

SAMPLED = (*LARGE, "Heiss")
"""Parts of the names of archives whose posts test_corpus takes in samples."""


@pytest.mark.corpus
@pytest.mark.slow
def test_real_archives_become_valid_books_without_a_loss(shared: Path, tmp_path: Path) -> None:
    found: dict[str, list[str]] = {}
    for number, (name, path) in enumerate(real_archives(shared / "corpus", tmp_path)):
        if any(part in name for part in SAMPLED):
            continue
        folder = tmp_path / str(number)
        folder.mkdir()
        book = make(path, "EPUB", folder)
        assert len(book.comparison.present) > 0
        found[name] = [*epubcheck(book.path), *map(str, book.comparison.missing)]
    assert len(found) > 30
    assert {name: messages for name, messages in found.items() if messages} == {}
