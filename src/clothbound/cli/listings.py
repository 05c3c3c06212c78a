"""``clothbound formats`` lists formats, and ``clothbound doctor`` checks the installation."""

from __future__ import annotations

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
    kinds: tuple[tuple[formats.Kind, str, dict[str, str], dict[str, str]], ...] = (
        ("reader", "Readers", formats.READERS, formats.READER_EXTENSIONS),
        ("writer", "Writers", formats.WRITERS, formats.WRITER_EXTENSIONS),
    )
    for kind, title, table, extensions in kinds:
        lines = {
            known: " ".join(e for e, name in extensions.items() if name == known) for known in table
        }
        for plugin in formats.installed(kind):
            state = plugin.fault or f"from {plugin.module.partition('.')[0]}"
            lines[plugin.name] = f"{' '.join(plugin.extensions)}  ({state})".strip()
        if kind == "reader":
            lines |= {name: f"{'':<16}{said}" for name, said in formats.dialects().items()}
        click.echo(title)
        for known, said in sorted(lines.items()):
            click.echo(f"  {known:<16}{said}".rstrip())


@click.command()
def doctor() -> int:
    """Report whether everything that clothbound needs is installed, and how to install what is missing."""
    from ..doctor import check_installation

    missing = False
    for finding in check_installation():
        click.echo(f"{finding.what:<16}{finding.state}")
        if finding.remedy:
            missing = missing or not finding.is_extra
            click.echo(f"{'':<16}{finding.remedy}")
    return 5 if missing else 0


def _print_format(name: str) -> None:
    from ..plugin_code import targets_by_name
    from .report import option_lines

    if name in formats.dialects():
        click.echo(f"{name} (reader): {formats.dialects()[name]}")
        name = formats.reader_and_options(name)[0]
    found = False
    readers = {*formats.READERS, *targets_by_name("reader")}
    writers = {*formats.WRITERS, *targets_by_name("writer")}
    for kind, names, load in (
        ("reader", readers, formats.reader),
        ("writer", writers, formats.writer),
    ):
        if name in names:
            found = True
            click.echo(f"{name} ({kind})")
            for line in option_lines(load(name).options_type):
                click.echo(f"  {line}")
    if not found:
        formats.writer(name)
