"""``clothbound check book.pdf`` and ``clothbound check SOURCE --proof`` look at printed pages."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from .. import api
from ..console_text import format_count, printable
from ..diagnostics import LossReport
from ..model.collection import Collection
from ..run import Run
from .messages import BAD_POSTS, print_diagnostics, write_report
from .progress import watching

if TYPE_CHECKING:
    from ..plan import Manifest

_REFUSED = 1


class PageCheck(msgspec.Struct, frozen=True):
    """What the command was given beside the source."""

    cut_outs: Path | None
    report_file: Path | None
    quiet: bool
    verbose: bool
    run: Run


def check_pages(source: str, given: PageCheck) -> int:
    """Looks at the pages of a finished PDF, prints what is found, and returns the exit code."""
    return _tell(Path(source), "pdf", given, source)


def check_pages_of(book: Collection, manifest: Manifest | None, given: PageCheck) -> int:
    """Prints a book, looks at its pages, prints what is found, and returns the exit code."""
    options: Any = "pdf"
    if manifest is not None:
        options = _planned_options(manifest)
    return _tell(book, options, given, book.info.title or "the book")


def _planned_options(manifest: Manifest) -> Any:
    """Returns the options of the first PDF that a plan makes."""
    from ..outputs import OutputTarget
    from ..plan.making import settings_of

    for output in manifest.outputs:
        path, name, settings = settings_of(manifest, output)
        if name == "pdf":
            return OutputTarget.of(path, name, settings, None).options
    return "pdf"


def _tell(book: Collection | Path, options: Any, given: PageCheck, called: str) -> int:
    with watching(called, quiet=given.quiet) as hear:
        run = msgspec.structs.replace(given.run, progress=hear)
        read = api.proof_read(book, options, cut_outs=given.cut_outs, run=run)
    report = LossReport("pdf")
    report.diagnostics.extend(read.diagnostics)
    if given.report_file:
        write_report(given.report_file, [report])
    print_diagnostics(tuple(report.diagnostics), quiet=given.quiet, verbose=given.verbose)
    kinds = Counter(finding.kind.value for finding in read.findings)
    if not given.quiet:
        _say_counts(read, kinds, called)
        if given.cut_outs is not None and read.findings:
            click.echo(f"clothbound: cut-outs are in {printable(str(given.cut_outs))}", err=True)
    if kinds["error"]:
        return _REFUSED
    return BAD_POSTS if report.bad else 0


def _say_counts(read: api.ProofReading, kinds: Counter[str], called: str) -> None:
    """Says how many errors there are, and how much advice of each kind, for each page."""
    by_check = Counter(f.check for f in read.findings if f.kind.value == "advice")
    listed = ", ".join(f"{check} {count}" for check, count in by_check.most_common())
    each = (
        f" ({kinds['advice'] / read.pages:.1f} a page: {listed})" if listed and read.pages else ""
    )
    told = f"{format_count(read.pages, 'page')}, {format_count(kinds['error'], 'error')}"
    click.echo(f"{printable(called)}: {told}, {kinds['advice']} advice{each}", err=True)
