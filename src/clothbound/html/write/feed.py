"""Writes the channel and the items of an RSS 2.0 feed, for the feed writer and for sites.

Sources: RSS 2.0 (rssboard.org, version 2.0.11); the content, Dublin Core, Atom and iTunes namespaces as the
RSS Advisory Board's best practices profile uses them; RFC 822 dates.
"""

from __future__ import annotations

import heapq
import uuid
from array import array
from collections.abc import Iterable, Sequence
from email.utils import format_datetime
from operator import attrgetter

import msgspec

from ...console_text import agree, format_count
from ...context import Context
from ...diagnostics import DiagnosticCode, Severity
from ...escape import attribute, escape
from ...language.detect import book_language
from ...matter import IndexHead
from ...media.sniffing import type_of_address
from ...model.blocks import Media
from ...model.characters import text_alone
from ...model.collection import Collection
from ...model.index import NAMESPACE, Index
from ...model.post import Metadata, Post
from ...model.recordings import Show, episode_of, recording_of
from ...model.walk import walk
from ...title_text import plain_title
from ...web.addresses import web_address
from .podcast import NAMESPACE as PODCAST_NAMESPACE
from .podcast import episode_elements, show_elements
from .web_addresses import canonical_url
from .web_page import describe

FEED_END = "</channel>\n</rss>\n"


def select_listed(posts: Index, context: Context) -> Sequence[int]:
    """Returns the positions of the posts that public lists and feeds name, and reports the number of those left
    out.
    """
    shown = array(
        "q",
        (n for n, m in enumerate(posts) if not m.verdict(context.moment).is_unlisted),
    )
    if len(shown) < len(posts):
        number = len(posts) - len(shown)
        are = agree(number, "is", "are")
        message = f"{number} of {format_count(len(posts), 'post')} {are} unlisted: in no list, index or feed"
        context.warn(DiagnosticCode.SELECTED, message, severity=Severity.INFO)
    return shown


def choose_newest(posts: Iterable[Metadata], most: int) -> list[Metadata]:
    """Returns at most so many posts by date, the newest first and undated ones last."""
    return heapq.nlargest(most, posts, key=attrgetter("sort_moment"))


def write_feed_start(
    collection: Collection,
    posts: list[Metadata],
    head: IndexHead,
    *,
    site: str,
    address: str,
    show: Show | None = None,
) -> str:
    """Returns the channel up to its first item. ``show`` is what it says of a podcast; None if it is of none.

    ``site`` and ``address`` are those of the site and of the feed itself. If they are unknown
    (empty), the link that RSS requires is left out.
    """
    language = book_language(collection)
    moments = [m for metadata in posts for m in (metadata.published, metadata.updated)]
    values = [m.value for m in moments if m is not None and m.value is not None]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
        f"{PODCAST_NAMESPACE if show is not None else ''}>",
        "<channel>",
        _element("title", head.heading),
        *([_element("link", site)] if site else []),
        _element("description", head.description or head.heading),
        _element("language", language),
    ]
    if address:
        own = attribute(address)
        lines.append(f'<atom:link href="{own}" rel="self" type="application/rss+xml"/>')
    if collection.info.rights:
        lines.append(_element("copyright", collection.info.rights))
    if values:
        lines.append(_element("lastBuildDate", format_datetime(max(values))))
    lines.append(_element("generator", "clothbound"))
    if show is not None:
        lines.extend(show_elements(show))
    return "\n".join(lines) + "\n"


def write_feed_item(
    collection: Collection, post: Post, *, url: str, content: str, cover: str = ""
) -> str:
    """Writes one post. ``url`` is its page, ``content`` its text as HTML, and ``cover`` the web address of
    its picture; ``url`` and ``cover`` are empty if there is none.
    """
    metadata = post.metadata
    lines = ["<item>"]
    if metadata.title:
        lines.append(_element("title", plain_title(metadata.title)))
    if url:
        lines.append(_element("link", url))
    permanent = "true" if canonical_url(metadata) else "false"
    lines.append(f'<guid isPermaLink="{permanent}">{escape(identifier_of(metadata))}</guid>')
    if metadata.published and metadata.published.value:
        lines.append(_element("pubDate", format_datetime(metadata.published.value)))
    people = metadata.authors or collection.info.authors
    lines.extend(_element("dc:creator", name) for name in people)
    lines.extend(_element("category", tag) for tag in metadata.tags)
    description = describe(post)
    if description:
        lines.append(_element("description", description))
    recording = recording_file(post)
    if recording is not None:
        lines.append(_enclosure(recording))
        lines.extend(episode_elements(metadata, recording.duration, cover))
    elif cover:
        lines.append(_enclosure(_file(cover, "image/jpeg")))
    lines.append(f"<content:encoded>{_cdata(with_subtitle(post, content))}</content:encoded>")
    lines.append("</item>\n")
    return "\n".join(lines)


def with_subtitle(post: Post, content: str) -> str:
    """Returns the text of an item, below the subtitle of a post whose description stands in the place for either."""
    metadata = post.metadata
    subtitle = " ".join(metadata.subtitle.split())
    if (
        not subtitle
        or not metadata.description
        or subtitle == " ".join(metadata.description.split())
    ):
        return content
    return f'<p class="subtitle">{escape(plain_title(subtitle))}</p>\n{content}'


def identifier_of(metadata: Metadata) -> str:
    """Returns the identifier of a post in feeds: its own address, else a name that stays when its address changes."""
    return canonical_url(metadata) or f"urn:uuid:{uuid.uuid5(NAMESPACE, metadata.key)}"


class RecordingFile(msgspec.Struct, frozen=True):
    """A file that comes with an item. Zero or empty is unknown."""

    url: str
    type: str
    size: int = 0
    """The length in bytes."""
    duration: float = 0.0
    """The duration in seconds."""
    title: str = ""


def recording_file(post: Post) -> RecordingFile | None:
    """Returns the recording of a post: that in its metadata, else the first that the post plays; None if it has none."""
    given, episode = recording_of(post.metadata), episode_of(post.metadata)
    found: list[RecordingFile] = []
    if given:
        found.append(
            msgspec.structs.replace(
                _file(given, episode.type or "audio/mpeg", episode.type),
                size=episode.size,
                duration=episode.duration,
                title=episode.title,
            )
        )
    for node in walk(post.body):
        if isinstance(node, Media):
            usual = "audio/mpeg" if node.kind == "audio" else "video/mp4"
            file = _file(node.src, usual)
            found.append(msgspec.structs.replace(file, duration=node.duration))
    for file in found:
        if url := web_address(file.url):
            return msgspec.structs.replace(file, url=url)
    return None


def _file(url: str, usual: str, known: str = "") -> RecordingFile:
    """Returns a file with the type that is ``known`` or that its name implies, else the ``usual`` one."""
    return RecordingFile(url, known or type_of_address(url) or usual)


def _enclosure(file: RecordingFile) -> str:
    # The length in bytes is required; the profile recommends 0 where it is unknown.
    return f'<enclosure url="{attribute(file.url)}" length="{file.size}" type="{attribute(file.type)}"/>'


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(' '.join(text.split()))}</{name}>"


def _cdata(text: str) -> str:
    """Returns text as CDATA sections, split where the text holds the end mark (XML 1.0, section
    2.7).
    """
    return f"<![CDATA[{text_alone(text).replace(']]>', ']]]]><![CDATA[>')}]]>"
