"""Options of ``clothbound book`` and ``convert`` for whom a product is made, and what prints it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import click

from .. import fields
from ..destinations import DESTINATIONS
from ..errors import UsageError, did_you_mean
from ..formats import WRITERS
from ..outputs import OutputTarget
from .selection import field_options

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
    """``--for`` and ``--engine``, and the options of the upload kit that the command has too."""
    from ..kdp.options import Kdp

    function = field_options(Kdp, scope="--for kdp")(function)
    return click.option(
        "--for",
        "destination",
        metavar="NAME",
        callback=named(DESTINATIONS),
        help=f"Who takes the EPUB: {', '.join(DESTINATIONS)}; safe is all of them. For kdp it is a"
        " folder with all that an upload asks for: the inside and the cover of a paperback, the"
        " Kindle book and its cover, and a sheet.",
    )(engine_option(function))


def for_destination(
    destination: str | None,
    engine: str | None,
    options: Mapping[str, Any],
    writer: str | None,
    settings: tuple[str, ...],
) -> tuple[str | None, tuple[str, ...]]:
    """The format and the settings (as ``-O`` has them) that these options ask for.

    The options of the upload kit are found among ``options``, by their names. Raises UsageError where
    they do not go together.
    """
    from ..kdp.options import Kdp

    is_kit = (writer or destination) in KITS
    names = (setting.name for setting in fields.settings(Kdp) if setting.flag)
    of_print = [f"{name}={value}" for name in names if (value := options[name])]
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


def refuse_unused(
    destination: str | None, engine: str | None, targets: Sequence[OutputTarget]
) -> None:
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
