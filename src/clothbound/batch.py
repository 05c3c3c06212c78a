"""Many conversions, on any executor.

None is needed for small work; ``ProcessPoolExecutor`` serves one machine, and
``dask.distributed.Client(...).get_executor()`` a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass
from pathlib import Path

from . import api
from .diagnostics import LossReport
from .errors import ClothboundError

BATCH = 16
"""Sources in one task: a task's overhead on a cluster is that of several posts (Dask's own
``chunksize`` does nothing)."""


@dataclass(frozen=True, slots=True)
class Result:
    """One conversion of many: a report, or the error that stopped it."""

    source: str
    target: str
    report: LossReport | None = None
    error: ClothboundError | None = None


def convert_many(
    sources: Sequence[str | Path],
    *,
    to: str,
    folder: str | Path,
    executor: Executor | None = None,
) -> Iterator[Result]:
    """Converts each source into ``folder`` with the writer ``to``; yields results as they come.

    A source that fails does not stop the others. Files are named by their source's stem; two
    sources of one name get a number.
    """
    from . import formats

    extension = formats.writer(to).extension
    taken: set[str] = set()
    tasks = []
    for source in sources:
        stem = Path(source).stem or "post"
        name, n = stem, 2
        while name in taken:
            name, n = f"{stem}-{n}", n + 1
        taken.add(name)
        tasks.append((str(source), str(Path(folder) / f"{name}{extension}")))
    batches = [tasks[start : start + BATCH] for start in range(0, len(tasks), BATCH)]
    if executor is None:
        for batch in batches:
            yield from _run(batch, to)
        return
    futures = [executor.submit(_run, batch, to) for batch in batches]
    for future in as_completed(futures):
        yield from future.result()


def _run(tasks: Sequence[tuple[str, str]], to: str) -> list[Result]:
    results = []
    for source, target in tasks:
        try:
            report = api.convert(source, target, writer=to, on_error="collect")
        except ClothboundError as error:
            results.append(Result(source, target, error=error))
        else:
            results.append(Result(source, target, report=report))
    return results
