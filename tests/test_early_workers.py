"""Processes that start before the posts are read: only where they are needed, and without a trace in the product."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound import api, formats
from clothbound.artifact import parts_of
from clothbound.cli import main
from clothbound.isolated import WaitingWorkers, Worker, usable_cores
from clothbound.options import Epub, Html, Site
from clothbound.parts.early_workers import IN_PARTS, start_early
from clothbound.parts.part_maker import PAYING_POSTS
from clothbound.parts.post_pool import as_message, make_in_processes
from clothbound.run import Run
from made_folders import PIECES, folder_of

POST = "---\ntitle: A post\n---\n\nWords with $x^2$ and *stress*.\n"


def write_posts(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number}.md").write_text(POST, "utf-8")
    return folder


def load_nothing(path: str, writer: str) -> None:
    assert Path(path).read_text("utf-8") == POST
    assert writer in IN_PARTS


def started(source: Path, target: Path, writer: str = "", **run: Any) -> int:
    with start_early(str(source), target, writer, Run(**run), load_nothing) as waiting:
        taken = waiting.take(99, partial(int))
        for worker in taken:
            with worker:
                assert worker.run(bool) is False, "the process begins with what it was given last"
        return len(taken)


def test_processes_start_where_they_are_certain_to_be_needed(tmp_path: Path) -> None:
    posts, target = write_posts(tmp_path / "posts", 3), tmp_path / "book.epub"
    assert started(posts, target, jobs=2) == 2
    assert started(posts, tmp_path / "site", "site", jobs=3) == 3
    assert started(posts, target, jobs=4) == 0, "there are fewer posts than processes"
    assert started(posts, target, jobs=1) == 0
    assert started(posts, target) == 0, "one process makes few posts"
    assert started(posts, tmp_path / "book.pdf", jobs=2) == 0
    assert started(posts, tmp_path / "book.unknown", jobs=2) == 0
    assert started(posts / "0.md", target, jobs=2) == 0
    assert started(tmp_path / "nothing", target, jobs=2) == 0
    assert started(posts, target, jobs=2, fetch=lambda *_: None) == 0


def test_a_product_that_is_there_may_need_none(tmp_path: Path) -> None:
    posts, target = write_posts(tmp_path / "posts", 2), tmp_path / "book.epub"
    target.write_bytes(b"")
    assert started(posts, target, jobs=2, cache=tmp_path / "cache") == 0
    assert started(posts, target, jobs=2) == 2, "without a cache, no part was kept"


def test_many_files_are_enough_without_a_number_of_processes(tmp_path: Path) -> None:
    posts, target = write_posts(tmp_path / "posts" / "deep", PAYING_POSTS - 1), tmp_path / "a.epub"
    (posts / ".hidden.md").write_text(POST, "utf-8")
    (posts / "picture.png").write_bytes(b"")
    assert started(posts.parent, target) == 0
    (posts / "last.md").write_text(POST, "utf-8")
    cores = min(usable_cores(), 8)
    assert started(posts.parent, target) == (cores if cores > 1 else 0)


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_one_core_makes_many_posts_in_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posts = write_posts(tmp_path / "posts", PAYING_POSTS)
    for cores, wanted in ((1, 0), (2, 2)):
        monkeypatch.setattr("clothbound.isolated.usable_cores", lambda cores=cores: cores)
        assert started(posts, tmp_path / "book.epub") == wanted


def test_no_process_waits_for_a_pipe(tmp_path: Path) -> None:
    posts = write_posts(tmp_path / "posts", 1)
    os.mkfifo(posts / "pipe.md")
    assert started(posts, tmp_path / "book.epub", jobs=2) == 0


def test_long_posts_are_not_read_for_it(tmp_path: Path) -> None:
    posts = write_posts(tmp_path / "posts", 2)
    for file in posts.iterdir():
        file.write_text(POST + "word " * 20_000, "utf-8")
    assert started(posts, tmp_path / "book.epub", jobs=2) == 0


def test_the_formats_are_those_whose_products_have_parts() -> None:
    post = clothbound.read(POST.encode(), "markdown")
    with_parts = set()
    for name in formats.WRITERS:
        options = formats.writer(name).options_type
        try:
            parts_of(clothbound.write(post, options() if name != "html-fragment" else name))
        except AssertionError:
            continue
        with_parts.add(name)
    assert with_parts - {"html-fragment", "pdf"} == IN_PARTS


def modules_of_parts(parts: Any) -> list[str]:
    before = set(sys.modules)
    parts.encoded([0])
    return sorted(set(sys.modules) - before)


def parts_in_process(begin: Any) -> Any:
    return parts_of(begin())


@pytest.mark.parametrize("options", [Site(), Epub(), Html()], ids=lambda one: str(one.format))
def test_a_process_that_waits_loads_what_posts_need(tmp_path: Path, options: Any) -> None:
    (source := tmp_path / "posts").mkdir()
    post = source / "a.md"
    post.write_text(f"{POST}\n```python\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", "utf-8")
    begin = partial(
        parts_in_process,
        partial(clothbound.write, clothbound.read(source), options, run=Run(jobs=1)),
    )
    with Worker(begin) as late:
        without = late.run(modules_of_parts)
    with WaitingWorkers(1, partial(api._make_one_part, str(post), options.format)) as waiting:
        (early,) = waiting.take(1, begin)
        with early:
            found = early.run(modules_of_parts)
    assert [name for name in without if "latex" in name]
    assert not found


@pytest.mark.parametrize("options", [Site(), Epub(), Html()], ids=lambda one: str(one.format))
def test_the_product_is_that_of_one_process(tmp_path: Path, options: Any) -> None:
    source = folder_of(tmp_path / "posts", [[n, n + 1] for n in range(len(PIECES) - 1)])
    files = []
    for jobs in (1, 2):
        out = tmp_path / str(jobs) / ("book.epub" if options.format == "epub" else "pages")
        report = clothbound.convert(source, out, writer=options, run=Run(jobs=jobs))
        made = [out] if out.is_file() else sorted(p for p in out.rglob("*") if p.is_file())
        told = [str(one) for one in report.diagnostics]
        files.append(([(p.name, p.read_bytes()) for p in made], told))
    assert files[0] == files[1]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        (["--all"], [2]),
        (["--all", "--tag", "one"], []),
        (["--year", "2024"], []),
        (["--all", "--output", "{title}.epub"], []),
        (["--all", "--dry-run"], []),
    ],
    ids=lambda one: " ".join(map(str, one)),
)
def test_a_book_of_all_posts_has_processes_that_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str], taken: list[int]
) -> None:
    source = folder_of(tmp_path / "posts", [[0], [1], [2], [3]])
    monkeypatch.chdir(tmp_path)
    found: list[int] = []
    take = WaitingWorkers.take

    def count(self: WaitingWorkers, *arguments: Any) -> list[Worker]:
        workers = take(self, *arguments)
        found.append(len(workers))
        return workers

    monkeypatch.setattr(WaitingWorkers, "take", count)
    output = [] if "--output" in asked else ["--output", "book.epub"]
    with pytest.raises(SystemExit):
        main(["book", str(source), "--author", "A", "--jobs", "2", "--quiet", *output, *asked])
    assert found == taken
    assert len(list(tmp_path.glob("*.epub"))) == ("--dry-run" not in asked)


@pytest.mark.parametrize(
    "load",
    [partial(int, "x"), partial(signal.raise_signal, signal.SIGKILL)],
    ids=["error", "death"],
)
def test_what_happens_while_a_process_waits_costs_no_post(tmp_path: Path, load: Any) -> None:
    source = folder_of(tmp_path / "posts", [[0], [1], [2], [3]])
    begin = as_message(partial(clothbound.write, clothbound.read(source), Site()))
    parts = parts_of(clothbound.write(clothbound.read(source), Site()))
    with WaitingWorkers(2, load) as waiting:
        batches = list(make_in_processes(begin, range(4), 2, str, waiting))
    assert batches == [parts.encoded([n]) for n in range(4)]


def children() -> set[int]:
    path = Path(f"/proc/{os.getpid()}/task")
    return {int(n) for task in path.iterdir() for n in (task / "children").read_text().split()}


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc tells the processes")
def test_an_error_of_reading_leaves_no_process(tmp_path: Path) -> None:
    posts = write_posts(tmp_path / "posts", 3)
    (posts / "bad.md").write_bytes(b"\xff\xfe\x00")
    before = children()
    with pytest.raises(clothbound.errors.ReadError):
        clothbound.convert(posts, tmp_path / "site", writer="site", run=Run(jobs=2))
    assert children() == before


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="/proc tells the processes")
def test_processes_that_nobody_takes_end(tmp_path: Path) -> None:
    posts = write_posts(tmp_path / "posts", 3)
    before = children()
    with start_early(str(posts), tmp_path / "a.epub", "", Run(jobs=2), load_nothing):
        assert len(children() - before) == 2
    assert children() == before
