"""Reads exports of WordPress (WXR 1.0 to 1.2), and those of Squarespace, which have the same vocabulary.

Sources: WordPress's ``export.php`` and its documentation, and exports. An export is one file, several files, or a ZIP or
a folder of such; the folder ``uploads`` may lie beside it. Comments are counted; menus, settings and accounts are not read.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec

from ....errors import ReadError
from ....fields import Field
from ....formats import ArchiveFiles, ReaderOptions
from ....lazy_pattern import lazy_pattern
from ....progress import READING
from ....xml_beginning import from_root
from ...text_files import BadPostError
from .signs import is_export

if TYPE_CHECKING:
    from pathlib import Path

    from ....context import Context
    from ....formats import Source
    from ....limits import Limits
    from ....model.collection import Collection
    from ...export_files import Files
    from .media import Uploads

_ROOT = lazy_pattern(rb"<rss[\s>]")
_NAMED = lazy_pattern(r"\.wordpress(?:\.com)?\.\d{4}-\d\d-\d\d\.\d{3}\.xml$")
"""Matches the name that WordPress gives a file of an export."""
_HEAD = 4096
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
        import io
        from pathlib import Path

        from ...export_files import open_files, stream_of
        from ...source_bytes import is_zip, open_file, source_bytes
        from .export import ExportFile, read_export
        from .media import Uploads

        # One file of an export holds many posts.
        limits = context.run.limits
        limits = msgspec.structs.replace(limits, post_bytes=limits.resource_bytes)
        progress = partial(context.show_progress, READING)
        files: Files | None = None
        if isinstance(source, (str, Path)):
            path = Path(source)
            if path.is_dir() or is_zip(path):
                files = open_files(path, limits)
            else:
                part = ExportFile(path.name, partial(open_file, path, limits.archive_bytes))
                uploads = _uploads_beside(path, limits)
        else:
            data, name = source_bytes(source, limits.archive_bytes)
            if is_zip(data):
                files = open_files(data, limits)
            else:
                part, uploads = ExportFile(name, partial(io.BytesIO, data)), Uploads()
        if files is None:
            return read_export([part], uploads, options, progress)
        names = _exports(files)
        if not names:
            raise ReadError("holds no export of WordPress", source=getattr(files, "name", ""))
        parts = [ExportFile(name, partial(stream_of, files, name)) for name in names]
        found = Uploads.of(files.base(""), iter(files.names))
        return read_export(parts, found, options, progress, files.findings)


def _begins_export(head: bytes) -> bool:
    root = from_root(head) or b""
    return _ROOT.match(root) is not None and is_export(root)


def _exports(files: ArchiveFiles) -> list[str]:
    """Returns the names of the exports among the files of an archive."""
    found = []
    named = [name for name in files.names if name.lower().endswith(".xml")]
    for name in named[:_SEEN]:
        if _NAMED.search(name):
            found.append(name)
            continue
        try:
            head = files.read_start(name, _HEAD)
        except BadPostError:
            continue
        if _begins_export(head):
            found.append(name)
    return found


def _uploads_beside(path: Path, limits: Limits) -> Uploads:
    from ...export_files import FolderFiles
    from .media import Uploads

    for name in _UPLOADS:
        folder = path.parent / name
        if folder.is_dir():
            files = FolderFiles.open(folder, limits)
            prefix = "uploads/" if name == "uploads" else ""
            found = Uploads.of(files.base(""), (prefix + one for one in files.names))
            if prefix:
                names = {tail: one.removeprefix(prefix) for tail, one in found.names.items()}
                return Uploads(found.base, names)
            return found
    return Uploads()


READER = WordPressReader()
