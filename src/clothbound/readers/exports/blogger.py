"""Reads the exports of Blogger: the Atom file of its settings page, and the archive of Google Takeout.

Sources: Blogger's documentation of both, RFC 5023 (``app:draft``), and real exports. Either holds the posts, the pages
and the comments of a blog in one file; the older one also the settings and the template, the newer one beside it the
settings as a table and the albums of pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ...formats import ArchiveFiles, ReaderOptions
from ...lazy_pattern import lazy_pattern
from ...xml_beginning import from_root
from ..file_beginnings import BEGINNING, files_that_begin

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_EXPORT = lazy_pattern(
    rb"https?://schemas\.google\.com/blogger/20[0-9]{2}|tag:blogger\.com,1999:blog-[0-9]+\.archive"
)
"""Matches a namespace of exports, or the id of a whole blog. A public feed of Blogger has neither."""
_ATOM = lazy_pattern(rb"<(?:[a-z]{1,9}:)?feed[\s>]")
_FILES = lazy_pattern(r"(?:[^/]+/){0,5}(?:feed\.atom|blog-[0-9-]+\.xml)")


class BloggerInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an export of Blogger. There are none."""

    format: ClassVar[str] = "blogger"


class BloggerReader:
    """Reads exports of Blogger; see the module."""

    extensions = ()
    options_type = BloggerInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts a file that begins like an export, not like a feed of a blog on Blogger."""
        return begins_export(head)

    def accepts_later(self, start: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts an export behind a long comment."""
        return begins_export(start)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts an archive or a folder in which a file with the name of an export begins like one."""
        return bool(export_files(files))

    def read(self, source: Source, options: BloggerInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the posts and pages in the order of the file, of several blogs one after another.

        Raises ReadError for what is not such an export, LimitError for one that is too large.
        """
        from .blogger_feed import read_export

        return read_export(source, context, export_files)


def begins_export(head: bytes) -> bool:
    """Returns whether the first bytes of a file are those of an export."""
    root = (from_root(head) or b"")[:BEGINNING]
    return _ATOM.match(root) is not None and _EXPORT.search(root) is not None


def export_files(files: ArchiveFiles) -> list[str]:
    """Returns the names of the files in an archive that are exports."""
    return files_that_begin(files, _FILES, begins_export)


READER = BloggerReader()
