"""Work that is stopped before one of its calls about files: by an exception, or with its process."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import FrameType

from clothbound.isolated import Worker


@dataclass(frozen=True)
class Calls:
    """Calls of functions with these ``names`` in modules whose names begin with one of ``modules``."""

    names: frozenset[str]
    modules: tuple[str, ...]


def stopped_at(
    step: int, stop: Callable[[], object], work: Callable[[], object], calls: Calls
) -> bool:
    """Runs ``work`` and calls ``stop`` before the ``step``-th of ``calls``; whether there was one."""
    left = step

    def watch(frame: FrameType, event: str, function: object) -> None:
        nonlocal left
        if event != "c_call" or getattr(function, "__name__", "") not in calls.names:
            return
        if str(frame.f_globals.get("__name__", "")).startswith(calls.modules):
            left -= 1
            if not left:
                stop()

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(before)
    return left <= 0


class Killer:
    """Kills work in processes of its own, which a small process forks.

    A fork of pytest's process would copy the tables of all its memory, which takes longer than most of the work.
    Work is pickled, so it is a ``partial`` of a module's function.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def load(self, work: Callable[[], object]) -> None:
        """Runs ``work``, so that the modules that it imports are there for each process that is forked from now on."""
        self._worker.run(partial(_run, work))

    def killed_at(self, step: int, work: Callable[[], object], calls: Calls) -> bool:
        """Runs ``work`` in a process that is killed before the ``step``-th of ``calls``; whether it was."""
        return self._worker.run(partial(_killed_at, step, work, calls))

    def kill_at_random(self, work: Callable[[], object], times: int) -> None:
        """Runs ``work`` again and again in a process that is soon killed, as often as ``times`` says."""
        self._worker.run(partial(_kill_at_random, work, times))


def _run(work: Callable[[], object]) -> None:
    work()  # what it returns is not sent back


def _killed_at(step: int, work: Callable[[], object], calls: Calls) -> bool:
    pid = os.fork()
    if not pid:
        with _fails_alone():
            stopped_at(step, lambda: os.kill(os.getpid(), signal.SIGKILL), work, calls)
    return _was_killed(pid)


def _kill_at_random(work: Callable[[], object], times: int) -> None:
    chance = random.Random(1)
    for _ in range(times):
        pid = os.fork()
        if not pid:
            with _fails_alone():
                while True:
                    work()
        time.sleep(chance.uniform(0.001, 0.02))
        os.kill(pid, signal.SIGKILL)
        assert _was_killed(pid)


@contextmanager
def _fails_alone() -> Iterator[None]:
    """Ends a forked process with what is done in it, and its exit code says whether that failed."""
    try:
        yield
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _was_killed(pid: int) -> bool:
    """Whether a process was killed before its work was done. Work that fails would look as if it had been done."""
    status = os.waitpid(pid, 0)[1]
    if not os.WIFSIGNALED(status):
        assert os.WEXITSTATUS(status) == 0, "the work failed"
    return os.WIFSIGNALED(status)
