"""Galleries in rows: how wide each picture stands, so that those of a row are of one height."""

from __future__ import annotations

import math
from collections.abc import Sequence

GAP = 1.0
"""Between two pictures of a row, in percent of its width; the style sheets have half of it as the
margin on either side."""
_IN_A_ROW = 3
_SPARE = 0.2
# A row of upright pictures would be higher than the page.
_LEAST = 1.2
"""The width of a row for its height, at least."""


def row_widths(shapes: Sequence[float]) -> list[float]:
    """The width of each picture, in percent of the whole, of pictures whose width for their height
    is ``shapes``; 0 where it is not known. Rows have up to three pictures, as many as each other.
    """
    known = [shape for shape in shapes if shape]
    usual = sum(known) / len(known) if known else 1.0
    rows = math.ceil(len(shapes) / _IN_A_ROW)
    widths: list[float] = []
    for row in range(rows):
        size = len(shapes) // rows + (row < len(shapes) % rows)
        beside = [shape or usual for shape in shapes[len(widths) : len(widths) + size]]
        room = 100 - GAP * size - _SPARE
        whole = max(sum(beside), _LEAST)
        widths += [math.floor(room * shape / whole * 10) / 10 for shape in beside]
    return widths
