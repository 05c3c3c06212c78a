"""Converts the absolute units of length of CSS (CSS Values and Units 4, section 6.2); reads sizes in attributes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..lazy_pattern import lazy_pattern

PIXELS: Mapping[str, float] = {
    "px": 1.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "pt": 96 / 72,
    "pc": 16.0,
}
"""The length of each unit in pixels."""
POINTS_PER_PIXEL = 72 / 96
_WHOLE = lazy_pattern(r"(\d{1,5})(?:px)?")


def pixels_in(attributes: Iterable[tuple[str, str]], name: str) -> int:
    """The pixels that an attribute of this name says, as ``120`` or ``120px``; 0 if it says none."""
    value = next((value for key, value in attributes if key == name), "")
    found = _WHOLE.fullmatch(value)
    return int(found[1]) if found else 0
