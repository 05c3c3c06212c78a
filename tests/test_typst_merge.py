"""Tests that the batches of a book are merged while others are compiled, and that the book is the same whenever that is."""

from __future__ import annotations

import pytest

from clothbound import api
from clothbound.model.book_info import BookInfo
from clothbound.model.collection import Collection
from clothbound.model.index import Index
from clothbound.model.post import Metadata, Post
from clothbound.run import Run
from clothbound.writers.pdf.typst import batches
from clothbound.writers.pdf.typst import book as book_module
from clothbound.writers.pdf.typst.merge_pdfs import BookMerge, CompiledBatch
from printed_books import LONG_TITLE, TYPST, WORDS, p


def letters() -> Collection:
    posts = [
        Post(Metadata(key=f"l{n}", title=f"{LONG_TITLE} {n}", source=f"l{n}.md"), (p(WORDS * 3),))
        for n in range(30)
    ]
    return Collection(posts=posts, index=Index.of(posts), info=BookInfo(title="Letters"))


@pytest.fixture
def merges(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What each merge has done, in order: a batch was "copied", or all were "compiled" that it lacks."""
    made: list[list[str]] = []

    class Merge(BookMerge):
        def __init__(self) -> None:
            super().__init__()
            made.append([])

        def append(self, batch: CompiledBatch) -> None:
            super().append(batch)
            made[-1].append("copied")

    class Compilation(batches._Compilation):
        def merge(self) -> object:
            made[-1].append("compiled")
            return super().merge()

    monkeypatch.setattr(batches, "BookMerge", Merge)
    monkeypatch.setattr(batches, "_Compilation", Compilation)
    monkeypatch.setattr(book_module, "MOST", 4000)
    return made


def test_batches_are_merged_while_others_are_compiled(merges: list[list[str]]) -> None:
    api.write(letters(), TYPST, run=Run(jobs=1)).to_bytes()
    assert len(merges) == 1
    assert merges[0].count("copied") > 3
    assert merges[0].index("compiled") > 2


def test_batches_that_change_after_they_were_merged_are_merged_again(
    monkeypatch: pytest.MonkeyPatch, merges: list[list[str]]
) -> None:
    book = api.write(letters(), TYPST, run=Run(jobs=1)).to_bytes()
    # The contents have more pages while such a text stands for a number.
    monkeypatch.setattr(batches, "_UNKNOWN", "one that is not known yet " * 4)
    assert api.write(letters(), TYPST, run=Run(jobs=1)).to_bytes() == book
    assert len(merges) == 3
    assert "copied" in merges[1]
    assert "compiled" not in merges[1]
