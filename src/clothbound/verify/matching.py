"""Finds for each item of the sources its counterpart in a product, and what has none."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from .counterparts import RUNS, Counterparts
from .exchange import WordExchange
from .numbered import NumberedTexts, run_hashes
from .post_places import at_home, documents_of_one, most_in_one, runs_of_posts
from .presence import ANCHOR, Anchors
from .regions import ProductPlaces, Region, without_mark
from .right_to_left import take_letters

_HALF = 0.5


class Matching:
    """The search for the items of some posts in a product.

    A post is sought where its anchors are. Posts without any are sought in all of the product, by indexes that they
    share, after the others took theirs.
    """

    def __init__(self, texts: NumberedTexts, anchors: Anchors, wanted: Sequence[int]) -> None:
        self._texts = texts
        self._anchors = anchors
        self._product = ProductPlaces(texts)
        self._places = self._places_of_posts(wanted)
        # A post without anchors takes what the others leave.
        self._posts = {
            number: Counterparts(texts, number, self._product)
            for number in sorted(wanted, key=lambda number: not anchors.places[number])
        }
        self.letters_taken: Counter[int] = Counter()
        """How many words from right to left of each post were found only by their letters."""
        self._search()

    def missing(self) -> dict[int, list[int]]:
        """Returns for each wanted post the items, in order, for which the product has none of its own."""
        return {number: self._posts[number].missing() for number in sorted(self._posts)}

    def hand_over(self, spare: Mapping[int, Sequence[int]]) -> None:
        """Frees the counterparts of some items of posts, which the product was made without, for the other posts."""
        for number, items in spare.items():
            self._posts[number].give_back(items)
        takers = {self._posts[number] for number in self._posts if spare and number not in spare}
        for post, region in self._regions() if takers else ():
            if post in takers:
                post.take_runs(region, RUNS[-1:])

    def _search(self) -> None:
        for post, region in self._regions():
            post.take_runs(region, RUNS[:-1])
        in_runs = {}
        for post, region in self._regions():
            post.take_joined(region)
            in_runs[post] = [place >= 0 for place in post.places]
            post.take_runs(region, RUNS[-1:])
            post.take_joined(region)
            post.take_divided(region)
        # A page of a PDF has its links behind its words, where the region of the next post begins. So a post takes one
        # with another address when all have their own.
        for post, region in self._regions():
            post.take_links(region)
            post.give_back_strays(in_runs[post])
        self._search_elsewhere()
        self._search_twins()
        self._search_strays()
        self._exchange_words()
        if self._texts.is_paged:
            for number, post in self._posts.items():
                self.letters_taken[number] += take_letters(post, self._product)
            # Words that are found by their letters alone tell the pages of the links among them.
            for post, region in self._regions():
                post.take_links(region)

    def _search_elsewhere(self) -> None:
        """Seeks once more what no post took: a copy of another post may stand in a chapter that seems the other's.

        So may a part that has too few words in a row to tell whose it is: a short chapter of a longer document.
        """
        spare = Region(self._product, range(len(self._product.items)))
        for post in self._posts.values():
            post.take_runs(spare, RUNS[:-2])
        unclaimed = self._unclaimed()
        spare = Region(self._product, [place for document in unclaimed for place in document])
        for post in self._posts.values():
            post.take_runs(spare, RUNS[:-1])
        found = {number: post.places for number, post in self._posts.items()}
        for number, document in documents_of_one(unclaimed, found):
            self._posts[number].take_runs(Region(self._product, document), RUNS[-1:])

    def _search_twins(self) -> None:
        """Seeks what a post lacks in the places of another that is much like it: the other may have taken it."""
        everywhere = Region(self._product, range(len(self._product.items)))
        for number, twin in self._twins():
            own, other = self._places[number], self._places[twin]
            region = everywhere
            if own is not None and other is not None:
                region = Region(self._product, sorted({*own, *other}))
            self._posts[number].take_runs(region, RUNS)
            self._posts[number].take_joined(region)

    def _search_strays(self) -> None:
        """Gives posts the words that stand beside their own and that another passage took, and seeks others for it.

        Where two posts meet in a product, one may have taken a word of the other's for one that it has elsewhere.
        """
        owners = self._owners()
        losers: set[Counterparts] = set()
        for post in self._posts.values():
            for at, run in list(post.runs_beside()):
                lost = [owners[place] for place in run if place in owners]
                is_found = max(post.places[at : at + len(run)]) >= 0
                if is_found or len(lost) < len(run) or not self._are_strays(lost, run):
                    continue
                for loser, index in lost:
                    loser.places[index] = -1
                    losers.add(loser)
                post.places[at : at + len(run)] = run
                owners.update((place, (post, at + n)) for n, place in enumerate(run))
        for post, region in self._regions() if losers else ():
            if post in losers:
                post.take_runs(region, RUNS)
                post.take_joined(region)

    def _exchange_words(self) -> None:
        """Gives posts missing words that others took where both are sought, if these have others to spare elsewhere."""
        lacking = [
            (post, at, number)
            for post in self._posts.values()
            for at, number in post.missing_words()
        ]
        if lacking:
            numbers = {number for _, _, number in lacking}
            exchange = WordExchange(self._product, dict(self._regions()), self._owners(), numbers)
            for post, at, number in lacking:
                exchange.seek(post, at, number)

    def _owners(self) -> dict[int, tuple[Counterparts, int]]:
        """Returns for each place that is taken the post, and the number of the item that has it."""
        return {
            place: (post, at)
            for post in self._posts.values()
            for at, place in enumerate(post.places)
            if place >= 0
        }

    def _are_strays(self, owners: Sequence[tuple[Counterparts, int]], run: range) -> bool:
        """Returns whether the words that have a run of places are one by one, and not beside what has those around it."""
        values = [self._product.items[place].value for place in run]
        own = [post.items[at].value for post, at in owners]
        are_whole = all(
            word in (value, without_mark(value)) for word, value in zip(own, values, strict=True)
        )
        (first, at), (last, end) = owners[0], owners[-1]
        is_beside = first.has_word_at(at - 1, run.start - 1) or last.has_word_at(end + 1, run.stop)
        return are_whole and not is_beside

    def _twins(self) -> Iterator[tuple[int, int]]:
        """Yields each post that lacks something with each other one that has most of its runs of words."""
        owners: dict[int, list[int]] = defaultdict(list)
        sizes = {}
        for number in sorted(self._posts):
            if not self._posts[number].are_complete:
                runs = set(run_hashes(self._texts.words_of_post(number), ANCHOR))
                sizes[number] = len(runs)
                for run in runs:
                    owners[run].append(number)
        for other in sorted(self._posts) if sizes else ():
            runs = set(run_hashes(self._texts.words_of_post(other), ANCHOR))
            shared = Counter(number for run in runs for number in owners.get(run, ()))
            for number in sorted(shared):
                if number != other and shared[number] > _HALF * sizes[number]:
                    yield number, other

    def _regions(self) -> Iterator[tuple[Counterparts, Region]]:
        """Yields each post with the region in which it is sought."""
        everywhere: Region | None = None
        for number, post in self._posts.items():
            places = self._places[number]
            if places is not None:
                yield post, Region(self._product, places)
            else:
                everywhere = everywhere or Region(self._product, range(len(self._product.items)))
                yield post, everywhere

    def _places_of_posts(self, wanted: Sequence[int]) -> dict[int, Sequence[int] | None]:
        """Returns the places of the product in which the items of each post are sought; None for all of it.

        A document in which one post has anchors is that post's. In one of several posts, each has what lies between
        the anchors of its neighbours, but for posts of which another document has far more: the two are alike in parts.
        """
        ranges: dict[int, list[range]] = defaultdict(list)
        anchors = self._anchors.telling
        places = sorted((at, post) for post in wanted for at in anchors[post])
        documents = self._texts.documents
        parts = [
            places[bisect_left(places, (d.start, -1)) : bisect_left(places, (d.stop, -1))]
            for d in documents
        ]
        most = most_in_one(parts)
        for document, part in zip(documents, parts, strict=True):
            runs = runs_of_posts(at_home(part, most), anchors)
            for index, (post, _, _) in enumerate(runs):
                first = runs[index - 1][2] + 1 if index else document.start
                last = runs[index + 1][1] if index + 1 < len(runs) else document.stop
                ranges[post].append(range(first, last))
        return {
            post: sorted({place for part in ranges[post] for place in part}) or None
            for post in wanted
        }

    def _unclaimed(self) -> list[range]:
        """Returns the documents of the product in which no post has an anchor."""
        hits = sorted(place for places in self._anchors.places for place in places)
        return [
            document
            for document in self._texts.documents
            if bisect_left(hits, document.start) == bisect_left(hits, document.stop)
        ]
