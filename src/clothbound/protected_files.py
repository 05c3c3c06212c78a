"""The files that the command reads: nothing that it makes takes the place of one.

A file is known by its device and number, so that a link, or a name in another case, hides none.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

import msgspec

from .errors import UsageError
from .model.collection import Collection

FileId: TypeAlias = tuple[int, int]


class Originals(msgspec.Struct, frozen=True):
    """Files that are the author's, and folders that are kept for them."""

    files: Mapping[FileId, str] = {}
    """Each with its path, for messages."""
    folders: frozenset[FileId] = frozenset()
    root: str = ""
    """What the posts were read from; empty where it is no file or folder."""

    @classmethod
    def of(
        cls, source: str | os.PathLike[str], collection: Collection, more: Iterable[Path] = ()
    ) -> Originals:
        """The files of the posts of ``collection``, bad ones too, which was read from ``source``.

        ``more`` are further files and folders that are the author's; none of them need be there.
        """
        root = Path(source)
        files = [root]
        folders = []
        if root.is_dir():
            names = {metadata.source for metadata in collection.index}
            names.update(found.source for found in collection.diagnostics)
            files = [root / name for name in sorted(names) if name]
            folders = [root, *{path.parent for path in files}]
        for path in more:
            (folders if path.is_dir() else files).append(path)
        return cls(
            {one: str(path) for path in files if (one := _id_of(path)) is not None},
            frozenset(one for path in folders if (one := _id_of(path)) is not None),
            str(root) if root.exists() else "",
        )

    def original(self, path: str | os.PathLike[str]) -> str:
        """The author's file that lies at ``path``, by its own name; empty where there is none."""
        found = _id_of(path)
        return self.files.get(found, "") if found is not None else ""

    def refuse(self, path: str | os.PathLike[str], *, is_tree: bool = False) -> None:
        """Raises UsageError where a product at ``path`` would take the place of the author's own.

        One of several files (``is_tree``) goes into no folder that holds posts.
        """
        hint = "name another file or folder: what is read is never written over"
        if original := self.original(path):
            raise UsageError(
                f"{os.fspath(path)!r} would be written over its source {original!r}", hint=hint
            )
        if is_tree and _id_of(path) in self.folders:
            raise UsageError(
                f"{os.fspath(path)!r} is where your own posts or edits lie, and several files would"
                " be written there",
                hint=hint,
            )


def _id_of(path: str | os.PathLike[str]) -> FileId | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - a str is as welcome as a Path
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino
