"""Fits animations to a target frame by frame."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from .colour import on_ground, to_gray, to_srgb
from .encode import scale_to_fit
from .paper import WHITE
from .picture_limits import PictureRules

if TYPE_CHECKING:
    from PIL import Image, ImageFile

GIF = "image/gif"
_COLOURS = 256
_SCALES = (1.0, 0.75, 0.5)
"""The factors by which an animation is scaled down to reduce its bytes."""


def moves(picture: Image.Image) -> bool:
    """Whether the picture has more frames than one."""
    return bool(getattr(picture, "is_animated", False))


def as_gif(
    picture: ImageFile.ImageFile, rules: PictureRules, most_pixels: int
) -> tuple[bytes, tuple[int, int]] | None:
    """Encodes all frames of an animation on white within ``rules``; keeps durations and repetitions.

    Returns the GIF and its size in pixels. Returns None if all frames together exceed ``most_pixels``,
    if half the size is still over ``rules.max_bytes``, or if the frames are equal at that size.
    """
    count: int = getattr(picture, "n_frames", 1)
    if count * picture.width * picture.height > most_pixels:
        return None
    loop = picture.info.get("loop")
    frames, durations = [], []
    for number in range(count):
        picture.seek(number)
        durations.append(picture.info.get("duration", 0))
        frame = scale_to_fit(on_ground(to_srgb(picture.copy()), WHITE), rules)
        frames.append(to_gray(frame) if rules.grayscale else frame)
    for scale in _SCALES:
        size = tuple(max(1, int(side * scale)) for side in frames[0].size)
        data = _write([_scale(frame, size) for frame in frames], durations, loop)
        if not rules.max_bytes or len(data) <= rules.max_bytes:
            return (data, (size[0], size[1])) if holds_frames(data) else None
    return None


def holds_frames(data: bytes) -> bool:
    """Whether the file of a picture has more frames than one. Pillow writes frames that are equal once."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as picture:
        return moves(picture)


def _scale(frame: Image.Image, size: tuple[int, ...]) -> Image.Image:
    from PIL import Image

    if frame.size != size:
        frame = frame.resize((size[0], size[1]), Image.Resampling.LANCZOS)
    return frame if frame.mode == "L" else frame.quantize(_COLOURS, dither=Image.Dither.NONE)


def _write(frames: list[Image.Image], durations: list[int], loop: int | None) -> bytes:
    stream = io.BytesIO()
    turns = {} if loop is None else {"loop": loop}
    frames[0].save(
        stream, "GIF", save_all=True, append_images=frames[1:], duration=durations, **turns
    )
    return stream.getvalue()
