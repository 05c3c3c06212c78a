"""Where the pages of a printed edition begin, so that an e-book of the same posts can name them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

import msgspec

from .console_text import counted

Place: TypeAlias = Literal["post", "title", "imprint", "contents", "part"]
"""What a page begins in: a post, or one of the pages around them."""


class PageStart(msgspec.Struct, frozen=True, kw_only=True):
    """Where one printed page begins. Pages without text of the book begin nowhere."""

    label: str
    """The number that the page bears."""
    place: Place
    key: str = ""
    """Of the post, or of the first post of the part."""
    block: int = -1
    """Which block of the post's body, from 0; -1: its opener."""
    note: str = ""
    """The id of the note at the post's end that the page begins in; empty: its text."""
    share: float = 0.0
    """How much of the letters of the block, or the note, stand on pages before, from 0 to 1."""


class PrintedPages(msgspec.Struct, frozen=True):
    """The pages of one printed edition."""

    source: str
    """What the edition is called: its title, size and number of pages."""
    starts: tuple[PageStart, ...]
    """In the order of the pages."""

    @classmethod
    def of(cls, title: str, size: str, count: int, starts: Iterable[PageStart]) -> PrintedPages:
        """Those of a book of ``count`` pages; ``size``: of a page, in words."""
        return cls(f"{title} (print, {size}, {counted(count, 'page')})", tuple(starts))
