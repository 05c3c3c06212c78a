"""Decides which books one command makes: one, or one for each year or month, with their titles and file names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import msgspec

from .. import api
from ..anthology import post_dates
from ..anthology.select import without_secrets
from ..anthology.wishes import Wishes
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import NoPostsError, UsageError
from ..fields import given
from ..model.book_info import WITH_PLACEHOLDERS
from ..model.collection import Collection
from ..moment import moment_of_run
from ..plan import Manifest, make_book
from ..plan.filters import nothing_left
from ..run import Run
from .messages import print_diagnostics

if TYPE_CHECKING:
    from ..filters import Filter

Make = Callable[[Wishes], Collection]
"""Makes a book, by wishes, of the posts that the command was given."""


def maker(
    manifest: Manifest | None, collection: Collection, filters: Sequence[Filter] = ()
) -> Make:
    """Returns what makes a book. ``filters`` are those that its products get."""

    def make(wishes: Wishes) -> Collection:
        with naming_unreadable(collection):
            if manifest is not None:
                return make_book(manifest, collection, wishes, run=Run(filters=filters))
            return _choose(collection, wishes)

    return make


def _choose(collection: Collection, wishes: Wishes) -> Collection:
    select = wishes.make_select()
    try:
        return api.book(collection, select, wishes.make_info(), order=wishes.make_order())
    except NoPostsError as error:
        explained = nothing_left(None, collection.index, select, wishes.select)
        if explained is None:
            raise
        raise explained from error


@contextmanager
def naming_unreadable(collection: Collection) -> Iterator[None]:
    """Reports the posts that could not be read if no book can be made of the others."""
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
    wishes: Wishes,
    *,
    by_year: bool,
    by_month: bool,
    whole: bool,
) -> tuple[list[dict[str, Any]], tuple[Diagnostic, ...] | None]:
    """Returns the years or months that have a book each, as wishes, and the diagnostics about posts that are in
    none of these books; None instead of the diagnostics if there is one book, which has them itself.

    An empty mapping stands for a book that only the wishes restrict. Raises UsageError for posts without
    dates, and for wishes that exclude each other.
    """
    zone = zone_asked(manifest, wishes)
    year = wishes.select.get("year")
    if by_year and by_month:
        raise UsageError("--by-year and --by-month exclude each other", hint="use one of them")
    if by_year and year:
        raise UsageError(
            f"--year {year} makes one book, and --by-year one for each year", hint="use one of them"
        )
    split = manifest.posts.split if manifest else "none"
    if by_year or by_month or split != "none":
        # Of the posts that are asked for: a period that has none of them has no book.
        info = {n: v for n, v in wishes.info.items() if n not in WITH_PLACEHOLDERS}
        posts = make(msgspec.structs.replace(wishes, info=info))
        found = _periods_of(
            posts, zone, year, by_month=by_month or (split == "months" and not by_year)
        )
        if not found:
            raise UsageError(
                "no post has a date, so there is no book for a year or month",
                hint="use --all, or add dates to the posts",
            )
        return found, tuple(d for d in posts.diagnostics if d.code is DiagnosticCode.SELECTED)
    if manifest or whole or {"year", "after", "before"} & wishes.select.keys():
        return [{}], None
    known = without_secrets(collection, moment_of_run(wishes.select.get("now")))
    return [{"year": post_dates.newest_full_year(known, zone)}], None


def _periods_of(
    posts: Collection, zone: tzinfo | None, year: int | None, *, by_month: bool
) -> list[dict[str, Any]]:
    """The months of the posts, those of ``year`` where one is asked for; or their years."""
    if not by_month:
        return [{"year": year} for year in post_dates.years(posts, zone)]
    beginning = f"{year:04}-" if year else ""
    months = post_dates.months(posts, zone)
    return [{"month": month} for month in months if month.startswith(beginning)]


def zone_asked(manifest: Manifest | None, wishes: Wishes) -> tzinfo | None:
    """Returns the time zone that decides the days of posts."""
    planned = Wishes(select={"timezone": manifest.zone} if manifest else {})
    return wishes.over(planned).make_select().zone


def telling(made: Collection, left_out: tuple[Diagnostic, ...] | None) -> Collection:
    """Returns one of several books, with the diagnostics about posts that none of them has."""
    if left_out is None:
        return made
    own = (found for found in made.diagnostics if found.code is not DiagnosticCode.SELECTED)
    return msgspec.structs.replace(made, diagnostics=(*own, *left_out))


def period_values(
    manifest: Manifest | None, wishes: Wishes, period: Mapping[str, Any]
) -> dict[str, str]:
    """What stands for ``{year}`` and ``{month}`` in the names of the book of a period; empty: unknown."""
    month = period.get("month", "")
    planned = manifest.posts.select.year if manifest else None
    year = period.get("year") or wishes.select.get("year") or planned
    return {"{year}": str(year or month[:4]), "{month}": month}


def span_of(book: Collection, zone: tzinfo | None) -> str:
    """Returns the year of a book's posts, or the first and the last year; empty if no post has a date."""
    found = post_dates.years(book, zone)
    return "–".join(map(str, dict.fromkeys((found[0], found[-1])))) if found else ""


def given_titles(manifest: Manifest | None, wishes: Wishes) -> dict[str, str]:
    """Title, subtitle and number so far as they were given, by the names of their settings."""
    planned = given(manifest.book.info) if manifest else {}
    values = {**planned, **wishes.info}
    return {name: values[name] for name in WITH_PLACEHOLDERS if name in values}


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
        return msgspec.structs.replace(book, title_years=year)
    return book


def filled(text: str, places: Mapping[str, str]) -> str:
    """``text`` with something in the place of each name in brackets."""
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def fill_path(path: str, places: Mapping[str, str]) -> str:
    """The same for a file. Raises UsageError for a name that stands for nothing in this book."""
    for place, value in places.items():
        if place in path and not value:
            raise UsageError(
                f"{place} in {path!r} has no value: the book is not of one {place[1:-1]}",
                hint="use --by-year or --by-month, or another file name",
            )
    return filled(path, places)
