"""``clothbound check`` reports what a conversion would report and what a store would refuse."""

from __future__ import annotations

from collections.abc import Sequence
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
from ..run import Run
from ..source import IdentifiedSource, SourceKind
from .help import GroupedCommand
from .messages import BAD_POSTS, print_diagnostics, write_report
from .options import publication_options, selection_options, source_options
from .print_options import complete_destination
from .progress import watching
from .selection import wishes_of
from .source_posts import look, posts_of

if TYPE_CHECKING:
    from ..plan import Manifest


@click.command(cls=GroupedCommand, short_help="Report what a conversion would report.")
@source_options
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
def check(
    source: str,
    reader: str | None,
    reader_settings: tuple[str, ...],
    exclude: tuple[str, ...],
    encoding: str,
    targets: str,
    report_file: Path | None,
    quiet: bool,
    verbose: bool,
    now: datetime | None,
    **selection: Any,
) -> int:
    """Report what a conversion of SOURCE would report, and write nothing.

    With --for kindle (or another store or device), the command makes a book of the posts by its rules,
    and reports by post and line what the store would still refuse. SOURCE may be a book.toml, whose
    book is checked, or a finished EPUB made by any program. Options that select posts work as for
    `clothbound book`; without one, all posts are checked as they are. The command finds what stores
    refuse in valid books; whether a book is valid, only epubcheck tells
    (https://www.w3.org/publishing/epubcheck/).

    Exit codes: 0 nothing would be refused; 1 something would be refused; 4 posts could not be read.
    """
    names = list(dict.fromkeys(name.strip() for name in targets.split(",") if name.strip()))
    report = LossReport(",".join(names))
    wishes = wishes_of(selection)
    found_source = look(source, reader, frozenset(SourceKind), quiet=quiet)
    checked: Path | Collection
    if found_source.kind is SourceKind.BOOK:
        if wishes != Wishes():
            raise UsageError(
                "a finished book is checked as a whole; options cannot select posts of it",
                source=source,
                hint="leave out the options that select posts",
            )
        checked = _file(found_source)
        said = "1 book"
    else:
        read = posts_of(found_source, reader, exclude, encoding, reader_settings, quiet=quiet)
        checked = _chosen(*read, wishes, now)
        said = format_post_count(len(checked) - len(checked.roles), len(checked.roles))
    for name in names:
        with watching(name, quiet=quiet) as hear:
            report.diagnostics.extend(api.check(checked, name, run=Run(progress=hear)))
    found = tuple(report.diagnostics)
    if report_file:
        write_report(report_file, [report])
    print_diagnostics(found, quiet=quiet, verbose=verbose)
    _say_counts(said, found, with_remote=not quiet and not verbose)
    if report.bad:
        return BAD_POSTS
    return 1 if any(_is_refused(d) for d in found) else 0


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


def _file(source: IdentifiedSource) -> Path:
    if source.path is None:
        raise UsageError(
            "a finished book is checked as a file, not from stdin or the network",
            hint="give the name of its file",
        )
    return source.path


def _chosen(
    manifest: Manifest | None, collection: Collection, wishes: Wishes, now: datetime | None
) -> Collection:
    """Returns the book of the posts that options or a plan select; without either, all posts as they are."""
    if manifest is None and wishes == Wishes():
        return collection
    from .editions import maker

    return maker(manifest, collection)(wishes.over(Wishes(select={"now": now})))


def _is_refused(diagnostic: Diagnostic) -> bool:
    return diagnostic.code is DiagnosticCode.STORE_RULE and diagnostic.severity is Severity.ERROR
