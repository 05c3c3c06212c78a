"""Reads and writes the folder that an author edits, and the state in its hidden ``.clothbound/``.

::

    posts/                       the author's
      2023/12.the-tide.md
      2023/images/3f5a...9c.png
      .clothbound/
        base/2023/12.the-tide.md   each post as the export had it when it was last merged
        deleted/...                the same of posts whose files the author deleted
        pictures.tsv               where the pictures came from
        layout                     flat or year
        publication.json           title, authors and language of the whole
        pending.json lock part     of a run that is under way; not for git

The ``post_id`` in its header identifies a post, not the name of its file. Every file is written completely
under another name and then renamed, and a post's base only after its file. So each file is either in its old
or in its new state, whenever a run ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ..authored_files import ChangedMeanwhileError, replace_file
from ..errors import ClothboundError, WriteError, reason_of
from ..installer import command_to_upgrade
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..model.book_info import BookInfo
from ..model.slugs import number_of_id
from ..protected_files import MANUSCRIPT
from ..readers.front_matter import read_header
from ..readers.imported_info import INFO, of_publication, read_imported_info
from ..readers.markdown import EXTENSIONS
from ..readers.post_files import walk_files
from ..readers.post_metadata import read_metadata
from ..readers.text_files import BadPostError, read_bytes

STATE = ".clothbound"
_BASE = MANUSCRIPT
_DELETED = f"{STATE}/deleted"
_PICTURES = f"{STATE}/pictures.tsv"
_JOURNAL = f"{STATE}/pending.json"
_PART = f"{STATE}/part"
_BASE_PART = f"{_BASE}/.part"
_IGNORED = b"lock\npart\npending.json\n"
_POST_ID = lazy_pattern(
    r"^[ \t]*[\"']?post_id[\"']?[ \t]*[:=][ \t]*([\"']?)([\w.-]+)\1[ \t]*,?[ \t]*$", re.M
)
_HEADER_END = lazy_pattern(r"^(?:---|\.\.\.|\+\+\+|;;;|\})[ \t]*$", re.M)


class UnfitFileError(Exception):
    """Raised for a file into which nothing can be merged, with the reason. It never leaves this package."""


@dataclass(frozen=True, slots=True)
class FileText:
    r"""The text of a file with lines that end in ``\n``, and the form of its bytes."""

    text: str
    data: bytes
    mark: bool = False
    crlf: bool = False

    @classmethod
    def of(cls, data: bytes) -> FileText:
        """Raises UnicodeDecodeError where the bytes are not UTF-8."""
        text = data.decode("utf-8")
        mark = text.startswith("\ufeff")
        text = text.removeprefix("\ufeff")
        crlf = text.partition("\n")[0].endswith("\r")
        return cls(text.replace("\r\n", "\n"), data, mark, crlf)

    def encode(self, text: str) -> bytes:
        """Returns another text in the form of this one."""
        text = text.replace("\n", "\r\n") if self.crlf else text
        return (("\ufeff" if self.mark else "") + text).encode("utf-8", "replace")


VERSION = 1
"""The version of the journal. It is increased when an older clothbound could not read the journal correctly."""


class _Versioned(msgspec.Struct, frozen=True):
    version: int = 1
    """Journals of the first version do not contain their version."""


class Pending(msgspec.Struct, frozen=True):
    """A post whose file is about to be replaced: the digest of the new file, and the base to write after it."""

    digest: str
    base: str
    text: str
    version: int = VERSION


def post_id_in(text: str, limits: Limits) -> str:
    """Returns the post_id in a file's header, even if conflict marks or a typing error broke the header."""
    text = text.removeprefix("\ufeff")
    if not text.startswith(("---", "+++", ";;;", "{")):
        return ""
    end = _HEADER_END.search(text, 3)
    found = _POST_ID.search(text, 0, end.start() if end else len(text))
    if found:
        return found[2]
    if "post_id" not in text[: end.start() if end else len(text)]:
        return ""
    return read_metadata(read_header(text.replace("\r\n", "\n"), limits), "", "").id


def bare_id(post_id: str) -> str:
    """Returns an id as it is read from a header: with single spaces, and none at its ends."""
    return " ".join(post_id.split())


class FilesByPost:
    """Finds the files of a post. A post whose slug changed is found by its number."""

    def __init__(self, claimed: frozenset[str]) -> None:
        """``claimed`` holds the ids in the export, under which no other post may be found."""
        self._claimed = claimed
        self._ids: dict[str, list[str]] = {}
        self._numbers: dict[str, list[str]] = {}

    def add(self, post_id: str, name: str) -> None:
        post_id = bare_id(post_id)
        self._ids.setdefault(post_id, []).append(name)
        number = number_of_id(post_id)
        if number and post_id not in self._claimed:
            self._numbers.setdefault(number, []).append(name)

    def find(self, post_id: str) -> list[str]:
        if post_id in self._ids:
            return self._ids[post_id]
        return self._numbers.get(number_of_id(post_id), [])

    def __iter__(self) -> Iterator[tuple[str, list[str]]]:
        return iter(self._ids.items())


def _refuse_newer(journal: Path) -> None:
    """Raises WriteError for the journal of a newer clothbound, which alone can complete its run."""
    with contextlib.suppress(FileNotFoundError, msgspec.MsgspecError):
        version = msgspec.json.decode(journal.read_bytes(), type=_Versioned).version
        if version > VERSION:
            raise WriteError(
                f"has version {version} of the import journal; this clothbound reads version {VERSION}",
                source=str(journal),
                hint=f"a newer clothbound was interrupted here: {command_to_upgrade()}",
            )


class Folder:
    """Reads and writes the manuscript. Names are relative, with ``/``. Use it under ``lock``."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = Path(os.path.realpath(path))
        self._limits = limits

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Creates the folder if needed, and excludes other runs. Raises WriteError if another run is active."""
        from filelock import FileLock, Timeout

        state = self.path / STATE
        state.mkdir(parents=True, exist_ok=True)
        if state.is_symlink():
            raise WriteError("is a link, but must be a folder", source=str(state))
        lock = FileLock(state / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise WriteError(
                "another import is running in this folder",
                source=str(self.path),
                hint="wait for it to end",
            ) from error
        try:
            if not (state / ".gitignore").exists():
                self.put(f"{STATE}/.gitignore", _IGNORED, replaces=None)
            self._recover()
            yield
        finally:
            lock.release()

    # --- reading --------------------------------------------------------------------------------

    def files(self) -> Iterator[tuple[str, str]]:
        """Yields every Markdown file with its post_id, or an empty one."""
        return self._scan("")

    def bases(self) -> Iterator[tuple[str, str]]:
        """Yields the base of every post with its post_id; a base has the name of the file that it was made for."""
        return self._scan(_BASE)

    def deleted(self) -> Iterator[tuple[str, str]]:
        return self._scan(_DELETED)

    def _scan(self, below: str) -> Iterator[tuple[str, str]]:
        folder = self.path / below
        for name in walk_files(folder, EXTENSIONS):
            yield name, post_id_in(self._head(folder / name, is_ours=bool(below)), self._limits)

    def _head(self, path: Path, *, is_ours: bool) -> str:
        """Returns the beginning of a file; empty if it is one of the author's and cannot be read.

        Our own files must be readable: without its base, a post would count as never imported.
        """
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                return ""
            with path.open("rb") as stream:
                head = stream.read(4096)
                if len(head) == 4096 and not _HEADER_END.search(head.decode("utf-8", "ignore"), 3):
                    head += stream.read(self._limits.header_bytes)
        except OSError as error:
            if is_ours:
                raise WriteError(f"cannot be read: {reason_of(error)}", source=str(path)) from error
            return ""
        return head.decode("utf-8", "replace")

    def read(self, name: str) -> FileText:
        """Returns a file of the author's. Raises UnfitFileError if its text cannot be read."""
        try:
            data = read_bytes(self._inside(name), self._limits)
        except WriteError as error:
            raise UnfitFileError(error.message) from error
        except BadPostError as error:
            raise UnfitFileError(str(error)) from error
        if b"\r" in data and b"\n" not in data:
            raise UnfitFileError("has lines that end in CR alone; save it with LF")
        try:
            return FileText.of(data)
        except UnicodeDecodeError as error:
            raise UnfitFileError(
                f"is not UTF-8: byte {error.start} is 0x{data[error.start]:02x}; save it as UTF-8"
            ) from error

    def base(self, name: str) -> str:
        return self._read_base(f"{_BASE}/{name}")

    def deleted_base(self, name: str) -> str:
        return self._read_base(f"{_DELETED}/{name}")

    def _read_base(self, name: str) -> str:
        # Damaged bytes differ from both texts and make a conflict; the rest still works as a base.
        data = self._inside(name).read_bytes().decode("utf-8", "replace")
        return FileText.of(data.encode()).text

    def exists(self, name: str) -> bool:
        return os.path.lexists(self.path / name)

    def free_base(self, name: str) -> str:
        """Returns a name for the base of a file, ``name`` unless it is another post's."""
        stem, number = name.removesuffix(".md"), 1
        while self.exists(f"{_BASE}/{name}") or self.exists(f"{_DELETED}/{name}"):
            number += 1
            name = f"{stem}-{number}.md"
        return name

    # --- writing --------------------------------------------------------------------------------

    def put(
        self,
        name: str,
        data: bytes,
        *,
        replaces: bytes | None,
        announce: Callable[[], None] | None = None,
    ) -> None:
        """Writes a file in one step, if it still is ``replaces``, or does not exist.

        Raises UnfitFileError if it was changed, WriteError if it would lie outside the folder.
        """
        part = self.path / _PART
        try:
            replace_file(self._inside(name), data, part, replaces=replaces, announce=announce)
        except ChangedMeanwhileError as error:
            part.unlink(missing_ok=True)
            raise UnfitFileError(
                "was changed while it was being merged. Hint: run the import again"
            ) from error

    def put_base(self, name: str, text: str) -> None:
        path = self._inside(f"{_BASE}/{name}")
        part = self.path / _BASE_PART
        part.parent.mkdir(exist_ok=True)
        part.write_bytes(text.encode("utf-8", "replace"))
        path.parent.mkdir(parents=True, exist_ok=True)
        part.replace(path)
        with contextlib.suppress(OSError):
            self._inside(f"{_DELETED}/{name}").unlink(missing_ok=True)

    def put_both(
        self, name: str, data: bytes, *, replaces: bytes | None, base: str, text: str
    ) -> None:
        """Writes a post's file and then its new base.

        The next run completes a run that ends between the two. Without the base, it would not
        recognise changes of the next export, and a conflict that the author has resolved would
        return.
        """
        journal = self.path / _JOURNAL
        entry = Pending(hashlib.sha256(data).hexdigest(), base, text)

        def announce() -> None:
            journal.write_bytes(msgspec.json.encode(entry))

        try:
            self.put(name, data, replaces=replaces, announce=announce)
        except UnfitFileError:
            journal.unlink(missing_ok=True)
            raise
        self.put_base(base, text)
        journal.unlink(missing_ok=True)

    def _recover(self) -> None:
        """Completes an interrupted run.

        If the journal is complete, so is the file that it announces: it is still in its part, or it
        is in place, and the author may have changed it since.
        """
        journal, part = self.path / _JOURNAL, self.path / _PART
        _refuse_newer(journal)
        with contextlib.suppress(FileNotFoundError, msgspec.MsgspecError, ClothboundError):
            left = msgspec.json.decode(journal.read_bytes(), type=Pending)
            waits = part.exists() and hashlib.sha256(part.read_bytes()).hexdigest() == left.digest
            if not waits:
                self.put_base(left.base, left.text)
        for path in (journal, part, self.path / _BASE_PART):
            path.unlink(missing_ok=True)

    def forget(self, name: str) -> None:
        """Marks a post as deleted by its author, by moving its base to ``deleted``."""
        target = self._inside(f"{_DELETED}/{name}")
        target.parent.mkdir(parents=True, exist_ok=True)
        self._inside(f"{_BASE}/{name}").replace(target)

    def _inside(self, name: str) -> Path:
        """Returns the real path of a name.

        Raises WriteError if a link on the way leads out of the folder.
        """
        path = Path(os.path.realpath(self.path / name))
        if not path.is_relative_to(self.path):
            raise WriteError("leads out of the folder", source=name)
        return path

    # --- state of earlier runs ------------------------------------------------------------------

    def layout(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            return (self.path / STATE / "layout").read_text("utf-8").strip()
        return ""

    def set_layout(self, layout: str) -> None:
        if self.layout() != layout:
            self._put_state("layout", f"{layout}\n".encode())

    def set_info(self, info: BookInfo) -> None:
        """Keeps what the archive says of its whole; what it does not say stays as an earlier one said it."""
        known = read_imported_info(self.path)
        info = of_publication(info).complete_with(known)
        if info != known:
            self._put_state(Path(INFO).name, msgspec.json.encode(info) + b"\n")

    def _put_state(self, name: str, data: bytes) -> None:
        part = self.path / _PART
        part.write_bytes(data)
        part.replace(self.path / STATE / name)

    def pictures(self) -> dict[str, str]:
        """Returns the files of pictures by their URLs. An incomplete last line is ignored."""
        with contextlib.suppress(OSError, ValueError):
            lines = (self.path / _PICTURES).read_text("utf-8").split("\n")[:-1]
            pairs = (line.split("\t") for line in lines)
            return {pair[1]: pair[0] for pair in pairs if len(pair) == 2}
        return {}

    def add_picture(self, url: str, name: str) -> None:
        with (self.path / _PICTURES).open("a+b") as stream:
            line = f"{name}\t{url}\n".encode("utf-8", "replace")
            if stream.seek(0, os.SEEK_END):
                stream.seek(-1, os.SEEK_END)
                line = line if stream.read(1) == b"\n" else b"\n" + line
            stream.write(line)

    def picture(self, name: str) -> bytes | None:
        """Returns a picture that an earlier run saved; None if it no longer exists."""
        try:
            return self._inside(name).read_bytes()
        except (OSError, WriteError):
            return None
