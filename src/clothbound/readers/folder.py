"""A folder of posts: which files there are, the one pass that indexes them, and the lazy sequence."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

from ..diagnostics import Code, Diagnostic, Severity
from ..limits import Limits
from ..model.index import IndexEntry
from ..model.post import Post

_DIGITS = re.compile(r"(\d+)")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufdd0-\ufdef\ufffe\uffff\ufeff]")


class BadPostError(Exception):
    """A post that cannot be decoded or read, or is over a limit. Stays inside the readers."""


def natural(path: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key under which ``9.md`` stands before ``10.md``."""
    return tuple(
        (0, int(part), "") if part.isdigit() and part.isascii() else (1, 0, part.casefold())
        for part in _DIGITS.split(path)
        if part
    )


def find_files(folder: Path, extensions: frozenset[str]) -> list[str]:
    """The files below ``folder`` with one of these extensions, as relative POSIX paths.

    Hidden files and folders are left out, and links to folders are not followed.
    """
    found: list[str] = []
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        base = Path(root).relative_to(folder)
        for name in files:
            extension = os.path.splitext(name)[1].lower()  # noqa: PTH122
            if name.startswith(".") or extension not in extensions:
                continue
            found.append((base / name).as_posix())
    return sorted(found, key=lambda path: (natural(path), path))


def read_bytes(path: Path, limits: Limits, folder: Path | None = None) -> bytes:
    """The bytes of a post's file. Raises BadPostError, also for a link that leads out of ``folder``."""
    try:
        if folder is not None and path.is_symlink():
            real = Path(os.path.realpath(path))
            if not real.is_relative_to(os.path.realpath(folder)):
                raise BadPostError("is a link that leads out of the folder")
        # A pipe would be waited for until somebody writes to it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise BadPostError("is not a file")
        with path.open("rb") as stream:
            data = stream.read(limits.post_bytes + 1)
    except OSError as error:
        raise BadPostError(f"cannot be read: {error.strerror or error}") from error
    if len(data) > limits.post_bytes:
        raise BadPostError(f"is longer than {limits.post_bytes} bytes")
    return data


def decode(data: bytes) -> tuple[str, str]:
    r"""The text with ``\n`` at the end of lines, and what had to be repaired, if anything.

    Raises BadPostError where the bytes are not UTF-8 (nor UTF-16 with its mark).
    """
    encoding = "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        bad = data[error.start : error.start + 1].hex()
        raise BadPostError(
            f"is not UTF-8: byte {error.start} is 0x{bad}; save the file as UTF-8"
        ) from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    repaired = ""
    if _CONTROLS.search(text):
        text, count = _CONTROLS.subn("", text)
        repaired = f"{count} control characters were removed"
    return text, repaired


def bad_post(source: str, error: BadPostError) -> Diagnostic:
    """The diagnostic of a post that is left out."""
    message = f"post left out: it {error}"
    return Diagnostic(Code.POST_UNREADABLE, message, source, 0, Severity.ERROR)


@dataclass(frozen=True, slots=True)
class FolderPosts(Sequence[Post]):
    """Posts that are parsed when asked for and not kept. Picklable; iterates as often as one likes.

    ``load`` is a function of a module: (path, index entry, options, limits) -> post.
    """

    folder: str
    entries: tuple[IndexEntry, ...]
    load: Callable[[Path, IndexEntry, Any, Limits], Post]
    options: Any
    limits: Limits

    def __len__(self) -> int:
        return len(self.entries)

    @overload
    def __getitem__(self, position: int) -> Post: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Post]: ...
    def __getitem__(self, position: int | slice) -> Post | Sequence[Post]:
        if isinstance(position, slice):
            return FolderPosts(
                self.folder, self.entries[position], self.load, self.options, self.limits
            )
        entry = self.entries[position]
        path = Path(self.folder) / entry.metadata.source
        return self.load(path, entry, self.options, self.limits)

    def __iter__(self) -> Iterator[Post]:
        for position in range(len(self.entries)):
            yield self[position]
