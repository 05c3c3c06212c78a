"""``clothbound formats`` lists formats, and ``clothbound doctor`` checks the installation."""

from __future__ import annotations

import re

import click

from .. import formats
from .completion import complete_format


@click.command("formats")
@click.argument("name", required=False, shell_complete=complete_format)
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


@click.command(short_help="Report what is installed and what is missing.")
def doctor() -> int:
    """Report whether everything that clothbound needs is installed, and how to install what is missing."""
    from ..doctor import check_installation

    missing = False
    for finding in check_installation():
        click.echo(f"{finding.what:<16}{finding.state}")
        if finding.remedy:
            missing = True
            click.echo(f"{'':<16}{finding.remedy}")
    return 5 if missing else 0


def _print_format(name: str) -> None:
    from ..report import option_lines

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
