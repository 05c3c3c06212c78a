"""The two lists of links in the report: to posts in the book, and to posts left out of it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from urllib.parse import unquote

import pytest

import clothbound
from clothbound.cli.report import as_json, summary
from clothbound.diagnostics import LossReport
from link_counts import File, count, read_files

LETTERS = Path(__file__).parents[1] / "examples" / "letters"


def made(source: Path, year: int | None) -> tuple[clothbound.Collection, LossReport]:
    book = clothbound.book(clothbound.read(source, on_error="collect"), year=year)
    artifact = clothbound.write(book, "html-fragment")
    artifact.to_bytes()
    return book, artifact.report


def check_lists(
    files: list[File], source: Path, year: int | None, hosts: frozenset[str]
) -> tuple[int, int]:
    """Compares both lists with those counted apart; how many links they have."""
    book, report = made(source, year)
    counted = count(files, [m.source for m in book.index], hosts)
    accounts = report.accounts.values()
    inside = [(a.source, unquote(link.href)) for a in accounts for link in a.links_inside]
    left_out = [(a.source, unquote(link.href)) for a in accounts for link in a.links_left_out]
    assert Counter(inside) == Counter(counted.inside)
    assert Counter(left_out) == Counter(counted.left_out)
    return len(inside), len(left_out)


@pytest.mark.parametrize(("year", "expected"), [(None, (21, 1)), (2023, (4, 9))])
def test_the_lists_of_the_letters(year: int | None, expected: tuple[int, int]) -> None:
    hosts = frozenset({"netloft.example", "letters.netloft.example"})
    assert check_lists(read_files(LETTERS), LETTERS, year, hosts) == expected


@pytest.mark.corpus
def test_the_lists_of_an_archive(shared: Path) -> None:
    folder = shared / "corpus" / "interconnects"
    names = ("interconnects.ai", "democraticrobots.substack.com", "robotic.substack.com")
    files = read_files(folder)
    assert check_lists(files, folder, None, frozenset(names)) == (186, 10)
    assert check_lists(files, folder, 2023, frozenset(names)) == (109, 16)


def test_both_lists_are_printed_and_written() -> None:
    book, report = made(LETTERS, 2023)
    assert "4 links between them, 9 to posts left out" in summary(report)
    (target,) = json.loads(as_json([report]))
    links = [link for post in target["posts"] for link in post["links_left_out"]]
    known = [link for link in links if link["key"]]
    assert len(links) == 9
    assert len(known) == 8
    assert all(link["line"] and link["address"].startswith("https://") for link in links)
    whole = {metadata.key for metadata in book.index.whole}
    assert {link["key"] for link in known} <= whole - {m.key for m in book.index}
    inside = {link["key"] for post in target["posts"] for link in post["links_inside"]}
    assert inside <= {m.key for m in book.index}
