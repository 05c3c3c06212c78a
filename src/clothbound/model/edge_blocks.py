"""Finds blocks that begin or end many posts of a book, such as subscribe lines, footers and biographies, and takes
them out of a post.

The rule, as measured on the archives of eight newsletters and blogs:

- A block counts where it is one of the first ``_FIRST`` or the last ``_LAST`` blocks of a post, in its first or second
  half. Rules, buttons and forms are passed over.
- Blocks are compared by their words, in lower case. All numbers are equal, and addresses do not count, so the date or
  the number of an issue makes no difference. A block without words is compared by its pictures.
- Two blocks are alike if they share at least half of their words, or if four in five words of one, which has at least
  ``_MANY``, are in the other, which is at most ``_LONGER`` times as long. If one has fewer than ``_FEW`` words, both
  must have the same. So a footer that its author changed and extended over the months is one footer.
- A block is repeated if it and its like begin, or end, more than a third of the posts, and at least ``_LEAST``.
- A heading, or a block that ends in a colon, is repeated only if in most of its posts the next block is, too: a
  heading over another list each week belongs to the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

import msgspec

from ..lazy_pattern import lazy_pattern
from .blocks import Block, Button, Heading, PaywallBreak, SubscribeForm, ThematicBreak
from .inlines import Image
from .node import Node
from .notes import settle_notes
from .plain_text import cut_at_word, plain_text
from .post import Post
from .walk import rewrite, walk

_FIRST, _LAST = 4, 8
_FEW, _MANY, _LONGER = 4, 12, 3
_LEAST = 3
_SHARE = 3
"""More than one post in so many must have a repeated block."""
_SEEDS = 300
"""The most different texts that other texts are compared with."""
_SHOWN = 60
"""The most characters of a block that messages and plans show."""
_CHROME: frozenset[type[Node]] = frozenset({Button, SubscribeForm, PaywallBreak})
_ADDRESS = lazy_pattern(r"(?:https?://|www\.)\S+")
# A text without spaces between words is compared by its characters.
_WORD = lazy_pattern(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\d+(?:[.,:/-]\d+)*|[^\W\d_]+"
)

_Words: TypeAlias = tuple[str, ...]


class RepeatedBlock(msgspec.Struct, frozen=True):
    """A block that begins or ends several posts, with all forms in which it does."""

    text: str
    """The beginning of its words, in the form that most posts have."""
    at_end: bool
    posts: int
    """The number of posts that it begins or ends."""
    forms: frozenset[_Words]

    @property
    def place(self) -> str:
        return "end" if self.at_end else "beginning"


class _Form(msgspec.Struct):
    """One wording of a block at one edge of posts."""

    words: _Words
    at_end: bool
    text: str
    posts: set[int]
    different: frozenset[str]
    first: int
    """Its place among all forms: in the order of the first post that has it."""
    is_label: bool
    """Whether it is the heading of what follows."""
    following: list[_Form | None] = []
    """For each post the next block at the same edge; None if there is none, or an empty one."""


class EdgeBlocks:
    """The blocks at the edges of all posts of a book."""

    def __init__(self, posts: Iterable[Post]) -> None:
        self.total = 0
        forms: dict[tuple[_Words, bool], _Form] = {}
        for number, post in enumerate(posts):
            self.total += 1
            before: _Form | None = None
            for position, at_end in _edges(post.body):
                block = post.body[position]
                words, text = _comparable(block)
                form = forms.get((words, at_end))
                if form is None and words:
                    is_label = isinstance(block, Heading) or text.endswith((":", "\uff1a"))
                    different = frozenset(words)
                    form = _Form(words, at_end, text, set(), different, len(forms), is_label)
                    forms[words, at_end] = form
                if form is not None:
                    form.posts.add(number)
                if before is not None and before.at_end is at_end:
                    before.following.append(form)
                before = form
        self._forms = list(forms.values())
        self._groups = [group for at_end in (False, True) for group in self._group(at_end)]

    def repeated(self) -> tuple[RepeatedBlock, ...]:
        """Returns the blocks that begin or end more than a third of the posts, in reading order."""
        found = [group for group in self._groups if self._is_frequent(group)]
        while True:  # a label may follow a label
            frequent = {id(form) for group in found for form in group}
            kept = [group for group in found if not _is_label_of_other(group, frequent)]
            if len(kept) == len(found):
                break
            found = kept
        found.sort(key=lambda group: (group[0].at_end, _place(group)))
        return tuple(map(_block_of, found))

    def beginning_with(self, words: str) -> tuple[RepeatedBlock, ...]:
        """Returns the blocks of which a form has these words, or begins with them if they end in three dots.

        A block without words is named by the file of its first picture.
        """
        cut = words.rstrip().removesuffix("\u2026").removesuffix("...")
        wanted = _words_of(cut)
        is_whole = cut == words.rstrip()

        def is_meant(form: _Form) -> bool:
            if not wanted or form.words[: len(wanted)] != wanted:
                return form.text == words
            return not is_whole or len(form.words) == len(wanted)

        return tuple(_block_of(group) for group in self._groups if any(map(is_meant, group)))

    def _is_frequent(self, group: Sequence[_Form]) -> bool:
        count = len(set().union(*(form.posts for form in group)))
        return count >= _LEAST and count * _SHARE > self.total

    def _group(self, at_end: bool) -> Iterator[list[_Form]]:
        """Yields the forms at one edge, each with those that are alike, directly or by way of others.

        Only texts that several posts have word by word lead to others.
        """
        forms = sorted((f for f in self._forms if f.at_end is at_end), key=_rank)
        least = max(2, self.total // 50)
        seeds = [form for form in forms if len(form.posts) >= least][:_SEEDS]
        leader = list(range(len(seeds)))

        def find(place: int) -> int:
            while leader[place] != place:
                place = leader[place]
            return place

        for place, form in enumerate(seeds):
            for other in range(place):
                if _are_alike(form, seeds[other]):
                    one, two = sorted((find(place), find(other)))
                    leader[two] = one
        groups: dict[int, list[_Form]] = {}
        for place, form in enumerate(seeds):
            groups.setdefault(find(place), []).append(form)
        for form in forms[len(seeds) :]:
            near = next((n for n, seed in enumerate(seeds) if _are_alike(form, seed)), None)
            if near is None:
                yield [form]
            else:
                groups[find(near)].append(form)
        yield from groups.values()


def _is_label_of_other(group: Sequence[_Form], frequent: AbstractSet[int]) -> bool:
    """Returns whether most blocks of a group are headings of something that is not repeated."""
    if not group[0].is_label:
        return False
    following = [form for label in group for form in label.following]
    return 2 * sum(form is None or id(form) not in frequent for form in following) > len(following)


def _rank(form: _Form) -> tuple[int, int]:
    return -len(form.posts), form.first


def _place(group: Sequence[_Form]) -> int:
    return min(form.first for form in group)


def _block_of(group: Sequence[_Form]) -> RepeatedBlock:
    form = min(group, key=_rank)
    posts = set().union(*(each.posts for each in group))
    forms = frozenset(each.words for each in group)
    return RepeatedBlock(form.text, form.at_end, len(posts), forms)


def _are_alike(one: _Form, other: _Form) -> bool:
    first, second = one.different, other.different
    if min(len(first), len(second)) < _FEW:
        return one.words == other.words
    least, most = sorted((len(first), len(second)))
    if least * _LONGER < most:
        return False
    common = len(first & second)
    return 2 * common >= least + most - common or (least >= _MANY and 5 * common >= 4 * least)


def _edges(body: Sequence[Block]) -> Iterator[tuple[int, bool]]:
    """Yields the positions of the blocks at the edges of a text, and whether each is at its end."""
    solid = [n for n, block in enumerate(body) if type(block) not in _PASSED_OVER]
    half = len(solid) // 2
    yield from ((n, False) for n in solid[: min(_FIRST, half)])
    # The middle one of an odd number is at the end: a post of one block may be a footer alone.
    yield from ((n, True) for n in solid[max(half, len(solid) - _LAST) :])


_PASSED_OVER: frozenset[type[Node]] = _CHROME | {ThematicBreak}


def _comparable(block: Block) -> tuple[_Words, str]:
    """Returns the words by which a block is compared, and the beginning of its text. Both are empty for an empty one."""
    left: tuple[Block, ...] = rewrite((block,), lambda _: None, _CHROME)
    text = " ".join(plain_text(left).split())
    words = _words_of(text)
    if words:
        return words, cut_at_word(text, _SHOWN)
    pictures = tuple(image.src for image in walk(left, Image))
    return pictures, cut_at_word(pictures[0].rpartition("/")[2], _SHOWN) if pictures else ""


def _words_of(text: str) -> _Words:
    found = _WORD.findall(_ADDRESS.sub(" ", text.casefold()))
    return tuple("0" if word[0].isdigit() else word for word in found)


def cut_blocks(
    post: Post,
    blocks: Sequence[RepeatedBlock],
    on_cut: Callable[[RepeatedBlock, tuple[Block, ...]], None],
) -> Post:
    """Returns ``post`` without these blocks at its edges, and without the notes that only they have.

    A rule that is then the first or the last block goes with them. ``on_cut`` is called for each block, and for the
    notes that go, as blocks.
    """
    gone: dict[int, RepeatedBlock] = {}
    for position, at_end in _edges(post.body):
        words, _ = _comparable(post.body[position])
        for block in blocks if words else ():
            if block.at_end is at_end and words in block.forms:
                gone.setdefault(position, block)
    if not gone:
        return post
    for position, block in gone.items():
        on_cut(block, (post.body[position],))
    body = _without_rules([n for p, n in enumerate(post.body) if p not in gone], post.body)
    after, notes = settle_notes(post, msgspec.structs.replace(post, body=body))
    for note in notes:
        on_cut(next(iter(gone.values())), note.children)
    return after


def _without_rules(left: list[Block], before: Sequence[Block]) -> tuple[Block, ...]:
    """Removes the rules at either end of a text that were not there before."""
    while left and isinstance(left[-1], ThematicBreak) and left[-1] is not before[-1]:
        left.pop()
    while left and isinstance(left[0], ThematicBreak) and left[0] is not before[0]:
        left.pop(0)
    return tuple(left)
