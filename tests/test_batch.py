"""Many conversions, in this process and in others."""

from __future__ import annotations

import os
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound.batch import BATCH
from clothbound.errors import ReadError, UnknownFormatError


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    """Twenty posts, of which the third cannot be decoded and the fifth is not there."""
    paths = []
    for n in range(20):
        path = tmp_path / "in" / f"post-{n:02}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(
            b"\xff\xfe\xfd" if n == 2 else f"# Post {n}\n\nWords[^1].\n\n[^1]: N.\n".encode()
        )
        paths.append(path)
    paths[4].unlink()
    return paths


@pytest.mark.parametrize("pool", [None, ThreadPoolExecutor, ProcessPoolExecutor])
def test_each_source_is_converted_and_bad_ones_stop_no_other(
    sources: list[Path], tmp_path: Path, pool: type[Any] | None
) -> None:
    assert len(sources) > BATCH
    out = tmp_path / "out"
    executor = pool(2) if pool else None
    try:
        results = list(clothbound.convert_many(sources, to="html", folder=out, executor=executor))
    finally:
        if executor:
            executor.shutdown()
    assert sorted(r.source for r in results) == sorted(map(str, sources))
    failed = {Path(r.source).name: r.error for r in results if r.error}
    assert set(failed) == {"post-02.md", "post-04.md"}
    assert all(isinstance(error, ReadError) for error in failed.values())
    assert len(list(out.iterdir())) == 18
    for result in results:
        assert result.error or (result.report and len(result.report.accounts) == 1)


def test_the_same_bytes_come_from_this_process_and_from_another(
    sources: list[Path], tmp_path: Path
) -> None:
    list(clothbound.convert_many(sources, to="html", folder=tmp_path / "a"))
    with ProcessPoolExecutor(1) as pool:
        list(clothbound.convert_many(sources, to="html", folder=tmp_path / "b", executor=pool))
    made = {p.name: p.read_bytes() for p in (tmp_path / "a").iterdir()}
    assert made == {p.name: p.read_bytes() for p in (tmp_path / "b").iterdir()}


def test_sources_of_one_name_get_numbers_and_an_index_its_folder(tmp_path: Path) -> None:
    sources = []
    for name in ("a/post.md", "b/post.md", "post-2.md", "c/Post.md", "d/index.md", "e/index.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("words")
        sources.append(path)
    results = clothbound.convert_many(sources, to="text", folder=tmp_path / "out")
    assert [Path(r.target).name for r in results] == [
        "post.txt",
        "post-3.txt",
        "post-2.txt",
        "Post-4.txt",
        "d.txt",
        "e.txt",
    ]


def test_ten_thousand_sources_of_one_name_are_named_in_linear_time(tmp_path: Path) -> None:
    sources = [tmp_path / str(n) / "post.md" for n in range(10_000)]
    results = list(clothbound.convert_many(sources, to="text", folder=tmp_path / "out"))
    assert len({r.target for r in results}) == 10_000
    assert all(r.error for r in results)


class _Dying(ThreadPoolExecutor):
    """Stands for a cluster whose worker is lost: the future fails, not the function in it."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:  # type: ignore[override]
        return super().submit(os.remove, "/no/such/file/at/all")


def test_a_worker_that_is_lost_is_reported_for_each_of_its_sources(
    sources: list[Path], tmp_path: Path
) -> None:
    with _Dying(1) as pool:
        results = list(
            clothbound.convert_many(sources, to="html", folder=tmp_path / "out", executor=pool)
        )
    assert len(results) == len(sources)
    assert all("FileNotFoundError" in str(r.error) for r in results)


def test_an_unknown_format_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="did you mean 'html'"):
        next(clothbound.convert_many([], to="htm", folder=tmp_path))
