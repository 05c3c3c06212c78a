"""``clothbound check``: what a conversion would report."""

from __future__ import annotations

from pathlib import Path

import click

from .. import api
from ..diagnostics import LossReport, Severity
from .messages import BAD_POSTS, print_diagnostics, write_report
from .options import source_options
from .source import read


@click.command()
@source_options
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
    collection = read(source, reader)
    found = api.check(collection, target)
    report = LossReport(target)
    report.diagnostics.extend(found)
    if report_file:
        write_report(report_file, [report])
    print_diagnostics(found, quiet=quiet, verbose=verbose)
    errors = sum(d.severity is Severity.ERROR for d in found)
    warnings = sum(d.severity is Severity.WARNING for d in found)
    posts = "1 post" if len(collection) == 1 else f"{len(collection)} posts"
    click.echo(f"{posts}: {errors} errors, {warnings} warnings", err=True)
    return BAD_POSTS if report.bad else 0
