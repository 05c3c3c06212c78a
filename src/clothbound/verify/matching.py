"""Finds for each item of the sources its counterpart in a product, and what has none."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from ..lazy_pattern import lazy_pattern
from .content import Item, Kind, is_right_to_left
from .post_places import at_home, documents_of_one, most_in_one, runs_of_posts
from .products import ProductContent
from .sources import SourceText

_ANCHOR = 6
"""So many words in a row tell which post a part of the product is of."""
_SHORT = 24
"""So few anchors has a short post."""
_HALF = 0.5
_RUNS = (24, 12, 6, 3, 2, 1)
_MOST_JOINED = 10
"""The most words that a product may have set as one, or parts into which it may have divided one."""
_HYPHENS = ("-", "\u2010", "\u00ad")
_BESIDE = 4
"""A link that a product leads to another address stands at most so many items from one beside it in the source."""
_PAGE = 1000
"""The most words that a page may set between the halves of a word."""
_REACHES = ((60, True), (4, False), (12, False), (60, False))
"""A word that is told by its letters alone is sought so many words from where its neighbours are: first in pieces beside
each other that have just its letters, then among all letters that are left."""
_MOST_PIECES = 5
"""The most pieces beside each other into which a word from right to left falls."""
_MARKED = lazy_pattern(r"(.*\D)\d{1,3}")


class Matching:
    """The items of sources and a product, as numbers that are compared."""

    def __init__(self, sources: Sequence[SourceText], product: ProductContent) -> None:
        self._sources = sources
        self._is_paged = product.is_paged
        self._numbers: dict[str, int] = {}
        self._inside = self._number(Item(Kind.LINK, "", 0))
        self._texts = [[self._number(item) for item in source.items] for source in sources]
        self._items: list[Item] = []
        self._documents: list[range] = []
        for document in product.documents:
            first = len(self._items)
            self._items += document.items
            self._documents.append(range(first, len(self._items)))
        self._product = [self._number(item) for item in self._items]
        self._taken = bytearray(len(self._product))
        self.letters_taken: Counter[int] = Counter()
        """How many words from right to left of each post ``missing`` found only by their letters."""
        self._anchor_counts = [0] * len(self._texts)
        """How many anchors each post has."""
        self._hits = self._anchors()

    def _number(self, item: Item) -> int:
        return self._numbers.setdefault(item.key, len(self._numbers))

    def _anchors(self) -> list[list[int]]:
        """Returns for each post the places in the product at which a run of words begins that it alone has.

        Pictures, links and notes between the words do not count: a product may lack all of its pictures.
        """
        owner: dict[int, int] = {}
        for number in range(len(self._texts)):
            for run in _hashes(self._words(number), _ANCHOR):
                owner[run] = number if owner.get(run, number) == number else -1
        for number in owner.values():
            if number >= 0:
                self._anchor_counts[number] += 1
        hits: list[list[int]] = [[] for _ in self._texts]
        for document in self._documents:
            at_words = [place for place in document if self._items[place].kind is Kind.WORD]
            part = [self._product[place] for place in at_words]
            for at, run in zip(at_words, _hashes(part, _ANCHOR), strict=False):
                post = owner.get(run, -1)
                if post >= 0:
                    hits[post].append(at)
        return hits

    def shares(self) -> list[float]:
        """Returns which share of each post's anchors the product has.

        For a post that has hardly any (it is short, or like another), it is 1 if the product has all its words, of
        several also two in a row; else the share of what no other post has. So it is for a short list of links, between
        whose words the product may have those of cards. The order of words from right to left is not told by a PDF:
        there it is the share of words.
        """
        counts = Counter(self._product)
        found = []
        complete: list[int] = []
        short: list[int] = []
        for number, (source, text, hits, anchors) in enumerate(
            zip(self._sources, self._texts, self._hits, self._anchor_counts, strict=True)
        ):
            if self._is_paged and sum(map(is_right_to_left, source.items)) > len(text) / 2:
                found.append(sum(number in counts for number in text) / len(text))
            elif anchors > _ANCHOR and not _is_short_list(source, anchors, len(hits)):
                found.append(min(1.0, len(hits) / anchors))
            else:
                found.append(float(_has_all(counts, self._words(number))))
                (complete if found[-1] else short).append(number)
        short += self._scattered(complete)
        for number, share in self.shares_of_own(short).items():
            found[number] = share
        return found

    def complete(self, chosen: Sequence[int]) -> frozenset[int]:
        """Returns the posts all of whose words the product has, wherever they are."""
        counts = Counter(self._product_words())
        return frozenset(n for n in chosen if _has_all(counts, self._words(n)))

    def _words(self, number: int) -> list[int]:
        items = self._sources[number].items
        kinds = zip(self._texts[number], items, strict=True)
        return [word for word, item in kinds if item.kind is Kind.WORD]

    def _scattered(self, chosen: Sequence[int]) -> list[int]:
        """Returns the posts of several words of which the product has no two in a row."""
        pairs = {number: set(_hashes(self._words(number), 2)) for number in chosen}
        wanted = set[int]().union(*pairs.values())
        there = wanted.intersection(_hashes(self._product_words(), 2)) if wanted else wanted
        return [number for number, own in pairs.items() if own and not own & there]

    def _product_words(self) -> list[int]:
        items = zip(self._product, self._items, strict=True)
        return [number for number, item in items if item.kind is Kind.WORD]

    def shares_of_own(self, chosen: Sequence[int]) -> dict[int, float]:
        """Returns for some posts the share in the product of the words that no other post has.

        It is 0 if it is less than half, or if the product has no pair of words that is the post's own: single words
        may stand there by chance, as the title of a page in a link to it.
        """
        pairs = self._hits_of_own(chosen, 2)
        words = self._hits_of_own([number for number in chosen if pairs[number][0]], 1)
        shares = dict.fromkeys(chosen, 0.0)
        for number, (hits, own) in words.items():
            share = hits / own if own else pairs[number][0] / pairs[number][1]
            shares[number] = share if share >= _HALF else 0.0
        return shares

    def _hits_of_own(self, chosen: Sequence[int], length: int) -> dict[int, tuple[int, int]]:
        """Returns two counts for each post: of its runs of words that no other post has, those in the product and all."""
        wanted = {run for number in chosen for run in _hashes(self._words(number), length)}
        if not wanted:
            return dict.fromkeys(chosen, (0, 0))
        owner: dict[int, int] = {}
        for number in range(len(self._texts)):
            for run in wanted.intersection(_hashes(self._words(number), length)):
                owner[run] = number if owner.get(run, number) == number else -1
        own = Counter(owner.values())
        hits = Counter(
            owner[run] for run in wanted.intersection(_hashes(self._product_words(), length))
        )
        return {number: (hits[number], own[number]) for number in chosen}

    def missing(self, wanted: Sequence[int]) -> dict[int, list[int]]:
        """Returns for each wanted post the items, in order, for which the product has none of its own."""
        regions = self._regions(wanted)
        places = {}
        in_runs = {}
        # A short post has no anchors, and takes what the others leave.
        for number in sorted(wanted, key=lambda number: not self._hits[number]):
            found = places[number] = [-1] * len(self._texts[number])
            self._take_runs(number, regions[number], found, _RUNS[:-1])
        for number, found in places.items():
            region = regions[number]
            self._take_joined(number, region, found)
            in_runs[number] = [place >= 0 for place in found]
            self._take_runs(number, region, found, _RUNS[-1:])
            self._take_joined(number, region, found)
            self._take_divided(number, region, found)
        # A page of a PDF has its links behind its words, where the region of the next post begins. So a post takes one
        # with another address when all have their own.
        for number, found in places.items():
            self._take_links(number, regions[number], found)
            self._give_back(in_runs[number], found)
        # What no post took is sought once more: a copy of another post may stand in a chapter that seems the other's.
        spare = [place for place, is_taken in enumerate(self._taken) if not is_taken]
        indexes: dict[int, dict[int, list[int]]] = {}
        for number, found in places.items():
            self._take_runs(number, spare, found, _RUNS[:-2], indexes)
        # So is a part that has too few words in a row to tell whose it is: a short chapter of a longer document.
        unclaimed = self._unclaimed()
        spare = [place for document in unclaimed for place in document]
        indexes = {}
        for number, found in places.items():
            self._take_runs(number, spare, found, _RUNS[:-1], indexes)
        for number, document in documents_of_one(unclaimed, places):
            self._take_runs(number, document, places[number], _RUNS[-1:])
        lacking = [n for n in wanted if min(places[n], default=0) < 0]
        for number, twin in self._twins(lacking, wanted):
            # What is equal in both posts was taken from either one.
            region = sorted({*regions[number], *regions[twin]})
            self._take_runs(number, region, places[number], _RUNS)
            self._take_joined(number, region, places[number])
        if self._is_paged:
            for number, found in places.items():
                self._take_letters(number, found)
        return {
            number: [at for at, place in enumerate(places[number]) if place < 0]
            for number in wanted
        }

    def _give_back(self, in_runs: Sequence[bool], found: list[int]) -> None:
        """Gives back single items of a passage most of which is missing: they are others, by chance the same.

        A link with the address of the source's is not there by chance.
        """
        at = 0
        for is_in_run, passage in groupby(in_runs):
            end = at + len(list(passage))
            part = found[at:end]
            if not is_in_run and part.count(-1) * 2 > len(part):
                for n, place in enumerate(part, at):
                    if place >= 0 and not self._is_addressed(place):
                        self._taken[place] = 0
                        found[n] = -1
            at = end

    def _twins(self, lacking: Sequence[int], wanted: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yields each of some posts with each other one that has most of its runs of words."""
        runs = {n: set(_hashes(self._words(n), _ANCHOR)) for n in lacking}
        for other in wanted if runs else ():
            its = runs.get(other) or set(_hashes(self._words(other), _ANCHOR))
            for number, own in runs.items():
                if number != other and len(own & its) > _HALF * len(own):
                    yield number, other

    def _is_addressed(self, place: int) -> bool:
        return self._items[place].kind is Kind.LINK and self._items[place].value != ""

    def _regions(self, wanted: Sequence[int]) -> dict[int, Sequence[int]]:
        """Returns the places of the product in which the items of each post are sought.

        A document in which one post has anchors is that post's. In one of several posts, each has what lies between
        the anchors of its neighbours, but for posts of which another document has far more: the two are alike in parts.
        """
        ranges: dict[int, list[range]] = defaultdict(list)
        places = sorted((at, post) for post in wanted for at in self._hits[post])
        parts = [
            places[bisect_left(places, (d.start, -1)) : bisect_left(places, (d.stop, -1))]
            for d in self._documents
        ]
        most = most_in_one(parts)
        for document, part in zip(self._documents, parts, strict=True):
            runs = runs_of_posts(at_home(part, most), self._hits)
            for index, (post, _, _) in enumerate(runs):
                first = runs[index - 1][2] + 1 if index else document.start
                last = runs[index + 1][1] if index + 1 < len(runs) else document.stop
                ranges[post].append(range(first, last))
        return {
            post: sorted({place for part in ranges[post] for place in part})
            or range(len(self._product))
            for post in wanted
        }

    def _unclaimed(self) -> list[range]:
        """Returns the documents of the product in which no post has an anchor."""
        hits = sorted(place for places in self._hits for place in places)
        return [
            document
            for document in self._documents
            if bisect_left(hits, document.start) == bisect_left(hits, document.stop)
        ]

    def _take_runs(
        self,
        number: int,
        region: Sequence[int],
        found: list[int],
        lengths: Iterable[int],
        indexes: dict[int, dict[int, list[int]]] | None = None,
    ) -> None:
        """Takes runs of these lengths. ``indexes`` are kept for other posts that are sought in the same region."""
        text = self._texts[number]
        for length in lengths:
            if min(found, default=0) >= 0:
                return
            runs = indexes.get(length) if indexes is not None else None
            if runs is None:
                runs = self._free_runs(region, length)
                if indexes is not None:
                    indexes[length] = runs
            place = 0
            at = 0
            while at + length <= len(text):
                # Links into the publication are all alike, and one alone is found by its neighbours.
                is_inside = length == 1 and text[at] == self._inside
                if is_inside or max(found[at : at + length]) >= 0:
                    at += 1
                    continue
                candidates = runs.get(hash(tuple(text[at : at + length])))
                first = self._nearest(candidates, place, text, at, length) if candidates else -1
                if first < 0:
                    at += 1
                    continue
                at, place = self._take_run(number, at, first, found)

    def _take_run(self, number: int, at: int, place: int, found: list[int]) -> tuple[int, int]:
        """Takes items from two places on as long as they agree, and returns where they end."""
        text, items = self._texts[number], self._sources[number].items
        begin = at
        while at < len(text) and place < len(self._product):
            if found[at] >= 0 or self._taken[place]:
                break
            if text[at] == self._product[place]:
                own, other = 1, 1
            else:
                own, other = self._same_letters(items, at, place, found)
            if not own:
                break
            found[at : at + own] = [place] * own
            self._taken[place : place + other] = bytearray(b"\1") * other
            at += own
            place += other
        if at > begin + 1 and items[at - 1].kind is Kind.NOTE:
            # A note goes with the words behind it, which are other ones here.
            at, place = at - 1, place - 1
            found[at] = -1
            self._taken[place] = 0
            return at + 1, place
        return at, place

    def _same_letters(
        self, items: Sequence[Item], at: int, place: int, found: Sequence[int]
    ) -> tuple[int, int]:
        """Returns how many words from ``at`` on have the letters of how many from ``place`` on; zeros without any.

        One of both is joined of several, or has the mark of a note behind it.
        """
        own, other = items[at].value, self._items[place].value
        if items[at].kind is not Kind.WORD or self._items[place].kind is not Kind.WORD:
            return 0, 0
        marked = _MARKED.fullmatch(other)
        if marked and marked[1] == own:
            # A line may end behind the hyphen of COVID-19, so that its number seems to be such a mark.
            after = items[at + 1].value if at + 1 < len(items) and found[at + 1] < 0 else ""
            return (2, 1) if own + after == other else (1, 1)
        for count in range(1, _MOST_JOINED):
            if other.startswith(own) and at + count < len(items) and found[at + count] < 0:
                own += items[at + count].value if items[at + count].kind is Kind.WORD else "\0"
                if own == other or (marked and own == marked[1]):
                    return count + 1, 1
            elif own.startswith(other) and place + count < len(self._items):
                part = self._items[place + count]
                other += (
                    part.value
                    if part.kind is Kind.WORD and not self._taken[place + count]
                    else "\0"
                )
                if own == other:
                    return 1, count + 1
            else:
                break
        return 0, 0

    def _free_runs(self, region: Sequence[int], length: int) -> dict[int, list[int]]:
        places: dict[int, list[int]] = defaultdict(list)
        product, taken = self._product, self._taken
        for first, last in _stretches(region, taken):
            part = product[first:last]
            for offset, run in enumerate(_hashes(part, length)):
                places[run].append(first + offset)
        return places

    def _nearest(
        self, candidates: list[int], last: int, text: Sequence[int], at: int, length: int
    ) -> int:
        """Returns the first free place behind the last one, or the first one at all; -1 without any."""
        wanted = text[at : at + length]
        begin = bisect_left(candidates, last)
        for place in (*candidates[begin:], *candidates[:begin]):
            part = slice(place, place + length)
            if self._product[part] == wanted and not any(self._taken[part]):
                return place
        return -1

    def _take_joined(self, number: int, region: Sequence[int], found: list[int]) -> None:
        """Takes words whose letters the product has in other pieces: divided at a line's end, parted in a long
        address, joined by the sign between them, or with the mark of a note behind them.
        """
        if min(found, default=0) >= 0:
            return
        items = self._sources[number].items
        pieces: dict[str, list[tuple[int, ...]]] = defaultdict(list)
        for first, last in _stretches(region, self._taken):
            for begin in range(first, last):
                joined = ""
                for end in range(begin, min(last, begin + _MOST_JOINED)):
                    if self._items[end].kind is not Kind.WORD:
                        break
                    joined += self._items[end].value
                    place = tuple(range(begin, end + 1))
                    pieces[joined].append(place)
                    marked = _MARKED.fullmatch(joined) if begin == end else None
                    if marked:
                        pieces[marked[1]].append(place)
        begin = 0
        while begin < len(items):
            begin = self._take_pieces(items, begin, pieces, found)
        for at in range(1, len(items)):
            self._take_with_neighbour(items, at - 1, at, pieces, found)

    def _take_with_neighbour(
        self,
        items: Sequence[Item],
        first: int,
        second: int,
        pieces: Mapping[str, list[tuple[int, ...]]],
        found: list[int],
    ) -> None:
        """Takes two words that the product sets as one, if one of them was found in the place of another."""
        lacking = [at for at in (first, second) if found[at] < 0]
        if len(lacking) != 1 or items[first].kind is not items[second].kind:
            return
        other = second if lacking[0] == first else first
        place = found[other]
        is_alone = place < len(self._items) and self._items[place].value == items[other].value
        for places in pieces.get(items[first].value + items[second].value, ()):
            if is_alone and not any(self._taken[one] for one in places):
                for one in places:
                    self._taken[one] = 1
                self._taken[place] = 0
                found[first] = found[second] = places[0]
                return

    def _take_pieces(
        self,
        items: Sequence[Item],
        begin: int,
        pieces: Mapping[str, list[tuple[int, ...]]],
        found: list[int],
    ) -> int:
        joined = ""
        for end in range(begin, min(len(items), begin + _MOST_JOINED)):
            if found[end] >= 0 or items[end].kind is not Kind.WORD:
                break
            joined += items[end].value
            for places in pieces.get(joined, ()):
                if not any(self._taken[place] for place in places):
                    for place in places:
                        self._taken[place] = 1
                    for at in range(begin, end + 1):
                        found[at] = places[0]
                    return end + 1
        return begin + 1

    def _take_divided(self, number: int, region: Sequence[int], found: list[int]) -> None:
        """Takes words that the product divides at a line's end, with notes or a new page between the halves."""
        if min(found, default=0) >= 0:
            return
        halves = [
            at for at in region if not self._taken[at] and self._items[at].shown.endswith(_HYPHENS)
        ]
        for at, item in enumerate(self._sources[number].items):
            if found[at] >= 0 or item.kind is not Kind.WORD:
                continue
            for first in halves:
                begin = self._items[first].value
                if self._taken[first] or not item.value.startswith(begin):
                    continue
                rest = item.value[len(begin) :]
                last = next(
                    (
                        place
                        for place in range(first + 1, min(len(self._items), first + _PAGE))
                        if not self._taken[place] and self._items[place].value == rest
                    ),
                    -1,
                )
                if last >= 0:
                    self._taken[first] = self._taken[last] = 1
                    found[at] = first
                    break

    def _take_letters(self, number: int, found: list[int]) -> None:
        """Takes words from right to left whose letters a PDF has near their place, in whatever order and pieces.

        An engine writes a line as it is seen, and a cluster of a letter and its marks for each glyph of it. So the order
        of letters and the ends of words are not told, but that a letter is there is.
        """
        letters: dict[int, Counter[str]] = {}
        same: dict[str, list[int]] = defaultdict(list)
        for at, item in enumerate(self._sources[number].items):
            if is_right_to_left(item):
                same[item.value].append(at)
        for reach, is_exact in _REACHES:
            for at, item in enumerate(self._sources[number].items):
                if found[at] >= 0 or not is_right_to_left(item):
                    continue
                # Another of the same word may have been taken for this one.
                places = [p for one in same[item.value] for p in self._near(one, found, reach)]
                near = [place for place in dict.fromkeys(places) if self._is_free_word(place)]
                for place in near:
                    letters.setdefault(place, Counter(self._items[place].value))
                wanted = Counter(item.value)
                runs = _adjacent(near, letters) if is_exact else [near]
                for run in runs:
                    pieces = [letters[place] for place in run]
                    has_others = is_exact and sum(pieces, Counter[str]()) != wanted
                    if not has_others and _take_from(pieces, wanted):
                        found[at] = run[0]
                        self.letters_taken[number] += 1
                        break

    def _is_free_word(self, place: int) -> bool:
        return not self._taken[place] and self._items[place].kind is Kind.WORD

    def _near(self, at: int, found: Sequence[int], reach: int) -> list[int]:
        """Returns the places around the counterparts of the nearest neighbours of ``at``, the nearest first."""
        before = next((found[one] for one in range(at - 1, -1, -1) if found[one] >= 0), -1)
        after = next((found[one] for one in range(at + 1, len(found)) if found[one] >= 0), -1)
        places = (
            neighbour + offset
            for distance in range(reach + 1)
            for neighbour in (before, after)
            for offset in (distance, -distance)
            if neighbour >= 0
        )
        return [place for place in dict.fromkeys(places) if 0 <= place < len(self._items)]

    def _take_links(self, number: int, region: Sequence[int], found: list[int]) -> None:
        """Takes for a link one at its place with another address: a product leads to its own parts what it has, and
        to the web what a post names by a file that the product lacks.
        """
        if min(found, default=0) >= 0:
            return
        free = [at for at in region if self._items[at].kind is Kind.LINK and not self._taken[at]]
        inside = [at for at in free if not self._items[at].value]
        for at, item in enumerate(self._sources[number].items):
            if item.kind is not Kind.LINK or found[at] >= 0:
                continue
            fit = [p for p in (inside if item.value else free) if not self._taken[p]]
            place = -1
            if not self._is_paged:
                place = self._beside(at, found, fit)
            elif fit:
                place = fit[0]
            if place >= 0:
                found[at] = place
                self._taken[place] = 1

    def _beside(self, at: int, found: list[int], free: list[int]) -> int:
        """Returns the free place that is nearest to the counterpart of a neighbour of ``at``; -1 without any."""
        neighbours = (*found[at + 1 : at + _BESIDE], *reversed(found[max(0, at - _BESIDE) : at]))
        for here in neighbours:
            if here >= 0:
                begin = bisect_left(free, here - _BESIDE)
                if begin < len(free) and free[begin] <= here + _BESIDE:
                    return free[begin]
        return -1


def _adjacent(
    places: Sequence[int], letters: Mapping[int, Counter[str]]
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


def _is_short_list(source: SourceText, anchors: int, hits: int) -> bool:
    """Returns whether links and pictures may part the words of a short post, of whose anchors hardly any are found."""
    is_parted = any(item.kind is not Kind.WORD for item in source.items)
    return is_parted and anchors <= _SHORT and hits * 5 < anchors


def _has_all(counts: Counter[int], numbers: Iterable[int]) -> bool:
    """Returns whether each number is among the counted ones, as often. A difference of counters would go through all."""
    return all(counts[number] >= count for number, count in Counter(numbers).items())


def _hashes(numbers: Sequence[int], length: int) -> Iterable[int]:
    """Returns the hash of each run of so many numbers."""
    if length == 1:
        return (hash((number,)) for number in numbers)
    return map(hash, zip(*(numbers[offset:] for offset in range(length)), strict=False))


def _stretches(region: Sequence[int], taken: bytearray) -> Iterable[tuple[int, int]]:
    """Yields the first place of each stretch of free places, and the one behind its last."""
    first = before = -1
    for place in region:
        if taken[place]:
            continue
        if place != before + 1 or first < 0:
            if first >= 0:
                yield first, before + 1
            first = place
        before = place
    if first >= 0:
        yield first, before + 1
