"""Finds letters, formulas and pictures that lie on one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from .clip_paths import clipped
from .face_files import Box
from .findings import Finding
from .printed_pages import Glyph, OpenedPage, PrintedPicture
from .scripts import CURSIVE, script_of
from .thresholds import OVER_PICTURE, OVERLAP_INK, OVERLAP_SHARE, TOUCH

_CELL = 9.0
"""The side of the squares in points by which neighbours are found."""
_SCALE = 6.0
"""Pixels to the point of the drawings in which ink is compared."""
_DARK = 150
_LEAST = 0.4
"""The points by which boxes meet before their ink is compared."""
_SIGNS = frozenset("+=<>\u2211\u220f\u222b\u2264\u2265\u2248\u00b1\u2212\u00d7")
_MOST = 40
"""The pairs of a page whose ink is compared: a page with more is found by these."""
_WHOLE_PAGE = 0.7
_SMALL_PICTURE = 600
"""Square points; smaller ones are signs in the text."""
_FEW = 3
"""The pairs of a line that are pressed into one another before it is a fault, and no kern."""


class _Inked(NamedTuple):
    """A letter, or a letter that is drawn as an outline."""

    box: Box
    handle: Any
    base: float
    char: str
    is_formula: bool = False


def check_overlaps(page: OpenedPage, pieces: Sequence[Sequence[Glyph]]) -> Iterator[Finding]:
    """Yields what lies on other ink, one finding for each place."""
    found: list[Finding] = []
    for piece in pieces:
        found += _within(page, piece)
    found += _between(page)
    found += _over_pictures(page, pieces)
    yield from _apart(found)


def _within(page: OpenedPage, piece: Sequence[Glyph]) -> Iterator[Finding]:
    """Yields words of one line that are set over one another, or letters pressed into one another."""
    if abs(piece[0].run.angle) >= 1:
        return
    letters = [
        g
        for g in piece
        if g.char.isalnum() and script_of(g.char) not in CURSIVE and _is_printed(g.box)
    ]
    hits = []
    for before, after in pairwise(letters):
        narrower = min(before.x1 - before.x0, after.x1 - after.x0)
        common = min(before.x1, after.x1) - max(before.x0, after.x0)
        high = min(before.bottom, after.bottom) - max(before.top, after.top)
        lower = min(before.bottom - before.top, after.bottom - after.top)
        is_same = _is_ligature(before, after)
        if common > OVERLAP_SHARE.value * narrower and high > 0.3 * lower and not is_same:
            hits.append((before, after))
    pressed = [pair for pair in hits if pair[0].run is pair[1].run and _is_pressed(*pair)]
    for before, after in hits:
        if before.run is after.run and (len(pressed) < _FEW or (before, after) != pressed[0]):
            continue  # A kern of one pair.
        if before.run is not after.run and not _meets(page, _mark(before), _mark(after)):
            continue
        box = _union(before.box, after.box)
        text = "".join(g.char for g in piece if box[0] - 30 < g.x0 < box[2] + 30)
        yield Finding(
            check="overlap",
            page=page.index,
            box=box,
            message=f"letters lie on one another near {text!r}",
        )
        if before.run is after.run:
            return


def _is_pressed(one: Glyph, other: Glyph) -> bool:
    """Returns whether the middles of two letters are nearer than half their width. Slanted letters lean over others."""
    apart = abs(one.x0 + one.x1 - other.x0 - other.x1) / 2
    return apart < 0.55 * (one.x1 - one.x0 + other.x1 - other.x0) / 2


def _is_ligature(one: Glyph, other: Glyph) -> bool:
    """Returns whether both are told of one glyph, or printed twice for weight."""
    if one.run is other.run and abs(one.x - other.x) < 0.01:
        return True
    is_near = abs(one.x0 - other.x0) < 0.6 and abs(one.x1 - other.x1) < 0.6
    return is_near and (one.run is other.run or one.char == other.char)


def _mark(glyph: Glyph) -> _Inked:
    is_formula = glyph.run.role == "formula"
    return _Inked(glyph.box, glyph.run.handle, glyph.base, glyph.char, is_formula)


def _is_printed(box: Box) -> bool:
    return box[2] - box[0] > 0.3 and box[3] - box[1] > 0.3


def _between(page: OpenedPage) -> Iterator[Finding]:
    """Yields letters of one line whose ink meets that of another line, and outlines likewise."""
    marks = [_mark(g) for g in page.glyphs if _counts(g)]
    marks += [
        _Inked(shape.box, shape.handle, shape.box[3], "", is_formula=True)
        for shape in page.shapes
        if shape.role == "formula" and shape.is_filled and _is_letter(shape.box)
    ]
    tried = 0
    hit: set[tuple[int, int]] = set()
    for one, other in _neighbours(marks, (0.0, 0.0, page.width, page.height)):
        pair = (id(one.handle), id(other.handle))
        if pair in hit or tried >= _MOST:
            continue
        tried += 1
        if _meets(page, one, other) or _touch(page, one, other):
            hit.add(pair)
            what = (
                f"{one.char!r} and {other.char!r}"
                if one.char and other.char
                else "parts of a formula"
            )
            if bool(one.char) != bool(other.char):
                what = "a letter and a formula"
            yield Finding(
                check="overlap",
                page=page.index,
                box=_union(one.box, other.box),
                message=f"{what} lie on one another",
            )


def _counts(glyph: Glyph) -> bool:
    is_upright = abs(glyph.run.angle) < 1
    is_sign = glyph.run.role == "formula" and glyph.char in _SIGNS
    return (
        (glyph.char.isalnum() or is_sign)
        and is_upright
        and glyph.run.is_visible
        and _is_printed(glyph.box)
    )


def _is_letter(box: Box) -> bool:
    """Returns whether an outline has the size of a letter: no rule, bracket or root."""
    wide, high = box[2] - box[0], box[3] - box[1]
    return 1.5 < wide < 16 and 2.5 < high < 16


def _neighbours(marks: Sequence[_Inked], sheet: Box) -> Iterator[tuple[_Inked, _Inked]]:
    """Yields marks of different lines whose boxes meet on the sheet."""
    cells: dict[tuple[int, int], list[_Inked]] = {}
    for mark in marks:
        # Of a letter a mile high, a box tells more cells than there is memory for.
        x0, top, x1, bottom = clipped(mark.box, sheet)
        near: list[_Inked] = []
        places = [
            (x, y)
            for x in range(int(x0 // _CELL), int(x1 // _CELL) + 1)
            for y in range(int(top // _CELL), int(bottom // _CELL) + 1)
        ]
        for place in places:
            near += cells.get(place, ())
        seen: set[int] = set()
        for other in near:
            if id(other) in seen:
                continue
            seen.add(id(other))
            if _boxes_meet(mark, other):
                yield other, mark
        for place in places:
            cells.setdefault(place, []).append(mark)


def _boxes_meet(one: _Inked, other: _Inked) -> bool:
    wide = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    high = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    if wide >= _LEAST and one.is_formula and other.is_formula and -TOUCH.value < high < _LEAST:
        return one.handle is not other.handle
    if wide < _LEAST or high < _LEAST:
        return False
    smaller = min(one.box[3] - one.box[1], other.box[3] - other.box[1])
    is_other_line = abs(one.base - other.base) > 0.25 * smaller
    return one.handle is not other.handle and (is_other_line or not (one.char and other.char))


def _meets(page: OpenedPage, one: _Inked, other: _Inked) -> bool:
    """Returns whether the ink of both lies in one place: each is drawn alone, and the drawings are compared."""
    if one.handle is other.handle:
        return False
    from PIL import ImageChops

    x0, top = max(one.box[0], other.box[0]), max(one.box[1], other.box[1])
    x1, bottom = min(one.box[2], other.box[2]), min(one.box[3], other.box[3])
    if x1 - x0 < _LEAST or bottom - top < _LEAST or not _is_on(page, (x0, top, x1, bottom)):
        return False
    box = (x0, top, x1, bottom)
    first, second = (page.ink_of([mark.handle], box, _SCALE) for mark in (one, other))
    both = ImageChops.lighter(first, second.resize(first.size))
    dark = sum(both.histogram()[:_DARK])
    return dark / _SCALE**2 > OVERLAP_INK.value


def _touch(page: OpenedPage, one: _Inked, other: _Inked) -> bool:
    """Returns whether two signs of a formula stand over one another with no white between them."""
    if not (one.is_formula and other.is_formula):
        return False
    from PIL import ImageChops, ImageFilter

    upper, lower = sorted((one, other), key=lambda mark: mark.box[1])
    x0, x1 = max(one.box[0], other.box[0]), min(one.box[2], other.box[2])
    narrower = min(one.box[2] - one.box[0], other.box[2] - other.box[0])
    gap = lower.box[1] - upper.box[3]
    if x1 - x0 < 0.25 * narrower or not -_LEAST <= gap < TOUCH.value:
        return False
    box = (x0, upper.box[3] - 1, x1, lower.box[1] + 1)
    if not _is_on(page, box):
        return False
    reach = ImageFilter.MinFilter(2 * round(TOUCH.value * _SCALE / 2) + 1)
    first, second = (page.ink_of([mark.handle], box, _SCALE).filter(reach) for mark in (one, other))
    both = ImageChops.lighter(first, second.resize(first.size))
    return sum(both.histogram()[:_DARK]) > _SCALE


def _is_on(page: OpenedPage, box: Box) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= page.width and box[3] <= page.height


def _over_pictures(page: OpenedPage, pieces: Sequence[Sequence[Glyph]]) -> Iterator[Finding]:
    for picture in page.pictures:
        if _area(picture.box) > _WHOLE_PAGE * page.width * page.height or min(picture.pixels) < 8:
            continue
        for piece in pieces:
            over = [
                g
                for g in piece
                if g.char.isalnum() and g.run.role != "figure" and _covers(picture, g)
            ]
            if len(over) > 1:
                text = "".join(g.char for g in piece)
                yield Finding(
                    check="overlap", page=page.index, box=_union(*(g.box for g in over)),
                    message=f"{text[:40]!r} lies on a picture",
                )  # fmt: skip
                break
    for one, other in ((a, b) for n, a in enumerate(page.pictures) for b in page.pictures[n + 1 :]):
        smaller = min(_area(one.box), _area(other.box))
        common = _common(one.box, other.box)
        # A picture within another is a layer of it.
        if smaller > _SMALL_PICTURE and 0.05 * smaller < common < 0.9 * smaller:
            yield Finding(
                check="overlap",
                page=page.index,
                box=_union(one.box, other.box),
                message="two pictures overlap",
            )


def _covers(picture: PrintedPicture, glyph: Glyph) -> bool:
    area = _area(glyph.box)
    return area > 0.1 and _common(picture.box, glyph.box) > OVER_PICTURE.value * area


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0) * max(box[3] - box[1], 0)


def _common(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0) * max(high, 0)


def _union(*boxes: Box) -> Box:
    return (
        min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes),
    )  # fmt: skip


def _apart(found: Sequence[Finding]) -> Iterator[Finding]:
    """Yields one finding for each place: an overlap of many letters is one fault."""
    told: list[Box] = []
    for finding in found:
        x0, top, x1, bottom = finding.box
        if any(
            x0 < b[2] + 40 and b[0] < x1 + 40 and top < b[3] + 12 and b[1] < bottom + 12
            for b in told
        ):
            continue
        told.append(finding.box)
        yield finding
