"""Makes the parts of a product in several processes: the same parts, in the same order, as one process makes.

Each process makes the whole product ready once more, from the collection as it was read, and then only the parts that it
is asked for. A process that dies costs no post: what it was making is made again, one post at a time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from itertools import islice
from queue import SimpleQueue
from typing import Any

from ..artifact import Artifact, PartsOfPosts, parts_of
from ..errors import ClothboundError
from ..isolated import (
    JobDiedError,
    JobError,
    JobFailedError,
    NoProcessError,
    WaitingWorkers,
    Worker,
)
from ..stored_items import dump_shared, load_shared

_MOST_BATCH = 25
"""The most posts that a process makes before it answers."""
_SHARE = 4
"""A batch is at most this part of what is left for each process, so that all processes end at about the same time, and what
the last batches add to the product is soon written.
"""


class UnsendableError(Exception):
    """Something of a run cannot be sent to another process."""


def as_message(begin: Callable[[], Artifact]) -> bytes:
    """Returns what other processes need to make a product ready, as long as this one runs. Raises UnsendableError."""
    try:
        return dump_shared(begin)
    except Exception as error:  # Whatever a caller's object raises
        raise UnsendableError(" ".join(str(error).split())) from error


def make_in_processes(
    begin: bytes,
    positions: Sequence[int],
    jobs: int,
    name_of: Callable[[int], str],
    waiting: WaitingWorkers | None = None,
) -> Iterator[bytes]:
    """Yields the parts of posts in batches, in order, as ``PartsOfPosts.encoded`` returns them.

    ``begin`` is what ``as_message`` returned, and ``name_of`` names a post for an error. Processes that are ``waiting``
    are taken first. Raises NoProcessError where no
    process can be started, JobFailedError for a post that raised an error, which it will raise in this process too, and
    ClothboundError for one that ends any process.
    """
    batches = list(_batches(positions, jobs))
    idle: SimpleQueue[Worker] = SimpleQueue()
    with ExitStack() as ending:
        first, count = partial(_make_ready, begin), min(jobs, len(batches))
        workers = waiting.take(count, first) if waiting is not None else []
        workers += [Worker(first) for _ in range(count - len(workers))]
        threads = ThreadPoolExecutor(len(workers))
        for worker in workers:
            idle.put(worker)
            ending.push(worker)
        # In this order: no batch begins, each process ends, and so does the thread that waits for it. A thread that has just
        # begun a batch starts a process behind the others; that ends last, with its worker.
        ending.callback(threads.shutdown)
        for worker in workers:
            ending.callback(worker.kill)
        ending.callback(threads.shutdown, wait=False, cancel_futures=True)
        answers: deque[Future[bytes]] = deque()
        rest = iter(batches)
        for batch in batches:
            # The next batches are made while the answers are written. An answer that was taken is kept no longer.
            for following in islice(rest, 2 * len(workers) - len(answers)):
                answers.append(threads.submit(_on_idle, idle, following))
            try:
                yield answers.popleft().result()
            except JobDiedError:
                yield from _one_by_one(begin, batch, name_of)


def _batches(positions: Sequence[int], jobs: int) -> Iterator[Sequence[int]]:
    """Yields the posts of each batch, in order: large ones first, and then smaller and smaller ones."""
    start = 0
    while start < len(positions):
        size = max(1, min(_MOST_BATCH, (len(positions) - start) // (jobs * _SHARE)))
        yield positions[start : start + size]
        start += size


def _on_idle(idle: SimpleQueue[Worker], batch: Sequence[int]) -> bytes:
    worker = idle.get()
    try:
        return worker.run(partial(_encode, batch))
    finally:
        idle.put(worker)


def _one_by_one(
    begin: bytes, batch: Sequence[int], name_of: Callable[[int], str]
) -> Iterator[bytes]:
    """Makes each post of a batch that was lost, because any of them may have ended the process."""
    with Worker(partial(_make_ready, begin)) as worker:
        for position in batch:
            try:
                yield worker.run(partial(_encode, [position]))
            except (JobFailedError, NoProcessError):
                raise
            except JobError as error:
                message = f"the process that was writing it was lost: {error.reason}"
                raise ClothboundError(message, source=name_of(position)) from error


def _make_ready(begin: bytes) -> PartsOfPosts[Any]:
    """Makes a product ready in another process."""
    return parts_of(load_shared(begin)())


def _encode(positions: Sequence[int], parts: PartsOfPosts[Any]) -> bytes:
    return parts.encoded(positions)
