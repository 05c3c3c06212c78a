"""What a writer made: a file or a tree of files, put down in one atomic step."""

from __future__ import annotations

import contextlib
import io
import os
import re
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from .diagnostics import LossReport
from .errors import LossError, WriteError
from .originals import Originals
from .printed import PrintedPages

DEVICES = re.compile(r"(?i)con|prn|aux|nul|(?:com|lpt)[0-9¹²³]")
"""Names that no file may have on Windows, whatever their extension."""

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
    ) -> None:
        """Exactly one of ``file`` (writes one stream, and may return where its pages begin) and
        ``tree`` (yields relative POSIX names and their bytes) is given.
        """
        if (file is None) == (tree is None):
            raise TypeError("an artifact is a file or a tree")
        self._file = file
        self._tree = tree
        self._report = report
        self._state = "new"
        self._pages: PrintedPages | None = None

    @property
    def is_tree(self) -> bool:
        return self._tree is not None

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

        It is written beside the target, flushed, and renamed: a failure or a crash leaves what was
        there as it was. A link is followed, a file that is there keeps its mode, and what is no
        file (``/dev/null``, a pipe) is written to as it stands. With ``strict`` a product that
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
            if self._file is not None:
                _spare(spared, target)
                self._save_file(target, strict)
            else:
                self._save_tree(target, strict, spared)
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
            parts = name.split("/")
            if {"", ".", ".."}.intersection(parts) or set(name) & {"\\", "\0", ":"}:
                raise WriteError(f"a writer made a file name that leads out: {name!r}")
            # Two names that differ in case are one file on most machines.
            folded = name.casefold()
            if folded in seen:
                raise WriteError(f"a writer made the file name {name!r} twice")
            seen.add(folded)
            yield name, data

    def _refuse_loss(self, strict: bool) -> None:
        dropped, stale = self._report.dropped, self._report.stale
        if not strict or not (dropped or stale):
            return
        self._state = "done"
        told = []
        if dropped:
            one = "1 element was dropped"
            told.append(one if dropped == 1 else f"{dropped:,} elements were dropped")
        if stale:
            one = "1 rule or edit was not applied"
            told.append(one if stale == 1 else f"{stale:,} rules or edits were not applied")
        raise LossError(
            ", ".join(told), hint="the report names each; leave --strict out to accept the loss"
        )

    def _save_file(self, target: Path, strict: bool) -> None:
        assert self._file is not None
        if target.is_dir():
            raise WriteError("is a folder, and this format makes a file", source=str(target))
        if target.exists() and not target.is_file():
            self._save_device(target, strict)
            return
        temporary, handle = _open_beside(target)
        try:
            with os.fdopen(handle, "w+b") as stream:
                self._pages = self._file(stream)
                stream.flush()
                os.fsync(stream.fileno())
            self._refuse_loss(strict)
            if target.exists():
                temporary.chmod(stat.S_IMODE(target.stat().st_mode))
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def _save_device(self, target: Path, strict: bool) -> None:
        """Writes to a device or a pipe, which a rename would take away."""
        assert self._file is not None
        product = io.BytesIO()
        self._pages = self._file(product)
        self._refuse_loss(strict)
        with target.open("wb") as stream:
            stream.write(product.getbuffer())

    def _save_tree(self, target: Path, strict: bool, originals: Originals) -> None:
        if target.exists() and not target.is_dir():
            raise WriteError("is a file, and this format makes a folder", source=str(target))
        temporary = _make_beside(target)
        try:
            names = []
            for name, data in self._files():
                _spare(originals, target / name)
                path = temporary / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
                names.append(name)
            self._refuse_loss(strict)
            if not target.exists():
                temporary.rename(target)
                return
            # A folder that is there may hold files of others: ours take their places one by one.
            for name in names:
                path = target / name
                path.parent.mkdir(parents=True, exist_ok=True)
                (temporary / name).replace(path)
        finally:
            import shutil

            shutil.rmtree(temporary, ignore_errors=True)


def _spare(originals: Originals, path: Path) -> None:
    if original := originals.original(path):
        raise WriteError(
            f"would be written over {original!r}, which is read here",
            source=str(path),
            hint="name another file or folder",
        )


# tempfile's files and folders are private to their owner, and the umask cannot be asked without
# setting it for every thread; so the system is left to give a new file the mode that it should have.


def _open_beside(target: Path) -> tuple[Path, int]:
    """A new, empty file in the folder of ``target``, open for writing."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for path in _candidates(target):
        with contextlib.suppress(FileExistsError):
            return path, os.open(path, flags, 0o666)
    raise FileExistsError(f"no free name beside {target}")


def _make_beside(target: Path) -> Path:
    """A new, empty folder beside ``target``."""
    for path in _candidates(target):
        with contextlib.suppress(FileExistsError):
            path.mkdir()
            return path
    raise FileExistsError(f"no free name beside {target}")


def _candidates(target: Path) -> Iterator[Path]:
    # Not of the target's name, which may be as long as the file system allows.
    for _ in range(100):
        yield target.parent / f".clothbound-{os.urandom(6).hex()}.part"
