"""Tests that products of an archive whose lists and tables lie in files are those of one that fits into memory."""

import os
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

import clothbound as cb
from clothbound import questions, run_cache, stored_items
from clothbound.anthology.publishing import for_audiences
from clothbound.cli.report import as_json, summary
from clothbound.diagnostics import LossReport
from clothbound.formats import WriterOptions
from clothbound.model import Collection, Index, Metadata, Post
from clothbound.model.collection import LazyPosts
from clothbound.model.index import IndexEntry, with_unique_keys
from clothbound.model.publication import EVERYONE
from clothbound.parts import kept_parts
from clothbound.source import identify
from clothbound.stored_items import StoredList

LETTERS = Path(__file__).parents[1] / "examples" / "letters"
POSTS = """\
---
title: {title}
date: 2023-01-{day:02}
slug: {slug}
---

See [one](../{other}/post.md), [two](/blog/{slug}), [three](https://letters.example/p/{slug}#x) and [[{title}]].
"""


def write_posts(folder: Path, count: int = 12) -> Path:
    """Posts that share names: of files, of slugs, of titles."""
    for number in range(count):
        place = folder / f"{number // 2}-walk" / str(number % 2)
        place.mkdir(parents=True)
        text = POSTS.format(
            title=f"Walk {number % 4}",
            day=number % 28 + 1,
            slug=f"walk-{number % 5}",
            other=(number + 1) % 2,
        )
        (place / "post.md").write_text(text, encoding="utf-8")
    return folder


def made(source: Path, place: Path, options: WriterOptions, jobs: int) -> LossReport:
    run = cb.Run(jobs=jobs, now="2026-01-01")
    return cb.write(cb.read(source), options, run=run).save(place)


def contents(place: Path) -> dict[str, bytes]:
    if place.is_file():
        return {"": place.read_bytes()}
    return {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file()}


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    "options",
    [cb.Site(url="https://letters.example"), cb.Epub(), cb.Markdown(), cb.Rss()],
    ids=lambda options: options.format,
)
@pytest.mark.parametrize("own", [True, False])
def test_products_and_reports_are_the_same(
    options: WriterOptions,
    jobs: int,
    own: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source = write_posts(tmp_path / "posts") if own else LETTERS
    name = "few" if options.format in ("site", "markdown") else "few.out"
    expected = made(source, tmp_path / name, options, 1)
    monkeypatch.setattr(stored_items, "MOST_IN_MEMORY", 2)
    assert isinstance(cb.read(source).index.entries, StoredList)
    other = tmp_path / "many" / name
    found = made(source, other, options, jobs)
    assert contents(other) == contents(tmp_path / name)
    assert as_json([found]) == as_json([expected])
    assert summary(found) == summary(expected)


@pytest.mark.parametrize("options", [cb.Site(), cb.Epub()], ids=lambda options: options.format)
def test_parts_that_were_kept_are_taken(
    options: WriterOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_posts(tmp_path / "posts", 30)
    name = "few" if options.format == "site" else "few.out"
    expected = made(source, tmp_path / name, options, 1)
    monkeypatch.setattr(stored_items, "MOST_IN_MEMORY", 2)
    monkeypatch.setattr(questions, "_ANSWERS", 3)
    monkeypatch.setattr(kept_parts, "_IN_MEMORY", 5000)
    monkeypatch.setattr(kept_parts, "_BATCH", 10**10)
    monkeypatch.setattr(kept_parts, "_MOST_IN_BATCH", 2)
    run = cb.Run(jobs=1, now="2026-01-01", cache=tmp_path / "cache")
    for turn in range(2):
        other = tmp_path / str(turn) / name
        found = cb.write(cb.read(source), options, run=run).save(other)
        assert contents(other) == contents(tmp_path / name)
        assert as_json([found]) == as_json([expected])
        parts = list(run_cache.parts_folder(tmp_path / "cache").iterdir())
        assert len(parts) == 15
        assert all(part.stat().st_mtime for part in parts)
        for part in parts:
            os.utime(part, (0, 0))


def test_an_index_in_a_file_finds_what_one_in_memory_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_posts(tmp_path)
    few = cb.read(source).index
    monkeypatch.setattr(stored_items, "MOST_IN_MEMORY", 2)
    many = cb.read(source).index
    assert list(many) == list(few)
    sources = [metadata.source for metadata in few]
    found = [told(few, source) for source in sources]
    assert [told(many, source) for source in sources] == found
    assert any(address for one in found for address in one)


def told(index: Index, source: str) -> list[object]:
    hrefs = ("../0/post.md", "/blog/walk-1", "/walk-3/", "0-walk/1/post.md", "post", "/p/walk-2")
    return [
        *(index.resolve(href, source) for href in hrefs),
        *(index.find_namesakes(href, source) for href in hrefs),
        *(index.resolve_name(f"Walk {n}", source) for n in range(5)),
    ]


def test_choosing_what_a_product_may_contain_holds_no_post(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stored_items, "MOST_IN_MEMORY", 2)
    _bytes_to_choose(10)  # what is loaded and compiled once
    few, many = _bytes_to_choose(400), _bytes_to_choose(1400)
    assert many - few < 1000 * 40


def _bytes_to_choose(count: int) -> int:
    """Returns the most bytes in use while the posts of a public product are chosen."""
    metadata = (Metadata(title=f"Walk {n}", slug=f"w{n}", source=f"{n}.md") for n in range(count))
    index = Index(with_unique_keys(map(IndexEntry, metadata)))
    collection = Collection(posts=LazyPosts(_no_post, range(count)), index=index)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    tracemalloc.start()
    for_audiences("site", collection, frozenset({EVERYONE}), frozenset(), now, public=True)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_to_tell_the_format_of_a_folder_takes_little_for_each_file(tmp_path: Path) -> None:
    _bytes_to_tell(tmp_path / "first", 10)
    few, many = _bytes_to_tell(tmp_path / "few", 300), _bytes_to_tell(tmp_path / "many", 1300)
    assert many - few < 1000 * 280  # A name and the key by which it is sorted take 200.


def _bytes_to_tell(folder: Path, count: int) -> int:
    """Returns the most bytes in use while the format of a folder with so many posts is found."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05}.md").write_text("# A post\n", encoding="utf-8")
    found = identify(folder, cb.Run())
    tracemalloc.start()
    assert found.reader() == "markdown"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _no_post(position: int) -> Post:
    raise AssertionError(f"the post {position} was loaded")
