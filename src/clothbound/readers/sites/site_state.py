"""The state of the files of a site, of which the text of a post may include any."""

from __future__ import annotations

import os
from contextlib import suppress

from ...formats import WRITER_EXTENSIONS
from ...part_digests import digest_of
from ...product_files import LIST, listed_files
from ...run_cache import PART, PICTURE
from ...staging import is_staged
from ..post_files import PACKAGES

_NO_SOURCES = PACKAGES | {".git", ".hg", ".jj", ".svn"}
_BOOKS = frozenset({"epub", "pdf", "substack"})
"""The writers of files that are no text, which no post includes."""
_MADE = (
    *(ending for ending, writer in WRITER_EXTENSIONS.items() if writer in _BOOKS),
    PART,
    PICTURE,
)
"""The ends of names of files that this run may make in the folder of its source, and that no post includes."""


class SiteState:
    """The names, sizes and times of the files of a site."""

    def __init__(self, root: str) -> None:
        """``root`` is empty for a folder that is not a site."""
        self._root = root
        self._digest = ""

    @property
    def digest(self) -> str:
        """A digest of what a post may include, taken once; empty for a folder that is not a site.

        Histories of versions, installed packages and products of ours are no sources, and change without them.
        """
        if self._root and not self._digest:
            found = []
            made: set[str] = set()
            for folder, folders, names in os.walk(self._root):
                folders[:] = [
                    one for one in folders if one not in _NO_SOURCES and not is_staged(one)
                ]
                if LIST in names:
                    made.update(os.path.join(folder, *n.split("/")) for n in listed_files(folder))  # noqa: PTH118 - a path takes longer
                for name in names:
                    path = os.path.join(folder, name)  # noqa: PTH118 - likewise
                    if path in made or name == LIST or is_staged(name) or name.endswith(_MADE):
                        continue
                    with suppress(OSError):
                        status = os.stat(path)  # noqa: PTH116 - likewise
                        # Programs that copy files set the other time as it was elsewhere, and not this one.
                        times = (status.st_mtime_ns, status.st_ctime_ns)
                        found.append((path, status.st_size, *times))
            self._digest = digest_of(sorted(found))
        return self._digest
