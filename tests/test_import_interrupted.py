"""``import`` killed, stopped, out of space, or beside another, at any step: nothing is lost."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from clothbound.errors import ClothboundError, WriteError
from clothbound.manuscript import Change, import_archive
from clothbound.manuscript.merging import merge
from clothbound.media.fetch import Fetcher
from clothbound.progress import MERGING, Progress
from clothbound.readers.conflict_marks import find_unresolved
from clothbound.run import Run
from imported_exports import (
    DRAFT,
    LEDGER,
    PICTURE,
    POSTS,
    TIDE,
    Desk,
    Row,
    downloads,
    edit,
    export,
    told,
    tree,
)
from stopped_work import Calls, Killer, stopped_at

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

CALLS = Calls(
    frozenset(
        "open write flush fsync replace rename unlink mkdir chmod read_bytes __exit__".split(" ")
    ),
    ("pathlib", "clothbound.manuscript", "clothbound.authored_files"),
)
"""What a process does to files. It is killed before one of them, with what it wrote before in it."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return downloads(tmp_path)


class Fault(BaseException):
    """Stands for Ctrl-C at any moment."""


def failed_at(error: BaseException, step: int, work: Callable[[], object]) -> bool:
    """Runs ``work``, whose ``step``-th call about files ends in ``error``; whether it came so far."""

    def fail() -> None:
        raise error

    try:
        return stopped_at(step, fail, work, CALLS)
    except (Fault, ClothboundError, OSError):
        return True


FAULTS: dict[str, BaseException] = {
    "a full disk": OSError(28, "No space left on device"),
    "Ctrl-C": Fault(),
}
KILL = "SIGKILL"


@pytest.mark.parametrize("fault", [*FAULTS, KILL])
def test_a_conflict_that_was_resolved_after_a_failed_run_does_not_come_back(
    tmp_path: Path, fault: str, request: pytest.FixtureRequest
) -> None:
    """Whenever the writing fails."""
    start = tmp_path / "start"
    import_archive(export(tmp_path / "a.zip", TIDE), start)
    edit(start / "11.the-tide.md", "Second paragraph.", "Mine.")
    before = (start / "11.the-tide.md").read_bytes()
    newer = export(
        tmp_path / "newer.zip", replace(TIDE, body=(TIDE.body[0], "Theirs.", TIDE.body[2]))
    )
    if fault == KILL:
        killer = request.getfixturevalue("killer")
        killer.load(partial(import_archive, newer, shutil.copytree(start, tmp_path / "whole")))
        fail = partial(killer.killed_at, calls=CALLS)
    else:
        fail = partial(failed_at, FAULTS[fault])
    step, resolved = 0, 0
    while True:
        step += 1
        folder = tmp_path / f"failed-{step}"
        shutil.copytree(start, folder)
        if not fail(step, partial(import_archive, newer, folder)):
            break
        tide = folder / "11.the-tide.md"
        if tide.read_bytes() == before:
            assert import_archive(newer, folder).changes[tide.name] is Change.CONFLICT
            continue
        resolved += 1
        assert find_unresolved(tide.read_text())
        tide.write_bytes(before.replace(b"Mine.", b"Mine and theirs."))
        again = import_archive(newer, folder)
        assert again.changes[tide.name] is Change.UNCHANGED, step
        assert b"Mine and theirs." in tide.read_bytes()
        left = {path.name for path in (folder / ".clothbound").rglob("*")}
        assert not left & {"pending.json", "part", ".part"}
        shutil.rmtree(folder)
    assert step > 15
    assert resolved > 3


def test_a_kill_at_any_step_loses_nothing(tmp_path: Path, killer: Killer) -> None:
    start = tmp_path / "start"
    start.mkdir()
    desk = Desk(start)
    edit(desk.tide, "Second paragraph.", "Mine.")
    edit(desk.folder / "13.e5c.md", "title: An idea", "title: My idea")
    edit(desk.folder / "13.e5c.md", "Third", "My third")
    gone = desk.folder / "15.gone.md"
    desk.again(*POSTS, Row("15.gone", "Gone"))
    gone.unlink()
    newer = export(
        tmp_path / "newer.zip",
        replace(TIDE, body=(TIDE.body[0], "Theirs.", TIDE.body[2])),
        replace(LEDGER, title="The ledger, again"),
        replace(DRAFT, body=("First.", *DRAFT.body[1:])),
        Row("14.new", "New"),
        Row("15.gone", "Gone"),
    )
    whole = tmp_path / "whole"
    shutil.copytree(desk.folder, whole)
    report = import_archive(newer, whole)
    assert set(report.changes.values()) == {
        Change.CONFLICT,
        Change.UPDATED,
        Change.MERGED,
        Change.NEW,
        Change.DELETED,
    }
    before, after = tree(desk.folder), tree(whole)
    killer.load(partial(import_archive, newer, shutil.copytree(desk.folder, tmp_path / "again")))
    posts = {name for name in before | after if name.endswith(".md") and "clothbound" not in name}
    step = 0
    while True:
        step += 1
        folder = tmp_path / f"killed-{step}"
        shutil.copytree(desk.folder, folder)
        killed = killer.killed_at(step, partial(import_archive, newer, folder), CALLS)
        if not killed:
            break
        now = tree(folder)
        for name in posts:
            assert now.get(name) in (before.get(name), after.get(name)), (step, name)
        again = import_archive(newer, folder)
        assert tree(folder) == after, step
        assert "11.the-tide.md" in again.changes
        shutil.rmtree(folder)
    assert step > 40
    assert tree(folder) == after


def first_import(archive: Path, picture: Path, folder: Path) -> None:
    run = Run(fetch=Fetcher(network=False, images=picture))
    import_archive(archive, folder, layout="year", run=run)


def test_a_kill_in_the_first_import_loses_nothing(
    tmp_path: Path, picture: Path, killer: Killer
) -> None:
    archive = export(tmp_path / "a.zip", replace(TIDE, body=("Text.", PICTURE)), LEDGER, DRAFT)
    whole = tmp_path / "whole"
    first_import(archive, picture, whole)
    killer.load(partial(first_import, archive, picture, tmp_path / "again"))
    step = 0
    while True:
        step += 1
        folder = tmp_path / f"killed-{step}"
        if not killer.killed_at(step, partial(first_import, archive, picture, folder), CALLS):
            break
        first_import(archive, picture, folder)
        assert tree(folder) == tree(whole), step
    assert step > 20


@forks
def test_two_imports_at_once_are_refused(desk: Desk) -> None:
    """The second is told so; the lock of one that was killed holds nobody up."""
    ready, finish = os.pipe(), os.pipe()
    pid = os.fork()
    if not pid:

        def wait(progress: Progress) -> None:
            if progress.phase != MERGING:
                return
            os.write(ready[1], b".")
            os.read(finish[0], 1)

        try:
            import_archive(desk.place / "a.zip", desk.folder, run=Run(progress=wait))
        finally:
            os._exit(0)
    os.read(ready[0], 1)
    try:
        with pytest.raises(WriteError, match="another import is running"):
            desk.again()
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert desk.again().count == {Change.UNCHANGED: 3}


def test_a_file_that_is_saved_during_its_merge_is_not_overwritten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor saves the file between our look at it and our writing it."""
    from clothbound.manuscript import import_run

    def merge_slowly(base: str, ours: str, theirs: str) -> object:
        desk.tide.write_text("Saved meanwhile.\n")
        return merge(base, ours, theirs)

    edit(desk.tide, "Third", "My third")
    monkeypatch.setattr(import_run, "merge", merge_slowly)
    report = desk.again(replace(TIDE, title="High tide"), LEDGER, DRAFT)
    assert report.changes["11.the-tide.md"] is Change.REFUSED
    assert "changed while it was being merged" in told(report)[0]
    assert desk.tide.read_text() == "Saved meanwhile.\n"
