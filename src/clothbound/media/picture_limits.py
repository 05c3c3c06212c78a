"""The limits of a target for pictures, and the result of a conversion."""

from __future__ import annotations

import msgspec

SVG = "image/svg+xml"
BOOK_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", SVG})
"""The types that every reading system shows. WebP is a core media type of EPUB 3.3 too (section 3.2), but
Kindle does not show it."""


class PictureRules(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of a target; 0 sets none.

    A picture is changed only as far as these limits require.
    """

    accepted: frozenset[str] = BOOK_TYPES
    """The media types that the target takes, with JPEG or PNG among them. Other types become one of these;
    SVG pictures are rasterised unless ``image/svg+xml`` is listed."""
    longest_side: int = 0
    """The most pixels of the longer side."""
    max_pixels: int = 0
    """The most pixels in all, width times height."""
    max_bytes: int = 0
    """The most bytes of a picture's file."""
    alpha: bool = True
    """Whether transparency is accepted. Otherwise the picture is laid on white."""
    idle_alpha: bool = True
    """Whether a PNG may keep an alpha channel through which nothing shows. Otherwise it is encoded again
    without the channel; its colours stay as they are."""
    animated: bool = True
    """Whether animations are accepted. Otherwise only the first frame remains."""
    grayscale: bool = False
    """Whether colours become shades of gray."""
    srgb: bool = True
    """Whether colours with another profile are converted to sRGB. Otherwise they keep the profile."""
    whole: bool = True
    """Whether a JPEG, WebP or AVIF that obeys the limits is decoded too, to detect damage within it. The
    structure of every file is checked in any case, and the pixels of PNG and GIF."""
    jpeg_quality: int = 88
    """The quality of pictures that become JPEG, 1 to 95."""

    def __post_init__(self) -> None:
        """Raises ValueError if neither JPEG nor PNG is accepted."""
        if not self.accepted & {"image/jpeg", "image/png"}:
            raise ValueError("the rules must accept JPEG or PNG")


class Converted(msgspec.Struct, frozen=True):
    """A picture that fits its target.

    ``width`` and ``height`` are the pixels at which it is shown, 0 if an SVG picture gives none. A
    rasterised SVG picture of known size has more pixels than that.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    changes: tuple[str, ...] = ()
    """Changes that its author should know of, such as ``first frame of an animation``."""
    unmet: str = ""
    """The limit that it exceeds; empty if it obeys all of them."""
    lost: tuple[str, ...] = ()
    """Content that it lost, such as words of an SVG picture that only browsers show."""
    damage: str = ""
    """What was wrong with its file, of which the rest is shown; empty if nothing was."""
    library_messages: tuple[str, ...] = ()
    """Messages of the library that read the picture."""
