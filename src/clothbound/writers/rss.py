"""Writes posts as an RSS 2.0 feed with their full text, for feed readers and for Substack's own
importer.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, ClassVar, Literal

from ..artifact import Artifact
from ..context import Context
from ..diagnostics import DiagnosticCode, Severity
from ..fields import Field
from ..formats import Produces
from ..html.write.feed import FEED_END, write_feed_item, write_feed_start
from ..html.write.podcast import ShowSettings, is_podcast, missing_fields, show_of_feed
from ..matter import index_head
from ..model.collection import Collection
from ..model.post import Metadata
from ..model.recordings import Show
from .feed_content import FeedContent, FeedOptions, feed_artifact


class Rss(FeedOptions, frozen=True, kw_only=True):
    """Options for writing RSS feeds."""

    format: ClassVar[str] = "rss"
    feed: Annotated[str, Field(help="The path of the feed itself below the site.")] = "feed.xml"
    podcast_image: Annotated[
        str, Field(help="Of a podcast: the web address of its picture; empty: what its feed named.")
    ] = ""
    podcast_category: Annotated[
        str,
        Field(
            help="Of a podcast: one of Apple's categories, with a subcategory after >:"
            " ``Society & Culture > Documentary``."
        ),
    ] = ""
    explicit: Annotated[
        Literal["", "true", "false"],
        Field(help="Of a podcast: whether it is not for children; empty: what its feed said."),
    ] = ""


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
    transforms = ("widgets", "footnotes", "headings", "equations")

    def write(self, collection: Collection, options: Rss, context: Context) -> Artifact:
        return feed_artifact(context, partial(_parts, collection, options, context))


def _parts(collection: Collection, options: Rss, context: Context) -> Iterator[str]:
    """Yields the feed one item at a time, the newest first."""
    feed = FeedContent(collection, options, context)
    head = index_head(collection, context.language, options.title)
    show = _show(collection, feed.newest, options, context)
    yield write_feed_start(
        collection, feed.newest, head, site=feed.site, address=feed.address, show=show
    )
    for item in feed.items():
        yield write_feed_item(
            collection, item.post, url=item.url, content=item.content, cover=item.cover
        )
    yield FEED_END


def _show(
    collection: Collection, posts: list[Metadata], options: Rss, context: Context
) -> Show | None:
    """Returns what the feed says of a podcast; None if it is of none. Reports what directories require besides."""
    if not is_podcast(collection, posts):
        return None
    settings = ShowSettings(
        image=options.podcast_image,
        category=options.podcast_category,
        explicit=options.explicit,
    )
    show = show_of_feed(collection, settings)
    if missing := missing_fields(show):
        context.warn(
            DiagnosticCode.INFERRED,
            "directories of podcasts want what nothing says. "
            f"Hint: give {', '.join(f'-O {name}=' for name in missing)}",
            severity=Severity.INFO,
        )
    return show


WRITER = _RssWriter()
