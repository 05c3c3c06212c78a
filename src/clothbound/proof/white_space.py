"""Finds white at the feet of pages within chapters, and last pages with a few lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .breaks import TextPage
from .findings import Finding
from .lines import Layout
from .thresholds import SHORT_PAGE, WHITE


def check_white_space(pages: Sequence[TextPage], layout: Layout) -> Iterator[Finding]:
    """Yields pages that end far above the foot of the text block though their chapter goes on, and short last pages."""
    ends = [number for number, page in enumerate(pages) if page.begins_chapter]
    first = ends[0] if ends else len(pages)
    for number, page in enumerate(pages):
        block = layout.block(page.index)
        if block is None or number < first or not page.rest:
            continue
        lowest = max([line.bottom for line in page.rest] + [box[3] for box in page.pictures])
        is_last = (
            number + 1 >= len(pages)
            or pages[number + 1].begins_chapter
            or not pages[number + 1].rest
        )
        if not is_last:
            white = (block.bottom - lowest) / block.height
            if white > WHITE.value:
                yield Finding(
                    check="white", page=page.index, box=(block.left, lowest, block.right, block.bottom),
                    message=f"{white:.0%} of the page is white, and the chapter goes on",
                )  # fmt: skip
        elif not page.begins_chapter and not page.pictures:
            bases = {round(line.base) for line in page.rest}
            if len(bases) < SHORT_PAGE.value:
                yield Finding(
                    check="short page", page=page.index, box=(block.left, block.top, block.right, lowest),
                    message=f"the last page of the chapter has {len(bases)} lines",
                )  # fmt: skip
