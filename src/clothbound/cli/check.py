"""``clothbound check``: what a conversion would report, and what a store would refuse."""

from __future__ import annotations

from pathlib import Path

import click

from .. import api
from ..diagnostics import Code, Diagnostic, LossReport, Severity
from ..printable import counted
from .messages import BAD_POSTS, print_diagnostics, write_report
from .options import source_options
from .source import read


@click.command()
@source_options
@click.option(
    "--for",
    "targets",
    default="epub",
    show_default=True,
    metavar="NAME[,NAME]",
    help="A format, or who takes the book: safe (all), kindle, kdp, apple, kobo, google.",
)
def check(
    source: str,
    reader: str | None,
    targets: str,
    report_file: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Say what a conversion of SOURCE would report, and write nothing.

    With --for kindle (or another store or device), posts are made into a book by its rules, and
    what it would still refuse is named by post and line. SOURCE may be a finished EPUB too, whoever
    made it. This is about what stores refuse in books that are valid; whether one is valid,
    epubcheck alone says (https://www.w3.org/publishing/epubcheck/).

    Exit codes: 0 nothing would be refused; 1 something would; 4 posts that could not be read.
    """
    names = list(dict.fromkeys(name.strip() for name in targets.split(",") if name.strip()))
    report = LossReport(",".join(names))
    if _is_book(source):
        checked = "1 book"
        for name in names:
            report.diagnostics.extend(api.check(Path(source), name))
    else:
        collection = read(source, reader)
        checked = counted(len(collection), "post")
        for name in names:
            report.diagnostics.extend(api.check(collection, name))
    found = tuple(report.diagnostics)
    if report_file:
        write_report(report_file, [report])
    print_diagnostics(found, quiet=quiet, verbose=verbose)
    errors = sum(d.severity is Severity.ERROR for d in found)
    warnings = sum(d.severity is Severity.WARNING for d in found)
    told = f"{checked}: {counted(errors, 'error')}, {counted(warnings, 'warning')}"
    click.echo(told, err=True)
    if report.bad:
        return BAD_POSTS
    return 1 if any(_is_refused(d) for d in found) else 0


def _is_book(source: str) -> bool:
    return source.lower().endswith(".epub") and Path(source).is_file()


def _is_refused(diagnostic: Diagnostic) -> bool:
    return diagnostic.code is Code.STORE_RULE and diagnostic.severity is Severity.ERROR
