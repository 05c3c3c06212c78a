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
from dataclasses import dataclass
from typing import Any

from ..fonts import FONT_FILES, FontFile

SERIF, DISPLAY, SANS, MONO = (
    "Clothbound Serif",
    "Clothbound Display",
    "Clothbound Sans",
    "Clothbound Mono",
)
DISPLAY_SIZE = 24.0
"""The optical size of titles in points."""
_OF_ENGINE = {*map(chr, range(32, 127)), *"\xa0\xad\u2002\u2010\u2011\u2026\ufffd"}
"""Characters that may be set although they do not occur in the sources."""
_REGULAR, _SEMIBOLD, _BOLD = 400, 600, 700
_STYLE_NAMES = {_REGULAR: "Regular", _SEMIBOLD: "SemiBold", _BOLD: "Bold"}


@dataclass(frozen=True, slots=True)
class Instance:
    """One static font: its variable font, and its position on the axes."""

    family: str
    source: FontFile
    weight: int
    size: float = 0
    """The optical size in points; 0 if the font has none."""

    @property
    def file_name(self) -> str:
        return f"{self.family}-{self.source.style}-{self.weight}.ttf".replace(" ", "")

    def data(self, characters: Iterable[str]) -> bytes:
        """Returns the font with the glyphs of ``characters``, and those that its features
        substitute.
        """
        import uharfbuzz

        face = uharfbuzz.Face(self.source.data())
        wanted = uharfbuzz.SubsetInput()
        wanted.keep_everything()
        wanted.glyph_set.clear()
        wanted.unicode_set.clear()
        wanted.unicode_set.update(map(ord, characters))
        wanted.pin_axis_location(face, "wght", self.weight)
        if self.size:
            wanted.pin_axis_location(face, "opsz", self.size)
        subset = uharfbuzz.subset(face, wanted)
        return _rename(bytes(subset.blob.data), self)


def instances(size: float) -> Iterator[Instance]:
    """Yields all faces of a book whose text is set in ``size`` points."""
    for font in FONT_FILES:
        if font.family == SERIF:
            yield Instance(SERIF, font, _REGULAR, size)
            yield Instance(SERIF, font, _SEMIBOLD, size)
            yield Instance(DISPLAY, font, _REGULAR, DISPLAY_SIZE)
        elif font.family == SANS:
            yield Instance(SANS, font, _REGULAR)
            yield Instance(SANS, font, _SEMIBOLD)
        else:
            yield Instance(MONO, font, _REGULAR)
            yield Instance(MONO, font, _BOLD)


def with_equivalents(characters: Iterable[str]) -> set[str]:
    """Returns ``characters`` and those that shaping may substitute: composed or decomposed letters
    with marks (Unicode Annex 15).
    """
    found = _OF_ENGINE.union(characters)
    found.update(*(unicodedata.normalize("NFD", c) for c in found if not c.isascii()))
    marks = [c for c in found if unicodedata.combining(c)]
    # A Vietnamese letter may have two marks.
    for _ in range(2):
        pairs = (unicodedata.normalize("NFC", c + mark) for mark in marks for c in found)
        found.update([pair for pair in pairs if len(pair) == 1])
    return found


def _rename(data: bytes, instance: Instance) -> bytes:
    """Returns the font under our own name, so that no installed font replaces it."""
    from fontTools.ttLib import TTFont

    font: Any = TTFont(io.BytesIO(data), lazy=True, recalcTimestamp=False, recalcBBoxes=False)
    italic = " Italic" if instance.source.style == "italic" else ""
    style = f"{_STYLE_NAMES[instance.weight]}{italic}"
    full = f"{instance.family} {style}"
    names = font["name"]
    texts = {
        1: full,
        2: "Regular",
        3: full,
        4: full,
        6: full.replace(" ", "-"),
        16: instance.family,
        17: style,
    }
    names.names = [n for n in names.names if n.nameID in (0, 13, 14)]
    for number, text in texts.items():
        names.setName(text, number, 3, 1, 0x409)
    output = io.BytesIO()
    font.save(output, reorderTables=None)
    return output.getvalue()
