"""Finds ink beyond the edges: of the paper as it is cut, and of the text block; and type that is too small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .face_files import Box
from .findings import Finding
from .lines import Layout, PrintedLine, TextArea
from .printed_pages import Glyph, OpenedPage
from .scripts import script_of
from .thresholds import BLOCK, CLIP, READING, SMALL, TRIM

_WHOLE_PAGE = 0.9
_OUTSIDE = "outside the text block"


def check_trim(page: OpenedPage, lines: Sequence[PrintedLine]) -> Iterator[Finding]:
    """Yields what crosses the edge at which the page is cut. Pictures may, where the page has a bleed box."""
    for line in lines:
        if _beyond(line.box, page.trim) > TRIM.value:
            yield Finding(
                check="cut off",
                page=page.index,
                box=line.box,
                message=f"{line.shown!r} is cut off",
            )
    allowed = page.bleed
    for picture in page.pictures:
        if _beyond(picture.box, allowed) > TRIM.value and not _is_background(picture.box, page):
            yield Finding(
                check="cut off", page=page.index, box=picture.box, message="a picture is cut off"
            )
    for shape in page.shapes:
        if _is_background(shape.box, page):
            continue
        if _beyond(shape.box, allowed) > 2 * TRIM.value:
            yield Finding(
                check="cut off", page=page.index, box=shape.box, message="a drawing is cut off"
            )
            break


def check_clips(
    page: OpenedPage, lines: Sequence[PrintedLine], pieces: Sequence[Sequence[Glyph]]
) -> Iterator[Finding]:
    """Yields lines of which a box cuts off a part. A line that is hidden as a whole is meant to be."""
    for line, piece in zip(lines, pieces, strict=True):
        cut = [g for g in piece if g.run.clip is not None and _is_cut(g.box, g.run.clip)]
        if any(_is_shown(g.box, g.run.clip) for g in cut) or (
            cut and any(g.run is cut[0].run and _is_shown(g.box, g.run.clip) for g in piece)
        ):
            yield Finding(
                check="cut off",
                page=page.index,
                box=line.box,
                message=f"{line.shown!r} is cut off by the box that it stands in",
            )


def _is_cut(box: Box, clip: Box) -> bool:
    """Returns whether a letter that has ink reaches beyond the edge of its box."""
    return box[2] - box[0] > 0.1 and _beyond(box, clip) > CLIP.value


def _is_shown(box: Box, clip: Box | None) -> bool:
    """Returns whether something of a letter is within its box."""
    if clip is None:
        return True
    wide, high = (
        min(box[2], clip[2]) - max(box[0], clip[0]),
        min(box[3], clip[3]) - max(box[1], clip[1]),
    )
    return wide > 0.2 and high > 0.2


def _is_background(box: Box, page: OpenedPage) -> bool:
    return (
        box[2] - box[0] > _WHOLE_PAGE * page.width and box[3] - box[1] > _WHOLE_PAGE * page.height
    )


def _beyond(box: Box, edge: Box) -> float:
    return max(edge[0] - box[0], edge[1] - box[1], box[2] - edge[2], box[3] - edge[3])


def check_block(
    page: int,
    lines: Sequence[PrintedLine],
    pictures: Sequence[Box],
    rules: Sequence[Box],
    layout: Layout,
) -> Iterator[Finding]:
    """Yields the first thing on one page that stands beyond the text block: a line, a picture, or a rule."""
    block = layout.block(page)
    if block is None:
        return
    for line in lines:
        if line.is_furniture or line.role == "figure" or line.angle:
            continue
        over = _over(line.ink_x0, line.ink_x1, block)
        is_below = (
            block.is_foot_known
            and line.bottom > block.bottom + 1.6 * layout.leading
            and line.role != "note"
        )
        if over > BLOCK.value or is_below:
            side = "right" if line.ink_x1 - block.right >= block.left - line.ink_x0 else "left"
            told = (
                f"stands {over:.0f} pt in the {side} margin"
                if over > BLOCK.value
                else "stands below the text"
            )
            yield Finding(check=_OUTSIDE, page=page, box=line.box, message=f"{line.shown!r} {told}")
            return
    for box in pictures:
        if _over(box[0], box[2], block) > BLOCK.value:
            told = f"a picture stands {_over(box[0], box[2], block):.0f} pt in the margin"
            yield Finding(check=_OUTSIDE, page=page, box=box, message=told)
            return
    for box in rules:
        if _over(box[0], box[2], block) > 2 * BLOCK.value and block.top < box[1] < block.bottom:
            told = f"a rule or a frame stands {_over(box[0], box[2], block):.0f} pt in the margin"
            yield Finding(check=_OUTSIDE, page=page, box=box, message=told)
            return


def _over(x0: float, x1: float, block: TextArea) -> float:
    over = max(x1 - block.right, block.left - x0)
    return over if over > block.slack else 0.0


def check_small_type(lines: Sequence[PrintedLine]) -> Iterator[Finding]:
    """Yields the smallest line of one page, where it is below the bound."""
    small = [
        one
        for one in lines
        if one.size < SMALL.value - 0.05
        and one.role != "formula"
        and len(one.text) > 2
        and not (one.size > READING.value - 0.05 and any(_is_reading(one, line) for line in lines))
    ]
    if small:
        line = min(small, key=lambda one: one.size)
        more = f", and {len(small) - 1} more" if len(small) > 1 else ""
        yield Finding(
            check="small type",
            page=line.page,
            box=line.box,
            message=f"{line.shown!r} is in {line.size:.1f} pt{more}",
        )


def _is_reading(small: PrintedLine, line: PrintedLine) -> bool:
    """Whether a line stands above the letters of Chinese characters, which are twice as large."""
    return (
        0.4 * line.size < small.size < 0.6 * line.size
        and 0.5 * line.size < line.base - small.base < 1.5 * line.size
        and small.x0 < line.x1
        and line.x0 < small.x1
        and any(script_of(char) == "Han" for char in line.text)
    )
