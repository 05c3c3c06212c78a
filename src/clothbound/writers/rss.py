"""Writes posts as an RSS 2.0 feed with their full text, for feed readers and for Substack's own
importer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, BinaryIO, ClassVar

from ..artifact import Artifact
from ..context import Context
from ..fields import Field
from ..formats import Produces
from ..html.write.feed import FEED_END, write_feed_item, write_feed_start
from ..matter import index_head
from ..model.collection import Collection
from .feed_content import FeedContent, FeedOptions


class Rss(FeedOptions, frozen=True, kw_only=True):
    """Options for writing RSS feeds."""

    format: ClassVar[str] = "rss"
    feed: Annotated[str, Field(help="The path of the feed itself below the site.")] = "feed.xml"


class _RssWriter:
    """Writes a feed of whole posts for the public: paid posts are left out, and paid parts are
    cut.
    """

    extension = ".xml"
    media_type = "application/rss+xml"
    options_type = Rss
    produces: Produces = "file"
    public = True
    # Links are made absolute here, and links to posts of the feed lead to their pages.
    transforms = ("widgets", "footnotes", "headings")

    def write(self, collection: Collection, options: Rss, context: Context) -> Artifact:
        def file(stream: BinaryIO) -> None:
            for part in _parts(collection, options, context):
                stream.write(part.encode("utf-8", "replace"))

        return Artifact.of_file(report=context.report, make=file)


def _parts(collection: Collection, options: Rss, context: Context) -> Iterator[str]:
    """Yields the feed one item at a time, the newest first."""
    feed = FeedContent(collection, options, context)
    head = index_head(collection, context.language, options.title)
    yield write_feed_start(collection, feed.newest, head, site=feed.site, address=feed.address)
    for item in feed.items():
        yield write_feed_item(
            collection, item.post, url=item.url, content=item.content, cover=item.cover
        )
    yield FEED_END


WRITER = _RssWriter()
