"""Tracks which files in a folder belong to a product, so that a later run removes those it no longer makes.

The list lies in the product's folder, in ``.clothbound-files.json``::

    {"clothbound-files": 1,
     "products": {"site": {"b.html": {"sha256": ["9f86..."], "posts": ["1b4f..."]}}}}

It names only files in the folder. Each has the digest of its bytes (two while a run is under way, since
either version may be there) and digests of the names of the source files it was made from, so that the
page of a post that cannot be read this time is kept.

A file is removed only if no link lies on the way to it and it has the bytes that an earlier run of the
same product wrote. All others are kept and reported.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from heapq import merge
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import msgspec

from .console_text import format_count, list_and_count
from .diagnostics import Diagnostic, DiagnosticCode, Severity
from .errors import WriteError, reason_of
from .stored_items import StoredTable

LIST = ".clothbound-files.json"
_VERSION = 1
_MOST_BYTES = 100_000_000
_MOST_TRIES = 300_000
"""The most sources that are tried for the files of a folder, each of which takes a digest."""
# Files that a message names before it counts the rest.
_NAMED = 5


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """Digests of a file's bytes, and of the names of the source files it was made from."""

    sha256: tuple[str, ...]
    posts: tuple[str, ...] = ()

    def with_earlier(self, earlier: Record | None) -> Record:
        """Returns this record with the digests of what an earlier run wrote under the same name."""
        if earlier is None:
            return self
        return msgspec.structs.replace(
            self, sha256=tuple(dict.fromkeys((*self.sha256, *earlier.sha256)))
        )


Records = dict[str, Record]
"""Records by the file's name in the folder."""


class _List(msgspec.Struct, frozen=True):
    version: int = msgspec.field(name="clothbound-files")
    products: dict[str, Records]


class SweepResult(msgspec.Struct):
    """The names of files that earlier runs wrote and the product no longer has, by what became of them."""

    removed: list[str] = []
    edited: list[str] = []
    """Changed since an earlier run wrote them, or no longer files; kept."""
    unread: list[str] = []
    """Pages of posts that could not be read this time; kept."""
    stuck: dict[str, str] = {}
    """Files that the system refused to remove, with its reason."""
    foreign: list[str] = []
    """Files that no list names, beside files of the product and of the same type."""
    is_damaged: bool = False
    """Whether the list of the earlier run cannot be read."""


def is_inside(name: str) -> bool:
    """Whether a relative POSIX name stays within its folder on every system."""
    parts = name.split("/")
    return not ({"", ".", ".."}.intersection(parts) or set(name) & {"\\", "\0", ":"})


def refuse_links_out(folder: Path, names: Iterable[str]) -> None:
    """Raises WriteError if a folder in which one of the files would lie is a link that leads out of ``folder``."""
    whole = Path(os.path.realpath(folder))
    for place in sorted({name.rpartition("/")[0] for name in names}):
        if not Path(os.path.realpath(whole / place)).is_relative_to(whole):
            raise WriteError(
                f"leads out of the folder {folder.name!r}",
                source=str(folder / place),
                hint="remove this link, or give the product another folder",
            )


def holds_bytes(path: str, size: int, pieces: Iterable[bytes]) -> bool:
    """Returns whether a file, and no link to one, has these bytes already; ``size`` is the number of all of them."""
    try:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_size != size:
            return False
        with open(path, "rb") as stream:  # noqa: PTH123 - a path takes longer
            return all(stream.read(len(piece)) == piece for piece in pieces)
    except OSError:
        return False


class ProductFiles:
    """The files of one product in a folder, while a run writes it there.

    ``product`` is the product's name; files of other products in the folder are left alone. ``files`` holds the
    SHA-256 of each file in hexadecimal, and ``sources`` the sources of the posts that it was made from, by the file's
    name. With ``adds`` nothing is removed, because it is unknown whether this is the same product as before.
    """

    def __init__(
        self,
        folder: Path,
        product: str,
        files: StoredTable[str],
        sources: Mapping[str, Collection[str]],
        *,
        adds: bool = False,
    ) -> None:
        self._folder = folder
        self._product = product
        self._files = files
        self._sources = sources
        self._adds = adds
        self._earlier, self.is_damaged = _read(folder)
        self._own = self._earlier.get(product, {})

    def announce(self, part: Path) -> None:
        """Adds the new files to the list before they are written, so that the next run can clean up after
        one that ends in the middle. ``part`` is a path for a temporary file.
        """
        kept = {name: record for name, record in self._own.items() if name not in self._files}
        self._write(kept, part, earlier=self._own)

    def sweep(self, part: Path, unread: Collection[str]) -> SweepResult:
        """Removes what earlier runs wrote and this one did not, after the new files have been written.

        ``unread`` holds the sources of posts that could not be read this time.
        """
        swept = SweepResult(is_damaged=self.is_damaged)
        others = {name for product, files in self._others() for name in files}
        stale = [name for name in self._own if name not in self._files and name not in others]
        kept: Records = {}
        if self._adds:
            there = (name for name in self._own if os.path.lexists(self._folder / name))
            kept, stale = {name: self._own[name] for name in there if name not in self._files}, []
        new = set(self._identities()) if stale else set()
        for name in stale:
            record = self._own[name]
            if any(_digest_of_source(name, source) in record.posts for source in unread):
                if os.path.lexists(self._folder / name):
                    swept.unread.append(name)
                    kept[name] = record
            elif self._remove(name, record, new, swept):
                kept[name] = record
        self._write(kept, part, earlier={})
        swept.foreign = list(self._beside({*kept, *others, LIST}))
        return swept

    def _others(self) -> Iterator[tuple[str, Records]]:
        for product, files in self._earlier.items():
            if product != self._product:
                yield product, {n: r for n, r in files.items() if n not in self._files}

    def _write(self, kept: Records, part: Path, *, earlier: Mapping[str, Record]) -> None:
        """Writes the list: the new files, and those of earlier runs that are ``kept``."""
        products: list[tuple[str, Iterable[tuple[str, Record]]]] = [
            (product, files.items()) for product, files in self._others() if files
        ]
        if self._files or kept:
            new = self._records(earlier)
            products.append((self._product, merge(sorted(kept.items()), new, key=itemgetter(0))))
        with part.open("wb") as stream:
            _write_list(products, stream)
        part.replace(self._folder / LIST)

    def _records(self, earlier: Mapping[str, Record]) -> Iterator[tuple[str, Record]]:
        """Yields the records of the new files, sorted by name, with the digests of ``earlier`` ones."""
        for name, digest in self._files.sorted_items():
            sources = self._sources.get(name, ())
            posts = sorted({_digest_of_source(name, source) for source in sources if source})
            yield name, Record((digest,), tuple(posts)).with_earlier(earlier.get(name))

    def _identities(self) -> Iterator[tuple[int, int]]:
        """Yields device and inode of the new files: a name in another case may be one of them."""
        for name in self._files:
            with contextlib.suppress(OSError):
                found = (self._folder / name).lstat()
                yield found.st_dev, found.st_ino

    def _remove(
        self, name: str, record: Record, new: set[tuple[int, int]], swept: SweepResult
    ) -> bool:
        """Removes a file if nobody changed it. Returns whether the file is still there."""
        path = self._folder / name
        try:
            found = path.lstat()
            if (found.st_dev, found.st_ino) in new:
                return False
            within = list(_folders_of(self._folder, name))
            if not (stat.S_ISREG(found.st_mode) and all(map(_is_plain_folder, within))):
                swept.edited.append(name)
                return True
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            if digest not in record.sha256:
                swept.edited.append(name)
                return True
            path.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            swept.stuck[name] = reason_of(error)
            return True
        swept.removed.append(name)
        for folder in reversed(within):
            with contextlib.suppress(OSError):  # it holds other files
                folder.rmdir()
        return False

    def _beside(self, known: Container[str]) -> Iterator[str]:
        """Yields visible files in the product's folders that have the extensions of its files there, but are neither
        its own nor ``known``.
        """
        endings: dict[str, set[str]] = {}
        for name in self._files:
            head, slash, last = name.rpartition("/")
            endings.setdefault(head + slash, set()).add(_ending_of(last))
        for head, own in endings.items():
            with contextlib.suppress(OSError):
                found = (
                    head + entry.name
                    for entry in os.scandir(self._folder / head)
                    if _ending_of(entry.name) in own and entry.name[0] != "." and entry.is_file()
                )
                yield from sorted(n for n in found if n not in known and n not in self._files)


def _ending_of(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def listed_files(folder: str | os.PathLike[str]) -> frozenset[str]:
    """Returns the names of the files of all products that the list in a folder names; none if it cannot be read."""
    try:
        products, _ = _read(Path(folder))
    except OSError:
        return frozenset()
    return frozenset(name for files in products.values() for name in files)


def files_made_of(folder: Path, sources: Collection[str]) -> frozenset[str]:
    """Returns the names of the files in a folder of products that were made of posts of these sources."""
    try:
        products, _ = _read(folder)
    except OSError:
        return frozenset()
    by_stem: dict[str, list[str]] = {}
    for source in sources:
        by_stem.setdefault(PurePosixPath(source).stem, []).append(source)
    tries = _MOST_TRIES
    made = set()
    for name, record in (one for files in products.values() for one in files.items()):
        # Most files have the name of their source.
        alike = by_stem.get(PurePosixPath(name).stem, [])
        if not any(_digest_of_source(name, source) in record.posts for source in alike):
            tries -= len(sources)
            if tries < 0 or not any(_digest_of_source(name, s) in record.posts for s in sources):
                continue
        made.add(name)
    return frozenset(made)


def diagnostics_of(folder: str, swept: SweepResult) -> Iterator[Diagnostic]:
    """Yields what to report about a folder's files that the product no longer has, or never had."""
    if swept.is_damaged:
        message = f"the list of its files ({LIST}) cannot be read, so no file is removed"
        yield Diagnostic(DiagnosticCode.PRODUCT_FILE, message, folder)
    for name in swept.removed:
        message = "removed: an earlier run wrote it, and the product no longer has it"
        yield Diagnostic(
            DiagnosticCode.PRODUCT_FILE, message, f"{folder}/{name}", severity=Severity.INFO
        )
    for name in swept.edited:
        message = (
            "kept: the product no longer has it, but somebody changed it after an earlier run wrote it."
            " Hint: delete it if it is not to be published"
        )
        yield Diagnostic(DiagnosticCode.PRODUCT_FILE, message, f"{folder}/{name}")
    for name in swept.unread:
        message = "kept as an earlier run wrote it: its post could not be read this time"
        yield Diagnostic(DiagnosticCode.PRODUCT_FILE, message, f"{folder}/{name}")
    for name, reason in swept.stuck.items():
        message = f"kept: the product no longer has it, but it cannot be removed: {reason}"
        yield Diagnostic(DiagnosticCode.PRODUCT_FILE, message, f"{folder}/{name}")
    if swept.foreign:
        names = list_and_count(swept.foreign, _NAMED)
        message = (
            f"{format_count(len(swept.foreign), 'file')} kept that no known run has written: {names}."
            " Hint: delete what is not to be published"
        )
        yield Diagnostic(DiagnosticCode.PRODUCT_FILE, message, folder)


def _read(folder: Path) -> tuple[dict[str, Records], bool]:
    """Returns the records by product, and whether there is a list that cannot be parsed.

    Names that would lead out of the folder are left out. Raises OSError where the list exists but cannot
    be opened: it must not be replaced by one that knows less.
    """
    try:
        with (folder / LIST).open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return {}, False
    try:
        if len(data) > _MOST_BYTES:
            return {}, True
        found = msgspec.json.decode(data, type=_List)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}, True
    if found.version != _VERSION:
        return {}, True
    products = {
        product: {
            name: record for name, record in files.items() if is_inside(name) and name != LIST
        }
        for product, files in found.products.items()
    }
    return products, False


def _write_list(
    products: Iterable[tuple[str, Iterable[tuple[str, Record]]]], stream: BinaryIO
) -> None:
    """Writes the list of files as ``msgspec.json.format`` with an indent of 1 would write it, record by record."""
    stream.write(b'{\n "clothbound-files": %d,\n "products": {' % _VERSION)
    end = b"}\n}\n"
    for place, (product, files) in enumerate(products):
        stream.write(b"%s\n  %s: {" % (b"," if place else b"", msgspec.json.encode(product)))
        for number, (name, record) in enumerate(files):
            written = msgspec.json.format(msgspec.json.encode(record), indent=1)
            indented = written.replace(b"\n", b"\n   ")
            comma = b"," if number else b""
            stream.write(b"%s\n   %s: %s" % (comma, msgspec.json.encode(name), indented))
        stream.write(b"\n  }")
        end = b"\n }\n}\n"
    stream.write(end)


def _folders_of(folder: Path, name: str) -> Iterator[Path]:
    """Yields the folders between ``folder`` and a file in it, outermost first."""
    for part in name.split("/")[:-1]:
        folder = folder / part
        yield folder


def _is_plain_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _digest_of_source(name: str, source: str) -> str:
    """Returns a digest of a post's source that differs from record to record."""
    text = f"{name}\0{source}".encode("utf-8", "replace")
    return hashlib.sha256(text).hexdigest()[:16]
