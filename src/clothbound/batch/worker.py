"""Converts the sources of one task of ``convert_many``, in whatever process an executor has chosen.

Only local files are read and made here: what lies in a store is copied to a private folder first, and a product
for one is made there and then uploaded.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from .. import api
from ..artifact import size_of
from ..diagnostics import LossReport
from ..errors import ClothboundError, ReadError, UsageError, reason_of
from ..isolated import JobError, JobFailedError, JobTimeoutError, NoProcessError, Worker
from ..naming import fitted_name
from ..protected_files import ProtectedFiles
from ..readers.source_bytes import is_zip
from ..source import is_address, is_text, refuse_empty
from ..staging import TemporaryFolder
from . import cloud_files
from .conversion_key import digest_of_place, key_of_conversion
from .conversion_records import (
    ConversionRecord,
    ConversionState,
    done,
    is_whole,
    load_record,
    save_record,
)

if TYPE_CHECKING:
    from ..anthology.order import Order
    from ..anthology.select import Select
    from ..formats import ReaderOptions, WriterOptions
    from ..model.collection import Collection
    from ..run import Run


class Task(msgspec.Struct, frozen=True):
    """A source and its target, as they were given: paths or addresses."""

    source: str
    target: str
    is_taken: bool = False
    """Whether a source before it has the same target."""


class Costs(msgspec.Struct, frozen=True):
    """What one conversion took. Of a process with several threads, the costs of all of them count."""

    wall_seconds: float = 0.0
    """With reading from a store and writing to it."""
    cpu_seconds: float = 0.0
    """With the processes that it started."""
    bytes_in: int = 0
    """The size of the source; 0 for one on the network."""
    bytes_out: int = 0
    """The size of the product; of a folder, of all that it holds."""
    peak_memory: int = 0
    """The most memory, in bytes, that the process which converted it has had until then. 0 on Windows."""


class Result(msgspec.Struct, frozen=True):
    """The result of one conversion of many: a report, or the error that stopped it, or word that it was not needed."""

    source: str
    target: str
    report: LossReport | None = None
    error: ClothboundError | None = None
    costs: Costs = Costs()
    skipped: bool = False
    """Whether the target was whole already, and of the same source, options and versions (``resume``). There is
    no report then."""
    set_aside: bool = False
    """Whether the source ended its process or took too long. With ``resume`` it is not tried again until it changes."""
    timed_out: bool = False
    """Whether it was set aside because it took too long. With ``resume`` a longer ``timeout``, or none, tries it again."""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What all tasks of one call have in common."""

    reader: str | ReaderOptions | None
    writer: str | WriterOptions
    strict: bool
    select: Select | None = None
    order: Order | None = None
    run: Run
    timeout: float | None = None
    apart: bool = False
    """Whether each source is converted in a process of its own, because one of them may have ended another."""
    settings: str = ""
    """The part of keys that all sources share; empty without ``resume``."""
    call: str = ""
    """Differs from call to call, since some executors take equal tasks for one."""

    @property
    def is_of_books(self) -> bool:
        """Whether each product is a book of the posts that are selected."""
        return self.select is not None or self.order is not None


class _Local(msgspec.Struct, frozen=True):
    """The files of one conversion on this machine."""

    source: str
    target: str
    as_stream: bool
    """Whether the source is given to readers without its folder, in which there is nothing of its own."""
    is_from_store: bool
    is_for_store: bool


class _Made(msgspec.Struct, frozen=True):
    """What came of a conversion, and what its process took for it."""

    report: LossReport | None
    error: ClothboundError | None
    own_seconds: float
    """CPU of the process itself."""
    other_seconds: float
    """CPU of the processes that it started."""
    peak_memory: int


def convert_batch(tasks: Sequence[Task], work: Work, lost: Exception | None = None) -> list[Result]:
    """Converts the sources of one task in order. ``lost`` is the error of an executor that had them before."""
    return list(convert_each(tasks, work, lost))


def convert_each(
    tasks: Iterable[Task], work: Work, lost: Exception | None = None
) -> Iterator[Result]:
    """Converts sources in order as ``convert_batch`` does, and yields each result when it is there."""
    with Worker() as worker:
        for task in tasks:
            yield _convert(task, work, worker, lost)


def _convert(task: Task, work: Work, worker: Worker, lost: Exception | None) -> Result:
    begun, own_seconds = time.perf_counter(), time.process_time()
    try:
        if task.is_taken:
            raise UsageError(
                "a source before it has the same target",
                source=task.target,
                hint="name a target of its own for each source",
            )
        with _Workplace(task, work) as workplace:
            result = _resumed(task, work, workplace, worker, lost)
    except Exception as error:  # One bad source must not stop the rest of its batch.
        result = Result(task.source, task.target, error=as_clothbound_error(error))
    costs = msgspec.structs.replace(
        result.costs,
        wall_seconds=time.perf_counter() - begun,
        cpu_seconds=result.costs.cpu_seconds + time.process_time() - own_seconds,
    )
    return msgspec.structs.replace(result, costs=costs)


class _Workplace:
    """Has the source on this machine when it is asked for, in a private folder if it lies in a store."""

    def __init__(self, task: Task, work: Work) -> None:
        self._task = task
        self._most_bytes = work.run.limits.archive_bytes
        self.is_from_store = cloud_files.is_cloud_address(task.source)
        self.is_for_store = cloud_files.is_cloud_address(task.target)
        self._folder: TemporaryFolder | None = None
        self._source: Path | None = None
        self._found: cloud_files.CloudFile | None = None

    def __enter__(self) -> _Workplace:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def _place(self, part: str, address: str) -> Path:
        if self._folder is None:
            self._folder = TemporaryFolder()
        place = self._folder.path / part
        place.mkdir(mode=0o700)
        return place / _local_name(address)

    @property
    def source(self) -> str:
        if not self.is_from_store:
            return cloud_files.local_path(self._task.source)
        if self._source is None:
            place = self._place("in", self._task.source)
            cloud_files.download(
                self._task.source, place, most_bytes=self._most_bytes, found=self._found
            )
            self._source = place
        return str(self._source)

    def digest(self) -> str:
        """Returns what tells this version of the source from others; empty for one on the network. Raises ReadError."""
        if self.is_from_store:
            found = self._found = cloud_files.find(self._task.source)
            if found is None:
                raise ReadError("no such file", source=self._task.source)
            if found.version:
                return f"{found.version} {found.size}"
        elif is_address(self.source):
            return ""
        try:
            return digest_of_place(Path(self.source))
        except OSError as error:
            reason = (
                "no such file or folder"
                if isinstance(error, FileNotFoundError)
                else reason_of(error)
            )
            raise ReadError(reason, source=self._task.source) from error

    def local(self) -> _Local:
        source = self.source
        as_stream = self.is_from_store and not is_zip(source)
        place = self._place("out", self._task.target) if self.is_for_store else ""
        target = str(place or cloud_files.local_path(self._task.target))
        return _Local(source, target, as_stream, self.is_from_store, self.is_for_store)

    def public(self, error: ClothboundError) -> ClothboundError:
        """Returns an error that names the addresses which the caller gave, and not the files in the private folder."""
        if self._folder is None:
            return error
        message, source, hint = error.message, error.source, error.hint
        for part, address in (("in", self._task.source), ("out", self._task.target)):
            own = str(self._folder.path / part / _local_name(address))
            message, source = message.replace(own, address), source.replace(own, address)
            hint = hint.replace(own, address) if own in hint else hint
        if self.is_from_store and source in ("", _local_name(self._task.source)):
            source = self._task.source
        return type(error)(message, source=source, line=error.line, hint=hint)


def _local_name(address: str) -> str:
    """Returns the name that a copy of a file in a store has on this machine."""
    return fitted_name(cloud_files.name_in(address)) or "post"


def _resumed(
    task: Task, work: Work, workplace: _Workplace, worker: Worker, lost: Exception | None
) -> Result:
    """Converts a source, unless its record says that this was done, or that it cannot be."""
    content = workplace.digest() if work.settings else ""
    if not content:
        return _converted(task, work, workplace, worker, lost)
    key = key_of_conversion(work.settings, content)
    record = load_record(task.target)
    was_begun = False
    if record is not None and record.key == key:
        if record.state is ConversionState.DONE and is_whole(task.target, record):
            return Result(task.source, task.target, skipped=True)
        if record.state is ConversionState.SET_ASIDE and not _allows_more(work.timeout, record):
            error = ClothboundError(record.reason, source=task.source)
            timed_out = record.seconds > 0
            return Result(
                task.source, task.target, error=error, set_aside=True, timed_out=timed_out
            )
        was_begun = record.state is ConversionState.BEGUN
    save_record(task.target, ConversionRecord(key, ConversionState.BEGUN))
    if was_begun:  # Its process did not come to the end, perhaps because of this source.
        work = msgspec.structs.replace(work, apart=True)
    result = _converted(task, work, workplace, worker, lost)
    save_record(task.target, _record_of(result, key, work.timeout))
    return result


def _allows_more(timeout: float | None, record: ConversionRecord) -> bool:
    """Returns whether a source that took too long has more time now."""
    return record.seconds > 0 and (timeout is None or timeout > record.seconds)


def _record_of(result: Result, key: str, timeout: float | None) -> ConversionRecord:
    if result.set_aside and result.error is not None:
        seconds = timeout or 0.0 if result.timed_out else 0.0
        reason = result.error.message
        return ConversionRecord(key, ConversionState.SET_ASIDE, reason=reason, seconds=seconds)
    if result.error is not None:
        return ConversionRecord(key, ConversionState.FAILED)
    return done(result.target, key)


def _converted(
    task: Task, work: Work, workplace: _Workplace, worker: Worker, lost: Exception | None
) -> Result:
    local = workplace.local()
    job = partial(_convert_here, local, work)
    is_apart = work.apart or work.timeout is not None
    bytes_in = size_of(Path(local.source))
    try:
        made = worker.run(job, seconds=work.timeout) if is_apart else job()
    except NoProcessError as error:
        return Result(task.source, task.target, error=as_clothbound_error(lost or error))
    except JobFailedError as error:
        failure = ClothboundError(f"{error.kind}: {error.reason}", source=local.source)
        return Result(task.source, task.target, error=workplace.public(failure))
    except JobError as error:
        timed_out = isinstance(error, JobTimeoutError)
        what = "ended" if timed_out else "lost"
        message = f"the process that was converting it was {what}: {error.reason}"
        failure = workplace.public(ClothboundError(message, source=local.source))
        costs = Costs(bytes_in=bytes_in)
        return Result(
            task.source,
            task.target,
            error=failure,
            costs=costs,
            set_aside=True,
            timed_out=timed_out,
        )
    # What this process took itself is counted by the caller.
    elsewhere = made.other_seconds + (made.own_seconds if is_apart else 0.0)
    costs = Costs(cpu_seconds=elsewhere, bytes_in=bytes_in, peak_memory=made.peak_memory)
    if made.error is not None:
        return Result(task.source, task.target, error=workplace.public(made.error), costs=costs)
    costs = msgspec.structs.replace(costs, bytes_out=size_of(Path(local.target)))
    if workplace.is_for_store:
        cloud_files.upload(Path(local.target), task.target)
    return Result(task.source, task.target, report=made.report, costs=costs)


def _convert_here(local: _Local, work: Work) -> _Made:
    """Converts one source of this machine, in this process."""
    report = error = None
    own, other = time.process_time(), _seconds_of_children()
    try:
        with _opened(local) as source:
            report = _convert_files(source, local, work)
    except Exception as raised:
        error = as_clothbound_error(raised)
    return _Made(
        report,
        error,
        time.process_time() - own,
        _seconds_of_children() - other,
        _peak_memory(),
    )


@contextlib.contextmanager
def _opened(local: _Local) -> Iterator[str | BinaryIO]:
    if not local.as_stream:
        yield local.source
        return
    with io.FileIO(local.source) as file:
        file.name = Path(local.source).name  # what readers are told
        with io.BufferedReader(file) as stream:
            yield stream


def _convert_files(source: str | BinaryIO, local: _Local, work: Work) -> LossReport:
    collection = api.read(source, work.reader, run=work.run, on_error="collect")
    refuse_empty(collection, local.source)
    if work.is_of_books:
        collection = _book_of(collection, work)
    artifact = api.write(collection, work.writer, run=work.run)
    if local.is_for_store and artifact.is_tree:
        raise UsageError(
            "the product is a folder, and a folder of a store cannot be replaced in one step",
            hint="convert it into a folder on a disk, and copy that",
        )
    is_place = isinstance(source, str) and not (is_address(source) or is_text(source))
    # A copy in the private folder is elsewhere the next time.
    root = local.source if is_place and not local.is_from_store else ""
    return artifact.save(local.target, strict=work.strict, protected=ProtectedFiles(root=root))


def _book_of(collection: Collection, work: Work) -> Collection:
    """Raises NoPostsError if no post is selected."""
    from ..anthology.select import Select

    select = work.select or Select()
    if select.now is None:
        select = msgspec.structs.replace(select, now=work.run.now)
    return api.book(collection, select, order=work.order)


def as_clothbound_error(error: Exception) -> ClothboundError:
    """Returns the error of a result for any exception."""
    if isinstance(error, ClothboundError):
        return error
    return ClothboundError(f"{type(error).__name__}: {error}")


def _seconds_of_children() -> float:
    times = os.times()
    return times.children_user + times.children_system


if sys.platform == "win32":

    def _peak_memory() -> int:
        return 0

else:
    import resource

    def _peak_memory() -> int:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
