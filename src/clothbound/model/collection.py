"""Collection: a lazy sequence of posts, and what is known of them as a whole."""

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
    """A part of a book: its title (never empty) and the keys of its posts (at least one), in order."""

    title: str
    keys: tuple[str, ...]


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """Posts and what is known of them as a whole. Every reader returns one.

    ``posts`` is re-iterable and may be lazy: it parses a post when asked for and does not keep it.
    Nothing decodes it: msgspec reads no open Sequence.
    """

    posts: Sequence[Post]
    index: Index
    info: BookInfo = msgspec.field(default_factory=BookInfo)
    title_years: str = ""
    """The year or years that the title ends with because the book was given them, not by its author."""
    parts: tuple[Part, ...] = ()
    """The posts of a part stand together in ``posts``. A post that no part holds stands by itself,
    where it stands in ``posts``: before the first part, after the last, or between two."""
    roles: dict[str, Role] = {}
    """By key, the posts that are no chapters. They stand in ``posts`` like all others, those of
    ``FRONT_ROLES`` first, the rest last; no part holds them, and none has a date. The title of each
    is never empty: a dedication does not show it, the contents do."""
    extra: dict[str, Any] = {}
    states: frozenset[str] = frozenset()
    """States of secret posts that were asked for when the posts were chosen: ``draft``."""
    diagnostics: tuple[Diagnostic, ...] = ()

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
    """Posts that ``load`` makes of ``positions``, each when it is asked for; none is kept.

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
        # Sequence's own iteration stops at an IndexError, so a fault in making the third post would
        # make a book of two.
        return map(self.load, self.positions)
