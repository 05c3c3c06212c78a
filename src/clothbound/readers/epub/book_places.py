"""Tells where the places of a book, to which links lead, stand among its chapters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import NamedTuple

from ... import epub_names as names
from .outline import Chapter, Outline, Segment
from .survey import DocumentFacts


class Place(NamedTuple):
    """Where a place of the book stands among the posts: a post's source, and an id in it."""

    source: str
    name: str


class BookPlaces:
    """The places of a book, by documents and ids."""

    def __init__(
        self, facts: Mapping[str, DocumentFacts], outline: Outline, *, is_own: bool
    ) -> None:
        self._facts = facts
        self._outline = outline
        self._is_own = is_own
        self._chapters: dict[tuple[str, str], Chapter] = {
            (segment.file, segment.begin): chapter
            for chapter in outline.chapters
            for segment in chapter.segments
        }

    def leave_out(self, chapter: Chapter) -> None:
        """Forgets the first piece of a chapter, which is not read after all."""
        first = chapter.segments[0]
        self._chapters.pop((first.file, first.begin), None)

    def find(self, file: str, name: str) -> Place | None:
        """Returns where a place of the book stands; None if its document is not read."""
        document = self._facts.get(file)
        if document is None:
            return None
        cuts = self._outline.cuts.get(file, [])
        begin = ""
        if cuts and name in document.ids:
            at = bisect_right(cuts, document.ids[name][0], key=lambda cut: document.ids[cut][0])
            begin = cuts[at - 1] if at else ""
        chapter = self._chapters.get((file, begin))
        if chapter is None:
            return None
        if name == begin or name not in document.ids:
            name = ""
        if self._is_own:
            key = names.file_key_of(file)
            name = "" if name == names.title_anchor(key) else names.node_id_of(key, name)
        elif name and chapter.segments[0] == Segment(file, begin):
            # The beginning of a chapter needs no id: its title is not a place in its text.
            name = "" if _is_beginning(document, begin, name) else name
        return Place(chapter.source, name)

    def linked(self, marks: set[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Returns the ids within chapters to which links lead, without those of the contents and to ``marks``."""
        targets = {
            link.target
            for name, document in self._facts.items()
            if self._outline.left_out.get(name) != "the contents"
            for link in document.links
        }
        found = ((target, self.find(*target)) for target in targets - marks)
        return frozenset(target for target, place in found if place is not None and place.name)


def _is_beginning(document: DocumentFacts, begin: str, name: str) -> bool:
    """Returns whether no words but a chapter's number stand between its beginning and a place."""
    words = document.ids[name][1]
    first = document.ids[begin][1] if begin else 0
    return words == first or (not begin and words <= document.label_words)
