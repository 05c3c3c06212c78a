"""What a printed book calls itself, its authors and its posts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ...language.detect import book_language
from ...language.quotes import Typesetter
from ...language.words import wording
from ...model.language_tags import language_tag
from ...model.post import Collection, Metadata, Timestamp

_MOST_AUTHORS = 3


@dataclass(frozen=True, slots=True)
class BookNames:
    """The names of one book."""

    title: str
    authors: tuple[str, ...]
    language: str
    """A BCP 47 tag."""

    def title_of(self, metadata: Metadata) -> str:
        """A post's title, typeset; what else tells it from the others where it has none."""
        title = metadata.title or metadata.slug or metadata.source or metadata.key
        return self.typeset(title, metadata)

    def subtitle_of(self, metadata: Metadata) -> str:
        return self.typeset(metadata.subtitle, metadata)

    def typeset(self, text: str, metadata: Metadata) -> str:
        """``text`` with the quotation marks of a post's language."""
        return Typesetter(language_tag(metadata.language) or self.language).plain(text)

    def authors_of(self, metadata: Metadata) -> str:
        """The authors of a post, as far as they are not the book's."""
        return ", ".join(metadata.authors) if metadata.authors != self.authors else ""


def names_of(collection: Collection) -> BookNames:
    """The names of ``collection``; those that it does not give are its posts'."""
    index = collection.index
    language = book_language(collection)
    title = collection.title or next((m.title for m in index if m.title), wording(language).posts)
    authors = collection.authors or _authors(index)
    return BookNames(title, authors, language)


def dates_of(metadata: Iterable[Metadata]) -> Iterator[Timestamp]:
    return (m.published for m in metadata if m.published is not None and m.published.value)


def newest(metadata: Iterable[Metadata]) -> datetime | None:
    """The date of the newest post: that of the book, which has the same bytes tomorrow."""
    return max((s.value for s in dates_of(metadata) if s.value), default=None)


def _authors(metadata: Iterable[Metadata]) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    for one in metadata:
        seen.update(dict.fromkeys(one.authors))
    return tuple(seen)[:_MOST_AUTHORS]
