"""Reads the font files of a theme of one's own."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from .fonts import (
    DISPLAY,
    FONT_FILES,
    MONO,
    OWN_FONTS,
    SERIF,
    BookFonts,
    FontFile,
    FontOnDisk,
    Measure,
)

_ITALIC, _BOLD_TITLES = 1, (400, 600)
_RESTRICTED = 2
"""The bit of ``fsType`` by which a font forbids embedding."""
_SAMPLE = "MiIl1.@w"


class FontFileError(Exception):
    """A file cannot be a face of a book; the message continues its name."""


def read_font(path: Path, family: str) -> FontFile:
    """Returns a font file as one of ``family``. Raises FontFileError."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        state = path.stat()
        font: Any = TTFont(io.BytesIO(path.read_bytes()), lazy=True)
        table = font["OS/2"]
        name = font["name"].getBestFamilyName() or path.stem
        is_variable = "fvar" in font and any(axis.axisTag == "wght" for axis in font["fvar"].axes)
        font.getGlyphOrder(), font.getBestCmap()
    except (TTLibError, OSError, KeyError, AssertionError, ValueError) as error:
        raise FontFileError("is not a font") from error
    if table.fsType & 0xF == _RESTRICTED:
        raise FontFileError("forbids to be embedded in a file")
    style = "italic" if table.fsSelection & _ITALIC else "normal"
    file = FontOnDisk(str(path), name, (state.st_mtime_ns, state.st_size))
    return FontFile(family, style, file, 0 if is_variable else table.usWeightClass)


def set_fonts(files: Sequence[FontFile]) -> BookFonts:
    """Returns the fonts of a book in which ``files`` replace ours, role by role.

    Raises FontFileError if the face of code is not monospaced.
    """
    if not files:
        return OWN_FONTS
    replaced = {file.family for file in files}
    kept = tuple(file for file in FONT_FILES if file.family not in replaced)
    if SERIF in replaced and DISPLAY not in replaced:
        titles = tuple(
            FontFile(DISPLAY, f.style, f.file, f.weight) for f in files if f.family == SERIF
        )
    else:
        titles = ()
    fonts = BookFonts((*kept, *files, *titles))
    ascent, descent, capitals = OWN_FONTS.ascent, OWN_FONTS.descent, OWN_FONTS.capitals
    if {SERIF, DISPLAY} & replaced:
        ascent, descent, capitals = _heights(fonts.find(DISPLAY))
    return BookFonts(
        fonts.files,
        mono_advance=_advance(fonts.find(MONO)) if MONO in replaced else OWN_FONTS.mono_advance,
        title_weights=_BOLD_TITLES if DISPLAY in replaced else OWN_FONTS.title_weights,
        ascent=ascent,
        descent=descent,
        capitals=capitals,
    )


def missing_in_titles(fonts: BookFonts, slant: str, case: str) -> Iterator[str]:
    """Yields what the face of titles lacks for titles in a style of ``SLANTS``, and in the letters of ``title-case``."""
    face = fonts.find(DISPLAY, slant)
    if face.style != slant:
        yield f"{face.file.name}, the face of titles, has no italic: they stand upright"
    if case == "small-caps" and not Measure(face, 10).has_small_caps():
        yield f"{face.file.name}, the face of titles, has no small capitals: they stand as they are written"


def _heights(file: FontFile) -> tuple[float, float, float]:
    """Returns ascent, descent, and the height of capitals, in em."""
    import uharfbuzz

    face = uharfbuzz.Face(file.data())
    font = uharfbuzz.Font(face)
    extents = font.get_font_extents("ltr")
    glyph = font.get_nominal_glyph(ord("H"))
    high = font.get_glyph_extents(glyph).y_bearing if glyph else 0.7 * face.upem
    return extents.ascender / face.upem, -extents.descender / face.upem, high / face.upem


def _advance(file: FontFile) -> float:
    """Returns the width of the letters of a monospaced face in em."""
    import uharfbuzz

    face = uharfbuzz.Face(file.data())
    font = uharfbuzz.Font(face)
    widths = {
        font.get_glyph_h_advance(font.get_nominal_glyph(ord(letter)) or 0) for letter in _SAMPLE
    }
    if len(widths) != 1:
        raise FontFileError(f"{file.file.name} is not monospaced")
    return float(widths.pop() / face.upem)
