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
    "https://kdp.amazon.com/en_US/help/topic/G201834180",  # inks, papers and how many pages
)

Paper: TypeAlias = Literal["white", "cream"]
Ink: TypeAlias = Literal["black", "color", "premium-color"]
Binding: TypeAlias = Literal["paperback", "hardcover"]
Trim: TypeAlias = Literal["5x8", "5.25x8", "5.5x8.5", "6x9", "7x10", "8.5x11", "A5"]

INK_NAMES: dict[Ink, str] = {
    "black": "black ink",
    "color": "standard colour",
    "premium-color": "premium colour",
}


@dataclass(frozen=True, slots=True)
class Stock:
    """What a book is printed on, and with."""

    page_thickness: float
    """Of one page, half a leaf."""
    fewest_pages: int
    most_pages: int
    most_large_pages: int
    """At the large trims."""


STOCKS: dict[tuple[Ink, Paper], Stock] = {
    ("black", "white"): Stock(0.002252, 24, 828, 590),
    ("black", "cream"): Stock(0.0025, 24, 776, 550),
    ("color", "white"): Stock(0.002252, 72, 600, 600),
    ("premium-color", "white"): Stock(0.002347, 24, 828, 590),
}
"""Those that there are: colour is printed on white paper alone."""


@dataclass(frozen=True, slots=True)
class TrimSize:
    width: float
    height: float
    is_large: bool = False


TRIMS: dict[Trim, TrimSize] = {
    "5x8": TrimSize(5, 8),
    "5.25x8": TrimSize(5.25, 8),
    "5.5x8.5": TrimSize(5.5, 8.5),
    "6x9": TrimSize(6, 9),
    "7x10": TrimSize(7, 10),
    "8.5x11": TrimSize(8.5, 11, is_large=True),
    "A5": TrimSize(5.827, 8.268),  # a custom size: 4 to 8.5 by 6 to 11.69
}

HARDCOVER_TRIMS: tuple[Trim, ...] = ("5.5x8.5", "6x9", "7x10")
"""Of ours; the store also has 6.14 x 9.21 and 8.25 x 11, and no custom sizes."""
HARDCOVER_INKS: tuple[Ink, ...] = ("black", "premium-color")
HARDCOVER_PAGES = (75, 550)
"""The fewest and the most."""
COVER_CALCULATOR = "https://kdp.amazon.com/cover-calculator"
"""Where the size of a hardcover's cover is to be had. Nobody publishes how it follows from the pages:
those who tell differ by half an inch."""

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


def page_range(binding: Binding, trim: Trim, ink: Ink, paper: Paper) -> tuple[int, int]:
    """The fewest and the most pages that are bound."""
    if binding == "hardcover":
        return HARDCOVER_PAGES
    stock = STOCKS[ink, paper]
    most = stock.most_large_pages if TRIMS[trim].is_large else stock.most_pages
    return stock.fewest_pages, most


def spine_width(pages: int, paper: Paper, ink: Ink = "black") -> float:
    """Of a paperback."""
    return pages * STOCKS[ink, paper].page_thickness
