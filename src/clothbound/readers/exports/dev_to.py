"""Reads the archive that DEV and other communities of Forem give their authors: ``articles.json``, alone or in its ZIP, and
the answers of their API, a list of articles or one.

Sources: Forem's code of the export (``Exporter::Articles``, ``Exporter::Comments``) and of its API (``api/v1/articles``).
Comments are those that the author wrote below articles of others, so they are neither read nor copied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ...formats import ArchiveFiles, ReaderOptions
from ...lazy_pattern import lazy_pattern
from ..file_beginnings import begins_as, begins_with

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_FILE = lazy_pattern(r"(?:[^/]+/)?articles\.json")
_BEGINNING = lazy_pattern(
    rb'\s*\[\s*\{\s*(?:"(?:id|type_of|user_id)"\s*:\s*[^,]{0,40},\s*)*"body_markdown"\s*:'
    rb'|\s*(?:\[\s*)?\{\s*"type_of"\s*:\s*"article"\s*,\s*"id"\s*:'
)


class DevToInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an archive of DEV. There are none."""

    format: ClassVar[str] = "devto"


class DevToReader:
    """Reads archives of DEV; see the module."""

    extensions = ()
    options_type = DevToInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts a list in JSON whose first object has the text of an article, and what the API answers."""
        return _is_list(head)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts such a file of its name, at the top or in a folder there."""
        return any(begins_as(files, name, _is_list) for name in _lists(files))

    def read(self, source: Source, options: DevToInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the articles in the order of their dates, drafts last.

        Raises ReadError if the source is not such an archive, LimitError if it is too large.
        """
        from ..export_files import open_export
        from .dev_to_articles import read_articles

        limits = context.run.limits
        most = limits.resource_bytes
        export = open_export(source, _lists, "holds no articles of DEV", limits, most=most)
        part = export.parts[0]
        return read_articles(part.read(most), part.name, export.findings, context.run)


def _lists(files: ArchiveFiles) -> list[str]:
    return list(filter(_FILE.fullmatch, files.names))


def _is_list(head: bytes) -> bool:
    return begins_with(_BEGINNING, head)


READER = DevToReader()
