"""What the chapters of a printed book use of what they share: the index, the languages, the typefaces."""

from __future__ import annotations

import msgspec

from ...model.post import Metadata
from ...subject_index import FoundTerm, SubjectIndex
from .missing_glyphs import MissingGlyphs


class ChapterUses(msgspec.Struct, frozen=True):
    """What one chapter uses."""

    language: str
    families: frozenset[str]
    """Those of the families for headings and code that it is set in."""
    lacking: dict[str, int]
    """The characters that the text face lacks, each with the line of its first use."""
    terms: tuple[FoundTerm, ...]
    """The terms of the index that stand in it."""


class BookUses:
    """What all chapters of a book use."""

    def __init__(self, subjects: SubjectIndex) -> None:
        """``subjects`` is the index of the book, which is still empty."""
        self.subjects = subjects
        self.missing_glyphs = MissingGlyphs()
        self.languages: dict[str, None] = {}
        self.families: set[str] = set()

    def add(self, metadata: Metadata, uses: ChapterUses) -> None:
        """Adds what the chapter of a post uses. Chapters come in the order of the book."""
        self.subjects.note(metadata, uses.terms)
        self.missing_glyphs.note(metadata.source, uses.lacking)
        self.languages[uses.language] = None
        self.families |= uses.families
