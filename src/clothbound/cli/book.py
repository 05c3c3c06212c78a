"""``clothbound book``: posts selected, arranged and titled."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import click

from .. import api, formats
from ..errors import UsageError
from ..outputs import Target, file_name, make_all, refuse_doubles
from .messages import finish, say_fetched
from .options import (
    converted_cache,
    fetcher_of,
    output_options,
    picture_options,
    selection_options,
    source_options,
)
from .source import read, with_metadata


@click.command()
@source_options
@output_options
@picture_options
@selection_options
@click.option("--title", default="", help="The book's title; with --by-year the year is added.")
@click.option("--subtitle", default="")
@click.option("--author", "authors", multiple=True, help="May be repeated.")
@click.option("--lang", "language", default="", help="The book's language (BCP 47).")
@click.option("--publisher", default="")
@click.option("--rights", default="")
@click.option("--cover", type=click.Path(exists=True, dir_okay=False), help="A picture.")
@click.option("--site", "sites", multiple=True, help="A host of the publication's own.")
@click.option(
    "--parts", type=click.Choice(["none", "months", "years"]), default="none", show_default=True
)
@click.option(
    "--by-year", is_flag=True, help="A book for each year; name them by {year} or {title}."
)
@click.option("--all", "whole", is_flag=True, help="One book of all years.")
def book(
    source: str,
    reader: str | None,
    writer: str | None,
    outputs: tuple[str, ...],
    metadata: tuple[str, ...],
    writer_options: tuple[str, ...],
    css: str | None,
    strict: bool,
    audiences: tuple[str, ...],
    fetch: bool,
    images: Path | None,
    cache: Path | None,
    report_file: Path | None,
    quiet: bool,
    verbose: bool,
    year: int | None,
    after: str | None,
    before: str | None,
    timezone: str,
    tags: tuple[str, ...],
    kinds: tuple[str, ...],
    drafts: bool,
    title: str,
    subtitle: str,
    authors: tuple[str, ...],
    language: str,
    publisher: str,
    rights: str,
    cover: str | None,
    sites: tuple[str, ...],
    parts: Any,
    by_year: bool,
    whole: bool,
) -> int:
    """Make a book of the posts of SOURCE: of one year, of each (--by-year), or of all (--all).

    Without --year it is the newest full year. Without -o it is an EPUB, and a PDF where an engine
    is there, named by the title.
    """
    from .. import anthology

    collection = with_metadata(read(source, reader), metadata)
    zone = _timezone(timezone)
    if by_year:
        chosen: list[int | None] = list(anthology.years(collection, zone))
        if not chosen:
            raise UsageError("no post has a date, so there is no year to make a book of")
    elif year is not None or whole or after or before:
        chosen = [year]
    else:
        chosen = [anthology.newest_full_year(collection, zone)]
    books = []
    for one in chosen:
        wanted = f"{title} {one}" if title and by_year and str(one) not in title else title
        made = api.book(
            collection,
            year=one,
            after=_day(after, zone),
            before=_day(before, zone),
            tags=tags,
            kinds=kinds,
            audiences=audiences,
            drafts=drafts,
            timezone=zone,
            title=wanted,
            subtitle=subtitle,
            authors=authors,
            language=language,
            publisher=publisher,
            rights=rights,
            cover=cover or "",
            sites=sites,
            parts=parts,
        )
        books.append((one, made))
    jobs = []
    for one, made in books:
        for name in outputs or _default_outputs(writer):
            path = name.replace("{year}", str(one or "")).replace("{title}", file_name(made.title))
            jobs.append((made, Target.of(path, writer, writer_options, css)))
    refuse_doubles(source, [target for _, target in jobs])
    fetcher = fetcher_of(fetch, images, cache, quiet=quiet)
    made_all = make_all(
        jobs, strict=strict, audiences=audiences, fetch=fetcher, cache=converted_cache(cache)
    )
    say_fetched(fetcher, quiet=quiet)
    return finish(made_all, report_file, quiet=quiet, verbose=verbose)


def _default_outputs(writer: str | None) -> tuple[str, ...]:
    if writer:
        return ("{title}" + formats.writer(writer).extension,)
    from ..doctor import has_pdf_engine

    return ("{title}.epub", "{title}.pdf") if has_pdf_engine() else ("{title}.epub",)


def _timezone(name: str) -> tzinfo:
    if name.upper() == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UsageError(f"there is no time zone {name!r}", hint="Europe/Berlin, say") from error


def _day(text: str | None, zone: tzinfo) -> datetime | None:
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no day", hint="write YYYY-MM-DD") from error
    return day if day.tzinfo else day.replace(tzinfo=zone)
