"""The parts of a product in which the items of posts are sought, with indexes of what is still free there.

Each index is made once, when it is first asked for. So posts that are sought in the same region go through it once
together, and a search costs what it finds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

from ..lazy_pattern import lazy_pattern
from .content import Kind
from .numbered import NumberedTexts, run_hashes

MOST_JOINED = 10
"""The most words that a product may set as one, or parts into which it may divide one."""
_HYPHENS = ("-", "\u2010", "\u00ad")
_PAGE = 1000
"""The most words that a page may set between the halves of a word."""
_MARKED = lazy_pattern(r"(.*\D)\d{1,3}")


def without_mark(word: str) -> str:
    """Returns a word without a number at its end, which may be the mark of a note; an empty text if it has none."""
    marked = _MARKED.fullmatch(word)
    return marked[1] if marked else ""


class ProductPlaces:
    """The items of a product, and which of them are already taken as the counterpart of an item of a source."""

    def __init__(self, texts: NumberedTexts) -> None:
        self.items = texts.items
        self.numbers = texts.product
        self.taken = bytearray(len(texts.product))
        self.is_paged = texts.is_paged
        self._addresses = texts.addresses
        self.starts = frozenset(document.start for document in texts.documents)
        """The first place of each document, and of what stands behind the last."""
        self.starts |= {len(self.items)}

    def take(self, places: Iterable[int]) -> None:
        """Marks places as taken."""
        for place in places:
            self.taken[place] = 1

    def is_free_word(self, place: int) -> bool:
        """Returns whether the item at a place is a word that is not taken."""
        return not self.taken[place] and self.items[place].kind is Kind.WORD

    def leads_inside(self, place: int) -> bool:
        """Returns whether the link at a place leads to a file or a document of the product."""
        value = self.items[place].value
        return not value or value.partition("#")[0] in self._addresses

    def free_letters(self, place: int) -> str:
        """Returns the letters of a word that is not taken; none if there is no such word at a place."""
        is_word = place < len(self.items) and self.is_free_word(place)
        return self.items[place].value if is_word else ""


class Region:
    """Places of a product, in order. Its indexes have those that were free when they were made."""

    def __init__(self, product: ProductPlaces, places: Sequence[int]) -> None:
        self._product = product
        self._places = places
        self._runs: dict[int, dict[int, list[int]]] = {}

    def find_run(self, run: Sequence[int], behind: int) -> int:
        """Returns the first place from ``behind`` on with this run of free items, or the first of all; -1 without any."""
        length = len(run)
        index = self._runs.get(length)
        if index is None:
            index = self._runs[length] = self._run_index(length)
        places = index.get(hash(tuple(run)))
        if not places:
            return -1
        begin = bisect_left(places, behind)
        place = self._first_equal(places, begin, run)
        return place if place >= 0 or not begin else self._first_equal(places, 0, run)

    def _first_equal(self, places: list[int], begin: int, run: Sequence[int]) -> int:
        length = len(run)
        numbers = self._product.numbers
        self._drop_taken(places, begin, length)
        # Runs with the same hash that differ are hardly ever met.
        while begin < len(places) and numbers[places[begin] : places[begin] + length] != run:
            begin += 1
            self._drop_taken(places, begin, length)
        return places[begin] if begin < len(places) else -1

    def _drop_taken(self, places: list[int], begin: int, length: int = 1) -> None:
        """Drops the places from an index on at which something is taken, up to the first one at which nothing is."""
        taken = self._product.taken
        end = begin
        while end < len(places) and any(taken[places[end] : places[end] + length]):
            end += 1
        del places[begin:end]

    def _run_index(self, length: int) -> dict[int, list[int]]:
        index: dict[int, list[int]] = defaultdict(list)
        for first, last in self._free_stretches():
            part = self._product.numbers[first:last]
            for place, run in enumerate(run_hashes(part, length), first):
                index[run].append(place)
        return index

    def _free_stretches(self) -> Iterator[tuple[int, int]]:
        """Yields the first place of each stretch of free places, and the one behind its last."""
        taken = self._product.taken
        first = before = -1
        for place in self._places:
            if taken[place]:
                continue
            if place != before + 1 or first < 0 or place in self._product.starts:
                if first >= 0:
                    yield first, before + 1
                first = place
            before = place
        if first >= 0:
            yield first, before + 1

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        """The free places of each word."""
        return self._by_value(self._free_words())

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], list[int]]:
        """The free places of each two words beside each other."""
        pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place in self._free_words():
            if second := self._product.free_letters(place + 1):
                pairs[self._product.items[place].value, second].append(place)
        return pairs

    @cached_property
    def _marked_words(self) -> dict[str, list[int]]:
        """The free places of the words that have the mark of a note behind them, by the word without it."""
        words: dict[str, list[int]] = defaultdict(list)
        for value, places in self._words.items():
            if unmarked := without_mark(value):
                words[unmarked] += places
        return words

    @cached_property
    def _halves(self) -> dict[str, list[int]]:
        """The free places of words that end with a hyphen, by their letters."""
        items = self._product.items
        return self._by_value(p for p in self._free_words() if items[p].shown.endswith(_HYPHENS))

    def _free_words(self) -> Iterator[int]:
        return (place for place in self._places if self._product.is_free_word(place))

    def _by_value(self, places: Iterable[int]) -> dict[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for place in places:
            index[self._product.items[place].value].append(place)
        return index

    def places_by_number(self, wanted: Collection[int]) -> dict[int, list[int]]:
        """Returns all places of some items, the taken ones too, by what the items are compared by."""
        found: dict[int, list[int]] = defaultdict(list)
        for place in self._places:
            if (number := self._product.numbers[place]) in wanted:
                found[number].append(place)
        return found

    def find_marked(self, word: str) -> tuple[int, ...]:
        """Returns the first free place of a word with the mark of a note behind it; no places if there is none."""
        for place in self._marked_words.get(word, ()):
            if self._is_free(place):
                return (place,)
        return ()

    def find_pieces(self, joined: str) -> tuple[int, ...]:
        """Returns the first free places beside each other whose words have these letters together.

        It may be one word. Returns no places if there are none.
        """
        whole = self._words.get(joined, ())
        found: list[tuple[int, ...]] = [(place,) for place in whole if self._is_free(place)]
        for length in range(1, len(joined)):
            first = joined[:length]
            for end in range(length + 1, len(joined) + 1) if first in self._words else ():
                for place in self._pairs.get((first, joined[length:end]), ()):
                    if pieces := self._pieces_from(place, joined):
                        found.append(pieces)
                        break
        return min(found, default=())

    def _is_free(self, place: int) -> bool:
        return not self._product.taken[place]

    def _pieces_from(self, begin: int, joined: str) -> tuple[int, ...]:
        """Returns the free places from ``begin`` on that have just these letters; none if there are others."""
        letters = ""
        for place in range(begin, begin + MOST_JOINED):
            more = self._product.free_letters(place)
            letters += more
            if letters == joined:
                return tuple(range(begin, place + 1))
            if not more or not joined.startswith(letters):
                break
        return ()

    @cached_property
    def _first_of_pages(self) -> dict[str, list[int]]:
        """The free places of the words with which a page begins, but for the first one."""
        items = self._product.items
        firsts = []
        page = 0
        for place in self._places if self._product.is_paged else ():
            if items[place].kind is Kind.WORD and items[place].line != page:
                firsts += [place] if page and self._is_free(place) else []
                page = items[place].line
        return self._by_value(firsts)

    def find_halves(self, word: str) -> tuple[int, int] | None:
        """Returns the free places of the two halves of a word, between which notes or a new page may stand."""
        return self._find_hyphenated(word) or self._find_over_pages(word)

    def _find_over_pages(self, word: str) -> tuple[int, int] | None:
        """Returns the free places of the halves of a word whose second one begins a page, as in code without hyphens."""
        for length in range(1, len(word)) if self._first_of_pages else ():
            for last in self._first_of_pages.get(word[length:], ()):
                first = (
                    self._find_on_page_before(last, word[:length]) if self._is_free(last) else -1
                )
                if first >= 0:
                    return first, last
        return None

    def _find_on_page_before(self, place: int, word: str) -> int:
        """Returns the last free place of a word on the page before the one that begins at ``place``; -1 without any."""
        page = 0
        for before in range(place - 1, max(-1, place - _PAGE), -1):
            item = self._product.items[before]
            page = page or (item.line if item.kind is Kind.WORD else 0)
            if item.kind is Kind.WORD and item.line != page:
                break
            if item.value == word and self._product.is_free_word(before):
                return before
        return -1

    def _find_hyphenated(self, word: str) -> tuple[int, int] | None:
        beginnings = (word[:length] for length in range(1, len(word)))
        for first in sorted(place for begin in beginnings for place in self._halves.get(begin, ())):
            if self._is_free(first):
                rest = word[len(self._product.items[first].value) :]
                for last in range(first + 1, min(len(self._product.items), first + _PAGE)):
                    if self._is_free(last) and self._product.items[last].value == rest:
                        return first, last
        return None

    def find_link(self, behind: int = 0, *, is_inside: bool) -> int:
        """Returns the first place from ``behind`` on with a free link; of all, or of those into the publication."""
        places = self._links_inside if is_inside else self._links
        begin = bisect_left(places, behind)
        self._drop_taken(places, begin)
        return places[begin] if begin < len(places) else -1

    def find_link_on(self, pages: Iterable[int], number: int = -1, *, is_inside: bool) -> int:
        """Returns the first place on some pages of a PDF with a free link: of all, or of those into the publication.

        With a number, it is a link that has it. Returns -1 without any.
        """
        product = self._product
        for page in pages:
            for place in self._links_by_page.get(page, ()):
                is_same = number < 0 or product.numbers[place] == number
                fits = is_same and (not is_inside or product.leads_inside(place))
                if fits and self._is_free(place):
                    return place
        return -1

    @cached_property
    def _links_by_page(self) -> dict[int, list[int]]:
        pages: dict[int, list[int]] = defaultdict(list)
        for place in self._links:
            pages[self._product.items[place].line].append(place)
        return pages

    @cached_property
    def _links(self) -> list[int]:
        product = self._product
        return [p for p in self._places if self._is_free(p) and product.items[p].kind is Kind.LINK]

    @cached_property
    def _links_inside(self) -> list[int]:
        return [place for place in self._links if self._product.leads_inside(place)]
