"""The command's standard streams and signals: a closed one, a full one, one that nobody reads."""

from __future__ import annotations

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
    """Gives each closed stream a descriptor, and lets no message fail for want of a reader.

    Without that the first file that is opened gets the number of the closed stream, and what a
    library writes to "stderr" lands in it. To write to a closed stdout fails, and to read a closed
    stdin.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None and getattr(sys, f"__{name}__") is None:
            with contextlib.suppress(OSError):
                os.fstat(number)
                continue
            # The wrong way round, so that to use it is an error; but stderr may get lost.
            flags = os.O_RDONLY if name == "stdout" else os.O_WRONLY
            opened = os.open(os.devnull, flags)
            if opened != number:  # an earlier one is closed too, and stays so
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
    """stderr, of which it is no matter whether a full disk or a closed pipe takes it."""

    def write(self, data: object, /) -> int:
        try:
            return super().write(data)  # type: ignore[arg-type]
        except OSError:
            return len(memoryview(data))  # type: ignore[arg-type]


@contextlib.contextmanager
def stop_by_signals() -> Iterator[None]:
    """Turns the signals that ask a program to end into StoppedError, so that all that was begun is
    cleared away. A signal that whoever started us lets us ignore stays ignored.
    """
    numbers = [
        number
        for name in ("SIGTERM", "SIGHUP")
        if (number := getattr(signal, name, None)) is not None
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(number) is signal.SIG_DFL
    ]

    def stop(number: int, _: FrameType | None) -> None:
        for each in numbers:  # a second one must not stop the clearing away
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
    """Writes what still waits for stdout; the exit code, which is 1 where it cannot be written.

    Python would try again at its end, with a traceback of its own.
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
    """Lets what still waits for stdout go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
