"""Opens pictures by their bytes, within bounds."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..errors import ResourceError
from ..installer import command_to_add
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from .pillow_lines import hearing, listen
from .png_damage import has_late_exif
from .resources import Resource
from .sniffing import sniff

if TYPE_CHECKING:
    from PIL import Image, ImageFile

# Pillow's ``Image.open`` tries every registered format, and for EPS it would run Ghostscript on the data.
# It also prints a warning for large pictures, for which we have a limit.
_DECODERS = {
    "image/avif": "PIL.AvifImagePlugin:AvifImageFile",
    "image/bmp": "PIL.BmpImagePlugin:BmpImageFile",
    "image/gif": "PIL.GifImagePlugin:GifImageFile",
    "image/heic": "pillow_heif:HeifImageFile",
    "image/jpeg": "PIL.JpegImagePlugin:JpegImageFile",
    "image/png": "PIL.PngImagePlugin:PngImageFile",
    "image/tiff": "PIL.TiffImagePlugin:TiffImageFile",
    "image/webp": "PIL.WebPImagePlugin:WebPImageFile",
    "image/x-icon": "PIL.IcoImagePlugin:IcoImageFile",
}
_RARELY_READ = frozenset({"image/avif", "image/heic"})
_CUT_OFF = lazy_pattern("truncated|broken|decoder object|cannot decode", re.I)
"""Matches the messages of Pillow and its libraries about truncated files."""
ORIENTATION = 0x0112
"""The Exif tag of the orientation."""


@contextmanager
def opened(resource: Resource, limits: Limits) -> Iterator[ImageFile.ImageFile]:
    """Opens the picture without decoding its pixels.

    Raises ResourceError if the bytes are not a picture of a known type, or have more than
    ``limits.pixels``, and for the errors of decoding within the ``with`` block.
    """
    try:
        with _decoder(resource.media_type)(io.BytesIO(resource.data)) as picture:
            width, height = picture.size
            if width * height > limits.pixels:
                raise ResourceError(f"a picture of {width} x {height} pixels exceeds the limit")
            yield picture
    except ResourceError:
        raise
    except Exception as error:
        # Pillow's decoders raise SyntaxError, struct.error, IndexError and others, whose messages
        # concern their code. Messages of OSError are kept if they name an unsupported format.
        message = f"it is {resource.media_type}, truncated or damaged"
        if isinstance(error, OSError) and not _CUT_OFF.search(str(error)):
            message = str(error)
        raise ResourceError(f"not a picture that can be read: {message}") from error


def measure(resource: Resource, limits: Limits) -> tuple[int, int]:
    """Reads width and height in pixels, as a browser shows the picture, from its header.

    Raises ResourceError if the bytes are not a picture or have more than ``limits.pixels``.
    """
    with opened(resource, limits) as picture:
        width, height = picture.size
        return (height, width) if orientation(picture, resource) >= 5 else (width, height)


def is_readable(data: bytes, limits: Limits) -> bool:
    """Whether a picture can be decoded here, as far as its header tells.

    Only HEIC and AVIF are examined: many machines lack a decoder for them, or have one that cannot
    read them all.
    """
    media_type = sniff(data)
    if media_type not in _RARELY_READ:
        return True
    try:
        with hearing():
            measure(Resource(data, media_type), limits)
    except ResourceError:
        return False
    return True


def orientation(picture: Image.Image, resource: Resource) -> int:
    """Returns the Exif orientation of the picture, 1 to 8; 1 is upright.

    Raises errors of decoding if a PNG has Exif behind its pixels.
    """
    if picture.format == "TIFF":
        # Pillow gives the size of the upright picture and turns the pixels when it reads them.
        return 1
    read_exif = picture.getexif
    if picture.format == "PNG":
        # A PNG's own ``getexif`` decodes the pixels first, and its errors would be taken for errors of Exif.
        if has_late_exif(resource.data):
            picture.load()
        read_exif = partial(_image().getexif, picture)
    try:
        value = read_exif().get(ORIENTATION, 1)
    except Exception:  # ignore a damaged Exif block
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _image() -> type[Image.Image]:
    from PIL import Image

    return Image.Image


def _decoder(media_type: str) -> Any:
    name = _DECODERS.get(media_type)
    if media_type == "application/gzip":
        raise ResourceError(
            "a compressed file instead of a picture",
            hint="if it is SVG, unpack it: gunzip < NAME.svgz > NAME.svg",
        )
    if name is None:
        raise ResourceError(f"not a picture that can be read: its bytes are {media_type}")
    module, _, kind = name.partition(":")
    try:
        decoder = getattr(import_module(module), kind)
        listen()
        return decoder
    except ImportError as error:
        if media_type != "image/heic":
            raise
        raise ResourceError(
            "a HEIC picture, for which a package is missing",
            hint=f"{command_to_add('pillow-heif')}, or export the picture as JPEG",
        ) from error
