"""Reads the export of beehiiv: one table of posts (CSV), each with the HTML of its whole e-mail.

Sources: beehiiv's documentation of posts (status, audience, platform), and an export in the tests of another reader.
Its columns are not documented, so a table is known by those that the sample has, and others are left aside.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from ...formats import ArchiveFiles, ReaderOptions
from ...progress import READING
from ..csv_columns import find_tables, has_columns

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_NEEDED = frozenset({"web_title", "content_html"})
_ONE_OF = frozenset({"audience", "web_audiences", "status"})


class BeehiivInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an export of beehiiv. There are none."""

    format: ClassVar[str] = "beehiiv"


class BeehiivReader:
    """Reads exports of beehiiv; see the module."""

    extensions = ()
    options_type = BeehiivInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts a table with the columns of beehiiv's."""
        return _is_table(head)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts an archive or a folder with such a table at its top, or in a folder there."""
        return bool(_find_tables(files))

    def read(self, source: Source, options: BeehiivInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the posts in the order of the table.

        Raises ReadError for another table, LimitError for one that is too large.
        """
        from .beehiiv_posts import read_table

        show_progress = partial(context.show_progress, READING)
        return read_table(source, context.run.limits, show_progress, _find_tables)


def _find_tables(files: ArchiveFiles) -> list[str]:
    return find_tables(files, _is_table)


def _is_table(head: bytes) -> bool:
    return has_columns(head, _NEEDED, _ONE_OF)


READER = BeehiivReader()
