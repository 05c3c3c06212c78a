"""The reader of JSON Feed, versions 1 and 1.1, and of the Blog Archive Format, a ZIP (``.bar``) with such a feed of all
posts and their files: tells them, and reads their items as posts.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from ..formats import ArchiveFiles, ReaderOptions
from ..lazy_pattern import lazy_pattern
from ..media.sniffing import begins_zip
from ..model.slugs import HTML_FILES, WRITTEN_FILES
from ..progress import READING
from ..xml_beginning import as_utf8
from .text_files import BadPostError

if TYPE_CHECKING:
    from ..context import Context
    from ..formats import Source
    from ..model.collection import Collection

_VERSION = lazy_pattern(
    rb'[{,]\s*"version"\s*:\s*"\s*https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version\\?/'
)
"""The member that a feed must have. Within a text, its quotation marks would be escaped."""
_ADDRESS = lazy_pattern(rb'[{,]\s*"(?:feed_url|home_page_url)"\s*:\s*"')
_ITEMS = lazy_pattern(rb'[{,]\s*"items"\s*:\s*\[')
_FEED = lazy_pattern(r"(?P<folder>(?:[^/]+/)?)feed\.json")
_BESIDE = lazy_pattern(r"(?:index\.html|(?:readme|license)\.\w+)", re.I)
"""Matches the pages that may stand beside the feed of an archive, besides folders of its pictures."""
_ARCHIVE = ".bar"
_HEAD, _START = 4096, 1_000_000
"""The bytes of a feed in which its signs are searched for: those of its first members, and then more."""
_CONTENT = lazy_pattern(rb'[{,]\s*"content_(?:html|text)"\s*:\s*"')


class JsonFeedInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading a JSON Feed. There are none."""

    format: ClassVar[str] = "jsonfeed"


class JsonFeedReader:
    """Reads feeds in JSON, and archives with one; see ``json_feed_items`` and ``blog_archive``."""

    extensions = ()
    options_type = JsonFeedInput

    def accepts(self, head: bytes, name: str) -> bool:
        """Accepts JSON whose first members include the address of a version of JSON Feed, and ZIPs named ``.bar``."""
        return _names_version(as_utf8(head)) or (
            begins_zip(head) and name.lower().endswith(_ARCHIVE)
        )

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts a feed of that name with folders beside it that hold no pages."""
        return _find_feed(files) != ""

    def accepts_later(self, start: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts JSON whose members are in another order, as programs write them that sort names."""
        start = as_utf8(start)
        return _names_version(start) or (
            _is_object(start)
            and all(sign.search(start) is not None for sign in (_ADDRESS, _ITEMS, _CONTENT))
        )

    def read(self, source: Source, options: JsonFeedInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the posts in the order of the feed.

        Raises ReadError if it is not a JSON Feed, LimitError if it is too large.
        """
        import msgspec

        from .archive_place import ArchivePlace
        from .export_files import open_export
        from .json_feed_items import read_feed

        limits = context.run.limits
        most = limits.resource_bytes
        lacking = "is not a Blog Archive: it holds no feed.json"
        export = open_export(source, _feeds, lacking, limits, most=most)
        name = export.parts[0].name
        data = export.parts[0].read(most)
        files = export.files
        folder = name.rpartition("/")[0]
        place = ArchivePlace.of(files, folder, limits) if files is not None else None
        posts = read_feed(data, name, partial(context.show_progress, READING), place)
        return msgspec.structs.replace(posts, diagnostics=(*export.findings, *posts.diagnostics))


def _feeds(files: ArchiveFiles) -> list[str]:
    return list(filter(_FEED.fullmatch, files.names))


def _find_feed(files: ArchiveFiles) -> str:
    """Returns the name of the feed of an archive; empty for files that are none."""
    feed = next(filter(_FEED.fullmatch, files.names), "")
    found = _FEED.fullmatch(feed)
    if found is None or not all(_is_beside(name, found["folder"]) for name in files.names):
        return ""
    try:
        has_sign = _names_version(as_utf8(files.read_start(feed, _HEAD))) or READER.accepts_later(
            files.read_start(feed, _START), feed
        )
    except BadPostError:
        return ""
    return feed if has_sign else ""


def _is_beside(name: str, folder: str) -> bool:
    """Returns whether a file may be part of an archive whose feed is in ``folder``."""
    inner = name.removeprefix(folder)
    is_page = inner.lower().endswith((*HTML_FILES, *WRITTEN_FILES))
    return name.startswith(folder) and (
        not is_page or ("/" not in inner and _BESIDE.fullmatch(inner) is not None)
    )


def _names_version(head: bytes) -> bool:
    return _is_object(head) and _VERSION.search(head) is not None


def _is_object(head: bytes) -> bool:
    return head.lstrip().startswith(b"{")


READER = JsonFeedReader()
