"""What a writer made: a file or a tree of files, put down in one step or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from .diagnostics import LossReport
from .errors import LossError, WriteError
from .page_list import PrintedPages
from .product_files import LIST, ProductFiles, Record, Records, is_inside, told
from .protected_files import Originals
from .staging import staged_file, staging

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class Artifact:
    """The product of one writer, made when it is saved.

    It runs once: ``save`` or ``to_bytes``. ``report`` is there after that, and raises before.
    """

    def __init__(
        self,
        *,
        report: LossReport,
        file: Callable[[BinaryIO], PrintedPages | None] | None = None,
        tree: Callable[[], Iterator[tuple[str, bytes]]] | None = None,
        sources: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Exactly one of ``file`` (writes one stream, and may return where its pages begin) and
        ``tree`` (yields relative POSIX names and their bytes) is given.

        ``sources`` are, by a tree's names, the sources of the posts that a file was made of; it is
        looked at when the tree is through. The page of a post that cannot be read at a later time
        is then known, and stays.
        """
        if (file is None) == (tree is None):
            raise TypeError("an artifact is a file or a tree")
        self._file = file
        self._tree = tree
        self._sources = {} if sources is None else sources
        self.only_page = ""
        """The name that the only page of a collection has in a folder; else empty."""
        self._are_pages = False
        self._report = report
        self._state = "new"
        self._pages: PrintedPages | None = None

    @classmethod
    def of_pages(
        cls, *, report: LossReport, names: Mapping[str, str], make: Callable[[int], bytes]
    ) -> Artifact:
        """A file for each post: ``make`` gives the bytes of the post at a position.

        ``names`` are the files' names, in the order of the posts, and each post's source. The only
        page of a collection is a file where a file is named, and a tree where a folder is.
        """

        def tree() -> Iterator[tuple[str, bytes]]:
            for position, name in enumerate(names):
                yield name, make(position)

        def file(stream: BinaryIO) -> None:
            stream.write(make(0))

        artifact = cls(
            report=report, tree=tree, sources={name: (source,) for name, source in names.items()}
        )
        artifact._are_pages = True
        if len(names) == 1:
            artifact._file = file
            artifact.only_page = next(iter(names))
        return artifact

    @property
    def is_tree(self) -> bool:
        """Whether it is put down as a folder only."""
        return self._file is None

    @property
    def report(self) -> LossReport:
        if self._state != "done":
            raise RuntimeError("the report is there after save() or to_bytes()")
        return self._report

    @property
    def pages(self) -> PrintedPages | None:
        """Where the pages of a printed edition begin, if it is one and its engine tells them."""
        if self._state != "done":
            raise RuntimeError("the pages are there after save() or to_bytes()")
        return self._pages

    def to_bytes(self, *, strict: bool = False) -> bytes:
        """The file's bytes; a tree as a ZIP archive with fixed times.

        With ``strict`` LossError is raised where the product lacks something, or a rule or an edit
        of its book was not applied.
        """
        import zipfile

        self._start()
        stream = io.BytesIO()
        if self._file is not None:
            self._pages = self._file(stream)
        else:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, data in self._files():
                    info = zipfile.ZipInfo(name, _ZIP_TIME)
                    info.external_attr = 0o644 << 16
                    info.create_system = 3
                    archive.writestr(info, data, zipfile.ZIP_DEFLATED)
        self._refuse_loss(strict)
        self._state = "done"
        return stream.getvalue()

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        strict: bool = False,
        originals: Originals | None = None,
    ) -> LossReport:
        """Puts the product down at ``path`` and returns the report.

        It is made beside the target, flushed, and renamed: a failure or a crash leaves what was
        there as it was. A link is followed, a file that is there keeps its mode, and what is no
        file (``/dev/null``, a pipe) is written to as it stands.

        A folder holds a list of the files that were written there (``.clothbound-files.json``).
        When a tree is put down again, those that it has no longer and that nobody changed are
        removed; what stays is named in the report. Products of other formats, and pages of other
        sources (``originals.root``) or of one that is not known, are left alone.

        With ``strict`` a product that
        lacks something, or a rule or an edit of whose book was not applied, does not take the
        target's place; LossError is raised, and ``report`` is there all the same. Raises WriteError
        where ``path`` cannot be written, or one of its files would take the place of an original:
        then none is put down.
        """
        self._start()
        spared = originals or Originals()
        try:
            target = Path(os.path.realpath(path))
            target.parent.mkdir(parents=True, exist_ok=True)
            if self._file is None or (self._tree is not None and names_folder(path)):
                self._save_tree(target, os.fspath(path), strict, spared)
            else:
                _spare(spared, target)
                self._save_file(target, strict)
        except (OSError, ValueError) as error:
            if isinstance(error, ValueError) and "\0" not in os.fspath(path):
                raise
            reason = getattr(error, "strerror", None) or error
            raise WriteError(f"cannot be written: {reason}", source=str(path)) from error
        self._state = "done"
        return self._report

    def _start(self) -> None:
        if self._state != "new":
            raise RuntimeError("an artifact is made once; write() again for another")
        self._state = "running"

    def _files(self) -> Iterator[tuple[str, bytes]]:
        assert self._tree is not None
        seen: set[str] = set()
        for name, data in self._tree():
            if not is_inside(name):
                raise WriteError(f"a writer made a file name that leads out: {name!r}")
            if name.casefold() == LIST or any("\ud800" <= c <= "\udfff" for c in name):
                raise WriteError(f"a writer made a file name that is not allowed: {name!r}")
            # Two names that differ in case are one file on most machines.
            folded = name.casefold()
            if folded in seen:
                raise WriteError(f"a writer made the file name {name!r} twice")
            seen.add(folded)
            yield name, data

    def _refuse_loss(self, strict: bool) -> None:
        missing, dropped, stale = self._report.missing, self._report.dropped, self._report.stale
        if not strict or not (missing or dropped or stale):
            return
        self._state = "done"
        told = []
        if missing:
            told.append(
                "1 picture is missing" if missing == 1 else f"{missing:,} pictures are missing"
            )
        if dropped:
            one = "1 element was dropped"
            told.append(one if dropped == 1 else f"{dropped:,} elements were dropped")
        if stale:
            one = "1 rule or edit was not applied"
            told.append(one if stale == 1 else f"{stale:,} rules or edits were not applied")
        raise LossError(
            ", ".join(told),
            hint="-v or --report FILE names each; leave --strict out to accept the loss",
        )

    def _save_file(self, target: Path, strict: bool) -> None:
        assert self._file is not None
        if target.is_dir():
            raise WriteError("is a folder, and this format makes a file", source=str(target))
        if target.exists() and not target.is_file():
            self._save_device(target, strict)
            return
        with staged_file(target) as (made, stream):
            self._pages = self._file(stream)
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            self._refuse_loss(strict)
            if target.exists():
                made.chmod(stat.S_IMODE(target.stat().st_mode))
            made.replace(target)

    def _save_device(self, target: Path, strict: bool) -> None:
        """Writes to a device or a pipe, which a rename would take away."""
        assert self._file is not None
        product = io.BytesIO()
        self._pages = self._file(product)
        self._refuse_loss(strict)
        with target.open("wb") as stream:
            stream.write(product.getbuffer())

    def _save_tree(self, target: Path, path: str, strict: bool, originals: Originals) -> None:
        if target.exists() and not target.is_dir():
            raise WriteError("is a file, and this format makes a folder", source=str(target))
        with staging(target) as room:
            made = room / "tree"
            made.mkdir()
            digests: Records = {}
            for name, data in self._files():
                _spare(originals, target / name)
                file = made / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
                digests[name] = Record.of(data)
            self._refuse_loss(strict)
            files = {
                name: record.made_of(name, self._sources.get(name, ()))
                for name, record in digests.items()
            }
            part = room / "list"
            if not target.exists():
                ProductFiles(made, self._product(target, originals), files).announce(part)
                made.rename(target)
                return
            # A folder that is there may hold files of others: ours take their places one by one.
            adds = self._are_pages and not originals.root
            listed = ProductFiles(target, self._product(target, originals), files, adds=adds)
            listed.announce(part)
            for name in files:
                place = target / name
                place.parent.mkdir(parents=True, exist_ok=True)
                (made / name).replace(place)
            unread = {found.source for found in self._report.bad}
            swept = listed.sweep(part, unread)
            self._report.removed += len(swept.removed)
            for found in told(path.rstrip("/" + os.sep) or path, swept):
                self._report.diagnostics.add(found)

    def _product(self, target: Path, originals: Originals) -> str:
        """What the list of files calls this product: one tree of a format to a folder, but pages of
        several sources. The source is told by the way to it, which another machine may share.
        """
        if not (self._are_pages and originals.root):
            return self._report.target
        root = os.path.realpath(originals.root)
        with contextlib.suppress(ValueError):  # on another drive
            root = os.path.relpath(root, target)
        way = Path(root).as_posix().encode("utf-8", "replace")
        return f"{self._report.target} {hashlib.sha256(way).hexdigest()[:12]}"


def names_folder(path: str | os.PathLike[str]) -> bool:
    """Whether a path is that of a folder: one that is there, or one that ends with a slash."""
    return os.fspath(path).endswith(("/", os.sep)) or Path(path).is_dir()


def _spare(originals: Originals, path: Path) -> None:
    if original := originals.original(path):
        raise WriteError(
            f"would be written over {original!r}, which is read here",
            source=str(path),
            hint="name another file or folder",
        )
