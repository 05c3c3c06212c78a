"""Runs many conversions, on any executor.

Small work needs no executor; ``ProcessPoolExecutor`` serves one machine, and
``dask.distributed.Client(...).get_executor()`` a cluster.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from . import api
from .diagnostics import LossReport
from .errors import ClothboundError
from .filters import Filter, Filters, as_files, refuse_unsendable
from .naming import numbered_names
from .run import Run, with_filters

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .formats import ReaderOptions, WriterOptions

Task: TypeAlias = tuple[str, str]
"""The paths of a source and of its product."""

BATCH = 16
"""The number of sources in one task: on a cluster, the overhead of a task equals several posts (Dask's own
``chunksize`` has no effect)."""


class Result(msgspec.Struct, frozen=True):
    """The result of one conversion of many: a report, or the error that stopped it."""

    source: str
    target: str
    report: LossReport | None = None
    error: ClothboundError | None = None


ConvertAll: TypeAlias = Callable[[Sequence[Task]], list[Result]]


def convert_many(
    sources: Iterable[str | os.PathLike[str]],
    *,
    to: str | WriterOptions | None = None,
    folder: str | os.PathLike[str],
    reader: str | ReaderOptions | None = None,
    writer: str | WriterOptions | None = None,
    strict: bool = False,
    filters: Iterable[Filter] = (),
    run: Run | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
) -> Iterator[Result]:
    """Converts each source into ``folder`` with the writer ``to``; yields results as they come.

    ``to`` is a writer's name or its options; ``writer`` is the same under the name that ``convert`` has for it, and
    one of the two must be given. ``reader`` is a reader's name or its options; without it each source tells its
    format. With ``strict``, a product that would lack something is not saved, and its result has the LossError.
    ``run`` (limits, fetch and more) applies to each conversion; with an executor of
    processes, its functions must be picklable.
    ``executor`` is an executor, or a function that makes one, which is shut down at the end. A source that
    fails does not stop the others, even if it ends its worker: tasks that an executor lost are tried
    again in separate processes, and a source that ends such a process has an error that says so.
    Files are named by their source's stem (an ``index`` by its folder); a second file of the same name gets a
    number. ``filters`` are those of ``write``; for processes they are functions of a module or files, which
    the processes need not have. Before anything is converted, TypeError is raised for both or none of ``to`` and
    ``writer``, UnknownFormatError and OptionError for a format that cannot be used, and UsageError for what is not
    a filter.
    """
    from . import formats

    if (to is None) == (writer is None):
        raise TypeError("convert_many takes the format as one of to and writer")
    made = to if to is not None else writer
    assert made is not None
    name_of_writer, _ = formats.name_and_options(made, formats.WriterOptions)
    extension = formats.writer(name_of_writer).extension
    if reader is not None:
        formats.reader(formats.reader_and_options(reader)[0])
    run = _with_checked_filters(with_filters(run, filters), executor)
    convert_all = partial(_convert_all, reader=reader, writer=made, strict=strict, run=run)
    given = [sources] if isinstance(sources, (str, os.PathLike)) else sources
    paths = [os.fspath(source) for source in given]
    names = numbered_names(list(map(_wish, map(Path, paths))))
    tasks = [
        (path, str(Path(folder) / f"{name}{extension}"))
        for path, name in zip(paths, names, strict=True)
    ]
    return _results(tasks, convert_all, executor, run.filters)


def _with_checked_filters(run: Run, executor: Executor | Callable[[], Executor] | None) -> Run:
    """Returns the run with files of filters read. Raises UsageError for filters that the executor cannot have."""
    if not run.filters:
        return run
    files = as_files(run.filters)
    Filters.of(files)
    made_by = executor.func if isinstance(executor, partial) else executor
    if made_by is not None and (isinstance(made_by, type) or not callable(made_by)):
        _refuse_unsendable(files, made_by)
    return msgspec.structs.replace(run, filters=files)


def _refuse_unsendable(filters: Sequence[Filter], executor: Executor | type) -> None:
    """Raises UsageError for a filter that cannot be sent to the workers of an executor, given or by its class."""
    from concurrent import futures

    kind = executor if isinstance(executor, type) else type(executor)
    # Python 3.14 has threads that share nothing, each with an interpreter of its own.
    apart = getattr(futures, "InterpreterPoolExecutor", ())
    if not issubclass(kind, futures.ThreadPoolExecutor) or issubclass(kind, apart):
        refuse_unsendable(filters)


def _results(
    tasks: Sequence[Task],
    convert_all: ConvertAll,
    executor: Executor | Callable[[], Executor] | None,
    filters: Sequence[Filter],
) -> Iterator[Result]:
    batches = [tasks[start : start + BATCH] for start in range(0, len(tasks), BATCH)]
    if executor is None:
        for batch in batches:
            yield from convert_all(batch)
    elif callable(executor):
        with executor() as made:
            _refuse_unsendable(filters, made)
            yield from _on(made, batches, convert_all)
    else:
        yield from _on(executor, batches, convert_all)


def _on(
    executor: Executor, batches: Sequence[Sequence[Task]], convert_all: ConvertAll
) -> Iterator[Result]:
    from concurrent.futures import Future, as_completed

    lost: list[tuple[Sequence[Task], Exception]] = []
    futures: dict[Future[list[Result]], Sequence[Task]] = {}
    for batch in batches:
        try:
            futures[executor.submit(convert_all, batch)] = batch
        except Exception as error:  # A broken pool accepts no more tasks.
            lost.append((batch, error))
    for future in as_completed(futures):
        try:
            results = future.result()
        except Exception as error:  # The worker died, or its answer could not be sent.
            lost.append((futures[future], error))
        else:
            yield from results
    yield from _again(lost, convert_all)


def _again(
    lost: Sequence[tuple[Sequence[Task], Exception]], convert_all: ConvertAll
) -> Iterator[Result]:
    """Converts the sources of lost tasks one after another, because any source of a task may have ended its worker."""
    from .isolated import JobError, NoProcessError, Worker

    with Worker() as worker:
        for batch, reason in lost:
            for task in batch:
                try:
                    yield from worker.run(partial(convert_all, [task]))
                except NoProcessError:
                    yield Result(*task, error=_as_ours(reason))
                except JobError as error:
                    message = f"the process that was converting it was lost: {error.reason}"
                    yield Result(*task, error=ClothboundError(message, source=task[0]))


def _wish(source: Path) -> str:
    return (source.resolve().parent.name if source.stem == "index" else source.stem) or "post"


def _convert_all(
    tasks: Sequence[Task],
    *,
    reader: str | ReaderOptions | None,
    writer: str | WriterOptions,
    strict: bool,
    run: Run | None,
) -> list[Result]:
    results = []
    run = run or Run()
    if run.jobs is None:  # The sources are what is divided among processes.
        run = msgspec.structs.replace(run, jobs=1)
    for source, target in tasks:
        try:
            report = api.convert(
                source,
                target,
                reader=reader,
                writer=writer,
                run=run,
                strict=strict,
                on_error="collect",
            )
        except Exception as error:  # One bad source must not stop the rest of its batch.
            results.append(Result(source, target, error=_as_ours(error)))
        else:
            results.append(Result(source, target, report=report))
    return results


def _as_ours(error: Exception) -> ClothboundError:
    if isinstance(error, ClothboundError):
        return error
    return ClothboundError(f"{type(error).__name__}: {error}")
