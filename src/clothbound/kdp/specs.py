"""The print specifications of Kindle Direct Publishing, as data. All lengths are in inches.

The store changes them without notice; ``CHECKED`` says when they were looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from ..page_sizes import PAGE_SIZES, Trim

CHECKED = "2026-11-24"
"""The date on which the numbers were compared with copies of the pages below and with tools that repeat
them. Read the pages themselves before a large order."""
SOURCES = (
    "https://kdp.amazon.com/en_US/help/topic/GVBQ3CMEQW3W2VL6",  # trim, bleed, margins
    "https://kdp.amazon.com/en_US/help/topic/GYEKAVKMSE23PFTM",  # the manuscript
    "https://kdp.amazon.com/en_US/help/topic/G201953020",  # the cover
    "https://kdp.amazon.com/en_US/help/topic/G201834180",  # inks, papers and how many pages
)

Paper: TypeAlias = Literal["white", "cream"]
Ink: TypeAlias = Literal["black", "color", "premium-color"]
Binding: TypeAlias = Literal["paperback", "hardcover"]

INK_NAMES: dict[Ink, str] = {
    "black": "black ink",
    "color": "standard colour",
    "premium-color": "premium colour",
}


@dataclass(frozen=True, slots=True)
class Stock:
    """A combination of ink and paper."""

    page_thickness: float
    """The thickness of one page, which is half that of a leaf."""
    fewest_pages: int
    most_pages: int
    most_large_pages: int
    """The most pages at the large trims."""


STOCKS: dict[tuple[Ink, Paper], Stock] = {
    ("black", "white"): Stock(0.002252, 24, 828, 590),
    ("black", "cream"): Stock(0.0025, 24, 776, 550),
    ("color", "white"): Stock(0.002252, 72, 600, 600),
    ("premium-color", "white"): Stock(0.002347, 24, 828, 590),
}
"""The combinations that KDP prints: colour on white paper only."""


@dataclass(frozen=True, slots=True)
class TrimSize:
    width: float
    height: float
    is_large: bool = False


# KDP takes custom sizes, 4 to 8.5 by 6 to 11.69, to a thousandth of an inch. A5 is one.
TRIMS: dict[Trim, TrimSize] = {
    trim: TrimSize(round(width, 3), round(height, 3), is_large=trim == "8.5x11")
    for trim, (width, height) in ((trim, PAGE_SIZES[trim]) for trim in get_args(Trim))
}

HARDCOVER_TRIMS: tuple[Trim, ...] = ("5.5x8.5", "6x9", "7x10")
"""The trims above that KDP binds as hardcovers. It also has 6.14 x 9.21 and 8.25 x 11, but no custom
sizes."""
HARDCOVER_INKS: tuple[Ink, ...] = ("black", "premium-color")
HARDCOVER_PAGES = (75, 550)
"""The fewest and the most pages of a hardcover."""
COVER_CALCULATOR = "https://kdp.amazon.com/cover-calculator"
"""The page that computes the size of a hardcover's cover. KDP publishes no rule; the one below gives what a template of
that page has: 13.996 x 10.417 in with a spine of 0.421 in, for 103 pages of 6 x 9 in on white paper. Wrap and hinge are
also those of https://kdpprintcover.com/blog/hardcover-case-laminate-dimensions-guide/; other tools differ from both by
half an inch."""
_MILLIMETRE = 1 / 25.4
CASE_WRAP = 15 * _MILLIMETRE
"""The paper that is folded round the edges of the boards."""
CASE_OVERHANG = 3 * _MILLIMETRE
"""The height by which a board stands over the pages, at the head and at the foot."""
CASE_JOINT = 5 * _MILLIMETRE
"""The width of a side of the case, from the spine to the fore edge, beyond that of the pages."""
CASE_BOARDS = 4.8 * _MILLIMETRE
"""The width of a spine beyond the thickness of the pages."""
CASE_HINGE = 10 * _MILLIMETRE
"""The width beside the spine in which the case bends, and which nothing to be read may touch."""

_GUTTERS = ((150, 0.375), (300, 0.5), (500, 0.625), (700, 0.75), (828, 0.875))
"""The last page of each range, and the smallest inner margin in it."""
OUTER_MARGIN = 0.25
"""The smallest of the other three margins of a book without bleed. Running heads and page numbers must
stay within them."""

BLEED = 0.125
"""The width of the paper beyond the trim on each side of a cover, which is cut away."""
COVER_MARGIN = 0.125
"""The smallest distance between text on the cover and the trim."""
SPINE_TEXT_FROM = 79
"""The fewest pages of a book whose spine may bear text."""
SPINE_MARGIN = 0.0625
"""The smallest distance between text on the spine and either fold."""
BARCODE = (2.0, 1.2)
"""The width and height of the area on the back that stays free for the barcode."""
BARCODE_MARGIN = 0.25
"""The distance of the barcode from the lower trim and from the fold of the spine."""
LEAST_TYPE = 7
"""The smallest type of the interior, in points."""

_TILES = 10
"""The number of tiles of the pattern across the front of a drawn cover."""


@dataclass(frozen=True, slots=True)
class WrapSize:
    """The sheet of a printed cover and its parts, in inches; ``width`` and ``height`` include the bleed.

    The trim is that of a paperback's cover, and the face of a hardcover's case.
    """

    trim_width: float
    trim_height: float
    spine: float
    opens_right: bool = False
    """Whether the book is read from the right, so that its front is left of the spine."""
    bleed: float = BLEED
    """The paper beyond the trim that is cut away, or folded round the boards of a case."""
    hinge: float = 0.0
    """The width beside the spine that nothing to be read may touch."""

    @classmethod
    def of(cls, trim: TrimSize, spine: float, *, opens_right: bool = False) -> WrapSize:
        return cls(trim.width, trim.height, spine, opens_right)

    @classmethod
    def of_case(cls, trim: TrimSize, spine: float) -> WrapSize:
        """Returns the sheet that is laminated to the boards of a hardcover. ``spine`` is that of the case."""
        return cls(
            trim.width + CASE_JOINT,
            trim.height + 2 * CASE_OVERHANG,
            spine,
            bleed=CASE_WRAP,
            hinge=CASE_HINGE,
        )

    @property
    def width(self) -> float:
        return 2 * (self.trim_width + self.bleed) + self.spine

    @property
    def height(self) -> float:
        return self.trim_height + 2 * self.bleed

    @property
    def folds(self) -> tuple[float, float]:
        """The distances of the two edges of the spine from the left."""
        left = self.bleed + self.trim_width
        return left, left + self.spine

    @property
    def front(self) -> float:
        """The distance of the front from the left, without its bleed."""
        return self.bleed if self.opens_right else self.folds[1]

    @property
    def back(self) -> float:
        """The distance of the back from the left, without its bleed."""
        return self.folds[1] if self.opens_right else self.bleed

    @property
    def tile(self) -> float:
        """The side of a tile of the cover's pattern."""
        return self.trim_width / _TILES


def gutter(pages: int) -> float:
    """Returns the smallest inner margin of a book of this many pages."""
    return next((margin for last, margin in _GUTTERS if pages <= last), _GUTTERS[-1][1])


def page_range(binding: Binding, trim: Trim, ink: Ink, paper: Paper) -> tuple[int, int]:
    """Returns the fewest and the most pages that KDP binds."""
    if binding == "hardcover":
        return HARDCOVER_PAGES
    stock = STOCKS[ink, paper]
    most = stock.most_large_pages if TRIMS[trim].is_large else stock.most_pages
    return stock.fewest_pages, most


def spine_width(
    pages: int, paper: Paper, ink: Ink = "black", binding: Binding = "paperback"
) -> float:
    """Returns the width of a spine."""
    boards = CASE_BOARDS if binding == "hardcover" else 0.0
    return pages * STOCKS[ink, paper].page_thickness + boards
