"""The options that several commands share, and what becomes of them.

The help lists first what is put on a function last: hence ``reversed``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from ..errors import UsageError
from ..model.publication import DRAFTS
from ..moment import moment_of_run
from .messages import keep_log, keep_verbose

F = TypeVar("F", bound=Callable[..., Any])


def source_options(function: F) -> F:
    return click.argument("source", default="-")(reading_options(reader_options(function)))


def reader_options(function: F) -> F:
    function = click.option(
        "--encoding",
        default="",
        metavar="NAME",
        help="The encoding of an export's posts.csv, where another program has saved it.",
    )(function)
    return click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Leave out files and folders of a folder by name (drafts) or path (2019/*); may be repeated.",
    )(function)


def reading_options(function: F) -> F:
    return click.option(
        "--report",
        "report_file",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write the account of the conversion to a JSON file.",
    )(telling_options(function))


def telling_options(function: F) -> F:
    for option in reversed(
        (
            click.option("-f", "--from", "reader", metavar="FORMAT", help="The source's format."),
            click.option(
                "-q",
                "--quiet",
                is_flag=True,
                help="Print errors only; --report still has everything.",
            ),
            click.option(
                "-v",
                "--verbose",
                is_flag=True,
                callback=keep_verbose,
                help="Print every diagnostic, and the trace of a fault of clothbound.",
            ),
            click.option(
                "--log",
                type=click.Path(dir_okay=False, path_type=Path),
                expose_value=False,
                callback=keep_log,
                help="Write every diagnostic to a file, whatever is printed.",
            ),
        )
    ):
        function = option(function)
    return function


def output_options(function: F) -> F:
    for option in reversed(
        (
            click.option(
                "-o",
                "--output",
                "outputs",
                multiple=True,
                help="The file or folder to make; - is stdout.",
            ),
            click.option("-t", "--to", "writer", metavar="FORMAT", help="The target's format."),
            click.option(
                "-M",
                "metadata",
                multiple=True,
                metavar="KEY=VALUE",
                help="Metadata of the whole (-M title=Letters); may be repeated.",
            ),
            click.option(
                "-O",
                "writer_options",
                multiple=True,
                metavar="[FORMAT.]KEY=VALUE",
                help="An option of the target's format; `clothbound formats NAME` lists them.",
            ),
            click.option(
                "--css",
                type=click.Path(exists=True, dir_okay=False),
                help="A style sheet of your own.",
            ),
            click.option(
                "--strict",
                is_flag=True,
                help="Fail with exit code 3 if a picture is missing, anything is dropped, or a rule is"
                " not applied.",
            ),
        )
    ):
        function = option(function)
    return publication_options(function)


def publication_options(function: F) -> F:
    """Whose posts are taken, and which of those that are not public."""
    for option in reversed(
        (
            click.option(
                "--audience",
                "audiences",
                multiple=True,
                help="Take posts for this audience (everyone, only_paid ...); may be repeated.",
            ),
            click.option("--drafts", is_flag=True, help="Take drafts and scheduled posts too."),
            click.option(
                "--state",
                "states",
                multiple=True,
                metavar="NAME",
                help="Take posts of this state too: private, pending, expired, trash, password, secret,"
                " restricted ...; may be repeated.",
            ),
            click.option(
                "--now",
                default=None,
                metavar="MOMENT",
                callback=_moment,
                help="The moment at which it is decided what is public (YYYY-MM-DD). By default it is SOURCE_DATE_EPOCH, if that is set, or the clock.",
            ),
        )
    ):
        function = option(function)
    return function


def _moment(_: click.Context, option: click.Parameter, moment: str | None) -> datetime:
    """What ``--now`` does when the command line is read. Raises UsageError."""
    try:
        return moment_of_run(moment or None)
    except UsageError as error:
        if moment is None:
            raise
        raise UsageError(f"{option.opts[0]}: {error.message}", hint=error.hint) from error


def asked_states(states: Sequence[str], *, drafts: bool) -> tuple[str, ...]:
    """The states that ``--state`` and ``--drafts`` ask for, as ``api.write`` takes them."""
    return (*states, *(sorted(DRAFTS) if drafts else ()))


def picture_options(function: F) -> F:
    for option in reversed(
        (
            click.option(
                "--fetch/--no-fetch",
                default=None,
                help="Download pictures that are on the network, or leave them there. Without either, book and import ask on a terminal.",
            ),
            click.option(
                "--images",
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                help="Take pictures that are on the network from this folder, by their file names.",
            ),
            click.option(
                "--cache",
                type=click.Path(file_okay=False, path_type=Path),
                help="Where downloaded and converted pictures are kept. By default it is where this system keeps caches.",
            ),
        )
    ):
        function = option(function)
    return function


class _UserCache(os.PathLike[str]):
    """Where this system keeps caches, asked when the first picture is converted: it costs a post of
    prose milliseconds.
    """

    def __fspath__(self) -> str:
        import platformdirs

        return str(platformdirs.user_cache_path("clothbound") / "converted")


def converted_cache(cache: Path | None) -> os.PathLike[str]:
    """Where converted pictures lie between runs."""
    return _UserCache() if cache is None else cache / "converted"


def selection_options(function: F) -> F:
    for option in reversed(
        (
            click.option("--year", type=int, help="Posts of this year."),
            click.option("--after", default="", help="Posts from this day on (YYYY-MM-DD)."),
            click.option("--before", default="", help="Posts before this day (YYYY-MM-DD)."),
            click.option(
                "--timezone",
                default="",
                help="Decides to which day and year a post belongs; UTC by default.",
            ),
            click.option(
                "--tag", "tags", multiple=True, help="Posts with this tag; may be repeated."
            ),
            click.option(
                "--type",
                "kinds",
                multiple=True,
                help="Posts of this type: newsletter, podcast, page, thread ...; may be repeated.",
            ),
            click.option(
                "--min-words",
                type=click.IntRange(min=0),
                default=0,
                metavar="N",
                help="Leave out posts with fewer words.",
            ),
        )
    ):
        function = option(function)
    return function


def arranging_options(function: F) -> F:
    for option in reversed(
        (
            click.option(
                "--parts",
                type=click.Choice(["none", "months", "years", "tags"]),
                help="Parts of the book.",
            ),
            click.option(
                "--sort",
                type=click.Choice(["date", "title", "source"]),
                help="The order of the posts: by date, which is the default, by title, or by file name (source).",
            ),
            click.option(
                "--reverse", is_flag=True, help="Turn the order round: newest first, say."
            ),
        )
    ):
        function = option(function)
    return function
