"""Finds pictures with too few pixels, turned or mirrored ones, and empty ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .findings import Finding
from .printed_pages import OpenedPage, PrintedPicture
from .thresholds import RESOLUTION, SMALLEST_PICTURE

if TYPE_CHECKING:
    from PIL.Image import Image

_UPRIGHT = 45
"""The degrees from which a line of text counts as turned."""
_FLAT = 3
"""The range of values, of 255, within which a picture has one colour."""


def check_pictures(page: OpenedPage) -> Iterator[Finding]:
    """Yields what is wrong with the pictures of one page."""
    for picture in page.pictures:
        if picture.is_artifact or min(picture.pixels) < 4:
            continue
        yield from _check(page, picture)


def _check(page: OpenedPage, picture: PrintedPicture) -> Iterator[Finding]:
    x0, top, x1, bottom = picture.box
    wide, high = picture.pixels
    if picture.is_on_its_side and not any(abs(run.angle) > _UPRIGHT for run in page.runs):
        yield Finding(
            check="upside down",
            page=page.index,
            box=picture.box,
            message="a picture lies on its side, on a page whose text is upright",
        )
    elif picture.is_mirrored or picture.is_upside_down:
        how = "mirrored" if picture.is_mirrored and not picture.is_upside_down else "upside down"
        yield Finding(
            check="upside down", page=page.index, box=picture.box, message=f"a picture is {how}"
        )
    if min(x1 - x0, bottom - top) < SMALLEST_PICTURE.value:
        return
    if _is_empty(page, picture):
        yield Finding(
            check="empty picture",
            page=page.index,
            box=picture.box,
            message=f"a picture of {wide} x {high} pixels has one colour",
        )
    elif picture.dots_per_inch < RESOLUTION.value - 1:
        yield Finding(
            check="resolution", page=page.index, box=picture.box,
            message=f"a picture of {wide} x {high} pixels has {picture.dots_per_inch:.0f} dots per inch",
        )  # fmt: skip


def _is_empty(page: OpenedPage, picture: PrintedPicture) -> bool:
    """Returns whether the picture shows one colour. Its transparency counts: the page is drawn, where one is flat."""
    pixels = page.picture_pixels(picture)
    if pixels is None:
        return False
    if any(_range(band) > _FLAT for band in pixels.convert("RGB").split()):
        return False
    return _range(page.ink_of([picture.handle], picture.box, 0.5)) <= _FLAT * 4


def _range(band: Image) -> int:
    """Returns how far the darkest and the lightest pixel of one channel are apart."""
    used = [value for value, count in enumerate(band.histogram()) if count]
    return used[-1] - used[0] if used else 0
