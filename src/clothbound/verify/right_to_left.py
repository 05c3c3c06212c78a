"""Takes words from right to left by their letters, whose order a PDF does not tell.

An engine writes a line as it is seen, and a cluster of a letter and its marks for each glyph of it. So the order of
letters and the ends of words are not told, but that a letter is there is.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from .content import is_right_to_left
from .counterparts import Counterparts
from .regions import ProductPlaces

_REACHES = ((60, True), (4, False), (12, False), (60, False))
"""A word that is told by its letters alone is sought so many words from where its neighbours are: first in pieces beside
each other that have just its letters, then among all letters that are left."""
_MOST_PIECES = 5
"""The most pieces beside each other into which a word from right to left falls."""


def take_letters(post: Counterparts, product: ProductPlaces) -> int:
    """Takes the missing words from right to left whose letters the product has near their place, in whatever order and
    pieces. Returns how many these are.
    """
    letters: dict[int, Counter[str]] = {}
    same: dict[str, list[int]] = defaultdict(list)
    for at, item in enumerate(post.items):
        if is_right_to_left(item):
            same[item.value].append(at)
    found = [at for at, place in enumerate(post.places) if place >= 0]
    taken = 0
    for reach, is_exact in _REACHES:
        for at in post.missing():
            item = post.items[at]
            if not is_right_to_left(item):
                continue
            # Another of the same word may have been taken for this one.
            near = dict.fromkeys(
                place
                for one in same[item.value]
                for place in _near(one, post.places, found, reach)
                if place < len(product.items) and product.is_free_word(place)
            )
            for place in near:
                letters.setdefault(place, Counter(product.items[place].value))
            wanted = Counter(item.value)
            for run in _adjacent(near, letters) if is_exact else [tuple(near)]:
                pieces = [letters[place] for place in run]
                has_others = is_exact and sum(pieces, Counter[str]()) != wanted
                if not has_others and _take_from(pieces, wanted):
                    post.places[at] = run[0]
                    insort(found, at)
                    taken += 1
                    break
    return taken


def _near(at: int, places: Sequence[int], found: Sequence[int], reach: int) -> Iterable[int]:
    """Yields the places around the counterparts of the nearest neighbours of ``at`` in ``found``, the nearest first."""
    index = bisect_left(found, at)
    before = places[found[index - 1]] if index else -1
    behind = index + (index < len(found) and found[index] == at)
    after = places[found[behind]] if behind < len(found) else -1
    for distance in range(reach + 1):
        for neighbour in (before, after):
            for place in (neighbour + distance, neighbour - distance) if neighbour >= 0 else ():
                if place >= 0:
                    yield place


def _adjacent(
    places: Iterable[int], letters: Mapping[int, Counter[str]]
) -> Iterable[tuple[int, ...]]:
    """Yields the runs of a few places beside each other, those first whose first place comes first."""
    for first in places:
        for count in range(1, _MOST_PIECES + 1):
            if first + count - 1 not in letters:
                break
            yield tuple(range(first, first + count))


def _take_from(pieces: Sequence[Counter[str]], wanted: Counter[str]) -> bool:
    """Takes the letters of a word from pieces, and returns whether these have them all."""
    if wanted - sum(pieces, Counter[str]()):
        return False
    for piece in pieces:
        used = piece & wanted
        piece -= used  # noqa: PLW2901
        wanted = wanted - used
    return True
