"""Arranges the posts of a book in order and in parts."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Annotated, Literal, TypeAlias

import msgspec

from ..errors import UsageError, did_you_mean
from ..fields import Field
from ..model.collection import Collection, Part, pick
from ..model.post import Metadata
from .post_dates import moment_of

By: TypeAlias = Literal["date", "title", "source"]
PartsBy: TypeAlias = Literal["none", "months", "years", "tags"]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """The arrangement of a book's posts. By date, the oldest post comes first, and undated posts come last."""

    by: Annotated[
        By,
        Field(
            flag="--sort",
            toml="sort",
            help="The order of the posts: by date, by title, or by file name (source). The default is"
            " date.",
        ),
    ] = "date"
    reverse: Annotated[
        bool,
        Field(
            flag="--reverse", toml="reverse", help="Reverse the order, for example newest first."
        ),
    ] = False
    parts: Annotated[
        PartsBy,
        Field(
            flag="--parts",
            toml="parts",
            help="Divide the book into parts by months, years or tags.",
        ),
    ] = "none"
    chapters: Sequence[str | Part] | None = None
    """The keys of the book's posts in order, and parts of such keys. The selection chooses among these posts;
    ``by``, ``reverse`` and ``parts`` then have no effect."""
    titles: Mapping[str, str] = msgspec.field(default_factory=dict)
    """The titles of posts in this book, by their keys."""


def arrange(
    collection: Collection, order: Order, timezone: tzinfo | None, language: str
) -> Collection:
    """Returns the posts in order and in parts. Raises UsageError for a key that no post has."""
    if order.chapters is not None:
        parts = _parts_of(collection, order.chapters)
        keys = [k for c in order.chapters for k in (c.keys if isinstance(c, Part) else (c,))]
        book = _pick_keys(collection, [key for key in keys if key in collection.index])
    elif _is_ordered(collection, order):
        book, parts = collection, _parts_left(collection)
    else:
        book = in_order(collection, order.by, reverse=order.reverse)
        parts = _make_parts(book, order.parts, timezone, language)
        if parts:
            book = _pick_keys(book, [key for part in parts for key in part.keys])
    return msgspec.structs.replace(book, parts=parts)


def _is_ordered(collection: Collection, order: Order) -> bool:
    """Returns whether the posts are those of a book with parts or texts of its own, and nobody asks to change that."""
    if (order.by, order.reverse, order.parts) != ("date", False, "none"):
        return False
    return bool(collection.parts or collection.roles)


def _parts_left(collection: Collection) -> tuple[Part, ...]:
    parts = (
        Part(part.title, tuple(key for key in part.keys if key in collection.index))
        for part in collection.parts
    )
    return tuple(part for part in parts if part.keys)


def in_order(collection: Collection, by: By, *, reverse: bool = False) -> Collection:
    """Returns the posts in another order; undated posts come last, even in reverse order."""
    metadata = list(collection.index)
    order = list(range(len(metadata)))
    if by == "date":
        # The posts without a date keep the order of the source: chapters of a book have none.
        dated = [p for p in order if moment_of(metadata[p]) is not None]
        undated = [p for p in order if moment_of(metadata[p]) is None]
        dated.sort(key=lambda p: _date_key(metadata[p]), reverse=reverse)
        order = [*dated, *undated]
    elif by == "title":
        order.sort(key=lambda p: _title_key(metadata[p]), reverse=reverse)
    elif reverse:
        order.reverse()
    return pick(collection, order)


def _date_key(metadata: Metadata) -> tuple[tuple[date, datetime], str]:
    return (metadata.sort_day, metadata.source)


def _title_key(metadata: Metadata) -> tuple[str, str]:
    """Returns the key by which titles are sorted: their letters, without marks over them and other characters."""
    bare = unicodedata.normalize("NFKD", metadata.title).casefold()
    return ("".join(c for c in bare if c.isalnum() or c.isspace()).strip(), metadata.source)


def _pick_keys(collection: Collection, keys: Sequence[str]) -> Collection:
    position = {metadata.key: p for p, metadata in enumerate(collection.index)}
    return pick(collection, [position[key] for key in keys])


def _parts_of(collection: Collection, chapters: Sequence[str | Part]) -> tuple[Part, ...]:
    """Returns the parts among ``chapters``, with the posts that the collection has.

    Raises UsageError for a key that no post has or that is given twice.
    """
    seen: set[str] = set()
    parts = []
    for chapter in chapters:
        keys = chapter.keys if isinstance(chapter, Part) else (chapter,)
        for key in keys:
            if key not in collection.index.whole:
                known = [metadata.key for metadata in collection.index.whole]
                raise UsageError(f"there is no post {key!r}{did_you_mean(key, known)}")
            if key in seen:
                raise UsageError(f"the post {key!r} is given twice among the chapters")
            seen.add(key)
        there = tuple(key for key in keys if key in collection.index)
        if isinstance(chapter, Part) and there:
            parts.append(Part(chapter.title, there))
    return tuple(parts)


def part_labels(
    collection: Collection, parts: PartsBy, timezone: tzinfo | None = None, language: str = ""
) -> Callable[[Metadata], str]:
    """Returns a function from a post to the title of its part; the title is empty if there are no parts.

    For parts by tags, the most frequent tag takes its posts, then the most frequent tag of the remaining posts, and so
    on; posts that share no tag with another post make the part "Other".
    """
    from ..language.dates import long_month
    from ..language.words import wording

    tag_of = _tag_groups(collection) if parts == "tags" else {}
    words = wording(language)

    def label(metadata: Metadata) -> str:
        if parts == "none":
            return ""
        if parts == "tags":
            return tag_of.get(metadata.key, words.other)
        day = moment_of(metadata, timezone)
        if day is None:
            return words.without_date
        return str(day.year) if parts == "years" else long_month(day, language)

    return label


def _tag_groups(collection: Collection) -> dict[str, str]:
    """Returns the tag by which each post is grouped, by key."""
    left = {metadata.key: frozenset(metadata.tags) for metadata in collection.index}
    groups: dict[str, str] = {}
    while True:
        count = Counter(tag for tags in left.values() for tag in tags)
        tag = min(count, key=lambda tag: (-count[tag], tag), default="")
        if count[tag] < 2:
            return groups
        groups.update({key: tag for key, tags in left.items() if tag in tags})
        left = {key: tags for key, tags in left.items() if tag not in tags}


def _make_parts(
    book: Collection, parts: PartsBy, timezone: tzinfo | None, language: str
) -> tuple[Part, ...]:
    """Returns the parts in the order of their first posts, and "Other" as the last one."""
    if parts == "none":
        return ()
    from ..language.words import wording

    label = part_labels(book, parts, timezone, language or "en")
    groups: dict[str, list[str]] = {}
    for metadata in book.index:
        groups.setdefault(label(metadata), []).append(metadata.key)
    other = wording(language).other
    if other in groups:
        groups[other] = groups.pop(other)
    return tuple(Part(title, tuple(keys)) for title, keys in groups.items())
