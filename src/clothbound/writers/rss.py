"""Posts as an RSS 2.0 feed with their full text: for feed readers, and the road that Substack's own
importer takes.

Sources: RSS 2.0 (rssboard.org, version 2.0.11); the content, Dublin Core and Atom namespaces as the
RSS Advisory Board's best practices profile uses them; RFC 822 dates.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import BinaryIO

from ..artifact import Artifact
from ..context import Context
from ..diagnostics import Code, Severity
from ..formats import Produces
from ..html.address import absolute_url
from ..html.escape import NOT_XML, attribute, escape
from ..html.page import article, first_words, html_id, post_language, post_target
from ..html.render import Renderer
from ..html.target import Picture
from ..html.web import Web, canonical_url
from ..model.blocks import Media
from ..model.index import NAMESPACE
from ..model.inlines import Image
from ..model.post import Collection, Metadata, Post, Timestamp
from ..model.walk import walk
from ..resources import is_remote
from ..substack.pictures import with_addresses

_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RssOptions:
    """Options of ``rss``."""

    site: str = ""
    """The address that the posts lie under, https://letters.example say; empty: the publication's
    own host, where its links tell it. A post's own canonical address goes before it."""
    path: str = "p/{slug}"
    """Where a post lies below the site, Substack's way; ``{slug}.html`` is that of our ``site``."""
    feed: str = "feed.xml"
    """Where the feed itself will lie below the site."""
    image_base_url: str = ""
    """Where the posts' own pictures lie on the web; empty: below each post's address."""
    title: str = ""
    """The feed's title; empty: the collection's."""
    limit: int = 0
    """The number of posts, the newest first; 0: all."""


class _RssWriter:
    """A feed of whole posts. For the public: paid posts are left out, paid parts cut."""

    extension = ".xml"
    media_type = "application/rss+xml"
    options_type = RssOptions
    produces: Produces = "file"
    public = True
    # Links are made absolute here: what leads to a post of the feed leads to its page.
    transforms = ("paywall", "widgets", "footnotes", "headings")

    def write(self, collection: Collection, options: RssOptions, context: Context) -> Artifact:
        def file(stream: BinaryIO) -> None:
            for part in _Feed(collection, options, context).parts():
                stream.write(part.encode("utf-8", "replace"))

        return Artifact(report=context.report, file=file)


class _Feed:
    """What the items have in common."""

    def __init__(self, collection: Collection, options: RssOptions, context: Context) -> None:
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
        self._near = 0

    def parts(self) -> Iterator[str]:
        """The feed, an item at a time, newest first."""
        collection = self._collection
        metadata = list(collection.index)
        order = sorted(range(len(metadata)), key=lambda n: _moment(metadata[n]), reverse=True)
        order = order[: self._options.limit or None]
        if not self._web.site and not all(self._web.of(metadata[n]) for n in order):
            self._context.warn(
                Code.INFERRED,
                "the feed does not know its address, so posts have none but their own. "
                "Hint: say where they lie with -O site=https://...",
            )
        yield self._channel([metadata[n] for n in order])
        for position in order:
            yield self._item(with_addresses(collection.posts[position]))
        yield "</channel>\n</rss>\n"
        if self._near:
            self._context.warn(
                Code.IMAGE_MISSING,
                f"{self._near} pictures are expected below their posts' addresses. "
                "Hint: say where they lie with -O image_base_url=URL",
                severity=Severity.INFO,
            )

    def _channel(self, posts: list[Metadata]) -> str:
        collection = self._collection
        title = self._options.title or collection.title or "Posts"
        description = collection.description or collection.subtitle or title
        language = post_language(Metadata(), collection.language or collection.index.language)
        moments = [m for metadata in posts for m in (metadata.published, metadata.updated)]
        values = [m.value for m in moments if m is not None and m.value is not None]
        lines = [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
            ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
            ' xmlns:dc="http://purl.org/dc/elements/1.1/">',
            "<channel>",
            _element("title", title),
            f"<link>{escape(self._web.site)}</link>",
            _element("description", description),
            _element("language", language),
        ]
        if self._web.site:
            own = attribute(f"{self._web.site}/{self._options.feed.lstrip('/')}")
            lines.append(f'<atom:link href="{own}" rel="self" type="application/rss+xml"/>')
        if collection.rights:
            lines.append(_element("copyright", collection.rights))
        if values:
            lines.append(_element("lastBuildDate", format_datetime(max(values))))
        lines.append(_element("generator", "clothbound"))
        return "\n".join(lines) + "\n"

    def _item(self, post: Post) -> str:
        metadata = post.metadata
        url = self._web.of(metadata)
        lines = ["<item>"]
        if metadata.title:
            lines.append(_element("title", metadata.title))
        if url:
            lines.append(_element("link", url))
        canonical = canonical_url(metadata)
        guid = canonical or f"urn:uuid:{uuid.uuid5(NAMESPACE, metadata.key)}"
        permanent = "true" if canonical else "false"
        lines.append(f'<guid isPermaLink="{permanent}">{escape(guid)}</guid>')
        if metadata.published and metadata.published.value:
            lines.append(_element("pubDate", format_datetime(metadata.published.value)))
        people = metadata.authors or self._collection.authors
        lines.extend(_element("dc:creator", name) for name in people)
        lines.extend(_element("category", tag) for tag in metadata.tags)
        description = metadata.description or metadata.subtitle or first_words(post)
        if description:
            lines.append(_element("description", description))
        enclosure = self._enclosure(post)
        if enclosure:
            lines.append(enclosure)
        lines.append(f"<content:encoded>{_cdata(self._content(post))}</content:encoded>")
        lines.append("</item>\n")
        return "\n".join(lines)

    def _enclosure(self, post: Post) -> str:
        """The recording of a podcast: as its row says, else the first that the post plays."""
        given = post.metadata.extra.get("podcast_url")
        sources = [(given, "audio/mpeg")] if isinstance(given, str) else []
        for node in walk(post.body):
            if isinstance(node, Media):
                usual = "audio/mpeg" if node.kind == "audio" else "video/mp4"
                sources.append((node.src, usual))
        for source, usual in sources:
            url = absolute_url(source)
            if url and url.startswith(("http:", "https:")):
                extension = url.partition("?")[0].rpartition(".")[2].lower()
                media_type = _TYPES.get(extension, usual)
                # The length in bytes is required, and not known: 0, as the profile says.
                return f'<enclosure url="{attribute(url)}" length="0" type="{media_type}"/>'
        return ""

    def _content(self, post: Post) -> str:
        metadata = post.metadata
        context = self._context

        def picture(_: Post, image: Image) -> Picture | None:
            address = self._web.picture(post, image.src)
            if address is None:
                message = f"picture {image.src[:120]!r} has no address on the web"
                context.warn(Code.IMAGE_MISSING, message, post, image.line)
                return None
            if not is_remote(image.src) and not self._options.image_base_url:
                self._near += 1
            return Picture(address)

        target = post_target(
            post,
            context,
            picture=picture,
            page_of=lambda _: None,
            # A reader may show many posts on one page, and each has a first note.
            anchor=lambda name: f"{metadata.key}--{html_id(name)}",
            locate=lambda href: self._web.link(post, href),
        )
        language = post_language(metadata, self._collection.language, first_words(post))
        return article(Renderer(post, target, context), language, title=False)


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(' '.join(text.split()))}</{name}>"


def _cdata(text: str) -> str:
    """Text as a CDATA section, which what would end it splits in two (XML 1.0, section 2.7)."""
    return f"<![CDATA[{NOT_XML.sub('', text).replace(']]>', ']]]]><![CDATA[>')}]]>"


def _moment(metadata: Metadata) -> datetime:
    date: Timestamp | None = metadata.published
    return (date.value if date else None) or datetime.min.replace(tzinfo=UTC)


WRITER = _RssWriter()
