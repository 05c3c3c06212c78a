"""Resolves addresses in a book to the files of its archive."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit


class ArchivePaths:
    """The files of an archive, by the addresses that its documents have for them.

    A name in another case or Unicode form than that of the file is understood, as file systems do it.
    """

    def __init__(self, names: Iterable[str], root: str = "") -> None:
        """``root`` is the folder of the book in the archive, with a slash at its end; empty for the top."""
        self.names = frozenset(names)
        self._root = root
        self._by_folded: dict[str, str] = {}
        for name in sorted(self.names):
            self._by_folded.setdefault(_fold_path(name), name)

    def find(self, path: str) -> str:
        """Returns the file that a path means, or the path itself if the archive has no such file."""
        return path if path in self.names else self._by_folded.get(_fold_path(path), path)

    def in_book(self, path: str) -> str:
        """Returns the file of a path that starts at the folder of the book, as those in ``META-INF`` do."""
        return self.find(self._root + unquote(path))

    def resolve(self, href: str, document: str) -> tuple[str, str]:
        """Returns the path in the archive and the fragment to which an address in a document leads.

        The path is empty for an address on the network, for one that leads out of the archive, and for a fragment of
        the document itself.
        """
        try:
            parts = urlsplit(href.strip())
        except ValueError:
            return "", ""
        if parts.scheme or parts.netloc:
            return "", ""
        if parts.path.startswith("/"):
            found = self.in_book(parts.path.lstrip("/"))
            return (found, unquote(parts.fragment)) if found in self.names else ("", "")
        if not parts.path:
            return "", unquote(parts.fragment)
        path = posixpath.normpath(posixpath.join(posixpath.dirname(document), unquote(parts.path)))
        if path.startswith("..") or path == ".":
            return "", ""
        return self.find(path), unquote(parts.fragment)


def _fold_path(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
