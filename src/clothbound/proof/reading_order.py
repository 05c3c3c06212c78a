"""Compares the order in which a line is printed with that in which its source is read.

A line with letters of a script from right to left is looked for in the texts of the posts by one of its words and by
its letters. Then its signs stand where Unicode Annex 9 puts them, or it is a fault. Letters of a run of Arabic may change
places among themselves, since a file tells the letters of a ligature in any order.
"""

from __future__ import annotations

import math
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, groupby, islice, product

from ..language.bidirectional import levels_of, order_of
from ..lazy_pattern import lazy_pattern
from .findings import Finding
from .lines import LEADER, PrintedLine, words_of
from .printed_pages import Glyph, OpenedPage
from .scripts import RIGHT_TO_LEFT, script_of

_SAME = str.maketrans({
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u05f3\u05f4\u00ab\u00bb\u2039\u203a`\u00b4\u2033\u2032'", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u05be", "-"),
    **dict.fromkeys(")[]{}", "("),
    "\u0640": None,
})  # fmt: skip
"""Signs that a book may set in the place of others. Files name a bracket by its own sign or by the turned one, so that the
other check of brackets looks at their shape.
"""
_FEWEST, _SAMPLE = 3, 6
"""The letters by which a line is found."""
_SHORT, _SHORT_SAMPLES = 4, 6
"""The letters of a sample of a line with ligatures, and about how many of them each run has."""
_RUNS = 4
_PLACES = 40
_LIGATURE = 4
"""The letters in which a run of Arabic may differ from its source: those of a ligature, which a file may tell elsewhere."""
_CELL_GAP = 0.7
"""The white in em between cells of a row; words of a cell are nearer."""
_MARK = lazy_pattern(r"[\W_]*\d{0,3}[\W_]*")


class SourceLine:
    """A text of a post without line breaks, as it is printed where the line is long enough."""

    def __init__(self, texts: tuple[str, ...], way: str) -> None:
        """``texts`` differ in the characters that isolate parts of them. ``way`` is ``rtl`` or ``ltr``; empty where
        both are right.
        """
        self.texts = texts
        self.way = way

    @cached_property
    def signs(self) -> str:
        """The text as it is compared."""
        return "".join(_folded(char) for char in self.texts[0])

    @cached_property
    def _levels(self) -> tuple[tuple[int, ...], ...]:
        """The embedding levels of the signs, in each direction that the text may have."""
        return tuple(
            tuple(_levels_of_signs(text, way)) for text, way in product(self.texts, self._ways)
        )

    @cached_property
    def _places(self) -> list[int]:
        """The place in the text of each sign."""
        return [place for place, char in enumerate(self.texts[0]) for _ in _folded(char)]

    @property
    def _ways(self) -> tuple[str, ...]:
        return (self.way,) if self.way else ("rtl", "ltr")

    def levels_of(self, start: int, end: int) -> Iterator[Sequence[int]]:
        """Yields the levels of the signs of a line: as a part of the text, and as a text that ends there, as a title
        does whose lines are broken by hand.
        """
        for levels in self._levels:
            yield levels[start:end]
        alone = self.texts[0][self._places[start] : self._places[end - 1] + 1]
        for way in self._ways:
            ends = [*_levels_of_signs(alone, way)]
            if len(ends) == end - start:  # A line does not end within a ligature.
                yield ends


def _levels_of_signs(text: str, way: str) -> Iterator[int]:
    for char, level in zip(text, levels_of(text, way), strict=True):
        yield from (level for _ in _folded(char))


class SourceTexts:
    """All such texts of a book, found by their words."""

    def __init__(self, lines: Sequence[SourceLine]) -> None:
        self._lines = lines

    def __bool__(self) -> bool:
        return bool(self._lines)

    @cached_property
    def _text(self) -> str:
        """The signs of all texts, each after a line end."""
        return "".join("\n" + line.signs for line in self._lines)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each text begins in ``_text``."""
        return [*accumulate((len(line.signs) + 1 for line in self._lines), initial=1)]

    def _places(self, letters: str) -> Iterator[tuple[SourceLine, int]]:
        """Yields the texts that have these letters, and where."""
        at = self._text.find(letters)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield self._lines[number], at - self._starts[number]
            at = self._text.find(letters, at + 1)

    def orders(self, printed: str) -> Iterator[str]:
        """Yields the ways in which a line with these signs, from left to right, may be printed. Where no text has all
        signs of it, a few letters of Arabic may differ, since a file may leave some of a ligature out or tell them twice.
        """
        has_found = False
        for order in self._orders(printed, _samples(printed), 0):
            has_found = True
            yield order
        if not has_found and any(script_of(sign) == "Arabic" for sign in printed):
            yield from self._orders(printed, _short_samples(printed), _LIGATURE)

    def _orders(self, printed: str, samples: Iterator[str], most: int) -> Iterator[str]:
        for letters in samples:
            for line, at in islice(self._places(letters), _PLACES):
                for start in _windows(line.signs, printed, at, len(letters), most):
                    signs = line.signs[start : start + len(printed)]
                    for levels in line.levels_of(start, start + len(printed)):
                        yield "".join(signs[place] for place in order_of(levels))


@lru_cache(4096)
def _folded(char: str) -> str:
    """Returns the signs by which a character is compared: none for spaces, marks and what is not printed."""
    plain = unicodedata.normalize("NFKD", char)
    kept = (one for one in plain if unicodedata.category(one) not in ("Mn", "Me", "Cf", "Cc", "Zs"))
    return "".join(kept).translate(_SAME).casefold()


def _samples(printed: str) -> Iterator[str]:
    """Yields some letters of a line that may be looked for in its source, in the order of reading."""
    runs = []
    for way, signs in groupby(printed, _way):
        run = "".join(signs)
        if way and len(run) >= _FEWEST:
            runs.append(run[::-1] if way == "rtl" else run)
    for run in sorted(runs, key=len, reverse=True)[:_RUNS]:
        # A ligature at one place of the run leaves the others.
        for start in sorted({0, max(0, len(run) // 2 - _SAMPLE // 2), max(0, len(run) - _SAMPLE)}):
            yield run[start : start + _SAMPLE]


def _way(sign: str) -> str:
    if not sign.isalpha():
        return ""
    return "rtl" if script_of(sign) in RIGHT_TO_LEFT else "ltr"


def _short_samples(printed: str) -> Iterator[str]:
    """Yields shorter samples from all of a line's runs, some of which have no ligature."""
    for way, signs in groupby(printed, _way):
        run = "".join(signs)
        run = run[::-1] if way == "rtl" else run
        if way and len(run) >= _SHORT:
            step = max(1, len(run) // _SHORT_SAMPLES)
            for start in range(0, len(run) - _SHORT + 1, step):
                yield run[start : start + _SHORT]


def _windows(signs: str, printed: str, at: int, length: int, most: int) -> Iterator[int]:
    """Yields where a part of ``signs`` begins that has the signs of ``printed``, but for ``most`` letters of Arabic, and
    the word at ``at``.
    """
    size = len(printed)
    first, last = max(0, at + length - size), min(at, len(signs) - size)
    if first > last:
        return
    apart = Counter(signs[first : first + size])
    apart.subtract(printed)
    wrong = sum(map(abs, apart.values()))
    foreign = sum(count != 0 and script_of(char) != "Arabic" for char, count in apart.items())
    for start in range(first, last + 1):
        if start > first:
            for char, step in ((signs[start - 1], -1), (signs[start + size - 1], 1)):
                before, after = apart[char], apart[char] + step
                apart[char] = after
                wrong += abs(after) - abs(before)
                if script_of(char) != "Arabic":
                    foreign += (after != 0) - (before != 0)
        if wrong <= most and not foreign:
            yield start


def check_reading_order(
    page: OpenedPage,
    lines: Sequence[PrintedLine],
    pieces: Sequence[Sequence[Glyph]],
    source: SourceTexts,
) -> Iterator[Finding]:
    """Yields the lines that have the signs of a text of ``source`` in another order."""
    if not source:
        return
    for line, piece in zip(lines, pieces, strict=True):
        # Each engine has a direction of its own for lines of code.
        if line.is_artifact or line.angle or line.is_mono:
            continue
        for part in _parts(line, piece):
            yield from _compare(page, line, part, source)


def _compare(
    page: OpenedPage, line: PrintedLine, part: Sequence[Glyph], source: SourceTexts
) -> Iterator[Finding]:
    if any(script_of(g.char) in RIGHT_TO_LEFT for g in part):
        for glyphs in _candidates(line, part):
            signs = [(sign, g) for g in glyphs for sign in _folded(g.char)]
            printed = "".join(sign for sign, _ in signs)
            orders = list(source.orders(printed)) if len(printed) >= _FEWEST else []
            if not orders:
                continue
            if not any(_is_same(printed, order) for order in orders):
                wrong = [
                    g for (sign, g), other in zip(signs, orders[0], strict=True) if sign != other
                ]
                box = (min(g.x0 for g in wrong), line.top, max(g.x1 for g in wrong), line.bottom)
                yield Finding(
                    check="reading order", page=page.index, box=box,
                    message=f"{line.shown!r} is not in the order of its source",
                )  # fmt: skip
            break


def _parts(line: PrintedLine, piece: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yields what stands by itself in a line: the cells of a row, the title before or behind a leader."""
    # Characters that isolate words are told as letters without ink.
    glyphs = [g for g in piece if unicodedata.category(g.char) != "Cf"]
    leader = LEADER.search("".join(g.char for g in glyphs))
    if leader is not None:
        yield glyphs[: leader.start()]
        yield glyphs[leader.end() :]
    elif glyphs and line.role in ("table", "table head"):
        cells: list[list[Glyph]] = []
        reach = -math.inf
        for word in words_of(glyphs):
            if word[0].x0 - reach > _CELL_GAP * line.size:
                cells.append([])
            cells[-1] += word
            reach = max(g.x1 for g in word)
        yield from cells
    else:
        yield glyphs


def _candidates(line: PrintedLine, piece: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Yields the glyphs of a line without marks of notes: all of them, and without the number or bullet of a list."""
    glyphs = [
        g
        for g in piece
        if not (
            g.char.isdigit()
            and g.bottom < line.base - 0.18 * line.size
            and g.run.size < 0.86 * line.size
        )
    ]
    if not glyphs:
        return
    yield glyphs
    words = words_of(glyphs)
    for number in (-1, 0):
        if len(words) > 1 and _MARK.fullmatch("".join(g.char for g in words[number])):
            rest = words[:-1] if number else words[1:]
            yield [g for word in rest for g in word]
    # A number that is isolated may touch the word beside it.
    letters = [place for place, g in enumerate(glyphs) if g.char.isalpha()]
    if letters and _MARK.fullmatch("".join(g.char for g in glyphs[letters[-1] + 1 :])):
        yield glyphs[: letters[-1] + 1]


def _is_same(printed: str, order: str) -> bool:
    """Returns whether two orders are one, but for letters within runs of Arabic. Where some of these are left out or told
    twice, the other signs have to be in order.
    """
    own, other = _arabic_runs(printed), _arabic_runs(order)
    if Counter(printed) != Counter(order):
        return [run for is_arabic, run in own if not is_arabic] == [
            run for is_arabic, run in other if not is_arabic
        ]
    return len(own) == len(other) and all(
        one == another if not (is_arabic and is_same) else _has_letters_of(one, another)
        for (is_arabic, one), (is_same, another) in zip(own, other, strict=True)
    )


def _arabic_runs(signs: str) -> list[tuple[bool, str]]:
    return [
        (is_arabic, "".join(run))
        for is_arabic, run in groupby(signs, lambda sign: script_of(sign) == "Arabic")
    ]


def _has_letters_of(one: str, other: str) -> bool:
    apart = Counter(one)
    apart.subtract(other)
    return sum(map(abs, apart.values())) <= _LIGATURE
