"""Pictures made fit for a target: another type, upright, no larger than need be."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ..errors import ResourceError
from ..limits import Limits
from ..resources import Resource
from .rules import Converted, PictureRules
from .svg import clean_svg, svg_size

if TYPE_CHECKING:
    from PIL import Image as PillowImage

_FORMATS = ("AVIF", "BMP", "GIF", "ICO", "JPEG", "PNG", "TIFF", "WEBP")
"""What Pillow may decode here. It knows more: for EPS it would run Ghostscript on what was sent."""
ORIENTATION = 0x0112
"""The Exif tag that says how a camera was held."""


def convert(resource: Resource, rules: PictureRules, limits: Limits) -> Converted:
    """The picture unchanged if it obeys the rules, else as JPEG or PNG.

    A picture with transparency becomes PNG, another JPEG. SVG comes through an allow-list. Raises
    ResourceError where the bytes are no picture, or one of more than ``limits.pixels``.
    """
    accepted, longest_side = rules.accepted, rules.longest_side
    if resource.media_type == "image/svg+xml":
        data = clean_svg(resource.data)
        if data is None:
            raise ResourceError("an SVG picture that is not well-formed, or declares entities")
        if resource.media_type in accepted:
            return Converted(data, resource.media_type, *svg_size(data))
        raise ResourceError("an SVG picture, which this target does not take")
    from PIL import Image, UnidentifiedImageError

    try:
        with _open(resource.data) as picture:
            width, height = picture.size
            if width * height > limits.pixels:
                raise ResourceError(f"a picture of {width} x {height} pixels is over the limit")
            upright = picture.getexif().get(ORIENTATION, 1) in (0, 1)
            fits = not longest_side or max(width, height) <= longest_side
            if resource.media_type in accepted and upright and fits:
                # Decoding is the only way to see that a file is whole: a reading system that meets a
                # truncated one shows nothing, and says nothing.
                picture.load()
                return Converted(resource.data, resource.media_type, width, height)
            return _encode(picture, accepted, longest_side)
    except ResourceError:
        raise
    except Image.DecompressionBombError as error:
        raise ResourceError(f"a picture that is over the limit: {error}") from error
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        MemoryError,
    ) as error:
        raise ResourceError(f"not a picture that can be read: {error}") from error
    except Exception as error:  # Pillow's decoders raise struct.error, IndexError, KeyError ...
        raise ResourceError(f"not a picture that can be read: {error!r}") from error


def measure(resource: Resource, limits: Limits) -> tuple[int, int]:
    """Width and height in pixels as a browser shows the picture, by its header alone.

    Raises ResourceError where the bytes are no picture, or one of more than ``limits.pixels``.
    """
    try:
        with _open(resource.data) as picture:
            width, height = picture.size
            turned = picture.getexif().get(ORIENTATION, 1) in (5, 6, 7, 8)
    except Exception as error:  # Pillow's parsers raise struct.error, IndexError, KeyError ...
        raise ResourceError(f"not a picture that can be read: {error}") from error
    if width * height > limits.pixels:
        raise ResourceError(f"a picture of {width} x {height} pixels is over the limit")
    return (height, width) if turned else (width, height)


def _open(data: bytes) -> PillowImage.Image:
    # Pillow registers the other formats only when it is not told which to try.
    from PIL import (
        AvifImagePlugin,  # noqa: F401
        IcoImagePlugin,  # noqa: F401
        Image,
        TiffImagePlugin,  # noqa: F401
        WebPImagePlugin,  # noqa: F401
    )

    return Image.open(io.BytesIO(data), formats=_FORMATS)


def _encode(picture: PillowImage.Image, accepted: frozenset[str], longest_side: int) -> Converted:
    from PIL import ImageOps

    image: PillowImage.Image = ImageOps.exif_transpose(picture)
    transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    few_colours = image.mode in ("1", "P", "L") and picture.format in ("PNG", "GIF", "BMP")
    png = "image/png" in accepted and (transparent or few_colours or "image/jpeg" not in accepted)
    image = image.convert("RGBA" if transparent else "RGB")
    if transparent and not png:
        from PIL import Image

        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    if longest_side and max(image.size) > longest_side:
        image.thumbnail((longest_side, longest_side))
    stream = io.BytesIO()
    if png:
        image.save(stream, "PNG", optimize=True)
        return Converted(stream.getvalue(), "image/png", *image.size)
    image.save(stream, "JPEG", quality=88, optimize=True, progressive=True)
    return Converted(stream.getvalue(), "image/jpeg", *image.size)
