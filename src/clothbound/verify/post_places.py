"""Tells which parts of a product belong to which post, by the places that posts have in them.

An anchor is a place of the product at which a run of words begins that one post alone has.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

_HALF = 0.5
_STRAY = 3
"""Fewer anchors in a row than this, among those of other posts, are a quotation."""
_QUOTED = 0.05
"""So are those that are less than this share of the anchors that the post has in the product."""


def documents_of_one(
    documents: Iterable[range], places: Mapping[int, Sequence[int]]
) -> Iterator[tuple[int, range]]:
    """Yields each document of which one post has at least ``_STRAY`` places and no other post has any, with the post."""
    taken = sorted((place, number) for number, found in places.items() for place in found)
    for document in documents:
        begin = bisect_left(taken, (document.start, -1))
        owners = Counter(
            number for _, number in taken[begin : bisect_left(taken, (document.stop, -1))]
        )
        if len(owners) == 1 and (owner := owners.most_common(1)[0])[1] >= _STRAY:
            yield owner[0], document


def most_in_one(documents: Iterable[Sequence[tuple[int, int]]]) -> dict[int, int]:
    """Returns for each post how many anchors the document has that has most of them."""
    most: dict[int, int] = {}
    for places in documents:
        for post, count in Counter(post for _, post in places).items():
            most[post] = max(count, most.get(post, 0))
    return most


def at_home(
    places: Sequence[tuple[int, int]], most: Mapping[int, int]
) -> Sequence[tuple[int, int]]:
    """Returns the anchors of a document without those of posts of which another document has far more."""
    counts = Counter(post for _, post in places)
    own = {post for post, count in counts.items() if count >= most[post] * _HALF}
    return [place for place in places if place[1] in own] if own else places


def runs_of_posts(
    places: Sequence[tuple[int, int]], hits: Sequence[Sequence[int]]
) -> list[tuple[int, int, int]]:
    """Returns the posts of a document in order, each with its first and last anchor, quotations left out.

    ``hits`` are the anchors that each post has in the whole product.
    """
    runs = _merged((post, at, at, 1) for at, post in places)
    kept = [run for run in runs if run[3] >= max(_STRAY, len(hits[run[0]]) * _QUOTED)]
    runs = _merged(kept or runs)
    most: dict[int, int] = {}
    for post, _, _, count in runs:
        most[post] = max(count, most.get(post, 0))
    # A chapter is in one piece. What a post has elsewhere are formulas that another has with values of its own.
    kept = [run for run in runs if run[3] >= most[run[0]] * _HALF]
    return [(post, first, last) for post, first, last, _ in _merged(kept)]


def _merged(runs: Iterable[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Returns runs of a post, each with its first and last anchor and their number, those of one post in a row as one."""
    merged: list[tuple[int, int, int, int]] = []
    for post, first, last, count in runs:
        if merged and merged[-1][0] == post:
            merged[-1] = (post, merged[-1][1], last, merged[-1][3] + count)
        else:
            merged.append((post, first, last, count))
    return merged
