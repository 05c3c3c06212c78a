"""The pages: their sizes, margins and type, as numbers that layout code and style sheet share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageFormat:
    """One trim size. All values are points (1/72 in)."""

    width: float
    height: float
    top: float
    foot: float
    outside: float
    inside: float
    size: float
    """Of the text; 1 rem of the style sheet."""
    leading: float

    @property
    def measure(self) -> float:
        """The width of a line of text."""
        return self.width - self.inside - self.outside

    @property
    def text_height(self) -> float:
        return self.height - self.top - self.foot

    def css(self) -> str:
        """The rules that depend on the format; the rest of the style sheet is relative to them."""
        return f"""
@page {{
  size: {self.width}pt {self.height}pt;
  margin: {self.top}pt {self.outside}pt {self.foot}pt {self.inside}pt;
}}
@page :left {{ margin-left: {self.outside}pt; margin-right: {self.inside}pt; }}
@page :right {{ margin-left: {self.inside}pt; margin-right: {self.outside}pt; }}
html {{ font-size: {self.size}pt; line-height: {self.leading}pt; }}
img, svg {{ max-height: {self.text_height * 0.66:.1f}pt; }}
"""


# 60 to 66 characters a line in each; the text height is a whole number of lines, within a point.
PAGES = {
    "6x9": PageFormat(432, 648, 54, 61.2, 45, 57.6, 10.4, 14),
    "A5": PageFormat(419.53, 595.28, 49.6, 56, 43.7, 55.9, 10.1, 13.6),
    "A4": PageFormat(595.28, 841.89, 94, 112, 113, 128, 11, 15.5),
    "letter": PageFormat(612, 792, 88, 99, 120, 136, 11, 15.5),
}
