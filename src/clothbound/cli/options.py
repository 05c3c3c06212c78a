"""The options that several commands share.

The help lists the decorator that was applied last first, so the functions apply options in ``reversed`` order.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..anthology.select import Select
from ..late_names import late_function
from .messages import keep_log, keep_verbose
from .selection import complete_metadata, field_options

if TYPE_CHECKING:
    from ..user_folders import user_cache
    from .completion import (
        complete_path,
        complete_reader,
        complete_reader_option,
        complete_writer,
        complete_writer_option,
    )
else:
    # What pictures ask for.
    user_cache = late_function("clothbound.user_folders", "user_cache")
    # What a shell asks for.
    complete_path = late_function("clothbound.cli.completion", "complete_path")
    complete_reader = late_function("clothbound.cli.completion", "complete_reader")
    complete_reader_option = late_function("clothbound.cli.completion", "complete_reader_option")
    complete_writer = late_function("clothbound.cli.completion", "complete_writer")
    complete_writer_option = late_function("clothbound.cli.completion", "complete_writer_option")

F = TypeVar("F", bound=Callable[..., Any])

_PUBLICATION = ("audiences", "drafts", "states", "now")


def source_options(function: F) -> F:
    return click.argument("source", default="-", shell_complete=complete_path)(
        reading_options(reader_options(function))
    )


def reader_options(function: F) -> F:
    function = click.option(
        "--encoding",
        default="",
        metavar="NAME",
        help="The encoding of an export's posts.csv, if another program has saved it.",
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
        help="Write the report of the conversion to a JSON file; --quiet leaves nothing out of it.",
    )(telling_options(function))


def telling_options(function: F) -> F:
    for option in reversed(
        (
            click.option(
                "-f",
                "--from",
                "reader",
                metavar="FORMAT",
                shell_complete=complete_reader,
                help="The source's format: a reader, or a dialect of Markdown such as gfm.",
            ),
            click.option(
                "-I",
                "reader_settings",
                multiple=True,
                metavar="KEY=VALUE",
                shell_complete=complete_reader_option,
                help="An option of the source's format (-I dialect=gfm); `clothbound formats NAME` lists them.",
            ),
            click.option(
                "-q",
                "--quiet",
                is_flag=True,
                help="Print only errors.",
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
                help="Write every diagnostic to a file, including those that are not printed.",
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
                shell_complete=complete_path,
                help="The file or folder to make; - is stdout.",
            ),
            click.option(
                "-t",
                "--to",
                "writer",
                metavar="FORMAT",
                shell_complete=complete_writer,
                help="The target's format.",
            ),
            click.option(
                "-M",
                "metadata",
                multiple=True,
                metavar="KEY=VALUE",
                shell_complete=complete_metadata,
                help="Metadata of the book or collection (-M title=Letters); may be repeated.",
            ),
            click.option(
                "-O",
                "writer_options",
                multiple=True,
                metavar="[FORMAT.]KEY=VALUE",
                shell_complete=complete_writer_option,
                help="An option of the target's format; `clothbound formats NAME` lists them.",
            ),
            css_option,
            filter_option,
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


def filter_option(function: F) -> F:
    return click.option(
        "--filter",
        "filters",
        multiple=True,
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False),
        help="Change the posts by the functions of this Python file; may be repeated.",
    )(function)


def css_option(function: F) -> F:
    return click.option(
        "--css",
        type=click.Path(exists=True, dir_okay=False),
        help="A style sheet of your own.",
    )(function)


def trust_option(function: F) -> F:
    return click.option(
        "--trust",
        is_flag=True,
        help="Run the files of filters that a book.toml names. Without it, a terminal asks once for each file.",
    )(function)


def publication_options(function: F) -> F:
    """Adds the options for audiences and for posts that are not public."""
    return field_options(Select, only=_PUBLICATION)(function)


def picture_options(*, asks: bool, keeps_products: bool = True) -> Callable[[F], F]:
    """``asks``: whether the command asks on a terminal where neither ``--fetch`` nor ``--no-fetch`` is given.

    ``keeps_products``: whether it keeps converted pictures, and parts of products, beside downloads.
    """
    without = "the command asks on a terminal" if asks else "it does not"
    kept = (
        "downloaded and converted pictures, and pages and chapters"
        if keeps_products
        else "downloaded pictures"
    )
    return partial(_picture_options, f"Without either option, {without}.", kept)


def _picture_options(without: str, kept: str, function: F) -> F:
    for option in reversed(
        (
            click.option(
                "--fetch/--no-fetch",
                default=None,
                help=f"Download pictures that are on the network, or do not. {without}",
            ),
            click.option(
                "--images",
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                help="Take pictures that are on the network, or missing in the source, from this folder, by their file names.",
            ),
            click.option(
                "--cache",
                type=click.Path(file_okay=False, path_type=Path),
                help=f"The folder that keeps {kept}. The default is the system's folder for caches.",
            ),
        )
    ):
        function = option(function)
    return function


def speed_options(function: F) -> F:
    """Adds the options that change how long a product takes, and not the product."""
    for option in reversed(
        (
            click.option(
                "--no-cache",
                is_flag=True,
                help="Keep nothing for the next run, and use nothing that was kept: pages, chapters, and downloaded and"
                " converted pictures.",
            ),
            click.option(
                "--clear-cache",
                is_flag=True,
                help="First remove the pages, chapters, and converted and drawn pictures that runs before have kept.",
            ),
            _JOBS,
        )
    ):
        function = option(function)
    return function


_JOBS = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="The number of processes that make pages and chapters, or compile a large book with Typst. The default is as"
    " many as pay: one for fewer than 300 posts, at most two that compile.",
)


def keep_option(function: F) -> F:
    return click.option(
        "--keep-pictures/--no-keep-pictures",
        default=None,
        help="Keep every picture from the network, with its hash, in the folder kept-pictures beside the first product,"
        " and take it from there when the book is made again.",
    )(function)


class _UserCache(os.PathLike[str]):
    """The system's folder for caches. It is determined once, when the first picture is converted, because that may take
    milliseconds, which a post without pictures need not pay.
    """

    def __fspath__(self) -> str:
        return self._path

    @cached_property
    def _path(self) -> str:
        return str(user_cache() / "converted")


def converted_cache(cache: Path | None) -> os.PathLike[str]:
    """Returns the folder that keeps converted pictures, and parts of products, between runs."""
    return _UserCache() if cache is None else cache / "converted"


def selection_options(function: F) -> F:
    """Adds the options that select posts, without those of ``publication_options``."""
    return field_options(Select, without=(*_PUBLICATION, "sites"))(function)


def arranging_options(function: F) -> F:
    from ..anthology.order import Order

    return field_options(Order)(function)
