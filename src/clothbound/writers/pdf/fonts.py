"""The typefaces of a printed book, and the widths of their characters.

They come from the ``fontpkg-*`` distributions, so a page is the same on every machine. They are
registered under names of our own, so that no other installed version replaces them.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ...language.writing_systems import marks_of, script_language, script_rules
from ...lazy_pattern import lazy_pattern
from ...media import own_fonts
from ...media.own_fonts import OwnFont

_SCHEME = "clothbound:font/"


@dataclass(frozen=True, slots=True)
class FontOnDisk:
    """A font file of a theme. ``name`` is that of its typeface."""

    path: str
    name: str
    version: tuple[int, int] = (0, 0)
    """When the file was changed, and its size, by which what is kept of it ends with it."""

    def read(self) -> bytes:
        return Path(self.path).read_bytes()


@dataclass(frozen=True, slots=True)
class FontFile:
    """A font file, with the family and style by which style sheets name it."""

    family: str
    style: str
    file: OwnFont | FontOnDisk
    weight: int = 0
    """The only weight of the file; 0 for a variable font, which has all."""

    def data(self) -> bytes:
        return self.file.read()


SERIF, SANS, MONO = "Clothbound Serif", "Clothbound Sans", "Clothbound Mono"
DISPLAY, RESERVE = "Clothbound Display", "Clothbound Reserve"
"""The face of titles, and our own serif where a theme has another, for the characters that this one lacks."""
SIGNS = "Clothbound Signs"
"""The face of mathematical signs in text that the other faces lack."""
OF_WORDS = " Of Words"
"""Ends the names of families for Latin words in a book whose own script sets dashes and quotation marks."""

_SIGNS_FILE = FontFile(SIGNS, "normal", own_fonts.SIGNS)
SIGN = lazy_pattern("[\u2100-\u214f\u2190-\u22ff\u27c0-\u27ef\u2900-\u2aff\U0001d400-\U0001d7ff]")
"""Matches letters and signs of mathematics, and arrows."""
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
    own: OwnFont
    roman: FontFile
    bold: FontFile
    is_serif: bool = True
    """Whether it is a face for books, as opposed to one for screens and signs."""

    @property
    def family(self) -> str:
        return self.roman.family

    @property
    def is_installed(self) -> bool:
        return self.own.is_installed

    @property
    def package(self) -> str:
        """The name of the package that has the face, as an installer takes it."""
        return self.own.package.replace("_", "-")

    def fonts(self) -> tuple[StaticFont, ...]:
        return StaticFont(self.family, self.roman, 400), StaticFont(self.family, self.bold, 600)


def _script_face(
    language: str, roman: OwnFont, bold: OwnFont | None = None, *, is_serif: bool = True
) -> ScriptFace:
    family = f"Clothbound {roman.name}"
    regular, heavy = (FontFile(family, "normal", file) for file in (roman, bold or roman))
    return ScriptFace(language, roman.name, roman, regular, heavy, is_serif)


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


def own_families(language: str) -> tuple[str, ...]:
    """Returns the families for the script of a language (BCP 47), of ours and of the system."""
    key = script_language(language)
    ours = tuple(face.family for face in SCRIPT_FACES if face.language == key)
    return (*ours, *_SYSTEM_FACES.get(key, ()), *cjk_families(language).values())


def own_marks(language: str) -> str:
    """Returns the marks that a book of a language (BCP 47) sets in the face of its script, if there is one."""
    own = [face for face in SCRIPT_FACES if face.language == script_language(language)]
    return marks_of(language) if all(face.is_installed for face in own) else ""


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
    without: str = ""
    """The characters that are left out, since another face has them."""
    only: str = ""
    """The characters that the font has; empty for those of its file."""

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
        """Returns the font with all glyphs of ``data``, without the tables that readers of a PDF do not use."""
        return _whole_font(self, _LAYOUT)

    def make_static(self, characters: Iterable[str] | None, left_out: tuple[bytes, ...]) -> bytes:
        """Returns the font without the tables ``left_out``, with all glyphs or as ``data`` says."""
        import uharfbuzz

        face = uharfbuzz.Face(self.source.data())
        wanted = uharfbuzz.SubsetInput()
        wanted.keep_everything()
        characters = self.only or characters
        if characters is not None:
            wanted.glyph_set.clear()
            wanted.unicode_set.clear()
            wanted.unicode_set.update(map(ord, characters))
        if self.without:
            font = uharfbuzz.Font(face)
            for code in map(ord, self.without):
                wanted.unicode_set.discard(code)
                # HarfBuzz keeps a character whose glyph is wanted.
                wanted.glyph_set.discard(font.get_nominal_glyph(code) or 0)
        wanted.pin_all_axes_to_default(face)
        wanted.pin_axis_location(face, "wght", self.weight)
        if self.size:
            wanted.pin_axis_location(face, "opsz", self.size)
        wanted.drop_table_tag_set.update(int.from_bytes(table, "big") for table in left_out)
        data = bytes(uharfbuzz.subset(face, wanted).blob.data)
        family = self.family.removesuffix(OF_WORDS)
        is_script = family not in (SERIF, SANS, MONO, DISPLAY)
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
    if not (font.without and left_out):
        return font.make_static(None, left_out)
    # Substitutions reach some glyphs of characters that are left out. Without these tables they would go, and the
    # glyphs behind them, which pages name by their numbers, would have others.
    return _without_tables(_whole_font(font, ()), left_out)


def _without_tables(data: bytes, tables: tuple[bytes, ...]) -> bytes:
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.keep_everything()
    wanted.drop_table_tag_set.update(int.from_bytes(table, "big") for table in tables)
    return bytes(uharfbuzz.subset(uharfbuzz.Face(data), wanted).blob.data)


_SEMIBOLD, _BOLD, _LEAST_BOLD = 600, 700, 500


@dataclass(frozen=True, slots=True)
class BookFonts:
    """The fonts of a book. Their families are names of our own, by role: text, titles, headings and code.

    A theme of one's own replaces the files of a role, so style sheets and layout code name no typeface.
    """

    files: tuple[FontFile, ...] = FONT_FILES
    mono_advance: float = MONO_ADVANCE
    """The width of every character of code, in em."""
    title_weights: tuple[int, ...] = (400,)
    ascent: float = ASCENT
    """From the table hhea of the face of titles, in em; ``descent`` too."""
    descent: float = DESCENT
    capitals: float = 0.67
    """The height of the capitals of titles, in em."""
    signs: str = ""
    """The mathematical signs of the book that these faces lack."""

    def with_signs_of(self, texts: Iterable[str]) -> BookFonts:
        """Returns these fonts with a face for the mathematical signs in ``texts`` that the serif face lacks."""
        found = {sign for text in texts if not text.isascii() for sign in SIGN.findall(text)}
        lacking = {sign for sign in found if not Measure(SERIF_ROMAN, _TEXT_SIZE).has(sign)}
        has = Measure(_SIGNS_FILE, _TEXT_SIZE).has
        return replace(self, signs="".join(sorted(filter(has, lacking)))) if lacking else self

    def of(self, family: str) -> tuple[FontFile, ...]:
        """Returns the files of a family. Titles without files of their own are set in the face of the text."""
        found = tuple(file for file in self.files if file.family == family)
        return found if found or family != DISPLAY else self.of(SERIF)

    def find(self, family: str, style: str = "normal") -> FontFile:
        """Returns the regular file of a family in a style, or in the roman where it has no italic."""
        files = self.of(family)
        in_style = [file for file in files if file.style == style] or files
        return min(in_style, key=lambda file: abs((file.weight or 400) - 400))

    def static(self, text_size: float, title_size: float) -> Iterator[StaticFont]:
        """Yields the faces of these fonts. The optical sizes are in points."""
        for family, weights, size in (
            (SERIF, (400, _SEMIBOLD), text_size),
            (DISPLAY, self.title_weights, title_size),
            (SANS, (300, 400, _SEMIBOLD), 0.0),
            (MONO, (400, _BOLD), 0.0),
        ):
            files = self.of(family)
            for style in dict.fromkeys(file.style for file in files):
                for weight in weights:
                    if file := _nearest(files, style, weight):
                        yield StaticFont(family, file, weight, size)
        if self.signs:
            # A space between two of them is set in their face.
            for file in (_SIGNS_FILE, replace(_SIGNS_FILE, style="italic")):
                yield StaticFont(SIGNS, file, 400, only=f" \xa0{self.signs}")
        if self._has_reserve:
            for file in (SERIF_ROMAN, SERIF_ITALIC):
                for weight in (400, _SEMIBOLD):
                    yield StaticFont(RESERVE, file, weight, text_size)

    @property
    def others(self) -> tuple[str, ...]:
        """The families for characters that the face of a role lacks, best first."""
        signs = (SIGNS,) if self.signs else ()
        return (*((RESERVE,) if self._has_reserve else ()), *script_families(), *signs)

    @property
    def _has_reserve(self) -> bool:
        return SERIF_ROMAN not in self.files

    def faces(self, language: str = "") -> tuple[StaticFont, ...]:
        """Returns the faces that style sheets may name, with those of other scripts.

        In a book whose ``language`` (BCP 47) sets marks in its own face, all others but that of code lack them; further
        families, of Latin words, have them.
        """
        marks = own_marks(language)
        others = (font for face in installed_script_faces() for font in face.fonts())
        faces = (*self.static(_TEXT_SIZE, TITLE_SIZE), *others)
        if not marks:
            return faces
        whole = (MONO, *own_families(language))
        without = (f if f.family in whole else replace(f, without=marks) for f in faces)
        of_words = (
            replace(f, family=f"{f.family}{OF_WORDS}")
            for f in faces
            if f.family in (SERIF, DISPLAY, SANS)
        )
        return (*without, *of_words)

    def others_css(self) -> str:
        """Returns a style sheet with the families of other scripts as a custom property."""
        others = ", ".join(f'"{family}"' for family in self.others) or "serif"
        return f":root {{ --script-faces: {others}; }}"


def face_rules(faces: Iterable[StaticFont]) -> str:
    """Returns the ``@font-face`` rules by which style sheets may name ``faces``."""
    return "\n".join(
        f'@font-face {{ font-family: "{f.family}"; font-style: {f.source.style}; '
        f'font-weight: {f.weight}; src: url("{f.url}"); }}'
        for f in faces
    )


def _nearest(files: Iterable[FontFile], style: str, weight: int) -> FontFile | None:
    """Returns the file of a style whose weight is nearest; None if a bold one is wanted and all are lighter."""
    known = [file for file in files if file.style == style]
    if weight >= _SEMIBOLD:
        known = [file for file in known if not file.weight or file.weight >= _LEAST_BOLD]
    return min(known, key=lambda f: abs((f.weight or weight) - weight), default=None)


OWN_FONTS = BookFonts()
"""The fonts that every installation has."""


_UNITS = 1_000_000
"""The units per em in which widths are measured: whole numbers, whose sum no rounding changes."""
_WIDE, _NARROW, _SIGN_WIDTH = _UNITS, 7 * _UNITS // 10, 17 * _UNITS // 20
"""Guessed widths of characters that fill a square, and of all others of other scripts; rather
too wide."""


def _guess_width(character: str) -> int:
    """Returns the width in units that a character is likely to take in an unknown font; that of a sign, at most."""
    if unicodedata.category(character) in ("Mn", "Cf"):
        return 0
    if SIGN.match(character):
        return _SIGN_WIDTH
    return _WIDE if unicodedata.east_asian_width(character) in "WF" else _NARROW


class _Widths(dict[str, int]):
    """The widths of characters in units, each measured when it is first asked for."""

    def __init__(self, measure: Callable[[str], int]) -> None:
        super().__init__()
        self._measure = measure

    def __missing__(self, character: str) -> int:
        width = self[character] = self._measure(character)
        return width


class Measure:
    """Measures text in one face at one optical size, without kerning.

    Without kerning, a width is slightly too large, which is the safe side for text that must fit.
    """

    def __init__(self, font: FontFile, size: float, *, drawn_for: float = _TEXT_SIZE) -> None:
        """``size`` is in points; ``drawn_for`` is the optical size, which is that of the text's face in whatever size it is set."""
        self._file = font
        self.size = size
        self._optical_size = drawn_for
        self._widths = _Widths(self._width)
        self._small_caps_widths = _Widths(self._small_caps_width)

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
        return sum(map(self._widths.__getitem__, text)) / _UNITS * self.size

    def _width(self, character: str) -> int:
        if ord(character) not in self.characters:
            return _guess_width(character)
        glyph = self._font.get_nominal_glyph(ord(character))
        return int(self._font.get_glyph_h_advance(glyph))

    def small_caps_width(self, text: str, spacing: float) -> float:
        """Returns the width in points of ``text`` in small capitals with ``spacing`` em between
        letters.
        """
        letters = sum(map(self._small_caps_widths.__getitem__, text)) / _UNITS
        return (letters + spacing * len(text)) * self.size

    def _small_caps_width(self, character: str) -> int:
        if ord(character) not in self.characters:
            return _WIDE if _guess_width(character) else 0
        return sum(p.x_advance for p in self._as_small_caps(character).glyph_positions)

    def _as_small_caps(self, text: str) -> Any:
        import uharfbuzz

        line = uharfbuzz.Buffer()
        line.add_str(text)
        line.guess_segment_properties()
        uharfbuzz.shape(self._font, line, {"smcp": True})
        return line

    def has_small_caps(self, letter: str = "n") -> bool:
        """Whether the face has a small capital for a lower-case ``letter``."""
        glyphs = [info.codepoint for info in self._as_small_caps(letter).glyph_infos]
        return glyphs != [self._font.get_nominal_glyph(ord(letter))]

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
