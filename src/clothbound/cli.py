"""The command: arguments in, calls of ``clothbound.api``, exit code out.

Exit codes: 0 done, 1 failed, 2 usage, 3 loss under --strict, 4 some posts were bad, 5 an engine is
missing. Data goes to stdout, everything else to stderr.
"""

from __future__ import annotations

import dataclasses
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from . import __version__, api, formats
from .diagnostics import Diagnostic, LossReport, Severity
from .errors import ClothboundError, ReadError, UsageError, WriteError
from .model.post import Collection
from .outputs import Made, Target, file_name, make_all, refuse_doubles, show_progress
from .printable import printable
from .report import as_json, summary, to_print

if TYPE_CHECKING:
    from .fetching import Fetcher
    from .manuscript import Layout

F = TypeVar("F", bound=Callable[..., Any])

_METADATA = {
    "title": "title",
    "subtitle": "subtitle",
    "author": "authors",
    "authors": "authors",
    "lang": "language",
    "language": "language",
    "publisher": "publisher",
    "rights": "rights",
    "description": "description",
    "identifier": "identifier",
}
_BAD_POSTS = 4


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command and leaves with its exit code."""
    if not sys.warnoptions:
        # Pillow warns of damaged pictures in words for programmers; our diagnostics name them.
        warnings.filterwarnings("ignore", module="PIL")
    try:
        code = command.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="clothbound",
            standalone_mode=False,
        )
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except ClothboundError as error:
        code = _say(error)
    except OSError as error:
        code = _say(ClothboundError(error.strerror or str(error), source=str(error.filename or "")))
    sys.exit(code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="clothbound")
def command() -> None:
    """Turns newsletter and blog posts into books.

    \b
    clothbound convert post.md -o post.html
    clothbound convert posts/ -t site -o public/
    clothbound book posts/ --year 2023 -o 2023.epub -o 2023.pdf
    """  # noqa: D301 - click reads \b


def _source_options(function: F) -> F:
    return click.argument("source", default="-")(_reading_options(function))


def _reading_options(function: F) -> F:
    for option in (
        click.option("-f", "--from", "reader", metavar="FORMAT", help="The source's format."),
        click.option(
            "-q", "--quiet", is_flag=True, help="Print errors only; --report still has everything."
        ),
        click.option("-v", "--verbose", is_flag=True, help="Print every diagnostic."),
        click.option(
            "--report",
            "report_file",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write the account of the conversion to a JSON file.",
        ),
    ):
        function = option(function)
    return function


def _output_options(function: F) -> F:
    for option in (
        click.option(
            "-o", "--output", "outputs", multiple=True, help="File or folder; - is stdout."
        ),
        click.option("-t", "--to", "writer", metavar="FORMAT", help="The target's format."),
        click.option(
            "-M", "metadata", multiple=True, metavar="KEY=VALUE", help="Metadata of the whole."
        ),
        click.option(
            "-O",
            "writer_options",
            multiple=True,
            metavar="[FORMAT.]KEY=VALUE",
            help="An option of the target's format; `clothbound formats NAME` lists them.",
        ),
        click.option(
            "--css", type=click.Path(exists=True, dir_okay=False), help="A style sheet of your own."
        ),
        click.option(
            "--strict", is_flag=True, help="Fail with exit code 3 if anything is dropped."
        ),
        click.option(
            "--audience",
            "audiences",
            multiple=True,
            help="Take posts for this audience (everyone, only_paid ...); may be repeated.",
        ),
    ):
        function = option(function)
    return function


def _picture_options(function: F) -> F:
    for option in (
        click.option("--fetch", is_flag=True, help="Download pictures that are on the network."),
        click.option(
            "--images",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            help="Take pictures that are on the network from this folder, by their names.",
        ),
        click.option(
            "--cache",
            type=click.Path(file_okay=False, path_type=Path),
            help="Where --fetch keeps what it downloaded; else where this system keeps caches.",
        ),
    ):
        function = option(function)
    return function


def _fetcher(
    fetch: bool, images: Path | None, cache: Path | None, *, quiet: bool
) -> Fetcher | None:
    if not (fetch or images):
        return None
    from .fetching import Fetcher, default_cache

    def started(url: str) -> None:
        if not quiet and sys.stderr.isatty():
            click.echo(f"fetching {printable(url[:120])}", err=True)

    folder = (cache or default_cache()) if fetch else None
    return Fetcher(network=fetch, images=images, cache=folder, started=started)


def _say_fetched(fetcher: Fetcher | None, *, quiet: bool) -> None:
    if fetcher is None or quiet:
        return
    tried = fetcher.tried
    parts = (
        (tried.fetched, "downloaded"),
        (tried.cached, "from the cache"),
        (tried.from_folder, "from the folder"),
        (tried.failed, "not to be had"),
    )
    told = ", ".join(f"{count} {what}" for count, what in parts if count)
    click.echo(f"clothbound: pictures on the network: {told or 'none'}", err=True)


def _selection_options(function: F) -> F:
    for option in (
        click.option("--year", type=int, help="Posts of this year."),
        click.option("--after", help="Posts from this day on (YYYY-MM-DD)."),
        click.option("--before", help="Posts before this day (YYYY-MM-DD)."),
        click.option("--timezone", default="UTC", show_default=True, help="Decides a post's year."),
        click.option("--tag", "tags", multiple=True, help="Posts with this tag; may be repeated."),
        click.option(
            "--type", "kinds", multiple=True, help="newsletter, podcast, page, thread ..."
        ),
        click.option("--drafts", is_flag=True, help="Take drafts too."),
    ):
        function = option(function)
    return function


@command.command()
@_source_options
@_output_options
@_picture_options
@click.option(
    "--for",
    "destination",
    metavar="NAME",
    help="Who will import an archive (-t substack): ghost or wordpress. The same as -O destination=NAME.",
)
def convert(
    source: str,
    reader: str | None,
    writer: str | None,
    outputs: tuple[str, ...],
    metadata: tuple[str, ...],
    writer_options: tuple[str, ...],
    destination: str | None,
    css: str | None,
    strict: bool,
    audiences: tuple[str, ...],
    fetch: bool,
    images: Path | None,
    cache: Path | None,
    report_file: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Change the format of SOURCE (a file, a folder, or - for stdin).

    The posts stay as they stand: none is left out, none is moved.
    """
    collection = _with_metadata(_read(source, reader), metadata)
    if destination:
        writer_options = (*writer_options, f"destination={destination}")
    targets = [Target.of(name, writer, writer_options, css) for name in outputs or ("-",)]
    refuse_doubles(source, targets)
    fetcher = _fetcher(fetch, images, cache, quiet=quiet)
    jobs = [(collection, target) for target in targets]
    made = make_all(jobs, strict=strict, audiences=audiences, fetch=fetcher)
    _say_fetched(fetcher, quiet=quiet)
    return _finish(made, report_file, quiet=quiet, verbose=verbose)


@command.command()
@_source_options
@_output_options
@_picture_options
@_selection_options
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
    from . import anthology

    collection = _with_metadata(_read(source, reader), metadata)
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
    fetcher = _fetcher(fetch, images, cache, quiet=quiet)
    made_all = make_all(jobs, strict=strict, audiences=audiences, fetch=fetcher)
    _say_fetched(fetcher, quiet=quiet)
    return _finish(made_all, report_file, quiet=quiet, verbose=verbose)


@command.command()
@_source_options
@click.option("--for", "target", default="epub", show_default=True, help="The format to check for.")
def check(
    source: str,
    reader: str | None,
    target: str,
    report_file: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Say what a conversion of SOURCE would report, and write nothing."""
    collection = _read(source, reader)
    found = api.check(collection, target)
    report = LossReport(target)
    report.diagnostics.extend(found)
    if report_file:
        _write_report(report_file, [report])
    _print(found, quiet=quiet, verbose=verbose)
    errors = sum(d.severity is Severity.ERROR for d in found)
    warnings = sum(d.severity is Severity.WARNING for d in found)
    posts = "1 post" if len(collection) == 1 else f"{len(collection)} posts"
    click.echo(f"{posts}: {errors} errors, {warnings} warnings", err=True)
    return _BAD_POSTS if report.bad else 0


@command.command("import")
@click.argument("source", type=click.Path(exists=True))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--layout",
    type=click.Choice(["flat", "year"]),
    help="Where new posts go: all in FOLDER, or in a folder for each year. "
    "Without it, as at the last time.",
)
@_reading_options
@_picture_options
def import_(
    source: str,
    folder: Path,
    reader: str | None,
    layout: Layout | None,
    report_file: Path | None,
    quiet: bool,
    verbose: bool,
    fetch: bool,
    images: Path | None,
    cache: Path | None,
) -> int:
    """Put the posts of SOURCE (an export) into FOLDER as Markdown, to keep and edit there.

    Run again with a newer export, it merges what is new into the files as you edited them. What
    changed on one side is taken. Where both sides changed the same sentence or field, both stand
    in the file between <<<<<<< and >>>>>>>, and the place is named. Files may be moved and renamed;
    deleted ones stay deleted; posts that the export lacks are kept. Keep FOLDER/.clothbound with
    the posts: it holds each post as the export had it.

    Exit codes: 0 done; 1 conflicts, or files that could not be merged into, each named (all else is
    done); 4 posts of the export that could not be read.
    """
    from .manuscript import import_archive

    fetcher = _fetcher(fetch, images, cache, quiet=quiet)
    with show_progress(None) as progress:
        report = import_archive(
            source, folder, reader, layout=layout, fetch=fetcher, progress=progress
        )
    if report_file:
        _write_report(report_file, [report.loss])
    _print(report.diagnostics, quiet=quiet, verbose=verbose)
    _say_fetched(fetcher, quiet=quiet)
    if not quiet:
        counts = ", ".join(f"{count} {change}" for change, count in report.count.items())
        click.echo(f"{printable(str(folder))}: {counts or 'no posts'}", err=True)
    if report.conflicts:
        return 1
    return _BAD_POSTS if report.loss.bad else 0


@command.command("formats")
@click.argument("name", required=False)
def list_formats(name: str | None) -> None:
    """List the formats, or the options of one."""
    if name:
        _print_format(name)
        return
    for title, table, extensions in (
        ("Readers", formats.READERS, formats.READER_EXTENSIONS),
        ("Writers", formats.WRITERS, formats.WRITER_EXTENSIONS),
    ):
        click.echo(title)
        installed = formats.plugins(title.lower()[:-1])
        for known in sorted({*table, *installed}):
            names = " ".join(e for e, f in extensions.items() if f == known)
            origin = "" if known in table else f"  (from {re.split('[.:]', installed[known])[0]})"
            click.echo(f"  {known:<16}{names}{origin}")


@command.command()
def doctor() -> int:
    """Say whether everything that clothbound needs is installed, and how to get what is missing."""
    from .doctor import examine

    missing = False
    for finding in examine():
        click.echo(f"{finding.what:<16}{finding.state}")
        if finding.remedy:
            missing = True
            click.echo(f"{'':<16}{finding.remedy}")
    return 5 if missing else 0


def _read(source: str, reader: str | None) -> Collection:
    if source == "-":
        data = sys.stdin.buffer.read()
        return api.read(data, reader or "markdown", on_error="collect")
    collection = api.read(source, reader, on_error="collect")
    if not len(collection):
        _print(collection.diagnostics, quiet=True, verbose=False)
        raise ReadError("no post could be read from it", source=source)
    return collection


def _with_metadata(collection: Collection, settings: Sequence[str]) -> Collection:
    for setting in settings:
        key, equals, value = setting.partition("=")
        field = _METADATA.get(key)
        if not equals or field is None:
            near = formats.did_you_mean(key, _METADATA)
            raise UsageError(
                f"-M wants KEY=VALUE, not {setting!r}{near}", hint=", ".join(_METADATA)
            )
        if field == "authors":
            collection = dataclasses.replace(collection, authors=(*collection.authors, value))
        else:
            changes: dict[str, Any] = {field: value}
            collection = dataclasses.replace(collection, **changes)
    return collection


def _finish(
    made: Sequence[Made],
    report_file: Path | None,
    *,
    quiet: bool,
    verbose: bool,
) -> int:
    if report_file:
        _write_report(report_file, [product.report for product in made])
    seen: dict[Diagnostic, None] = {}
    for product in made:
        seen.update(dict.fromkeys(product.report.diagnostics))
    _print(tuple(seen), quiet=quiet, verbose=verbose)
    codes = []
    for product in made:
        if product.error:
            codes.append(_say(product.error))
        elif product.path != "-" and not quiet:
            click.echo(f"{printable(product.path)}: {summary(product.report)}", err=True)
    if codes:
        return codes[0]
    return _BAD_POSTS if any(product.report.bad for product in made) else 0


def _say(error: ClothboundError) -> int:
    """Prints an error; the exit code that it asks for."""
    click.echo(f"clothbound: {error}", err=True)
    return error.exit_code


def _print(found: Sequence[Diagnostic], *, quiet: bool, verbose: bool) -> None:
    for line in to_print(found, quiet=quiet, verbose=verbose):
        click.echo(line, err=True)


def _write_report(path: Path, reports: Sequence[LossReport]) -> None:
    try:
        path.write_bytes(as_json(reports))
    except OSError as error:
        raise WriteError(f"cannot be written: {error.strerror}", source=str(path)) from error


def _default_outputs(writer: str | None) -> tuple[str, ...]:
    if writer:
        return ("{title}" + formats.writer(writer).extension,)
    from .doctor import has_pdf_engine

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


def _print_format(name: str) -> None:
    from .report import option_lines

    found = False
    for kind, table in (("reader", formats.READERS), ("writer", formats.WRITERS)):
        if name in table or name in formats.plugins(kind):
            found = True
            load = formats.reader if kind == "reader" else formats.writer
            click.echo(f"{name} ({kind})")
            for line in option_lines(load(name).options_type):
                click.echo(f"  {line}")
    if not found:
        formats.writer(name)
