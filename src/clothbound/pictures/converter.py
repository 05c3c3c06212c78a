"""Many pictures converted: beside each other, and each of them once between runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ResourceError
from ..limits import Limits
from ..resources import Resource
from .rules import Converted, PictureRules

if TYPE_CHECKING:
    from concurrent.futures import Executor

_MOST_THREADS = 8


class Converter:
    """Converts pictures within limits.

    Threads do it beside each other: Pillow and resvg work without Python's lock, so that they are as
    fast as processes and start at once. ``executor`` takes their place, for a cluster, say. ``cache``
    is a folder in which results lie between runs.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        cache: str | os.PathLike[str] | None = None,
        executor: Executor | None = None,
    ) -> None:
        self._limits = limits
        self._cache = cache
        self._executor = executor

    @property
    def _folder(self) -> Path | None:
        return None if self._cache is None else Path(self._cache)

    def convert(self, resource: Resource, rules: PictureRules) -> Converted:
        """The picture as ``rules`` want it. Raises ResourceError, as ``pictures.convert`` does."""
        found = _attempt(resource, rules, self._limits, self._folder)
        if isinstance(found, ResourceError):
            raise found
        return found

    def convert_all(
        self, resources: Sequence[Resource], rules: PictureRules
    ) -> list[Converted | ResourceError]:
        """All of them, in their order; an error in the place of one that cannot be converted."""
        count = len(resources)
        arguments = (resources, [rules] * count, [self._limits] * count, [self._folder] * count)
        if self._executor is not None:
            return list(self._executor.map(_attempt, *arguments))
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(min(count, os.cpu_count() or 1, _MOST_THREADS)) as threads:
            return list(threads.map(_attempt, *arguments))


def _attempt(
    resource: Resource, rules: PictureRules, limits: Limits, cache: Path | None
) -> Converted | ResourceError:
    from .convert import convert  # a post without pictures needs none of it

    try:
        if cache is None:
            return convert(resource, rules, limits)
        from .cache import load, store

        made = load(cache, resource, rules, limits)
        if made is None:
            made = convert(resource, rules, limits)
            store(cache, resource, rules, limits, made)
    except ResourceError as error:
        return error
    return made
