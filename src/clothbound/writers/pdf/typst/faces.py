"""Makes the book's faces for Typst: static instances of the variable fonts, under names of our own.

Typst accepts variable fonts too, but takes a third more time for the whole book, and uses one
optical size for all type sizes. HarfBuzz makes an instance in hundredths of a second. It contains
only the characters of the book, since Typst searches the kerning of all that exist, which is a
tenth of its work.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from ....language.writing_systems import has_letters
from ..fonts import StaticFont, installed_script_faces

DISPLAY_SIZE = 24.0
"""The optical size of titles in points."""
_OF_ENGINE = {*map(chr, range(32, 127)), *"\xa0\xad\u2002\u2010\u2011\u2026\ufffd"}
"""Characters that may be set although they do not occur in the sources."""
_AM = {"\u0e33": "\u0e4d", "\u0eb3": "\u0ecd"}
_LIGHT, _REGULAR, _SEMIBOLD, _BOLD = 300, 400, 600, 700
_STYLE_NAMES = {_LIGHT: "Light", _REGULAR: "Regular", _SEMIBOLD: "SemiBold", _BOLD: "Bold"}


def file_name(font: StaticFont) -> str:
    return f"{font.family}-{font.source.style}-{font.weight}.ttf".replace(" ", "")


def subset(font: StaticFont, characters: Iterable[str]) -> bytes:
    """Returns a font with the glyphs of ``characters``, under our own name."""
    return _rename(font.data(characters), font)


def script_fonts(characters: str) -> Iterator[StaticFont]:
    """Yields the faces of the other scripts of which ``characters`` has letters."""
    for face in installed_script_faces():
        if has_letters(characters, face.language):
            yield from face.fonts()


def with_equivalents(characters: Iterable[str]) -> set[str]:
    """Returns ``characters`` and those that shaping may substitute: composed or decomposed letters
    with marks (Unicode Annex 15).
    """
    found = _OF_ENGINE.union(characters)
    found.update(*(unicodedata.normalize("NFD", c) for c in found if not c.isascii()))
    # Shapers take the vowel am of Thai and Lao to pieces.
    found.update(mark for vowel, mark in _AM.items() if vowel in found)
    marks = [c for c in found if unicodedata.combining(c)]
    # A Vietnamese letter may have two marks.
    for _ in range(2):
        pairs = (unicodedata.normalize("NFC", c + mark) for mark in marks for c in found)
        found.update([pair for pair in pairs if len(pair) == 1])
    return found


def _rename(data: bytes, static: StaticFont) -> bytes:
    """Returns the font under our own name, so that no installed font replaces it."""
    from fontTools.ttLib import TTFont

    font: Any = TTFont(io.BytesIO(data), lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    italic = " Italic" if static.source.style == "italic" else ""
    style = f"{_STYLE_NAMES[static.weight]}{italic}"
    full = f"{static.family} {style}"
    names = font["name"]
    texts = {
        1: full,
        2: "Regular",
        3: full,
        4: full,
        6: full.replace(" ", "-"),
        16: static.family,
        17: style,
    }
    names.names = [n for n in names.names if n.nameID in (0, 13, 14)]
    for number, text in texts.items():
        names.setName(text, number, 3, 1, 0x409)
    output = io.BytesIO()
    font.save(output, reorderTables=None)
    return output.getvalue()
