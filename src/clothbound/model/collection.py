"""A collection: a lazy sequence of posts with the data that concern all of them."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Literal, TypeAlias, overload

import msgspec

from ..diagnostics import Diagnostic
from ..errors import UnknownPostError, UsageError, did_you_mean
from ..stored_items import PickedItems
from .book_info import BookInfo
from .index import Index
from .post import Metadata, Post
from .slugs import slug_of_post
from .subject_terms import SubjectTerm

Role: TypeAlias = Literal[
    "dedication",
    "epigraph",
    "foreword",
    "preface",
    "introduction",
    "afterword",
    "appendix",
    "acknowledgments",
    "about-the-author",
    "colophon",
]
"""The role of a text that is not a chapter. EPUB's structural semantics have the same names."""

FRONT_ROLES: tuple[Role, ...] = ("dedication", "epigraph", "foreword", "preface", "introduction")
"""The roles that come before the chapters, in order; all others come after them."""


class Part(msgspec.Struct, frozen=True):
    """A part of a book: its title, which is never empty, and the keys of its posts in order, at least one."""

    title: str
    keys: tuple[str, ...]


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """Posts with the data that concern all of them. Every reader returns one.

    ``posts`` may be iterated repeatedly and may be lazy: it then parses a post on demand and does not keep
    it. Its annotation is never decoded, since msgspec cannot decode an arbitrary Sequence.
    """

    posts: Sequence[Post]
    """The posts, in the order of the book."""
    index: Index
    """What links between posts need to know of each, without parsing it."""
    info: BookInfo = msgspec.field(default_factory=BookInfo)
    """The title, authors and other bibliographic data."""
    title_years: str = ""
    """The year or years that clothbound, not the author, put at the end of the title."""
    parts: tuple[Part, ...] = ()
    """The parts. The posts of a part are consecutive in ``posts``; a post in no part may come before the first
    part, after the last, or between two."""
    roles: dict[str, Role] = {}
    """The roles of posts that are not chapters, by key. In ``posts``, those of ``FRONT_ROLES`` come first and
    the rest last. They are in no part and have no date. Their titles are never empty, even if only the
    contents show them."""
    index_terms: tuple[SubjectTerm, ...] = ()
    """The terms that the index of the book has besides those that are marked in posts."""
    extra: dict[str, Any] = {}
    """Fields of the source that have no field here, as JSON values."""
    named_by_source: bool = False
    """Whether the title is only the name of the file or folder that the posts came from."""
    newest_only: bool = False
    """Whether the source drops its oldest posts, as a feed does."""
    states: frozenset[str] = frozenset()
    """The states of secret posts that the selection asked for, such as ``draft``."""
    audiences: frozenset[str] = frozenset()
    """The audiences that the selection asked for: a product holds what they may read. Empty for the author's own."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What readers reported on the whole collection."""

    def __len__(self) -> int:
        return len(self.posts)

    def __iter__(self) -> Iterator[Post]:
        return iter(self.posts)

    def __contains__(self, item: object) -> bool:
        """Whether a post is in the collection, or one of this slug, key or id."""
        if isinstance(item, str):
            return bool(self._positions_of(item))
        return any(post == item for post in self)

    def map(self, function: Callable[[Post], Post]) -> Collection:
        """Returns the collection with what ``function`` makes of each post, when the post is asked for.

        The index stays. So a post that is returned must have the metadata of the one that was given; asking for
        one with other metadata raises UsageError.
        """
        load = partial(_mapped, self.posts, function)
        posts = LazyPosts(load, range(len(self.posts)))
        index = self.index.rebuilt(load=posts.__getitem__)
        return msgspec.structs.replace(self, posts=posts, index=index)

    @overload
    def filter(self, predicate: Callable[[Post], bool]) -> Collection: ...
    @overload
    def filter(self, predicate: Callable[[Metadata], bool]) -> Collection: ...
    def filter(self, predicate: Callable[[Any], bool]) -> Collection:
        """Returns the collection of the posts for which ``predicate`` returns something true.

        Each post is parsed once for it, and none is kept. A function whose parameter is annotated with ``Metadata``
        gets the post's metadata instead, and no post is parsed. Texts of the book's own, such as a foreword, stay.
        """
        of_metadata = _takes_metadata(predicate)
        kept = [
            position
            for position, metadata in enumerate(self.index)
            if metadata.key in self.roles
            or predicate(metadata if of_metadata else self.posts[position])
        ]
        return pick(self, kept)

    @overload
    def __getitem__(self, which: int | str) -> Post: ...
    @overload
    def __getitem__(self, which: slice) -> Sequence[Post]: ...
    def __getitem__(self, which: int | str | slice) -> Post | Sequence[Post]:
        """Returns the post at a position, that of a slug, key or id, or the posts of a slice.

        Raises IndexError for a position beyond the end, and UnknownPostError, which is a KeyError too, for a name
        that no post or more than one has.
        """
        if not isinstance(which, str):
            return self.posts[which]
        found = self._positions_of(which)
        if len(found) == 1:
            return self.posts[found[0]]
        if found:
            keys = ", ".join(self.index.entries[position].metadata.key for position in found)
            raise UnknownPostError(f"{len(found)} posts are {which!r}", hint=f"their keys: {keys}")
        names = [slug_of_post(metadata) for metadata in self.index]
        raise UnknownPostError(f"there is no post {which!r}{did_you_mean(which, names)}")

    def _positions_of(self, name: str) -> list[int]:
        """Returns the positions of the posts of a key, or else those of a slug or id."""
        every = [entry.metadata for entry in self.index.entries]
        keyed = [position for position, metadata in enumerate(every) if metadata.key == name]
        return keyed or [
            position
            for position, metadata in enumerate(every)
            if name and name in (metadata.id, metadata.slug, slug_of_post(metadata))
        ]


def pick(collection: Collection, positions: Sequence[int]) -> Collection:
    """Returns the posts at these positions, in this order, with an index of only these posts.

    The publication's own hosts are still those of the whole collection, and links to its other posts are
    still recognized.
    """
    whole = collection.index
    kept = array("q", positions)
    entries = PickedItems(whole.entries, kept)
    digest = partial(content_digest, collection.posts)
    posts = LazyPosts(collection.posts.__getitem__, kept, digest)
    index = whole.rebuilt(entries, load=posts.__getitem__)
    parts = [
        Part(part.title, tuple(key for key in part.keys if key in index))
        for part in collection.parts
    ]
    return msgspec.structs.replace(
        collection, posts=posts, index=index, parts=tuple(part for part in parts if part.keys)
    )


def _mapped(posts: Sequence[Post], function: Callable[[Post], Post], position: int) -> Post:
    post = posts[position]
    result = function(post)
    name = getattr(function, "__name__", "the function")
    source = post.metadata.source
    if not isinstance(result, Post):
        raise UsageError(
            f"map: {name} returned a {type(result).__name__}, not a Post", source=source
        )
    if result.metadata != post.metadata:
        raise UsageError(
            f"map: {name} changed the metadata of a post, which its index has",
            source=source,
            hint="book(posts, order=Order(titles={key: title})) changes titles, and so does a filter for Post",
        )
    return result


def _takes_metadata(predicate: Callable[[Any], bool]) -> bool:
    """Whether the annotation of a predicate's parameter is ``Metadata``, as it is or by name."""
    import inspect

    try:
        parameters = inspect.signature(predicate).parameters
    except (TypeError, ValueError, NameError):
        return False
    first = next(iter(parameters.values()), None)
    annotation = first.annotation if first is not None else None
    named = annotation.rpartition(".")[2] if isinstance(annotation, str) else ""
    return annotation is Metadata or named == Metadata.__name__


class LazyPosts(Sequence[Post]):
    """Posts that ``load`` makes from ``positions`` on demand; none is kept.

    The sequence may be iterated any number of times. It is picklable if ``load`` is (a function of a
    module, or ``functools.partial`` of one).
    """

    __slots__ = ("digest", "load", "positions")

    def __init__(
        self,
        load: Callable[[int], Post],
        positions: Sequence[int],
        digest: Callable[[int], str] | None = None,
    ) -> None:
        """``digest`` returns a digest of all that decides what ``load`` makes, besides the metadata in the index; an
        empty string where that is not known.
        """
        self.load = load
        self.positions = positions
        self.digest = digest

    def __len__(self) -> int:
        return len(self.positions)

    @overload
    def __getitem__(self, position: int) -> Post: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Post]: ...
    def __getitem__(self, position: int | slice) -> Post | Sequence[Post]:
        if isinstance(position, slice):
            return LazyPosts(self.load, self.positions[position], self.digest)
        return self.load(self.positions[position])

    def __iter__(self) -> Iterator[Post]:
        # The iteration that Sequence provides stops at an IndexError, so an error in the third post would
        # make a book of two.
        return map(self.load, self.positions)


def content_digest(posts: Sequence[Post], position: int) -> str:
    """Returns a digest of the content of a post without loading it; empty where that is not known.

    Posts with the same metadata and the same digest are the same.
    """
    if not isinstance(posts, LazyPosts) or posts.digest is None:
        return ""
    return posts.digest(posts.positions[position])
