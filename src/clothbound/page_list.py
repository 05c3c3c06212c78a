"""Describes where the pages of a printed edition begin, so that an e-book of the same posts can have its page list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from .console_text import format_count

PagePlace: TypeAlias = Literal[
    "post", "half-title", "also-in-series", "title", "imprint", "contents", "part", "index"
]
"""The part of a book that a page begins in: a post, or one of the pages around the posts."""


class PageStart(msgspec.Struct, frozen=True, kw_only=True):
    """The place in the text where a printed page begins. Pages without text of the book have none."""

    label: str
    """The page number as printed."""
    place: PagePlace
    key: str = ""
    """The key of the post, or of the first post of the part."""
    block: int = -1
    """The number of the block in the post's body, from 0, or -1 for the chapter opening."""
    note: str = ""
    """The id of the note that the page begins in, or empty for the text itself."""
    share: float = 0.0
    """The share, from 0 to 1, of the letters of the block or note that stand on earlier pages."""


class PrintedPages(msgspec.Struct, frozen=True):
    """The pages of one printed edition."""

    source: str
    """The name of the edition: its title, page size and number of pages."""
    starts: tuple[PageStart, ...]
    """In the order of the pages."""

    @classmethod
    def of(cls, title: str, size: str, count: int, starts: Iterable[PageStart]) -> PrintedPages:
        """Returns the list for a book of ``count`` pages, of which ``size`` is the page size in words."""
        return cls(f"{title} (print, {size}, {format_count(count, 'page')})", tuple(starts))
