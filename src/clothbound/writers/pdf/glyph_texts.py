"""The texts of glyphs in a PDF by WeasyPrint, as they are copied, searched and read aloud.

WeasyPrint gives the text of a cluster to the glyph that it sees first. From right to left that is a mark or the short
join before the letter, and the letter has none. The tables of the font say which glyph is a form of which character.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from ...lazy_pattern import lazy_pattern
from .pdf_finish import own_face
from .weasyprint_internals.boxes import Font, fonts_of

_GLYPH_TEXT = lazy_pattern(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
_ARABIC = lazy_pattern("[\u0600-\u07ff\u08a0-\u08ff]")
_SILENT = "\u200d"
"""The text of a glyph without a character. Chromium's viewer takes the number of a glyph whose text is empty for a
character; searches ignore this one.
"""
_JOIN = "\u0640"
"""The character that lengthens the join between two letters."""
_SINGLE, _MULTIPLE, _LIGATURE, _EXTENSION = 1, 2, 4, 7
"""Types of lookups of the table GSUB (OpenType 1.9)."""
_ROUNDS = 4
"""How often a form of a form is looked for."""


class _GlyphTexts(NamedTuple):
    characters: dict[int, str]
    """The texts of the glyphs that the character map of a font has: letters and marks, not their forms."""
    forms: dict[int, str]
    """The texts of the glyphs that stand for these in context."""
    added: frozenset[int]
    """The glyphs that are set beside a letter to join it to the next."""


def correct_glyph_texts(document: Any, pdf: Any) -> None:
    """Corrects the text of glyphs in clusters from right to left, so that letters can be read and copied."""
    by_reference = {item.reference: item for item in pdf.objects}
    fonts = {font.name: font for font in fonts_of(document) if _may_be_wrong(font)}
    for item in pdf.objects:
        is_font = isinstance(item, dict) and "ToUnicode" in item and item["BaseFont"] in fonts
        if is_font:
            font = fonts[item["BaseFont"]]
            face = own_face(document, font)
            texts = _read_texts(font.file_content) if face is None else _texts_of_face(face.data())
            lines = by_reference[item["ToUnicode"]].stream
            lines[:] = [_with_text(line, texts) for line in lines]


def _may_be_wrong(font: Font) -> bool:
    texts = font.to_unicode.values()
    return not font.bitmap and (
        any(len(text) != 1 for text in texts) or any(map(_ARABIC.match, texts))
    )


@lru_cache(8)
def _texts_of_face(data: bytes) -> _GlyphTexts:
    """Returns what ``_read_texts`` does. Kept for the next book, since a face of Arabic takes a quarter of a second."""
    return _read_texts(data)


def _read_texts(data: bytes) -> _GlyphTexts:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(data), lazy=True)
    characters: dict[str, str] = {}
    for character, name in sorted((font.getBestCmap() or {}).items()):
        characters.setdefault(name, unicodedata.normalize("NFKD", chr(character)).strip())
    forms = {name: unicodedata.normalize("NFC", text) for name, text in characters.items() if text}
    added: set[str] = set()
    tables = list(_substitutions(font)) if "GSUB" in font else []
    for _ in range(_ROUNDS):
        count = len(forms)
        for kind, table in tables:
            if kind == _SINGLE:
                for name, form in table.mapping.items():
                    _learn(forms, form, (name,))
            elif kind == _LIGATURE:
                for first, ligatures in table.ligatures.items():
                    for ligature in ligatures:
                        _learn(forms, ligature.LigGlyph, (first, *ligature.Component))
            else:
                for name, parts in table.mapping.items():
                    if name in parts:
                        added.update(part for part in parts if part != name)
        if len(forms) == count:
            break
    number = font.getGlyphID
    return _GlyphTexts(
        {number(name): text for name, text in characters.items()},
        {number(name): text for name, text in forms.items()},
        frozenset(number(name) for name in added if forms.get(name, _JOIN) == _JOIN),
    )


def _substitutions(font: Any) -> Iterator[tuple[int, Any]]:
    """Yields the tables of a font that replace one glyph by another, by several, or several by one."""
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            inner = table.ExtSubTable if table.LookupType == _EXTENSION else table
            if inner.LookupType in (_SINGLE, _MULTIPLE, _LIGATURE):
                yield inner.LookupType, inner


def _learn(forms: dict[str, str], form: str, names: Iterable[str]) -> None:
    texts = [forms.get(name, "") for name in names]
    if all(texts):
        forms.setdefault(form, "".join(texts))


def _with_text(line: bytes, texts: _GlyphTexts) -> bytes:
    """Returns a line of a ToUnicode map, with the text of a glyph that has none, of a mark and of what only joins."""
    found = _GLYPH_TEXT.fullmatch(line)
    if found is None:
        return line
    glyph = int(found[1], 16)
    text = _SILENT if glyph in texts.added else texts.characters.get(glyph, "")
    if not text and not found[2]:
        text = texts.forms.get(glyph, "")
    is_right = found[2] and text != _SILENT and not (text and unicodedata.combining(text[0]))
    if not text or is_right:
        return line
    return b"<%s> <%s>" % (found[1], text.encode("utf-16-be").hex().encode())
