"""Encodes pictures as JPEG or PNG, depending on their content and on the target."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .colour import bands, on_ground
from .paper import WHITE
from .picture_limits import PictureRules

if TYPE_CHECKING:
    from PIL import Image

JPEG, PNG = "image/jpeg", "image/png"
_QUALITIES = (80, 72, 64)
_SHRINK = 0.75
_SMALLEST = 64
"""The longer side, in pixels, below which no picture is scaled down to reduce its bytes."""
_PNG_LEVEL, _PNG_STRATEGY = 5, zlib.Z_DEFAULT_STRATEGY
"""How zlib compresses. Of 141 pictures from blogs, level 6 by Pillow's own strategy, for filtered data, takes two fifths
longer for as many bytes, and level 9 several times as long for 2 to 3 % less.
"""
_FLAT = 0.5
_COLOURS = 256
"""The most colours of a palette."""
_SHADES = 32
"""The most shades of gray of a drawing. A photograph without colours has up to 256."""


def encode_picture(
    picture: Image.Image, rules: PictureRules, *, lossy: bool
) -> tuple[bytes, str, Image.Image]:
    """Encodes a picture; returns the file, its media type, and the picture as it was encoded.

    ``picture`` has mode L, LA, RGB or RGBA. ``lossy`` says that it came from a JPEG or the like, whose
    noise would make a PNG large. The file exceeds ``rules.max_bytes`` only if no attempt stays below it.
    """
    if not takes_alpha(rules):
        picture = on_ground(picture, WHITE)
    transparent = picture.mode in ("LA", "RGBA")
    colours = picture.getcolors(_COLOURS)
    few = colours is not None
    drawn = transparent or (not lossy and (_are_few(colours) or _is_flat(picture)))
    png = PNG in rules.accepted and (drawn or JPEG not in rules.accepted)
    picture = scale_to_fit(picture, rules)
    best: tuple[bytes, str, Image.Image] | None = None
    for attempt in _attempts(picture, rules, png=png, few=few):
        if best is None or len(attempt[0]) < len(best[0]):
            best = attempt
        if not rules.max_bytes or len(best[0]) <= rules.max_bytes:
            break
    assert best is not None
    return best


def takes_alpha(rules: PictureRules) -> bool:
    """Whether a picture may stay transparent."""
    return rules.alpha and PNG in rules.accepted


def scale_to_fit(picture: Image.Image, rules: PictureRules) -> Image.Image:
    """Scales a picture down to the most pixels that the rules allow."""
    width, height = size_within(picture.size, rules)
    return _resize(picture, width, height)


def size_within(size: tuple[int, int], rules: PictureRules) -> tuple[int, int]:
    """Returns the largest size with the same proportions that the rules allow."""
    width, height = size
    scale = 1.0
    if rules.longest_side:
        scale = min(scale, rules.longest_side / max(size))
    if rules.max_pixels:
        scale = min(scale, (rules.max_pixels / (width * height)) ** 0.5)
    if scale == 1.0:
        return size
    # Rounding up could exceed the bound.
    width, height = max(1, int(width * scale + 1e-9)), max(1, int(height * scale + 1e-9))
    if rules.max_pixels:
        width, height = min(width, rules.max_pixels), min(height, rules.max_pixels)
    return width, height


def _attempts(
    picture: Image.Image, rules: PictureRules, *, png: bool, few: bool
) -> Iterator[tuple[bytes, str, Image.Image]]:
    """Yields encodings of the picture, the best first; each is smaller than the last, as a rule."""
    jpeg = JPEG in rules.accepted and picture.mode in ("L", "RGB")
    while True:
        if png:
            yield _png(picture, few=few), PNG, picture
            if picture.mode != "L" and not few:
                yield _png(picture, few=True), PNG, picture
        if jpeg:
            yield _jpeg(picture, rules.jpeg_quality), JPEG, picture
            for quality in _QUALITIES:
                if quality < rules.jpeg_quality:
                    yield _jpeg(picture, quality), JPEG, picture
        if max(picture.size) <= _SMALLEST:
            return
        width, height = (max(1, int(side * _SHRINK)) for side in picture.size)
        picture = _resize(picture, width, height)


def _png(picture: Image.Image, *, few: bool) -> bytes:
    """Encodes a PNG; with ``few`` colours it gets a palette."""
    from PIL import Image

    if few and picture.mode != "L":
        fast = picture.mode != "RGB"
        if picture.mode == "LA":
            picture = picture.convert("RGBA")
        method = Image.Quantize.FASTOCTREE if fast else Image.Quantize.MEDIANCUT
        picture = picture.quantize(_COLOURS, method=method, dither=Image.Dither.NONE)
    return encode_png(picture)


def encode_png(picture: Image.Image) -> bytes:
    """Encodes a PNG in the picture's own mode."""
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=_PNG_LEVEL, compress_type=_PNG_STRATEGY)
    return stream.getvalue()


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=quality, optimize=True, progressive=True)
    return stream.getvalue()


def _resize(picture: Image.Image, width: int, height: int) -> Image.Image:
    if (width, height) == picture.size:
        return picture
    from PIL import Image

    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _are_few(colours: Sequence[tuple[int, Any]] | None) -> bool:
    """Whether ``colours``, as Pillow counts them, are those of a drawing; None are more than a palette's."""
    if colours is None:
        return False
    gray = all(isinstance(colour, int) or len(set(colour[:3])) == 1 for _, colour in colours)
    return not gray or len(colours) <= _SHADES


def _is_flat(picture: Image.Image) -> bool:
    """Whether most pixels equal their neighbours, as in drawings and screenshots, but not in
    photographs.
    """
    from PIL import ImageChops

    width, height = picture.size
    if width < 2:
        return True
    same = 0
    for band in bands(picture):
        gray = band.convert("L")
        left = gray.crop((0, 0, width - 1, gray.height))
        right = gray.crop((1, 0, width, gray.height))
        same += ImageChops.difference(left, right).histogram()[0]
    return same >= _FLAT * (width - 1) * height
