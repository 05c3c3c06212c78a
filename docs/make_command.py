"""Write docs/reference/command.md from the help of the commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from clothbound.cli import EXIT_CODES, command
from clothbound.cli.help import grouped

REFERENCE = Path(__file__).parent / "reference"
INTRODUCTION = """\
# The command

    clothbound COMMAND [OPTIONS] [ARGUMENTS]

`clothbound COMMAND --help` shows these texts in a terminal, and `man clothbound` where the package is installed.
`clothbound completion` makes a shell complete them.

| command | what it does |
|:--|:--|
"""


def page() -> str:
    """Returns the whole page."""
    return INTRODUCTION + "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    context = click.Context(command, info_name="clothbound", **command.context_settings)
    found = {name: command.get_command(context, name) for name in command.list_commands(context)}
    for name, one in found.items():
        assert one is not None
        yield f"| [{name}](#{name}) | {_cell(one.get_short_help_str(200))} |"
    for name, one in found.items():
        assert one is not None
        yield from _command(name, one, click.Context(one, info_name=name, parent=context))
    yield "\n## Exit status\n"
    yield "| status | meaning |"
    yield "|:--|:--|"
    for code, meaning in EXIT_CODES.items():
        yield f"| {code} | {_cell(meaning)} |"


def _command(name: str, found: click.Command, context: click.Context) -> Iterator[str]:
    yield f"\n## {name}\n"
    yield f"    clothbound {name} {' '.join(found.collect_usage_pieces(context))}\n"
    for paragraph in inspect.cleandoc(found.help or "").split("\n\n"):
        if paragraph.startswith("\b"):
            yield "\n".join(f"    {line}" for line in paragraph.split("\n")[1:]) + "\n"
        else:
            yield _text(" ".join(paragraph.split())) + "\n"
    yield "| option | meaning |"
    yield "|:--|:--|"
    for heading, options in grouped(found, context):
        yield f"| **{heading}** | |"
        for option in options:
            record = option.get_help_record(context)
            if record is not None:
                yield f"| `{_option(record[0])}` | {_cell(record[1])} |"


def _option(text: str) -> str:
    return text.replace("|", "\\|")


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")


def _text(text: str) -> str:
    """Returns text that Markdown shows as it stands, with names in angle brackets."""
    return text.replace("*", "\\*").replace("<", "&lt;").replace("``", "`")


if __name__ == "__main__":
    (REFERENCE / "command.md").write_text(page(), encoding="utf-8")
