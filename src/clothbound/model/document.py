"""What our JSON says of a collection as a whole, and the version of its schema."""

from __future__ import annotations

from typing import Any

import msgspec

from .post import Collection, Part, Role

VERSION = 1
"""Grows when a document that an older clothbound wrote would no longer be read as it was meant."""


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything of a collection but its posts. ``clothbound`` is the schema's version."""

    clothbound: int
    title: str = ""
    title_years: str = ""
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    language: str = ""
    publisher: str = ""
    rights: str = ""
    description: str = ""
    identifier: str = ""
    cover: str = ""
    editors: tuple[str, ...] = ()
    isbn: str = ""
    series: str = ""
    series_position: str = ""
    subjects: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    roles: dict[str, Role] = {}
    sites: tuple[str, ...] = ()
    extra: dict[str, Any] = {}


def document_of(collection: Collection) -> Document:
    """The head of the JSON of a collection."""
    return Document(
        clothbound=VERSION,
        title=collection.title,
        title_years=collection.title_years,
        subtitle=collection.subtitle,
        authors=collection.authors,
        language=collection.language,
        publisher=collection.publisher,
        rights=collection.rights,
        description=collection.description,
        identifier=collection.identifier,
        cover=collection.cover,
        editors=collection.editors,
        isbn=collection.isbn,
        series=collection.series,
        series_position=collection.series_position,
        subjects=collection.subjects,
        roles=collection.roles,
        parts=collection.parts,
        sites=collection.index.sites,
        extra=collection.extra,
    )
