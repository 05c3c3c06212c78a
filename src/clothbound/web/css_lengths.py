"""Converts the absolute units of length of CSS (CSS Values and Units 4, section 6.2)."""

from __future__ import annotations

from collections.abc import Mapping

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
