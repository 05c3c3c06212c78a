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


def gallery_rows(shapes: Sequence[float]) -> list[list[float]]:
    """The rows of a gallery: the width of each picture, in percent of the whole, of pictures whose
    width for their height is ``shapes``; 0 where it is not known. Rows have up to three pictures, as
    many as each other.
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
    """The same widths one after another, for an engine that fills the rows itself, each with the margin
    on either side that keeps the next row's pictures out of one that is not full. In percent.
    """
    filled = []
    for row in gallery_rows(shapes):
        left = 100 - _SPARE - sum(row)
        margin = max(GAP / 2, math.floor(left / len(row) / 2 * 10) / 10)
        filled += [(width, margin) for width in row]
    return filled


def place_in_row(width: float, margin: float) -> str:
    """The ``style`` of a picture of a gallery."""
    sides = (
        "" if margin == GAP / 2 else f"; margin-left: {margin:.1f}%; margin-right: {margin:.1f}%"
    )
    return f"width: {width:.1f}%{sides}"
