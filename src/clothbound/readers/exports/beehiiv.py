"""Reads the export of beehiiv: one table of posts (CSV), each with the HTML of its whole e-mail.

Sources: beehiiv's documentation of posts (status, audience, platform), and an export in the tests of another reader.
Its columns are not documented, so a table is known by those that the sample has, and others are left aside.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from ...formats import ReaderOptions
from ...progress import READING

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
        line = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace")
        columns = {column.strip(' "\r') for column in line.split(",")}
        return columns >= _NEEDED and not columns.isdisjoint(_ONE_OF)

    def read(self, source: Source, options: BeehiivInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the posts in the order of the table.

        Raises ReadError for another table, LimitError for one that is too large.
        """
        from .beehiiv_posts import read_table

        return read_table(source, context.run.limits, partial(context.show_progress, READING))


READER = BeehiivReader()
