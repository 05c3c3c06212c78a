"""Runs many conversions, on any executor.

Small work needs no executor; ``ProcessPoolExecutor`` serves one machine, and
``dask.distributed.Client(...).get_executor()`` a cluster. Nothing here schedules: an executor decides what runs
where, and ``worker`` converts.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from .. import formats
from ..errors import UsageError
from ..fields import check_values, given_as
from ..filters import Filter, Filters, as_files, refuse_unsendable
from ..naming import NumberedNames, fitted_name, name_with_digest
from ..run import Run, with_filters
from . import cloud_files
from .worker import Result, Task, Work, convert_batch, convert_each

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from ..anthology.order import Order
    from ..anthology.select import Select
    from ..formats import ReaderOptions, Writer, WriterOptions

_Place: TypeAlias = "str | os.PathLike[str]"

_REMEMBERED = 100_000
"""The names and targets that are remembered, so that none is given twice. Later names differ by a digest."""


def convert_many(
    sources: Iterable[
        str | os.PathLike[str] | tuple[str | os.PathLike[str], str | os.PathLike[str]]
    ],
    *,
    to: str | WriterOptions | None = None,
    folder: str | os.PathLike[str] | None = None,
    reader: str | ReaderOptions | None = None,
    writer: str | WriterOptions | None = None,
    strict: bool = False,
    select: Select | None = None,
    order: Order | None = None,
    filters: Iterable[Filter] = (),
    run: Run | None = None,
    executor: Executor | Callable[[], Executor] | None = None,
    batch: int = 16,
    in_flight: int = 1024,
    timeout: float | None = None,
    resume: bool = False,
) -> Iterator[Result]:
    """Converts each source into ``folder`` with the writer ``to``; yields results as they come.

    ``to`` is a writer's name or its options; ``writer`` is the same under the name that ``convert`` has for it, and
    one of the two must be given. ``reader`` is a reader's name or its options; without it each source tells its
    format. With ``strict``, a product that would lack something is not saved, and its result has the LossError.
    With ``select`` or ``order``, each product is a book, as ``book`` makes it of the posts of one source: drafts and
    other secret posts are left out, and the result of a source of which no post is selected has the NoPostsError.
    Where ``select`` has no moment of its own, that is ``run.now``. Without either, all posts of a source are in its
    product, drafts too, in the order of the source, unless the product is public.
    ``run`` (limits, fetch and more) applies to each conversion; with an executor of
    processes, its functions must be picklable. ``filters`` are those of ``write``; for processes they are functions
    of a module or files, which the processes need not have.

    ``sources`` may be any iterable, also an endless one: it is asked for the next source when there is room for one. An
    error that it raises is raised when the sources before it have had their results.
    Sources and ``folder`` are paths, or addresses that fsspec opens, such as ``s3://bucket/name`` (the extra
    ``cloud``); credentials come from the environment. In a store, a target is whole or not there, and a product
    that is a folder is refused. Files are named by their source's stem (an ``index`` by its folder); a second file of
    the same name gets a number, and from the 100,000th on each name gets a digest of its source. A source given as a
    pair names its own target; where all do, ``folder`` is not needed. A source whose target one of the 100,000 before it
    has is not converted, and its result has the error.

    ``executor`` is an executor, or a function that makes one, which is shut down at the end and made anew if it
    breaks. It is given ``batch`` sources at a time, since a task costs a cluster as much as several posts, and no
    more than ``in_flight`` before some are back. A source that fails does not stop the others, even if it ends its
    worker: what an executor lost is tried again, each source in a process of its own, and a source that ends such a
    process has an error that says so (``Result.set_aside``). With ``timeout``, in seconds, every task has such a
    process, and a source that takes longer is set aside. A target may be made twice where a worker was lost, always
    with the same bytes; each source has one result.

    With ``resume``, targets that are whole and were made of the same source, options and versions are skipped, and
    sources that were set aside are not tried again, unless they took too long and have more time now. Records for this lie in ``.clothbound`` beside the targets. The
    key of a source is its bytes, those of all its files for a folder, or its version in a store; pictures beside a
    single file and on the network are taken as unchanged.

    Before anything is converted, TypeError is raised for both or none of ``to`` and ``writer``, UnknownFormatError
    and OptionError for a format that cannot be used, MissingEngineError for a missing package, and UsageError for
    what is not a filter, an executor, a Run, a Select or an Order, a number below one, a folder of a store for a product that is a folder,
    and for ``resume`` where nobody can tell whether an option changed, or what depends on the moment (a public product,
    or a book) without ``run.now``.
    """
    options, found = _find_writer(to, writer)
    if reader is not None:
        formats.reader(formats.reader_and_options(reader)[0])
    _refuse_numbers(batch=batch, in_flight=in_flight, timeout=timeout)
    _refuse_other_than_executor(executor)
    place = None if folder is None else os.fspath(folder)
    if place is not None and cloud_files.is_cloud_address(place):
        _refuse_folder(found, options, place)
    work = Work(
        reader=reader,
        writer=options,
        strict=strict,
        select=None if select is None else _select_of(select),
        order=None if order is None else _order_of(order),
        run=_run_of_each(run, filters, executor, apart=timeout is not None),
        timeout=timeout,
        call=os.urandom(8).hex(),
    )
    if resume:
        work = msgspec.structs.replace(work, settings=_settings(work, found))
    given = [sources] if isinstance(sources, (str, os.PathLike)) else sources
    tasks = _tasks(given, place, found.extension)
    return _results(tasks, work, executor, batch, max(1, in_flight // batch))


def _select_of(given: Select) -> Select:
    from ..anthology.select import Select

    return check_values(given_as(Select, "select", given))


def _order_of(given: Order) -> Order:
    from ..anthology.order import Order

    return check_values(given_as(Order, "order", given))


def _find_writer(
    to: str | WriterOptions | None, writer: str | WriterOptions | None
) -> tuple[str | WriterOptions, Writer[object]]:
    """Returns the one of both that was given, and the writer that it names. Raises TypeError for both or none."""
    options = writer if to is None else to
    if options is None or (to is not None and writer is not None):
        raise TypeError("convert_many takes the format as one of to and writer")
    return options, formats.writer(formats.name_and_options(options, formats.WriterOptions)[0])


def _refuse_numbers(*, batch: int, in_flight: int, timeout: float | None) -> None:
    """Raises UsageError for what is not a number above 0."""
    for name, value in (("batch", batch), ("in_flight", in_flight), ("timeout", timeout)):
        if value is None and name == "timeout":
            continue
        if not isinstance(value, (int, float)) or value <= 0:
            raise UsageError(f"{name} must be a number above 0, not {value!r}")


def _run_of_each(
    run: Run | None,
    filters: Iterable[Filter],
    executor: Executor | Callable[[], Executor] | None,
    *,
    apart: bool,
) -> Run:
    """Returns the run of each conversion. Raises UsageError for filters that the executor cannot have."""
    checked = _with_checked_filters(with_filters(run, filters), executor, apart=apart)
    # The sources are what is divided among processes.
    return checked if checked.jobs is not None else msgspec.structs.replace(checked, jobs=1)


def _refuse_folder(writer: Writer[object], options: str | WriterOptions, folder: str) -> None:
    """Raises UsageError for a product that is a folder, and MissingEngineError if the store cannot be reached by fsspec."""
    cloud_files.require(folder)
    if writer.produces == "tree":
        name, _ = formats.name_and_options(options, formats.WriterOptions)
        raise UsageError(
            f"{name} makes a folder, and a folder of a store cannot be replaced in one step",
            source=folder,
            hint="convert into a folder on a disk, and copy that",
        )


def _refuse_other_than_executor(executor: object) -> None:
    """Raises UsageError for what neither is an executor nor makes one."""
    if executor is None or callable(executor) or callable(getattr(executor, "submit", None)):
        return
    raise UsageError(
        f"executor is an executor or a function that makes one, not {executor!r}",
        hint="partial(ProcessPoolExecutor, 4), for example",
    )


def _settings(work: Work, writer: Writer[object]) -> str:
    from .conversion_key import key_of_settings

    run = work.run
    if run.now is None and (writer.public or work.is_of_books):
        what = "a public product" if writer.public else "a book"
        raise UsageError(
            f"what {what} holds depends on the moment, so resume needs it",
            hint="run=Run(now=datetime(...))",
        )
    chosen = (work.select, work.order) if work.is_of_books else ()
    return key_of_settings(work.reader, work.writer, run, chosen, strict=work.strict)


def _with_checked_filters(
    run: Run, executor: Executor | Callable[[], Executor] | None, *, apart: bool
) -> Run:
    """Returns the run with files of filters read. Raises UsageError for filters that the executor cannot have."""
    if not run.filters:
        return run
    files = as_files(run.filters)
    Filters.of(files)
    if apart:
        refuse_unsendable(files)
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


def _tasks(
    sources: Iterable[_Place | tuple[_Place, _Place]], folder: str | None, extension: str
) -> Iterator[Task]:
    """Yields a task for each source. Names of a list are given as if all were known, others as they come."""
    known = isinstance(sources, Sized)
    if known:
        sources = list(sources)
    names = NumberedNames(
        [_wish(Path(os.fspath(one))) for one in sources if not isinstance(one, tuple)]
        if known
        else ()
    )
    targets: dict[bytes, None] = {}
    """Digests of the targets that were given last."""
    for given in sources:
        if isinstance(given, tuple):
            source, target = os.fspath(given[0]), os.fspath(given[1])
        else:
            source = os.fspath(given)
            if folder is None:
                raise TypeError("convert_many needs a folder, or a target for each source")
            wish = _wish(Path(source))
            is_remembered = known or len(names) < _REMEMBERED
            name = names.give(wish) if is_remembered else name_with_digest(wish, source)
            target = _target_in(folder, f"{name}{extension}")
        digest = _digest_of_target(target)
        yield Task(source, target, digest in targets)
        targets[digest] = None
        if len(targets) > _REMEMBERED:
            del targets[next(iter(targets))]


def _digest_of_target(target: str) -> bytes:
    is_local = not cloud_files.is_cloud_address(target)
    place = os.path.abspath(cloud_files.local_path(target)) if is_local else target  # noqa: PTH100 - resolves no link
    return hashlib.sha256(os.fsencode(place)).digest()[:16]


def _target_in(folder: str, name: str) -> str:
    if cloud_files.is_cloud_address(folder):
        return cloud_files.address_in(folder, name)
    return str(Path(cloud_files.local_path(folder)) / fitted_name(name))


def _wish(source: Path) -> str:
    return (source.resolve().parent.name if source.stem == "index" else source.stem) or "post"


def _results(
    tasks: Iterator[Task],
    work: Work,
    executor: Executor | Callable[[], Executor] | None,
    batch: int,
    most: int,
) -> Iterator[Result]:
    if executor is None:
        yield from convert_each(tasks, work)
        return
    executors = _Executors(executor, work.run.filters)
    try:
        yield from _Flight(executors, work).results(_batches(tasks, batch), most)
    finally:
        executors.end()


def _batches(tasks: Iterator[Task], size: int) -> Iterator[Sequence[Task]]:
    """Yields tasks in batches. What raises an error is heard after those that came before it."""
    batch: list[Task] = []
    try:
        for task in tasks:
            batch.append(task)
            if len(batch) == size:
                yield batch
                batch = []
    except Exception:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


class _Executors:
    """The executor that was given, or those that a function makes, one after another."""

    def __init__(self, given: Executor | Callable[[], Executor], filters: Sequence[Filter]) -> None:
        self._make = given if callable(given) else None
        self._filters = filters
        self._current = self._made() if callable(given) else given
        self.has_worked = False
        """Whether the present one has returned something: one that breaks before is not made again."""

    def _made(self) -> Executor:
        assert self._make is not None
        made = self._make()
        _refuse_unsendable(self._filters, made)
        return made

    def submit(self, tasks: Sequence[Task], work: Work) -> Future[list[Result]]:
        from concurrent.futures import BrokenExecutor

        try:
            return self._current.submit(convert_batch, tasks, work)
        except BrokenExecutor:
            if self._make is None or not self.has_worked:
                raise
        self.end()
        self._current, self.has_worked = self._made(), False
        return self._current.submit(convert_batch, tasks, work)

    def end(self) -> None:
        if self._make is not None:
            self._current.shutdown()


class _Flight:
    """The tasks that an executor has."""

    def __init__(self, executors: _Executors, work: Work) -> None:
        self._executors = executors
        self._work = work
        self._waiting: dict[Future[list[Result]], tuple[Sequence[Task], bool]] = {}
        # Of a future that its executor cancels when it is shut down, concurrent.futures.wait never hears.
        self._ended: SimpleQueue[Future[list[Result]]] = SimpleQueue()

    def results(self, batches: Iterator[Sequence[Task]], most: int) -> Iterator[Result]:
        failure: Exception | None = None
        is_empty = False
        try:
            while True:
                while not is_empty and len(self._waiting) < most:
                    try:
                        batch = next(batches, ())
                    except Exception as error:  # What was taken before is converted all the same.
                        batch, failure = (), error
                    is_empty = not batch
                    yield from self._send(batch, apart=False) if batch else ()
                if not self._waiting:
                    break
                yield from self._landed(self._ended.get())
            if failure is not None:
                raise failure
        finally:
            for future in self._waiting:
                future.cancel()

    def _landed(self, future: Future[list[Result]]) -> Iterator[Result]:
        tasks, was_apart = self._waiting.pop(future)
        try:
            results = future.result()
        except Exception as error:  # The worker died, or its answer could not be sent.
            # Any source of the task may have ended its worker: each gets a process of its own.
            yield from self._here(tasks, error) if was_apart else self._send(tasks, apart=True)
        else:
            self._executors.has_worked = True
            yield from results

    def _send(self, tasks: Sequence[Task], *, apart: bool) -> Iterator[Result]:
        work = msgspec.structs.replace(self._work, apart=True) if apart else self._work
        try:
            future = self._executors.submit(tasks, work)
        except Exception as error:  # A broken pool accepts no more tasks.
            yield from self._here(tasks, error)
        else:
            self._waiting[future] = tasks, apart
            future.add_done_callback(self._ended.put)

    def _here(self, tasks: Sequence[Task], lost: Exception) -> Iterator[Result]:
        """Converts the sources of a lost task on this machine, each in a separate process."""
        yield from convert_batch(tasks, msgspec.structs.replace(self._work, apart=True), lost)
