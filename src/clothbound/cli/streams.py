"""Handles closed, full and unread standard streams, the signals that stop the command, and the end of its process."""

from __future__ import annotations

import atexit
import contextlib
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType


class StoppedError(BaseException):
    """A signal asked the command to end. No ``except Exception`` takes it for an error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.signal = signal.Signals(number)


def open_streams() -> None:
    """Gives each closed stream a descriptor, and lets messages be lost silently if nobody can read stderr.

    Otherwise the first file that is opened would get the number of the closed stream, and messages of
    libraries to stderr would end up in that file. Writing to a closed stdout fails, and so does reading a
    closed stdin.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None and getattr(sys, f"__{name}__") is None:
            with contextlib.suppress(OSError):
                os.fstat(number)
                continue
            # The descriptor is opened in the wrong direction, so that its use is an error. stderr may be lost.
            flags = os.O_RDONLY if name == "stdout" else os.O_WRONLY
            opened = os.open(os.devnull, flags)
            if opened != number:  # An earlier stream is also closed, and is not replaced.
                os.dup2(opened, number)
                os.close(opened)
            raw = io.FileIO(number, "r" if name == "stdin" else "w", closefd=False)
            buffer = io.BufferedReader(raw) if name == "stdin" else io.BufferedWriter(raw)
            setattr(sys, name, io.TextIOWrapper(buffer, encoding="utf-8", errors="replace"))
    own = sys.__stderr__
    if own is not None and sys.stderr is own and not own.isatty():
        with contextlib.suppress(OSError):
            unheard = _Unheard(own.fileno(), "w", closefd=False)
            sys.stderr = io.TextIOWrapper(
                unheard, encoding=own.encoding, errors=own.errors, write_through=True
            )


class _Unheard(io.FileIO):
    """Writes to stderr, and ignores a full disk or a closed pipe."""

    def write(self, data: object, /) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError:
            return len(memoryview(data))  # type: ignore[arg-type]


@contextlib.contextmanager
def stop_by_signals() -> Iterator[None]:
    """Turns the signals that ask a program to end into StoppedError, so that unfinished files are removed.
    A signal that the parent process made us ignore is still ignored.
    """
    numbers = [
        number
        for name in ("SIGTERM", "SIGHUP")
        if (number := getattr(signal, name, None)) is not None
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(number) is signal.SIG_DFL
    ]

    def stop(number: int, _: FrameType | None) -> None:
        for each in numbers:  # A second signal must not interrupt the cleaning up.
            signal.signal(each, signal.SIG_IGN)
        raise StoppedError(number)

    for number in numbers:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def close_stdout(code: int) -> int:
    """Flushes stdout and returns the exit code, which becomes 1 if that fails.

    Otherwise Python would flush at its end, and print a traceback of its own if that fails.
    """
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        discard_stdout()
    except (OSError, ValueError):
        discard_stdout()
        return code or 1
    return code


def discard_stdout() -> None:
    """Discards the output that stdout still buffers."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)


def end_process(code: int) -> None:
    """Ends the process at once, without freeing each object, which takes a tenth of the time of a run.

    Returns without an effect where something else must still happen before the end: other threads run, or a
    debugger, a profiler or coverage watches. What is registered with ``atexit`` is called first, as always; it
    ends child processes of ``multiprocessing`` too.
    """
    others = [thread for thread in threading.enumerate() if not thread.daemon]
    if others != [threading.main_thread()] or sys.flags.interactive or _is_watched():
        return
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def _is_watched() -> bool:
    if sys.gettrace() is not None or sys.getprofile() is not None:
        return True
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on
    return monitoring is not None and any(map(monitoring.get_tool, range(6)))
