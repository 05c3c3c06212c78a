"""Converts many pictures in parallel, and each only once if a cache keeps results between runs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import TYPE_CHECKING

from msgspec import structs

from ..errors import ResourceError
from ..limits import Limits
from ..progress import PICTURES, HearProgress, Progress
from .picture_limits import Converted, PictureRules
from .pillow_lines import hearing
from .resources import Resource

if TYPE_CHECKING:
    from concurrent.futures import Executor

_MOST_THREADS = 8


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

    @property
    def _folder(self) -> Path | None:
        return None if self._cache is None else Path(self._cache)

    def convert(self, resource: Resource, rules: PictureRules) -> Converted:
        """Converts a picture for ``rules``. Raises ResourceError, as ``conversion.convert_picture`` does."""
        found = _attempt(resource, rules, self._limits, self._folder)
        if isinstance(found, ResourceError):
            raise found
        return found

    def convert_all(
        self, resources: Sequence[Resource], rules: PictureRules
    ) -> list[Converted | ResourceError]:
        """Converts all pictures. The result has them in order, with an error for each that failed."""
        count = len(resources)
        arguments = (resources, [rules] * count, [self._limits] * count, [self._folder] * count)
        if self._executor is not None:
            return self._followed(self._executor.map(_attempt, *arguments), count)
        from concurrent.futures import ThreadPoolExecutor

        room = [_Room(self._limits.pixels_at_once)] * count
        with ThreadPoolExecutor(min(count, os.cpu_count() or 1, _MOST_THREADS)) as threads:
            return self._followed(threads.map(_attempt, *arguments, room), count)

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
    if room is None or resource.media_type == "image/svg+xml":
        return convert_picture(resource, rules, limits)
    width, height = measure(resource, limits)
    with room.taken(width * height):
        return convert_picture(resource, rules, limits)
