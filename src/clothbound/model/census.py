"""Counts what a tree holds in one walk: its nodes by kind, its words, links and notes, its ids and headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain
from operator import is_
from typing import TypeVar

import msgspec

from ..diagnostics import Tally
from . import blocks as b
from . import inlines as i
from .node import Node
from .plain_text import WORDLESS, count_words, own_text
from .post import Footnote, Post
from .walk import Visit, rewrite, walk, with_blocks

A = TypeVar("A", bound=Node)


class _Part(msgspec.Struct, gc=False):
    """What one node holds with all below it; of a block, its words begin and end with a space."""

    root: Node
    text: str = ""
    nodes: int = 0
    words: int = 0
    links: int = 0
    pictures: int = 0
    kinds: frozenset[type[Node]] = frozenset()
    classes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()


class PostCensus:
    """What several transforms ask of a post, so that not each of them walks its tree."""

    _body: Sequence[_Part]
    _parts: Sequence[_Part]
    _notes: int
    """The number of notes."""

    @classmethod
    def _of(cls, body: Sequence[_Part], notes: Sequence[_Part], count: int) -> PostCensus:
        """Returns the census of a post of these blocks and of those of its ``count`` notes."""
        census = cls()
        census._body = body
        census._parts = [*body, *notes]
        census._notes = count
        return census

    @cached_property
    def tally(self) -> Tally:
        """How many nodes, words, links, pictures and notes it has."""
        return _tally(self._parts, sum([part.words for part in self._parts]), self._notes)

    @cached_property
    def text(self) -> str:
        """The words of body and notes in their order."""
        return "".join([part.text for part in self._parts])

    @cached_property
    def kinds(self) -> frozenset[type[Node]]:
        """The types of the nodes of body and notes, except ``Text``."""
        return frozenset[type[Node]]().union(*[part.kinds for part in self._parts])

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes that any node has."""
        return frozenset(
            chain.from_iterable([part.classes for part in self._parts if part.classes])
        )

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids that any node has."""
        return frozenset(chain.from_iterable([part.ids for part in self._parts if part.ids]))

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """The levels of the headings of the body."""
        return tuple(chain.from_iterable([part.levels for part in self._body if part.levels]))

    @cached_property
    def marks(self) -> tuple[str, ...]:
        """The ids of the notes that marks in the body name."""
        return tuple(chain.from_iterable([part.marks for part in self._body if part.marks]))


def _count(root: Node) -> _Part:
    """Counts nodes. Three nodes in four are Texts, most of which have no fields but their text."""
    part = _Part(root)
    kinds, words, nodes = set(), [], 0
    for node in walk(root):
        nodes += 1
        kind = type(node)
        if node.id:
            part.ids += (node.id,)
        if node.classes:
            part.classes += node.classes
        if kind is i.Text:
            words.append(node.text)  # type: ignore[attr-defined]
            continue
        kinds.add(kind)
        if kind is i.Link:
            part.links += 1
        elif kind is i.Image:
            part.pictures += 1
        elif kind not in i.INLINE:
            part.links += kind is b.Figure and bool(node.href)  # type: ignore[attr-defined]
            words.append(" " if kind in WORDLESS else f" {own_text(node)} ")
            if kind is b.Heading:
                part.levels += (node.level,)  # type: ignore[attr-defined]
        elif kind is i.NoteRef:
            part.marks += (node.target,)  # type: ignore[attr-defined]
        elif kind not in WORDLESS:
            words.append(own_text(node))
    part.nodes = nodes
    part.kinds = frozenset(kinds)
    part.text = "".join(words)
    return part


def _tally(parts: Sequence[_Part], words: int, notes: int) -> Tally:
    return Tally(
        sum([part.nodes for part in parts]),
        words,
        sum([part.links for part in parts]),
        sum([part.pictures for part in parts]),
        notes,
    )


def tally(root: Post | Footnote | Node | Iterable[Node]) -> Tally:
    """Counts for the account of a conversion; see ``diagnostics.Tally``."""
    if isinstance(root, Post):
        return take_census(root).tally
    if isinstance(root, Footnote):
        nodes: Iterable[Node] = root.children
    else:
        nodes = (root,) if isinstance(root, Node) else root
    parts = [_count(node) for node in nodes]
    # Inlines side by side may make one word.
    words = count_words("".join([part.text for part in parts]))
    return _tally(parts, words, int(isinstance(root, Footnote)))


def take_census(post: Post) -> PostCensus:
    """Counts what ``post`` holds. ``Context.census`` does not count again what has not changed."""
    return PostCounter().count(post)


class PostCounter:
    """Counts a post after each of its changes. Blocks that it still has are not counted again."""

    def __init__(self) -> None:
        self._last: tuple[Post, PostCensus] | None = None
        self._parts: dict[int, _Part] = {}
        """The parts of the last post, by the ids of their blocks, which they keep alive."""

    def count(self, post: Post) -> PostCensus:
        """Returns what the tree of ``post`` holds."""
        if self._last is not None:
            counted, found = self._last
            if counted.body is post.body and counted.footnotes is post.footnotes:
                return found
        body = [self._part_of(block) for block in post.body]
        notes = [self._part_of(block) for note in post.footnotes for block in note.children]
        # Parts of blocks that are gone are forgotten.
        self._parts = {id(part.root): part for part in (*body, *notes)}
        found = PostCensus._of(body, notes, len(post.footnotes))
        self._last = post, found
        return found

    def rewrite(self, post: Post, visit: Visit[A], kinds: AbstractSet[type[A]]) -> Post:
        """Does what ``walk.rewrite`` does, in the blocks alone that hold a node of these kinds, which are not Text."""

        def change(blocks: tuple[b.Block, ...]) -> tuple[b.Block, ...]:
            changed: list[b.Block] = []
            for block in blocks:
                if self._part_of(block).kinds.isdisjoint(kinds):
                    changed.append(block)
                else:
                    changed.extend(rewrite((block,), visit, kinds))
            is_same = len(changed) == len(blocks) and all(map(is_, changed, blocks))
            return blocks if is_same else tuple(changed)

        return with_blocks(post, change)

    def text_of(self, block: Node) -> str:
        """Returns the words of a block of a post, as ``PostCensus.text`` has them."""
        return self._part_of(block).text

    def _part_of(self, block: Node) -> _Part:
        part = self._parts.get(id(block))
        if part is None:
            part = self._parts[id(block)] = _count(block)
            # No word goes on from one block into the next.
            part.words = count_words(part.text)
        return part
