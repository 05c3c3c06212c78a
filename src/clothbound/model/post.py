"""A post and its metadata."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Literal, TypeAlias

import msgspec

from ..diagnostics import Diagnostic
from ..errors import UsageError
from ..fields import make_tuples
from .blocks import Block
from .node import Origin
from .publication import Publication, Verdict, verdict
from .slugs import slug_of_post

_AT_LAST = datetime.max.replace(tzinfo=UTC)
"""A moment after all scheduled posts are out. The audience of a post does not depend on the moment."""

Precision: TypeAlias = Literal["year", "month", "day", "minute", "second"]


class Timestamp(msgspec.Struct, frozen=True, omit_defaults=True):
    """A date as given (``text``) and as a time zone aware ``value``, None if it is unreadable."""

    text: str
    """The date as the source gives it."""
    value: datetime | None = None
    """The moment, with a time zone; None if the text is not understood."""
    precision: Precision = "second"
    """The smallest unit that the text gives; smaller units of ``value`` are meaningless."""

    @classmethod
    def of(cls, moment: date | str) -> Timestamp:
        """Returns a day or a moment, or either as text of ISO 8601; without a time zone it is in UTC.

        Raises UsageError for any other text.
        """
        text = moment if isinstance(moment, str) else moment.isoformat()
        try:
            value = datetime.fromisoformat(text)
        except ValueError as error:
            raise UsageError(f"{moment!r} is not a date", hint="write YYYY-MM-DD") from error
        is_day = len(text) <= len("2023-06-01")
        value = value if value.tzinfo else value.replace(tzinfo=UTC)
        return cls(text, value, "day" if is_day else "second")

    def __post_init__(self) -> None:
        # Compared with an aware one, a naive one raises; taken for local time, it makes a book
        # depend on the machine.
        if self.value is not None and self.value.tzinfo is None:
            raise ValueError("a timestamp's value needs a time zone")

    @property
    def has_time(self) -> bool:
        """Whether the time of day is known, and not the day, month or year alone."""
        return self.precision in ("minute", "second")

    @property
    def day(self) -> str:
        """The day as ``2023-06-01``, shorter if less is known; the text itself if nothing is."""
        if self.value is None:
            return self.text
        length = {"year": 4, "month": 7}.get(self.precision, 10)
        # The whole moment would take several times as long to be written.
        return self.value.date().isoformat()[:length]


class Metadata(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The metadata of a post. All values are plain text; a title has no markup."""

    key: str = ""
    """The name of the post's file in a book, and the prefix of its anchors: the digits of Substack's post_id,
    else the slug in ASCII, else a UUIDv5 of the relative path. It is never an ordinal."""
    title: str = ""
    subtitle: str = ""
    slug: str = ""
    """The last part of the post's address, from the source; empty if unknown."""
    id: str = ""
    """The identifier in the source, such as Substack's ``post_id``."""
    published: Timestamp | None = None
    """The date of publication; None if unknown."""
    updated: Timestamp | None = None
    """The date of the last change; None if unknown."""
    authors: tuple[str, ...] = ()
    """The names of the authors, in the order of the source."""
    language: str = ""
    """The language (BCP 47) that the post names; empty if it names none."""
    tags: tuple[str, ...] = ()
    """The tags, in the order of the source."""
    kind: str = ""
    """The type of post: ``newsletter``, ``podcast``, ``page``, ``thread`` or any other."""
    audience: str = ""
    """The audience, as the source names it: ``everyone``, ``only_paid``, ``only_free``,
    ``founding`` or any other.
    """
    visibility: str = ""
    """The source's word on who may see the post, such as ``public`` or ``paid``; empty if there is
    none.
    """
    is_draft: bool = False
    """Whether the source marks the post as a draft."""
    publication: Publication | None = None
    """Further statements of the source on who may see the post; None if there are none. ``verdict`` weighs
    them together with the three fields above."""
    canonical_url: str = ""
    """The post's own address on the network; empty if unknown."""
    cover: str = ""
    """The address of the post's picture; may be relative. Empty if there is none."""
    cover_alt: str = ""
    """The alternative text of that picture; empty if there is none."""
    cover_caption: str = ""
    """The caption of that picture as plain text; empty if there is none."""
    description: str = ""
    """A summary for search engines and lists; empty if there is none."""
    source: str = ""
    """The file's path as diagnostics show it, relative to the source that was read."""
    extra: dict[str, Any] = {}
    """Fields of the source that have no field here, as JSON values."""

    def __post_init__(self) -> None:
        if type(self.authors) is not tuple or type(self.tags) is not tuple:
            make_tuples(self, "authors", "tags")

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

    @property
    def sort_moment(self) -> datetime:
        """When the post was published, for sorting; a post without a date comes before all others."""
        value = self.published.value if self.published else None
        return value or datetime.min.replace(tzinfo=UTC)

    @property
    def sort_day(self) -> tuple[date, datetime]:
        """The day as it is shown, and the moment within it, for sorting what is shown by day.

        Where sources write different offsets, an earlier moment may be of a later day.
        """
        return self.sort_moment.date(), self.sort_moment

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
    """A note. A post holds its notes in order of definition; ``NoteRef.target`` is an ``id``."""

    id: str
    """The note's id, unique in the post."""
    children: tuple[Block, ...] = ()
    origin: Origin | None = None
    """What Substack's current form lacks of the note's number and element; None if it lacks
    nothing.
    """


class Asset(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file that is part of the post itself, for sources without a folder."""

    href: str
    """The address by which the post refers to the file."""
    data: bytes
    """The content of the file."""
    media_type: str = ""
    """The media type; empty if unknown."""


class Base(msgspec.Struct, frozen=True):
    """The place of a post's files: a folder, or an archive and a folder inside it."""

    kind: Literal["folder", "archive"]
    path: str
    """The path of the folder or of the archive."""
    prefix: str = ""
    """The folder below ``path`` to which the post's addresses are relative; empty for ``path``
    itself.
    """
    root: str = ""
    """The folder of all posts or of their site, out of which no address may lead; empty if that is the
    post's own folder.
    """
    places: tuple[str, ...] = ()
    """The folders in ``root`` in which a picture of the site's root (``/images/a.png``) is looked for, in
    order, and then any other that is not in the post's own folder.
    """
    beside: tuple[str, ...] = ()
    """The folders in ``root`` that share their files with the post's own, such as those of its other
    languages.
    """
    by_name: bool = False
    """Whether a file that is in none of these is looked for by its name anywhere in ``root``, as in a vault
    of Obsidian.
    """
    site: str = ""
    """The address of the site on the network: an address of its root may begin with the path that this has."""
    aliases: tuple[tuple[str, str], ...] = ()
    """The beginnings of addresses that stand for folders in ``root``: ``("@site", "")``."""


class Post(msgspec.Struct, frozen=True, eq=False, omit_defaults=True, repr_omit_defaults=True):
    """A post. Equality, hash and JSON ignore ``diagnostics`` and ``base``."""

    metadata: Metadata = Metadata()
    body: tuple[Block, ...] = ()
    """The blocks of the text."""
    footnotes: tuple[Footnote, ...] = ()
    """The notes, in order of definition."""
    assets: tuple[Asset, ...] = ()
    """The files that are part of the post itself."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What readers reported on this post."""
    base: Base | None = None
    """The folder from which the post's files are read; None if it has none."""

    @property
    def title(self) -> str:
        """The title; empty if there is none."""
        return self.metadata.title

    @property
    def date(self) -> datetime | None:
        """The moment of publication, with a time zone; None if it is unknown."""
        published = self.metadata.published
        return published.value if published else None

    @property
    def slug(self) -> str:
        """The name of the post in addresses and file names, as writers choose it: the slug of its source, else
        the name of its file, else its title, else its key. Where two posts want one name, writers add to it.
        """
        return slug_of_post(self.metadata)

    @property
    def url(self) -> str:
        """The post's own address on the network; empty if it is unknown."""
        return self.metadata.canonical_url

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
