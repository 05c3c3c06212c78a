"""What the file of an embedded face says of it: whether its letters are slanted, and what stands in for a missing one."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from ..lazy_pattern import lazy_pattern

T = TypeVar("T")
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_ITALIC = lazy_pattern(r"(?i)italic|oblique|slanted|kursiv|cmti|cmsl|lmri")


class FaceFile:
    """The file of a font of a PDF, opened by fontTools; without one, or with a bare CFF, it says nothing."""

    def __init__(self, font: Any) -> None:
        """``font`` is a handle of pdfium."""
        from pypdfium2 import raw

        self.is_embedded: bool = raw.FPDFFont_GetIsEmbedded(font) == 1
        self._data = b""
        length = ctypes.c_size_t()
        if self.is_embedded and raw.FPDFFont_GetFontData(font, None, 0, length):
            data = (ctypes.c_uint8 * length.value)()
            raw.FPDFFont_GetFontData(font, data, length.value, length)
            self._data = bytes(data)
        self._file = _ask(_open, self._data, None)

    def is_slanted(self, name: str) -> bool:
        """Returns whether the letters are slanted.

        Engines name a face as they asked for it: a family without italics is then called oblique, and is upright. So
        the name counts only without a file. The descriptor of a bare CFF has the angle.
        """
        if not self._data:
            return bool(_ITALIC.search(name))
        return _ask(_has_angle, self._file, False)

    def box_of_none(self) -> Box | None:
        """Returns the ink of the first glyph, which stands in for every missing character, in em, y upwards."""
        return _ask(_first_box, self._file, None)

    def characters(self) -> frozenset[int]:
        """Returns the characters that the face has, as its file tells."""
        return _ask(_characters, self._file, frozenset())


def _ask(question: Callable[[Any], T], subject: Any, otherwise: T) -> T:
    """Returns the answer to a question about a file; ``otherwise`` where the file lacks it or is damaged."""
    try:
        return question(subject) if subject else otherwise
    except (
        Exception
    ):  # fontTools reads late, and raises TTLibError, struct.error, AssertionError, KeyError ...
        return otherwise


def _open(data: bytes) -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(io.BytesIO(data), lazy=True)


def _has_angle(file: Any) -> bool:
    return bool(file["post"].italicAngle)


def _first_box(file: Any) -> Box | None:
    glyph = file["glyf"][file.getGlyphOrder()[0]]
    if not glyph.numberOfContours:
        return None
    em = file["head"].unitsPerEm or 1000
    return (glyph.xMin / em, glyph.yMin / em, glyph.xMax / em, glyph.yMax / em)


def _characters(file: Any) -> frozenset[int]:
    return frozenset(file.getBestCmap() or ())
