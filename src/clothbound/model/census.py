"""Counts what a tree holds in one walk: its nodes by kind, its words, links and notes, its ids and headings."""

from __future__ import annotations

from collections.abc import Iterable

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


class _Count:
    """Counts nodes. Three nodes in four are Texts, most of which have no fields but their text."""

    def __init__(self) -> None:
        self.nodes = self.links = self.pictures = 0
        self.words: list[str] = []
        self.kinds: set[type[Node]] = set()
        self.classes: set[str] = set()
        self.ids: set[str] = set()
        self.levels: list[int] = []
        self.marks: list[str] = []

    def add(self, root: Footnote | Node | Iterable[Node]) -> None:
        kinds, words = self.kinds, self.words
        for node in walk(root):
            self.nodes += 1
            kind = type(node)
            if node.id:
                self.ids.add(node.id)
            if node.classes:
                self.classes.update(node.classes)
            if kind is i.Text:
                words.append(node.text)  # type: ignore[attr-defined]
                continue
            kinds.add(kind)
            if kind is i.Link:
                self.links += 1
            elif kind is i.Image:
                self.pictures += 1
            elif kind not in i.INLINE:
                self.links += kind is b.Figure and bool(node.href)  # type: ignore[attr-defined]
                words.append(" " if kind in WORDLESS else f" {own_text(node)} ")
                if kind is b.Heading:
                    self.levels.append(node.level)  # type: ignore[attr-defined]
            elif kind is i.NoteRef:
                self.marks.append(node.target)  # type: ignore[attr-defined]
            elif kind not in WORDLESS:
                words.append(own_text(node))

    def tally(self, text: str, notes: int) -> Tally:
        return Tally(self.nodes, count_words(text), self.links, self.pictures, notes)


def tally(root: Post | Footnote | Node | Iterable[Node]) -> Tally:
    """Counts for the account of a conversion; see ``diagnostics.Tally``."""
    if isinstance(root, Post):
        return take_census(root).tally
    count = _Count()
    count.add(root)
    return count.tally("".join(count.words), int(isinstance(root, Footnote)))


def take_census(post: Post) -> PostCensus:
    """Counts what ``post`` holds. ``Context.census`` does not count again what has not changed."""
    count = _Count()
    count.add(post.body)
    levels, marks = tuple(count.levels), tuple(count.marks)
    for note in post.footnotes:
        count.add(note)
    text = "".join(count.words)
    return PostCensus(
        count.tally(text, len(post.footnotes)),
        text,
        frozenset(count.kinds),
        frozenset(count.classes),
        frozenset(count.ids),
        levels,
        marks,
    )
