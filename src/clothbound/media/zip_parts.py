"""The ZIPs in a ZIP that are parts of one export, and are read with it as one archive.

Notion packs its exports as ``ExportBlock-<id>-Part-1.zip`` ... in another ZIP, whose tree of files the parts share; Tumblr
packs the pages of posts as ``posts.zip`` beside the folder ``media``. A ZIP in a part is a file like any other.
"""

from __future__ import annotations

import re
import shutil
import struct
import tempfile
import weakref
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..lazy_pattern import lazy_pattern
from ..limits import Limits

SMALL = 1_000_000
"""Size in bytes up to which no entry is suspicious, whatever its compression ratio."""
ENTRY_BYTES = 400
"""A generous average of the bytes that one entry takes in a ZIP's central directory."""
_OF_NOTION = lazy_pattern(
    r"(?:[^/]+/)?[^/]*Export(?:Block)?-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}[^/]*\.zip"
)
_OF_TUMBLR = lazy_pattern(r"(?P<folder>(?:[^/]+/)?)posts\.zip")
OF_MACOS = lazy_pattern(r"(?:.*/)?(?:__MACOSX/.*|\.DS_Store|\._[^/]*)", re.S)
"""Matches the names of what macOS packs beside a person's files: views of folders, and attributes of files."""
_COPIED = 1 << 20


class ZipPart(NamedTuple):
    """A ZIP in a ZIP, opened."""

    folder: str
    """The folder with its slash in which its files stand in the whole archive; empty for the top."""
    archive: zipfile.ZipFile


def find_parts(infos: Iterable[zipfile.ZipInfo]) -> dict[str, str]:
    """Returns the names of an archive's parts, each with the folder in which its files stand."""
    names = [i.filename for i in infos if not i.is_dir() and not OF_MACOS.fullmatch(i.filename)]
    if names and all(map(_OF_NOTION.fullmatch, names)):
        return dict.fromkeys(names, "")
    posts = {name: found["folder"] for name in names if (found := _OF_TUMBLR.fullmatch(name))}
    return {
        name: f"{folder}posts/"
        for name, folder in posts.items()
        if any(one.startswith((f"{folder}media/", f"{folder}payload-")) for one in names)
    }


def open_part(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, folder: str, limits: Limits
) -> ZipPart:
    """Copies a part to a temporary file, which goes with the archive that is made of it, and opens it.

    Raises ValueError if it exceeds a limit, and what ``zipfile`` raises if it cannot be read.
    """
    if info.file_size > limits.archive_bytes:
        raise ValueError(f"unpacks to more than {limits.archive_bytes} bytes")
    if info.file_size > max(SMALL, limits.ratio * info.compress_size):
        raise ValueError(f"unpacks to more than {limits.ratio} times its size")
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        with archive.open(info) as stream:
            shutil.copyfileobj(stream, file, _COPIED)
        if listed_bytes(file) > limits.entries * ENTRY_BYTES:
            raise ValueError(f"holds more than {limits.entries} files")
        opened = zipfile.ZipFile(file)
    except BaseException:
        file.close()
        raise
    weakref.finalize(opened, file.close)
    return ZipPart(folder, opened)


def open_parts(archive: zipfile.ZipFile, limits: Limits) -> Iterator[ZipPart]:
    """Yields the parts of an archive that can be read."""
    infos = archive.infolist()
    folders = find_parts(infos)
    for info in infos:
        if info.filename in folders:
            try:
                yield open_part(archive, info, folders[info.filename], limits)
            except Exception:  # zlib.error, EOFError, BadZipFile ...: the reader has named it  # noqa: S112
                continue


def listed_bytes(stream: Any) -> int:
    """Returns the size of a ZIP's central directory, from its end record (APPNOTE 4.3.16, 4.3.14).

    Returns 0 if it is unknown.
    """
    size = stream.seek(0, 2)
    start = stream.seek(max(0, size - 65_600))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        return 0
    listed: int = struct.unpack_from("<L", tail, at + 12)[0]
    larger = tail.rfind(b"PK\x06\x06", 0, at)
    if larger >= 0 and larger + 48 <= len(tail):
        listed = max(
            0 if listed == 0xFFFFFFFF else listed, *struct.unpack_from("<Q", tail, larger + 40)
        )
    return int(min(listed, start + at))
