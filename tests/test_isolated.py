"""Tests jobs in processes of their own: results, and the reasons of failures."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from typing import IO

import pytest

import clothbound
from clothbound import isolated
from clothbound.isolated import (
    JobDiedError,
    JobFailedError,
    JobTimeoutError,
    NoProcessError,
    Worker,
    run,
    run_program,
)

SOURCE = Path(clothbound.__file__).parent
STARTERS = frozenset({"subprocess", "multiprocessing", "_posixsubprocess", "pty"})
CALLS = frozenset({"ProcessPoolExecutor", "fork", "forkpty", "popen", "posix_spawn", "startfile"})
posix = pytest.mark.skipif(os.name != "posix", reason="signals are Unix's")


def test_a_job_returns_what_its_function_does() -> None:
    assert run(partial(divmod, 7, 2)) == (3, 1)
    assert run(partial(bytes, 3_000_000)) == bytes(3_000_000)
    assert run(os.getpid) != os.getpid()


def test_what_a_job_prints_is_no_answer(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(partial(print, "words " * 50_000)) is None
    with Worker() as worker:
        assert worker.run(partial(print, "words " * 50_000)) is None
    assert capfd.readouterr() == ("", "")


def test_a_job_that_fails_says_why() -> None:
    with pytest.raises(JobFailedError, match="invalid literal") as caught:
        run(partial(int, "x"))
    assert caught.value.kind == "ValueError"


@posix
@pytest.mark.parametrize(
    ("job", "reason", "was_killed"),
    [
        (partial(os._exit, 7), "it ended with exit code 7", False),
        (os.abort, "it was killed by SIGABRT", True),
        (partial(exec, "import os; os.kill(os.getpid(), 9)"), "it was killed by SIGKILL", True),
        (partial(sys.exit, "the last words"), "it ended with exit code 1: the last words", False),
    ],
)
def test_a_process_that_ends_says_by_what(
    job: partial[object], reason: str, was_killed: bool
) -> None:
    with pytest.raises(JobDiedError) as caught:
        run(job)
    assert (caught.value.reason, caught.value.was_killed) == (reason, was_killed)
    with Worker() as worker:
        first = worker.run(os.getpid)
        assert worker.run(os.getpid) == first
        with pytest.raises(JobDiedError) as caught:
            worker.run(job)
        assert (caught.value.reason, caught.value.was_killed) == (reason, was_killed)
        assert worker.run(os.getpid) != first, "another process took its place"
        with pytest.raises(JobFailedError, match="invalid literal"):
            worker.run(partial(int, "x"))


def test_the_last_words_of_a_process_are_its_job_s(monkeypatch: pytest.MonkeyPatch) -> None:
    # Python then says which files a program leaves open at its end.
    monkeypatch.setenv("PYTHONWARNINGS", "always::ResourceWarning")
    with pytest.raises(JobDiedError) as caught:
        run(partial(sys.exit, "the last words"))
    assert caught.value.reason == "it ended with exit code 1: the last words"


def test_a_job_has_no_more_than_its_time() -> None:
    with pytest.raises(JobTimeoutError, match=r"more than 0\.5 seconds"):
        run(partial(time.sleep, 60), seconds=0.5)


def test_a_killed_worker_says_so_and_serves_the_next_job() -> None:
    with Worker() as worker:
        worker.run(partial(abs, -1))
        killer = threading.Timer(0.1, worker.kill)
        killer.start()
        with pytest.raises(JobDiedError) as died:
            worker.run(partial(time.sleep, 600))
        killer.join()
        assert died.value.was_killed
        assert worker.run(partial(abs, -2)) == 2


def test_a_job_sees_the_modules_of_who_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "beside.py").write_text("def answer():\n    return 42\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import beside  # type: ignore[import-not-found]

    assert run(beside.answer) == 42


@pytest.mark.parametrize("settings", [{"frozen": True}, {"executable": ""}])
def test_a_program_with_python_in_it_is_not_started_again(
    settings: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setattr(sys, name, value, raising=False)
    with pytest.raises(NoProcessError):
        run(os.getpid)
    with Worker() as worker, pytest.raises(NoProcessError):
        worker.run(os.getpid)


def test_a_python_that_is_gone_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(NoProcessError):
        run(os.getpid)
    with Worker() as worker, pytest.raises(NoProcessError):
        worker.run(os.getpid)


def test_what_an_answer_leaves_unread_is_no_answer_to_the_next_job() -> None:
    refused = "type('Odd', (), {'__reduce__': lambda self: (int, ('x',))})()"
    with Worker() as worker:
        first = worker.run(os.getpid)
        with pytest.raises(ValueError, match="invalid literal"):
            worker.run(partial(eval, refused))
        assert worker.run(partial(abs, -2)) == 2
        assert worker.run(os.getpid) != first, "another process took its place"


def test_a_process_that_does_not_start_leaves_no_file_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = []
    make = tempfile.TemporaryFile

    def note() -> IO[bytes]:
        opened.append(make())
        return opened[-1]

    monkeypatch.setattr(isolated.tempfile, "TemporaryFile", note)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with Worker() as worker, pytest.raises(NoProcessError):
        worker.run(os.getpid)
    assert [file.closed for file in opened] == [True]
    monkeypatch.setattr(sys, "executable", "")
    with Worker() as worker, pytest.raises(NoProcessError):
        worker.run(os.getpid)
    assert all(file.closed for file in opened)


def test_a_program_of_others_prints_or_is_none() -> None:
    assert run_program([sys.executable, "-c", "print(1)"], seconds=60) == "1" + os.linesep
    assert run_program([sys.executable, "-c", "raise SystemExit(1)"], seconds=60) is None
    assert run_program(["/no/such/program"], seconds=60) is None
    assert run_program([sys.executable, "-c", "input()"], seconds=60) is None


def test_svg_is_drawn_where_clothbound_is_on_a_path_alone(tmp_path: Path) -> None:
    """As in a zipped application, or a folder of packages that a program adds to its path."""
    (tmp_path / "post.md").write_text("# T\n\n![A drawing](a.svg)\n", "utf-8")
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    )
    (tmp_path / "a.svg").write_text(drawing, "utf-8")
    paths = [str(SOURCE.parent), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    program = (
        f"import sys; sys.path[:0] = {paths!r}\n"
        "import clothbound\n"
        "from clothbound.writers.epub import Epub\n"
        "posts = clothbound.read('post.md')\n"
        "made = clothbound.write(posts, Epub(destination='kdp'))\n"
        "made.save('a.epub', strict=True)\n"
    )
    # An interpreter without the packages of this one.
    plain = getattr(sys, "_base_executable", sys.executable)
    done = subprocess.run(
        [plain, "-I", "-S", "-c", program], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_the_true_reason_is_in_the_message(monkeypatch: pytest.MonkeyPatch) -> None:
    from clothbound.errors import ResourceError
    from clothbound.limits import Limits
    from clothbound.media.conversion import convert_picture
    from clothbound.media.picture_limits import PictureRules
    from clothbound.media.resources import Resource

    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    )
    resource = Resource(drawing, "image/svg+xml")
    rules = PictureRules(accepted=frozenset({"image/png"}))
    assert convert_picture(resource, rules, Limits()).media_type == "image/png"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    with pytest.raises(ResourceError, match="which cannot be started here"):
        convert_picture(resource, rules, Limits())
    monkeypatch.delattr(sys, "frozen")
    monkeypatch.setattr(sys, "path", [p for p in sys.path if "site-packages" not in p])
    with pytest.raises(ResourceError, match="No module named 'resvg_py'"):
        convert_picture(resource, rules, Limits())


def test_no_other_module_starts_a_process() -> None:
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        if path.name == Path(isolated.__file__).name:
            continue
        for node in ast.walk(ast.parse(path.read_bytes())):
            match node:
                case ast.Import(names):
                    names_here = {name.name.partition(".")[0] for name in names}
                case ast.ImportFrom(module=module, names=names):
                    first = (module or "").partition(".")[0]
                    names_here = {first, *(f"{name.name}" for name in names)}
                case ast.Attribute(ast.Name("os"), name):
                    starts = name.startswith(("exec", "spawn")) or name == "system"
                    names_here = {"fork"} if starts else {name}
                case _:
                    continue
            if names_here & (STARTERS | CALLS):
                found.append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert found == []
