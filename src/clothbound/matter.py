"""A book's matter as data: title page, imprint, colophon, cover, chapter heads, contents.

``fill_matter`` and ``chapter_head`` decide which lines a book has around its posts, in which order, with
which words and under which conditions. Writers decide only what these lines look like. An e-book and
a printed copy differ in a few decisions; both sides of each stand here.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal, TypeAlias

import msgspec

from .language.dates import date_range, long_date
from .language.detect import book_language
from .language.plurals import counted
from .language.wording import Wording
from .language.words import own_language, wording
from .model.collection import Collection, Role
from .model.index import NAMESPACE
from .model.isbn import isbn13
from .model.language_tags import language_tag
from .model.post import Metadata, Timestamp
from .model.publication import EVERYONE
from .model.years import title_and_years
from .title_text import plain_title, title_parts, typeset_title

Edition: TypeAlias = Literal["ebook", "print"]

BEFORE_CONTENTS: frozenset[Role] = frozenset({"dedication", "epigraph"})
"""Texts that stand before the contents, show no title, and are not listed in the contents."""

_MOST_AUTHORS = 3
"""The most authors of posts that a printed book without authors of its own names."""
_NO_SPACE_AFTER = "。"


class TitlePage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The lines of the title page, from the top. An empty line is not set."""

    title: str
    subtitle: str = ""
    years: str = ""
    authors: tuple[str, ...] = ()
    edited_by: str = ""
    """A phrase in the language of the book's own words."""
    publisher: str = ""


class Cover(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a cover shows: the author's picture, or two lines and the authors on a drawn one."""

    picture: str = ""
    """A file name as the caller gave it; empty: a cover is drawn."""
    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    language: str
    description: str
    """The alternative text, in the language of the book's own words."""


class Colophon(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the book came about, in the words of ``language``: a page of an e-book, the foot of a printed copyright page."""

    title: str
    language: str
    sources: tuple[str, ...]
    """Sentences about the posts that the book was made from."""

    def text(self, engine: str = "", faces: Sequence[str] = ()) -> str:
        """Returns the sentences as one paragraph.

        ``engine`` is the name of the program that set the pages, and ``faces`` are those of the typefaces.
        """
        words = wording(self.language)
        sentences = list(self.sources)
        if faces:
            sentences.append(words.typefaces.format(faces=words.comma.join(faces)))
        sentences.append(words.set_by.format(engine=f" ({engine})" if engine else ""))
        return "".join(
            text if text.endswith(_NO_SPACE_AFTER) else f"{text} " for text in sentences
        ).strip()


class ChapterPlace(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a post stands in the book."""

    key: str
    role: Role | None = None
    opens_part: str = ""
    """The title of the part that begins with this post."""
    is_in_part: bool = False
    follows_part: bool = False
    """Whether this post is in no part and stands directly behind one; the contents set it off."""

    @property
    def is_listed(self) -> bool:
        """Whether the contents have a line for this post."""
        return self.role not in BEFORE_CONTENTS


class ChapterHead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The lines at the opening of a chapter. An empty line is not set."""

    language: str
    """A BCP 47 tag."""
    title: str
    title_parts: tuple[tuple[str, bool], ...] = ()
    """The parts of a title that has code, and whether each is code; empty where none is."""
    date: str = ""
    """The date of publication, written out."""
    day: str = ""
    """The same date as a machine reads it; empty where it is not known."""
    subtitle: str = ""
    byline: str = ""
    """The authors, where they are not those of the book."""


class Matter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that a book says around its posts."""

    edition: Edition
    language: str
    """A BCP 47 tag."""
    title: str
    """As metadata have it: with its years, quotation marks as they were given."""
    running_title: str
    """The title for the head of a page."""
    authors: tuple[str, ...] = ()
    identifier: str = ""
    title_page: TitlePage
    also_in_series: tuple[str, ...] = ()
    """The titles of the other volumes."""
    cover: Cover
    imprint: tuple[tuple[str, ...], ...] = ()
    """Groups of lines for the copyright page; empty: there is no such page."""
    own_lines: tuple[str, ...] = ()
    """The lines of ``imprint`` that are in ``own_language``, where that is not the book's language."""
    colophon: Colophon | None = None
    """None where the book has a text of its own in this place."""
    chapters: Mapping[str, ChapterPlace]
    """By key, in the order of the book."""
    newest: Timestamp | None = None
    """The latest date of publication."""

    @property
    def words(self) -> Wording:
        """The book's own words."""
        return wording(self.language)

    @property
    def own_language(self) -> str:
        """The language of the book's own words: its own, or that of the words that stand for them."""
        return own_language(self.language)


class IndexHead(msgspec.Struct, frozen=True, kw_only=True):
    """The lines at the top of a site's index. An empty line is not set."""

    title: str
    """Empty where neither the site nor the collection has a title."""
    heading: str
    """The title, or the site's own word for posts."""
    subtitle: str
    byline: str
    description: str
    """What search engines and feed readers show below the title."""


def index_head(posts: Collection, language: str, title: str = "") -> IndexHead:
    """Returns the lines at the top of the index of ``posts``; ``title`` replaces the collection's."""
    name = " ".join(plain_title(title or posts.info.title).split())
    subtitle = " ".join(plain_title(posts.info.subtitle).split())
    description = " ".join(posts.info.description.split())
    return IndexHead(
        title=name,
        heading=name or wording(language).posts,
        subtitle=subtitle or description,
        byline=wording(language).comma.join(posts.info.authors),
        description=description or subtitle,
    )


def printed_identifier(book: Collection) -> str:
    """Returns the first half of a PDF's ID: the same for every edition of the same book."""
    names = [book.info.identifier, book.info.title, *(m.key for m in book.index)]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]


def fill_matter(book: Collection, edition: Edition) -> Matter:
    """Returns the matter of ``book``, for an e-book or for print."""
    language = book_language(book)
    title, authors = _title(book, language, edition), _authors(book, edition)
    words = wording(language)
    typeset = partial(typeset_title, language=language)
    subtitle = typeset(book.info.subtitle)
    edited_by = ""
    if book.info.editors:
        edited_by = words.edited_by.format(names=words.comma.join(book.info.editors))
    short_title, years = title_and_years(title, book.title_years)
    # A cover has two lines. Years that are not in the second stay in the first.
    heads = (typeset(title), subtitle) if subtitle else (typeset(short_title), years)
    if edition == "ebook":
        title_page = TitlePage(
            title=heads[0],
            subtitle=heads[1],
            authors=authors,
            edited_by=edited_by,
            publisher=book.info.publisher,
        )
    else:
        # A printed book names its editors on the copyright page.
        title_page = TitlePage(
            title=typeset(short_title),
            subtitle=subtitle,
            years=years,
            authors=authors,
            publisher=book.info.publisher,
        )
    identifier = _identifier(book, edition, title, authors, language)
    return Matter(
        edition=edition,
        language=language,
        title=title,
        running_title=typeset(title),
        authors=authors,
        identifier=identifier,
        title_page=title_page,
        also_in_series=tuple(map(typeset, book.info.also_in_series)),
        cover=Cover(
            picture=book.info.cover,
            title=heads[0],
            subtitle=heads[1],
            authors=authors,
            language=language,
            description=f"{words.cover}{words.colon}{words.comma.join((title, *authors))}",
        ),
        imprint=_imprint(book, language, edited_by, edition),
        own_lines=(edited_by,) if own_language(language) != language else (),
        colophon=_colophon(book, language, edition),
        chapters={chapter.key: chapter for chapter in _chapters(book)},
        newest=next(reversed(_dates(book)), None),
    )


def _identifier(
    book: Collection, edition: Edition, title: str, authors: tuple[str, ...], language: str
) -> str:
    """Returns the identifier of a book. An e-book without one gets one made from its names: EPUB needs it."""
    if book.info.identifier or edition != "ebook":
        return book.info.identifier
    names = "\n".join((title, *authors, language))
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, names)}"


def chapter_head(metadata: Metadata, matter: Matter) -> ChapterHead:
    """Returns the lines at the opening of a post's chapter. Texts of the book that are no posts have no date."""
    language = language_tag(metadata.language) or matter.language
    title = chapter_title(metadata, matter)
    published = metadata.published
    chapter = matter.chapters.get(metadata.key)
    if chapter is not None and chapter.role is not None:
        published = None
    return ChapterHead(
        language=language,
        title=title,
        date=long_date(published, language) if published else "",
        day=published.day if published and published.value else "",
        title_parts=tuple(title_parts(metadata.title, language)) if "`" in metadata.title else (),
        subtitle=typeset_title(metadata.subtitle, language),
        byline=wording(language).comma.join(metadata.authors)
        if metadata.authors != matter.authors
        else "",
    )


def chapter_title(metadata: Metadata, matter: Matter) -> str:
    """Returns a post's title, as the contents and its chapter have it; never empty."""
    language = language_tag(metadata.language) or matter.language
    title = metadata.title
    if not title and matter.edition == "print":
        # The contents of a printed book must tell posts without a title from each other.
        title = metadata.slug or metadata.source or metadata.key
    return typeset_title(title, language) or wording(language).untitled


def series_line(book: Collection, language: str) -> str:
    """Returns the series and the book's number in it in words of ``language``; empty where there is none."""
    series = book.info.series
    if not series or not series.position:
        return series.name if series else ""
    return wording(language).series.format(name=series.name, number=series.position)


def _title(book: Collection, language: str, edition: Edition) -> str:
    index = book.index
    if book.info.title:
        return plain_title(book.info.title)
    if edition == "ebook":
        only = next(iter(index)).title if len(index) == 1 else ""
        return plain_title(only) or wording(language).untitled
    return plain_title(next((m.title for m in index if m.title), wording(language).posts))


def _authors(book: Collection, edition: Edition) -> tuple[str, ...]:
    index = book.index
    if book.info.authors:
        return book.info.authors
    if edition == "ebook":
        return next(iter(index)).authors if len(index) == 1 else ()
    return tuple(dict.fromkeys(name for m in index for name in m.authors))[:_MOST_AUTHORS]


def _imprint(
    book: Collection, language: str, edited_by: str, edition: Edition
) -> tuple[tuple[str, ...], ...]:
    number = book.info.isbn or _isbn_in(book.info.identifier)
    isbn = f"ISBN {number}" if number else ""
    series = series_line(book, language)
    if edition == "ebook":
        lines = filter(None, (book.info.rights, book.info.publisher, series, isbn))
        return tuple((line,) for line in lines)
    groups = (book.info.rights.split("\n"), (edited_by, series, book.info.publisher), (isbn,))
    full = (tuple(line for line in group if line.strip()) for group in groups)
    return tuple(group for group in full if group)


def _isbn_in(identifier: str) -> str:
    """Returns the ISBN that an identifier is; empty if it is another name, which no page shows."""
    try:
        return isbn13(identifier.lower().removeprefix("urn:isbn:"))
    except ValueError:
        return ""


def _colophon(book: Collection, language: str, edition: Edition) -> Colophon | None:
    if "colophon" in book.roles.values():
        return None
    words = wording(language)
    paid = sum(m.audiences != (EVERYONE,) for m in book.index if m.key not in book.roles)
    sources = [_made_from(book, language)]
    if paid and edition == "ebook":
        sources.append(words.paid.format(count=paid))
    return Colophon(title=words.colophon, language=own_language(language), sources=tuple(sources))


def _made_from(book: Collection, language: str) -> str:
    """Says how many posts the book holds, and when they were published, in the words for ``language``."""
    words, own = wording(language), own_language(language)
    count = sum(m.key not in book.roles for m in book.index)
    dates = _dates(book)
    if not dates:
        return words.undated.format(count=count)
    first, last = (long_date(date, own) for date in (dates[0], dates[-1]))
    if count == 1:
        return words.one_post.format(first=first)
    dated = {"first": first, "last": last, "dates": date_range(dates[0], dates[-1], own)}
    return counted(words.many_posts, count, own, **dated)


def _dates(book: Collection) -> list[Timestamp]:
    """Returns the known dates of publication, in order. Texts of the book have none."""
    stamps = (m.published for m in book.index if m.key not in book.roles)
    known = [
        ((s.value.date(), s.value), s.day, s)
        for s in stamps
        if s is not None and s.value is not None
    ]
    return [stamp for *_, stamp in sorted(known, key=lambda entry: entry[:2])]


def _chapters(book: Collection) -> list[ChapterPlace]:
    part_of = {key: part for part in book.parts for key in part.keys}
    open_part = None
    is_behind_part = False
    chapters = []
    for metadata in book.index:
        key = metadata.key
        part = part_of.get(key)
        chapter = ChapterPlace(
            key=key,
            role=book.roles.get(key),
            opens_part=plain_title(part.title)
            if part is not None and part is not open_part
            else "",
            is_in_part=part is not None,
            follows_part=is_behind_part and part is None,
        )
        chapters.append(chapter)
        open_part = part
        is_behind_part = part is not None
    return chapters
