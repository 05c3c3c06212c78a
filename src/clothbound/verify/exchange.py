"""Gives posts the words that they lack out of those that other posts took and have elsewhere, too.

Items and places that may be each other's counterparts are a bipartite graph, and an exchange is an augmenting path in it:
one post gets the place of a second, the second that of a third, and the last one a place that nobody had.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

from .counterparts import Counterparts
from .regions import ProductPlaces, Region

Owner: TypeAlias = tuple[Counterparts, int]
"""A post, and the number of its item that has a place."""


class WordExchange:
    """The places of some words of a product, with the posts that have them and the regions in which these are sought."""

    def __init__(
        self,
        product: ProductPlaces,
        regions: Mapping[Counterparts, Region],
        owners: Mapping[int, Owner],
        numbers: Collection[int],
    ) -> None:
        self._product = product
        self._regions = regions
        self._owners = dict(owners)
        self._numbers = numbers
        self._untried: dict[Region, dict[int, Iterator[int]]] = {}

    def seek(self, post: Counterparts, at: int, number: int) -> None:
        """Gives a post a place for one of its missing words, if the posts that have such places can do without one.

        The path is the shortest one. A place is tried once: the next time its owner has no other place either.
        """
        pending: deque[Owner] = deque([(post, at)])
        before: dict[Owner, tuple[Owner, int]] = {}
        while pending:
            taker = pending.popleft()
            for place in self._places_to_try(self._regions[taker[0]], number):
                owner = self._owners.get(place)
                if owner is None or owner in before or not owner[0].has_whole(owner[1], number):
                    continue
                before[owner] = taker, place
                spare = self._regions[owner[0]].find_run([number], place)
                if spare >= 0:
                    self._product.take([spare])
                    self._pass_on(owner, spare, before)
                    return
                pending.append(owner)

    def _pass_on(self, owner: Owner, spare: int, before: Mapping[Owner, tuple[Owner, int]]) -> None:
        """Gives an owner a place that is free, and what it had to the one before it, up to the first."""
        while True:
            post, at = owner
            post.places[at] = spare
            self._owners[spare] = owner
            if owner not in before:
                return
            owner, spare = before[owner]

    def _places_to_try(self, region: Region, number: int) -> Iterator[int]:
        """Returns the places of a word in a region that no search has tried there."""
        untried = self._untried.get(region)
        if untried is None:
            places = region.places_by_number(self._numbers)
            untried = self._untried[region] = {key: iter(found) for key, found in places.items()}
        return untried.get(number, iter(()))
