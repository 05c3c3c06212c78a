"""Makes the book's faces for Typst: static instances of the variable fonts, under names of our own.

Typst accepts variable fonts too, but takes a third more time for the whole book, and uses one
optical size for all type sizes. HarfBuzz makes an instance in hundredths of a second. It contains
only the characters of the book, since Typst searches the kerning of all that exist, which is a
tenth of its work.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from ....language.writing_systems import has_letters
from ..font_tables import table_of, with_table
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


@lru_cache(maxsize=64)
def subset(font: StaticFont, characters: frozenset[str]) -> bytes:
    """Returns a font with the glyphs of ``characters``, under our own name.

    The faces of two or three books are kept: a post that is set again, or another in plain words, has the same characters.
    """
    return with_table(font.data(characters), "name", _names(font))


def script_fonts(characters: str) -> Iterator[StaticFont]:
    """Yields the faces of the other scripts of which ``characters`` has letters."""
    for face in installed_script_faces():
        if has_letters(characters, face.language):
            yield from face.fonts()


def with_equivalents(characters: Iterable[str]) -> frozenset[str]:
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
    return frozenset(found)


@cache
def _names(static: StaticFont) -> bytes:
    """Returns the table ``name`` with our own name, so that no installed font replaces this one, and with the file's
    licence.
    """
    from fontTools.ttLib import newTable

    names: Any = newTable("name")
    names.decompile(table_of(static.source.data(), "name"), None)
    italic = " Italic" if static.source.style == "italic" else ""
    style = f"{_STYLE_NAMES[static.weight]}{italic}"
    full = f"{static.family} {style}"
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
    return bytes(names.compile(None))
