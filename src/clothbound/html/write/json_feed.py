"""Writes the head and the items of a JSON Feed (jsonfeed.org/version/1.1), for the feed writer and for sites."""

from __future__ import annotations

from typing import Any

import msgspec

from ...language.detect import book_language
from ...matter import IndexHead
from ...model.characters import text_alone
from ...model.collection import Collection
from ...model.post import Post, Timestamp
from ...title_text import plain_title
from ...web.addresses import web_address
from .feed import identifier_of, recording_file, with_subtitle
from .web_page import describe

VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE = "application/feed+json"
FEED_END = "\n]}\n"


def write_feed_start(collection: Collection, head: IndexHead, *, site: str, address: str) -> str:
    """Returns the feed up to its first item. ``site`` and ``address`` are empty if they are unknown."""
    fields = {
        "version": VERSION,
        "title": _line(head.heading),
        "home_page_url": site,
        "feed_url": address,
        "description": _line(head.description),
        "language": book_language(collection),
        "authors": _authors(collection.info.authors),
        "icon": web_address(collection.info.cover),
    }
    text = _json({name: value for name, value in fields.items() if value or name == "title"})
    return f'{text[:-1]},"items":[\n'


def write_feed_item(
    collection: Collection, post: Post, *, url: str, content: str, cover: str = ""
) -> str:
    """Writes one post. ``url`` is its page, ``content`` its text as HTML, and ``cover`` the web address of
    its picture; ``url`` and ``cover`` are empty if there is none.
    """
    metadata = post.metadata
    elsewhere = metadata.extra.get("external_url")
    fields = {
        "url": url,
        "external_url": web_address(elsewhere) if isinstance(elsewhere, str) else "",
        "title": _line(plain_title(metadata.title)),
        "content_html": text_alone(with_subtitle(post, content)),
        "summary": _line(describe(post)),
        "image": cover,
        "date_published": _moment(metadata.published),
        "date_modified": _moment(metadata.updated),
        "authors": _authors(metadata.authors or collection.info.authors),
        "tags": [_line(tag) for tag in metadata.tags],
        "language": metadata.language,
        "attachments": _attachments(post),
    }
    known = {name: value for name, value in fields.items() if value or name == "content_html"}
    return _json({"id": identifier_of(metadata), **known})


def _attachments(post: Post) -> list[dict[str, Any]]:
    recording = recording_file(post)
    if recording is None:
        return []
    fields: dict[str, Any] = {"url": recording.url, "mime_type": recording.type}
    if recording.title:
        fields["title"] = recording.title
    if recording.size:
        fields["size_in_bytes"] = recording.size
    if recording.duration:
        fields["duration_in_seconds"] = round(recording.duration)
    return [fields]


def _authors(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"name": _line(name)} for name in names]


def _moment(stamp: Timestamp | None) -> str:
    """Returns a date by RFC 3339; empty if it is unknown."""
    return stamp.value.isoformat() if stamp is not None and stamp.value is not None else ""


def _line(text: str) -> str:
    return " ".join(text_alone(text).split())


def _json(fields: dict[str, Any]) -> str:
    return msgspec.json.encode(fields).decode()
