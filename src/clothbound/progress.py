"""``Progress``: what a run is doing, as ``Run.progress`` hears it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias, TypeVar

import msgspec

T = TypeVar("T")

DOWNLOADING: Final = "downloading"
"""The source is an address: the page, the feed or the file there is downloaded."""
READING: Final = "reading posts"
"""Each post's file, or its entry in the one file of all posts, is read once, for the index."""
WRITING: Final = "writing posts"
"""Each post is parsed, goes through the transforms, and is written."""
MERGING: Final = "merging posts"
COUNTING: Final = "counting words"
FILTERING: Final = "filtering posts"
"""Each post is parsed once more, because a filter may change its title."""
SEARCHING: Final = "looking for pictures"
FETCHING: Final = "fetching pictures"
PICTURES: Final = "pictures"
"""The pictures of one post are converted."""
PAGES: Final = "setting pages"
PROOFING: Final = "looking at pages"
PACKING: Final = "packing"
"""Everything is made, and becomes one file or folder."""


class Progress(msgspec.Struct, frozen=True):
    """What a run is doing: ``done`` items of ``total`` are finished in a phase.

    A phase ends when the next one begins. Only ``fetching pictures`` and ``pictures`` come within another phase,
    and count the pictures of one post.
    """

    phase: str
    """The name of the phase, such as ``downloading``, ``reading posts``, ``writing posts``, ``pictures``,
    ``setting pages``, ``looking at pages`` or ``packing``."""
    done: int = 0
    """The number of items that are finished: posts, pictures or pages. It may be 0 for a whole phase."""
    total: int | None = None
    """The number of all items; None if it is not known, as that of pages, and of posts in a feed."""


HearProgress: TypeAlias = Callable[[Progress], None]
"""Hears each step of a run, in the thread that calls the library."""


def counted(items: Sequence[T], phase: str, hear: HearProgress | None) -> Iterable[T]:
    """Returns ``items`` for a loop, which ``hear`` then follows; costs nothing if nobody hears."""
    return items if hear is None else _counted(items, phase, hear)


def _counted(items: Sequence[T], phase: str, hear: HearProgress) -> Iterator[T]:
    total = len(items)
    for done, item in enumerate(items):
        hear(Progress(phase, done, total))
        yield item
