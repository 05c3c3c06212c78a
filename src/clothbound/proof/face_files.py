"""What the file of an embedded face says of it: whether its letters are slanted, and what stands in for a missing one."""

from __future__ import annotations

import ctypes
import io
import struct
from typing import Any, TypeAlias

from ..lazy_pattern import lazy_pattern

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_ITALIC = lazy_pattern(r"(?i)italic|oblique|slanted|kursiv|cmti|cmsl|lmri")


class FaceFile:
    """The file of a font of a PDF, opened by fontTools; without one, or with a bare CFF, it says nothing."""

    def __init__(self, font: Any) -> None:
        """``font`` is a handle of pdfium."""
        from fontTools.ttLib import TTFont, TTLibError
        from pypdfium2 import raw

        self.is_embedded: bool = raw.FPDFFont_GetIsEmbedded(font) == 1
        self._file: Any = None
        length = ctypes.c_size_t()
        self._has_data = self.is_embedded and raw.FPDFFont_GetFontData(font, None, 0, length) != 0
        if not self._has_data:
            return
        data = (ctypes.c_uint8 * length.value)()
        raw.FPDFFont_GetFontData(font, data, length.value, length)
        try:
            self._file = TTFont(io.BytesIO(bytes(data)), lazy=True)
        except (TTLibError, AssertionError, struct.error, ValueError):
            self._file = None

    def is_slanted(self, name: str) -> bool:
        """Returns whether the letters are slanted.

        Engines name a face as they asked for it: a family without italics is then called oblique, and is upright. So
        the name counts only without a file. The descriptor of a bare CFF has the angle.
        """
        if not self._has_data:
            return bool(_ITALIC.search(name))
        if self._file is None or "post" not in self._file:
            return False
        return bool(self._file["post"].italicAngle)

    def box_of_none(self) -> Box | None:
        """Returns the ink of the first glyph, which stands in for every missing character, in em, y upwards."""
        file = self._file
        if file is None or "glyf" not in file or "head" not in file:
            return None
        try:
            glyph = file["glyf"][file.getGlyphOrder()[0]]
        except (AssertionError, IndexError, KeyError, struct.error, ValueError):
            return None
        if not glyph.numberOfContours:
            return None
        em = file["head"].unitsPerEm or 1000
        return (glyph.xMin / em, glyph.yMin / em, glyph.xMax / em, glyph.yMax / em)

    def characters(self) -> frozenset[int]:
        """Returns the characters that the face has, as its file tells."""
        if self._file is None or "cmap" not in self._file:
            return frozenset()
        return frozenset(self._file.getBestCmap() or ())
