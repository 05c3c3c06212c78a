"""Tests that products are saved whole or not at all."""

from __future__ import annotations

import io
import os
import signal
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from clothbound.artifact import Artifact
from clothbound.diagnostics import LossReport, PostAccount, Tally
from clothbound.errors import LossError, UsageError, WriteError

unix = pytest.mark.skipif(os.name != "posix", reason="modes, links and pipes are Unix's")


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def lossy() -> LossReport:
    account = PostAccount("a", "a.md", Tally(words=3), Tally(words=1), dropped=1)
    return LossReport("test", {"a": account})


def of_bytes(data: bytes, report: LossReport | None = None) -> Artifact:
    def file(stream: BinaryIO) -> None:
        stream.write(data)

    return Artifact(report=report or LossReport("test"), file=file)


def of_tree(report: LossReport | None = None, **files: bytes) -> Artifact:
    def tree() -> Iterator[tuple[str, bytes]]:
        yield from ((name.replace("__", "/"), data) for name, data in files.items())

    return Artifact(report=report or LossReport("test"), tree=tree)


def failing(error: BaseException) -> Callable[[BinaryIO], None]:
    def file(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise error

    return file


def test_a_file_is_saved_and_its_folders_are_made(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "post.html"
    artifact = of_bytes(b"new")
    assert artifact.save(target) is artifact.report
    assert target.read_bytes() == b"new"
    assert names_in(target.parent) == ["post.html"]


def test_a_tree_is_saved(tmp_path: Path) -> None:
    of_tree(a=b"1", sub__b=b"2").save(tmp_path / "site")
    assert (tmp_path / "site" / "a").read_bytes() == b"1"
    assert (tmp_path / "site" / "sub" / "b").read_bytes() == b"2"
    assert names_in(tmp_path) == ["site"]


def test_a_tree_leaves_what_others_put_into_its_folder(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine").write_bytes(b"mine")
    (tmp_path / "site" / "a").write_bytes(b"old")
    of_tree(a=b"new").save(tmp_path / "site")
    assert (tmp_path / "site" / "mine").read_bytes() == b"mine"
    assert (tmp_path / "site" / "a").read_bytes() == b"new"


def test_it_runs_once_and_the_report_comes_after() -> None:
    artifact = of_bytes(b"x")
    with pytest.raises(UsageError, match="report"):
        _ = artifact.report
    assert artifact.to_bytes() == b"x"
    assert artifact.report.target == "test"
    with pytest.raises(UsageError, match="once"):
        artifact.to_bytes()


def test_exactly_one_of_file_and_tree_is_given() -> None:
    with pytest.raises(TypeError):
        Artifact(report=LossReport("test"))


@pytest.mark.parametrize(
    "error", [OSError("disk full"), ValueError("a bug"), KeyboardInterrupt(), MemoryError()]
)
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "post.html"
    target.write_bytes(b"old")
    artifact = Artifact(report=LossReport("test"), file=failing(error))
    with pytest.raises((type(error), WriteError)):
        artifact.save(target)
    assert target.read_bytes() == b"old"
    assert names_in(tmp_path) == ["post.html"]


def test_a_tree_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def tree() -> Iterator[tuple[str, bytes]]:
        yield "a", b"1"
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        Artifact(report=LossReport("test"), tree=tree).save(tmp_path / "site")
    assert names_in(tmp_path) == []


@unix
def test_a_process_that_is_killed_leaves_the_old_file_whole(tmp_path: Path) -> None:
    target = tmp_path / "post.html"
    target.write_bytes(b"old")
    script = """
import sys, time
from clothbound.artifact import Artifact
from clothbound.diagnostics import LossReport

def file(stream):
    stream.write(b"half" * 100_000)
    stream.flush()
    print("written", flush=True)
    time.sleep(60)

Artifact(report=LossReport("test"), file=file).save(sys.argv[1])
"""
    command = [sys.executable, "-c", script, str(target)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert target.read_bytes() == b"old"
    of_bytes(b"new").save(target)
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("artifact", [of_bytes(b"new", lossy()), of_tree(lossy(), a=b"new")])
def test_strict_leaves_the_old_product_and_has_a_report(tmp_path: Path, artifact: Artifact) -> None:
    target = tmp_path / "product"
    with pytest.raises(LossError, match="1 element"):
        artifact.save(target, strict=True)
    assert names_in(tmp_path) == []
    assert artifact.report.dropped == 1


def test_strict_bytes_are_refused_too() -> None:
    artifact = of_bytes(b"new", lossy())
    with pytest.raises(LossError):
        artifact.to_bytes(strict=True)
    assert artifact.report.dropped == 1


def test_without_strict_a_loss_is_saved(tmp_path: Path) -> None:
    assert of_bytes(b"new", lossy()).save(tmp_path / "x").dropped == 1


def test_a_file_in_the_way_of_a_folder_and_the_reverse(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WriteError, match="is a file"):
        of_tree(a=b"").save(tmp_path / "file")
    with pytest.raises(WriteError, match="is a folder"):
        of_bytes(b"").save(tmp_path)
    with pytest.raises(WriteError, match="cannot be written"):
        of_bytes(b"").save(tmp_path / "file" / "below")
    with pytest.raises(WriteError, match="cannot be written"):
        of_bytes(b"").save(f"{tmp_path}/nul\0.html")


@pytest.mark.parametrize(
    "name", ["", "/etc/x", "../x", "a/../../x", "a//b", ".", "a\\b", "C:x", "a\0b"]
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    for product in (
        lambda artifact: artifact.to_bytes(),
        lambda artifact: artifact.save(tmp_path / "site"),
    ):
        artifact = Artifact(report=LossReport("test"), tree=lambda: iter([(name, b"")]))
        with pytest.raises(WriteError, match="outside its folder"):
            product(artifact)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("names", [("a", "a"), ("Note.html", "note.html")])
def test_one_name_for_two_files_is_refused(names: tuple[str, str]) -> None:
    artifact = Artifact(report=LossReport("test"), tree=lambda: iter([(n, b"") for n in names]))
    with pytest.raises(WriteError, match="twice"):
        artifact.to_bytes()


def test_a_tree_as_bytes_is_a_zip_of_fixed_bytes() -> None:
    data = of_tree(a=b"1", sub__b=b"2").to_bytes()
    assert data == of_tree(a=b"1", sub__b=b"2").to_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["a", "sub/b"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o644}


@unix
def test_modes_are_those_of_any_new_file(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        of_bytes(b"").save(tmp_path / "file")
        of_tree(sub__a=b"").save(tmp_path / "tree")
    finally:
        os.umask(old)
    modes = [
        stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("file", "tree", "tree/sub/a")
    ]
    assert modes == [0o640, 0o750, 0o640]


@unix
def test_a_private_file_stays_private(tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.write_bytes(b"old")
    target.chmod(0o600)
    of_bytes(b"new").save(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@unix
def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    of_bytes(b"new").save(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@unix
def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()))
    reader.start()
    of_bytes(b"product").save(pipe)
    reader.join(30)
    assert received == [b"product"]
    assert pipe.is_fifo()


def test_a_name_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    of_bytes(b"x").save(tmp_path / ("本" * 83 + ".txt"))
    of_tree(a=b"x").save(tmp_path / ("本" * 85))
    assert len(names_in(tmp_path)) == 2


def test_one_page_is_made_alone() -> None:
    asked: list[int] = []

    def make(position: int) -> bytes:
        asked.append(position)
        return b"page %d" % position

    names = {f"{number}.html": f"{number}.md" for number in range(3)}
    pages = Artifact.of_pages(report=LossReport("html"), names=names, make=make)
    assert pages.page(1) == b"page 1"
    assert asked == [1]
    assert pages.report.target == "html"
    with pytest.raises(UsageError, match="only once"):
        pages.page(1)
    with pytest.raises(UsageError, match="not one post each"):
        Artifact(report=LossReport("site"), tree=lambda: iter(())).page(0)


def test_files_with_the_same_bytes_are_not_touched(tmp_path: Path) -> None:
    of_tree(same__deep=b"same", changed=b"old", longer=b"old").save(tmp_path / "site")
    before = {name: (tmp_path / "site" / name).stat() for name in ("same/deep", "changed")}
    of_tree(same__deep=b"same", changed=b"new", longer=b"older").save(tmp_path / "site")
    assert [(tmp_path / "site" / n).read_bytes() for n in ("same/deep", "changed", "longer")] == [
        b"same",
        b"new",
        b"older",
    ]
    after = {name: (tmp_path / "site" / name).stat() for name in before}
    assert after["same/deep"].st_mtime_ns == before["same/deep"].st_mtime_ns
    assert after["same/deep"].st_ino == before["same/deep"].st_ino
    assert after["changed"].st_ino != before["changed"].st_ino


@unix
def test_a_link_to_the_same_bytes_becomes_a_file(tmp_path: Path) -> None:
    of_tree(page=b"same").save(tmp_path / "site")
    (tmp_path / "site" / "page").rename(tmp_path / "elsewhere")
    (tmp_path / "site" / "page").symlink_to(tmp_path / "elsewhere")
    of_tree(page=b"same").save(tmp_path / "site")
    assert not (tmp_path / "site" / "page").is_symlink()


@unix
def test_a_folder_that_goes_while_it_is_written_is_an_error(tmp_path: Path) -> None:
    """Files that were left in it would be missing."""
    target = tmp_path / "site"

    def tree() -> Iterator[tuple[str, bytes]]:
        yield "a", b"a"
        target.rename(tmp_path / "gone")
        yield "b", b"b"

    of_tree(a=b"a").save(target)
    with pytest.raises(WriteError, match="was removed"):
        Artifact(report=LossReport("test"), tree=tree).save(target)
    assert not target.exists()


def of_pieces(**files: tuple[bytes, ...]) -> Artifact:
    return Artifact(
        report=LossReport("test"),
        tree=lambda: ((name, iter(pieces)) for name, pieces in files.items()),
    )


def test_a_file_may_come_in_pieces(tmp_path: Path) -> None:
    of_tree(page=b"one two", empty=b"").save(tmp_path / "whole")
    of_pieces(page=(b"one", b" ", b"two"), empty=()).save(tmp_path / "pieces")
    for path in (tmp_path / "whole").iterdir():
        assert (tmp_path / "pieces" / path.name).read_bytes() == path.read_bytes()
    assert len(names_in(tmp_path / "pieces")) == len(names_in(tmp_path / "whole")) == 3
    zipped = of_pieces(page=(b"one", b" ", b"two"), empty=()).to_bytes()
    assert zipped == of_tree(page=b"one two", empty=b"").to_bytes()


def test_a_file_in_pieces_is_not_touched_if_it_has_the_same_bytes(tmp_path: Path) -> None:
    site = tmp_path / "site"
    of_pieces(same=(b"sa", b"me"), changed=(b"o", b"ld")).save(site)
    before = {name: (site / name).stat().st_ino for name in ("same", "changed")}
    of_pieces(same=(b"s", b"ame"), changed=(b"new",)).save(site)
    assert (site / "same").stat().st_ino == before["same"]
    assert (site / "changed").stat().st_ino != before["changed"]
    assert (site / "changed").read_bytes() == b"new"
