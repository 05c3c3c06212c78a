"""Runs jobs in separate processes, and other programs. No other module starts a process.

A job that exhausts memory, never ends or crashes affects its own process only, and the caller gets the
reason.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Any, TypeVar

from .errors import reason_of

T = TypeVar("T")

# The output of a job goes to the error stream, because stdout carries only the answers.
_PROGRAM = """
import json, os, sys
with os.fdopen(os.dup(1), "wb") as answers:
    os.dup2(2, 1)
    sys.path[:] = json.loads(sys.stdin.buffer.readline())
    import pickle
    kept, failed = (), b""
    while head := sys.stdin.buffer.readline():
        keeps, size = map(int, head.split())
        job = sys.stdin.buffer.read(size)
        try:
            if keeps:
                kept, failed = (pickle.loads(job)(),), b""
                continue
            answer = pickle.dumps((pickle.loads(job)(*kept), "", ""))
        except Exception as error:
            answer = pickle.dumps((None, type(error).__name__, str(error)))
            if keeps:
                failed = answer
                continue
        answers.write(failed or answer)
        answers.flush()
"""
# The last characters of a process's error stream that a message quotes.
_QUOTED = 300


class NoProcessError(Exception):
    """No Python process can be started here."""


class JobError(Exception):
    """A job has no result, for the ``reason`` given."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class JobFailedError(JobError):
    """The job raised an exception: ``kind`` is the name of its type, ``reason`` its message."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(" ".join(message.split()) or kind)
        self.kind = kind


class JobTimeoutError(JobError):
    """The job was ended because it took too long."""


class JobDiedError(JobError):
    """The process ended before its job; ``was_killed`` if by a signal or because memory ran out."""

    def __init__(self, reason: str, *, was_killed: bool) -> None:
        super().__init__(reason)
        self.was_killed = was_killed


def usable_cores() -> int:
    """Returns the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(job: Callable[[], T], *, seconds: float | None = None) -> T:
    """Runs ``job`` in a separate process with the same module path, and returns its result.

    ``job`` and its result are pickled, so ``job`` is ``functools.partial(function, ...)`` with a function of a
    module. The job is ended after ``seconds``, or never if None. Raises NoProcessError and JobError.
    """
    try:
        done = subprocess.run(  # noqa: S603 - this very Python, with a program of ours
            _command(),
            input=_path() + _frame(job),
            capture_output=True,
            timeout=seconds,
            check=False,
            creationflags=_FLAGS,
        )
    except subprocess.TimeoutExpired as error:
        raise JobTimeoutError(f"it takes more than {seconds:g} seconds") from error
    except OSError as error:
        raise NoProcessError(reason_of(error)) from error
    if done.returncode or not done.stdout:
        raise _death_error(done.returncode, done.stderr.decode(errors="replace"))
    answer: T = _result(pickle.loads(done.stdout))  # noqa: S301 - of a process of ours
    return answer


class Worker:
    """Runs jobs one after another in one process, which is replaced if a job ends it."""

    def __init__(self, begin: Callable[[], object] | None = None) -> None:
        """``begin`` is run first in each process, and what it returns is kept there and given to every job.

        Where it raises an exception, that is the answer to every job.
        """
        self._begin = begin
        self._is_begun = False
        """Whether the process was told what it keeps."""
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def run(self, job: Callable[..., T], *, seconds: float | None = None) -> T:
        """Runs ``job`` as ``isolated.run`` does. Raises NoProcessError and JobError."""
        if seconds is None:
            return self._run(job)
        import threading

        late = threading.Event()

        def end() -> None:
            late.set()
            self.kill()

        clock = threading.Timer(seconds, end)
        clock.daemon = True
        clock.start()
        try:
            return self._run(job)
        except JobDiedError as error:
            if late.is_set():
                raise JobTimeoutError(f"it takes more than {seconds:g} seconds") from error
            raise
        finally:
            clock.cancel()
            clock.join()
            if late.is_set():  # perhaps just after the job
                self._end()

    def _run(self, job: Callable[..., T]) -> T:
        data = _frame(job)
        self.start()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(data)
            process.stdin.flush()
            found = pickle.load(process.stdout)  # noqa: S301 - of a process of ours
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            code, errors = self._end()
            raise _death_error(code, errors) from error
        except BaseException:
            # What is left of this answer must not be taken for that of the next job.
            self.kill()
            self._end()
            raise
        answer: T = _result(found)
        return answer

    def kill(self) -> None:
        """Ends the process at once, from any thread. The job that it runs, if any, raises JobDiedError."""
        process = self._process
        if process is not None:
            process.kill()

    def begin_with(self, begin: Callable[[], object]) -> None:
        """Gives ``begin``, as ``__init__`` takes it, to every process from the next job on, in the place of another."""
        self._begin, self._is_begun = begin, False

    def start(self) -> None:
        """Starts the process, unless it runs, and has it do what it does before any job. Raises NoProcessError."""
        if self._process is None:
            try:
                self._process = self._open()
            except OSError as error:
                raise NoProcessError(reason_of(error)) from error
        if self._is_begun or self._begin is None:
            return
        self._is_begun = True
        assert self._process.stdin is not None
        with suppress(OSError):  # if the process has already ended, the first job finds out
            self._process.stdin.write(_frame(self._begin, keeps=True))
            self._process.stdin.flush()

    def _open(self) -> subprocess.Popen[bytes]:
        command = _command()
        self._is_begun = False
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe would fill, and stop the process
        try:
            process = subprocess.Popen(  # noqa: S603 - this very Python, with a program of ours
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                creationflags=_FLAGS,
            )
        except BaseException:
            errors.close()
            raise
        self._errors = errors
        assert process.stdin is not None
        with suppress(OSError):
            process.stdin.write(_path())
        return process

    def _end(self) -> tuple[int, str]:
        """Ends the process and returns its exit code and error stream."""
        process, self._process = self._process, None
        if process is None:
            return 0, ""
        with suppress(OSError):
            process.communicate()
        assert self._errors is not None
        with self._errors as stream:
            stream.seek(0)
            return process.returncode, stream.read().decode(errors="replace")


class WaitingWorkers:
    """Processes that start before it is known what they are to make, and load meanwhile what they will need."""

    def __init__(self, count: int, load: Callable[[], object]) -> None:
        """``load`` is run in each; its result and its errors are ignored. Where no process can be started, none waits."""
        self._workers = [Worker(load) for _ in range(count)]
        try:
            for worker in self._workers:
                worker.start()
        except NoProcessError:  # Whoever needs one finds out.
            self.__exit__()

    def __enter__(self) -> WaitingWorkers:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends those that nobody has taken."""
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker._end()
        self._workers = []

    def take(self, most: int, begin: Callable[[], object]) -> list[Worker]:
        """Returns as many workers as wait, but not more than ``most``, which begin with ``begin``. They are the caller's."""
        taken, self._workers = self._workers[:most], self._workers[most:]
        for worker in taken:
            worker.begin_with(begin)
        return taken


def run_program(command: Sequence[str], *, seconds: float) -> str | None:
    """Returns what a program prints, or None if it cannot run, fails, or takes more than ``seconds``."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell
            list(command), capture_output=True, text=True, timeout=seconds, check=True
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return done.stdout


# Windows would open a window for a child of a program without one.
_FLAGS: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def _command() -> list[str]:
    """Raises NoProcessError."""
    # In a program that embeds Python, sys.executable is that program, or empty.
    if not sys.executable or getattr(sys, "frozen", False):
        raise NoProcessError("this program embeds Python")
    return [sys.executable, "-P", "-c", _PROGRAM]


def _path() -> bytes:
    return json.dumps([str(entry) for entry in sys.path]).encode() + b"\n"


def _frame(job: Callable[..., object], *, keeps: bool = False) -> bytes:
    data = pickle.dumps(job)
    return b"%d %d\n%b" % (keeps, len(data), data)


def _result(answer: tuple[Any, str, str]) -> Any:
    result, kind, message = answer
    if kind:
        raise JobFailedError(kind, message)
    return result


def _death_error(code: int, errors: str) -> JobDiedError:
    """Returns the error for a process with this exit code, negative for a signal on POSIX, and error stream."""
    if code < 0:
        by = signal.Signals(-code).name if -code in {*signal.Signals} else f"signal {-code}"
        return JobDiedError(f"it was killed by {by}", was_killed=True)
    is_memory = "memory allocation" in errors or "MemoryError" in errors
    reason = f"it ended with exit code {code}"
    if errors.strip():
        reason += f": {_last(errors)}"
    return JobDiedError(reason, was_killed=is_memory)


def _last(errors: str) -> str:
    return " ".join(errors.split())[-_QUOTED:] or "it printed nothing"
