"""``clothbound book``: posts selected, arranged and titled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import structs

from .. import formats
from ..anthology.select import Select
from ..anthology.wishes import Wishes
from ..errors import ManifestError, OptionError, UnknownFormatError
from ..model.book_info import BookInfo
from ..model.collection import Collection
from ..moment import moment_of_run
from ..naming import file_name
from ..outputs import Target, make_outputs, plan_outputs
from ..protected_files import ProtectedFiles
from ..run import Run
from .fetching import ask, fetcher_of, may_ask, remote_in, say_what_was_not_fetched
from .messages import BAD_POSTS, finish, print_diagnostics, say_fetched, spare
from .options import (
    arranging_options,
    converted_cache,
    output_options,
    picture_options,
    selection_options,
    source_options,
)
from .print_options import for_destination, print_options, refuse_unused
from .selection import asked_states, field_options, wishes_of
from .source import POSTS_OR_PLAN, look, metadata_of, posts_of, with_metadata

if TYPE_CHECKING:
    from ..plan import Manifest
    from ..plan.schema import Output


_FILE = click.Path(exists=True, dir_okay=False)


@click.command(short_help="Make a book of posts, or of a book.toml.")
@source_options
@output_options
@picture_options
@selection_options
@arranging_options
@print_options
@field_options(BookInfo, types={"cover": _FILE})
@field_options(Select, only=("sites",))
@click.option(
    "--by-year",
    is_flag=True,
    help="A book for each year; name them by {year} or {title}. A title without {year} gets it.",
)
@click.option(
    "--by-month",
    is_flag=True,
    help="A book for each month; name them by {month} or {title}. A title without {month} gets it.",
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
    exclude: tuple[str, ...],
    encoding: str,
    writer: str | None,
    outputs: tuple[str, ...],
    metadata: tuple[str, ...],
    writer_options: tuple[str, ...],
    css: str | None,
    strict: bool,
    audiences: tuple[str, ...],
    drafts: bool,
    states: tuple[str, ...],
    now: datetime | None,
    fetch: bool | None,
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
    **given: Any,
) -> int:
    """Make a book of the posts of SOURCE: of one year, of each (--by-year), or of all (--all).

    SOURCE is a folder, a file, an export, or a book.toml that `clothbound init` has made; what
    other options say then wins over that file.

    Without --year it is the newest full year. Without -o it is an EPUB, and a PDF where an engine
    is there, named by the title.
    """
    from ..model.placeholders import check_path

    for path in outputs:
        check_path(path)
    printed = {"trim": trim, "paper": paper, "ink": ink, "binding": binding}
    writer, writer_options = for_destination(destination, engine, printed, writer, writer_options)
    manifest, collection = posts_of(look(source, reader, POSTS_OR_PLAN), reader, exclude, encoding)
    collection = with_metadata(collection, metadata)
    # One moment decides what a book and what a product for the public may hold.
    now = moment_of_run(now)
    wishes = wishes_of(
        {**given, "audiences": audiences, "drafts": drafts, "states": states, "now": now}
    )
    if manifest:  # whose own title and authors would win over the collection's
        wishes = wishes.over(Wishes(info=metadata_of(metadata)))
    books = _books(
        manifest,
        collection,
        wishes,
        partial(_targets, manifest, outputs, writer, writer_options, css),
        by_year=by_year,
        by_month=by_month,
        whole=whole,
    )
    # Whom the file chooses posts for, its public targets are for, too.
    audiences = audiences or (tuple(manifest.posts.select.audiences) if manifest else ())
    protected = _protected_files(manifest, source, collection, (given["cover"], css))
    jobs = [(made, target) for made, targets in books for target in targets]
    refuse_unused(destination, engine, [target for _, target in jobs])
    # Secret posts that the file takes are for its books; on the command line they are asked for.
    run = Run(
        audiences=audiences or None,
        states=asked_states(states, drafts=drafts),
        now=now,
        cache=converted_cache(cache),
    )
    jobs = plan_outputs(jobs, protected, run)
    spare(protected, report_file)
    if fetch is None and manifest and manifest.book.fetch:
        fetch = True
    if dry_run:
        books = [(made, [target for of, target in jobs if of is made]) for made, _ in books]
        return _show(books, fetched=bool(fetch) or images is not None, quiet=quiet, verbose=verbose)
    if may_ask(fetch, images, quiet=quiet):
        fetch = _want_pictures(jobs)
    fetcher = fetcher_of(bool(fetch), images, cache, quiet=quiet)
    run = structs.replace(run, fetch=fetcher)
    made_all = make_outputs(jobs, protected=protected, strict=strict, run=run)
    say_fetched(fetcher, quiet=quiet)
    code = finish(made_all, report_file, quiet=quiet, verbose=verbose)
    if not quiet:
        say_what_was_not_fetched([product.report for product in made_all])
    return code


def _want_pictures(jobs: Sequence[tuple[Collection, Target]]) -> bool:
    """Asks whether to fetch the pictures on the network that books would lack, if there are any."""
    lacking = {id(made): made for made, target in jobs if formats.holds_files(target.format)}
    remote = remote_in(lacking.values())
    return bool(remote) and ask(remote)


def _protected_files(
    manifest: Manifest | None, source: str, collection: Collection, named: Iterable[str | None]
) -> ProtectedFiles:
    """What is read here, and so is not written over; ``named`` are files that options name."""
    further = [Path(name) for name in named if name]
    if manifest is None:
        return ProtectedFiles.of(source, collection, further)
    edits = manifest.beside(manifest.book.edits)
    further += [manifest.path, *manifest.texts.values(), edits, *edits.glob("*")]
    if manifest.book.info.cover:
        further.append(Path(manifest.book.info.cover))
    return ProtectedFiles.of(manifest.beside(manifest.posts.source), collection, further)


def _books(
    manifest: Manifest | None,
    collection: Collection,
    wishes: Wishes,
    targets: Callable[[Collection, dict[str, str]], list[Target]],
    *,
    by_year: bool,
    by_month: bool,
    whole: bool,
) -> list[tuple[Collection, list[Target]]]:
    """The books to make, each with the files to make of it."""
    from .editions import (
        given_titles,
        maker,
        periods,
        places_of,
        span_of,
        telling,
        titles_of,
        with_title_years,
        zone_asked,
    )

    make = maker(manifest, collection)
    given = given_titles(manifest, wishes)
    books = []
    found, told = periods(
        manifest, collection, make, wishes, by_year=by_year, by_month=by_month, whole=whole
    )
    for period in found:
        places = places_of(manifest, wishes, period)
        made = make(_of_period(wishes, period, titles_of(given, period, places)))
        if not places["{year}"]:  # then the posts tell it, once they are chosen
            places["{year}"] = span_of(made, zone_asked(manifest, wishes))
            if any("{year}" in text for text in given.values()):
                made = make(_of_period(wishes, period, titles_of(given, period, places)))
        made = with_title_years(telling(made, told), given, period)
        books.append((made, targets(made, places)))
    return books


def _of_period(wishes: Wishes, period: dict[str, Any], titles: dict[str, str]) -> Wishes:
    return Wishes(select=period, info=titles).over(wishes)


def _targets(
    manifest: Manifest | None,
    outputs: tuple[str, ...],
    writer: str | None,
    writer_options: tuple[str, ...],
    css: str | None,
    made: Collection,
    places: dict[str, str],
) -> list[Target]:
    """The files to make of one book, with its title, year and month filled in."""
    from ..plan import settings_of
    from .editions import fill_path

    places = {**places, "{title}": file_name(made.info.title)}
    planned = manifest.outputs if manifest else ()
    if outputs or writer or manifest is None or not planned:
        names = outputs or _default_outputs(writer)
        wanted = [
            (name, writer, _planned_as(writer or _format_of(name), planned)) for name in names
        ]
    else:
        wanted = [(settings_of(manifest, output)[0], None, output) for output in planned]
    targets = []
    for path, name, output in wanted:
        filled = fill_path(path, places)
        if manifest is None or output is None:
            targets.append(Target.of(filled, name, writer_options, css))
            continue
        _, own_name, settings = settings_of(manifest, output)
        # A fault of the command line is none of the file's.
        Target.of(filled, own_name, writer_options, css)
        try:
            targets.append(Target.of(filled, own_name, (*settings, *writer_options), css))
        except OptionError as error:
            raise ManifestError(
                error.message, source=manifest.name, line=output.line, hint=error.hint
            ) from error
    return targets


def _planned_as(name: str, planned: Sequence[Output]) -> Output | None:
    """The first output of this format that a file plans: what it says holds for another path, too."""
    return next((o for o in planned if name and (o.format or _format_of(o.path)) == name), None)


def _format_of(path: str) -> str:
    """The format that a file's name tells; empty where it tells none."""
    try:
        return formats.writer_for(path)
    except UnknownFormatError:
        return ""


def _default_outputs(writer: str | None) -> tuple[str, ...]:
    if writer:
        extension = formats.writer(writer).extension
        return ("{title}" + extension if extension else f"{{title}} ({writer})/",)
    from ..doctor import has_pdf_engine

    return ("{title}.epub", "{title}.pdf") if has_pdf_engine() else ("{title}.epub",)


def _show(
    books: list[tuple[Collection, list[Target]]], *, fetched: bool, quiet: bool, verbose: bool
) -> int:
    from ..plan import plan, plan_lines

    bad = False
    for made, targets in books:
        page, theme, recto = _print_edition(targets)
        planned = plan(made, page, theme, recto=recto, fetched=fetched)
        for line in plan_lines(planned):
            click.echo(line)
        click.echo(f"would write: {', '.join(target.path for target in targets)}")
        print_diagnostics(planned.diagnostics, quiet=quiet, verbose=verbose)
        bad = bad or planned.is_short
    return BAD_POSTS if bad else 0


def _print_edition(targets: list[Target]) -> tuple[str, str, bool]:
    """Page, theme, and whether posts begin on right-hand pages, of the first output for print."""
    for target in targets:
        if hasattr(target.options, "recto"):
            return target.options.page, target.options.theme, target.options.recto
    return "", "essay", False
