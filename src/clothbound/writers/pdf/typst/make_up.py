"""Makes up the pages of a book by laying it out again: pictures are fitted, contents tightened, and short last pages
filled or pulled up.

A query lays a book out and writes no PDF, and Typst keeps what has not changed, so another layout costs what
the chapters cost that have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ..contents_fit import SCALES, spills_over
from ..page_depth import FEWEST_LINES, propose_depths
from ..page_format import PageFormat
from .literals import literal
from .picture_fit import FittablePicture, PictureFit

FILE = "make-up.typ"
"""The file with what was decided."""
LABEL = "<pages>"
"""The label of the value with all marks."""
_ROUNDS = 10
"""The most layouts before the last. Each decides the next picture of every chapter, or its depth."""
END = -2
"""What the mark at the end of a post's text says of its place, in place of a block's number."""


class MakeUp:
    """Decides the widths of pictures and the depths of pages of one compilation."""

    def __init__(
        self, pictures: Mapping[str, FittablePicture], chapters: Iterable[str], page: PageFormat
    ) -> None:
        """``chapters`` are the keys of the posts whose pages may have another depth."""
        self._pictures = PictureFit(pictures, page)
        self._chapters = frozenset(chapters)
        self._page = page
        self._depths: dict[str, int] = {}
        """The lines by which the pages of a post are longer, by its key."""
        self._untried: dict[str, tuple[int, ...]] = {}
        """The depths that may still be tried, for each post whose last page is or was short."""
        self._contents_scale = 1.0
        """The factor of the gaps between the entries of the contents."""
        self._untried_scales = [*SCALES, 1.0]
        self._contents_pages = 0
        """The pages of the contents at their own gaps."""

    def settle(
        self, write: Callable[[str], object], lay_out: Callable[[], Mapping[str, Any]]
    ) -> None:
        """Lays a book out until nothing changes. ``write`` takes the content of ``FILE``, and ``lay_out`` returns
        the value under ``LABEL``, or raises RuntimeError if Typst refuses the book.
        """
        write(make_up_source())
        for _ in range(_ROUNDS):
            try:
                found = lay_out()
            except RuntimeError:
                # A query does not say where the fault is, as the compilation does that follows.
                return
            if not self._decide(found):
                return
            write(make_up_source(self._pictures.widths, self._depths, self._contents_scale))

    def _decide(self, found: Mapping[str, Any]) -> bool:
        """Decides what the layout ``found`` lets decide; returns whether anything has changed."""
        # A depth is that of pages whose pictures are decided.
        changed = self._pictures.decide(found["fits"])
        noted = {page for page, _, kind, _ in found["fits"] if kind in ("note", "note-end")}
        spans: dict[str, list[tuple[int, float]]] = {}
        ends: dict[str, tuple[int, float]] = {}
        for page, y, key, what in found["marks"]:
            spans.setdefault(key, []).append((page, y))
            if what == END:
                ends[key] = (page, y)
        for key in (self._chapters & ends.keys()) - changed:
            page, y = ends[key]
            # Notes at the foot fill the page, or are what the page is for.
            lines = FEWEST_LINES if page in noted else self._lines(y)
            if self._change(key, page - min(spans[key])[0] + 1, lines):
                changed.add(key)
        is_tightened = self._tighten_contents(found["entries"])
        return bool(changed) or is_tightened

    def _tighten_contents(self, pages: Sequence[int]) -> bool:
        """Changes the gaps of the contents, whose entries are on ``pages``, if few spill over; returns whether it did."""
        count = len(set(pages))
        is_first = len(self._untried_scales) > len(SCALES)
        if is_first and not spills_over(pages):
            return False
        self._contents_pages = self._contents_pages or count
        if count < self._contents_pages or not self._untried_scales:
            return False
        self._contents_scale = self._untried_scales.pop(0)
        return True

    def _lines(self, y: float) -> int:
        return round((y - self._page.top) / self._page.leading)

    def _change(self, key: str, pages: int, lines: int) -> bool:
        """Changes the depth of a post's pages if its last one is short; returns whether it did."""
        proposed = propose_depths(pages, lines)
        if not proposed:
            return False
        first, *later = self._untried.get(key, (*proposed, 0))
        if first == self._depths.get(key, 0):
            return False
        self._untried[key] = tuple(later or (first,))
        self._depths[key] = first
        self._pictures.change_depth(key, first * self._page.leading)
        return True


def make_up_source(
    widths: Mapping[str, float] = MappingProxyType({}),
    lines: Mapping[str, int] = MappingProxyType({}),
    contents_scale: float = 1,
) -> str:
    """Writes the file of what was decided."""
    pictures = ", ".join(f"{literal(name)}: {width:.2f}pt" for name, width in widths.items())
    chapters = ", ".join(f"{literal(key)}: {more}" for key, more in lines.items() if more)
    return (
        f"#let picture-widths = ({pictures or ':'})\n#let page-lines = ({chapters or ':'})\n"
        f"#let contents-scale = {contents_scale:g}\n"
    )
