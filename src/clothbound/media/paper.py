"""Decides the ground on which a transparent picture is seen: white, or dark where all that it draws is white."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from .colour import bands, may_be_transparent, to_srgb

if TYPE_CHECKING:
    from PIL import Image

WHITE, DARK = "#ffffff", "#222222"
_PALE = 200
"""The least value, of 255, that red, green and blue have in a colour that is hard to see on white."""
_VISIBLE = 32
"""The opacity, of 255, from which a pixel counts."""
_MOST_DARK = 0.004
"""The part of the visible pixels that may be darker: what remains at edges where a picture was reduced."""
_ENOUGH = 16
"""The dark pixels that decide in a sample."""
_SAMPLE = 128
"""The pixels of a side of a sample."""
_LEAST_OPEN = 0.05
"""The part of the pixels that must be transparent, so that a pale photograph with round corners is none."""


def ground_of(picture: Image.Image) -> str:
    """Returns the ground on which all that a picture draws is seen: ``DARK`` for white lines that lie on nothing.

    Such drawings come from pages that are dark. Dark lines, also beside white ones, are seen on ``WHITE``.
    """
    if not may_be_transparent(picture) or _is_seen(*_count(_sample(picture))):
        return WHITE
    visible = dark = 0
    for band in bands(picture):
        part = to_srgb(band)
        of_band, of_dark = _count(part)
        visible, dark = visible + of_band, dark + of_dark
        if dark > _MOST_DARK * picture.width * picture.height:
            return WHITE
    is_open = visible <= (1 - _LEAST_OPEN) * picture.width * picture.height
    return DARK if visible and is_open and dark <= _MOST_DARK * visible else WHITE


def _is_seen(visible: int, dark: int) -> bool:
    """Whether of the pixels that are visible enough are dark; a few say nothing about a picture."""
    return dark >= _ENOUGH and dark > _MOST_DARK * visible


def _sample(picture: Image.Image) -> Image.Image:
    """Returns some of the picture's pixels, since dark ones are found among few in nearly every picture."""
    from PIL import Image

    size = min(picture.width, _SAMPLE), min(picture.height, _SAMPLE)
    return to_srgb(picture.resize(size, Image.Resampling.NEAREST))


def _count(picture: Image.Image) -> tuple[int, int]:
    """Counts the pixels that are visible, and those of them that are seen on white."""
    from PIL import ImageChops

    if picture.mode not in ("LA", "RGBA"):
        return picture.width * picture.height, picture.width * picture.height
    *colours, alpha = picture.split()
    visible = alpha.point(lambda value: 255 if value >= _VISIBLE else 0)
    darkest = reduce(ImageChops.darker, colours)
    dark = darkest.point(lambda value: 255 if value < _PALE else 0)
    return visible.histogram()[255], ImageChops.multiply(dark, visible).histogram()[255]
