"""Reads the archive that Tumblr gives the owner of a blog: a ZIP, or the folder to which it unpacks.

Sources: Tumblr's help, and what owners and programs say of their archives: a page of HTML for each post (``posts.zip`` with
``html/<id>.html``), the files of posts (``media/``), and data of the account. The archive does not say which posts are private.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ...errors import ReadError
from ...formats import ArchiveFiles, ReaderOptions
from ...lazy_pattern import lazy_pattern
from ..text_files import BadPostError

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_PAGE = lazy_pattern(
    r"(?P<top>(?:(?!posts/|html/)[^/]+/)?)(?:posts/)?(?:[\w -]+/){0,2}(?P<id>\d{5,20})\.html"
)
"""Matches the page of a post, also below the folder that a file manager makes."""
_MARKS = (b'id="timestamp"', b"id='timestamp'")
_SEEN = 3
"""The number of pages in which the mark of the first is searched for."""
_START = 1_000_000


class TumblrInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an archive of Tumblr. There are none."""

    format: ClassVar[str] = "tumblr"


class TumblrReader:
    """Reads archives of Tumblr; see the module."""

    extensions = ()
    options_type = TumblrInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Declines, since the first file of such an archive may be any; ``accepts_files`` decides."""
        return False

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts files of which some are pages named by numbers, with the time that Tumblr writes below a post."""
        pages = [name for name in files.names if _PAGE.fullmatch(name)]
        return any(_is_post(files, page) for page in pages[:_SEEN])

    def read(self, source: Source, options: TumblrInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the posts in the order of their numbers, which is that of time.

        Unreadable posts are left out and reported in ``diagnostics``. Raises ReadError if there is none,
        LimitError if the archive is too large.
        """
        from ..export_files import open_files
        from .tumblr_posts import read_posts

        files = open_files(source, context.run.limits)
        pages = {name: found for name in files.names if (found := _PAGE.fullmatch(name))}
        if not pages:
            raise ReadError(
                "holds no posts of Tumblr",
                source=files.name,
                hint="give the ZIP that Tumblr makes under a blog's settings; in a folder, unpack posts.zip too",
            )
        top = next(iter(pages.values()))["top"].rstrip("/")
        return read_posts(
            files, {name: page["id"] for name, page in pages.items()}, top, context.run
        )


def _is_post(files: ArchiveFiles, name: str) -> bool:
    try:
        page = files.read_start(name, _START)
    except BadPostError:
        return False
    return any(mark in page for mark in _MARKS)


READER = TumblrReader()
