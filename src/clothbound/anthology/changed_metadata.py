"""Posts of a collection with other metadata: another title, or the day of another time zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import partial

import msgspec

from ..model.collection import Collection, LazyPosts
from ..model.index import IndexEntry
from ..model.post import Metadata, Post
from .post_dates import moment_of


def retitle(collection: Collection, titles: Mapping[str, str]) -> Collection:
    """The collection with other titles for some posts, by their keys."""
    if not titles:
        return collection
    entries = tuple(
        msgspec.structs.replace(
            entry,
            metadata=msgspec.structs.replace(entry.metadata, title=titles[entry.metadata.key]),
        )
        if titles.get(entry.metadata.key)
        else entry
        for entry in collection.index.entries
    )
    return _with_entries(collection, entries)


def in_zone(collection: Collection, timezone: tzinfo) -> Collection:
    """The collection with the posts' days as a reader in ``timezone`` saw them; UTC: as they came."""
    if str(timezone) == "UTC":
        return collection
    entries = tuple(
        msgspec.structs.replace(entry, metadata=_seen_from(entry.metadata, timezone))
        for entry in collection.index.entries
    )
    return _with_entries(collection, entries)


def _seen_from(metadata: Metadata, timezone: tzinfo) -> Metadata:
    published = metadata.published
    moment = moment_of(metadata, timezone)
    if published is None or moment is None or published.precision in ("year", "month", "day"):
        return metadata
    seen = msgspec.structs.replace(published, value=moment)
    return msgspec.structs.replace(metadata, published=seen)


def _with_entry(posts: Sequence[Post], entries: Sequence[IndexEntry], position: int) -> Post:
    return msgspec.structs.replace(posts[position], metadata=entries[position].metadata)


def _with_entries(collection: Collection, entries: tuple[IndexEntry, ...]) -> Collection:
    posts = LazyPosts(partial(_with_entry, collection.posts, entries), range(len(entries)))
    index = collection.index.rebuilt(entries, load=posts.__getitem__)
    return msgspec.structs.replace(collection, posts=posts, index=index)
