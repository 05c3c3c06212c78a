"""A post and its metadata."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

import msgspec

from ..diagnostics import Diagnostic
from .blocks import Block
from .node import Origin
from .publication import Publication, Verdict, verdict

_AT_LAST = datetime.max.replace(tzinfo=UTC)
"""A moment after all scheduled posts are out. The audience of a post does not depend on the moment."""

Precision: TypeAlias = Literal["year", "month", "day", "minute", "second"]


class Timestamp(msgspec.Struct, frozen=True, omit_defaults=True):
    """A date as given (``text``) and as a time zone aware ``value``, None if it is unreadable."""

    text: str
    value: datetime | None = None
    precision: Precision = "second"

    def __post_init__(self) -> None:
        # Compared with an aware one, a naive one raises; taken for local time, it makes a book
        # depend on the machine.
        if self.value is not None and self.value.tzinfo is None:
            raise ValueError("a timestamp's value needs a time zone")

    @property
    def day(self) -> str:
        """The day as ``2023-06-01``, shorter if less is known; the text itself if nothing is."""
        if self.value is None:
            return self.text
        length = {"year": 4, "month": 7}.get(self.precision, 10)
        return self.value.isoformat()[:length]


class Metadata(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The metadata of a post. All values are plain text; a title has no markup."""

    key: str = ""
    """The name of the post's file in a book, and the prefix of its anchors: the digits of Substack's post_id,
    else the slug in ASCII, else a UUIDv5 of the relative path. It is never an ordinal."""
    title: str = ""
    subtitle: str = ""
    slug: str = ""
    id: str = ""
    """The identifier in the source, such as Substack's ``post_id``."""
    published: Timestamp | None = None
    updated: Timestamp | None = None
    authors: tuple[str, ...] = ()
    language: str = ""
    """A BCP 47 tag; empty if unknown."""
    tags: tuple[str, ...] = ()
    kind: str = ""
    """The kind: ``newsletter``, ``podcast``, ``page``, ``thread`` or any other."""
    audience: str = ""
    """The audience: ``everyone``, ``only_paid``, ``only_free``, ``founding`` or any other."""
    visibility: str = ""
    is_draft: bool = False
    publication: Publication | None = None
    """Further statements of the source on who may see the post; None if there are none. ``verdict`` weighs
    them together with the three fields above."""
    canonical_url: str = ""
    cover: str = ""
    description: str = ""
    source: str = ""
    """The file as diagnostics name it, relative to the source that was read."""
    extra: dict[str, Any] = {}
    """Unknown fields, as JSON values."""

    def __hash__(self) -> int:
        return hash((self.key, self.title, self.id, self.source))

    @property
    def audiences(self) -> tuple[str, ...]:
        """The groups to all of which a reader of the post must belong; ``everyone`` if there are none."""
        return self.verdict(_AT_LAST).audiences

    @property
    def is_for_everyone(self) -> bool:
        """Whether everybody may see the post once it is out."""
        return self.verdict(_AT_LAST).state in ("public", "unlisted")

    @property
    def doubtful_fields(self) -> tuple[str, ...]:
        """Unknown fields whose names suggest that they restrict who may see the post."""
        return self.publication.doubtful if self.publication is not None else ()

    def verdict(self, now: datetime) -> Verdict:
        """Returns who may see the post at the moment ``now``, which has a time zone."""
        return verdict(
            self.publication,
            draft=self.is_draft,
            visibility=self.visibility,
            audience=self.audience,
            now=now,
        )


class Footnote(msgspec.Struct, frozen=True, omit_defaults=True):
    """A note. A post holds its notes in order of definition; marks refer to ``id``."""

    id: str
    children: tuple[Block, ...] = ()
    origin: Origin | None = None
    """The parts of its number and element that are not in Substack's current form."""


class Asset(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that travels with the post itself, for sources that have no folder."""

    href: str
    data: bytes
    media_type: str = ""


class Base(msgspec.Struct, frozen=True):
    """The place of a post's files: a folder, or an archive and a folder inside it."""

    kind: Literal["folder", "archive"]
    path: str
    prefix: str = ""


class Post(msgspec.Struct, frozen=True, eq=False, omit_defaults=True, repr_omit_defaults=True):
    """A post. Equality, hash and JSON ignore ``diagnostics`` and ``base``."""

    metadata: Metadata = Metadata()
    body: tuple[Block, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    assets: tuple[Asset, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    base: Base | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Post):
            return NotImplemented
        return (self.metadata, self.body, self.footnotes, self.assets) == (
            other.metadata,
            other.body,
            other.footnotes,
            other.assets,
        )

    def __ne__(self, other: object) -> bool:
        # The comparison that msgspec provides would compare identities.
        return not self == other

    def __hash__(self) -> int:
        return hash((self.metadata, self.body, self.footnotes))
