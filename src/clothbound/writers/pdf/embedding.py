"""Fonts as they lie in a PDF: without the time of day, and, for a printer, whole.

Objects are pydyf's, before they are written.
"""

from __future__ import annotations

import io
import re
from typing import Any

from .fonts import FONT_FILES, FontFile

_LAYOUT = (b"GSUB", b"GPOS", b"GDEF", b"BASE", b"STAT", b"DSIG")
_SUBSET = re.compile(rb"^/[A-Z]{6}\+")


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

    Its own ``full_fonts`` takes six seconds for each size of a variable font, most of them for tables
    of layout that no reader of a PDF looks at. Glyphs keep their numbers. Fonts of the system stay
    parts: one of Chinese alone would be larger than the book.
    """
    known = {(file.family, file.style): file for file in FONT_FILES}
    instances: dict[tuple[FontFile, tuple[tuple[str, float], ...]], bytes] = {}
    whole: dict[bytes, tuple[bytes, bytes]] = {}
    """By what is embedded: what is to be, and the name without its mark of a part."""
    for font in document.fonts.values():
        file = known.get((font.family, "normal" if font.style == 0 else "italic"))
        if file is None or font.bitmap:
            continue
        place = tuple(sorted(font.variations.items()))
        if (file, place) not in instances:
            instances[file, place] = _static(file, dict(place))
        name = f"-{place_name}".encode() if (place_name := _place_name(place)) else b""
        plain = _SUBSET.sub(b"/", font.name) + name
        whole[font.file_content] = (instances[file, place], plain)
        _rename(pdf, font.name, plain)
    for item in pdf.objects:
        if "Length1" in getattr(item, "extra", {}) and item.stream[0] in whole:
            item.stream[0] = whole[item.stream[0]][0]
            item.extra["Length1"] = len(item.stream[0])


def _place_name(place: tuple[tuple[str, float], ...]) -> str:
    return "-".join(f"{axis}{value:.4g}" for axis, value in place)


def _rename(pdf: Any, old: bytes, new: bytes) -> None:
    for item in pdf.objects:
        if isinstance(item, dict):
            for key in ("BaseFont", "FontName"):
                if item.get(key) == old:
                    item[key] = new


def _static(file: FontFile, place: dict[str, float]) -> bytes:
    """All glyphs of a variable font at one place of its axes, without the tables of layout."""
    import uharfbuzz

    face = uharfbuzz.Face(file.data())
    wanted = uharfbuzz.SubsetInput()
    wanted.keep_everything()
    for axis, value in place.items():
        wanted.pin_axis_location(face, axis, value)
    for table in _LAYOUT:
        wanted.drop_table_tag_set.add(int.from_bytes(table, "big"))
    return bytes(uharfbuzz.subset(face, wanted).blob.data)
