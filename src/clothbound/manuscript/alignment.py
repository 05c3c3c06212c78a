"""Aligns two versions of a text, or two versions with their common base.

A text is a sequence of parts: paragraphs, lines or sentences. Equal parts are matched first, beginning with
those that occur once in both versions, so that frequent parts (empty lines, dividers) do not match by
accident. Parts between matches are paired by similarity: an edited part counts as changed, not as
removed and added.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

ALIKE = 0.4
"""The least similarity of two versions of one part."""
_RUN = 4
_FEW = 12
_LONG_WORD = 12
_MOST_PAIRS = 40_000
"""The most pairs of parts whose similarity is computed. In longer texts, only near parts are compared."""
_MOST_EQUAL = 250_000
"""The most pairs of parts that difflib compares if no part is unique. Its time is quadratic if many parts are equal."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Parts ``start`` to ``end`` of the base that became ``first`` to ``last`` of the other version: one
    edited part, one removed part, or added parts.
    """

    start: int
    end: int
    first: int
    last: int


def regions(
    base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[range, range, range]]:
    """Yields aligned regions of three texts, each as a range of parts per text.

    A region is unchanged, changed by one side, or changed by both. Differences that only touch are
    two regions, so a region that both changed holds one part of the base, or none if both inserted
    something.
    """
    found = deque(
        sorted(
            (
                (d, side)
                for side, text in enumerate((ours, theirs))
                for d in differences(base, text)
            ),
            key=lambda pair: (pair[0].start, pair[0].end, pair[1]),
        )
    )
    at = 0
    ahead = [0, 0]
    """The offset of each side from the base after the last region."""
    while found:
        start, end = found[0][0].start, found[0][0].end
        last = list(ahead)
        while found and (found[0][0].start < end or found[0][0].end == start):
            difference, side = found.popleft()
            end = max(end, difference.end)
            last[side] = difference.last - difference.end
        yield _place(at, start, ahead, ahead)
        yield _place(start, end, ahead, last)
        at, ahead = end, last
    yield _place(at, len(base), ahead, ahead)


def _place(
    start: int, end: int, before: Sequence[int], behind: Sequence[int]
) -> tuple[range, range, range]:
    ours, theirs = (range(start + n, end + m) for n, m in zip(before, behind, strict=True))
    return range(start, end), ours, theirs


def differences(base: Sequence[str], other: Sequence[str]) -> list[Difference]:
    """Returns the changes from ``base`` to ``other`` in order, one for each part."""
    found: list[Difference] = []
    start, first = 0, 0
    for one, two in [*_match_equal(base, other), (len(base), len(other))]:
        if (start, first) != (one, two):
            found += _find_changes(base, other, start, one, first, two)
        start, first = one + 1, two + 1
    return found


# --- equal parts ----------------------------------------------------------------------------------


def _match_equal(base: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """Returns the positions of equal parts, in increasing order in both texts."""
    pairs: list[tuple[int, int]] = []
    todo = [(0, len(base), 0, len(other))]
    while todo:
        start, end, first, last = todo.pop()
        while start < end and first < last and base[start] == other[first]:
            pairs.append((start, first))
            start, first = start + 1, first + 1
        while start < end and first < last and base[end - 1] == other[last - 1]:
            end, last = end - 1, last - 1
            pairs.append((end, last))
        if start == end or first == last:
            continue
        anchors = _match_unique(base, other, start, end, first, last)
        if anchors:
            pairs += anchors
            edges = [(start - 1, first - 1), *anchors, (end, last)]
            for (a, b), (c, d) in pairwise(edges):
                todo.append((a + 1, c, b + 1, d))
        elif (end - start) * (last - first) <= _MOST_EQUAL:
            matcher = SequenceMatcher(None, base[start:end], other[first:last], autojunk=False)
            pairs += [
                (start + block.a + n, first + block.b + n)
                for block in matcher.get_matching_blocks()
                for n in range(block.size)
            ]
    return sorted(pairs)


def _match_unique(
    base: Sequence[str], other: Sequence[str], start: int, end: int, first: int, last: int
) -> list[tuple[int, int]]:
    """Returns the longest increasing sequence of places of the parts that are unique in both ranges."""
    counts = Counter(base[start:end])
    others = Counter(other[first:last])
    place = {other[n]: n for n in range(first, last) if others[other[n]] == 1}
    ends: list[int] = []
    """The lowest place in ``other`` at which an increasing sequence of each length ends."""
    links: list[tuple[int, int, int]] = []
    """The place in base, the place in other, and the link before."""
    tips: list[int] = []
    for n in range(start, end):
        if counts[base[n]] != 1 or base[n] not in place:
            continue
        there = place[base[n]]
        length = bisect_left(ends, there)
        links.append((n, there, tips[length - 1] if length else -1))
        if length == len(ends):
            ends.append(there)
            tips.append(len(links) - 1)
        else:
            ends[length] = there
            tips[length] = len(links) - 1
    found = []
    link = tips[-1] if tips else -1
    while link >= 0:
        one, two, link = links[link]
        found.append((one, two))
    return found[::-1]


# --- parts that were edited -----------------------------------------------------------------------


def _find_changes(
    base: Sequence[str], other: Sequence[str], start: int, end: int, first: int, last: int
) -> Iterator[Difference]:
    """Yields the differences within two ranges that have no equal parts in the same order."""
    for one, two in [*_pair_similar(base, other, start, end, first, last), (end, last)]:
        while start < one and first < two:
            yield Difference(start, start + 1, first, first + 1)
            start, first = start + 1, first + 1
        if first < two:
            yield Difference(start, start, first, two)
        for n in range(start, one):
            yield Difference(n, n + 1, first, first)
        if one < end:
            yield Difference(one, one + 1, two, two + 1)
        start, first = one + 1, two + 1


def _pair_similar(
    base: Sequence[str], other: Sequence[str], start: int, end: int, first: int, last: int
) -> list[tuple[int, int]]:
    """Returns increasing pairs of similar parts with the greatest total similarity."""
    rows, columns = end - start, last - first
    if rows == columns == 1 or not rows or not columns:
        return []
    runs = [traits(text) for text in base[start:end]]
    others = [traits(text) for text in other[first:last]]
    # Only pairs near the diagonal, so that the time is not quadratic.
    reach = max(_MOST_PAIRS // rows, 8)
    best: list[dict[int, float]] = [{}]
    """The greatest total similarity for each row, by the number of columns used."""
    taken: list[dict[int, int]] = [{}]
    """The choice for each row and column: 1 for a pair, 0 if the row is skipped, -1 if the column is."""
    for row in range(rows):
        middle = row * columns // rows
        above = best[-1]
        most = next(reversed(above.values()), 0.0)
        line: dict[int, float] = {}
        choice: dict[int, int] = {}
        for column in range(max(0, middle - reach), min(columns, middle + reach + 1)):
            value, step = above.get(column + 1, most), 0
            if (left := line.get(column, 0.0)) > value:
                value, step = left, -1
            share = likeness(runs[row], others[column])
            if share >= ALIKE and (sum_ := above.get(column, 0.0) + share) > value:
                value, step = sum_, 1
            line[column + 1] = value
            choice[column + 1] = step
        best.append(line)
        taken.append(choice)
    pairs = []
    row, column = rows, columns
    while row and column:
        step = taken[row].get(column, 0 if column <= row * columns // rows else -1)
        if step == 1:
            pairs.append((start + row - 1, first + column - 1))
        row, column = row - (step >= 0), column - (step != 0)
    return pairs[::-1]


def traits(text: str) -> frozenset[str]:
    """Returns the features by which texts are compared: their words, or runs of letters if there are few
    words, as in Chinese.
    """
    folded = text.casefold()
    words = folded.split()
    if len(words) >= _FEW and len(words) * _LONG_WORD >= len(folded):
        return frozenset(words)
    return frozenset(folded[n : n + _RUN] for n in range(max(1, len(folded) - _RUN + 1)))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Returns the share of common traits of two texts, 0 to 1."""
    if min(len(one), len(other)) * 2 < ALIKE * (len(one) + len(other)):
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))
