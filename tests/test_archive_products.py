"""Every real archive becomes a valid EPUB, recognised without the name of its format."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import clothbound
from epub_checker import epubcheck

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from archive_table import real

LARGE = ("digital.gov", "Rust", "Data is Plural", "Heiss")
"""Parts of the names of archives whose posts test_corpus takes in samples."""


@pytest.mark.corpus
@pytest.mark.slow
def test_real_archives_become_valid_books(shared: Path, tmp_path: Path) -> None:
    archives = real(shared / "corpus", tmp_path)
    messages = {}
    for number, archive in enumerate(archives):
        if any(name in archive.name for name in LARGE):
            continue
        path = tmp_path / f"{number}.epub"
        book = clothbound.book(clothbound.read(archive.path))
        report = clothbound.write(book, "epub").save(path)
        assert len(report.accounts) == len(book) > 0
        messages[archive.name] = epubcheck(path)
    assert len(messages) > 30
    assert {name: found for name, found in messages.items() if found} == {}
