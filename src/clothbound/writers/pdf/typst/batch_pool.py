"""Compiles batches of a book in processes: while one writes its PDF, another lays the next batch out.

Each process compiles one batch and ends, so that its memory goes. The next one starts meanwhile, and loads what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any

from ....isolated import WaitingWorkers
from .compile_worker import load
from .compiler import BatchCompiler, Compiler
from .make_up import MakeUp

Values = Mapping[str, Any]
"""The values of ``<places>`` and ``<pages>`` of a batch."""
Written = tuple[Path, Sequence[str]]
"""The PDF of a batch, and Typst's warnings."""


class BatchPool:
    """Compiles batches by their positions in the book."""

    def __init__(
        self,
        compiler: Compiler,
        timestamp: int,
        new_make_up: Callable[[], MakeUp],
        *,
        jobs: int,
    ) -> None:
        """``compiler`` has all other files, and ``timestamp`` is that of the document.

        ``jobs`` is the number of processes at the same time. ``new_make_up`` makes what decides the pages of
        one compilation.
        """
        self._compiler = compiler
        self._timestamp = timestamp
        self._new_make_up = new_make_up
        self._executor = ThreadPoolExecutor(jobs)
        self._lock = Lock()
        self._count_waiting = 1 if jobs > 1 else 0
        self._waiting = self._start_next()

    def __enter__(self) -> BatchPool:
        return self

    def __exit__(self, *_: object) -> None:
        """Waits for PDFs that are being written."""
        self._executor.shutdown(cancel_futures=True)
        self._waiting.__exit__()

    def _start_next(self) -> WaitingWorkers:
        return WaitingWorkers(self._count_waiting, load)

    def compile(
        self, position: int, own: Mapping[str, bytes]
    ) -> tuple[Future[Values], Future[Written]]:
        """Compiles a batch with its ``own`` files, which depend on other batches.

        Returns what it will say of itself, and its PDF. Both raise CompileError where Typst refuses the batch,
        NoProcessError if no process can be started, and WriteError if it fails.
        """
        laid_out: Future[Values] = Future()
        written: Future[Written] = Future()
        self._executor.submit(self._run, _folder(position), own, laid_out, written)
        return laid_out, written

    def _run(
        self,
        folder: str,
        own: Mapping[str, bytes],
        laid_out: Future[Values],
        written: Future[Written],
    ) -> None:
        try:
            with self._open(folder) as batch:
                self._compiler.put({f"{folder}/{name}": data for name, data in own.items()})
                laid_out.set_result(batch.settle(self._new_make_up()))
                written.set_result(batch.write(self._timestamp))
        except BaseException as error:
            for result in (laid_out, written):
                if not result.done():
                    result.set_exception(error)

    def _open(self, folder: str) -> BatchCompiler:
        """Opens a batch once a thread has come to it, so that none has a process that no thread will end."""
        with self._lock:
            batch = self._compiler.open_batch(folder, self._waiting)
            self._waiting = self._start_next()
        return batch


def _folder(position: int) -> str:
    return f"batches/{position}"
