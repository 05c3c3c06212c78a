"""``clothbound check``: what a conversion would report, and what a store would refuse."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import api
from ..anthology.wishes import Wishes
from ..console_text import format_count, format_post_count
from ..destinations import DESTINATIONS
from ..diagnostics import Diagnostic, DiagnosticCode, LossReport, Severity
from ..errors import UsageError
from ..model.collection import Collection
from ..source import IdentifiedSource, SourceKind
from .messages import BAD_POSTS, print_diagnostics, write_report
from .options import publication_options, selection_options, source_options
from .selection import wishes_of
from .source_posts import look, posts_of

if TYPE_CHECKING:
    from ..plan import Manifest


@click.command(short_help="Say what a conversion would report.")
@source_options
@selection_options
@publication_options
@click.option(
    "--for",
    "targets",
    default="epub",
    show_default=True,
    metavar="NAME[,NAME]",
    help=f"A format, or who takes the book: {', '.join(DESTINATIONS)}; safe is all of them.",
)
def check(
    source: str,
    reader: str | None,
    exclude: tuple[str, ...],
    encoding: str,
    targets: str,
    report_file: Path | None,
    quiet: bool,
    verbose: bool,
    now: datetime | None,
    **selection: Any,
) -> int:
    """Say what a conversion of SOURCE would report, and write nothing.

    With --for kindle (or another store or device), posts are made into a book by its rules, and
    what it would still refuse is named by post and line. SOURCE may be a book.toml, whose book is
    checked, or a finished EPUB, whoever made it. Options that choose posts choose them as for
    `clothbound book`; without one, all are checked as they stand. This is about what stores refuse in books that are valid; whether one is valid,
    epubcheck alone says (https://www.w3.org/publishing/epubcheck/).

    Exit codes: 0 nothing would be refused; 1 something would; 4 posts that could not be read.
    """
    names = list(dict.fromkeys(name.strip() for name in targets.split(",") if name.strip()))
    report = LossReport(",".join(names))
    wishes = wishes_of(selection)
    found_source = look(source, reader, frozenset(SourceKind))
    checked: Path | Collection
    if found_source.kind is SourceKind.BOOK:
        if wishes != Wishes():
            raise UsageError(
                "a finished book is checked whole; no post of it can be chosen", source=source
            )
        checked = _file(found_source)
        said = "1 book"
    else:
        checked = _chosen(*posts_of(found_source, reader, exclude, encoding), wishes, now)
        said = format_post_count(len(checked) - len(checked.roles), len(checked.roles))
    for name in names:
        report.diagnostics.extend(api.check(checked, name))
    found = tuple(report.diagnostics)
    if report_file:
        write_report(report_file, [report])
    print_diagnostics(found, quiet=quiet, verbose=verbose)
    remote = sum(
        d.code is DiagnosticCode.IMAGE_REMOTE and d.severity is Severity.WARNING for d in found
    )
    if remote and not quiet and not verbose:
        are = format_count(remote, "picture is", "pictures are")
        told = f"{are} on the network, which check does not fetch"
        click.echo(f"clothbound: {told} [{DiagnosticCode.IMAGE_REMOTE}]", err=True)
    errors = sum(d.severity is Severity.ERROR for d in found)
    warnings = sum(d.severity is Severity.WARNING for d in found)
    told = f"{said}: {format_count(errors, 'error')}, {format_count(warnings, 'warning')}"
    click.echo(told, err=True)
    if report.bad:
        return BAD_POSTS
    return 1 if any(_is_refused(d) for d in found) else 0


def _file(source: IdentifiedSource) -> Path:
    if source.path is None:
        raise UsageError("a finished book is checked as a file", hint="give its name")
    return source.path


def _chosen(
    manifest: Manifest | None, collection: Collection, wishes: Wishes, now: datetime | None
) -> Collection:
    """The book of the posts that options or a plan choose; all posts as they stand without either."""
    if manifest is None and wishes == Wishes():
        return collection
    from .editions import maker

    return maker(manifest, collection)(wishes.over(Wishes(select={"now": now})))


def _is_refused(diagnostic: Diagnostic) -> bool:
    return diagnostic.code is DiagnosticCode.STORE_RULE and diagnostic.severity is Severity.ERROR
