"""A job in a process of its own, and programs of others. No other module starts a process.

A job that takes all memory, never ends or brings its process down does so alone; who asked learns the
reason.
"""

from __future__ import annotations

import json
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import IO, Any, TypeVar

T = TypeVar("T")

# What is printed there goes to the error stream: answers alone go to the output.
_PROGRAM = """
import json, os, sys
answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)
sys.path[:] = json.loads(sys.stdin.buffer.readline())
import pickle
while size := sys.stdin.buffer.readline():
    job = sys.stdin.buffer.read(int(size))
    try:
        answer = pickle.dumps((pickle.loads(job)(), "", ""))
    except Exception as error:
        answer = pickle.dumps((None, type(error).__name__, str(error)))
    answers.write(answer)
    answers.flush()
"""
_TOLD = 300
"""Characters of what a process said last, in messages."""


class NoProcessError(Exception):
    """No process of Python's can be started here."""


class JobError(Exception):
    """A job has no result; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class JobFailedError(JobError):
    """The job raised an exception of type ``kind``, whose message is the reason."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(" ".join(message.split()) or kind)
        self.kind = kind


class JobTimeoutError(JobError):
    """The job was ended when its time was over."""


class JobDiedError(JobError):
    """The process ended before the job did. ``was_killed``: by a signal, or for want of memory."""

    def __init__(self, reason: str, *, was_killed: bool) -> None:
        super().__init__(reason)
        self.was_killed = was_killed


def run(job: Callable[[], T], *, seconds: float | None = None) -> T:
    """What ``job`` returns in a process of its own, which sees the modules that this one sees.

    ``job`` and its result are pickled: ``functools.partial(function, ...)`` with a function of a module.
    ``seconds``: after which it is ended; None: never. Raises NoProcessError and JobError.
    """
    try:
        done = subprocess.run(  # noqa: S603 - this very Python, with a program of ours
            _command(),
            input=_path() + _framed(job),
            capture_output=True,
            timeout=seconds,
            check=False,
            creationflags=_FLAGS,
        )
    except subprocess.TimeoutExpired as error:
        raise JobTimeoutError(f"it takes more than {seconds:g} seconds") from error
    except OSError as error:
        raise NoProcessError(error.strerror or str(error)) from error
    if done.returncode or not done.stdout:
        raise _died(done.returncode, done.stderr.decode(errors="replace"))
    answer: T = _result(pickle.loads(done.stdout))  # noqa: S301 - of a process of ours
    return answer


class Worker:
    """A process for many jobs, one after another; another takes the place of one that a job ended."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._told: IO[bytes] | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def run(self, job: Callable[[], T]) -> T:
        """What ``job`` returns, as ``isolated.run`` has it. Raises NoProcessError and JobError."""
        data = _framed(job)
        try:
            process = self._process or self._start()
        except OSError as error:
            raise NoProcessError(error.strerror or str(error)) from error
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(data)
            process.stdin.flush()
            found = pickle.load(process.stdout)  # noqa: S301 - of a process of ours
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            code, told = self._end()
            raise _died(code, told) from error
        answer: T = _result(found)
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe would fill, and stop the process
        self._process = subprocess.Popen(  # noqa: S603 - this very Python, with a program of ours
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._told,
            creationflags=_FLAGS,
        )
        assert self._process.stdin is not None
        with suppress(OSError):  # a process that has ended already is found when it is asked
            self._process.stdin.write(_path())
        return self._process

    def _end(self) -> tuple[int, str]:
        """The code with which the process ended, and what it told."""
        process, self._process = self._process, None
        if process is None:
            return 0, ""
        with suppress(OSError):
            process.communicate()
        assert self._told is not None
        with self._told as stream:
            stream.seek(0)
            return process.returncode, stream.read().decode(errors="replace")


def run_program(command: Sequence[str], *, seconds: float) -> str | None:
    """What another program prints; None where it cannot be run, fails, or takes more than ``seconds``."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell
            list(command), capture_output=True, text=True, timeout=seconds, check=True
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return done.stdout


_FLAGS: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows alone would open a window for a process of a program that has none."""


def _command() -> list[str]:
    """Raises NoProcessError."""
    # A program that has Python in it names itself, and would be started again, or nothing.
    if not sys.executable or getattr(sys, "frozen", False):
        raise NoProcessError("this program carries its own Python")
    return [sys.executable, "-P", "-c", _PROGRAM]


def _path() -> bytes:
    return json.dumps([str(entry) for entry in sys.path]).encode() + b"\n"


def _framed(job: Callable[[], object]) -> bytes:
    data = pickle.dumps(job)
    return b"%d\n%b" % (len(data), data)


def _result(answer: tuple[Any, str, str]) -> Any:
    result, kind, message = answer
    if kind:
        raise JobFailedError(kind, message)
    return result


def _died(code: int, told: str) -> JobDiedError:
    """Of a process that ended with ``code``, a signal's negative number on POSIX, and ``told`` this."""
    if code < 0:
        by = signal.Signals(-code).name if -code in {*signal.Signals} else f"signal {-code}"
        return JobDiedError(f"it was ended by {by}", was_killed=True)
    is_memory = "memory allocation" in told or "MemoryError" in told
    reason = f"it ended with {code}: {_last(told)}" if told.strip() else f"it ended with {code}"
    return JobDiedError(reason, was_killed=is_memory)


def _last(told: str) -> str:
    return " ".join(told.split())[-_TOLD:] or "it said nothing"
