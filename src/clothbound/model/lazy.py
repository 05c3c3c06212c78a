"""Posts that are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from .post import Post


@dataclass(frozen=True, slots=True)
class LazyPosts(Sequence[Post]):
    """The posts that ``load`` makes of ``positions``, in their order; none is kept.

    It iterates as often as one likes, and is picklable where ``load`` is (a function of a module,
    or ``functools.partial`` of one).
    """

    load: Callable[[int], Post]
    positions: Sequence[int]

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
        # Sequence's own iteration takes an IndexError for the end: a fault in making the third post
        # would make a book of two.
        return map(self.load, self.positions)
