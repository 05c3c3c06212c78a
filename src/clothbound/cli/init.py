"""``clothbound init`` writes the first book.toml for a set of posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
import msgspec

from .. import fields, formats
from ..console_text import format_count, printable
from ..diagnostics import DiagnosticCode
from ..errors import UsageError
from ..model.book_info import BookInfo
from ..moment import moment_of_run
from ..run import Run
from ..source import IdentifiedSource, SourceKind, refuse_address
from .author import author_of
from .completion import complete_path
from .help import GroupedCommand
from .messages import BAD_POSTS, print_diagnostics
from .options import (
    arranging_options,
    publication_options,
    reader_options,
    selection_options,
    telling_options,
)
from .progress import watching
from .selection import field_options, wishes_of
from .source_posts import POSTS, POSTS_OR_PLAN, look, posts_of

if TYPE_CHECKING:
    from ..anthology.order import Order
    from ..anthology.wishes import Wishes
    from ..model.collection import Collection
    from ..plan import Manifest, PostFields
    from ..plan.pattern import Pattern


@click.command(cls=GroupedCommand)
@click.argument("source", shell_complete=complete_path)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default="book.toml",
    show_default=True,
    help="The file to make; an existing file is not overwritten.",
)
@telling_options
@reader_options
@selection_options
@publication_options
@arranging_options
@field_options(BookInfo, only=("title", "authors"))
def init(
    source: str,
    output: Path,
    reader: str | None,
    reader_settings: tuple[str, ...],
    exclude: tuple[str, ...],
    encoding: str,
    quiet: bool,
    verbose: bool,
    now: datetime | None,
    **given: Any,
) -> int:
    """Write a plan of a book of the posts of SOURCE, with a line for each post, to edit by hand.

    Leave posts out, move them, rename them, make parts; then `clothbound book book.toml` makes the
    book. Later, `clothbound update book.toml` adds new posts. Without --parts, the plan has a part
    for each month, or for each year if there are several years.

    If SOURCE is the plan of a book, the new one is for the book of another --year: it has the same
    metadata, texts, outputs and rules, and the posts of that year.
    """
    from ..plan.drafting import draft
    from ..plan.updating import put
    from .editions import naming_unreadable

    if output.exists():
        raise UsageError(
            f"{output} exists already",
            hint=f"`clothbound update {output}` adds new posts to it; -o names another file",
        )
    refuse_address(source)
    # Without another year, the plan of a book is no pattern for another.
    found = look(source, reader, POSTS if given["year"] is None else POSTS_OR_PLAN)
    if found.path is None:
        raise UsageError(
            "a plan names the file or folder of its posts, but these posts come from stdin",
            hint="give a file or a folder",
        )
    format = _Format(reader, reader_settings, exclude, encoding)
    if found.kind is SourceKind.PLAN:
        _refuse_for_plan(found.path, output, format, given)
    manifest, collection = posts_of(found, reader, exclude, encoding, reader_settings, quiet=quiet)
    moment, pattern = moment_of_run(now), None
    if manifest is None:
        given["authors"] = author_of(given["authors"], collection, quiet=quiet)
        asked = wishes_of(given)
        info = asked.make_info()
        wishes = _first_posts(source, found, format, asked, _order(asked, collection, moment))
    else:
        wishes, pattern = _like(manifest, wishes_of(given), quiet=quiet)
        info = pattern.info
    with naming_unreadable(collection), watching(str(output), quiet=quiet) as progress:
        run = Run(now=moment, progress=progress)
        text, book = draft(collection, output, wishes, info=info, pattern=pattern, run=run)
    put(output, text.encode("utf-8", "replace"), replaces=None)
    print_diagnostics(book.diagnostics, quiet=quiet, verbose=verbose)
    if not quiet:
        _say_what_next(output, text, len(book))
    bad = any(d.code is DiagnosticCode.POST_UNREADABLE for d in collection.diagnostics)
    return BAD_POSTS if bad else 0


class _Format(NamedTuple):
    """How the posts are read, as the command line says."""

    reader: str | None
    settings: Sequence[str]
    exclude: tuple[str, ...]
    encoding: str


def _first_posts(
    source: str, found: IdentifiedSource, format: _Format, asked: Wishes, order: Order
) -> PostFields:
    """Returns ``[posts]`` of the plan of a source that has had none."""
    from ..plan import PostFields

    reader = format.reader or ""
    options = _typed(reader or found.reader(), format.settings) if format.settings else {}
    return PostFields(
        source=source,
        format=reader,
        options=options,
        exclude=format.exclude,
        encoding=format.encoding,
        select=asked.make_select(),
        order=order,
    )


def _refuse_for_plan(
    plan: Path, output: Path, format: _Format, given: Mapping[str, object]
) -> None:
    """Raises UsageError for what a plan decides, and for a file that does not lie beside it."""
    decided = {
        "-f": format.reader, "-I": format.settings, "--exclude": format.exclude, "--encoding": format.encoding,
        **{one.flag: given.get(one.name) for one in fields.settings(BookInfo)},
    }  # fmt: skip
    if told := [option for option, value in decided.items() if value]:
        message = f"{' and '.join(told)}: the new plan has this from {plan}"
        raise UsageError(message, hint="change it in the new plan")
    if output.resolve().parent != plan.resolve().parent:
        message = f"{output} does not lie beside {plan}, whose paths it takes over"
        raise UsageError(message, hint=f"-o {plan.with_name(output.name)}")


def _like(manifest: Manifest, asked: Wishes, *, quiet: bool) -> tuple[PostFields, Pattern]:
    """Returns what the plan of another year's book has from ``manifest``, and says what it has not."""
    from ..plan.pattern import pattern_of, posts_of_year

    wishes = posts_of_year(manifest, asked)
    year = wishes.select.year
    assert year is not None
    pattern = pattern_of(manifest, year)
    if not quiet:
        name = printable(manifest.name)
        if pattern.set_aside:
            told = ", ".join(map(printable, pattern.set_aside))
            click.echo(f"{name}: of this book alone, and not taken over: {told}", err=True)
        if pattern.of_old_year:
            told = ", ".join(map(printable, pattern.of_old_year))
            click.echo(
                f"{name}: taken over as they are, with the year of this book: {told}", err=True
            )
        if pattern.names_alike:
            told = ", ".join(map(printable, pattern.names_alike))
            click.echo(
                f"{name}: both books would be {told}; write {{year}} into the path", err=True
            )
    return wishes, pattern


def _say_what_next(output: Path, text: str, count: int) -> None:
    """Says what of the new plan an author will look at, and how the book is made."""
    from ..plan.reading import parse_manifest

    name = printable(str(output))
    plan = parse_manifest(text, output)
    if repeated := len(plan.repeated):
        begin = format_count(repeated, "block begins or ends", "blocks begin or end")
        click.echo(
            f"{name}: {begin} more than a third of the posts; [repeated] lists them", err=True
        )
    if lacking := len(plan.pictures):
        have = format_count(lacking, "picture has", "pictures have")
        click.echo(
            f"{name}: {have} no alternative text; [pictures] at its end lists them", err=True
        )
    posts = format_count(count, "post")
    click.echo(f"{name}: {posts}. Edit it, then: clothbound book {name}", err=True)


def _typed(reader: str, settings: Sequence[str]) -> dict[str, Any]:
    """Returns what ``-I`` says as values of TOML."""
    options = formats.reader_options(reader, texts=settings)
    keys = [setting.partition("=")[0].replace("_", "-") for setting in settings]
    values = {key: getattr(options, key.replace("-", "_")) for key in keys}
    return {key: v if isinstance(v, bool | int | tuple) else str(v) for key, v in values.items()}


def _order(asked: Wishes, collection: Collection, moment: datetime) -> Order:
    """Returns the order that is asked for; without parts of its own it has a part for each month or year, and none if no
    post has a date.
    """
    from ..anthology.post_dates import years
    from ..anthology.select import without_secrets

    order, select = asked.make_order(), asked.make_select()
    if "parts" in asked.order:
        return order
    dated = years(without_secrets(collection, moment), select.zone)
    if not dated:
        return msgspec.structs.replace(order, parts="none")
    several = select.year is None and len(dated) > 1
    return msgspec.structs.replace(order, parts="years" if several else "months")
