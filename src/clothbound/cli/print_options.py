"""Options of ``clothbound book`` for whom a book is made, and how it is printed."""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..destinations import DESTINATIONS
from ..errors import UsageError
from ..formats import KITS
from ..kit.press import Paper, Trim

F = TypeVar("F", bound=Callable[..., Any])


def print_options(function: F) -> F:
    for option in (
        click.option(
            "--for",
            "destination",
            type=click.Choice(sorted(DESTINATIONS)),
            help="Who takes the book. For kdp it is a folder with all that an upload asks for: the"
            " inside and the cover of a paperback, the Kindle book and its cover, and a sheet.",
        ),
        click.option(
            "--trim",
            type=click.Choice(typing.get_args(Trim)),
            help="The size of the paperback (--for kdp); 6x9 inches else.",
        ),
        click.option(
            "--paper",
            type=click.Choice(typing.get_args(Paper)),
            help="The paper of the paperback (--for kdp); white else.",
        ),
    ):
        function = option(function)
    return function


def for_destination(
    destination: str | None,
    trim: str | None,
    paper: str | None,
    writer: str | None,
    settings: tuple[str, ...],
) -> tuple[str | None, tuple[str, ...]]:
    """The format and the settings (as ``-O`` has them) that these options ask for.

    Raises UsageError where they do not go together.
    """
    is_kit = writer in KITS or (writer is None and destination in KITS)
    if (trim or paper) and not is_kit:
        raise UsageError(
            "--trim and --paper are of a paperback", hint="add --for kdp, or use -O pdf.page=5x8"
        )
    if is_kit:
        if trim:
            settings = (*settings, f"trim={trim}")
        if paper:
            settings = (*settings, f"paper={paper}")
        return destination or writer, settings
    if destination:
        settings = (*settings, f"epub.destination={destination}")
    return writer, settings
