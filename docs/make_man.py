"""Write docs/clothbound.1, the man page, from the help of the commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from clothbound.cli import EXIT_CODES, command
from clothbound.cli.help import grouped

HERE = Path(__file__).parent
ENVIRONMENT = (
    (
        "SOURCE_DATE_EPOCH",
        "The moment, in seconds since 1970, that decides which posts are public, unless --now names one.",
    ),
    ("CI", "If it is set, no question is asked."),
    ("TERM", "With dumb, no progress is shown."),
)
FILES = (
    ("book.toml", "The plan of a book, which clothbound init writes."),
    (".clothbound-files.json", "In a folder that was made: the files that clothbound wrote there."),
    (".clothbound", "In a folder of clothbound import: each post as the export had it."),
)


def page() -> str:
    """Returns the whole page."""
    return "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    context = click.Context(command, info_name="clothbound", **command.context_settings)
    names = command.list_commands(context)
    yield '.\\" python docs/make_man.py generates this page from the help of the commands.'
    yield '.TH CLOTHBOUND 1 "" "clothbound" "User Commands"'
    yield ".SH NAME"
    yield "clothbound \\- turns newsletter and blog posts into books"
    yield ".SH SYNOPSIS"
    yield ".B clothbound"
    yield ".I COMMAND"
    yield "[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]"
    yield ".SH DESCRIPTION"
    yield from _paragraphs(command.help or "")
    for name in names:
        found = command.get_command(context, name)
        assert found is not None
        yield from _command(found, click.Context(found, info_name=name, parent=context))
    yield ".SH EXIT STATUS"
    for code, meaning in EXIT_CODES.items():
        yield from _entry(f"\\fB{code}\\fR", meaning)
    for title, entries in (("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        yield f".SH {title}"
        for name, meaning in entries:
            yield from _entry(f"\\fB{_text(name)}\\fR", meaning)


def _command(found: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join(found.collect_usage_pieces(context))
    yield f".SH CLOTHBOUND {(context.info_name or '').upper()}"
    yield f".B clothbound {context.info_name}"
    yield f"{_text(usage)}"
    yield ".PP"
    yield from _paragraphs(found.help or "")
    for heading, options in grouped(found, context):
        yield f".SS {heading}"
        for option in options:
            record = option.get_help_record(context)
            if record is not None:
                yield from _entry(f"\\fB{_text(record[0])}\\fR", record[1])


def _paragraphs(text: str) -> Iterator[str]:
    r"""Writes a docstring. A paragraph that begins with ``\b`` keeps its lines."""
    for number, paragraph in enumerate(inspect.cleandoc(text).split("\n\n")):
        if number:
            yield ".PP"
        if paragraph.startswith("\b"):
            yield ".nf"
            yield from map(_text, paragraph.split("\n")[1:])
            yield ".fi"
        else:
            yield _text(" ".join(paragraph.split()))


def _entry(term: str, meaning: str) -> Iterator[str]:
    yield ".TP"
    yield term
    yield _text(meaning)


def _text(text: str) -> str:
    """Returns text that troff sets as it stands."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga")
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped


if __name__ == "__main__":
    (HERE / "clothbound.1").write_text(page(), encoding="utf-8")
