"""Infers title, authors, language and hosts of a book from its posts, and reports what it inferred."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

import msgspec

from ..console_text import agree, format_count
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import NoPostsError
from ..language.words import wording
from ..model.collection import Collection
from ..model.index import doubtful_sites
from ..model.post import Metadata
from ..model.publication import EVERYONE
from ..model.slugs import post_slug
from ..stored_items import PickedItems
from .post_dates import year_of

_MOST_AUTHORS = 3


def complete(
    book: Collection,
    title: str,
    language: str,
    *,
    timezone: tzinfo | None,
    hosts_given: bool,
    now: datetime,
) -> Collection:
    """Infers the metadata that was not given from the posts, and reports it in diagnostics.

    ``title`` is the title that was given; without it, the posts' years are added to the title of the collection.
    ``hosts_given`` means that the publication's own hosts were not inferred. Raises NoPostsError if there is no
    post.
    """
    if not len(book):
        raise NoPostsError("no post is left to make a book of", hint="widen the selection")
    years = sorted({y for m in book.index if (y := year_of(m, timezone))})
    reported: list[Diagnostic] = []
    book, found = _with_titles(book, title, language, years)
    reported.extend(found)
    authors = book.info.authors
    if not authors:
        authors = _frequent_authors(book)
        found_author = _report_inferred("author", ", ".join(authors) or "none is known", "authors")
        if not authors:
            found_author = msgspec.structs.replace(found_author, severity=Severity.WARNING)
        reported.append(found_author)
    if not language:
        text = "unknown from the posts, so the book is made as an English one"
        reported.append(_report_inferred("language", text, "language"))
    elif not book.info.language:
        reported.append(_report_inferred("language", language, "language"))
    if not hosts_given:
        if book.index.sites:
            reported.append(
                _report_inferred("hosts of the publication", ", ".join(book.index.sites), "sites")
            )
        reported.extend(_doubtful_sites(book, now))
    reported.extend(_report_doubled_slugs(book))
    reported.extend(_not_for_everyone(book, now))
    return msgspec.structs.replace(
        book,
        info=msgspec.structs.replace(book.info, authors=authors, language=language),
        diagnostics=(*book.diagnostics, *reported),
    )


def _report_inferred(what: str, value: str, setting: str) -> Diagnostic:
    text = f"{what}: {value} (inferred)"
    return Diagnostic(DiagnosticCode.INFERRED, text, severity=Severity.INFO, setting=setting)


def _with_titles(
    book: Collection, title: str, language: str, years: Sequence[int]
) -> tuple[Collection, list[Diagnostic]]:
    """Returns the book with a title and a subtitle, and diagnostics about those that were inferred."""
    reported = []
    title_years = ""
    if not title:
        known = book.info.title or wording(language).letters
        title = _with_years(known, years)
        title_years = title.removeprefix(known).strip() or book.title_years
        reported.append(_report_inferred("title", title, "title"))
    subtitle = book.info.subtitle
    if not subtitle and len(years) == 1 and str(years[0]) not in title:
        # The years tell books of the same title apart, on the shelf and in a list.
        subtitle = str(years[0])
        reported.append(_report_inferred("subtitle", subtitle, "subtitle"))
    info = msgspec.structs.replace(book.info, title=title, subtitle=subtitle)
    return msgspec.structs.replace(book, info=info, title_years=title_years), reported


def _frequent_authors(book: Collection) -> tuple[str, ...]:
    count = Counter(author for metadata in book.index for author in metadata.authors)
    return tuple(name for name, _ in count.most_common(_MOST_AUTHORS))


def _not_for_everyone(book: Collection, now: datetime) -> Iterator[Diagnostic]:
    """Reports how many posts of the book are not public."""
    count = sum(m.audiences != (EVERYONE,) for m in book.index)
    unlisted = sum(m.verdict(now).is_unlisted for m in book.index)
    for number, what in (
        (count, "not for everyone (for example, only for paying readers)"),
        (unlisted, "unlisted: for people who have the address"),
    ):
        if number:
            are = agree(number, "is", "are")
            note = f"{number} of {format_count(len(book), 'post')} {are} {what}"
            yield Diagnostic(DiagnosticCode.INFERRED, note, severity=Severity.INFO)


def _doubtful_sites(book: Collection, now: datetime) -> Iterator[Diagnostic]:
    """Reports hosts for which only one post is evidence: links there lead out of the book."""
    entries = book.index.whole.entries
    named = PickedItems(
        entries,
        (
            number
            for number, entry in enumerate(entries)
            if entry.metadata.key in book.index or not entry.metadata.verdict(now).is_secret
        ),
    )
    for host, slug in doubtful_sites(named):
        if host not in book.index.sites:
            message = (
                f"not taken for the publication's own host: {host}, though a post here is called {slug!r} as one "
                "there is (inferred)"
            )
            yield Diagnostic(
                DiagnosticCode.INFERRED, message, severity=Severity.INFO, setting="sites"
            )


def _report_doubled_slugs(book: Collection) -> list[Diagnostic]:
    """Reports posts whose slug an earlier post has: links with this slug cannot lead to them."""
    first: dict[str, Metadata] = {}
    found = []
    for metadata in book.index:
        slug = post_slug(metadata)
        holder = first.setdefault(slug, metadata) if slug else metadata
        if holder is not metadata:
            message = f"{holder.source} has the slug {slug!r} too, and links with it lead there"
            found.append(Diagnostic(DiagnosticCode.LINK_UNRESOLVED, message, metadata.source))
    return found


def _with_years(title: str, found: Sequence[int]) -> str:
    if not found:
        return title
    span = str(found[0]) if found[0] == found[-1] else f"{found[0]}–{found[-1]}"
    return title if title.endswith(span) else f"{title} {span}"
