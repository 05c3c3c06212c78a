"""Reads the export of Buttondown: a ZIP or a folder with a table of e-mails and a text for each.

Sources: Buttondown's documentation of e-mails (status, type) and of its templates, and an export in the tests of another
reader. A text is Markdown, or HTML if its first line says that it was written in the editor that shows pages as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ...formats import ArchiveFiles, ReaderOptions
from ...lazy_pattern import lazy_pattern
from ..csv_columns import has_columns
from ..file_beginnings import begins_as

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_EMAIL = lazy_pattern(r"(?P<folder>(?:[^/]+/)?)emails/(?P<slug>[^/]+)\.(?:md|html)")
_TABLES = ("emails.json", "emails.csv")
_COLUMNS = frozenset({"subject", "publish_date"})


class ButtondownInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an export of Buttondown. There are none."""

    format: ClassVar[str] = "buttondown"


class ButtondownReader:
    """Reads exports of Buttondown; see the module."""

    extensions = ()
    options_type = ButtondownInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Declines, since the first file of such an archive may be any; ``accepts_files`` decides."""
        return False

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts a folder ``emails`` beside a table of this name."""
        return bool(find_tables(files))

    def read(self, source: Source, options: ButtondownInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the e-mails in the order of their dates.

        Raises ReadError for another archive, LimitError for one that is too large.
        """
        from .buttondown_emails import read_emails

        return read_emails(source, context.run, find_tables)


def find_tables(files: ArchiveFiles) -> list[str]:
    """Returns the tables of e-mails in an archive, of which either has all; none in another archive.

    A table with another name is one if its columns are.
    """
    folders = {found["folder"] for name in files.names if (found := _EMAIL.fullmatch(name))}
    named = [
        f"{folder}{table}"
        for folder in sorted(folders)
        for table in _TABLES
        if f"{folder}{table}" in files.names
    ]
    others = [
        name
        for name in files.names
        if name.endswith(".csv") and f"{name.rpartition('/')[0]}/".lstrip("/") in folders
    ]
    return named or [name for name in others if begins_as(files, name, _has_columns)]


def _has_columns(head: bytes) -> bool:
    return has_columns(head, _COLUMNS)


READER = ButtondownReader()
