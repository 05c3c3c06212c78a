"""``clothbound init`` writes the first book.toml for a set of posts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from .. import formats
from ..console_text import format_count, printable
from ..diagnostics import DiagnosticCode
from ..errors import UsageError
from ..model.book_info import BookInfo
from ..moment import moment_of_run
from ..run import Run
from ..source import refuse_address
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
from .source_posts import look, posts_of

if TYPE_CHECKING:
    from ..anthology.order import Order
    from ..anthology.wishes import Wishes
    from ..model.collection import Collection


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
    """
    from ..plan import PostFields
    from ..plan.drafting import draft
    from ..plan.reading import parse_manifest
    from ..plan.updating import put
    from .editions import naming_unreadable

    if output.exists():
        raise UsageError(
            f"{output} exists already",
            hint=f"`clothbound update {output}` adds new posts to it; -o names another file",
        )
    refuse_address(source)
    found = look(source, reader)
    if found.path is None:
        raise UsageError(
            "a plan names the file or folder of its posts, but these posts come from stdin",
            hint="give a file or a folder",
        )
    _, collection = posts_of(found, reader, exclude, encoding, reader_settings, quiet=quiet)
    given["authors"] = author_of(given["authors"], collection, quiet=quiet)
    asked = wishes_of(given)
    moment = moment_of_run(now)
    wishes = PostFields(
        source=source,
        format=reader or "",
        options=_typed(reader or found.reader(), reader_settings) if reader_settings else {},
        exclude=exclude,
        encoding=encoding,
        select=asked.make_select(),
        order=_order(asked, collection, moment),
    )
    with naming_unreadable(collection), watching(str(output), quiet=quiet) as progress:
        run = Run(now=moment, progress=progress)
        text, book = draft(collection, output, wishes, info=asked.make_info(), run=run)
    put(output, text.encode("utf-8", "replace"), replaces=None)
    print_diagnostics(book.diagnostics, quiet=quiet, verbose=verbose)
    if not quiet:
        posts = format_count(len(book), "post")
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
        click.echo(f"{name}: {posts}. Edit it, then: clothbound book {name}", err=True)
    bad = any(d.code is DiagnosticCode.POST_UNREADABLE for d in collection.diagnostics)
    return BAD_POSTS if bad else 0


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
