"""Reads EPUB books of versions 2 and 3 as posts: chapters, parts, notes, pictures and metadata.

Sources: EPUB 3.3; OPF 2.0.1 and its NCX; EPUB Structural Semantics Vocabulary 1.1; DPUB-ARIA 1.1. A book that
clothbound made comes back as the posts that it was made from; others are read by their navigation.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ...formats import ArchiveFiles, ReaderOptions, reader_extensions
from ...lazy_pattern import lazy_pattern
from .container import folder_of_book

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_MIMETYPE = lazy_pattern(rb"PK\x03\x04.{26}mimetype(?:.{0,64}?)application/epub\+zip", re.S)
"""Matches a ZIP whose first file is the mimetype of an EPUB, stored as it is (EPUB 3.3, OCF, section 4.2.5)."""


class EpubInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an EPUB. There are none."""

    format: ClassVar[str] = "epub"


class EpubReader:
    """Reads an EPUB, also one that was unpacked to a folder; see the module."""

    extensions = reader_extensions("epub")
    options_type = EpubInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        return is_epub(head)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts a ZIP without the mimetype at its beginning, and a folder, by the container document."""
        return folder_of_book(files.names) is not None

    def read(self, source: Source, options: EpubInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the chapters in reading order, in the parts that the navigation names.

        Chapters that cannot be read are left out and reported in ``diagnostics``. Raises ReadError for what is not
        an EPUB and for an encrypted book, LimitError if it is too large.
        """
        from ..export_files import open_files
        from .reading import read_book

        path = str(source) if isinstance(source, (str, Path)) else ""
        return read_book(open_files(source, context.run.limits), context, path)


def is_epub(head: bytes) -> bool:
    """Returns whether a file that begins with these bytes says that it is an EPUB."""
    return _MIMETYPE.match(head) is not None


READER = EpubReader()
