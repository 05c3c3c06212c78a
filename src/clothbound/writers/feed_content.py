"""Prepares posts for a feed: which are in it, their addresses, and their texts with addresses that lead somewhere from
anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, BinaryIO

import msgspec

from ..artifact import Artifact
from ..context import Context
from ..diagnostics import DiagnosticCode
from ..fields import Field
from ..formats import WriterOptions
from ..html.write.feed import choose_newest, select_listed
from ..html.write.target import Picture
from ..html.write.web_addresses import Web
from ..html.write.web_page import PageTarget, article, html_id
from ..language.detect import post_language
from ..model.collection import Collection
from ..model.inlines import Image
from ..model.plain_text import prose_sample
from ..model.post import Post
from ..post_pictures import leave_address
from ..substack.pictures import restore_addresses


class FeedOptions(WriterOptions, frozen=True, kw_only=True):
    """The options that feeds of every form have."""

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
    image_base_url: Annotated[
        str,
        Field(
            help="The web address of the posts' own pictures; if empty, they are below each post's address."
        ),
    ] = ""
    title: Annotated[str, Field(help="The feed's title; empty: the collection's.")] = ""
    limit: Annotated[int, Field(help="The number of posts, the newest first; 0 means all.")] = 0
    feed: Annotated[str, Field(help="The path of the feed itself below the site.")] = ""


_EXPECTED = (
    "a feed holds no files, and nothing puts it below the post's address, where readers will look"
    " for it. Hint: give its address with -O image_base_url=URL"
)
_NOWHERE = (
    "a feed holds no files, and it has no address on the web. Hint: give its address with"
    " -O image_base_url=URL"
)


def feed_artifact(context: Context, parts: Callable[[], Iterator[str]]) -> Artifact:
    """Returns a feed whose ``parts`` are made one after another while it is saved."""

    def file(stream: BinaryIO) -> None:
        for part in parts():
            stream.write(part.encode("utf-8", "replace"))

    return Artifact.of_file(report=context.report, make=file)


class FeedItem(msgspec.Struct, frozen=True):
    """A post of a feed."""

    post: Post
    url: str
    """The address of its page; empty if it has none."""
    content: str
    """Its text as HTML."""
    cover: str
    """The web address of its picture; empty if it has none."""


class FeedContent:
    """The posts of a feed, the newest first, and the addresses of the feed and its site."""

    def __init__(self, collection: Collection, options: FeedOptions, context: Context) -> None:
        """Warns if the feed does not know its site."""
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
        self.site = self._web.site
        self.address = f"{self.site}/{options.feed.lstrip('/')}" if self.site else ""
        listed = select_listed(collection.index, context)
        entries = collection.index.entries
        self.newest = choose_newest(
            (entries[position].metadata for position in listed), options.limit or len(listed)
        )
        if not self.site:
            context.warn(
                DiagnosticCode.INFERRED,
                "the feed does not know its site: it has no link, which feeds should have, and posts have "
                "no address but their own. "
                "Hint: give the address of the site with -O site=https://...",
            )

    def items(self) -> Iterator[FeedItem]:
        """Yields one post at a time."""
        collection = self._collection
        place = {metadata.key: n for n, metadata in enumerate(collection.index)}
        for metadata in self.newest:
            post = restore_addresses(collection.posts[place[metadata.key]])
            content = self._content(post)
            cover = post.metadata.cover
            address = (self._picture(post, Image(cover)) if cover else None) or ""
            if not address.startswith("http"):
                address = ""  # an item cannot name a picture within the post as a file
            yield FeedItem(post, self._web.of(metadata), content, address)

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
