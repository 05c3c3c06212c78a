"""Which files of a folder are a product's own, so that one made again removes those that are no more.

The list lies in the product's folder, in ``.clothbound-files.json``::

    {"clothbound-files": 1,
     "products": {"site": {"b.html": {"sha256": ["9f86..."], "posts": ["1b4f..."]}}}}

It names only files that lie in the folder. For each it has the digest of the file's bytes (two while
a run is under way, of which either may be there) and digests of the names of the posts' own files
that it was made of, so that the page of a post that cannot be read this time is left.

A file is removed only if it lies in the folder itself, no link on the way, and has the bytes that an
earlier run of the same product wrote. All others stay and are named.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

import msgspec

from .console_text import counted
from .diagnostics import Code, Diagnostic, Severity

LIST = ".clothbound-files.json"
_VERSION = 1
_MOST_BYTES = 100_000_000
_NAMED = 5
"""How many files are named before the rest is counted."""


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is known of a file: the digests of its bytes, and of the names of its posts' files."""

    sha256: tuple[str, ...]
    posts: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: bytes) -> Record:
        return cls((hashlib.sha256(data).hexdigest(),))

    def made_of(self, name: str, sources: Collection[str]) -> Record:
        """The same of the file ``name``, with the posts that it was made of."""
        posts = sorted({_digest_of_source(name, source) for source in sources if source})
        return msgspec.structs.replace(self, posts=tuple(posts))


Records = dict[str, Record]
"""By the file's name in the folder."""


class _List(msgspec.Struct, frozen=True):
    version: int = msgspec.field(name="clothbound-files")
    products: dict[str, Records]


class Swept(msgspec.Struct):
    """What became of the files of earlier runs that a product has no longer, by their names."""

    removed: list[str] = []
    edited: list[str] = []
    """Changed since, or no file any more."""
    unread: list[str] = []
    """Pages of posts that could not be read this time."""
    stuck: dict[str, str] = {}
    """The system refused to remove them; with its reason."""
    foreign: list[str] = []
    """Not on the list, though beside files of the product and of a kind with them."""
    is_damaged: bool = False
    """The list of the earlier run cannot be read."""


def is_inside(name: str) -> bool:
    """Whether a relative POSIX name stays in its folder, on every system."""
    parts = name.split("/")
    return not ({"", ".", ".."}.intersection(parts) or set(name) & {"\\", "\0", ":"})


class ProductFiles:
    """The files of one product in a folder, while it is put down there again.

    ``product`` is the name of what is made; another product's files in the folder are left alone.
    ``adds``: nobody can tell whether it is the same product as before, and nothing is removed.
    """

    def __init__(self, folder: Path, product: str, files: Records, *, adds: bool = False) -> None:
        self._folder = folder
        self._product = product
        self._files = files
        self._adds = adds
        self._earlier, self.is_damaged = _read(folder)
        self._own = self._earlier.get(product, {})

    def announce(self, part: Path) -> None:
        """Lists the new files beside those of earlier runs, before the new ones are put down: a run
        that ends in the middle is made good by the next. ``part`` is a path to write to first.
        """
        self._write({**self._own, **self._files, **self._both()}, part)

    def sweep(self, part: Path, unread: Collection[str]) -> Swept:
        """Removes what earlier runs wrote and this one did not, when the new files are there.

        ``unread`` are the sources of posts that could not be read this time.
        """
        swept = Swept(is_damaged=self.is_damaged)
        others = {name for product, files in self._others() for name in files}
        stale = [name for name in self._own if name not in self._files and name not in others]
        kept = dict(self._files)
        if self._adds:
            there = {n: r for n, r in self._own.items() if os.path.lexists(self._folder / n)}
            kept, stale = {**there, **kept}, []
        new = set(self._identities()) if stale else set()
        for name in stale:
            record = self._own[name]
            if any(_digest_of_source(name, source) in record.posts for source in unread):
                if os.path.lexists(self._folder / name):
                    swept.unread.append(name)
                    kept[name] = record
            elif self._remove(name, record, new, swept):
                kept[name] = record
        self._write(kept, part)
        known = {*kept, *others, LIST}
        swept.foreign = [name for name in self._beside() if name not in known]
        return swept

    def _both(self) -> Records:
        return {
            name: msgspec.structs.replace(
                record,
                sha256=tuple(dict.fromkeys((*record.sha256, *self._own[name].sha256))),
            )
            for name, record in self._files.items()
            if name in self._own
        }

    def _others(self) -> Iterator[tuple[str, Records]]:
        for product, files in self._earlier.items():
            if product != self._product:
                yield product, {n: r for n, r in files.items() if n not in self._files}

    def _write(self, own: Records, part: Path) -> None:
        products = {**dict(self._others()), self._product: dict(sorted(own.items()))}
        listed = _List(_VERSION, {name: files for name, files in products.items() if files})
        part.write_bytes(msgspec.json.format(msgspec.json.encode(listed), indent=1) + b"\n")
        part.replace(self._folder / LIST)

    def _identities(self) -> Iterator[tuple[int, int]]:
        """Of the new files: a name in another case may be one of them."""
        for name in self._files:
            with contextlib.suppress(OSError):
                found = (self._folder / name).lstat()
                yield found.st_dev, found.st_ino

    def _remove(self, name: str, record: Record, new: set[tuple[int, int]], swept: Swept) -> bool:
        """Removes a file if it is as it was written; whether it is still there."""
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
            swept.stuck[name] = error.strerror or str(error)
            return True
        swept.removed.append(name)
        for folder in reversed(within):
            with contextlib.suppress(OSError):  # others' files are in it
                folder.rmdir()
        return False

    def _beside(self) -> Iterator[str]:
        """Files, not hidden, that lie in folders of the product and end as its files there do."""
        endings: dict[str, set[str]] = {}
        for name in self._files:
            head, slash, last = name.rpartition("/")
            endings.setdefault(head + slash, set()).add(PurePosixPath(last).suffix.lower())
        for head, known in endings.items():
            with contextlib.suppress(OSError):
                for entry in sorted(os.scandir(self._folder / head), key=lambda e: e.name):
                    ending = PurePosixPath(entry.name).suffix.lower()
                    if ending in known and entry.name[0] != "." and entry.is_file():
                        yield head + entry.name


def told(folder: str, swept: Swept) -> Iterator[Diagnostic]:
    """What is said of a folder's files that the product has no longer, or never had."""
    if swept.is_damaged:
        message = f"the list of its files ({LIST}) cannot be read, so that none is removed"
        yield Diagnostic(Code.PRODUCT_FILE, message, folder)
    for name in swept.removed:
        message = "removed: an earlier run wrote it, and the product has it no longer"
        yield Diagnostic(Code.PRODUCT_FILE, message, f"{folder}/{name}", severity=Severity.INFO)
    for name in swept.edited:
        message = (
            "stays: the product has it no longer, but it was changed since an earlier run wrote it."
            " Hint: delete it if nobody is to have it"
        )
        yield Diagnostic(Code.PRODUCT_FILE, message, f"{folder}/{name}")
    for name in swept.unread:
        message = "stays as an earlier run wrote it: its post could not be read this time"
        yield Diagnostic(Code.PRODUCT_FILE, message, f"{folder}/{name}")
    for name, reason in swept.stuck.items():
        message = f"stays: the product has it no longer, but it cannot be removed: {reason}"
        yield Diagnostic(Code.PRODUCT_FILE, message, f"{folder}/{name}")
    if swept.foreign:
        names = ", ".join(swept.foreign[:_NAMED])
        more = len(swept.foreign) - _NAMED
        further = f" and {more:,} more" if more > 0 else ""
        subject = "which no earlier run is known to have written"
        verb = "stays" if len(swept.foreign) == 1 else "stay"
        message = (
            f"{counted(len(swept.foreign), 'file')}, {subject}, {verb}: {names}{further}."
            " Hint: delete what nobody is to have"
        )
        yield Diagnostic(Code.PRODUCT_FILE, message, folder)


def _read(folder: Path) -> tuple[dict[str, Records], bool]:
    """The records by product, and whether there is a list that cannot be read.

    Names that would lead out of the folder are left out. Raises OSError: a list that is there but
    cannot be had now must not be replaced by one that knows less.
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


def _folders_of(folder: Path, name: str) -> Iterator[Path]:
    """The folders between ``folder`` and a file in it, from the outside in."""
    for part in name.split("/")[:-1]:
        folder = folder / part
        yield folder


def _is_plain_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _digest_of_source(name: str, source: str) -> str:
    """A digest of a post's source that is another in every record."""
    text = f"{name}\0{source}".encode("utf-8", "replace")
    return hashlib.sha256(text).hexdigest()[:16]
