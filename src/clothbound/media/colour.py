"""Converts colours of any kind to sRGB with eight bits, or to shades of gray."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image, ImageCms

_SAME = 3
"""The difference, of 255 steps, up to which two renderings of a colour count as equal."""
_BAND = 4_000_000
"""The number of pixels that are converted at one time."""
_LEVELS = (0, 64, 128, 192, 255)
_SPACES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}


def deviates(picture: Image.Image) -> bool:
    """Whether the picture's colours are not sRGB, or have more than eight bits."""
    if picture.mode not in ("1", "L", "LA", "P", "PA", "RGB", "RGBA"):
        return True
    return _differs(_profile_in(picture), _base_mode(picture))


def may_be_transparent(picture: Image.Image) -> bool:
    """Whether the picture has a channel or a colour for what shows through it."""
    return picture.mode in ("LA", "PA", "RGBA", "RGBa") or "transparency" in picture.info


def without_idle_alpha(picture: Image.Image) -> Image.Image | None:
    """Returns the picture without its alpha channel; None if it has none, or if something shows through it."""
    if picture.mode not in ("LA", "RGBA") or picture.getchannel("A").getextrema() != (255, 255):
        return None
    opaque = picture.convert(picture.mode[:-1])
    opaque.info = {}
    return opaque


def to_srgb(picture: Image.Image) -> Image.Image:
    """Converts the picture to mode L, LA, RGB or RGBA. Ignores a profile that is damaged or for another
    kind of colour.
    """
    profile = _profile_in(picture)
    picture = _eight_bits(picture)
    alpha = None
    if may_be_transparent(picture):
        picture = picture.convert("LA" if picture.mode in ("L", "LA") else "RGBA")
        alpha = picture.getchannel("A")
    if picture.mode in ("1", "LA"):
        picture = picture.convert("L")
    elif picture.mode in ("P", "PA", "RGBA"):
        picture = picture.convert("RGB")
    if _differs(profile, picture.mode):
        picture = _transform(picture, profile) or picture
    if picture.mode == "LAB":
        picture = _transform(picture, b"") or picture
    if picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    if alpha is not None and alpha.getextrema() != (255, 255):
        picture.putalpha(alpha)
    # Encoders write the profile that they find in ``info``.
    picture.info = {}
    return picture


def opaque_srgb(picture: Image.Image, ground: str) -> Image.Image:
    """Does what ``to_srgb`` and ``on_ground`` do, one band at a time to save memory."""
    from PIL import Image

    if picture.mode in ("I", "F"):
        return on_ground(to_srgb(picture), ground)
    whole: Image.Image | None = None
    top = 0
    for band in bands(picture):
        part = on_ground(to_srgb(band), ground)
        if part.height == picture.height:
            return part
        whole = whole or Image.new(part.mode, picture.size)
        whole.paste(part, (0, top))
        top += part.height
    assert whole is not None
    return whole


def bands(picture: Image.Image) -> Iterator[Image.Image]:
    """Yields the picture from top to bottom, in bands small enough that their memory does not matter."""
    rows = max(1, _BAND // picture.width)
    for top in range(0, picture.height, rows):
        yield picture.crop((0, top, picture.width, min(top + rows, picture.height)))


def to_gray(picture: Image.Image) -> Image.Image:
    """Removes the colours of a picture in one of the modes that ``to_srgb`` returns."""
    return picture.convert("LA" if picture.mode in ("LA", "RGBA") else "L")


def on_ground(picture: Image.Image, colour: str) -> Image.Image:
    """Lays a picture in one of the modes that ``to_srgb`` returns on a colour."""
    if picture.mode not in ("LA", "RGBA"):
        return picture
    from PIL import Image

    ground = Image.new("L" if picture.mode == "LA" else "RGB", picture.size, colour)
    ground.paste(picture.convert(ground.mode), mask=picture.getchannel("A"))
    return ground


def _eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("I", "F"):
        # Integers and floats have no fixed scale, so stretch them from the darkest to the lightest.
        floats = picture.convert("F")
        low, high = (float(bound) for bound in floats.getextrema())  # type: ignore[arg-type]
        scale = 255 / (high - low) if high > low else 0.0
        return floats.point(lambda value: value * scale - low * scale).convert("L")
    return picture


def _base_mode(picture: Image.Image) -> str:
    return {"1": "L", "LA": "L"}.get(
        picture.mode, "RGB" if picture.mode != "CMYK" else picture.mode
    )


def _profile_in(picture: Image.Image) -> bytes:
    """Returns the bytes of the picture's profile, empty if it has none."""
    return picture.info.get("icc_profile") or b""


# Most pictures of a book have one of a few profiles, and a transform takes milliseconds to build.
@lru_cache(maxsize=4)
def _differs(profile: bytes, mode: str) -> bool:
    """Whether colours of this mode change when they are converted from the profile to sRGB.

    A trial decides, since many profiles are sRGB under another name.
    """
    read = _read_profile(profile)
    if read is None or _SPACES.get(read.profile.xcolor_space) != mode:
        return False
    if mode not in ("L", "RGB"):
        return True
    from PIL import Image, ImageChops

    if mode == "L":
        colours = Image.new("L", (len(_LEVELS), 1))
        colours.putdata(_LEVELS)
    else:
        colours = Image.new("RGB", (len(_LEVELS) ** 3, 1))
        colours.putdata([(r, g, b) for r in _LEVELS for g in _LEVELS for b in _LEVELS])
    changed = _transform(colours, profile)
    if changed is None:
        return False
    difference = ImageChops.difference(changed, colours.convert(changed.mode))
    return any(difference.convert("L").histogram()[_SAME + 1 :])


def _transform(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """Returns the picture in sRGB, None if it cannot be converted; an empty ``profile`` stands for CIE Lab."""
    from PIL import ImageCms

    try:
        return ImageCms.applyTransform(picture, _transform_from(profile, picture.mode))
    except (OSError, ValueError, ImageCms.PyCMSError):
        return None


@lru_cache(maxsize=4)
def _transform_from(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform:
    from PIL import ImageCms

    return ImageCms.buildTransform(
        _read_profile(profile) or ImageCms.createProfile("LAB"),
        ImageCms.createProfile("sRGB"),
        mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _read_profile(data: bytes) -> ImageCms.ImageCmsProfile | None:
    """Reads a profile; None if there is none, or if it is damaged."""
    if not data:
        return None
    from PIL import ImageCms

    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(data))
    except (OSError, ImageCms.PyCMSError):
        return None
