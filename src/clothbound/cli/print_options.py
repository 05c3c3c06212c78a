"""Options of ``clothbound book`` and ``convert`` for whom a product is made, and what prints it."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from ..destinations import DESTINATIONS
from ..errors import UsageError, did_you_mean
from ..formats import WRITERS
from ..outputs import Target

ENGINES = ("auto", "weasyprint", "typst")
IMPORTERS = ("ghost", "wordpress")
"""Who takes an archive. All other destinations take an EPUB."""

KITS = DESTINATIONS.keys() & WRITERS.keys()
"""Destinations with a writer of their own, which makes all that an upload there asks for."""

F = TypeVar("F", bound=Callable[..., Any])


def named(known: Iterable[str]) -> Callable[[Any, Any, str | None], str | None]:
    """A click callback that takes one of ``known``, and says which name is near to another."""
    names = tuple(known)

    def checked(_context: Any, _option: Any, name: str | None) -> str | None:
        if name is None or name in names:
            return name
        raise click.BadParameter(
            f"{name!r} is none of {', '.join(names)}{did_you_mean(name, names)}"
        )

    return checked


def engine_option(function: F) -> F:
    return click.option(
        "--engine",
        metavar="NAME",
        callback=named(ENGINES),
        help="What sets a PDF: weasyprint, typst, or auto (WeasyPrint; Typst where Pango is missing)."
        " The same as -O pdf.engine=NAME.",
    )(function)


def convert_destination(function: F) -> F:
    return click.option(
        "--for",
        "destination",
        metavar="NAME",
        callback=named((*DESTINATIONS, *IMPORTERS)),
        help=f"Who takes an EPUB ({', '.join(DESTINATIONS)}), or who will import an archive (-t"
        f" substack): {' or '.join(IMPORTERS)}. The same as -O destination=NAME.",
    )(function)


def print_options(function: F) -> F:
    from ..kdp.specs import Binding, Ink, Paper
    from ..page_sizes import Trim

    for option in reversed(
        (
            click.option(
                "--for",
                "destination",
                metavar="NAME",
                callback=named(DESTINATIONS),
                help=f"Who takes the EPUB: {', '.join(DESTINATIONS)}; safe is all of them. For kdp it is a"
                " folder with all that an upload asks for: the inside and the cover of a paperback, the"
                " Kindle book and its cover, and a sheet.",
            ),
            engine_option,
            click.option(
                "--trim",
                type=click.Choice(typing.get_args(Trim)),
                help="The size of the printed book (--for kdp); 6x9 inches by default.",
            ),
            click.option(
                "--paper",
                type=click.Choice(typing.get_args(Paper)),
                help="The paper of the printed book; white by default.",
            ),
            click.option(
                "--ink",
                type=click.Choice(typing.get_args(Ink)),
                help="The ink of the printed book; black by default.",
            ),
            click.option(
                "--binding",
                type=click.Choice(typing.get_args(Binding)),
                help="How the printed book is bound; as a paperback by default. The cover of a hardcover is not made.",
            ),
        )
    ):
        function = option(function)
    return function


def for_destination(
    destination: str | None,
    engine: str | None,
    printed: Mapping[str, str | None],
    writer: str | None,
    settings: tuple[str, ...],
) -> tuple[str | None, tuple[str, ...]]:
    """The format and the settings (as ``-O`` has them) that these options ask for.

    ``printed`` are those of a printed book, by their names. Raises UsageError where they do not go
    together.
    """
    is_kit = (writer or destination) in KITS
    of_print = [f"{name}={value}" for name, value in printed.items() if value]
    if of_print and not is_kit:
        raise UsageError(
            f"--{of_print[0].partition('=')[0]} is for a book that KDP prints",
            hint="add --for kdp, or use -O pdf.page=5x8",
        )
    if is_kit:
        if engine:
            raise UsageError(
                "--for kdp has no choice of engine: the printed book is set by WeasyPrint",
                hint="leave out --engine",
            )
        return destination or writer, (*settings, *of_print)
    return writer, scoped(destination, engine, settings)


def scoped(
    destination: str | None, engine: str | None, settings: tuple[str, ...]
) -> tuple[str, ...]:
    """``settings`` (as ``-O`` has them) with what ``--for`` and ``--engine`` say."""
    if destination:
        taker = "substack" if destination in IMPORTERS else "epub"
        settings = (*settings, f"{taker}.destination={destination}")
    return (*settings, f"pdf.engine={engine}") if engine else settings


def refuse_unused(destination: str | None, engine: str | None, targets: Sequence[Target]) -> None:
    """Raises UsageError where no output is of the format that ``--for`` or ``--engine`` is about."""
    made = {target.format for target in targets}
    wrote = ", ".join(sorted(made))
    if destination and not made & {*KITS, "substack" if destination in IMPORTERS else "epub"}:
        kind, hint = (
            ("an archive", "-t substack")
            if destination in IMPORTERS
            else ("an EPUB", "-o book.epub")
        )
        raise UsageError(
            f"--for {destination} is for {kind}, and this writes {wrote}", hint=f"add {hint}"
        )
    if engine and "pdf" not in made:
        raise UsageError(f"--engine is for a PDF, and this writes {wrote}", hint="add -o book.pdf")
