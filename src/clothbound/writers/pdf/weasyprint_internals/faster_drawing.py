"""Draws lines of text without asking cffi for each number of each glyph; what is drawn is the same."""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct
from typing import Any, TypeAlias

Draw: TypeAlias = "Callable[[Any, Any, str, str, Any], Any]"

_GLYPH = Struct("=Iiii4x")
"""A glyph of Pango's: its number, its width, and its offsets from its place."""
_RIGHT_SIZES = 14802
"""The version of Pango (1.48.2) from which its fonts know their sizes."""


def read_glyphs_at_once(draw_first_line: Draw) -> Draw:
    """Returns a function that does what ``draw_first_line`` does, and at once for plain lines.

    Those are lines whose glyphs are all known already, in fonts without pictures.
    """
    from weasyprint.text.ffi import ffi, pango

    is_known = pango.pango_version() >= _RIGHT_SIZES and ffi.sizeof("PangoGlyphInfo") == _GLYPH.size

    def draw(stream: Any, box: Any, overflow: str, ellipsis: str, matrix: Any) -> Any:
        is_plain = is_known and overflow != "ellipsis" and ellipsis == "none"
        if is_plain and box.text.strip() and box.style["font_size"] >= 1e-6:
            pango.pango_layout_set_single_paragraph_mode(box.pango_layout.layout, True)
            line, _ = box.pango_layout.get_first_line()
            shown = _texts_of_line(stream, line.runs[0], ffi)
            if shown:
                stream.set_text_matrix(*matrix.values)
                for font, size, text in shown:
                    stream.set_font_size(font.hash, size)
                    stream.show_text("".join(text))
                return []
        return draw_first_line(stream, box, overflow, ellipsis, matrix)

    return draw


def _texts_of_line(stream: Any, run: Any, ffi: Any) -> list[tuple[Any, float, list[str]]]:
    """Returns the texts of a line, from its first run, with their fonts and sizes; none if it is not plain."""
    shown: list[tuple[Any, float, list[str]]] = []
    before = None
    while run != ffi.NULL:
        item = run.data
        run = run.next
        pango_font = item.item.analysis.font
        if pango_font != before:
            before = pango_font
            font, size = stream.add_font(pango_font)
            if font.bitmap or font.svg or font.png or font.colr:
                return []
            shown.append((font, size, []))
        font, size, text = shown[-1]
        glyphs = item.glyphs
        data = ffi.buffer(glyphs.glyphs, glyphs.num_glyphs * _GLYPH.size)
        found = _text_of_run(data, font, size)
        if found is None:
            return []
        text += found
    return shown


def _text_of_run(data: Any, font: Any, size: float) -> list[str] | None:
    """Returns the text of a run, by the bytes of its glyphs; None if it is not plain."""
    from weasyprint.text.ffi import FROM_UNITS

    units = 1000 * FROM_UNITS
    widths, texts = font.widths, font.to_unicode
    text = ["<"]
    for glyph, width, right, up in _GLYPH.iter_unpack(data):
        if up or glyph not in widths or glyph not in texts:
            return None
        offset = right / size
        if offset:
            text.append(f">{-offset}<")
        text.append(f"{glyph:04x}")
        kerning = widths[glyph] + offset - width * units / size
        if kerning:
            text.append(f">{int(kerning)}<")
    if text[-1].endswith("<"):
        text[-1] = text[-1][:-1]
    else:
        text.append(">")
    return text
