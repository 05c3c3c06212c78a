"""Reads the content of a feed's entries from its bytes: RSS, Atom and JSON Feed.

Written from the RSS 2.0 specification, RFC 4287, Media RSS, Apple's guide for podcasts and jsonfeed.org/version/1.1.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any, NamedTuple
from urllib.parse import urljoin

from lxml import etree

from ..errors import ReadError
from ..lazy_pattern import lazy_pattern
from .content import (
    Item,
    Kind,
    address_of,
    in_charset,
    in_old_charset,
    part_name,
    words_of,
    words_of_title,
)
from .markdown import strip_markdown
from .markup import strip_html

_DECLARATION = lazy_pattern(
    r"(?<!\s)\s*+<\?xml[^<>]*?(?:encoding\s*=\s*[\"']([\w.:-]+)[\"'][^<>]*)?\?>"
)
_NAMED = lazy_pattern(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]*;)")
_SECTION = lazy_pattern(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.S)
_TAG = lazy_pattern(r"</?[a-zA-Z][^<>]*>")
_ESCAPED = lazy_pattern(r"&lt;/?(?:p|a|div|br|img|h[1-6]|ul|ol|li|em|strong|blockquote|figure)\b")
_UNSEEN = lazy_pattern(
    r"<div[^<>]*feedflare.*?</div>|<img\b(?=[^<>]*\bwidth=[\"']?[01][\"'\s/>])(?=[^<>]*\bheight=[\"']?[01][\"'\s/>])[^<>]*>",
    re.S,
)
"""Matches FeedBurner's buttons and pictures of one pixel."""
_BODIES = ("encoded", "content", "description", "summary")
_MEDIA = (
    "http://search.yahoo.com/mrss/",
    "http://search.yahoo.com/mrss",
    "http://www.rssboard.org/media-rss",
)
_APPLE = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_CHAPTERS = ("http://podlove.org/simple-chapters", "http://psi-squared.de/podlove-simple-chapters")


class FeedItems(NamedTuple):
    """The name of an entry in reports, and its content."""

    name: str
    items: tuple[Item, ...]


def is_json_feed(data: bytes) -> bool:
    """Returns whether a file is a JSON Feed."""
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"{"):
        return False
    try:
        feed = json.loads(_decoded(data))
    except (ValueError, RecursionError):
        return False
    return "jsonfeed.org/version/" in str(feed.get("version")) or {"items", "feed_url"} <= set(feed)


def read_json_feed(
    data: bytes, name: str, *, is_product: bool = False, is_archive: bool = False
) -> Iterator[FeedItems]:
    """Yields the items of a JSON Feed. Raises ReadError if it is none. In a Blog Archive, plain texts are Markdown."""
    try:
        items = json.loads(_decoded(data))["items"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReadError("is not a JSON Feed", source=name) from error
    seen: set[tuple[str, str]] = set()
    for number, item in enumerate(items if isinstance(items, list) else (), 1):
        if not isinstance(item, dict):
            continue
        link, identifier = _string(item.get("url")), _string(item.get("id"))
        if not link and identifier.startswith("http"):
            link = identifier
        text = _string(item.get("content_html"))
        plain = _string(item.get("content_text")) or _string(item.get("summary"))
        key = (identifier, f"{item.get('title')}{text}{plain}")
        if identifier and key in seen:
            continue
        seen.add(key)
        found = words_of_title(html.unescape(_string(item.get("title"))), number)
        found += (
            strip_html(text, is_product=is_product, line=number)
            if text
            else strip_markdown(plain)
            if is_archive
            else words_of(plain, number)
        )
        found += words_of(_string(item.get("summary")) if is_product else "", number)
        addresses = [_string(item.get("external_url"))]
        files = item.get("attachments")
        titles: set[str] = set()
        for one in files if isinstance(files, list) else ():
            title = _string(one.get("title"))
            # Attachments of one title are one recording in several forms.
            if not title or title not in titles:
                addresses.append(_string(one.get("url")))
                found += words_of("" if is_product else title, number)
            titles.add(title)
        found += _links(addresses, found, number)
        yield FeedItems(link or identifier or f"entry-{number}", tuple(found))


def read_feed(data: bytes, name: str, *, is_product: bool = False) -> Iterator[FeedItems]:
    """Yields the entries of a feed in XML. Raises ReadError if it is not XML."""
    text = _decoded(data)
    text = _NAMED.sub(lambda found: html5.get(found[1], found[0]), _DECLARATION.sub("", text, 1))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ReadError(f"is not readable XML: {error}", source=name) from error
    if root is None:
        raise ReadError("is not readable XML", source=name)
    seen: set[tuple[str, str]] = set()
    entries = [e for e in root.iter("{*}item", "{*}entry") if isinstance(e.tag, str)]
    for number, element in enumerate(entries, 1):
        entry = _entry(element, number, is_product=is_product)
        identifier = _child(element, "guid") or _child(element, "id")
        key = (identifier, " ".join(item.key for item in entry.items))
        if identifier and key in seen:
            continue
        seen.add(key)
        yield entry


def _entry(element: Any, number: int, *, is_product: bool) -> FeedItems:
    line = int(element.sourceline or 0)
    fields: dict[str, Any] = {}
    for child in element:
        if isinstance(child.tag, str) and _is_of_feed(child):
            fields.setdefault(part_name(child.tag)[1], child)
    body = next((fields[key] for key in _BODIES if key in fields and _markup(fields[key])), None)
    text = "" if body is None else _markup(body)
    if body is None:
        about = [*element.iter(f"{{{_APPLE}}}summary")]
        about += [e for space in _MEDIA for e in element.iter(f"{{{space}}}description")]
        found = words_of(_markup(about[0]), line) if about else []
    else:
        found = strip_html(text, is_product=is_product, line=line)
    summary = fields.get("description")
    if is_product and summary is not None and summary is not body:
        # It may be a subtitle, or repeat the text without its links and pictures, which are sought in the text first.
        found += words_of(_markup(summary), line)
    title = (
        strip_html(html.unescape(_markup(fields["title"])), line=line) if "title" in fields else []
    )
    found = [*title, *found]
    chapters = [
        [item.value for item in words_of(chapter.get("title", ""), line)]
        for space in _CHAPTERS
        for chapter in element.iter(f"{{{space}}}chapter")
    ]
    text = f" {' '.join(item.value for item in found if item.kind is Kind.WORD)} "
    if not all(f" {' '.join(words)} " in text for words in chapters):
        for words in chapters:
            found += words_of(" ".join(words), line)
    addresses = [
        one.get("url") or one.get("href") or ""
        for one in element
        if isinstance(one.tag, str)
        and (
            (part_name(one.tag)[1] == "enclosure" and "image/" not in one.get("type", ""))
            or (one.get("rel") == "enclosure" and "image/" not in one.get("type", ""))
        )
    ]
    found += _links(addresses, found, line)
    return FeedItems(_name(element, fields, number), tuple(found))


def _is_of_feed(child: Any) -> bool:
    """Whether a field is one of the feed's own or of its content, not of a picture or a podcast."""
    return part_name(child.tag)[0] not in (*_MEDIA, _APPLE)


def _name(element: Any, fields: dict[str, Any], number: int) -> str:
    address = ""
    for link in element.iter("{*}origLink", "{*}link"):
        if link.getparent() is not element or link.get("rel", "alternate") != "alternate":
            continue
        address = (link.text or link.get("href") or "").strip()
        if address:
            break
    channel = next((e for e in element.iterancestors("{*}channel", "channel")), None)
    home = "" if channel is None else _child(channel, "link")
    address = urljoin(home, address) if address and home else address
    origin = next((e.text for e in element.iter("{*}origLink")), "")
    guid = next((fields[key].text or "" for key in ("guid", "id") if key in fields), "").strip()
    about = element.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", "")
    return (origin or address or guid or about or f"entry-{number}").strip()


def _child(element: Any, name: str) -> str:
    return next((str(e.text or "").strip() for e in element.iterchildren(f"{{*}}{name}")), "")


def _markup(element: Any) -> str:
    """Returns what a field holds, as markup: escaped, escaped twice, or as elements of its own."""
    inner = "".join(etree.tostring(child, encoding="unicode") for child in element)
    text = f"{element.text or ''}{inner}".strip()
    if found := _SECTION.fullmatch(text):
        text = found[1]
    if not _TAG.search(text) and _ESCAPED.search(text):
        text = html.unescape(text)
    return _UNSEEN.sub("", text)


def _links(addresses: list[str], found: list[Item], line: int) -> list[Item]:
    """Returns the links to files of an entry, each once and not if the text has it."""
    known = {item.value for item in found if item.kind is Kind.LINK}
    wanted = {key: a for a in addresses if (key := address_of(a)) and key not in known}
    return [Item(Kind.LINK, key, line, address) for key, address in wanted.items()]


def _string(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value).strip()


def _decoded(data: bytes) -> str:
    """Returns the text of a feed: UTF-8 where it is valid, else what is declared, else as ``in_old_charset`` finds out."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = _DECLARATION.match(data[:300].decode("latin-1"))
        encoding = (named[1] if named and named[1] else "utf-8").lower()
        if encoding in ("utf-8", "utf8"):
            return in_old_charset(data)
        return in_charset(data, "cp1252" if encoding in ("iso-8859-1", "us-ascii") else encoding)
