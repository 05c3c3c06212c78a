"""Finds the typefaces of a drawn cover: our own, or one of the system's for scripts that ours lack."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ..isolated import run_program
from ..media.own_fonts import ARABIC, DEVANAGARI, HEBREW, SERIF, SERIF_ITALIC, THAI
from .title_fit import MOST_CHARACTERS

if TYPE_CHECKING:
    from PIL import ImageFont

_SECONDS = 20
_FAMILIES = ("serif", "sans-serif")
_VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Variation selectors. They choose between coloured and plain characters and are invisible themselves."""
# Letters of these scripts change with their neighbours, so they need a text shaper.
_NEEDS_SHAPING = ("ARABIC", "HEBREW", "SYRIAC", "DEVANAGARI", "BENGALI", "TAMIL", "THAI", "KHMER")


_SCRIPTS = (HEBREW, ARABIC, DEVANAGARI, THAI)
"""The faces of other scripts that an extra installs."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font file. Only our face for Latin letters has axes for weight and optical size that are used."""

    path: str
    index: int = 0
    is_ours: bool = True
    is_latin: bool = True

    def at(self, size: int, weight: int) -> ImageFont.FreeTypeFont:
        """Returns the face at ``size`` pixels. A face of the system's has no ``weight`` other than its own."""
        from PIL import ImageFont

        if not self.is_latin:
            font = ImageFont.truetype(self.path, size, self.index)
            if self.is_ours:
                _set_weight(font, weight)
            return font
        # The other layout engine kerns differently and is not in every build of Pillow.
        font = ImageFont.truetype(self.path, size, layout_engine=ImageFont.Layout.BASIC)
        font.set_variation_by_axes([weight, 60 if size > 60 else 32])
        return font


def _set_weight(font: ImageFont.FreeTypeFont, weight: int) -> None:
    """Sets the axis of weights of a variable font; others stay as the font has them."""
    try:
        axes = font.get_variation_axes()
    except OSError:  # not a variable font
        return
    font.set_variation_by_axes(
        [weight if axis["name"] == b"Weight" else axis["default"] or 0 for axis in axes]
    )


Sized: TypeAlias = "Callable[[int], ImageFont.FreeTypeFont]"
"""Returns a font for a size in pixels."""


def sized(face: Face, weight: int) -> Sized:
    return partial(face.at, weight=weight)


@dataclass(frozen=True, slots=True)
class Line:
    """A text and a face that has its characters.

    ``missing`` lists the characters that no face has; a text with such characters is not drawn.
    ``left_out`` lists those that were removed from the text. ``language`` decides about its capitals and breaks.
    """

    text: str
    face: Face
    missing: str = ""
    left_out: str = ""
    language: str = ""


def line(text: str, *, italic: bool = False, language: str = "") -> Line:
    """Returns ``text`` with a face for it, without emoji and similar characters that our face lacks.

    Of a longer text it has the first ``MOST_CHARACTERS``.
    """
    text = text[:MOST_CHARACTERS]
    ours = Face((SERIF_ITALIC if italic else SERIF).path)
    known = _read_characters(ours)
    given = [c for c in unicodedata.normalize("NFC", text) if c not in _VARIANTS]
    kept = "".join(
        c
        for c in given
        if ord(c) in known or unicodedata.category(c)[0] in "LNM" or c.isspace() or _is_wide(c)
    )
    gone = "".join(c for c in given if c not in kept and unicodedata.category(c)[0] != "C")
    kept = " ".join(kept.split())
    lacking = [c for c in kept if ord(c) not in known]
    if not lacking:
        return Line(kept, ours, left_out=gone, language=language)
    face = _find_script_face(kept)
    if face is None:
        return Line("", ours, "".join(dict.fromkeys(lacking)), gone)
    return Line(kept, face, left_out=gone, language=language)


def _is_wide(character: str) -> bool:
    """Whether the character is punctuation of Chinese, Japanese or Korean."""
    return unicodedata.category(character)[0] == "P" and (
        unicodedata.east_asian_width(character) in "WF"
    )


def _read_characters(face: Face) -> frozenset[int]:
    """Returns the code points of a face; none if HarfBuzz cannot read it (bitmap fonts, Type 1)."""
    import uharfbuzz

    try:
        data = Path(face.path).read_bytes()
    except OSError:
        return frozenset()
    return frozenset(uharfbuzz.Face(uharfbuzz.Blob(data), face.index).unicodes)


def _find_script_face(text: str) -> Face | None:
    """Returns a face that has every character of ``text``: one that an extra installs, or one of the system's."""
    from PIL import features

    shaped = any(unicodedata.name(c, "").startswith(_NEEDS_SHAPING) for c in text)
    if shaped and not features.check("raqm"):
        return None
    wanted = frozenset(map(ord, text)) - {0x20}
    own = (Face(font.path, is_latin=False) for font in _SCRIPTS if font.is_installed)
    found = next((face for face in own if wanted <= _read_characters(face)), None)
    return found or _find_system_face(text, wanted)


def _find_system_face(text: str, wanted: frozenset[int]) -> Face | None:
    """Asks fontconfig for a face of the system that has the ``wanted`` characters of ``text``."""
    program = shutil.which("fc-match")
    if program is None:
        return None
    characters = " ".join(f"{ord(c):x}" for c in dict.fromkeys(text) if not c.isspace())
    faces = (_match_face(program, f"{family}:charset={characters}") for family in _FAMILIES)
    return next((face for face in faces if face and wanted <= _read_characters(face)), None)


def _match_face(program: str, pattern: str) -> Face | None:
    query = [program, "--format=%{file}\n%{index}", pattern]
    path, _, index = (run_program(query, seconds=_SECONDS) or "").partition("\n")
    if not index.isdecimal():
        return None
    # The upper 16 bits count the named instances of a variable font.
    return Face(path, int(index) & 0xFFFF, is_ours=False, is_latin=False)
