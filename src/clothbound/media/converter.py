"""Converts many pictures in parallel, and each only once if a cache keeps results between runs."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING, TypeAlias

from msgspec import structs

from ..errors import ResourceError
from ..limits import Limits
from ..progress import PICTURES, HearProgress, Progress
from .picture_limits import SVG, Converted, PictureRules
from .pillow_lines import hearing
from .resources import Resource

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

Result: TypeAlias = "Converted | ResourceError"
Key: TypeAlias = tuple[str, PictureRules]
"""Names a conversion: the digest of a file, and the rules for which it is converted."""
_MOST_THREADS = 8
_MOST_AHEAD = 25_000_000
"""The bytes of files in conversions that are begun ahead, above which no more are to be begun."""


class Converter:
    """Converts pictures within limits.

    Threads convert in parallel: Pillow and resvg release Python's lock, so threads are as fast as processes
    and start at once. Together they hold at most ``limits.pixels_at_once`` in memory. An ``executor``
    replaces them, for example to use a cluster, and decides itself how many pictures it converts at one time.
    ``cache`` is a folder that keeps results between runs.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        cache: str | os.PathLike[str] | None = None,
        executor: Executor | None = None,
        hear: HearProgress | None = None,
    ) -> None:
        """``hear`` hears of each picture of ``convert_all``."""
        self._limits = limits
        self._cache = cache
        self._executor = executor
        self._hear = hear
        self._room: _Room | None = None
        self._threads: Executor | None = None
        self._begun: dict[Key, tuple[Future[Result], int]] = {}
        """Conversions that were begun ahead, with the size of each file."""

    @cached_property
    def _folder(self) -> Path | None:
        return None if self._cache is None else Path(self._cache)

    def convert(self, resource: Resource, rules: PictureRules) -> Converted:
        """Converts a picture for ``rules``. Raises ResourceError, as ``conversion.convert_picture`` does."""
        begun = self._take(resource, rules)
        if begun is not None:
            found = begun.result()
        else:
            found = _attempt(resource, rules, self._limits, self._folder)
        if isinstance(found, ResourceError):
            raise found
        return found

    def convert_all(
        self, resources: Sequence[Resource], rules: PictureRules
    ) -> list[Converted | ResourceError]:
        """Converts all pictures. The result has them in order, with an error for each that failed."""
        begun = [self._take(resource, rules) for resource in resources]
        rest = [one for one, future in zip(resources, begun, strict=True) if future is None]
        count = len(rest)
        arguments = (rest, [rules] * count, [self._limits] * count, [self._folder] * count)
        if not rest or self._executor is not None:
            found = self._executor.map(_attempt, *arguments) if self._executor else iter(())
            return self._followed(_in_order(begun, found), len(resources))
        from concurrent.futures import ThreadPoolExecutor

        room = [self._shared_room()] * count
        threads = ThreadPoolExecutor(min(count, os.cpu_count() or 1, _MOST_THREADS))
        try:
            found = threads.map(_attempt, *arguments, room)
            return self._followed(_in_order(begun, found), len(resources))
        finally:
            # Who interrupts the run does not wait for all other pictures.
            threads.shutdown(cancel_futures=True)

    def begin(self, resource: Resource, rules: PictureRules) -> Key:
        """Begins to convert a picture that will be asked for later; returns the key by which it can be forgotten."""
        key = resource.digest, rules
        if key not in self._begun:
            limits, folder = self._limits, self._folder
            future = (
                self._executor.submit(_attempt, resource, rules, limits, folder)
                if self._executor is not None
                else self._own_threads().submit(
                    _attempt, resource, rules, limits, folder, self._shared_room()
                )
            )
            self._begun[key] = future, len(resource.data)
        return key

    @property
    def begins_more(self) -> bool:
        """Whether there is room for more conversions that are begun ahead."""
        return sum(size for _, size in self._begun.values()) < _MOST_AHEAD

    def forget(self, keys: Iterable[Key]) -> None:
        """Forgets conversions that were begun, if nobody has asked for them."""
        for key in keys:
            future, _ = self._begun.pop(key, (None, 0))
            if future is not None:
                future.cancel()

    def end(self) -> None:
        """Forgets all conversions that were begun, and ends their threads."""
        self.forget([*self._begun])
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
            self._threads = None

    def _take(self, resource: Resource, rules: PictureRules) -> Future[Result] | None:
        if not self._begun:
            return None
        return self._begun.pop((resource.digest, rules), (None, 0))[0]

    def _own_threads(self) -> Executor:
        if self._threads is None:
            from concurrent.futures import ThreadPoolExecutor

            self._threads = ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST_THREADS))
        return self._threads

    def _shared_room(self) -> _Room:
        if self._room is None:
            self._room = _Room(self._limits.pixels_at_once)
        return self._room

    def _followed(
        self, results: Iterator[Converted | ResourceError], count: int
    ) -> list[Converted | ResourceError]:
        if self._hear is None:
            return list(results)
        found = []
        self._hear(Progress(PICTURES, 0, count))
        for result in results:
            found.append(result)
            self._hear(Progress(PICTURES, len(found), count))
        return found


def _in_order(begun: Sequence[Future[Result] | None], others: Iterator[Result]) -> Iterator[Result]:
    """Yields the results of ``begun``, and the next of ``others`` in the place of each that was not."""
    for future in begun:
        yield next(others) if future is None else future.result()


class _Room:
    """The number of pixels that threads may hold in memory at one time."""

    def __init__(self, pixels: int) -> None:
        self._pixels = pixels
        self._taken = 0
        self._changed = Condition()

    @contextmanager
    def taken(self, pixels: int) -> Iterator[None]:
        """Waits until ``pixels`` are free, or until no other thread holds any."""
        with self._changed:
            self._changed.wait_for(lambda: not self._taken or self._taken + pixels <= self._pixels)
            self._taken += pixels
        try:
            yield
        finally:
            with self._changed:
                self._taken -= pixels
                self._changed.notify_all()


def _attempt(
    resource: Resource,
    rules: PictureRules,
    limits: Limits,
    cache: Path | None,
    room: _Room | None = None,
) -> Converted | ResourceError:
    from .cache import load, store

    converted = None if cache is None else load(cache, resource, rules, limits)
    if converted is not None:
        return converted
    with hearing() as lines:
        try:
            converted = _within(room, resource, rules, limits)
        except ResourceError as error:
            messages = "; ".join(dict.fromkeys(lines))
            return (
                ResourceError(f"{error.message} ({messages})", hint=error.hint)
                if messages
                else error
            )
    converted = structs.replace(converted, library_messages=tuple(dict.fromkeys(lines)))
    if cache is not None:
        store(cache, resource, rules, limits, converted)
    return converted


def _within(
    room: _Room | None, resource: Resource, rules: PictureRules, limits: Limits
) -> Converted:
    # Posts without pictures need neither.
    from .conversion import convert_picture  # posts without pictures do not need it
    from .decode import measure

    # SVG is drawn in another process and returns in the size of a page.
    if room is None or resource.media_type == SVG:
        return convert_picture(resource, rules, limits)
    width, height = measure(resource, limits)
    with room.taken(width * height):
        return convert_picture(resource, rules, limits)
