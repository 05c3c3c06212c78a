"""The book's faces for Typst: static instances of the variable fonts, under names of their own.

Typst takes variable fonts too, at a third more time for the whole book, and sets all sizes in one
optical size. HarfBuzz makes an instance in hundredths of a second. It has the book's own characters
alone: Typst looks through the kerning of all that are there, which is a tenth of its work.
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
"""Points for which the letters of titles are drawn."""
_OF_ENGINE = {*map(chr, range(32, 127)), *"\xa0\xad\u2002\u2010\u2011\u2026\ufffd"}
"""Characters that may be set though no source has them as they are."""
_REGULAR, _SEMIBOLD, _BOLD = 400, 600, 700
_STYLE_NAMES = {_REGULAR: "Regular", _SEMIBOLD: "SemiBold", _BOLD: "Bold"}


@dataclass(frozen=True, slots=True)
class Instance:
    """One static font: where it comes from, and its place on the axes."""

    family: str
    source: FontFile
    weight: int
    size: float = 0
    """The optical size, in points; 0 where the font has none."""

    @property
    def file_name(self) -> str:
        return f"{self.family}-{self.source.style}-{self.weight}.ttf".replace(" ", "")

    def data(self, characters: Iterable[str]) -> bytes:
        """The font with the glyphs of ``characters``, and those that its features make of them."""
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
        made = uharfbuzz.subset(face, wanted)
        return _rename(bytes(made.blob.data), self)


def instances(size: float) -> Iterator[Instance]:
    """All faces of a book whose text is set in ``size`` points."""
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
    """``characters``, and what shaping may put in their place: letters with marks, composed or in
    pieces (Unicode Annex 15).
    """
    found = _OF_ENGINE.union(characters)
    found.update(*(unicodedata.normalize("NFD", c) for c in found if not c.isascii()))
    marks = [c for c in found if unicodedata.combining(c)]
    # A letter of Vietnamese has two.
    for _ in range(2):
        pairs = (unicodedata.normalize("NFC", c + mark) for mark in marks for c in found)
        found.update([pair for pair in pairs if len(pair) == 1])
    return found


def _rename(data: bytes, instance: Instance) -> bytes:
    """The font under our own name, lest one that is installed takes its place."""
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
