"""Calculates widths of pictures: the width that a post requests (``{width=50%}``), and the rows of
galleries.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...lazy_pattern import lazy_pattern
from ...model.inlines import Image
from ...web.css_lengths import PIXELS

# An em is 16 pixels, the default of browsers.
_PIXELS = {**PIXELS, "em": 16.0}
_STEPS = (*range(5, 101, 5), 33, 67)
"""The percentages for which a page's style sheet has a class."""
_LENGTH = lazy_pattern(rf"([0-9]{{1,4}}(?:\.[0-9]{{1,4}})?)(%|{'|'.join(_PIXELS)})?")

GAP = 1.0
"""The space between two pictures of a row, in percent of the row's width. The style sheets set half
of it as the margin on either side."""
_IN_A_ROW = 3
# Browsers round widths, so a full row without this reserve could wrap.
_SPARE = 0.2
FILLED = 100 - GAP - _SPARE
"""The percentage that the pictures of a full row and the gaps between them take."""
_LEAST = 1.2
"""The least ratio of width to height of a row. A row of upright pictures would be higher than a
page."""


def wanted_width(node: Image) -> tuple[str, str] | None:
    """Returns the digits and the CSS unit of the requested width; None if it is missing or
    invalid.
    """
    match = _LENGTH.fullmatch(dict(node.attributes).get("width", "").strip())
    return (match[1], match[2] or "px") if match else None


def in_pixels(wanted: tuple[str, str]) -> int:
    """Returns a width in pixels for an attribute of HTML; 0 for a percentage."""
    digits, unit = wanted
    return round(float(digits) * _PIXELS[unit]) if unit != "%" else 0


def width_class(wanted: tuple[str, str]) -> str:
    """Returns the class of the nearest percentage; empty for a width in another unit."""
    digits, unit = wanted
    if unit != "%" or not float(digits):
        return ""
    return f"width-{min(_STEPS, key=lambda step: abs(step - float(digits)))}"


def style_on_paper(wanted: tuple[str, str]) -> str:
    """Returns the requested width as the ``style`` attribute of a printed picture, with a leading
    space.
    """
    # Without object-fit, a picture that is too high for the page at this width would be distorted.
    width = "".join(wanted)
    return (
        f' data-width="{width}" style="width: {width}; object-fit: contain; object-position: 0 0"'
    )


def gallery_rows(shapes: Sequence[float]) -> list[list[float]]:
    """Divides a gallery into rows in which all pictures have the same height.

    ``shapes`` are the ratios of width to height, 0 if unknown. The result has the width of each
    picture in percent of its row. A row has up to three pictures; the numbers of pictures in two
    rows differ by at most one.
    """
    known = [shape for shape in shapes if shape]
    usual = sum(known) / len(known) if known else 1.0
    count = math.ceil(len(shapes) / _IN_A_ROW)
    rows: list[list[float]] = []
    done = 0
    for row in range(count):
        size = len(shapes) // count + (row < len(shapes) % count)
        beside = [shape or usual for shape in shapes[done : done + size]]
        room = 100 - GAP * size - _SPARE
        whole = max(sum(beside), _LEAST)
        rows.append([math.floor(room * shape / whole * 10) / 10 for shape in beside])
        done += size
    return rows


def filled_rows(shapes: Sequence[float]) -> list[tuple[float, float]]:
    """Returns the width and the side margin of each picture, in percent, for an engine that fills
    rows.

    The margins of an incomplete row keep pictures of the next row out of it.
    """
    filled = []
    for row in gallery_rows(shapes):
        left = 100 - _SPARE - sum(row)
        margin = max(GAP / 2, math.floor(left / len(row) / 2 * 10) / 10)
        filled += [(width, margin) for width in row]
    return filled


def place_in_row(width: float, margin: float) -> str:
    """Returns the ``style`` of a picture in a gallery."""
    sides = (
        "" if margin == GAP / 2 else f"; margin-left: {margin:.1f}%; margin-right: {margin:.1f}%"
    )
    return f"width: {width:.1f}%{sides}"
