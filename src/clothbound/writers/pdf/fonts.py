"""The typefaces of a printed book, and the widths of their characters.

They come from the ``fontpkg-*`` distributions, so a page is the same on every machine. They are
registered under names of our own, so that no other installed version replaces them.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from ...language.writing_systems import script_language, script_rules
from ...media import own_fonts
from ...media.own_fonts import OwnFont

_SCHEME = "clothbound:font/"


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file of our own, with the family and style by which style sheets name it."""

    family: str
    style: str
    file: OwnFont

    def data(self) -> bytes:
        return self.file.read()


SERIF, SANS, MONO = "Clothbound Serif", "Clothbound Sans", "Clothbound Mono"

SERIF_ROMAN = FontFile(SERIF, "normal", own_fonts.SERIF)
SERIF_ITALIC = FontFile(SERIF, "italic", own_fonts.SERIF_ITALIC)
SANS_ROMAN = FontFile(SANS, "normal", own_fonts.SANS)
FONT_FILES = (
    SERIF_ROMAN,
    SERIF_ITALIC,
    SANS_ROMAN,
    FontFile(SANS, "italic", own_fonts.SANS_ITALIC),
    FontFile(MONO, "normal", own_fonts.MONO),
    FontFile(MONO, "italic", own_fonts.MONO_ITALIC),
)


@dataclass(frozen=True, slots=True)
class ScriptFace:
    """A face of our own for another script, installed by the extra ``scripts``. It has no italics."""

    language: str
    """A language of the script, as ``writing_systems`` names it."""
    name: str
    """The name that the face has elsewhere."""
    roman: FontFile
    bold: FontFile
    is_serif: bool = True
    """Whether it is a face for books, as opposed to one for screens and signs."""

    @property
    def family(self) -> str:
        return self.roman.family

    @property
    def is_installed(self) -> bool:
        return self.roman.file.is_installed

    @property
    def requirement(self) -> str:
        """The name of the distribution that has the face."""
        return self.roman.file.package.replace("_", "-")

    def fonts(self) -> tuple[StaticFont, ...]:
        return StaticFont(self.family, self.roman, 400), StaticFont(self.family, self.bold, 600)


def _script_face(
    language: str, roman: OwnFont, bold: OwnFont | None = None, *, is_serif: bool = True
) -> ScriptFace:
    family = f"Clothbound {roman.name}"
    regular, heavy = (FontFile(family, "normal", file) for file in (roman, bold or roman))
    return ScriptFace(language, roman.name, regular, heavy, is_serif)


SCRIPT_FACES = (
    _script_face("he", own_fonts.HEBREW),
    _script_face("ar", own_fonts.ARABIC, own_fonts.ARABIC_BOLD),
    _script_face("hi", own_fonts.DEVANAGARI, is_serif=False),
    _script_face("th", own_fonts.THAI, is_serif=False),
)
"""The package index has no serif of Devanagari and Thai."""
_SYSTEM_FACES = {
    "he": ("Noto Serif Hebrew",),
    "ar": ("Noto Naskh Arabic",),
    "hi": ("Noto Serif Devanagari",),
    "th": ("Noto Serif Thai",),
}
"""Faces for books that a system may have."""


def book_faces(language: str) -> tuple[str, ...]:
    """Returns the families that are faces for books in the script of a language (BCP 47), best first; none for Latin,
    Greek and Cyrillic, which every installation has.
    """
    rules = script_rules(language)
    if rules is None:
        return ()
    if rules.indent:
        return (cjk_families(language)["serif"],)
    key = script_language(language)
    own = tuple(face.family for face in SCRIPT_FACES if face.language == key and face.is_serif)
    return (*own, *_SYSTEM_FACES[key])


def script_families() -> tuple[str, ...]:
    """Returns the families for scripts that have faces of our own, as far as these are installed, best first."""
    return tuple(
        family
        for face in installed_script_faces()
        for family in ((() if face.is_serif else _SYSTEM_FACES[face.language]) + (face.family,))
    )


def installed_script_faces() -> list[ScriptFace]:
    return [face for face in SCRIPT_FACES if face.is_installed]


MONO_ADVANCE = 0.6
"""The width of every character of the monospaced face, in em."""

_TEXT_SIZE = 10.4
"""The optical size of the text in points."""
TITLE_SIZE = 28.0
"""The optical size of "Clothbound Display" in points, whatever size it is set in."""
_LAYOUT = (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"STAT", b"DSIG")


@dataclass(frozen=True, slots=True)
class StaticFont:
    """One static font of a variable file.

    From a variable font, WeasyPrint would make a font for each size in use with fontTools, which
    would take a third of the time of a book and of its fonts' bytes.
    """

    family: str
    source: FontFile
    weight: int
    size: float = 0
    """The optical size in points; 0 if the file has none."""

    @property
    def url(self) -> str:
        name = f"{self.family}/{self.source.style}/{self.weight}"
        return _SCHEME + name.replace(" ", "-").lower()

    def data(self, characters: Iterable[str] | None = None) -> bytes:
        """Returns the font with all glyphs, or with those of ``characters`` and those that its features
        substitute.
        """
        return _whole_font(self, ()) if characters is None else self.make_static(characters, ())

    def without_layout(self) -> bytes:
        """Returns the font with all glyphs, without the tables that readers of a PDF do not use."""
        return _whole_font(self, _LAYOUT)

    def make_static(self, characters: Iterable[str] | None, left_out: tuple[bytes, ...]) -> bytes:
        """Returns the font without the tables ``left_out``, with all glyphs or as ``data`` says."""
        import uharfbuzz

        face = uharfbuzz.Face(self.source.data())
        wanted = uharfbuzz.SubsetInput()
        wanted.keep_everything()
        if characters is not None:
            wanted.glyph_set.clear()
            wanted.unicode_set.clear()
            wanted.unicode_set.update(map(ord, characters))
        wanted.pin_all_axes_to_default(face)
        wanted.pin_axis_location(face, "wght", self.weight)
        if self.size:
            wanted.pin_axis_location(face, "opsz", self.size)
        for table in left_out:
            wanted.drop_table_tag_set.add(int.from_bytes(table, "big"))
        data = bytes(uharfbuzz.subset(face, wanted).blob.data)
        is_script = self.family not in (SERIF, SANS, MONO, "Clothbound Display")
        return _level(data, face.upem) if is_script else data


ASCENT, DESCENT = 1.036, 0.335
"""Ascent and descent of the serif face in em, from its table hhea."""
# The places of ascent and descent: of typography in both tables, and of Windows.
_HEIGHTS = {b"hhea": ((">hh", 4),), b"OS/2": ((">hh", 68), (">HH", 74))}


def _level(data: bytes, upem: int) -> bytes:
    """Returns a font with the ascent and the descent of the serif face.

    WeasyPrint puts half of a line's leading above and half below the letters of each face, so lines of two faces whose
    ascent and descent differ would be higher than their leading.
    """
    font = bytearray(data)
    for entry in range(12, 12 + 16 * int.from_bytes(font[4:6], "big"), 16):
        start = int.from_bytes(font[entry + 8 : entry + 12], "big")
        for form, place in _HEIGHTS.get(bytes(font[entry : entry + 4]), ()):
            down = DESCENT if form == ">HH" else -DESCENT
            struct.pack_into(form, font, start + place, round(ASCENT * upem), round(down * upem))
    return bytes(font)


@cache
def _whole_font(font: StaticFont, left_out: tuple[bytes, ...]) -> bytes:
    """Kept for the next book: making all 16 faces takes almost half of the time of a short one."""
    return font.make_static(None, left_out)


def _faces() -> Iterator[StaticFont]:
    for file in FONT_FILES:
        if file.family == SERIF:
            yield StaticFont(SERIF, file, 400, _TEXT_SIZE)
            yield StaticFont(SERIF, file, 600, _TEXT_SIZE)
            yield StaticFont("Clothbound Display", file, 400, TITLE_SIZE)
        elif file.family == SANS:
            for weight in (300, 400, 600):
                yield StaticFont(SANS, file, weight)
        else:
            yield StaticFont(MONO, file, 400)
            yield StaticFont(MONO, file, 700)


FACES = tuple(_faces())
"""The faces that every installation has."""


def faces() -> tuple[StaticFont, ...]:
    """Returns the faces that style sheets may name."""
    return (*FACES, *(font for face in installed_script_faces() for font in face.fonts()))


def font_face_css() -> str:
    """Returns the ``@font-face`` rules, and the families of other scripts as a custom property."""
    others = ", ".join(f'"{family}"' for family in script_families()) or "serif"
    return (
        "\n".join(
            f'@font-face {{ font-family: "{f.family}"; font-style: {f.source.style}; '
            f'font-weight: {f.weight}; src: url("{f.url}"); }}'
            for f in faces()
        )
        + f"\n:root {{ --script-faces: {others}; }}"
    )


_WIDE, _NARROW = 1.0, 0.7
"""Guessed widths in em of characters that fill a square, and of all others of other scripts; rather
too wide."""
_UNITS = 1_000_000
"""The units per em in which HarfBuzz measures widths, so that rounding does not matter."""


def _guess_width(character: str) -> float:
    """Returns the width in em that a character is likely to take in an unknown font."""
    if unicodedata.category(character) == "Mn":
        return 0.0
    return _WIDE if unicodedata.east_asian_width(character) in "WF" else _NARROW


class Measure:
    """Measures text in one face at one optical size, without kerning.

    Without kerning, a width is slightly too large, which is the safe side for text that must fit.
    """

    def __init__(self, font: FontFile, size: float, *, drawn_for: float = 0) -> None:
        """``size`` is in points; ``drawn_for`` is the optical size if it differs."""
        self._file = font
        self.size = size
        self._optical_size = drawn_for or size
        self._widths: dict[str, float] = {}
        self._small_caps_widths: dict[str, float] = {}

    @cached_property
    def _font(self) -> Any:
        import uharfbuzz

        font = uharfbuzz.Font(uharfbuzz.Face(self._file.data()))
        font.scale = (_UNITS, _UNITS)
        font.set_variations({"opsz": self._optical_size, "wght": 400})
        return font

    @cached_property
    def characters(self) -> Collection[int]:
        """The code points that the face contains."""
        return frozenset(self._font.face.unicodes)

    def has(self, text: str) -> bool:
        """Whether the face has every character of ``text``."""
        return all(ord(character) in self.characters for character in text)

    def width(self, text: str) -> float:
        """Returns the width in points of a line of ``text``; that of characters that the face lacks
        is guessed.
        """
        return self._sum(text, self._widths, self._width, 0.0)

    def _width(self, character: str) -> float:
        if ord(character) not in self.characters:
            return _guess_width(character)
        glyph = self._font.get_nominal_glyph(ord(character))
        return float(self._font.get_glyph_h_advance(glyph) / _UNITS)

    def small_caps_width(self, text: str, spacing: float) -> float:
        """Returns the width in points of ``text`` in small capitals with ``spacing`` em between
        letters.
        """
        return self._sum(text, self._small_caps_widths, self._small_caps_width, spacing)

    def _sum(
        self,
        text: str,
        widths: dict[str, float],
        width_of: Callable[[str], float],
        spacing: float,
    ) -> float:
        total = 0.0
        for character in text:
            width = widths.get(character)
            if width is None:
                width = widths[character] = width_of(character)
            total += width + spacing
        return total * self.size

    def _small_caps_width(self, character: str) -> float:
        import uharfbuzz

        if ord(character) not in self.characters:
            return 1.0
        line = uharfbuzz.Buffer()
        line.add_str(character)
        line.guess_segment_properties()
        uharfbuzz.shape(self._font, line, {"smcp": True})
        return float(sum(p.x_advance for p in line.glyph_positions) / _UNITS)

    def cut(self, text: str, room: float, *, small_caps_spacing: float | None = None) -> str:
        """Returns ``text`` if it fits into ``room`` points, else its first words and an
        ellipsis.
        """

        def width(candidate: str) -> float:
            if small_caps_spacing is None:
                return self.width(candidate)
            return self.small_caps_width(candidate, small_caps_spacing)

        if width(text) <= room:
            return text
        words = text.split()
        while len(words) > 1:
            words.pop()
            candidate = " ".join(words).rstrip(",;:.-–—& ") + "…"
            if width(candidate) <= room:
                return candidate
        # The text is one long word, or in a script without spaces.
        candidate = text
        while candidate and width(candidate + "…") > room:
            candidate = candidate[:-1]
        return candidate.rstrip() + "…"


# Longer tags come later, since the last match wins, as in a style sheet.
_REGIONS = {
    "": "JP",
    "zh": "SC",
    "zh-hant": "TC",
    "zh-tw": "TC",
    "zh-hk": "HK",
    "zh-mo": "HK",
    "zh-hant-hk": "HK",
    "zh-hant-mo": "HK",
    "ko": "KR",
}
_FAMILIES = {"serif": "Noto Serif CJK", "sans": "Noto Sans CJK", "mono": "Noto Sans Mono CJK"}


def cjk_families(language: str) -> dict[str, str]:
    """Returns the families for text in ``language``, a BCP 47 tag, by ``serif``, ``sans`` and ``mono``."""
    tag = language.lower()
    region = [r for t, r in _REGIONS.items() if not t or tag == t or tag.startswith(f"{t}-")][-1]
    return {kind: f"{family} {region}" for kind, family in _FAMILIES.items()}


def cjk_css() -> str:
    """Returns a style sheet with these families as custom properties, by the language of each element."""
    return "\n".join(
        f"{f':lang({tag})' if tag else ':root'} {{ "
        + " ".join(f'--cjk-{kind}: "{name}";' for kind, name in cjk_families(tag).items())
        + " }"
        for tag in _REGIONS
    )
