"""Reads the items of a JSON Feed (jsonfeed.org/version/1.1, and version 1, whose author is one).

Members of a wrong type are read as what they show, or as missing, since many programs write numbers as ids, one author
in place of a list, or null. Addresses of authors and ``hubs`` are not part of a book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import ReadError
from ..escape import attribute, escape
from ..model.addresses import is_on_web
from ..model.book_info import BookInfo
from ..model.collection import Collection
from ..model.language_tags import language_tag
from ..model.post import Metadata
from ..model.publication import Publication
from ..model.recordings import FIELD as RECORDING
from ..model.recordings import Episode
from ..web.addresses import host_of, path_of
from .archive_place import ArchivePlace
from .author_names import is_author_name
from .blog_archive import MARKDOWN, make_archive_post
from .entries import EntryText
from .feed_enclosures import Enclosure, place_enclosures
from .feed_posts import FeedPosts, fields_of_identifier, make_post, report_dates, slug_of_address
from .feed_text import markup_of_text, subtitle_or_description, words_of
from .json_bytes import UNDECODABLE, decode_json
from .publication_state import publication_of
from .relative_addresses import join_address
from .timestamps import read_feed_date

_NULL = msgspec.Raw(b"null")
_DEEPEST = 15
"""The levels of a value that a program added; the header of a post must hold it."""


class _Feed(msgspec.Struct):
    version: Any = None
    title: Any = None
    home_page_url: Any = None
    feed_url: Any = None
    description: Any = None
    next_url: Any = None
    language: Any = None
    expired: Any = None
    author: Any = None
    authors: Any = None
    items: msgspec.Raw = _NULL


def read_feed(
    data: bytes, name: str, show_progress: Callable[[int], None], place: ArchivePlace | None = None
) -> Collection:
    """Returns the posts of a feed. ``show_progress`` hears how many are read. Raises ReadError.

    ``place`` is that of the files of an archive in which the feed is.
    """
    posts = FeedPosts(name, partial(make_archive_post, place) if place is not None else make_post)
    feed, repairs = decode_json(data, _Feed, name, what="a JSON Feed")
    del data
    posts.findings += [
        Diagnostic(DiagnosticCode.ENCODING_REPAIRED, message, name) for message in repairs
    ]
    try:
        items = msgspec.json.decode(feed.items, type=list[msgspec.Raw])
    except msgspec.DecodeError as error:
        raise ReadError("is not a JSON Feed: it has no list of items", source=name) from error
    home = _text(feed.home_page_url) or _text(feed.feed_url)
    authors = _authors(feed.authors, feed.author)
    language = language_tag(_text(feed.language))
    for number, raw in enumerate(items, 1):
        show_progress(len(posts))
        try:
            item = msgspec.json.decode(raw, type=dict[str, Any])
        except UNDECODABLE as error:
            message = f"item {number} left out: {_reason(error)}"
            posts.findings.append(
                Diagnostic(DiagnosticCode.POST_UNREADABLE, message, name, 0, Severity.ERROR)
            )
            continue
        _add_item(posts, item, number, home, authors, is_archive=place is not None)
    if next_url := _text(feed.next_url):
        posts.report_next(next_url)
    info = BookInfo(
        title=words_of(_text(feed.title), is_html=False),
        description=words_of(_text(feed.description), is_html=False),
        authors=authors,
        language=language,
    )
    extra = {"expired": True} if feed.expired is True else {}
    return posts.collection(info, home, extra, is_archive=place is not None)


def _add_item(
    posts: FeedPosts,
    item: dict[str, Any],
    number: int,
    home: str,
    authors: tuple[str, ...],
    *,
    is_archive: bool,
) -> None:
    identifier = _text(item.get("id"))
    link = _link(item, identifier, home)
    source = link or identifier or f"entry-{number}"
    title = words_of(_text(item.get("title")), is_html=False)
    summary = words_of(_text(item.get("summary")), is_html=False)
    text, form = _content(item, is_archive=is_archive)
    placed = place_enclosures(list(_attachments(item.get("attachments"))), text)
    # An item may be nothing but a recording or a link; one that has a summary alone lacks its text.
    is_excerpt = not text and bool(summary)
    text = text or markup_of_text(summary)
    published = read_feed_date(_text(item.get("date_published")))
    updated = read_feed_date(_text(item.get("date_modified")))
    recording = placed.recording
    metadata = Metadata(
        title=title,
        slug=slug_of_address(link),
        published=published,
        updated=updated,
        authors=_authors(item.get("authors"), item.get("author")) or authors,
        language=language_tag(_text(item.get("language"))),
        tags=_tags(item.get("tags")),
        kind="podcast" if recording else "",
        canonical_url=link,
        description="" if is_excerpt else "".join(subtitle_or_description(summary, text)),
        cover=_text(item.get("image")) or _text(item.get("banner_image")) or placed.cover,
        publication=_publication(item) if is_archive else None,
        source=source,
        extra=_extra(item, identifier, link) | (_episode(recording, title) if recording else {}),
    )
    text = _with_markup(text, _link_elsewhere(item, link, text), form)
    content = EntryText(
        _with_markup(text, placed.markup, form),
        form,
        (home if is_archive else "") or link or home,
        report_dates((published, updated), source),
    )
    posts.add(identifier, metadata, content, is_excerpt=is_excerpt)


def _link(item: dict[str, Any], identifier: str, home: str) -> str:
    """Returns the address of an item's page, which many programs give as its id alone; empty if it has none."""
    link = _text(item.get("url")) or (identifier if is_on_web(identifier) else "")
    return join_address(home, link) if link else ""


def _content(item: dict[str, Any], *, is_archive: bool) -> tuple[str, str]:
    """Returns the text of an item and its form. In an archive, plain text is the Markdown from which the page is made."""
    text, plain = _text(item.get("content_html")), _text(item.get("content_text"))
    if is_archive and plain and not text:
        return plain, MARKDOWN
    return text or markup_of_text(plain), ""


def _link_elsewhere(item: dict[str, Any], link: str, text: str) -> str:
    """Returns a line with the link to the page of which an item speaks; empty if the text has it, or there is none."""
    address = _text(item.get("external_url"))
    if not address or address == link or attribute(address) in text or address in text:
        return ""
    return f'<p><a href="{attribute(address)}">{escape(_shown(address))}</a></p>'


def _with_markup(text: str, markup: str, form: str) -> str:
    """Returns a text with HTML behind it, in Markdown as a block of its own."""
    return text + ("\n\n" if form and markup else "") + markup


def _episode(recording: Enclosure, title: str) -> dict[str, Any]:
    """Returns the fields of a post that holds a recording."""
    episode = Episode(
        type=recording.type,
        size=recording.size,
        duration=recording.duration,
        title="" if recording.title == title else recording.title,
    )
    return {RECORDING: recording.url, **episode.as_extra()}


def _publication(item: dict[str, Any]) -> Publication | None:
    """Returns what an item of an archive says of who may see it, also in what Micro.blog added."""
    added = item.get("_microblog")
    return publication_of({**(added if isinstance(added, dict) else {}), **item}, with_typed=True)


def _extra(item: dict[str, Any], identifier: str, link: str) -> dict[str, Any]:
    """Returns what an item says that posts have no field for: also what programs add, by names with a low line."""
    extra = fields_of_identifier(identifier, link)
    for name in ("external_url", "banner_image"):
        if value := _text(item.get(name)):
            extra[name] = value
    added = {name: value for name, value in item.items() if name.startswith("_")}
    return extra | {name: value for name, value in added.items() if _depth(value) <= _DEEPEST}


def _depth(value: Any) -> int:
    """Returns the levels of lists and objects in a value, up to one more than a header may have."""
    level, values = 0, [value]
    while level <= _DEEPEST:
        below: list[Any] = []
        for one in values:
            below += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        if not below:
            break
        level, values = level + 1, below
    return level


def _attachments(given: Any) -> Iterator[Enclosure]:
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict) and (url := _text(one.get("url"))):
            yield Enclosure(
                url=url,
                type=_text(one.get("mime_type")).lower(),
                size=int(_number(one.get("size_in_bytes"))),
                duration=_number(one.get("duration_in_seconds")),
                title=_text(one.get("title")),
            )


def _authors(many: Any, one: Any) -> tuple[str, ...]:
    """Returns the names of the authors: those of version 1.1, else the one of version 1."""
    given = many if isinstance(many, list) and many else [many or one]
    names = (_text(a.get("name")) if isinstance(a, dict) else _text(a) for a in given)
    return tuple(dict.fromkeys(name for name in names if is_author_name(name)))


def _tags(given: Any) -> tuple[str, ...]:
    tags = given if isinstance(given, list) else [given]
    return tuple(dict.fromkeys(filter(None, map(_text, tags))))


def _text(value: Any) -> str:
    """Returns a value that should be a text as one; empty for null, lists and objects."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else ""


def _number(value: Any) -> float:
    try:
        number = float(value) if isinstance(value, (int, float, str)) else 0.0
    except (ValueError, OverflowError):
        return 0.0
    return number if 0 < number < 1e15 else 0.0


def _shown(address: str) -> str:
    """Returns an address without its scheme and its query, as the text of a link."""
    return f"{host_of(address)}{path_of(address).rstrip('/')}" or address


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else "it is not an object"
