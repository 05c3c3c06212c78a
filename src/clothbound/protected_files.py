"""Input files that outputs must never overwrite.

A file is identified by its device and inode, so that neither a link nor a name in another case hides it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec

from .errors import UsageError
from .model.collection import Collection
from .stored_items import StoredNames, StoredTable

FileId: TypeAlias = tuple[int, int]

MANUSCRIPT = ".clothbound/base"
"""The folder in a manuscript that ``import`` keeps, in which the posts are as the last export had them."""

TABLE_OF_EXPORT = "posts.csv"
"""The file in an unpacked export of Substack that has the titles and dates of its posts, and is no post."""


class ProtectedFiles(msgspec.Struct, frozen=True):
    """The author's files, and the folders that hold them."""

    files: Mapping[FileId, str] = {}
    """The files, with their paths for messages."""
    folders: frozenset[FileId] = frozenset()
    root: str = ""
    """The file or folder that the posts were read from, or empty."""

    @classmethod
    def of(
        cls, source: str | os.PathLike[str], collection: Collection, more: Iterable[Path] = ()
    ) -> ProtectedFiles:
        """Returns the files of the posts in ``collection``, unreadable ones included.

        ``source`` is what the collection was read from. ``more`` holds further files and folders of the
        author; they need not exist.
        """
        root = Path(source)
        files = _StoredPaths()
        folders: set[Path] = set()
        if root.is_dir():
            folders.add(root)
            names = StoredNames()
            for name in _sources_of(collection):
                names.add(name)
            places = set()
            beginning = "" if root == Path() else os.path.join(root, "")  # noqa: PTH118 - a path of each file takes longer
            for name in names.in_order():
                if name:
                    files.add(f"{beginning}{name}")
                    places.add(name.rpartition("/")[0])
            folders.update(root / place for place in places)
            files.add(root / TABLE_OF_EXPORT)
        else:
            files.add(root)
        for path in more:
            if path.is_dir():
                folders.add(path)
            else:
                files.add(path)
        return cls(
            files,
            frozenset(one for path in folders if (one := _id_of(path)) is not None),
            str(root) if root.exists() else "",
        )

    @classmethod
    def of_files(cls, paths: Iterable[Path]) -> ProtectedFiles:
        """Returns the files among ``paths`` that exist."""
        files = _StoredPaths()
        for path in paths:
            if not path.is_dir():
                files.add(path)
        return cls(files)

    def original(self, path: str | os.PathLike[str]) -> str:
        """Returns the name of the author's file at ``path``, or an empty string."""
        found = _id_of(path)
        return self.files.get(found, "") if found is not None else ""

    def refuse(self, path: str | os.PathLike[str], *, is_tree: bool = False) -> None:
        """Raises UsageError if a product at ``path`` would replace one of the author's files.

        A product of several files (``is_tree``) must not go into a folder that holds posts.
        """
        hint = "name another file or folder: input files are never overwritten"
        if original := self.original(path):
            raise UsageError(
                f"{os.fspath(path)!r} would overwrite its source {original!r}", hint=hint
            )
        if is_tree and _id_of(path) in self.folders:
            raise UsageError(
                f"{os.fspath(path)!r} holds your own posts or edits, and several files would be written there",
                hint=hint,
            )


def refuse_manuscript(folder: str | os.PathLike[str]) -> None:
    """Raises UsageError if ``import`` keeps a folder, in which a product would replace what the author has changed."""
    if Path(folder, MANUSCRIPT).is_dir():
        raise UsageError(
            f"{os.fspath(folder)!r} is a folder that `clothbound import` keeps, and your changes there would be lost",
            hint="merge newer posts by `clothbound import`, or name another folder",
        )


class _StoredPaths(Mapping[FileId, str]):
    """The paths of files that exist, by their identity."""

    def __init__(self) -> None:
        self._paths: StoredTable[str] = StoredTable(str)

    def add(self, path: str | os.PathLike[str]) -> None:
        found = _id_of(path)
        if found is not None:
            self._paths[_name_of_id(found)] = os.fspath(path)

    def __getitem__(self, found: FileId) -> str:
        return self._paths[_name_of_id(found)]

    def __iter__(self) -> Iterator[FileId]:
        for name in self._paths:
            device, _, inode = name.partition(" ")
            yield int(device), int(inode)

    def __len__(self) -> int:
        return len(self._paths)


def _name_of_id(found: FileId) -> str:
    return f"{found[0]} {found[1]}"


def _sources_of(collection: Collection) -> Iterator[str]:
    """Yields the files of the posts, and those of which something is said."""
    yield from (metadata.source for metadata in collection.index)
    yield from (found.source for found in collection.diagnostics)


def _id_of(path: str | os.PathLike[str]) -> FileId | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - takes str and Path
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
