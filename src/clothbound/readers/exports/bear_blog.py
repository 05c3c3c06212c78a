"""Reads the export of Bear Blog: one table of posts (CSV), each with its Markdown.

Sources: Bear Blog's code of the export and of its pages, an export of a blog of 200 posts, and another program that reads
such tables.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, ClassVar

from ...fields import Field
from ...formats import ArchiveFiles, ReaderOptions
from ...progress import READING
from ..csv_columns import find_tables, has_columns

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_NEEDED = frozenset({"uid", "slug", "content", "publish"})
_DATES = frozenset({"published date", "published_date"})


class BearBlogInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an export of Bear Blog."""

    format: ClassVar[str] = "bear-blog"
    pages: Annotated[bool, Field(help="Read the blog's pages too, such as About.")] = False


class BearBlogReader:
    """Reads exports of Bear Blog; see the module."""

    extensions = ()
    options_type = BearBlogInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts a table with the columns of Bear Blog's."""
        return _is_table(head)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts an archive or a folder with such a table at its top, or in a folder there."""
        return bool(_find_tables(files))

    def read(self, source: Source, options: BearBlogInput, context: Context) -> Collection:
        """Returns the posts in the order of the table.

        Raises ReadError for another table, LimitError for one that is too large.
        """
        from .bear_blog_posts import read_table

        show_progress = partial(context.show_progress, READING)
        limits = context.run.limits
        return read_table(source, limits, show_progress, _find_tables, with_pages=options.pages)


def _find_tables(files: ArchiveFiles) -> list[str]:
    return find_tables(files, _is_table)


def _is_table(head: bytes) -> bool:
    return has_columns(head, _NEEDED, _DATES)


READER = BearBlogReader()
