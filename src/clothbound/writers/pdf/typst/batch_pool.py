"""Compiles batches of a book in processes, several at the same time.

Each process compiles one batch and ends, so that its memory goes. Those whose first page is not known yet begin
with a layout ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .compiler import BatchCompiler, Compiler
from .make_up import MakeUp

Values = Mapping[str, Any]
"""The values of ``<places>`` and ``<pages>`` of a batch."""
Written = tuple[Path, Sequence[str]]
"""The PDF of a batch, and Typst's warnings."""


@dataclass(frozen=True, slots=True)
class _Task:
    """A batch that a process compiles, or will."""

    batch: BatchCompiler
    own: Future[Mapping[str, bytes]] = field(default_factory=Future)
    """The batch's own files, which depend on other batches."""
    laid_out: Future[Values] = field(default_factory=Future)
    written: Future[Written] = field(default_factory=Future)


class BatchPool:
    """Compiles batches by their positions in the book."""

    def __init__(
        self,
        compiler: Compiler,
        timestamp: int,
        new_make_up: Callable[[], MakeUp],
        *,
        jobs: int,
        threads: int,
    ) -> None:
        """``compiler`` has all other files, and ``timestamp`` is that of the document.

        ``jobs`` is the number of processes at the same time, each with ``threads``, or with as many as there are cores
        if that is 0. ``new_make_up`` makes what decides the pages of one compilation.
        """
        self._compiler = compiler
        self._timestamp = timestamp
        self._new_make_up = new_make_up
        self._threads = threads
        self._executor = ThreadPoolExecutor(jobs)
        self._ahead: dict[int, _Task] = {}
        """The batches whose own files are not known yet."""

    def __enter__(self) -> BatchPool:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends what was begun ahead, and waits for PDFs that are being written."""
        for task in self._ahead.values():
            task.own.cancel()
            task.batch.kill()
        self._executor.shutdown(cancel_futures=True)

    def lay_out_ahead(self, position: int, guessed: Mapping[str, bytes]) -> None:
        """Begins a batch with ``guessed`` files of its own, unless it has begun. ``compile`` goes on."""
        if position not in self._ahead:
            self._ahead[position] = self._begin(position, guessed)

    def compile(
        self, position: int, own: Mapping[str, bytes]
    ) -> tuple[Future[Values], Future[Written]]:
        """Compiles a batch with its ``own`` files.

        Returns what it will say of itself, and its PDF. Both raise CompileError where Typst refuses the batch,
        NoProcessError if no process can be started, and WriteError if it fails.
        """
        task = self._ahead.pop(position, None) or self._begin(position, None)
        task.own.set_result(own)
        return task.laid_out, task.written

    def _begin(self, position: int, guessed: Mapping[str, bytes] | None) -> _Task:
        task = _Task(self._compiler.open_batch(_folder(position), self._threads))
        self._executor.submit(self._run, task, position, guessed)
        return task

    def _run(self, task: _Task, position: int, guessed: Mapping[str, bytes] | None) -> None:
        try:
            with task.batch as batch:
                if guessed is not None:
                    self._put(position, guessed)
                    batch.lay_out_ahead()
                self._put(position, task.own.result())
                task.laid_out.set_result(batch.settle(self._new_make_up()))
                task.written.set_result(batch.write(self._timestamp))
        except BaseException as error:
            for result in (task.laid_out, task.written):
                if not result.done():
                    result.set_exception(error)

    def _put(self, position: int, own: Mapping[str, bytes]) -> None:
        self._compiler.put({f"{_folder(position)}/{name}": data for name, data in own.items()})


def _folder(position: int) -> str:
    return f"batches/{position}"
