"""A uniform, read-only view of the files in a ZIP or a folder. Nothing is unpacked to disk."""

from __future__ import annotations

import io
import os
import re
import stat
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Protocol

from msgspec import structs

from ..console_text import format_count
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import LimitError, ReadError
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..media.zip_parts import (
    ENTRY_BYTES,
    OF_MACOS,
    SMALL,
    ZipPart,
    find_parts,
    listed_bytes,
    open_part,
)
from ..model.post import Base
from .post_files import path_beginning, sort_naturally
from .source_bytes import is_zip, open_file, read_whole, source_bytes
from .text_files import BadPostError, read_bytes

if TYPE_CHECKING:
    from ..formats import Source

SUBSCRIBER_LIST = lazy_pattern(
    r"(?:^|/)(?:email_list[^/]*|(?:(?:subscribers|members)(?:[-_.][^/\s]*)?|[^/]*\.(?:delivers|opens|clicks))(?: ?\(\d+\)| \d+)?)\.csv$",
    re.I,
)
"""Matches the name of a table that platforms pack beside posts and that says who reads them, also with the number of a copy.
No reader is given one.
"""
IN_MEMORY = 10_000_000
"""The most bytes of files of a ZIP that are not unpacked again when they are read again."""
_DEEPEST = 4
"""The most folders between an archive's folder and a file, as in ``Takeout/Blogger/Blogs/Name/feed.atom``."""


class Files(Protocol):
    """The files of an archive by name (POSIX, relative); picklable."""

    @property
    def name(self) -> str:
        """What messages call the archive: the name of a ZIP, the path of a folder."""
        ...

    @property
    def names(self) -> tuple[str, ...]: ...

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """The diagnostics of the files that were refused."""
        ...

    def read(self, name: str, most: int = 0) -> bytes:
        """Returns the content of a file, which may have ``most`` bytes; 0 stands for those of a post.

        Raises BadPostError if it cannot be read or exceeds a limit, and for a list of subscribers.
        """
        ...

    def read_start(self, name: str, size: int) -> bytes:
        """Returns the first ``size`` bytes of a file. Raises BadPostError if it cannot be read, and for a list of subscribers."""
        ...

    def base(self, folder: str) -> Base | None:
        """Returns the place of a folder's files, from which a post's pictures are read; None if it
        has none.
        """
        ...


class _Entry(NamedTuple):
    """An entry, and the ZIP in which it is."""

    archive: zipfile.ZipFile
    info: zipfile.ZipInfo


@dataclass(slots=True)
class ZipFiles:
    """A ZIP, by path or in memory, and the ZIPs in it that are parts of it. It is kept open while in use, and opened
    again after pickling.
    """

    source: str | bytes
    """The path of the ZIP, or its bytes."""
    name: str
    limits: Limits
    names: tuple[str, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    _archive: zipfile.ZipFile | None = field(default=None, repr=False, compare=False)
    _entries: dict[str, _Entry] | None = field(default=None, repr=False, compare=False)
    _lock: Any = field(default_factory=threading.Lock, repr=False, compare=False)
    _unpacked: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    """Files that were read, since a post is read for the index and when it is made."""
    _room: int = field(default_factory=lambda: IN_MEMORY, repr=False, compare=False)

    @classmethod
    def open(cls, source: str | bytes, name: str, limits: Limits) -> ZipFiles:
        """Opens a ZIP and lists its files. Raises ReadError if it is not a ZIP or all of it is encrypted, LimitError
        if it exceeds a limit.
        """
        files = cls(source, name, limits)
        found: list[Diagnostic] = []
        files._entries = files._list_entries(found)
        if not files._entries and any(map(_is_encrypted, files._open().infolist())):
            raise ReadError(
                "is encrypted, so that only its password opens it",
                source=name,
                hint="unpack it with another program, and give the folder",
            )
        files.names, files.findings = tuple(files._entries), tuple(found)
        return files

    def _list_entries(self, found: list[Diagnostic]) -> dict[str, _Entry]:
        """Returns the files of the ZIP and of its parts by name; ``found`` takes what is refused. Raises LimitError.

        What macOS packs beside a person's files is none, whatever its reader looks for. Of several entries of one name the first counts, where ``getinfo`` finds the last.
        """
        entries: dict[str, _Entry] = {}
        total = 0
        for name, part in self._open_all(found):
            listed = part.archive.infolist()
            total += sum(info.file_size for info in listed)
            self._refuse_larger(total, len(entries) + len(listed))
            entries.pop(name, None)
            overlapped = _overlapped(listed)
            for info in listed:
                if OF_MACOS.fullmatch(info.filename):
                    continue
                reason = _reason_against(info, overlapped)
                path = part.folder + info.filename
                if not reason and path in entries:
                    reason = "another file has this name"
                if reason:
                    message = f"not read: {reason}"
                    found.append(Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, path[:200]))
                elif not info.is_dir():
                    entries[path] = _Entry(part.archive, info)
        return entries

    def _open_all(self, found: list[Diagnostic]) -> Iterator[tuple[str, ZipPart]]:
        """Yields the ZIP, without a name, and its parts by their names. One that cannot be opened is named, and is a
        file like any other.
        """
        archive = self._open()
        yield "", ZipPart("", archive)
        infos = archive.infolist()
        folders = find_parts(infos)
        overlapped = _overlapped(infos)
        for info in infos:
            if info.filename not in folders or _reason_against(info, overlapped):
                continue
            try:
                part = open_part(archive, info, folders[info.filename], self.limits)
            except Exception as error:  # a damaged part raises zlib.error, EOFError, BadZipFile ...
                code, message = DiagnosticCode.ARCHIVE_FILE, f"not read: {error}"
                found.append(Diagnostic(code, message, info.filename[:200], 0, Severity.ERROR))
                continue
            yield info.filename, part

    def _refuse_larger(self, size: int, number: int) -> None:
        if size > self.limits.archive_bytes:
            raise LimitError(
                f"unpacks to more than {self.limits.archive_bytes} bytes", source=self.name
            )
        if number > self.limits.entries:
            raise LimitError(f"holds more than {self.limits.entries} files", source=self.name)

    def read(self, name: str, most: int = 0) -> bytes:
        limits = self.limits
        most = most or limits.post_bytes
        with self._reading(name) as (archive, info):
            if info.file_size > most:
                raise BadPostError(f"is longer than {most} bytes")
            if info.file_size > max(SMALL, limits.ratio * info.compress_size):
                raise BadPostError(f"unpacks to more than {limits.ratio} times its size")
            if name in self._unpacked:
                return self._unpacked[name]
            with archive.open(info) as stream:
                data = read_whole(stream, most, info.file_size)
            if len(data) <= self._room:
                self._room -= len(data)
                self._unpacked[name] = data
            return data

    def read_start(self, name: str, size: int) -> bytes:
        with self._reading(name) as (archive, info), archive.open(info) as stream:
            return stream.read(size)

    @contextmanager
    def _reading(self, name: str) -> Iterator[_Entry]:
        """Yields an entry; whatever fails is raised as BadPostError."""
        _refuse_subscribers(name)
        try:
            with self._lock:
                if self._entries is None:
                    self._entries = self._list_entries([])
                yield self._entries[name]
        except BadPostError:
            raise
        except ReadError as error:
            raise BadPostError(f"cannot be read: {error.message}") from error
        except (
            Exception
        ) as error:  # a damaged entry raises zlib.error, LZMAError, EOFError, BadZipFile ...
            raise BadPostError(f"cannot be unpacked: {error}") from error

    def base(self, folder: str) -> Base | None:
        if isinstance(self.source, bytes):
            return None
        return Base("archive", self.source, folder)

    def _open(self) -> zipfile.ZipFile:
        if self._archive is None:
            source = io.BytesIO(self.source) if isinstance(self.source, bytes) else self.source
            try:
                self._refuse_too_many(source)
                self._archive = zipfile.ZipFile(source)
            except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
                raise ReadError(
                    f"is not a ZIP archive that can be read: {error}",
                    source=self.name,
                    hint="it may have been cut off; download it again",
                ) from error
        return self._archive

    def _refuse_too_many(self, source: str | io.BytesIO) -> None:
        """Raises LimitError for too many entries, before ``zipfile`` makes an object for each."""
        if isinstance(source, io.BytesIO):
            listed = listed_bytes(source)
        else:
            with Path(source).open("rb") as stream:
                listed = listed_bytes(stream)
        if listed > self.limits.entries * ENTRY_BYTES:
            raise LimitError(f"holds more than {self.limits.entries} files", source=self.name)

    def __reduce__(self) -> tuple[Any, ...]:
        return (ZipFiles, (self.source, self.name, self.limits, self.names, self.findings))


def _overlapped(infos: Sequence[zipfile.ZipInfo]) -> frozenset[int]:
    """Returns the ids of the entries whose bytes a later entry has too. ``zipfile`` warns whoever reads them."""
    last = {info.header_offset: info for info in infos}
    return frozenset(id(info) for info in infos if last[info.header_offset] is not info)


def _is_encrypted(info: zipfile.ZipInfo) -> bool:
    return info.flag_bits & 0x1 != 0


def _reason_against(info: zipfile.ZipInfo, overlapped: frozenset[int]) -> str:
    """Returns the reason why a file of a ZIP is refused; empty if it is read."""
    name = info.filename
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or parts[0][1:2] == ":":
        return "its name leads out of the archive"
    if info.orig_filename.rstrip("\0") != name and "\0" in info.orig_filename:
        return "its name has a NUL character in it"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link"
    if _is_encrypted(info):
        return "it is encrypted"
    if id(info) in overlapped:
        return "another file has its bytes"
    return ""


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """A folder as an archive: its files and those in folders below it."""

    path: str
    limits: Limits
    names: tuple[str, ...] = ()
    findings: tuple[Diagnostic, ...] = ()

    @property
    def name(self) -> str:
        return self.path

    @classmethod
    def open(cls, path: Path, limits: Limits) -> FolderFiles:
        """Lists the files in natural order. Hidden ones are left out, and links to folders are not followed.

        Raises LimitError if there are too many.
        """
        names: list[str] = []
        for root, folders, files in os.walk(path):
            folders[:] = [folder for folder in folders if not folder.startswith(".")]
            if len(Path(root).relative_to(path).parts) >= _DEEPEST:
                folders.clear()
            beginning = path_beginning(Path(root), path)
            names += [beginning + file for file in files if not file.startswith(".")]
            if len(names) > limits.entries:
                raise LimitError(f"holds more than {limits.entries} files", source=str(path))
        sort_naturally(names)
        names.sort(key=lambda name: name.count("/"))
        return cls(str(path), limits, tuple(names))

    def read(self, name: str, most: int = 0) -> bytes:
        _refuse_subscribers(name)
        limits = structs.replace(self.limits, post_bytes=most) if most else self.limits
        return read_bytes(Path(self.path) / name, limits, Path(self.path))

    def read_start(self, name: str, size: int) -> bytes:
        _refuse_subscribers(name)
        return read_bytes(Path(self.path) / name, self.limits, Path(self.path), size)

    def base(self, folder: str) -> Base | None:
        return Base("folder", self.path, folder)


def _refuse_subscribers(name: str) -> None:
    if SUBSCRIBER_LIST.search(name):
        raise BadPostError("is a list of subscribers, which is not read")


def open_files(source: Source, limits: Limits) -> Files:
    """Returns the files of a folder, or of a ZIP by its path, its bytes or a stream.

    Raises ReadError if it is neither, LimitError if it exceeds a limit.
    """
    if isinstance(source, (str, Path)):
        path = Path(source)
        if path.is_dir():
            return FolderFiles.open(path, limits)
        return ZipFiles.open(str(path.resolve()), path.name, limits)
    data, name = source_bytes(source, limits.archive_bytes)
    return ZipFiles.open(data, name, limits)


def report_account_files(names: Sequence[str]) -> list[Diagnostic]:
    """Returns the finding on the files of an archive that are about the account; none without any."""
    if not names:
        return []
    message = f"{format_count(len(names), 'file')} about the account found; neither read nor copied"
    return [Diagnostic(DiagnosticCode.PRIVATE_FILE, message, names[0], severity=Severity.INFO)]


class ExportPart(NamedTuple):
    """A file of an export that holds posts."""

    name: str
    place: Files | Path | bytes
    """The files that it is one of; its path or its bytes if it is by itself."""
    most: int
    """The most bytes that it may have if it is by itself."""

    def open(self) -> BinaryIO:
        """Opens it. Raises BadPostError for a file of an archive that cannot be read, for others ReadError or LimitError."""
        if isinstance(self.place, Path):
            return open_file(self.place, self.most)
        data = self.place if isinstance(self.place, bytes) else self.place.read(self.name)
        return io.BytesIO(data)

    def read(self, most: int) -> bytes:
        """Returns its bytes. Raises ReadError if it cannot be read, LimitError if there are more than ``most``."""
        if isinstance(self.place, Path):
            return source_bytes(self.place, most)[0]
        if isinstance(self.place, bytes):
            if len(self.place) > most:
                raise LimitError(f"is longer than {most} bytes", source=self.name)
            return self.place
        try:
            return self.place.read(self.name, most)
        except BadPostError as error:
            raise ReadError(str(error), source=self.name) from error


class OpenedExport(NamedTuple):
    """An export of a platform, opened."""

    parts: list[ExportPart]
    files: Files | None = None
    """All files of the folder or the ZIP; None for a file by itself."""

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        return self.files.findings if self.files is not None else ()


def open_export(
    source: Source,
    find_parts: Callable[[Files], Iterable[str]],
    lacking: str,
    limits: Limits,
    *,
    most: int,
    hint: str = "",
) -> OpenedExport:
    """Opens an export of which some files hold the posts: such a file by itself, or those that ``find_parts`` names
    in a folder or a ZIP. A path, bytes and a stream are told by their first bytes.

    A file in a folder or ZIP may have ``most`` bytes, since it holds many posts, and one by itself as many as an
    archive. Raises ReadError with ``lacking`` and ``hint`` where there is none, LimitError for what exceeds a limit.
    """
    given: Path | bytes
    if isinstance(source, (str, Path)):
        given = Path(source)
        name = given.name
        is_alone = not given.is_dir() and not is_zip(given)
    else:
        given, name = source_bytes(source, limits.archive_bytes)
        is_alone = not is_zip(given)
    if is_alone:
        return OpenedExport([ExportPart(name, given, limits.archive_bytes)])
    files = open_files(given, structs.replace(limits, post_bytes=most))
    found = [ExportPart(part, files, most) for part in find_parts(files)]
    if not found:
        raise ReadError(lacking, source=files.name, hint=hint)
    return OpenedExport(found, files)
