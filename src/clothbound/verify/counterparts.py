"""Takes for the items of one post their counterparts in a product: runs of equal items, parted words, links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice

from .content import Kind
from .numbered import NumberedTexts
from .regions import MOST_JOINED, ProductPlaces, Region, without_mark

RUNS = (24, 12, 6, 3, 2, 1)
"""The lengths of runs of items that are sought one after the other."""
_MOST_DIVIDED = 3
"""The most words, joined by hyphens, that a product may divide with something else between the halves."""
_AROUND = 40
_NEAREST = 4
"""So many words before and behind a link tell its page, of the ``_AROUND`` items there."""
_BESIDE = 4
"""A link that a product leads to another address stands at most so many items from one beside it in the source."""


class Counterparts:
    """The items of a post, each with the place of its counterpart in the product."""

    def __init__(self, texts: NumberedTexts, post: int, product: ProductPlaces) -> None:
        self.items = texts.sources[post].items
        self._numbers = texts.posts[post]
        self.places = [-1] * len(self._numbers)
        """The place in the product of each item's counterpart; -1 for an item without one."""
        self._inside = texts.inside
        self._is_paged = texts.is_paged
        self._product = product

    @property
    def are_complete(self) -> bool:
        """Whether each item has its counterpart."""
        return -1 not in self.places

    def missing(self) -> list[int]:
        """Returns the items without a counterpart, by their numbers in ``items``."""
        return [at for at, place in enumerate(self.places) if place < 0]

    def _missing_stretches(self) -> Iterator[tuple[int, int]]:
        """Yields the first of each stretch of items without counterparts, and the one behind its last."""
        missing = self.missing()
        begin = 0
        for index in range(1, len(missing) + 1):
            if index == len(missing) or missing[index] != missing[index - 1] + 1:
                yield missing[begin], missing[index - 1] + 1
                begin = index

    def take_runs(self, region: Region, lengths: Iterable[int]) -> None:
        """Takes runs of items of at least these lengths, one length after the other, and what stands beside each."""
        for length in lengths:
            if self.are_complete:
                return
            place = 0
            for begin, end in self._missing_stretches():
                at = begin
                while at + length <= end:
                    run = self._numbers[at : at + length]
                    first = (
                        region.find_run(run, place)
                        if length > 1 or self.items[at].kind is not Kind.LINK
                        else self._same_link(at, region, place)
                    )
                    if first < 0:
                        at += 1
                    else:
                        at, place = self._take_run(at, first)
            self._take_beside()

    def _same_link(self, at: int, region: Region, behind: int) -> int:
        """Returns the place of a free link with the address of an item; of a PDF, near the item's page; -1 without any."""
        number = self._numbers[at]
        if number == self._inside:
            # Links into the publication are all alike, and one alone is found by its neighbours.
            return -1
        if pages := self._pages_near(at):
            return region.find_link_on(pages, number, is_inside=False)
        return region.find_run([number], behind)

    def _pages_near(self, at: int) -> list[int]:
        """Returns the pages of a PDF on which a link may be: those of the words around it, and those beside them.

        Returns none if they are not known.
        """
        if not self._is_paged:
            return []
        behind = range(at + 1, min(len(self.places), at + 1 + _AROUND))
        before = range(at - 1, max(-1, at - 1 - _AROUND), -1)
        counts = Counter([*self._pages_of(behind), *self._pages_of(before)])
        # A word alone may have its counterpart in the contents or in the head of a chapter.
        sure = [page for page, count in counts.most_common() if count > 1] or list(counts)
        return list(dict.fromkeys([*sure, *(page + step for page in sure for step in (1, -1))]))

    def _pages_of(self, items: range) -> Iterator[int]:
        """Yields the pages of the first words among some items that have counterparts."""
        places = (self.places[at] for at in items if self.items[at].kind is Kind.WORD)
        pages = (self._product.items[place].line for place in places if place >= 0)
        return islice(filter(None, pages), _NEAREST)

    def _take_beside(self) -> None:
        """Takes words beside the counterparts of their neighbours, also of a word that the product sets in other pieces.

        So a shorter run, which other passages may have too, is sought only for what is not at its place. The links of a
        PDF stand behind the words of their page, not between the words.
        """
        for begin, end in list(self._missing_stretches()):
            at, place = begin, self.places[begin - 1] + 1 if begin else len(self._product.items)
            while at < end and place not in self._product.starts:
                if self._is_paged and self.items[at].kind is Kind.LINK:
                    at += 1
                    continue
                own, other = self._same_free(at, place)
                if not own:
                    break
                self.places[at : at + own] = [place] * own
                self._product.take(range(place, place + other))
                at += own
                place += other

    def _take_run(self, at: int, place: int) -> tuple[int, int]:
        """Takes items from two places on as long as they agree, and returns where they end."""
        begin = at
        while at < len(self._numbers) and (at == begin or place not in self._product.starts):
            own, other = self._same_free(at, place)
            if not own:
                break
            self.places[at : at + own] = [place] * own
            self._product.take(range(place, place + other))
            at += own
            place += other
        if at > begin + 1 and self.items[at - 1].kind is Kind.NOTE:
            # A note goes with the words behind it, which are other ones here.
            at, place = at - 1, place - 1
            self.places[at] = -1
            self._product.taken[place] = 0
            return at + 1, place
        return at, place

    def _same_free(self, at: int, place: int) -> tuple[int, int]:
        """Returns how many items from ``at`` on are the same as how many from ``place`` on, if both are free; zeros without
        any.
        """
        if self.places[at] >= 0 or self._product.taken[place]:
            return 0, 0
        if self._numbers[at] == self._product.numbers[place]:
            return 1, 1
        return self._same_letters(at, place)

    def _same_letters(self, at: int, place: int) -> tuple[int, int]:
        """Returns how many words from ``at`` on have the letters of how many from ``place`` on; zeros without any.

        One of both is joined of several, or has the mark of a note behind it.
        """
        items, product = self.items, self._product
        if items[at].kind is not Kind.WORD or product.items[place].kind is not Kind.WORD:
            return 0, 0
        own, other = items[at].value, product.items[place].value
        unmarked = without_mark(other)
        if unmarked == own:
            # A line may end behind the hyphen of COVID-19, so that its number seems to be such a mark.
            return (2, 1) if own + self._free_letters(at + 1) == other else (1, 1)
        owns = others = 1
        while owns + others <= MOST_JOINED:
            if other.startswith(own):
                more = self._free_letters(at + owns)
                own += more
                owns += 1
            elif own.startswith(other):
                more = product.free_letters(place + others)
                other += more
                others += 1
            else:
                break
            if not more:
                break
            if own == other or (own == unmarked and others == 1):
                return owns, others
        return 0, 0

    def _free_letters(self, at: int) -> str:
        """Returns the letters of a word that has no counterpart; none if the item is another."""
        is_free = at < len(self.items) and self.places[at] < 0
        return self.items[at].value if is_free and self.items[at].kind is Kind.WORD else ""

    def take_joined(self, region: Region) -> None:
        """Takes words whose letters the product has in other pieces: divided at a line's end, parted in a long
        address, joined by the sign between them, or with the mark of a note behind them.
        """
        if self.are_complete:
            return
        for begin in self.missing():
            # A number at the end of GPT-4 is the mark of a note only if no two words have the letters.
            if not self._take_pieces(region.find_pieces, begin):
                self._take_pieces(region.find_marked, begin)
        missing = self.missing()
        for second in sorted({*missing, *(at + 1 for at in missing)}):
            if 0 < second < len(self.items):
                self._take_with_neighbour(region, second - 1, second)

    def _take_pieces(self, find: Callable[[str], tuple[int, ...]], begin: int) -> bool:
        """Takes the pieces of one or more words from ``begin`` on, and returns whether there are any."""
        joined = ""
        for end in range(begin, begin + MOST_JOINED):
            letters = self._free_letters(end)
            if not letters:
                break
            joined += letters
            if pieces := find(joined):
                self._product.take(pieces)
                self.places[begin : end + 1] = [pieces[0]] * (end + 1 - begin)
                return True
        return False

    def _take_with_neighbour(self, region: Region, first: int, second: int) -> None:
        """Takes two words that the product sets as one, if one of them was found in the place of another."""
        lacking = [at for at in (first, second) if self.places[at] < 0]
        if len(lacking) != 1 or self.items[first].kind is not self.items[second].kind:
            return
        other = second if lacking[0] == first else first
        place = self.places[other]
        if self._product.items[place].value != self.items[other].value:
            return
        if pieces := region.find_pieces(self.items[first].value + self.items[second].value):
            self._product.take(pieces)
            self._product.taken[place] = 0
            self.places[first] = self.places[second] = pieces[0]

    def take_divided(self, region: Region) -> None:
        """Takes words that the product divides at a line's end, with notes or a new page between the halves.

        A hyphen may join another word to the first half.
        """
        for at in self.missing():
            joined = ""
            for end in range(at, at + _MOST_DIVIDED):
                letters = self._free_letters(end)
                if not letters:
                    break
                joined += letters
                if halves := region.find_halves(joined):
                    self._product.take(halves)
                    self.places[at : end + 1] = [halves[0]] * (end + 1 - at)
                    break

    def missing_words(self) -> Iterator[tuple[int, int]]:
        """Yields each word without a counterpart, by its number in ``items``, and what it is compared by."""
        for at in self.missing():
            if self.items[at].kind is Kind.WORD:
                yield at, self._numbers[at]

    def has_whole(self, at: int, number: int) -> bool:
        """Returns whether an item is this word as it is, not a part of one or joined of several."""
        return self._numbers[at] == number

    def runs_beside(self) -> Iterator[tuple[int, range]]:
        """Yields the first of some missing words with the places, beside those of its neighbours, that have the same."""
        for begin, end in self._missing_stretches():
            if begin:
                first = self.places[begin - 1] + 1
                length = self._same_words(range(begin, end), range(first, first + end - begin))
                if length:
                    yield begin, range(first, first + length)
            if end < len(self.places):
                last = self.places[end] - 1
                places = range(last, last - (end - begin), -1)
                length = self._same_words(range(end - 1, begin - 1, -1), places)
                if length:
                    yield end - length, range(last + 1 - length, last + 1)

    def has_word_at(self, at: int, place: int) -> bool:
        """Returns whether an item is a word and has its counterpart at a place."""
        is_item = 0 <= at < len(self.items)
        return is_item and self.items[at].kind is Kind.WORD and self.places[at] == place

    def _same_words(self, items: range, places: range) -> int:
        """Returns how many words are the same from the beginning of both ranges on."""
        count = 0
        for at, place in zip(items, places, strict=True):
            is_place = 0 <= place < len(self._product.numbers)
            if not is_place or self._numbers[at] != self._product.numbers[place]:
                break
            if self.items[at].kind is not Kind.WORD:
                break
            count += 1
        return count

    def take_links(self, region: Region) -> None:
        """Takes for a link one at its place with another address: a product leads to its own parts what it has, and
        to the web what a post names by a file that the product lacks.
        """
        for at in self.missing():
            if self.items[at].kind is not Kind.LINK:
                continue
            is_inside = self.items[at].value != ""
            if self._is_paged:
                pages = self._pages_near(at)
                place = (
                    region.find_link_on(pages, is_inside=is_inside)
                    if pages
                    else region.find_link(is_inside=is_inside)
                )
            else:
                place = self._link_beside(at, region, is_inside=is_inside)
            if place >= 0:
                self.places[at] = place
                self._product.taken[place] = 1

    def _link_beside(self, at: int, region: Region, *, is_inside: bool) -> int:
        """Returns the free link that is nearest to the counterpart of a neighbour of ``at``; -1 without any."""
        behind = self.places[at + 1 : at + _BESIDE]
        before = self.places[max(0, at - _BESIDE) : at]
        for here in (*behind, *reversed(before)):
            if here >= 0:
                place = region.find_link(here - _BESIDE, is_inside=is_inside)
                if 0 <= place <= here + _BESIDE:
                    return place
        return -1

    def give_back_strays(self, in_runs: Sequence[bool]) -> None:
        """Gives back single items of a passage most of which is missing: they are others, by chance the same.

        ``in_runs`` says which items were found in runs. A link with the address of the source's is not there by chance.
        """
        at = 0
        for is_in_run, passage in groupby(in_runs):
            end = at + len(list(passage))
            part = self.places[at:end]
            if not is_in_run and part.count(-1) * 2 > len(part):
                for n, place in enumerate(part, at):
                    if place >= 0 and not self._is_addressed(place):
                        self._product.taken[place] = 0
                        self.places[n] = -1
            at = end

    def give_back(self, items: Iterable[int]) -> None:
        """Gives back the counterparts of items, by their numbers in ``items``."""
        for at in items:
            self._product.taken[self.places[at]] = 0
            self.places[at] = -1

    def _is_addressed(self, place: int) -> bool:
        item = self._product.items[place]
        return item.kind is Kind.LINK and item.value != ""
