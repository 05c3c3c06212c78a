"""What a target takes of pictures, and what a picture became by it."""

from __future__ import annotations

import msgspec

BOOK_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/svg+xml"})
"""What every reading system shows. EPUB 3.3 has WebP as a core media type too (section 3.2), but
Kindle shows nothing for it."""


class PictureRules(msgspec.Struct, frozen=True, kw_only=True):
    """What a target takes. A number of 0 sets no bound.

    A destination gives its own numbers; what a picture needs not for them, it keeps.
    """

    accepted: frozenset[str] = BOOK_TYPES
    """Media types. Others become JPEG or PNG, of which one must be among them; SVG pictures are
    rasterised where ``image/svg+xml`` is not."""
    longest_side: int = 0
    """Pixels of the longer side."""
    max_pixels: int = 0
    """Width times height."""
    max_bytes: int = 0
    """Of one picture's file."""
    alpha: bool = True
    """Whether transparency is taken; else it is laid on white."""
    animated: bool = True
    """Whether animations are taken; else they stop at their first frame."""
    grayscale: bool = False
    """Whether colours become shades of gray."""
    srgb: bool = True
    """Whether colours of another profile are turned into sRGB; else they keep their profile."""
    whole: bool = True
    """Whether a picture that could pass is decoded first, to see that its file is not cut off."""
    jpeg_quality: int = 88
    """1 to 95, for pictures that become JPEG."""

    def __post_init__(self) -> None:
        """Raises ValueError where nothing could be written."""
        if not self.accepted & {"image/jpeg", "image/png"}:
            raise ValueError("of JPEG and PNG, the rules must accept one")


class Converted(msgspec.Struct, frozen=True):
    """A picture as a target takes it.

    Width and height are pixels as it is shown; 0 where an SVG gives none. A rasterised SVG has more
    of them than that, if its own size is known.
    """

    data: bytes
    media_type: str
    width: int
    height: int
    changes: tuple[str, ...] = ()
    """What its author should know: ``first frame of an animation``, say."""
    unmet: str = ""
    """The rule that it could not be made to obey; empty if it obeys all."""
    lost: tuple[str, ...] = ()
    """What it showed, and shows no more: words of an SVG picture that only browsers show, say."""
    told: tuple[str, ...] = ()
    """What the library that read it had to say of it."""
