"""Writes posts as a JSON Feed (jsonfeed.org/version/1.1) with their full text, for feed readers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, ClassVar

from ..artifact import Artifact
from ..context import Context
from ..fields import Field
from ..formats import Produces
from ..html.write.json_feed import FEED_END, MEDIA_TYPE, write_feed_item, write_feed_start
from ..matter import index_head
from ..model.collection import Collection
from .feed_content import FeedContent, FeedOptions, feed_artifact


class JsonFeed(FeedOptions, frozen=True, kw_only=True):
    """Options for writing JSON Feeds."""

    format: ClassVar[str] = "jsonfeed"
    feed: Annotated[str, Field(help="The path of the feed itself below the site.")] = "feed.json"


class _JsonFeedWriter:
    """Writes a feed of whole posts for the public, as that in RSS is."""

    extension = ".json"
    media_type = MEDIA_TYPE
    options_type = JsonFeed
    produces: Produces = "file"
    public = True
    transforms = ("widgets", "footnotes", "headings", "equations")

    def write(self, collection: Collection, options: JsonFeed, context: Context) -> Artifact:
        return feed_artifact(context, partial(_parts, collection, options, context))


def _parts(collection: Collection, options: JsonFeed, context: Context) -> Iterator[str]:
    """Yields the feed one item at a time, the newest first."""
    feed = FeedContent(collection, options, context)
    head = index_head(collection, context.language, options.title)
    yield write_feed_start(collection, head, site=feed.site, address=feed.address)
    separator = ""
    for item in feed.items():
        written = write_feed_item(
            collection, item.post, url=item.url, content=item.content, cover=item.cover
        )
        yield f"{separator}{written}"
        separator = ",\n"
    yield FEED_END


WRITER = _JsonFeedWriter()
