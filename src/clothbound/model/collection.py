"""A collection: a lazy sequence of posts with the data that concern all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, TypeAlias, overload

import msgspec

from ..diagnostics import Diagnostic
from .book_info import BookInfo
from .index import Index
from .post import Post

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
    extra: dict[str, Any] = {}
    """Fields of the source that have no field here, as JSON values."""
    states: frozenset[str] = frozenset()
    """The states of secret posts that the selection asked for, such as ``draft``."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """What readers reported on the whole collection."""

    def __len__(self) -> int:
        return len(self.posts)

    def __iter__(self) -> Iterator[Post]:
        return iter(self.posts)

    @overload
    def __getitem__(self, position: int) -> Post: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Post]: ...
    def __getitem__(self, position: int | slice) -> Post | Sequence[Post]:
        return self.posts[position]


class LazyPosts(Sequence[Post]):
    """Posts that ``load`` makes from ``positions`` on demand; none is kept.

    The sequence may be iterated any number of times. It is picklable if ``load`` is (a function of a
    module, or ``functools.partial`` of one).
    """

    __slots__ = ("load", "positions")

    def __init__(self, load: Callable[[int], Post], positions: Sequence[int]) -> None:
        self.load = load
        self.positions = positions

    def __len__(self) -> int:
        return len(self.positions)

    @overload
    def __getitem__(self, position: int) -> Post: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[Post]: ...
    def __getitem__(self, position: int | slice) -> Post | Sequence[Post]:
        if isinstance(position, slice):
            return LazyPosts(self.load, self.positions[position])
        return self.load(self.positions[position])

    def __iter__(self) -> Iterator[Post]:
        # The iteration that Sequence provides stops at an IndexError, so an error in the third post would
        # make a book of two.
        return map(self.load, self.positions)
