"""Reads exports of WordPress (WXR 1.0 to 1.2), and those of Squarespace, which have the same vocabulary.

Sources: WordPress's ``export.php`` and its documentation, and exports. An export is one file, several files, or a ZIP or
a folder of such; the folder ``uploads`` may lie beside it. Comments are counted; menus, settings and accounts are not read.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from ....fields import Field
from ....formats import ArchiveFiles, ReaderOptions
from ....lazy_pattern import lazy_pattern
from ....progress import READING
from ....xml_beginning import from_root
from ...file_beginnings import begins_as
from .signs import is_export

if TYPE_CHECKING:
    from ....context import Context
    from ....formats import Source
    from ....limits import Limits
    from ....model.collection import Collection
    from .media import Uploads

_ROOT = lazy_pattern(rb"<rss[\s>]")
_NAMED = lazy_pattern(r"\.wordpress(?:\.com)?\.\d{4}-\d\d-\d\d\.\d{3}\.xml$")
"""Matches the name that WordPress gives a file of an export."""
_SEEN = 200
"""The most XML files of an archive whose beginning is looked at."""
_UPLOADS = ("wp-content", "uploads")
"""Folders that may lie beside an export with the files of its media."""


class WordPressInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an export of WordPress."""

    format: ClassVar[str] = "wordpress"
    pages: Annotated[
        bool, Field(help="Read the site's pages too, such as About, besides its posts.")
    ] = False
    types: Annotated[
        tuple[str, ...],
        Field(help="Types of plug-ins whose items are read as posts too, such as portfolio."),
    ] = ()


class WordPressReader:
    """Reads exports of WordPress; see the module."""

    extensions = ()
    options_type = WordPressInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Whether the file begins like an export of WordPress."""
        return _begins_export(head)

    def accepts_later(self, start: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts an export behind a long comment."""
        return _begins_export(start)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts files of which one of XML is an export."""
        return bool(_exports(files))

    def read(self, source: Source, options: WordPressInput, context: Context) -> Collection:
        """Returns the posts in the order of the export.

        Raises ReadError if it is not an export, LimitError if it is too large.
        """
        from ...export_files import open_export
        from ...packed_files import FilesOfPosts
        from .export import read_export
        from .media import Uploads

        limits = context.run.limits
        export = open_export(
            source,
            _exports,
            "holds no export of WordPress",
            limits,
            most=limits.resource_bytes,
        )
        if export.files is not None:
            uploads = Uploads.of(FilesOfPosts(export.files, "", limits), export.files.names)
        elif isinstance(source, (str, Path)):
            uploads = _uploads_beside(Path(source), limits)
        else:
            uploads = Uploads()
        progress = partial(context.show_progress, READING)
        return read_export(export.parts, uploads, options, progress, export.findings)


def _begins_export(head: bytes) -> bool:
    root = from_root(head) or b""
    return _ROOT.match(root) is not None and is_export(root)


def _exports(files: ArchiveFiles) -> list[str]:
    """Returns the names of the exports among the files of an archive."""
    named = [name for name in files.names if name.lower().endswith(".xml")]
    return [
        name
        for name in named[:_SEEN]
        if _NAMED.search(name) or begins_as(files, name, _begins_export)
    ]


def _uploads_beside(path: Path, limits: Limits) -> Uploads:
    from ...export_files import FolderFiles
    from ...packed_files import FilesOfPosts
    from .media import Uploads

    for name in _UPLOADS:
        folder = path.parent / name
        if folder.is_dir():
            files = FolderFiles.open(folder, limits)
            prefix = "uploads/" if name == "uploads" else ""
            held = FilesOfPosts(files, "", limits)
            found = Uploads.of(held, (prefix + one for one in files.names))
            if prefix:
                names = {tail: one.removeprefix(prefix) for tail, one in found.names.items()}
                return Uploads(found.files, names)
            return found
    return Uploads()


READER = WordPressReader()
