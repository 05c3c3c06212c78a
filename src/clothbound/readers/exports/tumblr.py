"""Reads the archive that Tumblr gives the owner of a blog, a ZIP or the folder to which it unpacks, and what its API answers.

Sources: Tumblr's help, and what owners and programs say of their archives: a page of HTML for each post (``posts.zip`` with
``html/<id>.html``), the files of posts (``media/``), and data of the account. The archive does not say which posts are private.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from ...formats import ArchiveFiles, ReaderOptions
from ...lazy_pattern import lazy_pattern
from ..file_beginnings import begins_with, files_that_begin
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
_ANSWER = lazy_pattern(r"(?:[^/]+/)?[^/]+\.json")
_BEGINNING = lazy_pattern(
    rb'\s*(?:\[\s*)?\{(?:(?=[^\0]{0,2000}"(?:reblog_key|is_blocks_post_format)"\s*:)(?=[^\0]{0,2000}"(?:blog_name|blog)"\s*:)'
    rb'|\s*"meta"\s*:\s*\{[^{}]{0,400}\}\s*,\s*"response"\s*:\s*\{\s*"blog"\s*:)'
)
"""Matches the beginning of what Tumblr's API answers."""


class TumblrInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an archive of Tumblr. There are none."""

    format: ClassVar[str] = "tumblr"


class TumblrReader:
    """Reads archives of Tumblr; see the module."""

    extensions = ()
    options_type = TumblrInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts an answer of Tumblr's API. Of an archive the first file may be any; ``accepts_files`` decides."""
        return _is_answer(head)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts files of which some are pages named by numbers, with the time that Tumblr writes below a post, or answers
        of its API.
        """
        pages = [name for name in files.names if _PAGE.fullmatch(name)]
        return any(_is_post(files, page) for page in pages[:_SEEN]) or bool(_answers(files))

    def read(self, source: Source, options: TumblrInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the posts in the order of their numbers, which is that of time.

        Unreadable posts are left out and reported in ``diagnostics``. Raises ReadError if there is none,
        LimitError if the archive is too large.
        """
        from ..export_files import open_export
        from .tumblr_answers import read_answers
        from .tumblr_posts import read_posts

        limits = context.run.limits
        export = open_export(
            source,
            lambda files: [*filter(_PAGE.fullmatch, files.names)] or _answers(files),
            "holds no posts of Tumblr",
            limits,
            most=limits.resource_bytes,
            hint="give the ZIP that Tumblr makes under a blog's settings; in a folder, unpack posts.zip too",
        )
        files = export.files
        if files is None or not any(map(_PAGE.fullmatch, files.names)):
            return read_answers(export, context.run)
        pages = {name: found for name in files.names if (found := _PAGE.fullmatch(name))}
        top = next(iter(pages.values()))["top"].rstrip("/")
        return read_posts(
            files, {name: page["id"] for name, page in pages.items()}, top, context.run
        )


def _answers(files: ArchiveFiles) -> list[str]:
    return files_that_begin(files, _ANSWER, _is_answer)


def _is_answer(head: bytes) -> bool:
    return begins_with(_BEGINNING, head)


def _is_post(files: ArchiveFiles, name: str) -> bool:
    try:
        page = files.read_start(name, _START)
    except BadPostError:
        return False
    return any(mark in page for mark in _MARKS)


READER = TumblrReader()
