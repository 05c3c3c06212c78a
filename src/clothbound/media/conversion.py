"""Converts pictures for a target. A picture that obeys the target's rules keeps its pixels as encoded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import structs

from ..errors import ResourceError
from ..late_names import late_module
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from .animation import GIF, as_gif, moves
from .colour import (
    deviates,
    may_be_transparent,
    on_ground,
    opaque_srgb,
    to_gray,
    to_srgb,
    without_idle_alpha,
)
from .decode import opened, orientation
from .encode import PNG, encode_picture, encode_png, size_within, takes_alpha
from .paper import DARK, WHITE, ground_of
from .picture_limits import SVG, Converted, PictureRules
from .picture_metadata import is_lossless_webp, strip_metadata
from .png_damage import png_damage
from .resources import Resource

if TYPE_CHECKING:
    from PIL import Image, ImageFile

    from .svg import cleaning, rasterising
    from .svg import ground as svg_ground
else:
    cleaning = late_module("clothbound.media.svg.cleaning")
    svg_ground = late_module("clothbound.media.svg.ground")
    rasterising = late_module("clothbound.media.svg.rasterising")

# The transposition that makes a picture with this Exif orientation upright.
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_TRIAL = 800
"""The longer side, in pixels, at which a kept SVG picture is drawn as a trial."""
_PALE_IN_SVG = lazy_pattern(
    rb"white|snow|ivory|linen|smoke|cream|rgb|hsl|oklch|#[c-f][0-9a-f](?:[c-f]|[0-9a-f]{2})", re.I
)
_DARK_IN_SVG = lazy_pattern(rb"[\"':\s](?:black|#[0-9][0-9a-f]{2})", re.I)
"""Match how a style names a pale colour and a dark one. A picture that names no pale one draws in dark ones."""
_LAID_ON_DARK = "white on nothing, laid on a dark ground"
_WITH_END = frozenset({"image/gif", "image/jpeg"})
"""The types, beside PNG, whose files end with a mark."""
_LOSSY = frozenset({"image/jpeg", "image/avif", "image/heic"})


def convert_picture(resource: Resource, rules: PictureRules, limits: Limits) -> Converted:
    """Converts a picture for ``rules``.

    A picture that obeys them keeps its encoded pixels and loses only its metadata. Any other is encoded
    again, upright: animations as GIF if the target takes them, transparent pictures and drawings as PNG,
    photographs, and pictures that are too large otherwise, as JPEG. SVG passes through an allow-list.

    Raises ResourceError if the bytes are not a picture, if it has more than ``limits.pixels``, or if the
    package that reads its type is missing.
    """
    if resource.media_type == SVG:
        return _from_svg(resource, rules, limits)
    with opened(resource, limits) as picture:
        if _obeys(picture, resource, rules):
            kept = _keep(picture, resource, rules)
            if kept is not None:
                return kept
        return structs.replace(_fit(picture, resource, rules, limits), damage=_damage(resource))


def _keep(
    picture: ImageFile.ImageFile, resource: Resource, rules: PictureRules
) -> Converted | None:
    """The picture with its pixels as encoded; None if its file has too many bytes or is damaged."""
    data = strip_metadata(resource.data, resource.media_type, keep_profile=not rules.srgb)
    if data is None or not _fits(data, rules):
        return None
    if resource.media_type == PNG:
        if png_damage(data):
            return None
        if not rules.idle_alpha and (opaque := without_idle_alpha(picture)) is not None:
            data = encode_png(opaque)
    elif rules.whole or resource.media_type == GIF:
        # Reading systems show nothing for a truncated file, without a message.
        picture.load()
    return Converted(data, resource.media_type, *picture.size)


def _fit(
    picture: ImageFile.ImageFile, resource: Resource, rules: PictureRules, limits: Limits
) -> Converted:
    if rules.animated and resource.media_type == GIF and GIF in rules.accepted and moves(picture):
        moving = as_gif(picture, rules, limits.pixels)
        if moving is not None:
            return Converted(moving[0], GIF, *moving[1])
        picture.seek(0)
    return _encode_again(picture, resource, rules)


def _damage(resource: Resource) -> str:
    """What is wrong with a file of which a decoder has made a picture; empty if nothing is."""
    if resource.media_type == PNG:
        return png_damage(resource.data)
    whole = strip_metadata(resource.data, resource.media_type, keep_profile=True)
    if resource.media_type in _WITH_END and whole is None:
        return "its end is missing, or its parts do not fit together"
    return ""


def _obeys(picture: Image.Image, resource: Resource, rules: PictureRules) -> bool:
    """Whether the picture obeys all rules, apart from its metadata and its number of bytes."""
    return (
        resource.media_type in rules.accepted
        and orientation(picture, resource) == 1
        and size_within(picture.size, rules) == picture.size
        and (rules.animated or not moves(picture))
        and (rules.alpha or not may_be_transparent(picture))
        and (moves(picture) or ground_of(picture) == WHITE)
        and not (rules.srgb and (deviates(picture) or _is_deep(resource)))
        and (not rules.grayscale or picture.mode in ("1", "L", "LA"))
        and not (rules.srgb and resource.media_type == "image/avif" and _has_profile(picture))
    )


def _fits(data: bytes, rules: PictureRules) -> bool:
    return not rules.max_bytes or len(data) <= rules.max_bytes


def _encode_again(picture: Image.Image, resource: Resource, rules: PictureRules) -> Converted:
    from PIL import Image

    changes = []
    if moves(picture):
        changes.append("an animation, only the first frame of which is shown")
    turn = orientation(picture, resource)
    ground = ground_of(picture)
    if ground == DARK:
        changes.append(_LAID_ON_DARK)
    is_kept_open = takes_alpha(rules) and ground == WHITE
    image = to_srgb(picture) if is_kept_open else opaque_srgb(picture, ground)
    if turn != 1:
        image = image.transpose(Image.Transpose[_TURNS[turn]])
    if rules.grayscale:
        image = to_gray(image)
    data, media_type, written = encode_picture(image, rules, lossy=_is_lossy(resource))
    if media_type != resource.media_type:
        changes.append(f"{resource.media_type} written as {media_type}")
    if written.size != image.size:
        before, after = (f"{width} x {height}" for width, height in (image.size, written.size))
        changes.append(f"{before} pixels made {after}")
    return _finish(data, media_type, written.size, rules, changes)


def _from_svg(resource: Resource, rules: PictureRules, limits: Limits) -> Converted:
    cleaned = cleaning.clean_svg(resource.data)
    data = cleaned.data
    if rasterising.drawn_elements(data) > limits.svg_elements:
        raise ResourceError(f"an SVG picture that draws more than {limits.svg_elements} elements")
    if SVG in rules.accepted and not rules.grayscale and _fits(data, rules):
        return _keep_svg(cleaned, rules, limits)
    image = to_srgb(rasterising.rasterise(data, rules, limits))
    ground = ground_of(image)
    changes = [*cleaned.changes, *([_LAID_ON_DARK] if ground == DARK else [])]
    if rules.grayscale:
        image = to_gray(image)
    # On a black page, black lines on a transparent background would be invisible.
    written, media_type, image = encode_picture(on_ground(image, ground), rules, lossy=False)
    size = rasterising.svg_size(data)
    shown_size = size if all(size) else image.size
    changes.insert(0, f"{SVG} written as {media_type}")
    return structs.replace(
        _finish(written, media_type, shown_size, rules, changes), lost=cleaned.lost
    )


def _keep_svg(cleaned: cleaning.CleanSvg, rules: PictureRules, limits: Limits) -> Converted:
    """Returns a cleaned SVG picture as SVG, on a ground where its target, or its colours, ask for one."""
    data = cleaned.data
    if b"filter" in data:
        # A short filter can keep a reading system busy for days, so draw the picture as a trial.
        rasterising.rasterise(data, structs.replace(rules, longest_side=_TRIAL), limits)
    ground = _ground_of_svg(data, rules, limits)
    changes = cleaned.changes
    if ground == DARK:
        changes = (*changes, _LAID_ON_DARK)
    shown = data if rules.alpha and ground == WHITE else svg_ground.lay_on_ground(data, ground)
    return Converted(shown, SVG, *rasterising.svg_size(data), changes, lost=cleaned.lost)


def _ground_of_svg(data: bytes, rules: PictureRules, limits: Limits) -> str:
    if _DARK_IN_SVG.search(data) or not _PALE_IN_SVG.search(data):
        return WHITE
    try:
        return ground_of(
            rasterising.rasterise(data, structs.replace(rules, longest_side=_TRIAL // 2), limits)
        )
    except ResourceError:
        # Browsers draw more than resvg does.
        return WHITE


def _finish(
    data: bytes, media_type: str, size: tuple[int, int], rules: PictureRules, changes: list[str]
) -> Converted:
    unmet = ""
    if not _fits(data, rules):
        unmet = f"{len(data)} bytes, more than the limit of {rules.max_bytes}"
    return Converted(data, media_type, *size, tuple(changes), unmet)


def _is_lossy(resource: Resource) -> bool:
    """Whether the picture was encoded with loss; WebP is of both kinds."""
    if resource.media_type == "image/webp":
        return not is_lossless_webp(resource.data)
    return resource.media_type in _LOSSY


def _has_profile(picture: Image.Image) -> bool:
    return bool(picture.info.get("icc_profile"))


def _is_deep(resource: Resource) -> bool:
    """Whether a PNG has sixteen bits for a colour (PNG, third edition, section 11.2.1)."""
    return resource.media_type == "image/png" and resource.data[24:25] == b"\x10"
