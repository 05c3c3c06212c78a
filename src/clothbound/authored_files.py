"""A file that an author may be saving while it is changed here."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path


class ChangedMeanwhileError(Exception):
    """A file is not as it was when it was read, or is there where none was."""


def replace_file(
    path: Path,
    data: bytes,
    part: Path,
    *,
    replaces: bytes | None,
    announce: Callable[[], None] | None = None,
) -> None:
    """Writes a file in one step, if it still holds ``replaces``; None: if it is not there.

    It is written to ``part`` first, on the same file system; when that is whole, ``announce`` is
    called; then it takes the file's place. What an author wrote outlasts a power cut; a new file can
    be made again. Raises ChangedMeanwhileError, OSError; ``part`` is then left, or was never whole.
    """
    with part.open("wb") as stream:
        stream.write(data)
        if replaces is not None:
            stream.flush()
            os.fsync(stream.fileno())
    if announce is not None:
        announce()
    path.parent.mkdir(parents=True, exist_ok=True)
    if replaces is None:
        if os.path.lexists(path):
            raise ChangedMeanwhileError
    else:
        try:
            if path.read_bytes() != replaces:
                raise ChangedMeanwhileError
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        except OSError as error:
            raise ChangedMeanwhileError from error
    part.replace(path)
