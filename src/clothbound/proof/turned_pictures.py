"""Finds pictures that are printed as their pixels lie, though the Exif block of their file turns them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec

from ..errors import ResourceError
from ..limits import Limits
from ..media.decode import opened, orientation
from ..media.resources import Resource, Resources
from ..model.inlines import Image
from ..model.post import Post
from ..model.walk import walk
from .findings import Finding
from .printed_pages import OpenedPage
from .thresholds import LIKENESS

if TYPE_CHECKING:
    from PIL import Image as Pillow

_SIDE = 16
"""The side in pixels of the small pictures that are compared."""
_TYPES = frozenset(("image/jpeg", "image/png", "image/webp", "image/heic", "image/avif"))


class TurnedPicture(msgspec.Struct, frozen=True):
    """A picture whose file says that its pixels are to be turned, small and in shades of grey."""

    as_stored: bytes
    upright: bytes


def turned_pictures(post: Post, resources: Resources, limits: Limits) -> Iterator[TurnedPicture]:
    """Yields the pictures of a post that are to be turned. What cannot be read here is not printed either."""
    for address in dict.fromkeys(image.src for image in walk(post, Image)):
        if resources.leaves(address):
            continue
        with suppress(ResourceError):
            resource = resources.open(post, address)
            if resource.media_type in _TYPES:
                yield from _read(resource, limits)


def _read(resource: Resource, limits: Limits) -> Iterator[TurnedPicture]:
    from PIL import ImageOps

    with opened(resource, limits) as picture:
        if orientation(picture, resource) > 1:
            upright = ImageOps.exif_transpose(picture)
            yield TurnedPicture(_small(picture), _small(upright))


def check_turned(page: OpenedPage, turned: Sequence[TurnedPicture]) -> Iterator[Finding]:
    """Yields the pictures of a page that are printed as stored."""
    if not turned:
        return
    for picture in page.pictures:
        pixels = None if picture.is_artifact else page.picture_pixels(picture)
        if pixels is None:
            continue
        printed = _small(pixels)
        for one in turned:
            apart = _difference(printed, one.as_stored)
            if apart < LIKENESS.value and 2 * apart < _difference(printed, one.upright):
                yield Finding(
                    check="upside down",
                    page=page.index,
                    box=picture.box,
                    message="a picture is printed as its pixels lie, and its file says that they are to be turned",
                )
                break


def _small(picture: Pillow.Image) -> bytes:
    return picture.convert("L").resize((_SIDE, _SIDE)).tobytes()


def _difference(one: bytes, other: bytes) -> float:
    """Returns the mean difference of the shades of two small pictures."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)
