"""Reads feeds: RSS 2.0, RSS 1.0 and Atom.

Sources: the RSS 2.0 specification; RFC 4287 (Atom); RSS 1.0's content and Dublin Core modules.
Entries are read one after another, and the HTML of each is parsed on demand.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote, urlsplit

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import ReadError
from ..formats import ReaderOptions, reader_extensions
from ..lazy_pattern import lazy_pattern
from ..model.book_info import BookInfo
from ..model.collection import Collection
from ..model.language_tags import language_tag
from ..model.post import Metadata, Post, Timestamp
from ..model.publication import Publication, Reason
from ..progress import READING
from ..web.addresses import hostname_of
from .entries import Entries, EntryText
from .exports.blogger import begins_export
from .exports.wordpress.signs import is_export, is_namespace
from .feed_text import base_of, subtitle_or_description, words_of
from .feed_xml import FeedEntries, local_name, text_in
from .html_post import post_of
from .relative_addresses import join_address, resolve_addresses
from .source_bytes import source_bytes
from .timestamps import read_timestamp

if TYPE_CHECKING:
    from ..context import Context
    from ..formats import Source

_FEED = lazy_pattern(
    rb"\s*(?:<\?xml.{0,500}?\?>\s*|<!--.{0,2000}?-->\s*|<\?.{0,500}?\?>\s*|<!DOCTYPE[^>]{0,300}>\s*)*"
    rb"<(?:rss|feed|rdf:RDF)[\s>]",
    re.S,
)
# Matches the end of the free part of a paid post on Substack.
_READ_MORE = lazy_pattern(
    r"<a\s[^>]*href=[\"']([^\"']*)[\"'][^>]*>\s*Read more\s*</a>\s*(?:</\w+>\s*)*\Z", re.I
)
_LONG = 2_000
_XHTML = "http://www.w3.org/1999/xhtml"
# Our prefixes of the namespaces that are read; a feed may use others.
_SPACES_OF_NAMES = {
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.w3.org/2005/Atom": "atom:",
    "http://www.w3.org/2007/app": "app:",
    "http://purl.org/atom/app#": "app:",
}


class FeedInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading feeds. There are none."""

    format: ClassVar[str] = "rss"


class RssReader:
    """Reads feeds; see the module."""

    extensions = reader_extensions("rss")
    options_type = FeedInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Whether the file begins like a feed, and not like an export in the form of one."""
        is_feed = _FEED.match(head.removeprefix(b"\xef\xbb\xbf")) is not None
        return is_feed and not begins_export(head) and not is_export(head)

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


def _make_post(text: EntryText, metadata: Metadata) -> Post:
    return resolve_addresses(post_of(text.content, metadata, findings=text.findings), text.base)


def _read(data: bytes, name: str, show_progress: Callable[[int], None]) -> Collection:
    feed = _Feed(name, show_progress)
    feed.read(data)
    own = {host for host in (hostname_of(feed.link),) if host and host in feed.hosts}
    if len(feed.entries):
        full = len(feed.entries) - feed.excerpts
        message = f"the feed contains full posts: {full}, excerpts: {feed.excerpts}"
        severity = Severity.WARNING if feed.excerpts else Severity.INFO
        feed.findings.append(Diagnostic(DiagnosticCode.FEED_EXCERPT, message, name, 0, severity))
    info = BookInfo(
        title=feed.title or name.partition(".")[0],
        description=feed.description,
        authors=feed.authors,
        language=feed.language,
        rights=feed.rights,
    )
    return feed.entries.collection(_make_post, info, own_hosts=own, diagnostics=feed.findings)


class _Feed:
    """Collects the posts and the data of a feed."""

    def __init__(self, name: str, show_progress: Callable[[int], None]) -> None:
        """Starts an empty feed; ``name`` is its name in messages. ``show_progress`` hears how many posts are read."""
        self.name = name
        self.show_progress = show_progress
        self.title = self.link = self.description = self.language = self.rights = ""
        self.authors: tuple[str, ...] = ()
        self.entries = Entries()
        self.excerpts = 0
        """The number of entries that hold only a part of their post."""
        self.hosts: set[str] = set()
        self.guids: set[str] = set()
        self.findings: list[Diagnostic] = []

    def read(self, data: bytes) -> None:
        entries = FeedEntries(data, self.name)
        for element in entries:
            if not len(self.entries):
                self._refuse_wordpress(entries.root)
            self.show_progress(len(self.entries))
            self._read_entry(element)
        self.findings += entries.findings
        root = entries.root
        channel = next((child for child in root if local_name(child) == "channel"), root)
        self._read_channel(channel)

    def _read_channel(self, channel: Any) -> None:
        fields = _fields(channel)
        self.title = _strip_markup(_first(fields, "title"))
        self.link = _link(fields)
        self.description = _strip_markup(_first(fields, "description", "subtitle"))
        self.rights = _strip_markup(_first(fields, "copyright", "rights", "dc:rights"))
        self.language = language_tag(
            text_in(_first(fields, "language", "dc:language"))
        ) or language_tag(channel.get("{http://www.w3.org/XML/1998/namespace}lang", ""))
        self.authors = _authors(fields)
        # Entries without authors get those of the feed (RFC 4287, section 4.1.1).
        if self.authors:
            self.entries.change(partial(_add_authors, self.authors))

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
        fields = _fields(element)
        home = _find_home(element.getparent())
        link = _link(fields)
        link = join_address(base_of(element, home), link) if link else ""
        guid = text_in(_first(fields, "guid", "id"))
        if not link and guid.startswith(("http://", "https://")):
            link = guid
        text, is_excerpt, element_of_text = _read_body(fields)
        more = _READ_MORE.search(text[-1000:])
        if more and _path(html.unescape(more[1])) == _path(link):
            is_excerpt = True
        if guid and guid in self.guids:
            message = f"the entry {guid[:200]!r} occurs twice; both were read"
            self.findings.append(Diagnostic(DiagnosticCode.ARCHIVE_ROW, message, self.name))
        self.guids.add(guid)
        extra: dict[str, Any] = {"guid": guid} if guid and guid != link else {}
        kind = ""
        published = _date(text_in(_first(fields, "pubDate", "published", "dc:date", "issued")))
        recording, cover = _enclosures(fields)
        if recording is not None:
            kind = "podcast"
            extra["podcast_url"] = recording
        subtitle, description = ("", "") if is_excerpt else _read_summary(fields, text)
        metadata = Metadata(
            title=_strip_markup(_first(fields, "title")),
            subtitle=subtitle,
            slug=_slug(link),
            published=published,
            updated=_date(text_in(_first(fields, "updated", "atom:updated", "modified"))),
            authors=_authors(fields) or _authors(_fields(_first(fields, "source", "atom:source"))),
            tags=_tags(fields),
            kind=kind,
            canonical_url=link,
            description=description,
            cover=cover,
            publication=_publication(fields),
            source=link or guid or f"entry-{len(self.entries) + 1}",
            extra=extra,
        )
        self.hosts.add(hostname_of(link))
        found: tuple[Diagnostic, ...] = ()
        if is_excerpt:
            self.excerpts += 1
            message = "the feed holds only an excerpt of the post"
            found = (Diagnostic(DiagnosticCode.FEED_EXCERPT, message, metadata.source),)
        base = base_of(element if element_of_text is None else element_of_text, link or home)
        self.entries.add(metadata, EntryText(text, base=base, findings=found))


def _enclosures(fields: dict[str, list[Any]]) -> tuple[str | None, str]:
    """Returns the addresses of an entry's recording (None if there is none) and of its picture."""
    recording, cover = None, ""
    for enclosure in fields.get("enclosure", ()):
        media, url = enclosure.get("type", ""), enclosure.get("url", "")
        if media.startswith("audio/"):
            recording = url
        elif media.startswith("image/"):
            cover = url
    image = _first(fields, "itunes:image")
    if not cover and image is not None:
        cover = image.get("href", "")
    return recording, cover


def _add_authors(authors: tuple[str, ...], metadata: Metadata) -> Metadata:
    return metadata if metadata.authors else msgspec.structs.replace(metadata, authors=authors)


def _publication(fields: dict[str, list[Any]]) -> Publication | None:
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


def _fields(element: Any) -> dict[str, list[Any]]:
    """Returns the child elements by name, with our prefix for other vocabularies; none for None."""
    if element is None:
        return {}
    own = element.tag.rpartition("}")[0][1:] if element.tag.startswith("{") else ""
    fields: dict[str, list[Any]] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        space, _, name = child.tag.rpartition("}")
        known = _SPACES_OF_NAMES.get(space[1:]) or "other:"
        prefix = "" if space[1:] in ("", own) else known
        fields.setdefault(prefix + name, []).append(child)
    return fields


def _first(fields: dict[str, list[Any]], *names: str) -> Any:
    return next((fields[name][0] for name in names if name in fields), None)


def _strip_markup(element: Any) -> str:
    """Removes markup. Titles are plain text in RSS, but many feeds use markup in them."""
    is_html = element is not None and element.get("type") == "html"
    return words_of(text_in(element), is_html=is_html)


def _link(fields: dict[str, list[Any]]) -> str:
    """Returns the address of an entry or feed, which RSS has as text and Atom as an attribute."""
    for element in (*fields.get("link", ()), *fields.get("atom:link", ())):
        text = (element.text or "").strip()
        if text:
            return text
        if element.get("rel", "alternate") == "alternate" and element.get("href"):
            return str(element.get("href")).strip()
    return ""


def _find_home(feed: Any) -> str:
    """Returns the address of a feed's site, as far as it was read, else that of the feed itself."""
    fields = _fields(feed)
    found = _link(fields)
    for element in (*fields.get("link", ()), *fields.get("atom:link", ())):
        if not found and element.get("rel") == "self":
            found = element.get("href", "").strip()
    return found


def _read_body(fields: dict[str, list[Any]]) -> tuple[str, bool, Any]:
    """Returns the HTML of an entry, whether it is only an excerpt, and the element that contains
    it, if any.
    """
    whole = _first(fields, "content:encoded", "content", "atom:content")
    if whole is not None and (text := _markup(whole)):
        return text, False, whole
    part = _first(fields, "description", "summary", "atom:summary")
    if part is None:
        return "", True, None
    text = _markup(part)
    # In older feeds, the description contains the full text.
    is_whole = local_name(part) == "description" and len(text) > _LONG and "<p" in text
    return text, not is_whole, part


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
    return f"<p>{html.escape(text)}</p>" if kind in ("text", "text/plain") and text else text


def _read_summary(fields: dict[str, list[Any]], markup: str) -> tuple[str, str]:
    """Returns the subtitle and the description of an entry whose full text is ``markup``."""
    if "content:encoded" in fields:
        # In RSS 2.0, a description is HTML.
        words = words_of(text_in(_first(fields, "description")), is_html=True)
        return subtitle_or_description(words, markup)
    words = _strip_markup(_first(fields, "summary", "atom:summary"))
    return "", "".join(subtitle_or_description(words, markup))


def _authors(fields: dict[str, list[Any]]) -> tuple[str, ...]:
    names: list[str] = []
    for key in ("dc:creator", "author", "atom:author", "itunes:author", "managingEditor"):
        for element in fields.get(key, ()):
            inner = next((child for child in element if local_name(child) == "name"), element)
            name = _strip_markup(inner)
            # RSS requires an e-mail address here, followed by the name in brackets.
            if found := re.fullmatch(r"\S+@\S+\s*\((.+)\)", name):
                name = found[1]
            if name and "@" not in name:
                names.append(name)
        if names:
            break
    return tuple(dict.fromkeys(names))


def _tags(fields: dict[str, list[Any]]) -> tuple[str, ...]:
    found = (*fields.get("category", ()), *fields.get("dc:subject", ()))
    names = (e.get("term") or _strip_markup(e) for e in found)
    return tuple(dict.fromkeys(name for name in names if name))


def _date(text: str) -> Timestamp | None:
    if not text:
        return None
    stamp = read_timestamp(text)
    if stamp.value is not None:
        return stamp
    try:
        value = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return stamp
    if value.tzinfo is None:
        from datetime import UTC

        value = value.replace(tzinfo=UTC)
    return Timestamp(text, value)


def _slug(url: str) -> str:
    try:
        return unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2].partition(".")[0]
    except ValueError:
        return ""
