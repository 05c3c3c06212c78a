"""The product of a writer: a file or a tree of files, saved in one step or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, TypeAlias, TypeVar

from .console_text import format_count, list_and_count
from .diagnostics import LossReport
from .errors import Hint, LossError, UsageError, WriteError, reason_of
from .late_names import late_module
from .model.post import Metadata
from .protected_files import ProtectedFiles, refuse_manuscript
from .staging import staged_file, staging
from .stored_items import StoredList, StoredNames, StoredTable

if TYPE_CHECKING:
    import zipfile

    from . import product_files
    from .page_list import PrintedPages
else:
    # What only a product of many files needs.
    product_files = late_module("clothbound.product_files")

T_co = TypeVar("T_co", covariant=True)

FileContent: TypeAlias = bytes | Iterator[bytes]
"""The bytes of a file of a tree, or pieces of them, which need not fit into memory together."""

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PIECE = 65_536
_SHOWN = 3
"""The most posts that a message names."""


class PartsOfPosts(Protocol[T_co]):
    """The parts of a product, one for each post; ``part_maker.PartMaker`` is one."""

    def __iter__(self) -> Iterator[T_co]: ...

    def one(self, position: int) -> T_co:
        """Makes the part of one post, and adds what is said of it to the report."""
        ...

    def encoded(self, positions: Sequence[int]) -> bytes:
        """Makes the parts of some posts for another process, with what is said of each."""
        ...


class Artifact:
    """The product of one writer, made when it is saved.

    It can be made once, by ``save``, ``to_bytes`` or ``to_text``. ``report`` is available afterwards. Whatever is
    asked too early or too late raises UsageError.
    """

    def __init__(
        self,
        *,
        report: LossReport,
        file: Callable[[BinaryIO], PrintedPages | None] | None = None,
        tree: Callable[[], Iterator[tuple[str, FileContent]]] | None = None,
        sources: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Takes ``file``, which writes one stream and may return where its pages begin, or ``tree``, which
        yields relative POSIX names and their bytes; both if the target decides which of them is made.

        ``sources`` holds the sources of the posts that each file of a tree was made from, by the file's
        name. It is read when the tree is finished. By it a later run keeps the page of a post that it
        cannot read.
        """
        if file is None and tree is None:
            raise TypeError("an artifact is a file or a tree")
        self._file = file
        self._tree = tree
        self._sources = {} if sources is None else sources
        self.only_page = ""
        """The name in a folder of a collection's only page; empty for other artifacts."""
        self._make_page: Callable[[int], bytes] | None = None
        self._page_names: Mapping[str, str] | None = None
        self._parts: PartsOfPosts[Any] | None = None
        self._report = report
        self._state = "new"
        self._pages: PrintedPages | None = None

    @classmethod
    def of_file(
        cls,
        *,
        report: LossReport,
        make: Callable[[BinaryIO], PrintedPages | None],
    ) -> Artifact:
        """Returns an artifact of one file. ``make`` writes it to a stream; of a printed edition, it may return where
        its pages begin.
        """
        return cls(report=report, file=make)

    @classmethod
    def of_tree(
        cls,
        *,
        report: LossReport,
        make: Callable[[], Iterator[tuple[str, FileContent]]],
        sources: Mapping[str, Collection[str]] | None = None,
    ) -> Artifact:
        """Returns an artifact of a folder. ``make`` yields names of files, relative and with slashes, and their bytes;
        of a large file, an iterator of pieces of them.

        No two names may be equal but for their case. ``sources`` holds the sources of the posts that each file was
        made from, by the file's name. It is read when the folder is finished. By it a later run keeps the page of
        a post that it cannot read.
        """
        return cls(report=report, tree=make, sources=sources)

    @classmethod
    def of_pages(
        cls, *, report: LossReport, names: Mapping[str, str], make: Callable[[int], bytes]
    ) -> Artifact:
        """Returns an artifact with one file for each post. ``make`` returns the bytes of the post at a position.

        ``names`` maps the files' names, in the order of the posts, to the posts' sources. Each post needs a name
        of its own, which ``clothbound.plugins.file_names`` gives it: slugs and titles repeat. ``write`` raises
        WriteError where there are fewer or more names than posts. The only page of a collection is saved as
        a file or as a tree, depending on the target.
        """
        return cls._of_pages(report, names, make, lambda: map(make, range(len(names))))

    @classmethod
    def _of_pages(
        cls,
        report: LossReport,
        names: Mapping[str, str],
        make: Callable[[int], bytes],
        make_all: Callable[[], Iterator[bytes]],
    ) -> Artifact:
        def tree() -> Iterator[tuple[str, bytes]]:
            return zip(names, make_all(), strict=True)

        def file(stream: BinaryIO) -> None:
            stream.write(make(0))

        artifact = cls(
            report=report, tree=tree, sources={name: (source,) for name, source in names.items()}
        )
        artifact._make_page, artifact._page_names = make, names
        if len(names) == 1:
            artifact._file = file
            artifact.only_page = next(iter(names))
        return artifact

    def refuse_other_than(self, index: Iterable[Metadata]) -> None:
        """Raises WriteError if this has a file for each post, and they are not as many as the posts of ``index``."""
        if self._page_names is None:
            return
        posts = tuple(index)
        if len(self._page_names) == len(posts):
            return
        # Of posts that share a name, the last one has it.
        named = set(self._page_names.values())
        lost = [m.source or m.title or m.key for m in posts if m.source not in named]
        raise WriteError(
            f"the writer {self._report.target!r} names {format_count(len(self._page_names), 'file', 'files')} for "
            f"{format_count(len(posts), 'post', 'posts')}{f'; none is for {list_and_count(lost, _SHOWN)}' if lost else ''}",
            hint="file_names(collection.index) of clothbound.plugins gives each post a name of its own",
        )

    @property
    def is_tree(self) -> bool:
        """Whether it can only be saved as a folder."""
        return self._file is None

    @property
    def report(self) -> LossReport:
        if self._state != "done":
            raise UsageError("the report is available after save(), to_bytes() or to_text()")
        return self._report

    @property
    def pages(self) -> PrintedPages | None:
        """Where the pages begin, if this is a printed edition and its engine reports them."""
        if self._state != "done":
            raise UsageError("the pages are available after save(), to_bytes() or to_text()")
        return self._pages

    def page(self, position: int) -> bytes:
        """Makes the file of one post alone, and returns its bytes; ``report`` is then about this post.

        Raises UsageError for an artifact that has not a file for each post, and if it was made already.
        """
        if self._make_page is None:
            raise UsageError(
                "this product is one file, or a folder whose files are not one post each"
            )
        self._start()
        data = self._make_page(position)
        self._state = "done"
        return data

    def to_bytes(self, *, strict: bool = False) -> bytes:
        """Returns the file's bytes, or a tree as a ZIP archive with fixed times.

        With ``strict`` raises LossError where the product lacks something, or where a rule or an edit of its
        book was not applied.
        """
        import zipfile

        self._start()
        stream = io.BytesIO()
        if self._file is not None:
            self._pages = self._file(stream)
        else:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in self._files():
                    data = b"".join(_pieces(content))
                    archive.writestr(zip_entry(name), data, zipfile.ZIP_DEFLATED)
        self._refuse_loss(strict)
        self._state = "done"
        return stream.getvalue()

    def to_text(self, *, strict: bool = False) -> str:
        """Returns the file's text. Raises UsageError for a product that is not text, and LossError as ``to_bytes``."""
        if self.is_tree:
            raise UsageError(
                f"{self._report.target} makes several files here",
                hint="save() writes them into a folder, to_bytes() packs them",
            )
        data = self.to_bytes(strict=strict)
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise UsageError(
                f"{self._report.target} is not text",
                hint="call write() again, and to_bytes() or save()",
            ) from error

    def save(
        self,
        path: str | os.PathLike[str] | BinaryIO,
        *,
        strict: bool = False,
        protected: ProtectedFiles | None = None,
    ) -> LossReport:
        """Saves the product at ``path``, a path or a binary stream, and returns the report.

        A stream gets what ``to_bytes`` returns, and nothing if that raises. For a path,
        the rest of this holds.

        The product is made beside the target, and renamed, so that a failure or a crash leaves the target as it
        was; a file is flushed first. Into a folder that is there, which may hold files of others, the new files are
        moved one by one when all are made: a process that is killed meanwhile leaves some of them old. Links are followed, an existing file keeps its mode, and a device or a pipe
        (``/dev/null``) is written to directly.

        A folder holds a list of the files that were written there (``.clothbound-files.json``). When a tree
        is saved again, files that it no longer has and that nobody changed are removed; the report names
        those that are kept. Products of other formats, and pages of other sources (``protected.root``) or
        of an unknown one, are left alone.

        With ``strict`` a product that lacks something, or whose book has a rule or an edit that was not
        applied, does not replace the target: LossError is raised, and ``report`` is available all the same.
        Raises WriteError where ``path`` cannot be written, or where a file would replace one of
        ``protected``; then no file is saved.
        """
        if not isinstance(path, (str, os.PathLike)):
            return self._save_stream(path, strict)
        self._start()
        spared = protected or ProtectedFiles()
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
            reason = reason_of(error)
            raise WriteError(f"cannot be written: {reason}", source=str(path)) from error
        self._state = "done"
        return self._report

    def _save_stream(self, stream: BinaryIO, strict: bool) -> LossReport:
        if not callable(getattr(stream, "write", None)) or isinstance(stream, io.TextIOBase):
            raise UsageError(
                f"a product is saved at a path or in a binary stream, not in {type(stream).__name__}",
                hint="open the file with mode 'wb', or write to_text() to the stream",
            )
        data = self.to_bytes(strict=strict)
        try:
            stream.write(data)
        except (OSError, ValueError) as error:  # ValueError: the stream is closed
            reason = reason_of(error)
            raise WriteError(f"cannot be written: {reason}", source=_name_of(stream)) from error
        return self._report

    def _start(self) -> None:
        if self._state != "new":
            raise UsageError(
                "an artifact can be made only once", hint="call write() again for another"
            )
        self._state = "running"

    def _files(self) -> Iterator[tuple[str, FileContent]]:
        assert self._tree is not None
        seen = StoredNames()
        for name, content in self._tree():
            if not product_files.is_inside(name):
                raise WriteError(f"a writer returned a file name outside its folder: {name!r}")
            if name.casefold() == product_files.LIST or any(
                "\ud800" <= c <= "\udfff" for c in name
            ):
                raise WriteError(f"a writer made a file name that is not allowed: {name!r}")
            # On most machines, two names that differ only in case are the same file.
            folded = name.casefold()
            if folded in seen:
                raise WriteError(f"a writer made the file name {name!r} twice")
            seen.add(folded)
            yield name, content

    def _refuse_loss(self, strict: bool) -> None:
        missing, dropped, stale = self._report.missing, self._report.dropped, self._report.stale
        if not strict or not (missing or dropped or stale):
            return
        self._state = "done"
        reasons = (
            (missing, "picture is missing", "pictures are missing"),
            (dropped, "element was dropped", "elements were dropped"),
            (stale, "rule or edit was not applied", "rules or edits were not applied"),
        )
        raise LossError(
            ", ".join(format_count(*reason) for reason in reasons if reason[0]),
            hint=Hint(
                "the report of the artifact lists each of them; strict=False accepts the loss",
                "-v or --report FILE lists each of them; without --strict the loss is accepted",
            ),
        )

    def _save_file(self, target: Path, strict: bool) -> None:
        assert self._file is not None
        if target.is_dir():
            raise WriteError("is a folder, but this format makes a file", source=str(target))
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
        """Writes to a device or a pipe, which a rename would replace."""
        assert self._file is not None
        product = io.BytesIO()
        self._pages = self._file(product)
        self._refuse_loss(strict)
        with target.open("wb") as stream:
            stream.write(product.getbuffer())

    def _save_tree(self, target: Path, path: str, strict: bool, protected: ProtectedFiles) -> None:
        if target.exists() and not target.is_dir():
            raise WriteError("is a file, but this format makes a folder", source=str(target))
        refuse_manuscript(path)
        with staging(target) as room:
            made = room / "tree"
            made.mkdir()
            is_there = target.exists()
            folders: set[str] = set()
            files: StoredTable[str] = StoredTable(str)
            new: StoredList[str] = StoredList(str)
            for name, content in self._files():
                place = f"{target}{os.sep}{name}"
                _spare(protected, place)
                if (
                    is_there
                    and isinstance(content, bytes)
                    and product_files.holds_bytes(place, len(content), (content,))
                ):
                    files[name] = hashlib.sha256(content).hexdigest()
                    continue
                folder = name.rpartition("/")[0]
                if folder not in folders:
                    (made / folder).mkdir(parents=True, exist_ok=True)
                    folders.add(folder)
                written = f"{made}{os.sep}{name}"
                files[name] = _write_file(written, content)
                if isinstance(content, bytes) or not (is_there and _are_same(written, place)):
                    new.append(name)
            self._refuse_loss(strict)
            part = room / "list"
            if len(new) < len(files) and not target.is_dir():
                raise WriteError("was removed while it was written", source=str(target))
            if not target.exists():
                product = self._product(target, protected)
                product_files.ProductFiles(made, product, files, self._sources).announce(part)
                made.rename(target)
                return
            # An existing folder may hold files of others, so ours are moved into it one by one.
            product_files.refuse_links_out(target, files)
            adds = self._make_page is not None and not protected.root
            listed = product_files.ProductFiles(
                target, self._product(target, protected), files, self._sources, adds=adds
            )
            listed.announce(part)
            for name in new:
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                (made / name).replace(target / name)
            unread = {found.source for found in self._report.bad}
            swept = listed.sweep(part, unread)
            self._report.removed += len(swept.removed)
            for found in product_files.diagnostics_of(path.rstrip("/" + os.sep) or path, swept):
                self._report.diagnostics.add(found)

    def _product(self, target: Path, protected: ProtectedFiles) -> str:
        """Returns the name of this product in the list of files.

        A folder holds one tree of each format, but may hold pages of several sources. A source is identified
        by its relative path, which may be the same on another machine.
        """
        if self._make_page is None or not protected.root:
            return self._report.target
        root = os.path.realpath(protected.root)
        with contextlib.suppress(ValueError):  # on another drive
            root = os.path.relpath(root, target)
        way = Path(root).as_posix().encode("utf-8", "replace")
        return f"{self._report.target} {hashlib.sha256(way).hexdigest()[:12]}"


def made_of(artifact: Artifact, parts: PartsOfPosts[Any]) -> Artifact:
    """Returns the artifact, which ``parts_of`` then says to consist of ``parts``."""
    artifact._parts = parts
    return artifact


def parts_of(artifact: Artifact) -> PartsOfPosts[Any]:
    """Returns the parts of an artifact that was ``made_of`` some. Another process asks for it to make a few of them."""
    assert artifact._parts is not None
    return artifact._parts


def pages_of_posts(
    report: LossReport, names: Mapping[str, str], parts: PartsOfPosts[bytes]
) -> Artifact:
    """Returns an artifact with one file for each post, as ``Artifact.of_pages`` does; the parts are the files."""
    return made_of(Artifact._of_pages(report, names, parts.one, lambda: iter(parts)), parts)


def _pieces(content: FileContent) -> Iterable[bytes]:
    return (content,) if isinstance(content, bytes) else content


def _write_file(path: str, content: FileContent) -> str:
    """Writes a file, and returns the SHA-256 of its bytes in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "wb") as stream:  # noqa: PTH123 - a path takes longer
        for piece in _pieces(content):
            stream.write(piece)
            digest.update(piece)
    return digest.hexdigest()


def _are_same(written: str, place: str) -> bool:
    """Returns whether the file at ``place``, and no link to one, has the bytes of the one that was written."""
    with open(written, "rb") as stream:  # noqa: PTH123 - likewise
        pieces = iter(partial(stream.read, _PIECE), b"")
        return product_files.holds_bytes(place, os.fstat(stream.fileno()).st_size, pieces)


def zip_entry(name: str) -> zipfile.ZipInfo:
    """Returns an entry of a ZIP archive that depends on neither the moment nor the machine."""
    import zipfile

    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3  # Unix
    return entry


def _name_of(stream: BinaryIO) -> str:
    name = getattr(stream, "name", "")
    return name if isinstance(name, str) else ""


def names_folder(path: str | os.PathLike[str]) -> bool:
    """Returns whether a path is that of an existing folder, or ends with a slash."""
    return os.fspath(path).endswith(("/", os.sep)) or Path(path).is_dir()


def _spare(protected: ProtectedFiles, path: str | Path) -> None:
    if original := protected.original(path):
        raise WriteError(
            f"would overwrite the input file {original!r}",
            source=str(path),
            hint="name another file or folder",
        )


def size_of(place: Path) -> int:
    """Returns the bytes of a product or a source: of a file, or of all files of a folder; 0 if it cannot be told."""
    try:
        if place.is_dir():
            return sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
        return place.stat().st_size
    except (OSError, ValueError):
        return 0
