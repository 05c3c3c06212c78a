"""Finds the block of a post in which each page that Typst laid out begins.

An invisible mark precedes each block, and Typst reports the page and the height of every mark, but
no lines. The beginning of a page within a paragraph is estimated, to about a line, from the lines
on that page and the width of the paragraph's letters; within any other block, from the heights on
both pages.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ....model.blocks import Paragraph
from ....model.plain_text import plain_text
from ....model.post import Post
from ....page_list import PagePlace, PageStart
from ..fonts import Measure
from ..page_format import PageFormat
from .literals import literal
from .make_up import END
from .post_source import Piece

_OPENER = -1


def mark_opening(key: str) -> str:
    """Writes the mark of a post's beginning."""
    return f"page-mark({literal(key)}, {_OPENER})"


def mark_end(key: str) -> str:
    """Writes the mark of the end of a post's text, or of all of it."""
    return f"page-mark({literal(key)}, {END})"


def mark_piece(piece: Piece, key: str) -> str:
    """Writes a piece after its mark. The text ends before the title of the notes."""
    marked = _mark(piece, key)
    return f"{piece.room};{marked}" if piece.room else marked


def _mark(piece: Piece, key: str) -> str:
    if piece.source.startswith("notes-title("):
        return f"{mark_end(key)};{piece.source}"
    if piece.place is not None:
        return f"page-mark({literal(key)}, {piece.place});{piece.source}"
    if piece.source.startswith("endnote(") and piece.notes:
        return f"page-mark({literal(key)}, {literal(piece.notes[0])});{piece.source}"
    return piece.source


def gather_marks(parts: Iterable[str]) -> str:
    """Writes the end of a book, which gathers the data of all marks. ``parts`` are the names of the
    parts' places.
    """
    names = "".join(f"{literal(name)}," for name in parts)
    return f"#page-marks(({names}))\n"


def measure_paragraphs(post: Post, measure: Measure) -> dict[int, float]:
    """Returns the width in points of the letters of each paragraph, by its position in the body."""
    return {
        place: measure.width(plain_text(block))
        for place, block in enumerate(post.body)
        if type(block) is Paragraph
    }


@dataclass(frozen=True, slots=True)
class _Mark:
    page: int
    y: float
    """The distance from the page's upper edge in points."""
    key: str
    what: int | str
    """A block's position in the body, ``_OPENER``, ``END``, or the id of a note."""

    def start(self, label: int, share: float = 0.0) -> PageStart:
        text, key = str(label), self.key
        if isinstance(self.what, str):
            return PageStart(label=text, place="post", key=key, note=self.what, share=share)
        return PageStart(label=text, place="post", key=key, block=self.what, share=share)


def find_page_starts(
    found: Mapping[str, Any],
    page: PageFormat,
    letters: Mapping[str, Mapping[int, float]],
    parts: Iterable[str],
    *,
    has_index: bool = False,
    front: Mapping[int, PagePlace],
) -> tuple[PageStart, ...]:
    """Returns where the pages begin, from the values that ``page-marks`` gathered.

    ``letters`` are widths of paragraphs by a post's key, ``parts`` the keys of their first posts.
    ``front`` are the places of the pages before the contents, by their numbers.
    """
    starts = {n: PageStart(label=str(n), place=place) for n, place in front.items()}
    for number in found["contents"][:1]:
        starts[number] = PageStart(label=str(number), place="contents")
    places: list[tuple[PagePlace, str]] = [("part", key) for key in parts]
    if has_index:
        places.append(("index", ""))
    for (place, key), numbers in zip(places, found["parts"], strict=True):
        for number in numbers[:1]:
            starts[number] = PageStart(label=str(number), place=place, key=key)
    marks = [_Mark(*values) for values in found["marks"]]
    for start in _find_starts_in_posts(marks, page, letters):
        starts.setdefault(int(start.label), start)
    return tuple(starts[number] for number in sorted(starts))


def _find_starts_in_posts(
    marks: list[_Mark], page: PageFormat, letters: Mapping[str, Mapping[int, float]]
) -> Iterator[PageStart]:
    reached = 0
    for number, mark in enumerate(marks):
        if mark.page != reached and mark.what != END:
            # The page that a block continues on was yielded with the block.
            reached = mark.page
            yield mark.start(mark.page)
        after = marks[number + 1] if number + 1 < len(marks) else None
        if mark.what == END or after is None or after.key != mark.key:
            continue
        width = 0.0
        if isinstance(mark.what, int):
            width = letters.get(mark.key, {}).get(mark.what, 0.0)
        for later in range(mark.page + 1, after.page + 1):
            share = _estimate_share(mark, after, later, page, width)
            if share < 1:
                reached = later
                if mark.what != _OPENER:
                    yield mark.start(later, share)


def _estimate_share(mark: _Mark, after: _Mark, later: int, page: PageFormat, width: float) -> float:
    """Returns the share of the block between two marks that precedes the page ``later``."""
    bottom = page.height - page.foot
    rest = after.y - page.top
    if later == after.page and rest < page.leading / 2:
        return 1.0
    follows = rest + (after.page - later) * page.text_height
    # Footnotes on the first page make its share of the height too large. A block that fills a whole
    # page between is so long that its height is a better measure than the width of its letters.
    if width and after.page == mark.page + 1:
        lines = math.ceil(width / page.measure)
        before = lines - round(follows / page.leading)
        return min(max(before * page.measure / width, 0.01), 0.99)
    whole = bottom - mark.y + (after.page - mark.page - 1) * page.text_height + rest
    return min(max(1 - follows / whole, 0.01), 0.99) if whole > 0 else 1.0
