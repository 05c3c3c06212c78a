"""The sizes of the pages of printed books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Trim: TypeAlias = Literal["5x8", "5.25x8", "5.5x8.5", "6x9", "7x10", "8.5x11", "A5"]
"""The sizes that the kit prints at Kindle Direct Publishing."""
PageName: TypeAlias = Literal[Trim, "A4", "letter"]

PAGE_SIZES: Mapping[PageName, tuple[float, float]] = {
    "5x8": (5, 8),
    "5.25x8": (5.25, 8),
    "5.5x8.5": (5.5, 8.5),
    "6x9": (6, 9),
    "7x10": (7, 10),
    "8.5x11": (8.5, 11),
    "A5": (148 / 25.4, 210 / 25.4),
    "A4": (210 / 25.4, 297 / 25.4),
    "letter": (8.5, 11),
}
"""Width and height in inches (those of A4 and A5: ISO 216)."""
