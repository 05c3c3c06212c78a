"""The bibliographic data of a book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

import msgspec

from ..errors import UsageError
from ..fields import Field, make_tuples
from ..late_names import late_function
from ..lazy_pattern import lazy_pattern
from .language_tags import check_language

if TYPE_CHECKING:
    from .isbn import isbn13
    from .placeholders import check_text
else:
    # What only a book asks for.
    check_text = late_function("clothbound.model.placeholders", "check_text")
    isbn13 = late_function("clothbound.model.isbn", "isbn13")

S = TypeVar("S", bound=msgspec.Struct)

_NUMBER = lazy_pattern(r"[0-9]+(\.[0-9]+)*")


WITH_PLACEHOLDERS = ("title", "subtitle", "series_position")
"""The settings in which {year} and {month} are replaced by a year and a month."""


def check_name(name: str) -> str:
    """Returns a name or keyword as it is. Raises UsageError if it is empty."""
    if not name.strip():
        raise UsageError("the name is empty", hint="leave it out, or give a name")
    return name


def check_number(text: str) -> str:
    """Returns a book's number in its series, by which stores and reading systems sort. Raises UsageError.

    ``{year}`` in it is replaced by a year later.
    """
    if text and not _NUMBER.fullmatch(text.replace("{year}", "2000")):
        raise UsageError(f"{text!r} is not a number", hint="write 3, or 2.5")
    return text


class Series(msgspec.Struct, frozen=True, omit_defaults=True):
    """The series that a book belongs to."""

    name: Annotated[
        str,
        Field(flag="--series", toml="series", help="The series that the book belongs to."),
    ] = ""
    position: Annotated[
        str,
        Field(
            flag="--number",
            toml="number",
            help="The book's number in its series: 3, or 2.5.",
            check=check_number,
        ),
    ] = ""

    def joined(self, separator: str) -> str:
        """Returns the name with the number, if that is known."""
        return separator.join(text for text in (self.name, self.position) if text)


class BookInfo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A book's title, authors and other bibliographic data.

    An empty field is unknown. Title, authors and language are then inferred from the posts.
    """

    title: Annotated[
        str,
        Field(
            flag="--title",
            toml="title",
            help="The book's title; without one it is inferred from the posts. {year} and {month} are"
            " filled in.",
            check=check_text,
        ),
    ] = ""
    subtitle: Annotated[
        str,
        Field(
            flag="--subtitle", toml="subtitle", help="The line below the title.", check=check_text
        ),
    ] = ""
    authors: Annotated[
        tuple[str, ...],
        Field(flag="--author", toml="authors", help="The author.", check=check_name),
    ] = ()
    editors: Annotated[
        tuple[str, ...],
        Field(
            flag="--editor",
            toml="editors",
            help="Who chose and edited the posts, where that is not the author.",
            check=check_name,
        ),
    ] = ()
    language: Annotated[
        str,
        Field(
            flag="--lang",
            toml="language",
            help="The book's language as a code (BCP 47): en, de, pt-BR.",
            check=check_language,
        ),
    ] = ""
    publisher: Annotated[
        str,
        Field(flag="--publisher", toml="publisher", help="The imprint, or your own name."),
    ] = ""
    rights: Annotated[str, Field(flag="--rights", toml="rights", help="The copyright line.")] = ""
    description: Annotated[
        str, Field(toml="description", help="What the book is about, for stores.")
    ] = ""
    back_cover: Annotated[
        str,
        Field(
            toml="back-cover",
            help="The text on the back of the printed cover; without one, the description.",
        ),
    ] = ""
    back_quote: Annotated[
        str,
        Field(
            toml="back-quote",
            help="The first words of a quotation in a post, which the back of the printed cover shows first.",
        ),
    ] = ""
    identifier: Annotated[
        str,
        Field(
            toml="identifier",
            help="A name for this book that no other has; without one it is made.",
        ),
    ] = ""
    isbn: Annotated[
        str,
        Field(
            flag="--isbn",
            toml="isbn",
            help="The book's ISBN: thirteen digits, or ten, with or without hyphens; the last one is"
            " checked.",
            check=isbn13,
        ),
    ] = ""
    series: Series | None = None
    also_in_series: Annotated[
        tuple[str, ...],
        Field(
            toml="also-in-series",
            help="The titles of other volumes of the series, which the book lists.",
            check=check_name,
        ),
    ] = ()
    subjects: Annotated[
        tuple[str, ...],
        Field(
            flag="--subject",
            toml="subjects",
            help="A subject or keyword.",
            check=check_name,
        ),
    ] = ()
    cover: Annotated[
        str,
        Field(
            flag="--cover",
            toml="cover",
            help="A picture's file for the cover; without one a cover is drawn.",
        ),
    ] = ""

    def __post_init__(self) -> None:
        make_tuples(self, "authors", "editors", "also_in_series", "subjects")

    def complete_with(self, other: BookInfo) -> BookInfo:
        """Returns a copy in which fields of ``other`` replace empty ones."""
        completed = _complete(self, other)
        if self.series is None or other.series is None:
            return completed
        return msgspec.structs.replace(completed, series=_complete(self.series, other.series))


def _complete(struct: S, other: S) -> S:
    empty = [name for name in struct.__struct_fields__ if not getattr(struct, name)]
    return msgspec.structs.replace(struct, **{name: getattr(other, name) for name in empty})


def check_info(info: BookInfo) -> BookInfo:
    """Returns ``info`` with its ISBN in canonical form.

    Raises UsageError for an invalid ISBN or number, and for a number without a series.
    """
    try:
        isbn = isbn13(info.isbn) if info.isbn else ""
    except ValueError as error:
        raise UsageError(str(error)) from error
    series = info.series
    if series is not None:
        check_number(series.position)
        if not series.name:
            raise UsageError(
                f"the book has the number {series.position}, and is in no series",
                hint="name the series too",
            )
    return msgspec.structs.replace(info, isbn=isbn)
