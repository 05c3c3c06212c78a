"""The files that are kept between runs: parts of products, and converted and drawn pictures.

A file is named by a digest of everything that decides what it holds. It is for its owner alone, since it may be of a post
that is not for everyone. One that is damaged counts as missing. Two runs may use a folder at once: a file appears whole,
and both would write the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from array import array
from pathlib import Path

PART = ".part"
PICTURE = ".picture"
MOST_BYTES = 500_000_000
"""The most bytes in a folder. Files that were used longest ago are removed first."""
_PARTS = "parts"
_WAITING = ".new"
_ABANDONED = 3600 * 10**9
"""The nanoseconds after which a file that is still being written belongs to a run that was killed."""


def parts_folder(cache: str | os.PathLike[str]) -> Path:
    """Returns the folder of parts in the cache of a run, which holds the pictures itself."""
    return Path(os.fspath(cache)) / _PARTS


def load(path: str | os.PathLike[str]) -> bytes | None:
    """Returns what was kept at a path, or None. It counts as used now."""
    try:
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - an object of each path takes longer
            data = stream.readall()
    except OSError:
        return None
    digest, content = data[:32], data[32:]
    if hashlib.sha256(content).digest() != digest:
        return None
    with contextlib.suppress(OSError):  # The folder may be for reading alone.
        os.utime(path)
    return content


def store(place: str | os.PathLike[str], content: bytes) -> None:
    """Keeps bytes at a path. Errors of writing are ignored."""
    path = Path(place)
    waiting = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}{_WAITING}")
    data = hashlib.sha256(content).digest() + content
    try:
        try:
            _write(waiting, data)
        except FileNotFoundError:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(waiting, data)
        waiting.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            waiting.unlink()


def store_picture(path: Path, content: bytes) -> None:
    """Keeps a picture at a path, and once in 256 times its folder within the limit.

    The name, a digest, decides when, so no record of the last time is needed.
    """
    store(path, content)
    if path.name.startswith("00"):
        prune(path.parent)


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(data)


def prune(folder: Path, most_bytes: int = MOST_BYTES) -> None:
    """Removes files, those used longest ago first, until the folder is within the limit. Files of others stay."""
    # There may be hundreds of thousands: of each, no more than two numbers are in memory.
    moments, sizes = array("q"), array("q")
    waiting: list[tuple[int, str]] = []
    try:
        for entry in os.scandir(folder):
            status = entry.stat()
            if entry.name.endswith((PART, PICTURE)):
                moments.append(status.st_mtime_ns)
                sizes.append(status.st_size)
            elif entry.name.endswith(_WAITING):
                waiting.append((status.st_mtime_ns, entry.path))
    except OSError:
        return
    newest = max(moments, default=0)
    for moment, path in waiting:
        if newest - moment > _ABANDONED:
            _remove(path)
    surplus = sum(sizes) - most_bytes
    if surplus <= 0:
        return
    left = surplus
    for number in sorted(range(len(moments)), key=moments.__getitem__):
        left -= sizes[number]
        if left <= 0:
            _remove_until(folder, moments[number], surplus)
            return


def _remove_until(folder: Path, last: int, surplus: int) -> None:
    """Removes the files of a folder that were used before the moment ``last``, and then those used at that moment, by
    their names, until so many bytes are gone.
    """
    at_last: list[tuple[str, int]] = []
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.endswith((PART, PICTURE)):
                status = entry.stat()
                if status.st_mtime_ns == last:
                    at_last.append((entry.path, status.st_size))
                elif status.st_mtime_ns < last and _remove(entry.path):
                    surplus -= status.st_size
    for path, size in sorted(at_last):
        if surplus <= 0:
            return
        if _remove(path):
            surplus -= size


def _remove(path: str) -> bool:
    """Removes a file. Returns whether that was possible."""
    try:
        os.unlink(path)  # noqa: PTH108 - an object of each path takes longer
    except OSError:
        return False
    return True


def clear(cache: str | os.PathLike[str]) -> None:
    """Removes all that is kept in the cache of a run. Files of others stay. Raises OSError."""
    for folder in (parts_folder(cache), Path(os.fspath(cache))):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for entry in os.scandir(folder):
                if entry.name.endswith((PART, PICTURE, _WAITING)):
                    Path(entry.path).unlink(missing_ok=True)
