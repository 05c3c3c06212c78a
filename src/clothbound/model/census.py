"""Counts what a tree holds in one walk: its nodes by kind, its words, links and notes, its ids and headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec

from ..diagnostics import Tally
from . import blocks as b
from . import inlines as i
from .node import Node
from .plain_text import WORDLESS, count_words, own_text
from .post import Footnote, Post
from .walk import walk


class PostCensus(msgspec.Struct, frozen=True):
    """What several transforms ask of a post, so that not each of them walks its tree."""

    tally: Tally
    """How many nodes, words, links, pictures and notes it has."""
    text: str
    """The words of body and notes in their order."""
    kinds: frozenset[type[Node]]
    """The types of the nodes of body and notes, except ``Text``."""
    classes: frozenset[str]
    """The classes that any node has."""
    ids: frozenset[str]
    """The ids that any node has."""
    levels: tuple[int, ...]
    """The levels of the headings of the body."""
    marks: tuple[str, ...]
    """The ids of the notes that marks in the body name."""


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
        parts = body + notes
        self._parts = {id(part.root): part for part in parts}
        found = PostCensus(
            _tally(parts, sum([part.words for part in parts]), len(post.footnotes)),
            "".join([part.text for part in parts]),
            frozenset[type[Node]]().union(*[part.kinds for part in parts]),
            frozenset[str]().union(*[part.classes for part in parts if part.classes]),
            frozenset[str]().union(*[part.ids for part in parts if part.ids]),
            tuple(chain.from_iterable([part.levels for part in body if part.levels])),
            tuple(chain.from_iterable([part.marks for part in body if part.marks])),
        )
        self._last = post, found
        return found

    def _part_of(self, block: Node) -> _Part:
        part = self._parts.get(id(block))
        if part is None:
            part = _count(block)
            # No word goes on from one block into the next.
            part.words = count_words(part.text)
        return part
