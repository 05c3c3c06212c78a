"""Writes metadata under the names that pandoc's templates and writers know.

Names beyond those (``slug``, ``draft``, ``audience`` ...) are those of front matter, so that what
pandoc makes of them, and what is read back, states who may see a post. ``Metadata.extra`` is not
written: pandoc copies unknown fields into documents that are meant for others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...language.direction import direction
from ...model.book_info import BookInfo
from ...model.post import Metadata
from ...pandoc import ast as p
from ..restrictions import restrictions_of

_SHOWN = frozenset({"title", "subtitle", "author", "date", "keywords", "subject", "description"})
"""Fields whose texts pandoc sets as words; the others are strings."""


def post_fields(metadata: Metadata) -> dict[str, Any]:
    """Returns the fields of a post that are not empty."""
    fields: dict[str, Any] = {
        "title": metadata.title,
        "subtitle": metadata.subtitle,
        "author": list(metadata.authors),
        "date": metadata.published.text if metadata.published else "",
        "lang": metadata.language,
        "keywords": list(metadata.tags),
        "description": metadata.description,
        "slug": metadata.slug,
        "post_id": metadata.id,
        "updated": metadata.updated.text if metadata.updated else "",
        "type": metadata.kind,
        "audience": metadata.audience,
        "visibility": metadata.visibility,
        "draft": metadata.is_draft,
        "canonical_url": metadata.canonical_url,
        "cover": metadata.cover,
        "cover_alt": metadata.cover_alt,
        "cover_caption": metadata.cover_caption,
        **restrictions_of(metadata, ()),
    }
    return _without_empty(fields)


def document_of_post(metadata: Metadata, language: str) -> dict[str, p.MetaValue]:
    """Returns the metadata of a document that is one post in ``language``."""
    fields = {**post_fields(metadata), "lang": language}
    if metadata.published is not None and metadata.published.day != metadata.published.text:
        # Documents show the date, and need no time of day; the reader takes the moment.
        fields |= {"date": metadata.published.day, "published": metadata.published.text}
    if direction(language) == "rtl":
        fields["dir"] = "rtl"
    return meta(_without_empty(fields))


def document_of_book(
    info: BookInfo, title: str, language: str, posts: Mapping[str, Metadata]
) -> dict[str, p.MetaValue]:
    """Returns the metadata of a document of several posts, which are listed in ``posts`` by key."""
    fields: dict[str, Any] = {
        "title": title,
        "subtitle": info.subtitle,
        "author": list(info.authors),
        "editor": list(info.editors),
        "lang": language,
        "dir": "rtl" if direction(language) == "rtl" else "",
        "publisher": info.publisher,
        "rights": info.rights,
        "description": info.description,
        "identifier": info.isbn or info.identifier,
        "subject": list(info.subjects),
        "keywords": list(info.subjects),
        "series": info.series.joined(", ") if info.series else "",
        "posts": [{"key": key, **post_fields(metadata)} for key, metadata in posts.items()],
    }
    return meta(_without_empty(fields))


def meta(fields: Mapping[str, Any]) -> dict[str, p.MetaValue]:
    """Returns fields as pandoc's metadata."""
    return {name: _value(value, is_shown=name in _SHOWN) for name, value in fields.items()}


def _value(value: Any, *, is_shown: bool) -> p.MetaValue:
    if isinstance(value, bool):
        return p.MetaBool(value)
    if isinstance(value, list):
        return p.MetaList(tuple(_value(item, is_shown=is_shown) for item in value))
    if isinstance(value, dict):
        return p.MetaMap(meta(value))
    text = " ".join(str(value).split()) if is_shown else str(value)
    return p.MetaInlines(tuple(p.to_words(text))) if is_shown else p.MetaString(text)


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
