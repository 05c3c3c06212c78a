"""The reader of JSON Feed, versions 1 and 1.1: tells such a file, and reads its items as posts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from ..formats import ReaderOptions
from ..lazy_pattern import lazy_pattern
from ..progress import READING
from .source_bytes import source_bytes

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
_CONTENT = lazy_pattern(rb'[{,]\s*"content_(?:html|text)"\s*:\s*"')


class JsonFeedInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading a JSON Feed. There are none."""

    format: ClassVar[str] = "jsonfeed"


class JsonFeedReader:
    """Reads feeds in JSON; see ``json_feed_items``."""

    extensions = ()
    options_type = JsonFeedInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts JSON whose first members include the address of a version of JSON Feed."""
        return _names_version(head)

    def accepts_later(self, start: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts JSON whose members are in another order, as programs write them that sort names."""
        return _names_version(start) or (
            _is_object(start)
            and all(sign.search(start) is not None for sign in (_ADDRESS, _ITEMS, _CONTENT))
        )

    def read(self, source: Source, options: JsonFeedInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the posts in the order of the feed.

        Raises ReadError if it is not a JSON Feed, LimitError if it is too large.
        """
        from .json_feed_items import read_feed

        data, name = source_bytes(source, context.run.limits.resource_bytes)
        return read_feed(data, name, partial(context.show_progress, READING))


def _names_version(head: bytes) -> bool:
    return _is_object(head) and _VERSION.search(head) is not None


def _is_object(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


READER = JsonFeedReader()
