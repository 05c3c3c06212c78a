"""Tests what is left when the command or a save is stopped by full disks, signals or closed
streams.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from clothbound import api, formats, staging
from clothbound.artifact import Artifact
from clothbound.cli.streams import StoppedError
from clothbound.diagnostics import LossReport
from clothbound.errors import WriteError
from clothbound.isolated import JobFailedError
from clothbound.model.post import Metadata, Post
from clothbound.product_files import LIST
from clothbound.progress import Progress
from clothbound.run import Run
from stopped_work import Calls, Killer, stopped_at

unix = pytest.mark.skipif(os.name != "posix", reason="signals and descriptors are Unix's")
COMMAND = (sys.executable, "-m", "clothbound")

CALLS = Calls(
    frozenset(
        "open write flush fsync replace rename unlink mkdir rmdir chmod scandir flock lstat stat close "
        "__exit__ rmtree".split(" ")
    ),
    (
        "pathlib",
        "shutil",
        "clothbound.staging",
        "clothbound.product_files",
        "clothbound.artifact",
    ),
)
"""What a save asks the system for. It is stopped before one of them."""


def file_of(data: bytes) -> Artifact:
    def file(stream: BinaryIO) -> None:
        stream.write(data)

    return Artifact(report=LossReport("test"), file=file)


def tree_of(**files: bytes) -> Artifact:
    named = {f"{name}.html": data for name, data in files.items()}
    return Artifact(report=LossReport("test"), tree=lambda: iter(named.items()))


def save_file(data: bytes, target: Path) -> None:
    file_of(data).save(target)


def save_tree(target: Path, **files: bytes) -> None:
    tree_of(**files).save(target)


def content(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def raised(error: BaseException) -> Callable[[], None]:
    def stop() -> None:
        raise error

    return stop


def full() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fail() -> None:
    raise ZeroDivisionError


def test_work_that_fails_is_not_taken_for_work_that_was_done(killer: Killer) -> None:
    with pytest.raises(JobFailedError, match="the work failed"):
        killer.killed_at(1, fail, CALLS)


# --- one file -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [KeyboardInterrupt, full])
def test_a_file_that_is_stopped_anywhere_leaves_the_old_one_or_the_new(
    tmp_path: Path, kind: Callable[[], BaseException]
) -> None:
    target = tmp_path / "post.html"
    step = 0
    while True:
        step += 1
        target.write_bytes(b"old")
        with contextlib.suppress(KeyboardInterrupt, WriteError):
            if not stopped_at(step, raised(kind()), partial(save_file, b"new", target), CALLS):
                break
        assert target.read_bytes() in (b"old", b"new"), step
        file_of(b"again").save(target)
        assert content(tmp_path) == {"post.html": b"again"}, step
        assert [p.name for p in tmp_path.iterdir()] == ["post.html"], step
    assert step > 10


def test_a_failure_before_the_end_leaves_nothing_of_its_own(tmp_path: Path) -> None:
    """Without a next save too: what was begun is removed by the run that began it."""
    target = tmp_path / "post.html"
    target.write_bytes(b"old")
    for error in (KeyboardInterrupt(), full(), MemoryError()):

        def file(stream: BinaryIO, error: BaseException = error) -> None:
            stream.write(b"half")
            raise error

        with pytest.raises((KeyboardInterrupt, WriteError, MemoryError)):
            Artifact(report=LossReport("test"), file=file).save(target)
        assert [p.name for p in tmp_path.iterdir()] == ["post.html"]
        assert target.read_bytes() == b"old"


def test_a_file_whose_maker_is_killed_anywhere_is_whole_and_alone_after_the_next(
    tmp_path: Path, killer: Killer
) -> None:
    target = tmp_path / "post.html"
    killer.load(partial(save_file, b"new", target))
    step = 0
    while True:
        step += 1
        target.write_bytes(b"old")
        if not killer.killed_at(step, partial(save_file, b"new", target), CALLS):
            break
        assert target.read_bytes() in (b"old", b"new"), step
        file_of(b"again").save(target)
        assert [p.name for p in tmp_path.iterdir()] == ["post.html"], step
    assert step > 10


def test_kills_at_random_moments_leave_nothing_for_long(tmp_path: Path, killer: Killer) -> None:
    target = tmp_path / "post.html"
    killer.kill_at_random(partial(save_file, b"x" * 300_000, target), times=20)
    file_of(b"new").save(target)
    assert [p.name for p in tmp_path.iterdir()] == ["post.html"]


@pytest.mark.parametrize("format", sorted(set(formats.WRITERS) - {"pdf", "kdp"}))
@pytest.mark.parametrize("kind", [KeyboardInterrupt, StoppedError, full])
def test_no_writer_says_anything_after_it_was_stopped(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    format: str,
    kind: Callable[..., BaseException],
) -> None:
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    posts = [Post(Metadata(slug=name, title=name)) for name in "abc"]

    def stop(progress: Progress) -> None:
        if progress.done == 1:
            raise kind(signal.SIGTERM) if kind is StoppedError else kind()

    target = tmp_path / "out"
    gc.freeze()  # so that the collection goes through what the writer leaves, not through all of the test run
    try:
        with pytest.raises((KeyboardInterrupt, StoppedError, WriteError)):
            api.write(posts, format, run=Run(progress=stop)).save(target)
        gc.collect()
    finally:
        gc.unfreeze()
    assert said == []
    assert list(tmp_path.iterdir()) == []


# --- a folder -------------------------------------------------------------------------------------


def after(folder: Path) -> dict[str, bytes]:
    """What a folder holds, without its list."""
    return {name: data for name, data in content(folder).items() if name != LIST}


@pytest.mark.parametrize("kind", [KeyboardInterrupt, full, None])
def test_a_folder_that_is_stopped_anywhere_is_made_good_by_the_next_run(
    tmp_path: Path, kind: Callable[[], BaseException] | None, request: pytest.FixtureRequest
) -> None:
    """No page of a post that is no more outlives it, and nothing else is lost."""
    killer = request.getfixturevalue("killer") if kind is None else None
    if killer:
        killer.load(partial(save_tree, tmp_path / "0" / "site", a=b"a"))
    step = 0
    while True:
        step += 1
        site = tmp_path / f"{step}" / "site"
        tree_of(a=b"a", b=b"b").save(site)
        (site / "mine.txt").write_bytes(b"mine")
        work = partial(save_tree, site, a=b"A", c=b"c")
        if kind is None:
            stopped = killer.killed_at(step, work, CALLS)
        else:
            stopped = True
            with contextlib.suppress(KeyboardInterrupt, WriteError):
                stopped = stopped_at(step, raised(kind()), work, CALLS)
        now = after(site)
        assert now.pop("a.html") in (b"a", b"A"), step
        assert now.pop("mine.txt") == b"mine", step
        tree_of(d=b"d").save(site)
        assert after(site) == {"d.html": b"d", "mine.txt": b"mine"}, step
        assert [p.name for p in site.parent.iterdir()] == ["site"], step
        if not stopped:
            break
    assert step > 30


# --- places ---------------------------------------------------------------------------------------


def test_two_savers_of_a_target_at_once_leave_each_other_alone(tmp_path: Path) -> None:
    target = tmp_path / "post.html"
    begun, go_on = threading.Event(), threading.Event()

    def slow(stream: BinaryIO) -> None:
        stream.write(b"slow")
        begun.set()
        assert go_on.wait(60)

    artifact = Artifact(report=LossReport("test"), file=slow)
    saver = threading.Thread(target=artifact.save, args=(target,))
    saver.start()
    assert begun.wait(60)
    file_of(b"fast").save(target)
    assert target.read_bytes() == b"fast"
    go_on.set()
    saver.join(60)
    assert target.read_bytes() == b"slow"
    assert [p.name for p in tmp_path.iterdir()] == ["post.html"]


def test_a_place_of_another_target_is_left_alone(tmp_path: Path) -> None:
    with staging.staging(tmp_path / "a") as room:
        (room / "half").write_bytes(b"a")
        file_of(b"b").save(tmp_path / "b")
        assert (room / "half").read_bytes() == b"a"
    assert [p.name for p in tmp_path.iterdir()] == ["b"]


@unix
def test_a_place_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine").write_bytes(b"mine")
    with staging.staging(tmp_path / "a") as room:
        place = room
    place.symlink_to(tmp_path / "elsewhere")
    file_of(b"x").save(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"x"
    assert content(tmp_path / "elsewhere") == {"mine": b"mine"}


def test_a_file_system_without_locks_takes_products_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(file: int) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(staging, "_lock", refuse)
    with staging.staging(tmp_path / "a") as room:
        (room / "half").write_bytes(b"a")
        file_of(b"new").save(tmp_path / "a")
        assert (room / "half").exists()  # nobody can tell whether its maker is at work
    assert content(tmp_path) == {"a": b"new"}


# --- temporary files of the system's ----------------------------------------------------------------

HOLDER = """
import os, signal, sys, tempfile
from clothbound.staging import TemporaryFolder
tempfile.tempdir = sys.argv[1]
folder = TemporaryFolder()
(folder.path / "half").mkdir()
(folder.path / "half" / "file").write_bytes(b"x")
print(folder.path, flush=True)
if sys.argv[2] == "wait":
    sys.stdin.read()
if sys.argv[2] == "die":
    os.kill(os.getpid(), signal.SIGKILL)
"""


def holder(place: Path, end: str) -> subprocess.Popen[str]:
    """A process that has a folder of temporary files, and prints where."""
    command = [sys.executable, "-c", HOLDER, str(place), end]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")


def test_a_temporary_folder_goes_with_its_process(tmp_path: Path) -> None:
    with holder(tmp_path, "end") as process:
        assert process.stdout is not None
        place = Path(process.stdout.readline().strip())
    assert process.returncode == 0
    assert place.parent == tmp_path
    assert list(tmp_path.iterdir()) == []


@unix
def test_what_killed_processes_left_goes_and_what_others_use_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with holder(tmp_path, "die") as dead:
        dead.wait()
    (left,) = tmp_path.iterdir()
    assert content(left) == {"half/file": b"x"}
    (tmp_path / "clothbound.txt").touch()
    (tmp_path / "clothbound-a-file").touch()
    (tmp_path / "clothbound-a-link").symlink_to(tmp_path / "mine")
    (tmp_path / "mine").mkdir()
    with holder(tmp_path, "wait") as running:
        assert running.stdout is not None
        used = Path(running.stdout.readline().strip())
        folder = staging.TemporaryFolder()
        names = {"clothbound.txt", "clothbound-a-file", "clothbound-a-link", "mine", used.name}
        assert {p.name for p in tmp_path.iterdir()} == {*names, folder.path.name}
        assert folder.path.stat().st_mode & 0o777 == 0o700
        assert content(used) == {"half/file": b"x"}
        folder.cleanup()
        assert not folder.path.exists()
        folder.cleanup()
        assert running.stdin is not None
        running.stdin.close()


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text("# A\n\n" + "word " * 50_000)
    return tmp_path


def shell(line: str, folder: Path) -> tuple[int, str, str]:
    """Runs a line of bash in which CB is the command; code of the line, stdout and stderr."""
    program = f'CB() {{ "{sys.executable}" -m clothbound "$@"; }}; {line}'
    done = subprocess.run(
        ["bash", "-c", program], cwd=folder, capture_output=True, timeout=120, check=False
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@unix
@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("CB convert a.md -t text >&-", 1, "clothbound: stdout: cannot be written"),
        ("CB formats >&-", 1, "clothbound: Bad file descriptor"),
        ("CB convert a.md -o x.html >&-", 0, "x.html: 1 post"),
        ("CB convert a.md -o x.html 2>&-", 0, ""),
        ("CB convert a.md -o x.html <&- >&- 2>&-", 0, ""),
        ("CB convert - -t text <&-", 1, "clothbound: stdin: cannot be read"),
        ("CB convert none.md -o x.html 2>&-", 1, ""),
        ("CB convert a.md -t text | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", 0, ""),
        ("CB formats | true; exit ${PIPESTATUS[0]}", 0, ""),
        ("CB convert a.md -o x.html 2>&1 | true; exit ${PIPESTATUS[0]}", 0, ""),
    ],
)
def test_closed_streams(letter: Path, line: str, code: int, said: str) -> None:
    found, _, errors = shell(line, letter)
    assert (found, "Traceback" in errors) == (code, False), errors
    assert errors.startswith(said)
    assert errors.count("\n") <= 1
    if "x.html" in line and not code:
        assert (letter / "x.html").read_bytes().endswith(b"</html>\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("CB convert a.md -t text >/dev/full", 1),
        ("CB formats >/dev/full", 1),
        ("CB convert a.md -o /dev/full -t html", 1),
        ("CB convert a.md -o x.html --report /dev/full", 1),
        ("CB convert a.md -o x.html --log /dev/full -O nonsense=1", 2),
        ("CB convert a.md -o x.html 2>/dev/full", 0),
    ],
)
def test_a_device_that_is_full(letter: Path, line: str, code: int) -> None:
    found, _, errors = shell(line, letter)
    assert found == code, errors
    assert "Traceback" not in errors
    assert "Exception ignored" not in errors


@unix
@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 130, "clothbound: interrupted\n"),
        (signal.SIGTERM, 143, "clothbound: stopped by SIGTERM\n"),
    ],
)
def test_a_signal_ends_the_command_in_one_line(
    tmp_path: Path, number: int, code: int, said: str
) -> None:
    (tmp_path / "x.html").write_bytes(b"old")
    os.mkfifo(tmp_path / "pipe.css")
    (tmp_path / "a.md").write_text("# A\n")
    # It waits for its style sheet when it is stopped.
    command = [*COMMAND, "convert", "a.md", "-o", "x.html", "--css", "pipe.css"]
    # A shell starts a job in the background with Ctrl-C ignored, and a process hands that on.
    heed = partial(signal.signal, number, signal.SIG_DFL)
    with subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, preexec_fn=heed
    ) as process:
        writer = os.open(tmp_path / "pipe.css", os.O_WRONLY)
        time.sleep(0.05)
        process.send_signal(number)
        assert process.stderr is not None
        errors = process.stderr.read().decode()
        os.close(writer)
    assert (process.returncode, errors) == (code, said)
    assert (tmp_path / "x.html").read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.md", "pipe.css", "x.html"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount here")
    if done.returncode:
        pytest.skip("a file system is mounted by root only")
    yield place
    subprocess.run(["umount", str(place)], check=False)


def test_a_disk_that_is_full(small_disk: Path, letter: Path) -> None:
    (small_disk / "x.html").write_bytes(b"old")
    for line in (
        f"CB convert a.md -o {small_disk}/x.html",
        f"CB convert a.md -t site -o {small_disk}/s",
    ):
        code, _, errors = shell(line, letter)
        assert code == 1
        assert "cannot be written: No space left on device" in errors
        assert errors.count("\n") == 1
    assert content(small_disk) == {"x.html": b"old"}
    assert [p.name for p in small_disk.iterdir()] == ["x.html"]
