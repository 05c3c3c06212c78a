"""Options of ``clothbound book`` and ``convert`` for whom a product is made, and what prints it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, get_args

import click

from .. import fields
from ..destinations import DESTINATIONS
from ..errors import UsageError, did_you_mean
from ..formats import WRITERS
from .outputs import OutputTarget, takes_theme
from .selection import field_options

IMPORTERS = ("ghost", "wordpress")
"""Who takes an archive. All other destinations take an EPUB."""

KITS = DESTINATIONS.keys() & WRITERS.keys()
"""Destinations with a writer of their own, which makes all the files for an upload there."""

F = TypeVar("F", bound=Callable[..., Any])


def named(known: Iterable[str]) -> Callable[[Any, Any, str | None], str | None]:
    """Returns a click callback that accepts one of ``known``, and suggests a similar name for another."""
    names = tuple(known)

    def checked(_context: Any, _option: Any, name: str | None) -> str | None:
        if name is None or name in names:
            return name
        raise click.BadParameter(
            f"{name!r} is not one of {', '.join(names)}{did_you_mean(name, names)}"
        )

    return checked


def _check_engine(context: Any, option: Any, name: str | None) -> str | None:
    if name is None:
        return None
    from ..writers.pdf.engine_choice import EngineName

    return named(get_args(EngineName))(context, option, name)


def complete_destination(context: click.Context, _: click.Parameter, start: str) -> list[str]:
    from .completion import beginning, complete_writer

    if context.info_name == "check":  # which takes several, and formats too
        before, comma, last = start.rpartition(",")
        names = beginning(last, DESTINATIONS, complete_writer(context, _, last))
        return [f"{before}{comma}{name}" for name in names]
    return beginning(start, DESTINATIONS, IMPORTERS if context.info_name == "convert" else ())


def complete_engine(_: click.Context, __: click.Parameter, start: str) -> list[str]:
    from ..writers.pdf.engine_choice import EngineName
    from .completion import beginning

    return beginning(start, get_args(EngineName))


def engine_option(function: F) -> F:
    return click.option(
        "--engine",
        metavar="NAME",
        callback=_check_engine,
        shell_complete=complete_engine,
        help="The engine for a PDF: weasyprint, typst, or auto (Typst for Chinese, Japanese, Korean, Thai, Hebrew, Arabic, Greek and Cyrillic, WeasyPrint for other scripts; the other engine if one is missing)."
        " The same as -O pdf.engine=NAME.",
    )(function)


def complete_theme(_: click.Context, __: click.Parameter, start: str) -> list[str]:
    from ..writers.pdf.page_format import ThemeName
    from .completion import beginning

    return beginning(start, get_args(ThemeName))


def theme_option(function: F) -> F:
    return click.option(
        "--theme",
        metavar="NAME|PATH",
        shell_complete=complete_theme,
        help="How a PDF looks: essay, novel, manual, or a theme of your own, the path of a TOML file or its folder, whose"
        " style sheet for screens EPUBs, pages and sites take too.",
    )(function)


def convert_destination(function: F) -> F:
    return click.option(
        "--for",
        "destination",
        metavar="NAME",
        callback=named((*DESTINATIONS, *IMPORTERS)),
        shell_complete=complete_destination,
        help=f"The store or device for an EPUB ({', '.join(DESTINATIONS)}), or the importer of an archive (-t"
        f" substack): {' or '.join(IMPORTERS)}. The same as -O destination=NAME.",
    )(function)


def print_options(function: F) -> F:
    """Adds ``--for``, ``--engine``, and the options of the upload kit."""
    from ..kdp.options import Kdp

    function = field_options(Kdp, scope="--for kdp")(function)
    return click.option(
        "--for",
        "destination",
        metavar="NAME",
        callback=named(DESTINATIONS),
        shell_complete=complete_destination,
        help=f"The store or device for the EPUB: {', '.join(DESTINATIONS)}; safe means all of them. kdp makes a"
        " folder with all files for an upload: the interior and the cover of a paperback, the"
        " Kindle book and its cover, and a sheet.",
    )(engine_option(theme_option(function)))


def for_destination(
    destination: str | None,
    engine: str | None,
    options: Mapping[str, Any],
    writer: str | None,
    settings: tuple[str, ...],
) -> tuple[str | None, tuple[str, ...]]:
    """Returns the format and the settings (as ``-O`` takes them) that these options select.

    The options of the upload kit are found in ``options`` by name. Raises UsageError for options that exclude
    each other.
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
                "--engine cannot be used with --for kdp: WeasyPrint typesets its printed book",
                hint="leave out --engine",
            )
        return destination or writer, (*settings, *of_print)
    return writer, scoped(destination, engine, settings)


def scoped(
    destination: str | None, engine: str | None, settings: tuple[str, ...]
) -> tuple[str, ...]:
    """Returns ``settings`` (as ``-O`` takes them) with those of ``--for`` and ``--engine``."""
    if destination:
        taker = "substack" if destination in IMPORTERS else "epub"
        settings = (*settings, f"{taker}.destination={destination}")
    return (*settings, f"pdf.engine={engine}") if engine else settings


def refuse_unused(
    destination: str | None,
    engine: str | None,
    theme: str | None,
    targets: Sequence[OutputTarget],
) -> None:
    """Raises UsageError if no output has the format to which ``--for``, ``--engine`` or ``--theme`` applies."""
    made = {target.format for target in targets}
    wrote = ", ".join(sorted(made))
    if destination and not made & {*KITS, "substack" if destination in IMPORTERS else "epub"}:
        kind, hint = (
            ("an archive", "-t substack")
            if destination in IMPORTERS
            else ("an EPUB", "-o book.epub")
        )
        raise UsageError(
            f"--for {destination} applies to {kind}, but this command writes {wrote}",
            hint=f"add {hint}",
        )
    if engine and "pdf" not in made:
        raise UsageError(
            f"--engine applies to a PDF, but this command writes {wrote}", hint="add -o book.pdf"
        )
    if theme and not any(takes_theme(type(target.options), theme) for target in targets):
        raise UsageError(
            f"--theme {theme} applies to a PDF, but this command writes {wrote}",
            hint="add -o book.pdf",
        )
