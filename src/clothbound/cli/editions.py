"""Which books one command makes: one, or one for each year or month, each with its names filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from msgspec import structs

from .. import api
from ..anthology import arrange, post_dates
from ..diagnostics import Code, Diagnostic, Severity
from ..errors import UsageError
from ..model.collection import Collection
from ..plan import make_book, nothing_left
from .messages import print_diagnostics

if TYPE_CHECKING:
    from ..plan import Manifest

_TITLES = frozenset({"title", "subtitle", "series_position"})
"""Arguments of ``api.book`` in which a year or month is filled in."""

Make = Callable[[dict[str, Any]], Collection]
"""From arguments of ``api.book`` to a book of the posts that the command was given."""


def maker(manifest: Manifest | None, collection: Collection) -> Make:
    if manifest is not None:

        def make_planned(wishes: dict[str, Any]) -> Collection:
            with naming_unreadable(collection):
                return make_book(manifest, collection, wishes)

        return make_planned

    def make(wishes: dict[str, Any]) -> Collection:
        with naming_unreadable(collection):
            return choose(wishes)

    def choose(wishes: dict[str, Any]) -> Collection:
        try:
            return api.book(collection, **wishes)
        except arrange.NoPostsError as error:
            explained = nothing_left(None, collection.index, wishes, wishes)
            if explained is None:
                raise
            raise explained from error

    return make


@contextmanager
def naming_unreadable(collection: Collection) -> Iterator[None]:
    """Names the posts that could not be read where no book can be made of the others."""
    try:
        yield
    except UsageError:
        bad = [d for d in collection.diagnostics if d.severity is Severity.ERROR]
        print_diagnostics(bad, quiet=True, verbose=False)
        raise


def periods(
    manifest: Manifest | None,
    collection: Collection,
    make: Make,
    wishes: Mapping[str, Any],
    *,
    by_year: bool,
    by_month: bool,
    whole: bool,
) -> tuple[list[dict[str, Any]], tuple[Diagnostic, ...] | None]:
    """The years or months of which there is a book each, as arguments of ``api.book``, and what is told
    of the posts that are in none of these books. None: there is one book, which tells it itself.

    An empty one is a book that nothing but the wishes restricts. Raises UsageError for posts without
    dates, and for wishes that exclude each other.
    """
    zone: tzinfo = wishes["timezone"]
    year = wishes.get("year")
    if by_year and by_month:
        raise UsageError("--by-year and --by-month make different books", hint="say one of them")
    if by_year and year:
        raise UsageError(
            f"--year {year} is one book, and --by-year one for each year", hint="say one of them"
        )
    split = manifest.posts.split if manifest else "none"
    if by_year or by_month or split != "none":
        # Of the posts that are asked for: a period that has none of them has no book.
        posts = make({name: wish for name, wish in wishes.items() if name not in _TITLES})
        found: list[dict[str, Any]]
        if by_month or (split == "months" and not by_year):
            found = [
                {"month": month}
                for month in post_dates.months(posts, zone)
                if not year or month.startswith(f"{year:04}-")
            ]
        else:
            found = [{"year": year} for year in post_dates.years(posts, zone)]
        if not found:
            raise UsageError("no post has a date, so there is no year to make a book of")
        return found, tuple(d for d in posts.diagnostics if d.code is Code.SELECTED)
    if manifest or whole or {"year", "after", "before"} & wishes.keys():
        return [{}], None
    known = arrange.without_secrets(collection, wishes["now"])
    return [{"year": post_dates.newest_full_year(known, zone)}], None


def telling(made: Collection, told: tuple[Diagnostic, ...] | None) -> Collection:
    """A book of several, which tells of all of them together what was left out."""
    if told is None:
        return made
    own = (found for found in made.diagnostics if found.code is not Code.SELECTED)
    return structs.replace(made, diagnostics=(*own, *told))


def places_of(
    manifest: Manifest | None, wishes: Mapping[str, Any], period: Mapping[str, Any]
) -> dict[str, str]:
    """What stands for ``{year}`` and ``{month}`` in the names of the book of a period; empty: unknown."""
    month = period.get("month", "")
    year = period.get("year") or wishes.get("year") or (manifest.posts.year if manifest else None)
    return {"{year}": str(year or month[:4]), "{month}": month}


def span_of(book: Collection, zone: tzinfo) -> str:
    """The year of a book's posts, or the first and the last; empty: none has a date."""
    found = post_dates.years(book, zone)
    return "–".join(map(str, dict.fromkeys((found[0], found[-1])))) if found else ""


def given_titles(manifest: Manifest | None, wishes: Mapping[str, Any]) -> dict[str, str]:
    """Title, subtitle and number so far as they were given, as arguments of ``api.book``."""
    own = manifest.book if manifest else None
    given = {
        "title": wishes.get("title") or (own.title if own else ""),
        "subtitle": wishes.get("subtitle") or (own.subtitle if own else ""),
        "series_position": wishes.get("series_position") or (own.number if own else ""),
    }
    return {field: text for field, text in given.items() if text}


def titles_of(
    given: Mapping[str, str], period: Mapping[str, Any], places: Mapping[str, str]
) -> dict[str, str]:
    """``given_titles`` for the book of a period.

    Of several books with a title that does not tell them apart, each has its year or month in it.
    """
    titles = {field: filled(text, places) for field, text in given.items()}
    title = titles.get("title", "")
    ending = str(period.get("month") or period.get("year") or "")
    if title and title == given["title"] and ending not in title:
        titles["title"] = f"{title} {ending}"
    return titles


def with_title_years(
    book: Collection, given: Mapping[str, str], period: Mapping[str, Any]
) -> Collection:
    """The book of a period, which knows the year that ``titles_of`` put behind its title."""
    year = str(period.get("year") or "")
    if year and book.info.title == f"{given.get('title')} {year}":
        return structs.replace(book, title_years=year)
    return book


def filled(text: str, places: Mapping[str, str]) -> str:
    """``text`` with something in the place of each name in brackets."""
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def filled_path(path: str, places: Mapping[str, str]) -> str:
    """The same for a file. Raises UsageError for a name that stands for nothing in this book."""
    for place, value in places.items():
        if place in path and not value:
            raise UsageError(
                f"{place} in {path!r} stands for nothing: no {place[1:-1]} was asked for",
                hint="--by-year and --by-month make a book of each",
            )
    return filled(path, places)
