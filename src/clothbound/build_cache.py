"""Keeps the parts of products between runs: a file for each, named by a digest of everything that decides what it is.

Files are for their owner alone. A file that is damaged counts as missing, and two runs may use the folder at once: a
file appears whole, and both would write the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from pathlib import Path

MOST_BYTES = 500_000_000
"""The most bytes of parts. Files that were used longest ago are removed first."""
_FOLDER = "parts"
_SUFFIX = ".part"
_ABANDONED = 3600 * 10**9
"""The nanoseconds after which a file that is still being written belongs to a run that was killed."""


def folder_of(cache: str | os.PathLike[str]) -> Path:
    """Returns the folder of parts in the cache of a run."""
    return Path(os.fspath(cache)) / _FOLDER


def load(folder: Path, key: str) -> bytes | None:
    """Returns what was kept under a key, or None."""
    path = folder / f"{key}{_SUFFIX}"
    try:
        data = path.read_bytes()
    except OSError:
        return None
    with contextlib.suppress(OSError):  # The folder may be for reading alone.
        os.utime(path)
    digest, content = data[:32], data[32:]
    return content if hashlib.sha256(content).digest() == digest else None


def store(folder: Path, key: str, content: bytes) -> None:
    """Keeps bytes under a key. Errors of writing are ignored."""
    path = folder / f"{key}{_SUFFIX}"
    waiting = folder / f"{key}.{os.getpid()}.{threading.get_ident()}{_SUFFIX}.new"
    data = hashlib.sha256(content).digest() + content
    try:
        try:
            _write(waiting, data)
        except FileNotFoundError:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(waiting, data)
        waiting.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            waiting.unlink()


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(data)


def prune(folder: Path, most_bytes: int = MOST_BYTES) -> None:
    """Removes files, those used longest ago first, until the folder is within the limit."""
    files: list[tuple[int, str, int]] = []
    waiting: list[tuple[int, str, int]] = []
    try:
        for entry in os.scandir(folder):
            status = entry.stat()
            kind = files if entry.name.endswith(_SUFFIX) else waiting
            kind.append((status.st_mtime_ns, entry.path, status.st_size))
    except OSError:
        return
    newest = max(files, default=(0, "", 0))[0]
    for moment, path, _ in waiting:
        if newest - moment > _ABANDONED:
            with contextlib.suppress(OSError):
                Path(path).unlink()
    total = sum(size for _, _, size in files)
    for _, path, size in sorted(files):
        if total <= most_bytes:
            return
        with contextlib.suppress(OSError):
            Path(path).unlink()
            total -= size


def clear(cache: str | os.PathLike[str]) -> None:
    """Removes what is kept in the cache of a run: parts and converted pictures. Other files stay."""
    room = Path(os.fspath(cache))
    for folder, suffixes in ((folder_of(room), (_SUFFIX, f"{_SUFFIX}.new")), (room, (".picture",))):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for entry in os.scandir(folder):
                if entry.name.endswith(suffixes):
                    Path(entry.path).unlink(missing_ok=True)
