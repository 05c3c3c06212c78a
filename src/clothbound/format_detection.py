"""Finds the format of a source by its name, its first bytes and the files in it, and that of a product by its name.

Entry points are looked up only where no built-in format is certain, since looking them up takes longer than
reading a post.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import Hint, UnknownFormatError
from .formats import (
    READER_EXTENSIONS,
    READERS,
    WRITER_EXTENSIONS,
    AcceptsLater,
    AcceptsPlaces,
    ArchiveFiles,
    Kind,
    ReadsArchives,
    installed,
    post_extensions,
    reader,
)
from .late_names import late_function, late_module
from .lazy_pattern import lazy_pattern
from .media.sniffing import begins_zip
from .model.slugs import TEXT_FILES

if TYPE_CHECKING:
    from . import unread_formats
    from .xml_beginning import from_root
else:
    # What a name without a known extension asks for.
    from_root = late_function("clothbound.xml_beginning", "from_root")
    unread_formats = late_module("clothbound.unread_formats")

ARCHIVES = (
    "epub",
    "substack",
    "medium",
    "tumblr",
    "devto",
    "write-as",
    "blogger",
    "wordpress",
    "buttondown",
    "beehiiv",
    "bear-blog",
    "ghost",
    "jsonfeed",
)
"""The readers of ZIPs and of the folders to which they unpack, in the order in which they are asked."""
SITE = "site"
"""The reader of folders of Markdown that belong to a site."""
ANY_TEXT = "markdown"
ANY_ARCHIVE = "substack"
"""The readers of the texts and of the archives that no other reader accepts."""
_SHARED = frozenset({".json", ".jsonl", ".xml", ".zip", *TEXT_FILES})
"""Extensions that many programs use: they propose a reader, and no file is one's by such a name alone."""
_ONLY_NAMED = frozenset({"obsidian", SITE, ANY_TEXT})
_TOLD_LATER = ("ghost", "jsonfeed", "wordpress", "blogger", "rss")
"""The readers of files whose format may show only behind the first bytes."""
_OBJECT = (b"{", b"\xef\xbb\xbf{")
"""The beginnings of JSON."""
_FILE_TYPE = lazy_pattern(r"\.[a-z][a-z0-9_+-]{0,9}")
"""An extension that says what a file is; that of ``Vol. 2`` or ``2023.05.01`` says nothing."""


def reader_for(
    name: str,
    head: bytes,
    list_files: Callable[[], ArchiveFiles | None] = lambda: None,
    read_start: Callable[[], bytes] = lambda: b"",
    place: Path | None = None,
) -> str:
    """Returns the name of the reader for a source. Raises UnknownFormatError.

    ``list_files`` returns the files of a ZIP or a folder, or None if they cannot be listed, and ``read_start`` a longer
    beginning of a file. They are called only where the first bytes are not enough. ``place`` is the path of a file
    on the disk.

    The extension proposes a reader, and ``accepts`` decides. Markdown alone has its files by their extension, and
    a folder by a file in it, since it may begin with any markup; in the folder of a site they are the site's. Where no built-in reader is certain, installed
    ones are asked, first those that declare the extension. What none of them accepts is read as Markdown if it
    is text of no other type or an archive with such text, and as Substack's export if it is another archive.
    """
    source = _Source(name, head, list_files)
    if source.belongs and source.proposed == ANY_TEXT:
        return SITE if place is not None and _stands_in_site(place) else ANY_TEXT
    found = (
        source.find_accepting(read_start)
        or source.find_folder_of_texts()
        or _installed_accepting(source.suffix, head, name, list_files)
        or source.find_last()
    )
    if found is None:
        raise _undetected(name, source.suffix, source.proposed)
    return found


class _Source:
    """What is known of a source before it is read."""

    def __init__(
        self, name: str, head: bytes, list_files: Callable[[], ArchiveFiles | None]
    ) -> None:
        self._name = name
        self._head = head
        self._list_files = list_files
        self._is_folder = not head and bool(name) and Path(name).is_dir()
        self._is_zip = begins_zip(head)
        self.suffix = "" if self._is_folder else Path(name).suffix.lower()
        self.proposed = READER_EXTENSIONS.get(self.suffix)
        self.belongs = self.proposed is not None and self.suffix not in _SHARED
        """Whether the source is one of the proposed reader by its extension alone."""
        self._is_other_type = self.proposed is None and bool(_FILE_TYPE.fullmatch(self.suffix))

    def find_accepting(self, read_start: Callable[[], bytes]) -> str | None:
        """Returns the built-in reader that takes the source by its first bytes, its files or its extension."""
        found = None if self._is_other_type else self._find_by_head()
        if found is None and self._is_folder and _accepting((SITE,), self._head, self._name):
            # A site may keep the export from which it was made.
            found = SITE if self._has_post() else None
        if found is None and (self._is_zip or self._is_folder):
            found = _accepting_files(ARCHIVES, self._list_files)
        if found is None and _may_show_later(self._head):
            found = _accepting_later(read_start(), self._name)
        return self.proposed if found is None and self.belongs else found

    def find_folder_of_texts(self) -> str | None:
        """Returns the reader of a folder with posts in text files. Raises UnknownFormatError for another program's texts."""
        if not self._is_folder or not self._has_post():
            return None
        seen = [one.name for one in Path(self._name).iterdir() if one.name[0] != "."]
        _refuse_texts(self._name, seen)
        return _accepting((SITE,), self._head, self._name) or ANY_TEXT

    def find_last(self) -> str | None:
        """Returns the reader of a source that none took for certain: what can be read as text, or as an archive.

        Raises UnknownFormatError for what is of a known format that no reader takes.
        """
        found = self._find_by_head() if self._is_other_type else None
        if found is None and self._is_zip:
            files = self._list_files()
            _refuse_texts(self._name, files.names if files is not None else ())
            found = _accepting_files((SITE, ANY_TEXT), self._list_files)
        if found is None:
            _refuse_unread(self._name, self.suffix, self._head, self._list_files)
            found = ANY_ARCHIVE if self._is_zip else None
        if found is None and not self._is_other_type and self.proposed in (None, ANY_TEXT):
            found = _accepting((ANY_TEXT,), self._head, self._name)
        return found

    def _find_by_head(self) -> str | None:
        # A page that was downloaded in place of an archive is not a post.
        is_archive = self._is_zip or self.proposed == ANY_ARCHIVE
        # A folder has no first bytes, by which the other readers tell their files.
        readers = ARCHIVES if is_archive or self._is_folder else READERS
        asked = [reader for reader in readers if reader not in _ONLY_NAMED]
        asked.sort(key=lambda one: one != self.proposed)  # what is asked first is loaded alone
        return _accepting(asked, self._head, self._name)

    def _has_post(self) -> bool:
        return _has_post(self._name, post_extensions(ANY_TEXT))


def _refuse_texts(name: str, names: Sequence[str]) -> None:
    """Raises UnknownFormatError for files that have the names of posts, and are another program's own data."""
    _raise_for(name, unread_formats.unread_texts(names))


def _refuse_unread(
    name: str, suffix: str, head: bytes, list_files: Callable[[], ArchiveFiles | None]
) -> None:
    """Raises UnknownFormatError for a source of a known format that no reader takes."""
    _raise_for(name, unread_formats.unread_format(name, suffix, head, list_files))


def _raise_for(name: str, known: unread_formats.UnreadFormat | None) -> None:
    if known is not None:
        message = f"{name or 'the input'} is {known.name}: no reader takes it"
        raise UnknownFormatError(message, hint=known.hint)


def _accepting(names: Iterable[str], head: bytes, name: str) -> str | None:
    return next((n for n in names if reader(n).accepts(head, name)), None)


def _stands_in_site(place: Path) -> bool:
    asked = reader(SITE)
    return isinstance(asked, AcceptsPlaces) and asked.accepts_place(place)


def _accepting_files(
    names: Iterable[str], list_files: Callable[[], ArchiveFiles | None]
) -> str | None:
    files = list_files()
    if files is None:
        return None
    asked = ((name, reader(name)) for name in names)
    return next(
        (n for n, one in asked if isinstance(one, ReadsArchives) and one.accepts_files(files)), None
    )


def other_archives(chosen: str, files: ArchiveFiles) -> list[str]:
    """Returns the readers of archives, besides the ``chosen`` one, that have posts among these files, or in a folder of them."""
    asked = ((name, reader(name)) for name in ARCHIVES if name != chosen)
    places = [files, *_folders_of(files)]
    return [
        name
        for name, one in asked
        if isinstance(one, ReadsArchives) and any(map(one.accepts_files, places))
    ]


class _FilesOfFolder:
    """The files of a folder of an archive, as those of an archive of their own."""

    def __init__(self, files: ArchiveFiles, folder: str, names: tuple[str, ...]) -> None:
        self._files = files
        self._folder = folder
        self.names = names

    def read(self, name: str) -> bytes:
        return self._files.read(self._folder + name)

    def read_start(self, name: str, size: int) -> bytes:
        return self._files.read_start(self._folder + name, size)


def _folders_of(files: ArchiveFiles) -> list[ArchiveFiles]:
    names: dict[str, list[str]] = {}
    for path in files.names:
        folder, slash, name = path.partition("/")
        if slash:
            names.setdefault(folder + slash, []).append(name)
    return [_FilesOfFolder(files, folder, tuple(inner)) for folder, inner in names.items()]


def _may_show_later(head: bytes) -> bool:
    """Whether the first bytes are those of JSON, or of XML whose root they do not reach."""
    return head.lstrip().startswith(_OBJECT) or (bool(head) and from_root(head) == b"")


def _accepting_later(start: bytes, name: str) -> str | None:
    asked = ((one, reader(one)) for one in _TOLD_LATER)
    return next(
        (n for n, one in asked if isinstance(one, AcceptsLater) and one.accepts_later(start, name)),
        None,
    )


def _has_post(folder: str, extensions: frozenset[str]) -> bool:
    """Returns whether a folder, or one below it, has a file with one of these extensions. Hidden ones do not count."""
    for _, folders, files in os.walk(folder):
        folders[:] = [below for below in folders if not below.startswith(".")]
        if any(Path(f).suffix.lower() in extensions and f[0] != "." for f in files):
            return True
    return False


def _installed_accepting(
    suffix: str, head: bytes, name: str, list_files: Callable[[], ArchiveFiles | None]
) -> str | None:
    usable = [one for one in installed("reader") if not one.fault]
    usable.sort(key=lambda one: suffix not in one.extensions)
    names = [one.name for one in usable]
    return _accepting(names, head, name) or (names and _accepting_files(names, list_files)) or None


def _undetected(name: str, suffix: str, proposed: str | None) -> UnknownFormatError:
    message = f"cannot detect the format of {name or 'the input'}"
    if proposed == ANY_ARCHIVE:
        return UnknownFormatError(
            f"{name} is not a ZIP archive", hint="it may have been cut off; download it again"
        )
    if proposed is not None:
        return UnknownFormatError(
            f"{message}: no reader accepts this {suffix}",
            hint=Hint(
                f"name its format (format={proposed!r} tells why it is not {proposed})",
                f"name its format with --from (--from {proposed} tells why it is not {proposed})",
            ),
        )
    return UnknownFormatError(
        message + _say_broken("reader"),
        hint=Hint(
            "name it (format='markdown' for any text)",
            "name it with --from (--from markdown for any text)",
        ),
    )


def _say_broken(kind: Kind) -> str:
    """Returns the faults of plug-ins that could not be asked, as the end of a message."""
    faults = [one.fault for one in installed(kind) if one.fault]
    return f"; {'; '.join(faults)}" if faults else ""


def writer_for(name: str) -> str:
    """Returns the name of the writer for a file name's extension. Raises UnknownFormatError.

    Where the table has no such extension, installed writers are looked up.
    """
    suffix = Path(name).suffix.lower()
    found = WRITER_EXTENSIONS.get(suffix)
    if found is None and suffix:
        found = next((one.name for one in installed("writer") if suffix in one.extensions), None)
    if found is None:
        broken = _say_broken("writer") if suffix else ""
        raise UnknownFormatError(
            f"cannot detect the format of {name!r} from its extension{broken}",
            hint=Hint("name it: writer='epub', for example", "name it with --to"),
        )
    return found
