"""``clothbound book``: posts selected, arranged and titled."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import api, formats
from ..errors import ManifestError, OptionError, UsageError
from ..model.post import Collection
from ..outputs import Target, file_name, make_all, refuse_doubles
from .messages import BAD_POSTS, finish, print_diagnostics, say_fetched
from .options import (
    arranging_options,
    converted_cache,
    fetcher_of,
    output_options,
    picture_options,
    selection_options,
    source_options,
)
from .print_options import for_destination, print_options, refuse_unused
from .source import metadata_of, read, with_metadata

if TYPE_CHECKING:
    from ..manifest import Manifest


def _refuse_empty(
    _: click.Context, option: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    """What ``--author`` and its like do when the command line is read. Raises UsageError."""
    if not all(name.strip() for name in names):
        raise UsageError(f"{option.opts[0]} is empty", hint="leave it out, or give a name")
    return names


def _check_language(_: click.Context, option: click.Parameter, language: str) -> str:
    """What ``--lang`` does when the command line is read. Raises UsageError."""
    from ..manifest.languages import checked_language

    try:
        return checked_language(language) if language else ""
    except UsageError as error:
        raise UsageError(f"{option.opts[0]}: {error.message}", hint=error.hint) from error


@click.command()
@source_options
@output_options
@picture_options
@selection_options
@arranging_options
@print_options
@click.option(
    "--title",
    default="",
    help="The book's title; {year} and {month} are filled in, or added with --by-year.",
)
@click.option("--subtitle", default="")
@click.option("--author", "authors", multiple=True, callback=_refuse_empty, help="May be repeated.")
@click.option("--editor", "editors", multiple=True, callback=_refuse_empty, help="May be repeated.")
@click.option(
    "--lang",
    "language",
    default="",
    callback=_check_language,
    help="The book's language (BCP 47).",
)
@click.option("--publisher", default="")
@click.option("--rights", default="")
@click.option("--isbn", default="", help="Thirteen digits, or ten; the last is checked.")
@click.option("--series", default="")
@click.option("--number", "series_position", default="", help="The book's number in its series.")
@click.option(
    "--subject", "subjects", multiple=True, callback=_refuse_empty, help="May be repeated."
)
@click.option("--cover", type=click.Path(exists=True, dir_okay=False), help="A picture.")
@click.option("--site", "sites", multiple=True, help="A host of the publication's own.")
@click.option(
    "--by-year", is_flag=True, help="A book for each year; name them by {year} or {title}."
)
@click.option(
    "--by-month", is_flag=True, help="A book for each month; name them by {month} or {title}."
)
@click.option("--all", "whole", is_flag=True, help="One book of all years.")
@click.option(
    "-n",
    "--dry-run",
    is_flag=True,
    help="Show what the book would hold, and write nothing.",
)
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
    by_year: bool,
    by_month: bool,
    whole: bool,
    dry_run: bool,
    destination: str | None,
    engine: str | None,
    trim: str | None,
    paper: str | None,
    ink: str | None,
    binding: str | None,
    timezone: str,
    after: str,
    before: str,
    **given: Any,
) -> int:
    """Make a book of the posts of SOURCE: of one year, of each (--by-year), or of all (--all).

    SOURCE is a folder, a file, an export, or a book.toml that `clothbound init` has made; what
    other options say then wins over that file.

    Without --year it is the newest full year. Without -o it is an EPUB, and a PDF where an engine
    is there, named by the title.
    """
    from ..anthology import first_moment, zone_of
    from ..manifest import read_manifest

    printed = {"trim": trim, "paper": paper, "ink": ink, "binding": binding}
    writer, writer_options = for_destination(destination, engine, printed, writer, writer_options)
    manifest = read_manifest(Path(source)) if source.endswith(".toml") else None
    posts = source
    if manifest:
        posts = str(manifest.beside(manifest.posts.source))
        reader = reader or manifest.posts.format or None
    collection = with_metadata(read(posts, reader), metadata)
    wishes = {name: value for name, value in given.items() if value not in ("", (), None, False, 0)}
    if manifest:  # whose own title and authors would win over the collection's
        wishes = {**metadata_of(metadata), **wishes}
    zone = zone_of(timezone or (manifest.posts.timezone if manifest else "UTC"))
    wishes["timezone"] = zone
    for name, day in (("after", after), ("before", before)):
        if day:
            wishes[name] = first_moment(day, zone)
    if audiences:
        wishes["audiences"] = audiences
    split = manifest.posts.split if manifest else "none"
    by_year, by_month = by_year or split == "years", by_month or split == "months"
    make = _maker(manifest, collection)
    if by_year or by_month:
        chosen = _periods(make(wishes) if manifest else collection, zone, monthly=by_month)
    elif manifest or whole or {"year", "after", "before"} & wishes.keys():
        chosen = [{}]
    else:
        from ..anthology import newest_full_year

        chosen = [{"year": newest_full_year(collection, zone)}]
    texts = _texts_of(manifest, wishes)
    books: list[tuple[Collection, list[Target]]] = []
    for period in chosen:
        # The year that names a file is that of --year, too.
        year, month = period.get("year") or wishes.get("year"), period.get("month", "")
        year = year or (manifest.posts.year if manifest else None)
        places = {"{year}": str(year or month[:4]), "{month}": month}
        filled = {field: _filled(text, places) for field, text in texts.items()}
        ending = str(month or year)
        title = texts.get("title", "")
        if title and title == filled["title"] and (by_year or by_month) and ending not in title:
            filled["title"] = f"{title} {ending}"
        made = make({**wishes, **period, **filled})
        targets = _targets(manifest, made, places, outputs, writer, writer_options, css)
        books.append((made, targets))
    jobs = [(made, target) for made, targets in books for target in targets]
    refuse_doubles(source, [target for _, target in jobs])
    refuse_unused(destination, engine, [target for _, target in jobs])
    if dry_run:
        return _show(books, fetched=fetch or images is not None, quiet=quiet, verbose=verbose)
    fetcher = fetcher_of(fetch, images, cache, quiet=quiet)
    made_all = make_all(
        jobs, strict=strict, audiences=audiences, fetch=fetcher, cache=converted_cache(cache)
    )
    say_fetched(fetcher, quiet=quiet)
    return finish(made_all, report_file, quiet=quiet, verbose=verbose)


def _maker(
    manifest: Manifest | None, collection: Collection
) -> Callable[[dict[str, Any]], Collection]:
    """From arguments of ``api.book`` to a book of these posts."""
    from ..manifest import make_book

    if manifest is None:
        return lambda wishes: api.book(collection, **wishes)
    return lambda wishes: make_book(manifest, collection, wishes)


def _texts_of(manifest: Manifest | None, wishes: dict[str, Any]) -> dict[str, str]:
    """The words of the book's own in which {year} and {month} are filled in."""
    own = manifest.book if manifest else None
    texts = {
        "title": wishes.get("title") or (own.title if own else ""),
        "subtitle": wishes.get("subtitle") or (own.subtitle if own else ""),
        "series_position": wishes.get("series_position") or (own.number if own else ""),
    }
    return {field: text for field, text in texts.items() if text}


def _filled(text: str, places: dict[str, str]) -> str:
    for place, value in places.items():
        text = text.replace(place, value)
    return text


def _periods(collection: Collection, zone: Any, *, monthly: bool) -> list[dict[str, Any]]:
    """The years or months of which there is a book each, as arguments."""
    from .. import anthology

    found: list[dict[str, Any]]
    if monthly:
        found = [{"month": month} for month in anthology.months(collection, zone)]
    else:
        found = [{"year": year} for year in anthology.years(collection, zone)]
    if not found:
        raise UsageError("no post has a date, so there is no year to make a book of")
    return found


def _targets(
    manifest: Manifest | None,
    made: Collection,
    places: dict[str, str],
    outputs: tuple[str, ...],
    writer: str | None,
    writer_options: tuple[str, ...],
    css: str | None,
) -> list[Target]:
    """The files to make of one book, with its title, year and month filled in."""
    from ..manifest import settings_of

    def filled(path: str) -> str:
        return _filled(path, places).replace("{title}", file_name(made.title))

    if outputs or writer or manifest is None or not manifest.outputs:
        names = outputs or _default_outputs(writer)
        return [Target.of(filled(name), writer, writer_options, css) for name in names]
    targets = []
    for output in manifest.outputs:
        path, name, settings = settings_of(manifest, output)
        try:
            target = Target.of(filled(path), name, (*settings, *writer_options), css)
        except OptionError as error:
            raise ManifestError(
                error.message, source=manifest.name, line=output.line, hint=error.hint
            ) from error
        targets.append(target)
    return targets


def _default_outputs(writer: str | None) -> tuple[str, ...]:
    if writer in formats.KITS:
        return (f"{{title}} ({writer})/",)
    if writer:
        return ("{title}" + formats.writer(writer).extension,)
    from ..doctor import has_pdf_engine

    return ("{title}.epub", "{title}.pdf") if has_pdf_engine() else ("{title}.epub",)


def _show(
    books: list[tuple[Collection, list[Target]]], *, fetched: bool, quiet: bool, verbose: bool
) -> int:
    from ..manifest import plan, plan_lines

    bad = False
    for made, targets in books:
        page = next((t.options.page for t in targets if t.format == "pdf"), "")
        planned = plan(made, page, fetched=fetched)
        for line in plan_lines(planned):
            click.echo(line)
        click.echo(f"would write: {', '.join(target.path for target in targets)}")
        print_diagnostics(planned.diagnostics, quiet=quiet, verbose=verbose)
        bad = bad or planned.is_short
    return BAD_POSTS if bad else 0
