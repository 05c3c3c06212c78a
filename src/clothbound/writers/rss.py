"""Writes posts as an RSS 2.0 feed with their full text, for feed readers and for Substack's own
importer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, BinaryIO, ClassVar

from ..artifact import Artifact
from ..context import Context
from ..diagnostics import DiagnosticCode
from ..fields import Field
from ..formats import Produces, WriterOptions
from ..html.write.feed import (
    FEED_END,
    select_listed,
    sort_newest_first,
    write_feed_item,
    write_feed_start,
)
from ..html.write.target import Picture
from ..html.write.web_addresses import Web
from ..html.write.web_page import PageTarget, article, html_id
from ..language.detect import post_language
from ..matter import index_head
from ..model.collection import Collection
from ..model.inlines import Image
from ..model.plain_text import prose_sample
from ..model.post import Post
from ..post_pictures import leave_address
from ..substack.pictures import restore_addresses


class Rss(WriterOptions, frozen=True, kw_only=True):
    """Options for writing RSS feeds."""

    format: ClassVar[str] = "rss"
    site: Annotated[
        str,
        Field(
            help="The address of the site, such as https://letters.example; if empty, the "
            "publication's own host as its links show it. A post's own canonical "
            "address takes precedence."
        ),
    ] = ""
    path: Annotated[
        str,
        Field(
            help="The path of a post below the site, as on Substack; ``{slug}.html`` is that of "
            "our ``site``."
        ),
    ] = "p/{slug}"
    feed: Annotated[str, Field(help="The path of the feed itself below the site.")] = "feed.xml"
    image_base_url: Annotated[
        str,
        Field(
            help="The web address of the posts' own pictures; if empty, they are below each post's address."
        ),
    ] = ""
    title: Annotated[str, Field(help="The feed's title; empty: the collection's.")] = ""
    limit: Annotated[int, Field(help="The number of posts, the newest first; 0 means all.")] = 0


_EXPECTED = (
    "a feed holds no files, and nothing puts it below the post's address, where readers will look"
    " for it. Hint: give its address with -O image_base_url=URL"
)
_NOWHERE = (
    "a feed holds no files, and it has no address on the web. Hint: give its address with"
    " -O image_base_url=URL"
)


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
            for part in _Feed(collection, options, context).parts():
                stream.write(part.encode("utf-8", "replace"))

        return Artifact.of_file(report=context.report, make=file)


class _Feed:
    """The data that all items share."""

    def __init__(self, collection: Collection, options: Rss, context: Context) -> None:
        self._collection = collection
        self._options = options
        self._context = context
        self._web = Web(
            collection.index,
            site=options.site,
            path=options.path,
            image_base_url=options.image_base_url,
            beside_posts=True,
        )

    def parts(self) -> Iterator[str]:
        """Yields the feed one item at a time, the newest first."""
        collection = self._collection
        web, options = self._web, self._options
        newest = sort_newest_first(select_listed(collection.index, self._context))[
            : options.limit or None
        ]
        if not web.site:
            self._context.warn(
                DiagnosticCode.INFERRED,
                "the feed does not know its site: it has no link, which RSS wants, and posts have "
                "no address but their own. "
                "Hint: give the address of the site with -O site=https://...",
            )
        yield write_feed_start(
            collection,
            newest,
            index_head(collection, self._context.language, options.title),
            site=web.site,
            address=f"{web.site}/{options.feed.lstrip('/')}" if web.site else "",
        )
        place = {metadata.key: n for n, metadata in enumerate(collection.index)}
        for metadata in newest:
            post = restore_addresses(collection.posts[place[metadata.key]])
            content = self._content(post)
            cover = post.metadata.cover
            address = (self._picture(post, Image(cover)) if cover else None) or ""
            if not address.startswith("http"):
                address = ""  # an item cannot name a picture within the post as a file
            yield write_feed_item(
                collection, post, url=web.of(metadata), content=content, cover=address
            )
        yield FEED_END

    def _content(self, post: Post) -> str:
        metadata = post.metadata
        context = self._context

        def show(image: Image) -> Picture | None:
            address = self._picture(post, image)
            return Picture(address) if address else None

        target = PageTarget(
            post,
            context,
            show=show,
            page_of=lambda _: None,
            # A feed reader may show many posts on one page, and each has a first note.
            id_of=lambda name: f"{metadata.key}--{html_id(name)}",
            locate=lambda href: self._web.link(post, href),
        )
        language = post_language(metadata, prose_sample(post), self._context.language)
        return article(post, target, context, language, title=False)

    def _picture(self, post: Post, image: Image) -> str | None:
        """Returns the web address of a picture in ``post``; None if it has none. The picture's fate
        is reported.
        """
        address = self._web.picture(post, image.src)
        missing = "" if self._options.image_base_url else _EXPECTED
        leave_address(post, image, self._context, missing if address else _NOWHERE)
        return address


WRITER = _RssWriter()
