"""The numbers of the proof-reader, each with its unit and its reason. No other module has one.

A number changes only together with pictures of what the new one would miss.
"""

from __future__ import annotations

from typing import NamedTuple

from ..writers.pdf.page_depth import FEWEST_LINES
from ..writers.pdf.page_format import SMALLEST_TYPE


class Threshold(NamedTuple):
    """A number by which a check decides."""

    check: str
    value: float
    unit: str
    reason: str


OVERLAP_INK = Threshold(
    "overlap",
    0.35,
    "square points",
    "ink of two lines that meets by less touches and is still read; a stem on a stem is more",
)
OVERLAP_SHARE = Threshold(
    "overlap",
    0.4,
    "of the narrower letter's box",
    "kerning and italics let boxes meet by up to a third",
)
TOUCH = Threshold(
    "overlap",
    0.6,
    "points",
    "rows of a formula with less white between them run together on paper",
)
ROWS = Threshold(
    "overlap",
    1.0,
    "points",
    "TeX leaves three between rows of a formula; with less than a bar's white, parts of one row are read with the other",
)
OVER_PICTURE = Threshold(
    "overlap",
    0.5,
    "of a letter's box",
    "letters that stand on the edge of a picture touch it by less",
)
TRIM = Threshold("cut off", 0.5, "points", "boxes are rounded, and no knife cuts nearer")
CLIP = Threshold(
    "cut off",
    0.7,
    "points",
    "boxes measured by capitals cut half a point off ascenders, which is not seen; more is the foot or the head of a letter",
)
BLOCK = Threshold(
    "outside the text block",
    4.0,
    "points",
    "italic overhangs, hung punctuation and rounding stay below",
)
SMALL = Threshold("small type", SMALLEST_TYPE, "points", "the smallest type that presses take")
READING = Threshold(
    "small type",
    4.5,
    "points",
    "readings above Han have half the size of the text, in books of 9 points too, and are read with their letters",
)
WHITE = Threshold(
    "white", 0.2, "of the text block's height", "a reader takes more for the end of the chapter"
)
SHORT_PAGE = Threshold(
    "short page",
    FEWEST_LINES,
    "lines",
    "fewer look left over, and show through from the page behind",
)
STRETCHED = Threshold(
    "stretched", 1.6, "of the word space", "beyond it a line falls apart into words"
)
HOLE = Threshold(
    "stretched",
    0.65,
    "em",
    "a word of Latin in Han has a quarter of an em on both sides, and letters have white of their own; wider ones are holes",
)
PRESSED = Threshold("pressed", 0.8, "of the word space", "below it words run together")
HYPHENS = Threshold(
    "hyphens", 3, "lines in a row", "three make a ladder at the margin that the eye follows"
)
RIVER = Threshold("river", 5, "lines", "gaps that lie over one another on fewer lines are chance")
RIVER_GAP = Threshold("river", 0.42, "em", "narrower gaps do not join into a white stripe")
LAST_LINE = Threshold(
    "last line", 2.2, "em", "a line that is shorter than a usual indent leaves a hole in the page"
)
PARAGRAPHS = Threshold(
    "no paragraphs",
    3,
    "ends of paragraphs on a page",
    "one or two may be lines that the author broke",
)
NOTE_PAGES = Threshold(
    "parted note",
    1,
    "pages",
    "over the page is still one opening of the book; farther is out of sight",
)
LIKENESS = Threshold(
    "upside down",
    12,
    "of 255 shades",
    "a picture that is encoded again, smaller or in shades of grey differs from its source by less; others by more",
)
RESOLUTION = Threshold(
    "resolution", 200, "dots per inch", "below it pixels are seen in print; presses ask for 300"
)
SMALLEST_PICTURE = Threshold("resolution", 24, "points", "smaller pictures are signs in the text")
SLANT = Threshold(
    "slanted",
    0.08,
    "tangent of the angle",
    "a slant of five degrees is seen; rounding stays far below",
)
SAME_BOX = Threshold(
    "missing glyph",
    0.02,
    "em",
    "boxes are rounded outwards by a tenth of a point; few letters have all four sides so near those of the stand-in",
)
FACE_SHARE = Threshold(
    "fallback",
    0.02,
    "of a script's letters",
    "a face that has more is the book's choice for that script",
)

THRESHOLDS = (
    OVERLAP_INK, OVERLAP_SHARE, TOUCH, ROWS, OVER_PICTURE, TRIM, CLIP, BLOCK, SMALL, READING, WHITE, SHORT_PAGE, STRETCHED, HOLE, PRESSED, HYPHENS, RIVER,
    RIVER_GAP, LAST_LINE, PARAGRAPHS, NOTE_PAGES, LIKENESS, RESOLUTION, SMALLEST_PICTURE, SLANT,
    SAME_BOX, FACE_SHARE,
)  # fmt: skip
"""All of them, for the documentation."""
