"""Decodes the tables of Ghost's export that are read: no member, address, password or key is among them.

A table stays the bytes of the file until it is asked for, and a post until its turn comes. So the memory is that of the
file. Values may have any type: each is converted where it is used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from ....errors import ReadError
from ...json_bytes import UNDECODABLE, decode_json

_NULL = msgspec.Raw(b"null")

T = TypeVar("T")


class PostRow(msgspec.Struct):
    """The columns of a post that are read, of all versions, and what the Admin API puts into it."""

    id: Any = None
    uuid: Any = None
    title: Any = None
    slug: Any = None
    html: Any = None
    lexical: Any = None
    mobiledoc: Any = None
    markdown: Any = None
    plaintext: Any = None
    type: Any = None
    page: Any = None
    status: Any = None
    visibility: Any = None
    locale: Any = None
    image: Any = None
    feature_image: Any = None
    feature_image_alt: Any = None
    feature_image_caption: Any = None
    custom_excerpt: Any = None
    meta_description: Any = None
    og_description: Any = None
    email_only: Any = None
    canonical_url: Any = None
    url: Any = None
    author_id: Any = None
    created_at: Any = None
    updated_at: Any = None
    published_at: Any = None
    authors: msgspec.Raw = _NULL
    tags: msgspec.Raw = _NULL
    tiers: msgspec.Raw = _NULL


class MetaRow(msgspec.Struct):
    """What the table ``posts_meta`` says of a post."""

    post_id: Any = None
    meta_description: Any = None
    og_description: Any = None
    feature_image_alt: Any = None
    feature_image_caption: Any = None
    email_only: Any = None


class NamedRow(msgspec.Struct):
    """An author, a tag or a tier. An author's other columns are never decoded."""

    id: Any = None
    name: Any = None
    slug: Any = None
    visibility: Any = None

    @property
    def is_internal(self) -> bool:
        """Whether a tag is for the site's own use, and no reader sees it."""
        return (
            text_of(self.name).startswith("#")
            or text_of(self.slug).startswith("hash-")
            or text_of(self.visibility) == "internal"
        )


class _PairRow(msgspec.Struct):
    """A row that relates a post to an author, a tag or a tier."""

    post_id: Any = None
    author_id: Any = None
    tag_id: Any = None
    product_id: Any = None
    sort_order: Any = None


class _SettingRow(msgspec.Struct):
    key: Any = None
    value: msgspec.Raw = _NULL


class _Tables(msgspec.Struct):
    posts: msgspec.Raw = _NULL
    posts_meta: msgspec.Raw = _NULL
    tags: msgspec.Raw = _NULL
    posts_tags: msgspec.Raw = _NULL
    users: msgspec.Raw = _NULL
    posts_authors: msgspec.Raw = _NULL
    products: msgspec.Raw = _NULL
    posts_products: msgspec.Raw = _NULL
    settings: msgspec.Raw = _NULL


class _Database(msgspec.Struct):
    data: msgspec.Raw = _NULL


class _File(msgspec.Struct):
    db: msgspec.Raw = _NULL
    data: msgspec.Raw = _NULL
    posts: msgspec.Raw = _NULL
    pages: msgspec.Raw = _NULL


class Export:
    """The tables of one file."""

    def __init__(self, data: bytes, name: str) -> None:
        """Raises ReadError if ``data`` are not JSON, or hold no posts of Ghost."""
        self.repairs: tuple[str, ...] = ()
        """What was repaired in the file, as messages."""
        file = self._decode_file(data, name)
        databases = [*_rows(file.db, _Database), _decode(file.db, _Database)]
        inner = next((one.data for one in databases if one is not None), file.data)
        tables = _decode(inner, _Tables) or _Tables()
        posts = [raw for table in (tables.posts, file.posts) for raw in _items(table)]
        self.rows = [*((raw, False) for raw in posts), *((raw, True) for raw in _items(file.pages))]
        """The posts as the file has them, each with whether it is among the pages of the Admin API."""
        if not self.rows:
            raise ReadError(
                "holds no posts of Ghost",
                source=name,
                hint="give the file that Ghost saves under Settings > Import/Export",
            )
        self._meta: dict[str, list[MetaRow]] = {}
        for meta in _rows(tables.posts_meta, MetaRow):
            if meta is not None:
                self._meta.setdefault(text_of(meta.post_id), []).append(meta)
        self._tags = _named(tables.tags)
        self._users = _named(tables.users)
        self._tiers = _named(tables.products)
        self._tags_of = _pairs(tables.posts_tags, "tag_id")
        self._authors_of = _pairs(tables.posts_authors, "author_id")
        self._tiers_of = _pairs(tables.posts_products, "product_id")
        self.settings = _settings(tables.settings)

    def _decode_file(self, data: bytes, name: str) -> _File:
        decoded = decode_json(
            data, _File, name, what="an export of Ghost", hint="export it from Ghost again"
        )
        self.repairs = decoded.repairs
        return decoded.value

    def meta_of(self, row: PostRow) -> MetaRow:
        """Returns a post's row in ``posts_meta``; the Admin API has it in the post."""
        own = MetaRow(
            row.id,
            row.meta_description,
            row.og_description,
            row.feature_image_alt,
            row.feature_image_caption,
            row.email_only,
        )
        return self._meta.get(text_of(row.id), [own])[0]

    def email_only_of(self, row: PostRow) -> list[Any]:
        """Returns all that the export says on whether a post only went out by e-mail."""
        rows = self._meta.get(text_of(row.id), ())
        return [row.email_only, *(meta.email_only for meta in rows)]

    def tags_of(self, row: PostRow) -> list[NamedRow]:
        """Returns the tags of a post in their order, without the internal ones."""
        found = self._related(row, row.tags, self._tags, self._tags_of)
        return [tag for tag in found if not tag.is_internal]

    def authors_of(self, row: PostRow) -> list[NamedRow]:
        """Returns the authors of a post in their order; old exports have one, in the post."""
        found = self._related(row, row.authors, self._users, self._authors_of)
        if not found and (author := self._users.get(text_of(row.author_id))) is not None:
            return [author]
        return found

    def tiers_of(self, row: PostRow) -> list[NamedRow]:
        """Returns the tiers whose members may read a post."""
        return self._related(row, row.tiers, self._tiers, self._tiers_of)

    def _related(
        self,
        row: PostRow,
        own: msgspec.Raw,
        table: dict[str, NamedRow],
        pairs: dict[str, list[str]],
    ) -> list[NamedRow]:
        related = pairs.get(text_of(row.id), ())
        found = [table[number] for number in related if number in table]
        found += [one for one in _rows(own, NamedRow) if one is not None]
        return [one for one in found if text_of(one.name)]


def decode_post(raw: msgspec.Raw, *, is_page: bool) -> PostRow | None:
    """Returns a post; None if it cannot be decoded."""
    row = _decode(raw, PostRow)
    if row is not None and is_page:
        row.type = "page"
    return row


def text_of(value: Any) -> str:
    """Returns a value that should be a text as one, stripped; empty for null, lists and objects."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, (bool, int, float)):
        return str(value)
    return ""


def _decode(raw: msgspec.Raw, kind: type[T]) -> T | None:
    """Returns a value of the file; None if it is of another type or cannot be decoded."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except UNDECODABLE:
        return None


def _items(table: msgspec.Raw) -> list[msgspec.Raw]:
    return _decode(table, list[msgspec.Raw]) or []


def _rows(table: msgspec.Raw, kind: type[T]) -> Iterator[T | None]:
    return (_decode(raw, kind) for raw in _items(table))


def _named(table: msgspec.Raw) -> dict[str, NamedRow]:
    return {text_of(row.id): row for row in _rows(table, NamedRow) if row is not None}


def _pairs(table: msgspec.Raw, column: str) -> dict[str, list[str]]:
    """Returns the numbers that are related to each post, sorted as the table says."""
    rows = [row for row in _rows(table, _PairRow) if row is not None]
    rows.sort(key=lambda row: row.sort_order if isinstance(row.sort_order, (int, float)) else 0)
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(text_of(row.post_id), []).append(text_of(getattr(row, column)))
    return found


_SETTINGS = frozenset(
    {
        "title",
        "description",
        "locale",
        "lang",
        "default_locale",
        "defaultLang",
        "is_private",
        "isPrivate",
    }
)


def _settings(table: msgspec.Raw) -> dict[str, str]:
    """Returns the settings that are read, such as the title; the site's password and keys are not."""
    rows = [row for row in _rows(table, _SettingRow) if row is not None]
    if not rows and (given := _decode(table, dict[str, msgspec.Raw])):
        rows = [_SettingRow(key, value) for key, value in given.items()]
    return {
        row.key: text_of(_decode(row.value, Any))
        for row in rows
        if isinstance(row.key, str) and row.key in _SETTINGS
    }


def object_of(text: str) -> dict[str, Any]:
    """Returns the object that an editor's column has as a text of JSON. Raises ValueError."""
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("it is not an object")
    return found
