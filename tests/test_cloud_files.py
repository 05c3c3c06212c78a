"""Conversions from and to addresses that fsspec opens, and their records."""

from __future__ import annotations

import io
import os
import pickle
import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import fsspec
import pytest

import clothbound
from clothbound.batch import cloud_files
from clothbound.errors import (
    ClothboundError,
    LimitError,
    MissingEngineError,
    ReadError,
    UsageError,
    WriteError,
)
from object_store import BUCKET, SECRET, ObjectStore, counted_requests, object_store, store_at

POST = "---\ntitle: Letter {n}\n---\nThe ferry leaves at {n}.\n"


@pytest.fixture(scope="module")
def store() -> Iterator[ObjectStore]:
    with object_store() as made:
        yield made


@pytest.fixture
def memory() -> Iterator[Any]:
    """The files of ``memory://``, empty before and after."""
    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()


def convert(*sources: object, **settings: Any) -> list[clothbound.Result]:
    return list(clothbound.convert_many(sources, **settings))  # type: ignore[arg-type]


def zipped(**texts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in texts.items():
            archive.writestr(f"{name}.md", text)
    return stream.getvalue()


def test_a_post_and_an_archive_in_a_store_become_what_they_become_on_a_disk(
    store: ObjectStore, tmp_path: Path
) -> None:
    files = {"first.md": POST.format(n=1).encode(), "two.zip": zipped(a="One.", b="Two.")}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        store.put(f"in/{name}", data)
    here, there = [], []
    for name, to in (("first.md", "html"), ("two.zip", "epub")):
        here += convert(tmp_path / name, to=to, folder=tmp_path / "out")
        there += convert(f"s3://{BUCKET}/in/{name}", to=to, folder=f"s3://{BUCKET}/out/")
    assert [r.error for r in (*here, *there)] == [None] * 4
    assert [Path(r.target).name for r in there] == ["first.html", "two.epub"]
    assert store.objects("out") == {
        path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()
    }
    for one, other in zip(here, there, strict=True):
        assert one.report and other.report
        assert one.report.accounts == other.report.accounts
        assert list(one.report.diagnostics) == list(other.report.diagnostics)
    for result, data in zip(there, files.values(), strict=True):
        assert result.costs.bytes_in == len(data)
        assert result.costs.bytes_out == len(store.objects("out")[Path(result.target).name])
        assert 0 < result.costs.cpu_seconds < 60
        assert 0 < result.costs.wall_seconds < 600


def test_a_path_and_a_file_address_need_no_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fsspec", None)
    monkeypatch.setitem(__import__("sys").modules, "fsspec.registry", None)
    (tmp_path / "a b.md").write_text("# Quay\n\nwords")
    (result,) = convert(
        f"file://{tmp_path}/a b.md", to="text", folder=f"file://{tmp_path}/out", resume=True
    )
    assert result.error is None
    assert (tmp_path / "out" / "a b.txt").read_text().endswith("words\n")
    with pytest.raises(MissingEngineError, match=r"fsspec.*the extra 'cloud'"):
        convert("a.md", to="text", folder="memory://out")


def test_a_product_that_is_a_folder_is_refused_in_a_store(memory: Any) -> None:
    with pytest.raises(UsageError, match="site makes a folder"):
        convert("a.md", to="site", folder="memory://out")
    memory.pipe_file("/in/two.zip", zipped(a="One.", b="Two."))
    (result,) = convert("memory://in/two.zip", to="html", folder="memory://out")
    assert isinstance(result.error, UsageError)
    assert "cannot be replaced in one step" in str(result.error)
    assert not memory.exists("/out")


def test_a_pair_names_its_own_target(memory: Any, tmp_path: Path) -> None:
    memory.pipe_file("/in/a.md", b"words")
    (result,) = convert(("memory://in/a.md", tmp_path / "own.txt"), to="text")
    assert result.target == str(tmp_path / "own.txt")
    assert (tmp_path / "own.txt").read_text().endswith("words\n")
    with pytest.raises(TypeError, match="needs a folder"):
        convert("memory://in/a.md", to="text")


def test_what_fails_in_a_store_names_the_address_and_no_file_of_this_machine(
    store: ObjectStore,
) -> None:
    bad = store.put("bad/post.md", b"\xff\xfe\xfd")
    cut = store.put("bad/cut.zip", zipped(a="One.")[:-30])
    sources = [bad, cut, f"s3://{BUCKET}/bad/gone.md", f"s3://{BUCKET}/bad", "s3://no-such/a.md"]
    results = convert(*sources, to="epub", folder=f"s3://{BUCKET}/none")
    assert [r.source for r in results] == sources
    assert [type(result.error) for result in results] == [ReadError] * 5
    for result in results:
        assert result.error is not None
        assert result.error.source.startswith(result.source)
    assert "is a folder of a store" in str(results[3].error)
    for kept in (repr(results), str([r.error for r in results]), str(pickle.dumps(results))):
        assert str(Path(tempfile.gettempdir(), "clothbound-")) not in kept
        assert SECRET not in kept
    assert store.objects("none") == {}


def test_a_store_that_does_not_answer_is_an_error_of_the_source() -> None:
    with store_at("http://127.0.0.1:9"):
        (result,) = convert(f"s3://{BUCKET}/a.md", to="text", folder=f"s3://{BUCKET}/out")
    assert isinstance(result.error, ReadError)
    assert SECRET not in str(result.error)


def test_nothing_is_left_of_a_larger_file_than_the_limits_allow(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    memory.pipe_file("/in/a.zip", zipped(a="One."))
    run = clothbound.Run(limits=clothbound.Limits(archive_bytes=20))
    (result,) = convert("memory://in/a.zip", to="text", folder="memory://out", run=run)
    assert isinstance(result.error, LimitError)
    assert str(result.error) == "memory://in/a.zip: is larger than 20 bytes"
    assert list(tmp_path.iterdir()) == []


def test_only_this_user_may_read_a_copy(memory: Any, tmp_path: Path) -> None:
    memory.pipe_file("/in/a.md", b"words")
    cloud_files.download("memory://in/a.md", tmp_path / "copy", most_bytes=5)
    assert (tmp_path / "copy").read_bytes() == b"words"
    if os.name == "posix":
        assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600


def test_a_target_is_not_there_until_it_is_whole(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("whole")
    memory.pipe_file("/out/a.txt", b"old")
    seen = []

    def broken(path: str, place: str) -> None:
        memory.pipe_file(place, b"who")
        seen.append(place)
        raise OSError("the line is cut")

    monkeypatch.setattr(type(memory), "put_file", lambda self, path, place: broken(path, place))
    with pytest.raises(WriteError, match="the line is cut"):
        cloud_files.upload(tmp_path / "a.txt", "memory://out/a.txt")
    assert seen != ["/out/a.txt"]
    assert memory.cat("/out/a.txt") == b"old"
    monkeypatch.undo()
    cloud_files.upload(tmp_path / "a.txt", "memory://out/a.txt")
    assert [f["name"] for f in memory.ls("/out")] == ["/out/a.txt"]
    assert memory.cat("/out/a.txt") == b"whole"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ftp://me:secret@host/a.md", "must not hold a name or a password"),
        ("s3://key:secret@bucket/a.md", "must not hold a name or a password"),
        ("simplecache::s3://bucket/a.md", "leads through another"),
        ("s3://bucket/a.zip::zip://a.md", "leads through another"),
        ("nowhere://bucket/a.md", "fsspec opens no address of nowhere://"),
        ("file://a.md", "names no absolute path"),
    ],
)
def test_an_address_that_is_not_opened_says_so(address: str, said: str, tmp_path: Path) -> None:
    (result,) = convert(address, to="text", folder=tmp_path)
    assert isinstance(result.error, UsageError)
    assert said in str(result.error)
    assert "secret" not in str(result.error)


def test_an_address_of_the_network_is_still_asked_for_by_the_run_alone(tmp_path: Path) -> None:
    (result,) = convert("https://example.org/a.md", to="text", folder=tmp_path)
    assert isinstance(result.error, UsageError)
    assert "nothing may fetch it" in str(result.error)


def test_a_reason_holds_no_credential() -> None:
    said = "no: https://me:secret@host/a?X-Amz-Signature=secret&b=1 'x'"
    assert cloud_files.printable_address(said) == "no: https://host/a 'x'"


def test_resume_in_a_store_skips_what_is_whole(store: ObjectStore) -> None:
    sources = [store.put(f"again/{n}.md", POST.format(n=n).encode()) for n in range(4)]
    folder = f"s3://{BUCKET}/whole"

    def states() -> list[bool]:
        results = convert(*sources, to="html", folder=folder, resume=True)
        assert [r.error for r in results] == [None] * 4
        return [result.skipped for result in results]

    assert states() == [False] * 4
    with counted_requests() as asked:
        assert states() == [True] * 4
    assert asked == {"HEAD": 8, "GET": 4}
    made = store.objects("whole")
    assert sum(name.startswith(".clothbound/") for name in made) == 4
    store.put("again/1.md", b"changed")
    store.delete("whole/2.html")
    store.put("whole/3.html", made["3.html"][:-1])
    assert states() == [True, False, False, False]
    renewed = store.objects("whole")
    assert renewed.pop("1.html") != made.pop("1.html")
    assert {n: d for n, d in renewed.items() if n.endswith("html")} == {
        n: d for n, d in made.items() if n.endswith("html")
    }


def test_resume_looks_at_options_filters_and_files_that_they_name(
    memory: Any, tmp_path: Path
) -> None:
    memory.pipe_file("/in/a.md", b"words")
    css, filters = tmp_path / "own.css", tmp_path / "own.py"
    css.write_text("p { color: red }")
    filters.write_text("from clothbound.model import Poll\ndef no(p: Poll): return None\n")

    def is_skipped(**settings: Any) -> bool:
        given = {"to": clothbound.Html(css=str(css)), "filters": [filters], **settings}
        (result,) = convert("memory://in/a.md", folder="memory://out", resume=True, **given)
        assert result.error is None
        return result.skipped

    assert [is_skipped(), is_skipped()] == [False, True]
    css.write_text("p { color: blue }")
    assert [is_skipped(), is_skipped()] == [False, True]
    filters.write_text("from clothbound.model import Poll\ndef no2(p: Poll): return None\n")
    assert [is_skipped(), is_skipped()] == [False, True]
    strict = {"strict": True}
    assert [is_skipped(**strict), is_skipped(**strict), is_skipped()] == [False, True, False]
    run = {"run": clothbound.Run(audiences=("everyone",))}
    assert [is_skipped(**run), is_skipped(**run)] == [False, True]
    memory.pipe_file("/in/a.md", b"other words")
    assert [is_skipped(**run), is_skipped(**run)] == [False, True]


def test_resume_of_a_folder_looks_at_each_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "posts"
    folder.mkdir()
    (folder / "a.md").write_text("One.")

    def is_skipped() -> bool:
        (result,) = convert(folder, to="epub", folder=tmp_path / "out", resume=True)
        assert result.error is None
        return result.skipped

    assert [is_skipped(), is_skipped()] == [False, True]
    (folder / "b.md").write_text("Two.")
    assert [is_skipped(), is_skipped()] == [False, True]
    (folder / "b.md").rename(folder / "c.md")
    assert [is_skipped(), is_skipped()] == [False, True]
    (tmp_path / "out" / "posts.epub").write_bytes(b"cut")
    assert [is_skipped(), is_skipped()] == [False, True]
    (tmp_path / "out" / ".clothbound" / "posts.epub.json").write_text("{")
    assert [is_skipped(), is_skipped()] == [False, True]


def test_resume_refuses_what_it_cannot_tell(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="depends on the moment"):
        convert("a.md", to="rss", folder=tmp_path, resume=True)
    now = clothbound.Run(now=datetime(2026, 5, 1, tzinfo=UTC))
    assert len(convert("a.md", to="rss", folder=tmp_path, resume=True, run=now)) == 1
    unknown: dict[str, Any] = {}
    exec("def no(post: object) -> None: return None", unknown)
    unknown["no"].__annotations__["post"] = clothbound.Post
    with pytest.raises(UsageError, match="cannot read the code of 'no'"):
        convert("a.md", to="text", folder=tmp_path, resume=True, filters=[unknown["no"]])


def test_a_source_that_failed_is_tried_again(tmp_path: Path) -> None:
    sources = [tmp_path / "a.md"]
    for _ in range(2):
        (result,) = convert(*sources, to="text", folder=tmp_path / "out", resume=True)
        assert isinstance(result.error, ClothboundError)
        assert not (result.skipped or result.set_aside)
    sources[0].write_text("words")
    (result,) = convert(*sources, to="text", folder=tmp_path / "out", resume=True)
    assert result.error is None


def test_no_other_module_uses_fsspec() -> None:
    package = Path(clothbound.__file__).parent
    names = re.compile(r"^ *(import|from) fsspec\b", re.M)
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if names.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"batch/cloud_files.py"}


def test_names_may_be_longer_than_those_of_file_systems(memory: Any, tmp_path: Path) -> None:
    name = "Fähre" * 60
    memory.pipe_file(f"/in/{name}.md", POST.format(n=1).encode())
    memory.pipe_file(f"/in/{name}2.md", POST.format(n=2).encode())
    sources = [f"memory://in/{name}.md", f"memory://in/{name}2.md"]
    stored = convert(*sources, to="text", folder="memory://out", resume=True)
    assert [result.error for result in stored] == [None, None]
    assert memory.exists(f"/out/{name}.txt")
    assert [r.skipped for r in convert(*sources, to="text", folder="memory://out", resume=True)] == [True, True]  # fmt: skip
    local = convert(*sources, to="text", folder=tmp_path, resume=True)
    assert [result.error for result in local] == [None, None]
    made = [Path(result.target) for result in local]
    assert len({path.name for path in made}) == 2
    assert all(len(os.fsencode(path.name)) <= 255 and path.suffix == ".txt" for path in made)
