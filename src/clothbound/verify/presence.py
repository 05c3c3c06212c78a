"""Says which posts of the sources a product has, by their runs of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from .content import Kind, is_right_to_left
from .numbered import NumberedTexts, run_hashes
from .sources import SourceText

ANCHOR = 6
"""The words of a run that tells which post a part of a product belongs to."""
_SHORT = 24
"""The most anchors of a short post."""
_HALF = 0.5


class Anchors:
    """The runs of words that one post alone has, and the places in the product at which they begin.

    Pictures, links and notes between the words do not count: a product may lack all of its pictures.
    """

    def __init__(self, texts: NumberedTexts) -> None:
        owner = _owners(
            (number, run_hashes(texts.words_of_post(number), ANCHOR))
            for number in range(len(texts.posts))
        )
        self.counts = Counter(owner.values())
        """How many anchors each post has."""
        self.places: list[list[int]] = [[] for _ in texts.posts]
        """The places of each post's anchors in the product, in order."""
        found: dict[int, list[int]] = {}
        for document in texts.documents:
            at_words = [place for place in document if texts.items[place].kind is Kind.WORD]
            part = [texts.product[place] for place in at_words]
            for at, run in zip(at_words, run_hashes(part, ANCHOR), strict=False):
                post = owner.get(run, -1)
                if post >= 0:
                    self.places[post].append(at)
                    found.setdefault(run, []).append(at)
        self.telling = _telling_places(texts, self.places, found)
        """Those of each post without the places of anchors that the product has more often than the post: as a title
        that stands in the contents too, or an address that a template has filled in. All of them if no others are left.
        """


def _telling_places(
    texts: NumberedTexts, places: Sequence[list[int]], found: Mapping[int, Sequence[int]]
) -> list[list[int]]:
    """Returns the places of each post but those of anchors that the product has more often. ``found`` are the places
    of each anchor.
    """
    repeated = {run: at for run, at in found.items() if len(at) > 1}
    own = Counter(
        run
        for number, here in enumerate(places)
        for run in (run_hashes(texts.words_of_post(number), ANCHOR) if here and repeated else ())
        if run in repeated
    )
    untold = {place for run, at in repeated.items() if len(at) > own[run] for place in at}
    return [[place for place in here if place not in untold] or here for here in places]


def shares_of_posts(texts: NumberedTexts, anchors: Anchors) -> list[float]:
    """Returns which share of each post's anchors the product has.

    For a post that has hardly any (it is short, or like another), it is 1 if the product has all its words, of
    several also two in a row; else the share of what no other post has. The same holds for a short list of links,
    between whose words the product may have those of cards. The order of words from right to left is not told by a PDF:
    there it is the share of words.
    """
    in_product = Counter(texts.product)
    found = []
    complete: list[int] = []
    short: list[int] = []
    for number, (source, text) in enumerate(zip(texts.sources, texts.posts, strict=True)):
        hits, all_anchors = len(anchors.places[number]), anchors.counts[number]
        if texts.is_paged and sum(map(is_right_to_left, source.items)) > len(text) / 2:
            found.append(sum(number in in_product for number in text) / len(text))
        elif all_anchors > ANCHOR and not _is_short_list(source, all_anchors, hits):
            found.append(min(1.0, hits / all_anchors))
        else:
            found.append(float(_has_all(in_product, texts.words_of_post(number))))
            (complete if found[-1] else short).append(number)
    short += _scattered(texts, complete)
    for number, share in shares_of_own_words(texts, short).items():
        found[number] = share
    return found


def posts_with_all_words(texts: NumberedTexts, chosen: Sequence[int]) -> frozenset[int]:
    """Returns the posts all of whose words the product has, wherever they are."""
    counts = Counter(texts.words_of_product)
    return frozenset(n for n in chosen if _has_all(counts, texts.words_of_post(n)))


def shares_of_own_words(texts: NumberedTexts, chosen: Sequence[int]) -> dict[int, float]:
    """Returns for some posts the share in the product of the words that no other post has.

    It is 0 if it is less than half, or if the product has no pair of words that is the post's own: single words
    may stand there by chance, as the title of a page in a link to it.
    """
    pairs = _hits_of_own_runs(texts, chosen, 2)
    words = _hits_of_own_runs(texts, [number for number in chosen if pairs[number][0]], 1)
    shares = dict.fromkeys(chosen, 0.0)
    for number, (hits, own) in words.items():
        share = hits / own if own else pairs[number][0] / pairs[number][1]
        shares[number] = share if share >= _HALF else 0.0
    return shares


def _hits_of_own_runs(
    texts: NumberedTexts, chosen: Sequence[int], length: int
) -> dict[int, tuple[int, int]]:
    """Returns two counts for each post: of its runs of words that no other post has, those in the product and all."""
    wanted = {run for number in chosen for run in run_hashes(texts.words_of_post(number), length)}
    if not wanted:
        return dict.fromkeys(chosen, (0, 0))
    owner = _owners(
        (number, wanted.intersection(run_hashes(texts.words_of_post(number), length)))
        for number in range(len(texts.posts))
    )
    own = Counter(owner.values())
    there = wanted.intersection(run_hashes(texts.words_of_product, length))
    hits = Counter(owner[run] for run in there)
    return {number: (hits[number], own[number]) for number in chosen}


def _owners(runs_of_posts: Iterable[tuple[int, Iterable[int]]]) -> dict[int, int]:
    """Returns the post of each run of words; -1 for a run of several posts."""
    owner: dict[int, int] = {}
    for number, runs in runs_of_posts:
        for run in runs:
            owner[run] = number if owner.get(run, number) == number else -1
    return owner


def _scattered(texts: NumberedTexts, chosen: Sequence[int]) -> list[int]:
    """Returns the posts of several words of which the product has no two in a row."""
    pairs = {number: set(run_hashes(texts.words_of_post(number), 2)) for number in chosen}
    wanted = set[int]().union(*pairs.values())
    there = wanted.intersection(run_hashes(texts.words_of_product, 2)) if wanted else wanted
    return [number for number, own in pairs.items() if own and not own & there]


def _is_short_list(source: SourceText, anchors: int, hits: int) -> bool:
    """Returns whether links and pictures may part the words of a short post, of whose anchors hardly any are found."""
    is_parted = any(item.kind is not Kind.WORD for item in source.items)
    return is_parted and anchors <= _SHORT and hits * 5 < anchors


def _has_all(counts: Counter[int], numbers: Iterable[int]) -> bool:
    """Returns whether each number is among the counted ones, as often. A difference of counters would go through all."""
    return all(counts[number] >= count for number, count in Counter(numbers).items())
