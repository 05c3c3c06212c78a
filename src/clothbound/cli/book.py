"""``clothbound book`` selects, arranges and titles posts, and makes a book of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import replace

from .. import format_detection, formats
from ..anthology.select import Select
from ..anthology.wishes import Wishes
from ..errors import ManifestError, OptionError, UnknownFormatError
from ..model.book_info import BookInfo
from ..model.collection import Collection
from ..model.slugs import file_name
from ..moment import moment_of_run
from .author import author_of
from .fetching import ask, may_ask, remote_in
from .help import GroupedCommand
from .messages import BAD_POSTS, print_diagnostics
from .options import (
    arranging_options,
    keep_option,
    output_options,
    picture_options,
    selection_options,
    source_options,
    speed_options,
    trust_option,
)
from .outputs import OutputTarget
from .print_options import for_destination, print_options
from .progress import watching
from .request import Request
from .selection import field_options, wishes_of
from .source_posts import POSTS_OR_PLAN, find_files_read, metadata_of
from .trust import trusted

if TYPE_CHECKING:
    from ..filters import Filter
    from ..isolated import WaitingWorkers
    from ..plan import Manifest
    from ..plan.schema import Output


_FILE = click.Path(exists=True, dir_okay=False)


@click.command(cls=GroupedCommand)
@source_options
@output_options
@picture_options(asks=True)
@speed_options
@selection_options
@arranging_options
@print_options
@field_options(BookInfo, types={"cover": _FILE})
@field_options(Select, only=("sites",))
@click.option(
    "--by-year",
    is_flag=True,
    help="Make a book for each year; name the files by {year} or {title}. A title without {year} gets the year.",
)
@click.option(
    "--by-month",
    is_flag=True,
    help="Make a book for each month; name the files by {month} or {title}. A title without {month} gets the month.",
)
@click.option("--all", "whole", is_flag=True, help="Make one book of all years.")
@trust_option
@keep_option
@click.option(
    "-n",
    "--dry-run",
    is_flag=True,
    help="Show what the book would contain, and write nothing.",
)
def book(
    *,
    by_year: bool,
    by_month: bool,
    whole: bool,
    dry_run: bool,
    trust: bool,
    **options: Any,
) -> int:
    """Make a book of the posts of SOURCE: of one year, of each year (--by-year), or of all (--all).

    SOURCE is a folder, a file, an export, the address of a feed or a page, or a book.toml that
    `clothbound init` has made; other options override that file.

    Without --year, the book is of the newest full year. Without -o, it is an EPUB, and also a PDF
    if an engine is installed; the title names the files.
    """
    from ..model.placeholders import check_path

    request = _request(options)
    for path in request.outputs:
        check_path(path)
    is_of_all = whole and not (by_year or by_month or dry_run or wishes_of(options).select)
    with _start_early(request, is_of_all=is_of_all) as waiting_workers:
        return _make(
            request,
            options,
            by_year=by_year,
            by_month=by_month,
            whole=whole,
            dry_run=dry_run,
            trust=trust,
            waiting_workers=waiting_workers,
        )


def _start_early(
    request: Request, *, is_of_all: bool
) -> AbstractContextManager[WaitingWorkers | None]:
    """Returns processes that wait for the posts, if it is certain that the only product needs them."""
    # What a name that is filled in leads to, and whether it is there, is known once the posts are read.
    is_certain = is_of_all and not any("{" in path for path in request.outputs)
    return request.start_early() if is_certain else nullcontext()


def _make(
    request: Request,
    options: Mapping[str, Any],
    *,
    by_year: bool,
    by_month: bool,
    whole: bool,
    dry_run: bool,
    trust: bool,
    waiting_workers: WaitingWorkers | None,
) -> int:
    manifest, collection = request.read(POSTS_OR_PLAN)
    if manifest is None and not dry_run:
        authors = author_of(options["authors"], collection, quiet=request.quiet)
        options = {**options, "authors": authors}
    wishes = wishes_of({**options, "now": request.now})
    if manifest:  # Its own title and authors would win over the collection's.
        wishes = wishes.over(Wishes(info=metadata_of(request.metadata)))
        request = _as_planned(request, manifest)
        if manifest.book.filters and not dry_run:
            request = request.with_filters(
                (*trusted(manifest, trust, quiet=request.quiet), *request.filters)
            )
    books = _books(
        manifest,
        collection,
        wishes,
        partial(_targets, manifest, request),
        filters=request.filters,
        by_year=by_year,
        by_month=by_month,
        whole=whole,
    )
    named = (options["cover"], request.css, *options["filters"])
    protected = find_files_read(request.source, manifest, collection, named)
    jobs = request.plan(
        [(made, target) for made, targets in books for target in targets], protected
    )
    if dry_run:
        books = [(made, [target for of, target in jobs if of is made]) for made, _ in books]
        return _show(books, request)
    keep = request.kept_folder(jobs)
    if may_ask(request.fetch, request.images, quiet=request.quiet):
        request = replace(request, fetch=_want_pictures(jobs, keep, quiet=request.quiet))
    return request.make(jobs, protected, waiting_workers)


def _request(options: Mapping[str, Any]) -> Request:
    """What the options ask for, with those for whom the book is made among the writer's.

    One moment decides what a book and what a product for the public may hold.
    """
    request = Request.of(options)
    writer, settings = for_destination(
        request.destination, request.engine, options, request.writer, request.writer_options
    )
    now = moment_of_run(request.now)
    return replace(request, writer=writer, writer_options=settings, now=now)


def _as_planned(request: Request, manifest: Manifest) -> Request:
    """The request, and what the file says where the options say nothing.

    Those for whom the file chooses posts are those for whom its public targets are. Secret posts that the
    file takes are for its books alone; for other products the command line asks for them.
    """
    fetch = True if request.fetch is None and manifest.book.fetch else request.fetch
    keep = manifest.book.keep_pictures if request.keep_pictures is None else request.keep_pictures
    audiences = request.audiences or tuple(manifest.posts.select.audiences)
    return replace(request, audiences=audiences, fetch=fetch, keep_pictures=keep)


def _want_pictures(
    jobs: Sequence[tuple[Collection, OutputTarget]], keep: Path | None, *, quiet: bool
) -> bool:
    """Asks whether to fetch pictures on the network, if the books would lack any without them."""
    lacking = {id(made): made for made, target in jobs if formats.holds_files(target.format)}
    with watching(quiet=quiet) as hear:
        remote = remote_in(lacking.values(), hear, keep)
    return bool(remote) and ask(remote)


def _books(
    manifest: Manifest | None,
    collection: Collection,
    wishes: Wishes,
    targets: Callable[[Collection, dict[str, str]], list[OutputTarget]],
    *,
    filters: Sequence[Filter],
    by_year: bool,
    by_month: bool,
    whole: bool,
) -> list[tuple[Collection, list[OutputTarget]]]:
    """The books to make, each with the files to make of it."""
    from .editions import (
        given_titles,
        maker,
        period_values,
        periods,
        span_of,
        telling,
        titles_of,
        with_title_years,
        zone_asked,
    )

    make = maker(manifest, collection, filters)
    given = given_titles(manifest, wishes)
    books = []
    found, told = periods(
        manifest, collection, make, wishes, by_year=by_year, by_month=by_month, whole=whole
    )
    for period in found:
        places = period_values(manifest, wishes, period)
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
    manifest: Manifest | None, request: Request, made: Collection, places: dict[str, str]
) -> list[OutputTarget]:
    """Returns the files to make of one book, with its title, year and month filled in."""
    from ..plan.making import refuse_outside, settings_of
    from .editions import fill_path

    writer, css, theme = request.writer, request.css, request.theme
    places = {**places, "{title}": file_name(made.info.title)}
    planned = manifest.outputs if manifest else ()
    is_by_plan = not (request.outputs or writer or manifest is None or not planned)
    if manifest is None or not is_by_plan:
        names = request.outputs or _default_outputs(writer)
        wanted = [
            (name, writer, _planned_as(writer or _format_of(name), planned)) for name in names
        ]
    else:
        wanted = [(settings_of(manifest, output)[0], None, output) for output in planned]
    targets = []
    for path, name, output in wanted:
        filled = fill_path(path, places)
        if manifest is None or output is None:
            targets.append(OutputTarget.of(filled, name, request.writer_options, css, theme))
            continue
        if is_by_plan:
            refuse_outside(manifest, output, filled)
        _, own_name, settings = settings_of(manifest, output)
        # Options of the command line are checked first, so that their errors do not blame the file.
        OutputTarget.of(filled, own_name, request.writer_options, css, theme)
        try:
            targets.append(
                OutputTarget.of(filled, own_name, (*settings, *request.writer_options), css, theme)
            )
        except OptionError as error:
            raise ManifestError(
                error.message, source=manifest.name, line=output.line, hint=error.hint
            ) from error
    return targets


def _planned_as(name: str, planned: Sequence[Output]) -> Output | None:
    """Returns the first output of this format in a plan, whose options also apply to another path."""
    return next((o for o in planned if name and _format_of(o) == name), None)


def _format_of(output: Output | str) -> str:
    """Returns the format that an output of a plan, or a file's name, implies; empty if it implies none."""
    from ..plan.making import format_of

    try:
        return format_detection.writer_for(output) if isinstance(output, str) else format_of(output)
    except UnknownFormatError:
        return ""


def _default_outputs(writer: str | None) -> tuple[str, ...]:
    if writer:
        extension = formats.writer(writer).extension
        return ("{title}" + extension if extension else f"{{title}} ({writer})/",)
    from ..doctor import has_pdf_engine

    return ("{title}.epub", "{title}.pdf") if has_pdf_engine() else ("{title}.epub",)


def _show(books: list[tuple[Collection, list[OutputTarget]]], request: Request) -> int:
    from ..plan import estimate_book, estimate_lines

    fetched = bool(request.fetch) or request.images is not None
    bad = False
    for made, targets in books:
        planned = estimate_book(made, **_print_edition(targets), fetched=fetched, now=request.now)
        for line in estimate_lines(planned):
            click.echo(line)
        click.echo(f"would write: {', '.join(target.path for target in targets)}")
        print_diagnostics(planned.diagnostics, quiet=request.quiet, verbose=request.verbose)
        bad = bad or planned.is_short
    return BAD_POSTS if bad else 0


def _print_edition(targets: list[OutputTarget]) -> dict[str, Any]:
    """Returns what an estimate of pages needs to know of the first output for print."""
    for options in (target.options for target in targets):
        if hasattr(options, "recto"):
            return {
                "page": options.page,
                "theme": options.theme,
                "recto": options.recto,
                "runs_on": options.openers == "run-on",
            }
    return {}
