"""What Kindle Direct Publishing prints: the numbers of its paperbacks, as data.

They change without notice; ``CHECKED`` says when they were looked up. All lengths are inches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

CHECKED = "2026-11-24"
"""By copies of the pages below and tools that repeat their numbers; look at the pages themselves
before a large order."""
SOURCES = (
    "https://kdp.amazon.com/en_US/help/topic/GVBQ3CMEQW3W2VL6",  # trim, bleed, margins
    "https://kdp.amazon.com/en_US/help/topic/GYEKAVKMSE23PFTM",  # the manuscript
    "https://kdp.amazon.com/en_US/help/topic/G201953020",  # the cover
)

Paper: TypeAlias = Literal["white", "cream"]
Trim: TypeAlias = Literal["5x8", "5.25x8", "5.5x8.5", "6x9", "7x10", "8.5x11", "A5"]

PAGE_THICKNESS: dict[Paper, float] = {"white": 0.002252, "cream": 0.0025}
"""Of one page, half a leaf, in black and white; colour is printed on white of the same thickness."""


@dataclass(frozen=True, slots=True)
class TrimSize:
    width: float
    height: float
    most_pages: dict[Paper, int]


_MOST: dict[Paper, int] = {"white": 828, "cream": 776}
_MOST_LARGE: dict[Paper, int] = {"white": 590, "cream": 550}
TRIMS: dict[Trim, TrimSize] = {
    "5x8": TrimSize(5, 8, _MOST),
    "5.25x8": TrimSize(5.25, 8, _MOST),
    "5.5x8.5": TrimSize(5.5, 8.5, _MOST),
    "6x9": TrimSize(6, 9, _MOST),
    "7x10": TrimSize(7, 10, _MOST),
    "8.5x11": TrimSize(8.5, 11, _MOST_LARGE),
    "A5": TrimSize(5.827, 8.268, _MOST),  # a custom size: 4 to 8.5 by 6 to 11.69
}
FEWEST_PAGES = 24

_GUTTERS = ((150, 0.375), (300, 0.5), (500, 0.625), (700, 0.75), (828, 0.875))
"""The last page of a range, and its least inner margin."""
OUTER_MARGIN = 0.25
"""The least of the other three, running heads and page numbers counted, for a book without bleed."""

BLEED = 0.125
"""What a cover has beyond the trim on each side, to be cut away."""
COVER_MARGIN = 0.125
"""Between text on the cover and the trim."""
SPINE_TEXT_FROM = 79
"""Pages; a spine that is thinner bears no text."""
SPINE_MARGIN = 0.0625
"""Between text on the spine and either fold."""
BARCODE = (2.0, 1.2)
"""Width and height of what is kept free on the back for the barcode that is printed there."""
BARCODE_MARGIN = 0.25
"""Between it and the lower trim, and the fold of the spine."""
LEAST_TYPE = 7
"""Points, inside."""


def gutter(pages: int) -> float:
    """The least inner margin of a book of so many pages."""
    return next((margin for last, margin in _GUTTERS if pages <= last), _GUTTERS[-1][1])


def spine_width(pages: int, paper: Paper) -> float:
    return pages * PAGE_THICKNESS[paper]
