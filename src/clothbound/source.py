"""Identifies a source: posts, the plan of a book, or a finished book, whose chapters are posts too. ``read`` and every
command use this module.

Bytes decide and a file's extension proposes. What a source is not taken for is an error that names the
command which takes it.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TextIO, cast

import msgspec

from . import format_detection, formats
from .console_text import format_count, list_some
from .diagnostics import Diagnostic, DiagnosticCode, Severity
from .errors import ClothboundError, Hint, ReadError, UsageError, reason_of
from .lazy_pattern import lazy_pattern
from .limits import Limits
from .media.sniffing import begins_zip
from .model.addresses import is_on_web
from .model.collection import Collection as Posts
from .model.slugs import HTML_FILES, NOTEBOOK_FILES, POST_FILES
from .progress import DOWNLOADING, Progress
from .run import Run

_HEAD = 4096
_PDF_HEAD = 1024
"""The bytes at the beginning of a PDF within which its mark stands."""
_START = 1_000_000
"""The bytes that are read where the first are not enough to tell a format."""
# What comes before the colon has two letters at least: C:// is a drive.
_ADDRESS = lazy_pattern(r"[a-z][a-z0-9+.-]+://", re.I)
# The first heading of a plan with a key below it. In prose, [book] may stand alone in a line.
_PLAN = lazy_pattern(
    rb"(?:\xef\xbb\xbf)?(?:\s++|#[^\n]*+\n)*+"
    rb"\[(?:book|posts)\][ \t]*+(?:#[^\n]*+)?\r?\n(?:\s++|#[^\n]*+\n)*+[\w-]+[ \t]*+="
)


_TEXTS_OF_EXPORTS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("substack", "medium", "tumblr"), frozenset((*HTML_FILES, *NOTEBOOK_FILES))),
    **dict.fromkeys(("buttondown", "jsonfeed", "epub"), frozenset(POST_FILES)),
}
"""The extensions that texts of an export have, by its reader."""


class SourceKind(StrEnum):
    """The kinds of sources."""

    POSTS = "posts"
    PLAN = "the plan of a book"
    BOOK = "a finished EPUB"


class IdentifiedSource(msgspec.Struct, frozen=True):
    """A source whose kind is known. ``content`` is the object that readers accept."""

    kind: SourceKind
    content: formats.Source
    name: str
    """A file's name or a folder's path; empty if there is none."""
    head: bytes
    """The first bytes; empty for a folder and for a stream that cannot seek."""
    called: str = "the input"
    """How messages name the source: a path as it was given."""

    @property
    def path(self) -> Path | None:
        """The path of the source; None for bytes and streams."""
        return self.content if isinstance(self.content, Path) else None

    def reader(self) -> str:
        """Returns the name of the reader for its posts. Raises UsageError for a stream that cannot seek, and
        UnknownFormatError if no reader accepts it.
        """
        if not self.name and not self.head and not isinstance(self.content, (Path, bytes)):
            raise UsageError("the format of a stream must be named", hint="format='markdown'")
        place = self.path if self.head else None
        return format_detection.reader_for(
            self.name, self.head, self._list_files, self._read_start, place
        )

    def find_left_out(self, reader: str) -> list[Diagnostic]:
        """Returns what is to be said of posts in a folder that the reader of its export does not take; nothing of others."""
        files = (
            self._list_files() if reader in format_detection.ARCHIVES and self._is_folder else None
        )
        if files is None or self.path is None:
            return []
        from .readers.post_files import find_post_files

        extensions = frozenset(POST_FILES) - _TEXTS_OF_EXPORTS.get(reader, frozenset())
        texts = find_post_files(self.path, extensions).posts if extensions else []
        others = format_detection.other_archives(reader, files)
        said = [f"{format_count(len(texts), 'file')} ({list_some(texts)})"] if texts else []
        said += [f"an export that the reader {name} takes" for name in others]
        # Below the top, a ZIP is likely a file to which a post links; that of Tumblr is an export's own.
        names = files.names if reader != "tumblr" else ()
        packed = [name for name in names if "/" not in name and name.lower().endswith(".zip")]
        said += [f"{format_count(len(packed), 'ZIP')} ({list_some(packed)})"] if packed else []
        if not said:
            return []
        message = (
            f"read as an export by the reader {reader}; not read: {', '.join(said)}. Hint: -f names"
            " another reader; or read each on its own"
        )
        return [Diagnostic(DiagnosticCode.FILES_PASSED_OVER, message)]

    @property
    def _is_folder(self) -> bool:
        return self.path is not None and self.path.is_dir()

    def _read_start(self) -> bytes:
        """Returns a longer beginning of a file than ``head``; ``head`` itself for a stream that cannot seek."""
        if isinstance(self.content, bytes):
            return self.content[:_START]
        if isinstance(self.content, Path):
            with self.content.open("rb") as stream:
                return stream.read(_START)
        given = cast("io.BufferedIOBase", self.content)
        if not given.seekable():
            return self.head
        position = given.tell()
        start = given.read(_START)
        given.seek(position)
        return start

    def _list_files(self) -> formats.ArchiveFiles | None:
        """Returns the files of a folder or a ZIP; None for a stream that cannot seek, and for what cannot be listed."""
        from .readers.export_files import open_files

        stream = None
        if not isinstance(self.content, (Path, bytes)):
            stream = cast("io.BufferedIOBase", self.content)
            if not stream.seekable():
                return None
        position = stream.tell() if stream is not None else 0
        try:
            return open_files(self.content, Limits())
        except ClothboundError:
            return None
        finally:
            if stream is not None:
                stream.seek(position)


def is_text(source: object) -> bool:
    """Whether a str is a text and not a path: it has several lines, and no file has this name."""
    if not isinstance(source, str) or not ("\n" in source or "\r" in source):
        return False
    return not os.path.exists(source)  # noqa: PTH110 - Path.exists raises for a name that is too long


def without_texts(source: formats.Source | TextIO) -> formats.Source:
    """Returns a source that readers accept: a text, or the text of a stream, as bytes in UTF-8.

    Raises ReadError for a stream whose bytes are not the text that it was opened for.
    """
    if isinstance(source, io.TextIOBase):
        try:
            text = source.read()
        except ValueError as error:
            raise ReadError(
                f"cannot be read as text: {error}", hint="open the file with mode 'rb'"
            ) from error
        given = getattr(source, "name", "")
        return _NamedBytes(
            text.encode(errors="surrogatepass"), given if isinstance(given, str) else ""
        )
    if isinstance(source, str) and is_text(source):
        return source.encode(errors="surrogatepass")
    return cast("formats.Source", source)


class _NamedBytes(io.BytesIO):
    """The bytes of a text, with the name of its file."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data)
        self.name = name


def identify(source: formats.Source, run: Run, reader: str = "") -> IdentifiedSource:
    """Identifies ``source``. Raises ReadError if it does not exist, UsageError for an object that is not a source.

    An address is fetched by ``run.fetch``; ``reader`` is the format that the caller names, if any.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        data = bytes(source)
        return IdentifiedSource(_kind("", data[:_HEAD]), data, "", data[:_HEAD])
    if not isinstance(source, (str, os.PathLike)):
        return _identify_stream(source)
    if isinstance(source, str) and is_address(source):
        return _identify_address(source, run, reader)
    path, called = Path(source), os.fspath(source)
    try:
        if path.is_dir():
            return IdentifiedSource(SourceKind.POSTS, path, str(path), b"", called)
        if path.is_file():
            with path.open("rb") as stream:
                head = stream.read(_HEAD)
            return IdentifiedSource(_kind(path.name, head), path, path.name, head, called)
        if not path.exists():
            raise ReadError("no such file or folder", source=str(path))
        # A pipe, as in <(command): bytes that are read to detect the format cannot be read again.
        with path.open("rb") as stream:
            data = stream.read(run.limits.post_bytes + 1)
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise ReadError(f"cannot be read: {reason}", source=str(path)) from error
    return IdentifiedSource(_kind("", data[:_HEAD]), data, "", data[:_HEAD])


def is_pdf(path: Path) -> bool:
    """Returns whether a file begins as a PDF does. Its pages can be looked at, and no reader takes it."""
    try:
        with path.open("rb") as stream:
            return b"%PDF-" in stream.read(_PDF_HEAD)
    except (OSError, ValueError):
        return False


def is_address(source: object) -> bool:
    """Returns whether ``source`` is an address instead of the path of a file."""
    return isinstance(source, str) and "://" in source and _ADDRESS.match(source) is not None


def refuse_address(source: str) -> None:
    """Raises UsageError if ``source`` is an address where only a file or a folder can stand."""
    if is_address(source):
        raise UsageError(
            f"{source} is an address, but a file or a folder must stand here",
            hint=f"`clothbound import {source} posts/` keeps its posts as files",
        )


def _identify_address(address: str, run: Run, reader: str) -> IdentifiedSource:
    if not is_on_web(address):
        raise UsageError(f"{address} is an address that is not fetched", hint="http and https are")
    if run.fetch is None:
        raise UsageError(
            f"{address} is an address, and nothing may fetch it",
            hint="read(address, run=Run(fetch=Fetcher())) allows it",
        )
    from .readers.downloads import download

    if run.progress is not None:
        run.progress(Progress(DOWNLOADING))
    content = download(address, run.fetch, reader)
    head = content.getvalue()[:_HEAD]
    return IdentifiedSource(_kind(content.name, head), content, content.name, head, address)


def refuse_other(source: IdentifiedSource, takes: Collection[SourceKind]) -> None:
    """Raises UsageError if ``source`` is of none of the kinds; the error names the command that accepts it.

    Whoever takes posts takes a finished book, as its chapters.
    """
    if source.kind is SourceKind.PLAN and source.path is None:
        raise UsageError(
            "this is the plan of a book, which names the folder of its posts relative to its own file",
            hint="give it as a file",
        )
    if source.kind in takes or (source.kind is SourceKind.BOOK and SourceKind.POSTS in takes):
        return
    called = source.called
    hint = {
        SourceKind.POSTS: f"`clothbound init {called}` makes a plan of them",
        SourceKind.PLAN: Hint(
            "make_book of clothbound.plan makes the book",
            f"`clothbound book {called}` makes the book, `clothbound check {called}` checks it,"
            f" `clothbound update {called}` adds new posts",
        ),
        SourceKind.BOOK: Hint(
            f"clothbound.check({called!r}) holds it against the rules of stores",
            f"`clothbound check {called}` holds it against the rules of stores",
        ),
    }
    wanted = " or ".join(takes)
    raise UsageError(f"is {source.kind}, not {wanted}", source=called, hint=hint[source.kind])


def refuse_empty(collection: Posts, called: str) -> None:
    """Raises ReadError if a source has no posts; the error says what it has instead, and the first of its bad posts."""
    if not len(collection):
        found = collection.diagnostics
        said = [d.message for d in found if d.code is DiagnosticCode.FILES_PASSED_OVER]
        said += [str(d) for d in found if d.severity is Severity.ERROR][:1]
        raise ReadError("; ".join(["no post could be read from it", *said]), source=called)


def _kind(name: str, head: bytes) -> SourceKind:
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 - a Path takes longer
    if suffix == ".epub" or (begins_zip(head) and _is_epub(head)):
        return SourceKind.BOOK
    may_be_plan = b"[book]" in head or b"[posts]" in head
    if suffix == ".toml" or (may_be_plan and _PLAN.match(head)):
        return SourceKind.PLAN
    return SourceKind.POSTS


def _is_epub(head: bytes) -> bool:
    # Modules of formats are imported only when there is something that may be theirs.
    from .readers.epub import is_epub

    return is_epub(head)


def _identify_stream(source: object) -> IdentifiedSource:
    if not callable(getattr(source, "read", None)) or isinstance(source, io.TextIOBase):
        raise UsageError(
            f"a source must be a path, bytes or a binary stream, not {type(source).__name__}",
            hint="open the file with mode 'rb'" if hasattr(source, "read") else "",
        )
    stream = cast("io.BufferedIOBase", source)
    given = getattr(stream, "name", "")
    name = given if isinstance(given, str) else ""
    head = b""
    if stream.seekable():
        position = stream.tell()
        head = stream.read(_HEAD)
        stream.seek(position)
    return IdentifiedSource(_kind(name, head), cast("formats.Source", source), name, head)
