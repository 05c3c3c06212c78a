"""``clothbound check`` reports what a conversion would report, what a store would refuse, what a product lacks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import api
from ..anthology.wishes import Wishes
from ..console_text import format_count, format_post_count, printable
from ..destinations import DESTINATIONS
from ..diagnostics import Diagnostic, DiagnosticCode, LossReport, Severity
from ..errors import UsageError
from ..model.collection import Collection
from ..protected_files import ProtectedFiles
from ..run import Run
from ..source import IdentifiedSource, SourceKind, is_pdf
from .check_pages import look_at_pages
from .check_request import CheckRequest
from .help import GroupedCommand
from .messages import BAD_POSTS, print_diagnostics, spare, write_report
from .options import publication_options, selection_options, source_options
from .print_options import complete_destination
from .progress import watching
from .source_posts import look

if TYPE_CHECKING:
    from ..plan import Manifest


@click.command(cls=GroupedCommand)
@source_options
@click.argument(
    "product", required=False, type=click.Path(exists=True, path_type=Path), default=None
)
@selection_options
@publication_options
@click.option(
    "--for",
    "targets",
    default="epub",
    show_default=True,
    shell_complete=complete_destination,
    metavar="NAME[,NAME]",
    help=f"A format, or a store or device: {', '.join(DESTINATIONS)}; safe means all of them.",
)
@click.option(
    "--explained-by",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="REPORT",
    help="With PRODUCT: the file that --report wrote when the product was made. Without it, the conversion is made"
    " again, and its product is not kept.",
)
@click.option(
    "--proof",
    is_flag=True,
    help="Print the book as PDF and look at its pages, as is done with a SOURCE that is a PDF. Needs the extra 'proof'.",
)
@click.option(
    "--pictures",
    "cut_outs",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="With --proof or a PDF: save there a cut-out of each finding, a sheet of them all, and their list as JSON.",
)
def check(**options: Any) -> int:
    """Report what a conversion of SOURCE would report, what PRODUCT lacks of it, or what is wrong on printed pages.

    With --for kindle (or another store or device), the command makes a book of the posts by its rules,
    and reports by post and line what the store would still refuse. SOURCE may be a book.toml, whose
    book is checked, or a finished EPUB made by any program. Options that select posts work as for
    `clothbound book`; without one, all posts are checked as they are. The command finds what stores
    refuse in valid books; whether a book is valid, only epubcheck tells
    (https://www.w3.org/publishing/epubcheck/).

    With PRODUCT (an EPUB, a PDF, a page, a folder of pages, an archive for Substack, Markdown, RSS), the command
    counts words, notes, pictures and links of the product and of the files of SOURCE, by code that shares
    nothing with the conversion, and names by file and line whatever the product lacks and the report of the
    conversion does not name. A book.toml or options that select posts say which posts the product is to have;
    without them, these are the posts of which it has a good part, and the others are named as left out.

    A SOURCE that is a PDF, made by any program, is proof-read: the command looks at its pages and reports by page what is
    wrong (letters on letters, text that is cut off or in a wrong face, untrue contents) as errors, and what could be
    better (stretched lines, white, parted headings) as advice. With --proof it prints the book first, by the options of
    the first PDF in a book.toml, and names post and line too; with --proof and a PRODUCT that is a PDF, SOURCE tells
    which lines of it are code.

    Exit codes: 0 nothing would be refused, or nothing is missing; 1 something would be refused, or a page has an error;
    3 the product lacks something that no report names; 4 posts could not be read.
    """
    request = CheckRequest.of(options)
    spare(partial(ProtectedFiles.of_files, [Path(request.source)]))
    if request.explained_by is not None and (request.product is None or request.proof):
        raise UsageError(
            "--explained-by needs a PRODUCT to be counted",
            hint="give the product behind the source, without --proof",
        )
    is_of_pages = request.proof or request.cut_outs is not None
    if is_of_pages or (request.product is None and is_pdf(Path(request.source))):
        return look_at_pages(request)
    if request.product is not None:
        from .comparing import check_product

        return check_product(request, request.product)
    return _check_source(request)


def _check_source(request: CheckRequest) -> int:
    """Reports what conversions of the source would report, or stores refuse, and returns the exit code."""
    found_source = look(request.source, request.reader, frozenset(SourceKind), quiet=request.quiet)
    if found_source.kind is SourceKind.BOOK:
        book = _file_of_book(found_source, request)
        report = _check_for_all(book, request)
        said = "1 book"
    else:
        manifest, read = request.read(found_source)
        chosen = request.choose(manifest, read)
        posts = read if chosen is None else chosen
        report = _check_for_all(posts, request)
        said = format_post_count(len(posts) - len(posts.roles), len(posts.roles))
    found = tuple(report.diagnostics)
    if request.report_file:
        write_report(request.report_file, [report])
    print_diagnostics(found, quiet=request.quiet, verbose=request.verbose)
    if found_source.kind is SourceKind.PLAN and not request.quiet:
        assert manifest is not None
        _say_undescribed(manifest, posts)
    _say_counts(said, found, with_remote=not request.quiet and not request.verbose)
    if report.bad:
        return BAD_POSTS
    return 1 if any(_is_refused(d) for d in found) else 0


def _check_for_all(checked: Path | Collection, request: CheckRequest) -> LossReport:
    """Returns what is found for each format, store or device of ``--for``."""
    names = [name.strip() for name in request.targets.split(",")]
    names = list(dict.fromkeys(filter(None, names)))
    report = LossReport(",".join(names))
    for name in names:
        with watching(name, quiet=request.quiet) as hear:
            report.diagnostics.extend(api.check(checked, name, run=Run(progress=hear)))
    return report


def _say_counts(said: str, found: Sequence[Diagnostic], *, with_remote: bool) -> None:
    """Says how many errors and warnings there are, and ``with_remote`` how many pictures on the network."""
    remote = sum(
        d.code is DiagnosticCode.IMAGE_REMOTE and d.severity is Severity.WARNING for d in found
    )
    if remote and with_remote:
        are = format_count(remote, "picture is", "pictures are")
        told = f"{are} on the network, which check does not fetch"
        click.echo(f"clothbound: {told} [{DiagnosticCode.IMAGE_REMOTE}]", err=True)
    errors = sum(d.severity is Severity.ERROR for d in found)
    warnings = sum(d.severity is Severity.WARNING for d in found)
    told = f"{said}: {format_count(errors, 'error')}, {format_count(warnings, 'warning')}"
    click.echo(told, err=True)


def _say_undescribed(manifest: Manifest, book: Collection) -> None:
    """Says how many pictures of a plan's book have no words, and where to write them."""
    from ..plan.pictures import count_undescribed

    lacking, total = count_undescribed(book.posts)
    if not lacking:
        return
    name = printable(str(manifest.path))
    have = format_count(lacking, "picture has", "pictures have")
    told = f"{have} no alternative text, of {total:,}: `clothbound update {name}` lists them under"
    click.echo(f"{name}: {told} [pictures], where you write it", err=True)


def _file_of_book(source: IdentifiedSource, request: CheckRequest) -> Path:
    """Returns the path of a finished book. Raises UsageError if there is none, or options select posts."""
    if request.wishes != Wishes():
        raise UsageError(
            "a finished book is checked as a whole; options cannot select posts of it",
            source=request.source,
            hint="leave out the options that select posts",
        )
    if source.path is None:
        raise UsageError(
            "a finished book is checked as a file, not from stdin or the network",
            hint="give the name of its file",
        )
    return source.path


def _is_refused(diagnostic: Diagnostic) -> bool:
    return diagnostic.code is DiagnosticCode.STORE_RULE and diagnostic.severity is Severity.ERROR
