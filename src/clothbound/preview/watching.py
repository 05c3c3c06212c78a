"""Tells when files of the source have changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing, suppress
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from .shown_source import Watched

_SETTLED = 50
"""Milliseconds without a further change after which changes are told, as editors write a file in several steps."""
_LATEST = 400
"""Milliseconds after which they are told in any case."""
_BEGINS = 0.5
"""Seconds until files are certainly watched."""
_AGAIN = 1.0
"""Seconds until a folder that has vanished is looked for again."""


async def changes(watched: Watched, *, is_first: bool) -> AsyncGenerator[set[Path]]:
    """Yields the paths of files that were changed, added or removed, for ever.

    Unless it ``is_first``, yields an empty set soon after it begins: before that, nobody watched these files.
    """
    found: asyncio.Queue[set[Path]] = asyncio.Queue()
    if not is_first:
        asyncio.get_running_loop().call_later(_BEGINS, found.put_nowait, set())
    folders, files = ({path.resolve() for path in paths} for paths in watched)
    tasks = [
        asyncio.create_task(_watch(folders, _Filter(folders, files), found, recursive=True)),
        asyncio.create_task(
            _watch({path.parent for path in files}, _Filter(folders, files), found, recursive=False)
        ),
    ]
    try:
        while True:
            yield await found.get()
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _watch(
    folders: Iterable[Path],
    watch_filter: DefaultFilter,
    found: asyncio.Queue[set[Path]],
    *,
    recursive: bool,
) -> None:
    polls = False
    while folders:
        there = [path for path in folders if path.is_dir()]
        watch = awatch(
            *there,
            watch_filter=watch_filter,
            debounce=_LATEST,
            step=_SETTLED,
            force_polling=polls,
            ignore_permission_denied=True,
            recursive=recursive,
        )
        watched = _places(there)
        try:
            if there:
                async with aclosing(watch):
                    async for changed in watch:
                        await found.put({Path(path) for _, path in changed})
                        if _places(there) != watched:
                            break
        except (OSError, RuntimeError):
            # The folder has vanished, or the system watches no more folders: then they are polled.
            polls = True
        await asyncio.sleep(_AGAIN)
        await found.put(set())


def _places(folders: Iterable[Path]) -> list[tuple[int, int] | None]:
    """Returns what tells folders from others that have taken their names; None for one that has vanished.

    A folder that was removed is not watched any more, even if it is made again, as by a change of branch.
    """
    places: list[tuple[int, int] | None] = []
    for folder in folders:
        try:
            found = folder.stat()
        except OSError:
            places.append(None)
        else:
            places.append((found.st_dev, found.st_ino))
    return places


class _Filter(DefaultFilter):
    """Passes what lies below the watched folders, and the watched files."""

    def __init__(self, folders: set[Path], files: set[Path]) -> None:
        super().__init__()
        self._folders = folders
        self._files = files

    def __call__(self, change: Change, path: str) -> bool:
        if not super().__call__(change, path):
            return False
        found = Path(path)
        return found in self._files or any(map(found.is_relative_to, self._folders))
