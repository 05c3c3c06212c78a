"""The head of our JSON, which holds the data of a collection, and the version of its schema."""

from __future__ import annotations

from typing import Any

import msgspec

from .book_info import BookInfo
from .collection import Collection, Part, Role

VERSION = 1
"""The version increases when documents of older versions would be misread."""


class Document(BookInfo, frozen=True, kw_only=True, omit_defaults=True):
    """All data of a collection except its posts: the fields of its ``info``, and these."""

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
    """Returns the head of a collection's JSON: the version, then all data that is not empty."""
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
