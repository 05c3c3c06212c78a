"""Fonts as they lie in a PDF: without the time of day, and, for a printer, whole.

Objects are pydyf's, before they are written.
"""

from __future__ import annotations

import io
from typing import Any

from ...lazy_pattern import lazy_pattern
from .fonts import FACES

_SUBSET = lazy_pattern(rb"^/[A-Z]{6}\+")


def settle_font_times(pdf: Any) -> None:
    """Sets back the time stamp that a variable font gets when it is made static.

    fontTools writes the second of the day into ``head.modified``; the same book must have the same
    bytes tomorrow.
    """
    from fontTools.ttLib import TTFont

    for item in pdf.objects:
        if "Length1" not in getattr(item, "extra", {}):
            continue
        font = TTFont(io.BytesIO(item.stream[0]), recalcTimestamp=False, recalcBBoxes=False)
        head = font["head"]
        if head.modified == head.created:
            continue
        head.modified = head.created
        output = io.BytesIO()
        font.save(output)
        item.stream[0] = output.getvalue()
        item.extra["Length1"] = len(item.stream[0])


def embed_whole_fonts(document: Any, pdf: Any) -> None:
    """Puts all characters of our own fonts in the place of the few that WeasyPrint embeds.

    Glyphs keep their numbers. Fonts of the system stay parts: one of Chinese alone would be larger than
    the book.
    """
    whole: dict[bytes, bytes] = {}
    """By what is embedded: what is to be."""
    for font in document.fonts.values():
        style = "normal" if font.style == 0 else "italic"
        faces = [f for f in FACES if (f.family, f.source.style) == (font.family, style)]
        if not faces or font.bitmap:
            continue
        face = min(faces, key=lambda face: abs(face.weight - font.weight))
        whole[font.file_content] = face.without_layout()
        _rename(pdf, font.name, _SUBSET.sub(b"/", font.name))
    for item in pdf.objects:
        if "Length1" in getattr(item, "extra", {}) and item.stream[0] in whole:
            item.stream[0] = whole[item.stream[0]]
            item.extra["Length1"] = len(item.stream[0])


def _rename(pdf: Any, old: bytes, new: bytes) -> None:
    for item in pdf.objects:
        if isinstance(item, dict):
            for key in ("BaseFont", "FontName"):
                if item.get(key) == old:
                    item[key] = new
