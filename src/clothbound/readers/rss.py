"""Reads feeds: RSS 2.0, RSS 1.0 and Atom.

Sources: the RSS 2.0 specification; RFC 4287 (Atom); RFC 5005 (paged and archived feeds); RSS 1.0's content and Dublin
Core modules; Media RSS. Entries are read one after another, and the HTML of each is parsed on demand.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode
from ..errors import ReadError
from ..formats import ReaderOptions, reader_extensions
from ..lazy_pattern import lazy_pattern
from ..model.addresses import is_on_web
from ..model.book_info import BookInfo
from ..model.collection import Collection
from ..model.language_tags import language_tag
from ..model.post import Metadata
from ..model.publication import Publication, Reason
from ..model.recordings import FIELD as RECORDING
from ..progress import READING
from ..xml_beginning import from_root
from .entries import EntryText
from .exports.blogger import begins_export
from .exports.wordpress.signs import is_export, is_namespace
from .feed_enclosures import PlacedEnclosures, place_enclosures
from .feed_fields import (
    Fields,
    authors_of,
    fields_of,
    first_of,
    media_groups,
    plain_text_of,
    text_of,
)
from .feed_posts import FeedPosts, fields_of_identifier, report_dates, slug_of_address
from .feed_text import base_of, markup_of_text, subtitle_or_description, words_of
from .feed_xml import FeedEntries, local_name, text_in
from .podcast_fields import (
    cover_of,
    enclosures_of,
    episode_of_fields,
    marked_chapters,
    show_of_fields,
)
from .relative_addresses import join_address
from .source_bytes import source_bytes
from .timestamps import read_feed_date

if TYPE_CHECKING:
    from ..context import Context
    from ..formats import Source

_FEED = lazy_pattern(rb"<(?:rss|feed|(?:\w{1,20}:)?RDF)[\s>]")
# Matches the end of the free part of a paid post on Substack.
_READ_MORE = lazy_pattern(
    r"<a\s[^>]*href=[\"']([^\"']*)[\"'][^>]*>\s*Read more\s*</a>\s*(?:</\w+>\s*)*\Z", re.I
)
_LONG = 2_000
_WHOLE_DESCRIPTIONS = ("tumblr", "discourse", "mastodon", "https://discourse.org", "site-server")
"""The generators whose descriptions hold whole posts, in lower case."""
_CDATA = lazy_pattern(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.S)
_REFERENCE = lazy_pattern(r"&#?\w{1,32};")
_TAG = lazy_pattern(r"</?[a-z][^<>]*>", re.I)
_ESCAPED_TAG = lazy_pattern(
    r"&lt;/?(?:p|a|div|br|img|h[1-6]|ul|ol|li|em|strong|blockquote|figure)\b.{0,300}?&gt;",
    re.S | re.I,
)
_XHTML = "http://www.w3.org/1999/xhtml"


class FeedInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading feeds. There are none."""

    format: ClassVar[str] = "rss"


class RssReader:
    """Reads feeds; see the module."""

    extensions = reader_extensions("rss")
    options_type = FeedInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Whether the file begins like a feed, and not like an export in the form of one."""
        return _begins_feed(head)

    def accepts_later(self, start: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts a feed behind a long comment."""
        return _begins_feed(start)

    def read(self, source: Source, options: FeedInput, context: Context) -> Collection:  # noqa: ARG002
        """Returns the posts in the order of the feed. Raises ReadError if it is not a feed.

        An export in the form of a feed is refused, since it has drafts and comments too.
        """
        data, name = source_bytes(source, context.run.limits.resource_bytes)
        if begins_export(data):
            raise ReadError(
                "is an export of Blogger, not a feed", source=name, hint="read it as blogger"
            )
        return _read(data, name, partial(context.show_progress, READING))


READER = RssReader()


def _begins_feed(head: bytes) -> bool:
    is_feed = _FEED.match(from_root(head) or b"") is not None
    return is_feed and not begins_export(head) and not is_export(head)


def _read(data: bytes, name: str, show_progress: Callable[[int], None]) -> Collection:
    feed = _Feed(name, show_progress)
    feed.read(data)
    info = BookInfo(
        title=feed.title,
        description=feed.description,
        authors=feed.authors,
        language=feed.language,
        rights=feed.rights,
    )
    return feed.posts.collection(info, feed.link, feed.extra)


class _Feed:
    """Collects the posts and the data of a feed."""

    def __init__(self, name: str, show_progress: Callable[[int], None]) -> None:
        """Starts an empty feed; ``name`` is its name in messages. ``show_progress`` hears how many posts are read."""
        self.name = name
        self.show_progress = show_progress
        self.title = self.link = self.description = self.language = self.rights = ""
        self.authors: tuple[str, ...] = ()
        self.extra: dict[str, Any] = {}
        self.posts = FeedPosts(name)
        self._count = 0

    def read(self, data: bytes) -> None:
        entries = FeedEntries(data, self.name)
        for element in entries:
            if not self._count:
                self._refuse_wordpress(entries.root)
            self._count += 1
            self.show_progress(len(self.posts))
            self._read_entry(element)
        self.posts.findings += entries.findings
        root = entries.root
        channel = next((child for child in root if local_name(child) == "channel"), root)
        self._read_channel(channel)

    def _read_channel(self, channel: Any) -> None:
        fields = fields_of(channel)
        self.title = plain_text_of(first_of(fields, "title"))
        self.link = _link(fields)
        self.description = plain_text_of(first_of(fields, "description", "subtitle"))
        self.rights = plain_text_of(first_of(fields, "copyright", "rights", "dc:rights"))
        self.language = language_tag(text_of(fields, "language", "dc:language")) or language_tag(
            channel.get("{http://www.w3.org/XML/1998/namespace}lang", "")
        )
        self.authors = authors_of(fields)
        self.extra = show_of_fields(fields).as_extra()
        # RFC 5005, sections 3 and 4: older entries are in other documents.
        for relation in ("next", "prev-archive"):
            if href := _related(fields, relation):
                self.posts.report_next(href)
                break
        # Entries without authors get those of the feed (RFC 4287, section 4.1.1).
        if self.authors:
            self.posts.change(partial(_add_authors, self.authors))

    def _refuse_wordpress(self, element: Any) -> None:
        """Raises ReadError for an export of WordPress, whose own fields say who may see a post."""
        spaces = filter(None, element.nsmap.values())
        if any(map(is_namespace, spaces)) or any(str(e.tag).startswith("wp:") for e in element):
            raise ReadError(
                "is an export of WordPress, not a feed",
                source=self.name,
                hint="read it as wordpress",
            )

    def _read_entry(self, element: Any) -> None:
        self._refuse_wordpress(element)
        fields = fields_of(element)
        channel = fields_of(element.getparent())
        home = _find_home(channel)
        link = text_of(fields, "feedburner:origLink") or _link(fields)
        link = join_address(base_of(element, home), link) if link else ""
        guid = _identifier(element, fields)
        if not link and _is_permalink(fields) and is_on_web(guid):
            link = guid
        title = plain_text_of(first_of(fields, "title"))
        text, is_excerpt, element_of_text = _read_body(fields)
        placed = place_enclosures(enclosures_of(fields), text, pictures_in_text=not title)
        is_excerpt = is_excerpt and not _is_whole(fields, channel, title, placed, text)
        is_excerpt = is_excerpt or _is_cut(text, link)
        subtitle, description = ("", "") if is_excerpt else _read_summary(fields, text)
        source = link or guid or f"entry-{self._count}"
        published = read_feed_date(
            text_of(fields, "pubDate", "published", "dc:date", "issued", "created")
        )
        updated = read_feed_date(text_of(fields, "updated", "atom:updated", "modified"))
        metadata = Metadata(
            title=title,
            subtitle=subtitle,
            slug="" if "media:group" in fields else slug_of_address(link),
            published=published,
            updated=updated,
            authors=authors_of(fields)
            or authors_of(fields_of(first_of(fields, "source", "atom:source"))),
            tags=_tags(fields),
            kind="podcast" if placed.recording else "",
            canonical_url=link,
            description=description,
            cover=placed.cover or cover_of(fields),
            publication=_publication(fields),
            source=source,
            extra=_extra(fields, guid, link, placed, title, text),
        )
        base = base_of(element if element_of_text is None else element_of_text, link or home)
        text = f"{_player(link, text, fields)}{text}{marked_chapters(fields, text)}{placed.markup}"
        found = report_dates((published, updated), source)
        if kind := _type_of_file(first_of(fields, "content", "atom:content")):
            message = f"the entry is a file of the type {kind[:80]}, which was left out"
            found += (Diagnostic(DiagnosticCode.TEXT_MISSING, message, source),)
        self.posts.add(
            guid, metadata, EntryText(text, base=base, findings=found), is_excerpt=is_excerpt
        )


def _extra(
    fields: Fields, guid: str, link: str, placed: PlacedEnclosures, title: str, text: str
) -> dict[str, Any]:
    extra = fields_of_identifier(guid, link)
    if placed.recording is not None:
        extra[RECORDING] = placed.recording.url
        extra |= episode_of_fields(fields, placed.recording, title, text).as_extra()
    return extra


def _identifier(element: Any, fields: Fields) -> str:
    """Returns the identifier of an entry; in RSS 1.0 it is the attribute ``rdf:about``."""
    about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")
    return text_of(fields, "guid", "id", "atom:id") or about.strip()


def _is_permalink(fields: Fields) -> bool:
    guid = first_of(fields, "guid")
    return guid is None or guid.get("isPermaLink", "true").strip().lower() != "false"


def _is_whole(
    fields: Fields, channel: Fields, title: str, placed: PlacedEnclosures, text: str
) -> bool:
    """Whether a description is the whole entry: without a title, as the notes of an episode, or as programs write it."""
    if placed.recording is not None or "media:group" in fields:
        return bool(text)
    if "description" not in fields or not text:
        return False
    generator = text_of(channel, "generator").lower()
    is_known = generator.startswith(_WHOLE_DESCRIPTIONS)
    return not title or is_known


def _is_cut(text: str, link: str) -> bool:
    """Whether a text ends with a link to the rest of itself."""
    more = _READ_MORE.search(text[-1000:])
    return more is not None and _path(html.unescape(more[1])) == _path(link)


def _player(link: str, text: str, fields: Fields) -> str:
    """Returns a card of the video that an entry of a platform's feed is; empty for other entries."""
    if "media:group" not in fields:
        return ""
    from ..model.blocks import Embed
    from ..web.providers import provider_of
    from .searched_html import embed_markup

    provider = provider_of(link)
    if provider is None or link in text:
        return ""
    group = media_groups(fields)[0]
    title = plain_text_of(first_of(group, "media:title"))
    return embed_markup(Embed(provider.kind, link, provider.name, title=title))


def _add_authors(authors: tuple[str, ...], metadata: Metadata) -> Metadata:
    return metadata if metadata.authors else msgspec.structs.replace(metadata, authors=authors)


def _publication(fields: Fields) -> Publication | None:
    """Reads whether an entry is a draft (RFC 5023, section 13.1.1)."""
    parts = (part for control in fields.get("app:control", ()) for part in control)
    drafts = [text_in(part) for part in parts if local_name(part) == "draft"]
    if not any(draft.lower() == "yes" for draft in drafts):
        return None
    return Publication((Reason("secret", "draft", "app:draft", "yes"),))


def _path(url: str) -> str:
    """Returns the path of a post's address, since another host may serve the same post."""
    try:
        return urlsplit(url).path
    except ValueError:
        return url


def _link(fields: Fields) -> str:
    """Returns the address of an entry or feed, which RSS has as text and Atom as an attribute."""
    for element in (*fields.get("link", ()), *fields.get("atom:link", ())):
        text = (element.text or "").strip()
        if text:
            return text
        if element.get("rel", "alternate") == "alternate" and element.get("href"):
            return str(element.get("href")).strip()
    return ""


def _find_home(fields: Fields) -> str:
    """Returns the address of a feed's site, as far as it was read, else that of the feed itself."""
    return _link(fields) or _related(fields, "self")


def _related(fields: Fields, relation: str) -> str:
    """Returns the address of a feed's link of this relation; empty if there is none."""
    for element in (*fields.get("link", ()), *fields.get("atom:link", ())):
        if element.get("rel") == relation and element.get("href"):
            return str(element.get("href")).strip()
    return ""


def _read_body(fields: Fields) -> tuple[str, bool, Any]:
    """Returns the HTML of an entry, whether it is only an excerpt, and the element that contains
    it, if any.
    """
    whole = first_of(fields, "content:encoded", "content", "atom:content")
    if whole is not None and not _type_of_file(whole) and (text := _markup(whole)):
        return text, False, whole
    part = first_of(fields, "description", "summary", "atom:summary", "itunes:summary")
    if part is None:
        grouped = next((text_of(one, "media:description") for one in media_groups(fields)), "")
        return markup_of_text(grouped), True, None
    text = _markup(part)
    # In older feeds, the description contains the full text.
    is_whole = local_name(part) == "description" and len(text) > _LONG and "<p" in text
    return text, not is_whole, part


def _type_of_file(content: Any) -> str:
    """Returns the type of a content that is no text but a file, in Base64 or elsewhere; empty for a text (RFC 4287,
    section 4.1.3).
    """
    kind = (
        (content.get("type") or "").partition(";")[0].strip().lower() if content is not None else ""
    )
    is_text = (
        "/" not in kind or kind.startswith("text/") or kind.endswith(("/xml", "+xml", "/html"))
    )
    return "" if is_text else kind


def _markup(element: Any) -> str:
    from lxml import etree

    kind = element.get("type", "")
    if kind == "xhtml":
        for child in element.iter():
            if isinstance(child.tag, str) and child.tag.startswith(f"{{{_XHTML}}}"):
                child.tag = child.tag.rpartition("}")[2]
        etree.cleanup_namespaces(element)
        parts = [etree.tostring(c, encoding="unicode", method="html") for c in element]
        return "".join(parts).strip()
    text = text_in(element)
    if kind in ("text", "text/plain"):
        return markup_of_text(text)
    # Some programs escape the section itself, or the markup twice.
    if found := _CDATA.fullmatch(text):
        text = found[1].strip()
    if not _TAG.search(text):
        if _ESCAPED_TAG.search(text):
            return html.unescape(text)
        if "\n" in text and not _REFERENCE.search(text):
            return markup_of_text(text)
    return text


def _read_summary(fields: Fields, markup: str) -> tuple[str, str]:
    """Returns the subtitle and the description of an entry whose full text is ``markup``."""
    if "content:encoded" in fields:
        # In RSS 2.0, a description is HTML.
        words = words_of(text_in(first_of(fields, "description")), is_html=True)
        return subtitle_or_description(words, markup)
    words = plain_text_of(first_of(fields, "summary", "atom:summary"))
    return "", "".join(subtitle_or_description(words, markup))


def _tags(fields: Fields) -> tuple[str, ...]:
    found = (*fields.get("category", ()), *fields.get("dc:subject", ()))
    names = (e.get("term") or plain_text_of(e) for e in found)
    return tuple(dict.fromkeys(name for name in names if name))
