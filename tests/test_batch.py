"""Many conversions, in this process and in others."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import clothbound
from clothbound.errors import NoPostsError, ReadError, UnknownFormatError, UsageError

BATCH = 16


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    """Returns the paths of twenty posts, the third of which cannot be decoded and the fifth of
    which is missing.
    """
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


def test_a_source_without_posts_has_no_product_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "post.md").write_bytes(b"\xff\xfe\xfd")
    folders = [tmp_path / "empty", tmp_path / "bad"]
    results = clothbound.convert_many(folders, to="epub", folder=tmp_path / "out")
    errors = {Path(result.source).name: result.error for result in results}
    assert list(tmp_path.glob("**/*.epub")) == []
    for name, said in (("empty", "no post could be read"), ("bad", "post.md")):
        assert isinstance(errors[name], ReadError)
        assert said in str(errors[name])
        with pytest.raises(ReadError, match=said):
            clothbound.convert(tmp_path / name, tmp_path / f"{name}.epub", on_error="collect")
    assert list(tmp_path.glob("**/*.epub")) == []


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


def test_names_that_a_file_system_takes_for_one_get_numbers(tmp_path: Path) -> None:
    """An accented letter may be one character or two."""
    sources = [tmp_path / name / f"caf{e}.md" for name, e in (("a", "\u00e9"), ("b", "e\u0301"))]
    for path in sources:
        path.parent.mkdir()
        path.write_text("words")
    results = clothbound.convert_many(sources, to="text", folder=tmp_path / "out")
    assert [Path(r.target).stem for r in results] == ["caf\u00e9", "cafe\u0301-2"]


def test_ten_thousand_sources_of_one_name_are_named_in_linear_time(tmp_path: Path) -> None:
    sources = [tmp_path / str(n) / "post.md" for n in range(10_000)]
    results = list(clothbound.convert_many(sources, to="text", folder=tmp_path / "out"))
    assert len({r.target for r in results}) == 10_000
    assert all(r.error for r in results)


@pytest.fixture
def archives(tmp_path: Path) -> list[Path]:
    """Returns a folder with a public post, an older one, a draft and a post for payers, and one with a draft alone."""
    headers = {
        "mixed/public.md": "title: Public\ndate: 2023-02-01",
        "mixed/older.md": "title: Older\ndate: 2023-01-01",
        "mixed/draft.md": "title: Unready\ndate: 2023-03-01\ndraft: true",
        "mixed/paid.md": "title: Dear\ndate: 2023-04-01\naudience: only_paid",
        "unready/draft.md": "title: Unready\ndraft: true",
    }
    for name, header in headers.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\n{header}\n---\n\nWords of {path.stem}.\n")
    return [tmp_path / "mixed", tmp_path / "unready"]


@pytest.mark.parametrize("pool", [None, partial(ProcessPoolExecutor, 1)])
def test_with_a_selection_each_product_is_a_book_without_secret_posts(
    archives: list[Path], tmp_path: Path, pool: Any
) -> None:
    results = list(
        clothbound.convert_many(
            archives,
            to="json",
            folder=tmp_path / "out",
            select=clothbound.Select(audiences=("everyone",)),
            executor=pool,
        )
    )
    mixed, unready = sorted(results, key=lambda result: result.source)
    assert mixed.error is None
    chapters = clothbound.read(mixed.target)
    assert [post.title for post in chapters] == ["Older", "Public"]
    assert isinstance(unready.error, NoPostsError)
    assert not Path(unready.target).exists()


def test_an_order_alone_makes_a_book_too(archives: list[Path], tmp_path: Path) -> None:
    (result,) = clothbound.convert_many(
        archives[:1], to="json", folder=tmp_path, order=clothbound.Order(reverse=True)
    )
    assert [post.title for post in clothbound.read(result.target)] == ["Dear", "Public", "Older"]


def test_without_a_selection_no_post_is_left_out(archives: list[Path], tmp_path: Path) -> None:
    (result,) = clothbound.convert_many(archives[:1], to="json", folder=tmp_path)
    assert len(clothbound.read(result.target)) == 4


def test_the_moment_of_a_run_decides_which_posts_of_a_book_are_public_yet(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    for name, day in (("now", "2023-01-01"), ("later", "2030-01-01")):
        text = f"---\ntitle: {name}\npublishDate: {day}\n---\n\nWords.\n"
        (tmp_path / "posts" / f"{name}.md").write_text(text)
    counts = []
    for year in (2025, 2031):
        run = clothbound.Run(now=datetime(year, 1, 1, tzinfo=UTC))
        (result,) = clothbound.convert_many(
            [tmp_path / "posts"], to="json", folder=tmp_path, select=clothbound.Select(), run=run
        )
        counts.append(len(clothbound.read(result.target)))
    assert counts == [1, 2]


def test_a_book_is_made_again_with_another_selection(archives: list[Path], tmp_path: Path) -> None:
    def skipped(select: clothbound.Select) -> bool:
        (result,) = clothbound.convert_many(
            archives[:1],
            to="text",
            folder=tmp_path / "out",
            select=select,
            run=clothbound.Run(now=datetime(2025, 1, 1, tzinfo=UTC)),
            resume=True,
        )
        return result.skipped

    wanted = clothbound.Select(), clothbound.Select(), clothbound.Select(year=2023, drafts=True)
    assert [skipped(select) for select in wanted] == [False, True, False]


@pytest.mark.parametrize("what", [{"select": clothbound.Select()}, {"order": clothbound.Order()}])
def test_a_book_with_resume_needs_a_moment(what: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="a book holds depends on the moment"):
        clothbound.convert_many(["x.md"], to="epub", folder="out", resume=True, **what)


@pytest.mark.parametrize("select", [{"year": "2023"}, {"after": "yesterday"}])
def test_a_selection_that_cannot_be_is_refused_at_once(select: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        clothbound.convert_many(
            ["x.md"], to="epub", folder="out", select=clothbound.Select(**select)
        )


@pytest.mark.parametrize("executor", [4, "dask"])
def test_what_is_no_executor_is_refused(executor: Any) -> None:
    with pytest.raises(UsageError, match="executor is an executor or a function that makes one"):
        clothbound.convert_many(["x.md"], to="html", folder="out", executor=executor)


class _Dying(ThreadPoolExecutor):
    """Imitates a cluster that loses a worker: the future fails instead of the function in it."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:  # type: ignore[override]
        return super().submit(os.remove, "/no/such/file/at/all")


def test_what_a_lost_worker_had_is_converted_all_the_same(
    sources: list[Path], tmp_path: Path
) -> None:
    with _Dying(1) as pool:
        results = list(
            clothbound.convert_many(sources, to="html", folder=tmp_path / "out", executor=pool)
        )
    assert sorted(r.source for r in results) == sorted(map(str, sources))
    failed = {Path(r.source).name for r in results if r.error}
    assert failed == {"post-02.md", "post-04.md"}


DEADLY = """
import os, signal
from clothbound.model.plain_text import plain_text
from clothbound.writers.text import WRITER as TEXT

class Deadly:
    extension = ".txt"
    media_type = "text/plain"
    options_type = TEXT.options_type
    produces = TEXT.produces
    public = False
    transforms = TEXT.transforms

    def write(self, collection, options, context):
        if "deadly" in plain_text(collection[0]):
            os.kill(os.getpid(), signal.SIGKILL)
        return TEXT.write(collection, options, context)

WRITER = Deadly()
"""


@pytest.mark.skipif(os.name != "posix", reason="signals are Unix's")
@pytest.mark.parametrize("made_here", [False, True])
def test_one_source_that_ends_its_worker_takes_no_other_with_it(
    made_here: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is killed from outside Python, as if memory ran out."""
    metadata = tmp_path / "deadly-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: deadly\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text("[clothbound.writers]\ndeadly = deadly:WRITER\n")
    (tmp_path / "deadly.py").write_text(DEADLY)
    monkeypatch.syspath_prepend(tmp_path)
    sources = []
    for n in range(60):
        source = tmp_path / f"post-{n}.md"
        source.write_text("deadly" if n in (7, 44) else f"# Post {n}\n\nwords\n")
        sources.append(source)
    context = get_context("spawn")

    def pool() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(2, mp_context=context)

    out = tmp_path / "out"
    if made_here:
        results = list(clothbound.convert_many(sources, to="deadly", folder=out, executor=pool))
    else:
        with pool() as executor:
            results = list(
                clothbound.convert_many(sources, to="deadly", folder=out, executor=executor)
            )
    assert sorted(r.source for r in results) == sorted(map(str, sources))
    failed = {Path(r.source).name: str(r.error) for r in results if r.error}
    assert sorted(failed) == ["post-44.md", "post-7.md"]
    assert all("it was killed by SIGKILL" in error for error in failed.values())
    assert len(list(out.iterdir())) == 58


def test_an_unknown_format_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError, match="did you mean 'html'"):
        next(clothbound.convert_many([], to="htm", folder=tmp_path))


def posts_without_end(folder: Path, asked: list[Path]) -> Iterator[Path]:
    for n in count():
        path = folder / str(n) / "post.md"
        path.parent.mkdir(parents=True)
        path.write_text("words")
        asked.append(path)
        yield path


@pytest.mark.parametrize("pool", [None, ThreadPoolExecutor])
def test_sources_without_an_end_are_asked_for_as_there_is_room(
    pool: type[Any] | None, tmp_path: Path
) -> None:
    asked: list[Path] = []
    results = clothbound.convert_many(
        posts_without_end(tmp_path / "in", asked),
        to="text",
        folder=tmp_path / "out",
        executor=partial(pool, 2) if pool else None,
        batch=3,
        in_flight=12,
    )
    found = list(islice(results, 20))
    results.close()  # type: ignore[attr-defined]
    assert len(asked) <= 20 + 12
    assert [r.error for r in found] == [None] * 20
    names = {"post.txt", *(f"post-{n}.txt" for n in range(2, 40))}
    assert len({r.target for r in found}) == 20
    assert {Path(r.target).name for r in found} <= names


def test_names_of_a_generator_are_given_as_they_come(tmp_path: Path) -> None:
    sources = ("a/post.md", "b/post.md", "post-2.md", "c/Post.md")
    results = clothbound.convert_many(iter(sources), to="text", folder=tmp_path)
    names = ["post.txt", "post-2.txt", "post-2-2.txt", "Post-3.txt"]
    assert [Path(r.target).name for r in results] == names


def test_the_names_that_are_remembered_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clothbound.batch.convert_many._REMEMBERED", 2)
    sources = ("a/post.md", "b/post.md", "c/post.md", "d/post.md")

    def names(*given: str) -> list[str]:
        results = clothbound.convert_many(iter(given), to="text", folder=tmp_path)
        return [Path(r.target).stem for r in results]

    first, second, third, fourth = names(*sources)
    assert (first, second) == ("post", "post-2")
    assert re.fullmatch(r"post-[0-9a-f]{16}", third)
    assert fourth != third
    assert names("a/other.md", "b/other.md", *sources[2:]) == ["other", "other-2", third, fourth]


def test_a_source_that_takes_too_long_or_ends_its_process_is_set_aside(tmp_path: Path) -> None:
    filters = tmp_path / "stops.py"
    filters.write_text(
        "import os, time\n"
        "from clothbound.model import Text\n"
        "def stop(text: Text):\n"
        "    if text.text == 'endless': time.sleep(600)\n"
        "    if text.text == 'deadly': os._exit(3)\n"
        "    return text\n"
    )
    texts = ("words", "endless", "words", "deadly", "words")
    for n, text in enumerate(texts):
        (tmp_path / f"{n}.md").write_text(text)

    def convert() -> list[clothbound.Result]:
        return list(
            clothbound.convert_many(
                sorted(tmp_path.glob("*.md")),
                to="text",
                folder=tmp_path / "out",
                filters=[filters],
                timeout=10,
                resume=True,
            )
        )

    first = convert()
    assert [r.set_aside for r in first] == [False, True, False, True, False]
    assert "was ended: it takes more than 10 seconds" in str(first[1].error)
    assert "was lost: it ended with exit code 3" in str(first[3].error)
    assert all(r.costs.cpu_seconds > 0 and r.costs.peak_memory > 0 for r in first if not r.error)
    again = convert()
    assert [r.skipped for r in again] == [True, False, True, False, True]
    assert [str(r.error) for r in again] == [str(r.error) for r in first]
    (tmp_path / "3.md").write_text("mended")
    assert [bool(r.error) for r in convert()] == [False, True, False, False, False]


def test_a_run_that_ended_in_the_middle_is_gone_on_with(tmp_path: Path) -> None:
    """The process dies with its first source; the next run gives that one a process of its own."""
    (tmp_path / "dies.py").write_text(
        "import os\n"
        "from clothbound.model import Text\n"
        "def stop(text: Text):\n"
        "    os._exit(3) if text.text == 'deadly' else None\n"
        "    return text\n"
    )
    for n, text in enumerate(("words", "deadly", "words")):
        (tmp_path / f"{n}.md").write_text(text)
    program = (
        "import clothbound, pathlib, sys\n"
        "for r in clothbound.convert_many(sorted(pathlib.Path().glob('*.md')), to='text',"
        " folder='out', filters=['dies.py'], resume=True):\n"
        "    print(r.source, r.skipped, r.set_aside)\n"
    )
    said = []
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True
        )
        said.append((done.returncode, done.stdout.splitlines()))
    assert said[0][0] == 3
    assert said[1] == (0, ["0.md True False", "1.md False True", "2.md False False"])
    assert said[2] == (0, ["0.md True False", "1.md False True", "2.md True False"])


def test_numbers_below_one_are_refused(tmp_path: Path) -> None:
    for setting in ({"batch": 0}, {"in_flight": None}, {"timeout": 0.0}, {"timeout": "60"}):
        with pytest.raises(UsageError, match="must be a number above 0"):
            clothbound.convert_many([], to="text", folder=tmp_path, **setting)  # type: ignore[arg-type]


def test_an_executor_that_somebody_shuts_down_loses_no_source(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.md" for n in range(12)]
    for path in paths:
        path.write_text("words " * 2000)
    executor = ThreadPoolExecutor(1)
    results = clothbound.convert_many(
        paths, to="html", folder=tmp_path / "out", executor=executor, batch=2
    )
    found = [next(results)]
    executor.shutdown(wait=False, cancel_futures=True)
    found += results
    assert sorted(one.source for one in found) == sorted(map(str, paths))
    assert [one.error for one in found] == [None] * len(paths)


@pytest.mark.parametrize("pool", [None, ThreadPoolExecutor])
def test_an_error_of_the_sources_is_raised_after_the_results_of_those_before(
    tmp_path: Path, pool: type[Any] | None
) -> None:
    def listed() -> Iterator[Path]:
        for n in range(7):
            path = tmp_path / f"{n}.md"
            path.write_text("words")
            yield path
        raise ConnectionError("the list ends here")

    executor = pool(2) if pool else None
    found = []
    try:
        results = clothbound.convert_many(
            listed(), to="html", folder=tmp_path / "out", executor=executor, batch=3
        )
        with pytest.raises(ConnectionError, match="the list ends here"):
            for result in results:
                found.append(result.error)
    finally:
        if executor:
            executor.shutdown()
    assert found == [None] * 7


def test_with_more_time_a_source_that_took_too_long_is_tried_again(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    (tmp_path / "waits.py").write_text(
        "import pathlib, time\n"
        "from clothbound.model import Text\n"
        "def wait(text: Text):\n"
        f"    while not pathlib.Path({str(ready)!r}).exists(): time.sleep(0.1)\n"
        "    return text\n"
    )
    (tmp_path / "a.md").write_text("words")

    def convert(timeout: float | None) -> clothbound.Result:
        found = clothbound.convert_many(
            [tmp_path / "a.md"],
            to="text",
            folder=tmp_path / "out",
            filters=[tmp_path / "waits.py"],
            timeout=timeout,
            resume=True,
        )
        return next(iter(found))

    first = convert(1.0)
    ready.touch()
    again, shorter, longer = convert(1.0), convert(0.5), convert(60.0)
    assert [(r.set_aside, r.timed_out) for r in (first, again, shorter)] == [(True, True)] * 3
    assert longer.report is not None
    assert convert(60.0).skipped


def test_a_target_is_made_of_the_first_source_that_names_it(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.md").write_text(f"Text {name}")
    pairs = [(tmp_path / f"{name}.md", tmp_path / target) for name, target in zip("ab", ("x", "./y/../x"), strict=True)]  # fmt: skip
    found = list(clothbound.convert_many([*pairs, (tmp_path / "c.md", tmp_path / "z")], to="text"))
    assert [isinstance(r.error, UsageError) for r in found] == [False, True, False]
    assert (tmp_path / "x").read_text().strip().endswith("Text a")
