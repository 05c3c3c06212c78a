"""The page formats: sizes, margins and type, as numbers that layout code and style sheets share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from ...page_sizes import PAGE_SIZES, PageName

ThemeName: TypeAlias = Literal["essay", "novel", "manual"]
"""The keys of ``theme.THEMES``. Options need only the names, and importing the themes would load
fonts."""
SMALLEST_TYPE = 7
"""The smallest type in points that presses take."""
SMALL_FORMULA = 6
"""The type size in points below which a formula is reported as hard to read."""
_INCH = 72.0


@dataclass(frozen=True, slots=True)
class PageFormat:
    """One trim size. All values are in points (1/72 in)."""

    width: float
    height: float
    top: float
    foot: float
    outside: float
    inside: float
    size: float
    """The type size of the text; 1 rem of the style sheet."""
    leading: float

    @property
    def measure(self) -> float:
        """The width of a line of text."""
        return self.width - self.inside - self.outside

    @property
    def text_height(self) -> float:
        return self.height - self.top - self.foot

    @property
    def highest_picture(self) -> float:
        """The greatest height of a picture."""
        return self.text_height * 0.66

    def set_in(self, size: float, leading: float) -> PageFormat:
        """Returns the page with its type scaled by the factors ``size`` and ``leading``.

        The text stays a whole number of lines high; the remainder is added to the foot margin.
        """
        page = replace(self, size=self.size * size, leading=self.leading * leading)
        lines = (self.text_height + 0.5) // page.leading
        return replace(page, foot=self.height - self.top - lines * page.leading)

    def bound(self, gutter: float, outside: float) -> PageFormat:
        """Returns the page with its text moved away from the binding.

        The inner margin becomes a tenth of an inch more than ``gutter`` points, or as much as the
        ``outside`` points that must stay free allow. Lines keep their width, so line breaks and the
        number of pages do not change.
        """
        room = self.inside + self.outside
        inside = max(self.inside, min(gutter + 0.1 * _INCH, room - outside))
        return replace(self, inside=inside, outside=room - inside)

    def margins_css(self) -> str:
        """Returns the rules for the page box."""
        return f"""
@page {{
  size: {self.width}pt {self.height}pt;
  margin: {self.top:.4g}pt {self.outside:.4g}pt {self.foot:.4g}pt {self.inside:.4g}pt;
}}
@page :left {{ margin-left: {self.outside:.4g}pt; margin-right: {self.inside:.4g}pt; }}
@page :right {{ margin-left: {self.inside:.4g}pt; margin-right: {self.outside:.4g}pt; }}
"""

    def css(self) -> str:
        """Returns the rules that depend on the format; the rest of the style sheet is relative to
        them.
        """
        return f"""{self.margins_css()}
html {{ font-size: {self.size:.4g}pt; line-height: {self.leading:.4g}pt; }}
img, svg {{ max-height: {self.highest_picture:.1f}pt; }}
"""


def _inches(
    name: PageName, *, top: float, foot: float, outside: float, inside: float,
    size: float, leading: float,
) -> PageFormat:  # fmt: skip
    """Returns a page format from margins in inches and type in points."""
    return _points(
        name, top * _INCH, foot * _INCH, outside * _INCH, inside * _INCH, size, leading,
    ).set_in(1, 1)  # fmt: skip


def _points(
    name: PageName, top: float, foot: float, outside: float, inside: float,
    size: float, leading: float,
) -> PageFormat:  # fmt: skip
    width, height = (round(side * _INCH, 2) for side in PAGE_SIZES[name])
    return PageFormat(width, height, top, foot, outside, inside, size, leading)


# Each has 58 to 68 characters per line; the text height is a whole number of lines, within a point.
PAGES: dict[str, PageFormat] = {
    "5x8": _inches(
        "5x8", top=0.65, foot=0.72, outside=0.5, inside=0.66, size=9.7, leading=13,
    ),
    "5.25x8": _inches(
        "5.25x8", top=0.66, foot=0.74, outside=0.54, inside=0.7, size=9.9, leading=13.3,
    ),
    "5.5x8.5": _inches(
        "5.5x8.5", top=0.7, foot=0.78, outside=0.57, inside=0.75, size=10.1, leading=13.6,
    ),
    "6x9": _points("6x9", 54, 61.2, 45, 57.6, 10.4, 14),
    "7x10": _inches(
        "7x10", top=0.85, foot=1, outside=0.85, inside=1.05, size=11, leading=15,
    ),
    "8.5x11": _points("8.5x11", 88, 99, 120, 136, 11, 15.5),
    "A5": _points("A5", 49.6, 56, 43.7, 55.9, 10.1, 13.6),
    "A4": _points("A4", 94, 112, 113, 128, 11, 15.5),
    "letter": _points("letter", 88, 99, 120, 136, 11, 15.5),
}  # fmt: skip

USUAL_PAGE = "6x9"
"""The page of a book for which nobody asks for another."""

RECTO = ".chapter { break-before: recto; }"
"""The rule by which every post begins on a right-hand page."""
