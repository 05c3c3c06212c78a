"""Finds rows of one formula that meet, wherever their tall parts stand.

Two rows are read as one where a denominator of the upper one reaches down beside a numerator of the lower one, though
neither stands over the other. Rows are known by their relation signs, which stand over one another in aligned formulas.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from .face_files import Box
from .findings import Finding
from .printed_pages import OpenedPage
from .thresholds import ROWS

_RELATIONS = frozenset(
    "=<>\u2264\u2265\u2248\u2243\u2245\u2261\u2260\u223c\u2192\u21d2\u221d\u2208"
)
_SAME_PLACE = 0.3
"""How far relation signs of rows may stand from one line, in points."""
_FULL_SIZE = 0.9
"""Signs in limits and exponents are smaller than this share of the largest."""


class _Sign(NamedTuple):
    """A letter or an outline of a formula."""

    box: Box
    is_relation: bool

    @property
    def axis(self) -> float:
        return (self.box[1] + self.box[3]) / 2


def check_formula_rows(page: OpenedPage) -> Iterator[Finding]:
    """Yields rows of formulas with hardly any white between them."""
    drawn = [
        _Sign(shape.box, page.is_equals_sign(shape))
        for shape in page.shapes
        if shape.role == "formula" and shape.is_filled
    ]
    set_in_type = [
        _Sign(glyph.box, glyph.char in _RELATIONS)
        for glyph in page.glyphs
        if glyph.run.role == "formula" and glyph.run.is_visible and not glyph.char.isspace()
    ]
    for signs in (drawn, set_in_type):
        yield from _check(page, signs)


def _check(page: OpenedPage, signs: Sequence[_Sign]) -> Iterator[Finding]:
    for upper, lower in pairwise(_rows(signs)):
        first, second = upper[0], lower[0]
        if not _is_next_row(first, second):
            continue
        above = [one.box for one in upper if one.box[3] < second.axis]
        below = [one.box for one in lower if one.box[1] > first.axis]
        deepest, highest = max(above, key=lambda box: box[3]), min(below, key=lambda box: box[1])
        white = highest[1] - deepest[3]
        if white < ROWS.value:
            yield Finding(
                check="overlap",
                page=page.index,
                box=(
                    min(deepest[0], highest[0]), min(deepest[1], highest[1]),
                    max(deepest[2], highest[2]), max(deepest[3], highest[3]),
                ),
                message="two rows of a formula run together",
            )  # fmt: skip


def _rows(signs: Sequence[_Sign]) -> Iterator[list[_Sign]]:
    """Yields the signs of each row that has a relation, and this one first. Rows are drawn one after another, each from
    the left, so that a row begins where the pen goes back the farthest between two relations.
    """
    widest = max((one.box[2] - one.box[0] for one in signs if one.is_relation), default=0.0)
    anchors = [
        number
        for number, one in enumerate(signs)
        if one.is_relation and one.box[2] - one.box[0] > _FULL_SIZE * widest
    ]
    begin = 0
    for anchor, following in pairwise([*anchors, len(signs)]):
        end = len(signs)
        if following < end:
            end = max(
                range(anchor + 1, following + 1),
                key=lambda number: signs[number - 1].box[2] - signs[number].box[0],
            )
        own = [one for number, one in enumerate(signs[begin:end], begin) if number != anchor]
        yield [signs[anchor], *own]
        begin = end


def _is_next_row(first: _Sign, second: _Sign) -> bool:
    """Returns whether a relation stands below another one, as in the next row of an aligned formula."""
    apart = second.axis - first.axis
    wide = first.box[2] - first.box[0]
    return abs(first.box[0] - second.box[0]) < _SAME_PLACE and wide < apart < 15 * wide
