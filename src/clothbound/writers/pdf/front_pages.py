"""The pages of a printed book that are no post: title page, copyright page, contents, parts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ...escape import attribute, escape
from ...language.dates import long_date
from ...language.words import Wording
from ...model.post import Collection, Role
from ...model.years import title_and_years
from .book_names import BookNames, dates_of

BEFORE_CONTENTS: frozenset[Role] = frozenset({"dedication", "epigraph"})
"""What stands before the contents, alone on a page, without a heading, and is not listed there."""

_NEVER = datetime.min.replace(tzinfo=UTC)


class FrontPages:
    """Writes them for one book, as XHTML."""

    def __init__(self, collection: Collection, names: BookNames, words: Wording) -> None:
        self._collection = collection
        self._names = names
        self._words = words
        self.parts = {part.keys[0]: part.title for part in collection.parts if part.keys}
        """The titles of parts, by the key of each part's first post."""
        self.in_parts = frozenset(key for part in collection.parts for key in part.keys)
        self._posts = [m for m in collection.index if m.key not in collection.roles]

    def first_after_parts(self) -> frozenset[str]:
        """The keys of the texts that follow a part and are in none: the contents set them off."""
        found = set()
        parted = False
        for metadata in self._collection.index:
            if self._collection.roles.get(metadata.key) in BEFORE_CONTENTS:
                continue
            if parted and metadata.key not in self.in_parts:
                found.add(metadata.key)
            parted = metadata.key in self.in_parts
        return frozenset(found)

    def title_and_year(self) -> tuple[str, str]:
        """The book's title, and the year or years of it that stand below it."""
        return title_and_years(self._names.title, self._collection.title_years)

    def title_page(self) -> str:
        title, year = self.title_and_year()
        subtitle = self._collection.subtitle
        lines = [f'<h1 class="book-title">{escape(title)}</h1>']
        if subtitle:
            lines.append(f'<p class="book-subtitle">{escape(subtitle)}</p>')
        if year:
            lines.append(f'<p class="book-year">{escape(year)}</p>')
        if self._names.authors:
            lines.append(f'<p class="book-author">{escape(", ".join(self._names.authors))}</p>')
        if self._collection.publisher:
            lines.append(f'<p class="book-publisher">{escape(self._collection.publisher)}</p>')
        return f'<section class="title-page">{"".join(lines)}</section>'

    def imprint_groups(self) -> list[list[str]]:
        """The lines of the copyright page, in groups that stand apart."""
        book = self._collection
        groups = [
            book.rights.split("\n"),
            [
                self._words.edited_by.format(names=", ".join(book.editors)) if book.editors else "",
                ", ".join(text for text in (book.series, book.series_position) if text),
                book.publisher,
            ],
            [self._made_from()],
            [f"ISBN {book.isbn}" if book.isbn else "", self._identifier()],
        ]
        full = ([line for line in group if line.strip()] for group in groups)
        return [group for group in full if group]

    def imprint(self) -> str:
        """The copyright page."""
        text = "".join(
            f"<p>{'<br/>'.join(map(escape, group))}</p>" for group in self.imprint_groups()
        )
        return f'<section class="imprint"><div>{text}</div></section>'

    def _identifier(self) -> str:
        book = self._collection
        known = re.sub(r"\D", "", book.isbn)
        return "" if known and known in book.identifier.replace("-", "") else book.identifier

    def _made_from(self) -> str:
        dates = sorted(dates_of(self._posts), key=lambda stamp: stamp.value or _NEVER)
        count = len(self._posts)
        if not dates:
            return self._words.undated.format(count=count)
        language = self._words.language
        first, last = long_date(dates[0], language), long_date(dates[-1], language)
        form = self._words.many_posts if count > 1 else self._words.one_post
        return form.format(count=count, first=first, last=last)

    def contents(self, sections: Mapping[str, Sequence[tuple[str, str]]] | None) -> str:
        """``sections``: by a post's key, the ids and titles of its sections, where they are listed
        and numbered.
        """
        items: list[str] = []
        after = self.first_after_parts()
        for metadata in self._collection.index:
            key = metadata.key
            role = self._collection.roles.get(key)
            if role in BEFORE_CONTENTS:
                continue
            if key in self.parts:
                items.append(_entry("toc-part", part_id(key), escape(self.parts[key])))
            classes = "toc-matter" if role else "toc-post"
            if key in after:
                classes += " toc-after"
            below = ""
            if sections is not None and not role and sections.get(key):
                inner = (_entry("toc-section", name, text) for name, text in sections[key])
                below = f"<ol class='toc'>{''.join(inner)}</ol>"
            items.append(_entry(classes, key, escape(self._names.title_of(metadata)), below))
        return (
            '<nav class="contents">'
            f"<h1>{escape(self._words.contents)}</h1><ol class='toc'>{''.join(items)}</ol></nav>"
        )

    def part(self, key: str) -> str:
        """The page before the part whose first post is ``key``."""
        return (
            f'<section class="part" id="{attribute(part_id(key))}">'
            f'<h1 class="part-title">{escape(self.parts[key])}</h1></section>'
        )


def part_id(key: str) -> str:
    return f"part--{key}"


def _entry(classes: str, target: str, title: str, below: str = "") -> str:
    link = f'<a href="#{attribute(target)}">{title}</a>'
    return f'<li class="toc {classes}">{link}{below}</li>'
