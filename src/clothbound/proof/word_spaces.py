"""Finds lines that are stretched or pressed, and rivers of gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from .findings import Finding
from .lines import Layout, PrintedLine, words_of
from .printed_pages import Glyph, OpenedPage
from .scripts import UNSPACED, script_of
from .thresholds import HOLE, PRESSED, RIVER, RIVER_GAP, STRETCHED

_LEAST_WORDS = 3


def check_word_spaces(lines: Sequence[PrintedLine], layout: Layout) -> Iterator[Finding]:
    """Yields the lines of one page whose gaps are far from the natural space between words."""
    for line in lines:
        block = layout.block(line.page)
        if (
            block is None
            or not block.is_justified
            or not line.is_text
            or not line.is_spaced
            or line.is_mono
        ):
            continue
        if (
            line.words < _LEAST_WORDS
            or abs(line.x1 - block.right) > 1.5
            or abs(line.size - layout.size) > 0.3
        ):
            continue
        share = line.space / line.size / layout.space
        if share > STRETCHED.value:
            yield Finding(
                check="stretched", page=line.page, box=line.box,
                message=f"{line.shown!r} has gaps of {share:.1f} word spaces",
            )  # fmt: skip
        elif share < PRESSED.value:
            yield Finding(
                check="pressed", page=line.page, box=line.box,
                message=f"{line.shown!r} has gaps of {share:.2f} word spaces",
            )  # fmt: skip


def check_holes(
    page: OpenedPage, lines: Sequence[PrintedLine], pieces: Sequence[Sequence[Glyph]]
) -> Iterator[Finding]:
    """Yields lines of a script without spaces that have a hole beside a word of another one."""
    for line, piece in zip(lines, pieces, strict=True):
        if not line.is_text or line.is_spaced or line.is_mono:
            continue
        widest, place = 0.0, piece[0]
        for before, after in pairwise(piece):
            is_beside = before.char.isalnum() and after.char.isalnum()
            if is_beside and (script_of(before.char) in UNSPACED) != (
                script_of(after.char) in UNSPACED
            ):
                gap = (after.x0 - before.x1) / line.size
                widest, place = max((widest, place), (gap, after), key=lambda one: one[0])
        if widest > HOLE.value:
            yield Finding(
                check="stretched", page=page.index, box=(place.x0 - widest * line.size, line.top, place.x0, line.bottom),
                message=f"{line.shown!r} has a hole of {widest:.1f} em before {place.char!r}",
            )  # fmt: skip


def check_rivers(
    page: OpenedPage, lines: Sequence[PrintedLine], pieces: Sequence[Sequence[Glyph]]
) -> Iterator[Finding]:
    """Yields gaps that lie over one another in lines that follow each other."""
    gaps: list[tuple[PrintedLine, list[tuple[float, float]]]] = []
    for line, piece in zip(lines, pieces, strict=True):
        if line.is_text and line.is_spaced and not line.is_mono and line.words > _LEAST_WORDS:
            gaps.append((line, _wide_gaps(piece)))
    gaps.sort(key=lambda one: one[0].base)
    rivers: list[tuple[list[PrintedLine], float, float]] = []
    told = None
    for number, (line, own) in enumerate(gaps):
        before = gaps[number - 1][0] if number else None
        is_next = before is not None and 0 < line.base - before.base < 1.9 * line.size
        flowing: list[tuple[list[PrintedLine], float, float]] = []
        for x0, x1 in own:
            best = max(
                (one for one in rivers if is_next and x0 < one[2] and one[1] < x1),
                key=lambda one: len(one[0]),
                default=None,
            )
            flowing.append(([*best[0], line] if best else [line], x0, x1))
        rivers = flowing
        long = [one for one in rivers if len(one[0]) >= RIVER.value]
        if long and (told is None or line.base - told > 6 * line.size):
            own_lines, x0, x1 = max(long, key=lambda one: len(one[0]))
            told = line.base
            yield Finding(
                check="river", page=page.index, box=(x0 - 20, own_lines[0].top, x1 + 20, line.bottom),
                message=f"gaps lie over one another in {len(own_lines)} lines, down to {line.shown!r}",
            )  # fmt: skip


def _wide_gaps(piece: Sequence[Glyph]) -> list[tuple[float, float]]:
    found = []
    for before, after in pairwise(words_of(piece)):
        x0, x1 = max(g.x1 for g in before), after[0].x0
        if x1 - x0 > RIVER_GAP.value * after[0].run.size:
            found.append((x0, x1))
    return found
