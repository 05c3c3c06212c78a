"""What an archive holds, as counted without clothbound, is found in what clothbound reads of it."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "benchmarks"))

from archive_table import fixtures, real, shortfalls
from archives.comparison import Archive, compare
from archives.facts import Source


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> list[Archive]:
    return fixtures(tmp_path_factory.mktemp("archives"))


def test_nothing_is_missing_of_the_fixtures(archives: list[Archive]) -> None:
    counts = {archive.name: compare(archive) for archive in archives}
    assert [line for a in archives for line in shortfalls(a, counts[a.name])] == []
    # Each column has something to find.
    assert all(
        sum(count[column].found for count in counts.values()) > 2 for column in counts["WordPress"]
    )
    for archive in archives:
        for reason in archive.expected:
            assert counts[archive.name][reason.partition(":")[0]].missing, reason


@pytest.mark.parametrize("name", ["WordPress", "Ghost", "Medium", "Jekyll"])
def test_each_column_misses_what_is_not_there(archives: list[Archive], name: str) -> None:
    archive = next(a for a in archives if a.name == name)

    def count(path: Path) -> Source:
        source = archive.count(path)
        first = next(fact for fact in source.posts if not fact.is_private)
        other = next(fact for fact in reversed(source.posts) if fact is not first)
        changes = {
            "title": "Another title",
            "date": "1901-01-01",
            "authors": ["Nobody"],
            "tags": ["no tag"],
            "language": "tlh",
            "cover": "none.png",
            "inner": [other.name] * 9,
            "pictures": ["none.png"]
            if not source.picture_names
            else sorted(source.picture_names) * 9,
            "code": ["no code"],
            "is_private": True,
        }
        return dataclasses.replace(
            source,
            posts=[dataclasses.replace(f, **changes) if f is first else f for f in source.posts]
            + [dataclasses.replace(first, names={"no/such/post"})],
        )

    counts = compare(dataclasses.replace(archive, count=count))
    assert [column for column, found in counts.items() if not found.missing] == []


@pytest.mark.corpus
@pytest.mark.slow
def test_nothing_is_missing_of_real_archives(shared: Path, tmp_path: Path) -> None:
    archives = real(shared / "corpus", tmp_path)
    assert [line for archive in archives for line in shortfalls(archive, compare(archive))] == []
