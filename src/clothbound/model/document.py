"""What our JSON says of a collection as a whole, and the version of its schema."""

from __future__ import annotations

from typing import Any

import msgspec

from .book_info import BookInfo
from .collection import Collection, Part, Role

VERSION = 1
"""Grows when a document that an older clothbound wrote would no longer be read as it was meant."""


class Document(BookInfo, frozen=True, kw_only=True, omit_defaults=True):
    """Everything of a collection but its posts: the fields of its ``info``, and these."""

    clothbound: int
    """The schema's version."""
    title_years: str = ""
    parts: tuple[Part, ...] = ()
    roles: dict[str, Role] = {}
    sites: tuple[str, ...] = ()
    extra: dict[str, Any] = {}

    @property
    def info(self) -> BookInfo:
        return BookInfo(**{name: getattr(self, name) for name in BookInfo.__struct_fields__})


def head_of(collection: Collection) -> dict[str, Any]:
    """The head of the JSON of a collection: its version first, then what is not empty."""
    document = Document(
        **msgspec.structs.asdict(collection.info),
        clothbound=VERSION,
        title_years=collection.title_years,
        parts=collection.parts,
        roles=collection.roles,
        sites=collection.index.sites,
        extra=collection.extra,
    )
    head = msgspec.to_builtins(document)
    return {"clothbound": head.pop("clothbound"), **head}
