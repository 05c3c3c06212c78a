"""Makes the metadata of the package document: bibliography, series, accessibility.

Sources: EPUB 3.3, section 5.5; MARC's list of relators; EPUB Accessibility 1.1, section 2; for
``pageBreakSource``, the report of W3C's Publishing Community Group on page sources (2023); for the
series, calibre's own elements, which Kobo's and calibre's readers recognize.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ... import epub_names as names
from ...language.wording import Accessibility
from ...matter import Matter
from ...model.collection import Collection
from ...title_text import plain_title
from .container import Meta, refine

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Counts and properties that were collected while the chapters were written."""

    pictures: int
    """The number of pictures, without the cover."""
    described: bool
    """Whether each of them has alternative text."""
    animated: bool
    mathml: bool
    drawn_formulas: bool
    """Whether formulas are pictures with their TeX as alternative text."""
    pages_of: str
    """The printed edition whose pages are marked; empty if there is none."""


def describe_book(
    book: Collection, matter: Matter, cover_id: str, *, is_drawn: bool
) -> Iterator[Meta]:
    """Yields all bibliographic metadata except the identifier, which ``Package`` holds.

    ``is_drawn`` says that the cover is not the author's picture, so that a book made of this one draws its own.
    """
    isbn = re.sub(r"\D", "", book.info.isbn)
    if isbn:
        yield Meta(f"urn:isbn:{isbn}", "identifier", (("id", "isbn"),))
    yield Meta(matter.title, "title", (("id", "title"),))
    yield refine("title", "title-type", "main")
    if book.info.subtitle:
        yield Meta(plain_title(book.info.subtitle), "title", (("id", "subtitle"),))
        yield refine("subtitle", "title-type", "subtitle")
    yield Meta(matter.language, "language")
    yield from _describe_people("creator", "author", "aut", matter.authors)
    yield from _describe_people("contributor", "editor", "edt", book.info.editors)
    for name, value in (
        ("publisher", book.info.publisher),
        ("rights", book.info.rights),
        ("description", book.info.description),
        *(("subject", subject) for subject in book.info.subjects),
    ):
        if value:
            yield Meta(value, name)
    if matter.newest is not None:
        yield Meta(matter.newest.day, "date")
    yield from _describe_series(book)
    yield Meta("", "", (("name", "cover"), ("content", cover_id)))
    if is_drawn:
        yield Meta("", "", (("name", names.COVER_ORIGIN), ("content", names.DRAWN)))
    yield Meta("", "", (("name", "generator"), ("content", names.GENERATOR)))


def _describe_people(
    element: str, name: str, relator: str, people: tuple[str, ...]
) -> Iterator[Meta]:
    for number, person in enumerate(people, 1):
        yield Meta(person, element, (("id", f"{name}-{number}"),))
        yield refine(f"{name}-{number}", "role", relator, "marc:relators")


def _describe_series(book: Collection) -> Iterator[Meta]:
    series = book.info.series
    if series is None:
        return
    yield Meta(series.name, "", (("property", "belongs-to-collection"), ("id", "series")))
    yield refine("series", "collection-type", "series")
    if series.position:
        yield refine("series", "group-position", series.position)
    yield Meta("", "", (("name", "calibre:series"), ("content", series.name)))
    if series.position:
        position = (("name", "calibre:series_index"), ("content", series.position))
        yield Meta("", "", position)


def describe_accessibility(contents: Contents, matter: Matter) -> Iterator[Meta]:
    """Yields the accessibility metadata that applies to this book."""
    features = ["tableOfContents", "structuralNavigation", "displayTransformability"]
    features.append("readingOrder")
    if contents.described:
        # The cover always has alternative text, so every book has at least one picture with it.
        features.append("alternativeText")
    if contents.mathml:
        features.append("MathML")
    if contents.drawn_formulas:
        features.append("latex")
    if contents.pages_of:
        features.extend(("pageBreakMarkers", "pageNavigation"))
    sufficient = ("textual", "textual,visual") if contents.described else ("textual,visual",)
    for mode in ("textual", "visual"):
        yield _schema("accessMode", mode)
    for modes in sufficient:
        yield _schema("accessModeSufficient", modes)
    for feature in features:
        yield _schema("accessibilityFeature", feature)
    if contents.pages_of:
        yield Meta(contents.pages_of, "", (("property", "pageBreakSource"),))
    yield _schema("accessibilityHazard", "unknown" if contents.animated else "none")
    yield Meta(
        " ".join(_write_sentences(contents, matter.words.accessibility)),
        "",
        (("property", "schema:accessibilitySummary"), (_XML_LANG, matter.own_language)),
    )


def _schema(name: str, value: str) -> Meta:
    return Meta(value, "", (("property", f"schema:{name}"),))


def _write_sentences(contents: Contents, words: Accessibility) -> Iterator[str]:
    yield words.text
    if not contents.pictures:
        yield words.no_pictures
    elif contents.described:
        yield words.described
    else:
        yield words.undescribed
    if contents.mathml:
        yield words.mathml
    if contents.drawn_formulas:
        yield words.drawn_formulas
    if contents.pages_of:
        yield words.pages
