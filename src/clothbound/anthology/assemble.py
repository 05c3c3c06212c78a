"""Makes a book from posts: selects, arranges and names them, and adds the book's own texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import partial

import msgspec

from ..language.detect import collection_language
from ..model.book_info import BookInfo, check_info
from ..model.collection import Collection, LazyPosts, Role, content_digest
from ..model.index import IndexEntry
from ..model.links import check_site
from ..model.post import Metadata, Post
from .infer import complete
from .order import Order, arrange
from .own_texts import with_texts
from .post_dates import moment_of
from .select import Select, Selection, refuse_unknown_words, select


def assemble(
    posts: Collection, wanted: Select, info: BookInfo, order: Order, texts: Mapping[Role, Post]
) -> Collection:
    """Returns the book of the selected posts.

    Empty fields of ``info`` are taken from the collection or inferred. Raises UsageError if no post is
    selected or a value is invalid.
    """
    selection = Selection.of(wanted, posts.index)
    refuse_unknown_words(selection, posts.index)
    sites = tuple(map(check_site, wanted.sites))
    if sites:
        index = posts.index.rebuilt(load=posts.posts.__getitem__, sites=sites)
        posts = msgspec.structs.replace(posts, index=index)
    full_info = check_info(info.complete_with(posts.info))
    chosen = select(_retitle(_in_zone(posts, selection.zone), order.titles), selection)
    chosen = msgspec.structs.replace(chosen, info=full_info)
    language = collection_language(chosen)
    book = complete(
        arrange(chosen, order, selection.zone, language),
        info.title,
        language,
        timezone=selection.zone,
        hosts_given=bool(sites),
        now=selection.now,
    )
    return with_texts(book, texts) if texts else book


def _retitle(collection: Collection, titles: Mapping[str, str]) -> Collection:
    """Returns the collection with other titles for some posts, by their keys."""
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


def _in_zone(collection: Collection, timezone: tzinfo | None) -> Collection:
    """Returns the collection with the days of posts in ``timezone``; without one, as they were read."""
    if timezone is None:
        return collection
    entries = tuple(
        msgspec.structs.replace(entry, metadata=_seen_from(entry.metadata, timezone))
        for entry in collection.index.entries
    )
    return _with_entries(collection, entries)


def _seen_from(metadata: Metadata, timezone: tzinfo) -> Metadata:
    published = metadata.published
    moment = moment_of(metadata, timezone)
    if published is None or moment is None or not published.has_time:
        return metadata
    seen = msgspec.structs.replace(published, value=moment)
    return msgspec.structs.replace(metadata, published=seen)


def _with_entry(posts: Sequence[Post], entries: Sequence[IndexEntry], position: int) -> Post:
    return msgspec.structs.replace(posts[position], metadata=entries[position].metadata)


def _with_entries(collection: Collection, entries: Sequence[IndexEntry]) -> Collection:
    load = partial(_with_entry, collection.posts, entries)
    digest = partial(content_digest, collection.posts)
    posts = LazyPosts(load, range(len(entries)), digest)
    index = collection.index.rebuilt(entries, load=posts.__getitem__)
    return msgspec.structs.replace(collection, posts=posts, index=index)
