"""Tells the files of a platform in an archive by their first bytes."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..formats import ArchiveFiles
from ..xml_beginning import as_utf8
from .text_files import BadPostError

BEGINNING = 4096
"""How many bytes of a file a reader is asked about."""


def begins_with(beginning: re.Pattern[bytes], head: bytes) -> bool:
    """Returns whether ``beginning`` matches the first bytes of a file, whether they are in UTF-8 or in UTF-16."""
    return beginning.match(as_utf8(head)) is not None


def begins_as(
    files: ArchiveFiles, name: str, knows: Callable[[bytes], bool], size: int = BEGINNING
) -> bool:
    """Returns whether ``knows`` is true of the first ``size`` bytes of a file. It is not of one that cannot be read."""
    try:
        return knows(files.read_start(name, size))
    except BadPostError:
        return False


def files_that_begin(
    files: ArchiveFiles, named: re.Pattern[str], knows: Callable[[bytes], bool]
) -> list[str]:
    """Returns the files of an archive whose whole name ``named`` matches and of whose first bytes ``knows`` is true."""
    return [n for n in files.names if named.fullmatch(n) and begins_as(files, n, knows)]
