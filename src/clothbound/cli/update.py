"""``clothbound update`` adds new posts to a book.toml."""

from __future__ import annotations

import codecs

import click

from ..console_text import format_count, printable
from ..source import SourceKind
from .completion import complete_path
from .help import GroupedCommand
from .messages import print_diagnostics
from .options import telling_options
from .source_posts import look, posts_of


@click.command(cls=GroupedCommand)
@click.argument("source", metavar="BOOK", shell_complete=complete_path)
@telling_options
@click.option(
    "--edit",
    "to_edit",
    multiple=True,
    metavar="POST",
    help="Write this post's text into the folder of edits, so that you can change it for the book.",
)
def update(
    source: str,
    reader: str | None,
    reader_settings: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    to_edit: tuple[str, ...],
) -> int:
    """Add the new posts to BOOK (a book.toml), and lines for pictures without alternative text; change nothing else.

    Each is inserted by its date. Lines that you have moved, renamed, commented out or written are
    kept. Rules and edits for one post are tied to the present state of the post, so that you will be
    told when it changes.

    Exit code 1: the file names posts that do not exist, or its [posts] select none; each is reported.
    """
    from ..plan.updating import add_edit, put
    from ..plan.updating import update as make_update

    found = look(source, reader, frozenset({SourceKind.PLAN}))
    manifest, collection = posts_of(found, reader, settings=reader_settings, quiet=quiet)
    assert manifest is not None
    path = manifest.path
    made = [add_edit(manifest, collection, name) for name in to_edit]
    result = make_update(manifest, collection)
    if result.text != manifest.text:
        mark = codecs.BOM_UTF8 if path.read_bytes().startswith(codecs.BOM_UTF8) else b""
        put(path, mark + result.text.encode(), replaces=mark + manifest.text.encode())
    for edit, (before, after) in result.edits.items():
        put(edit, after, replaces=before)
    print_diagnostics(collection.diagnostics, quiet=quiet, verbose=verbose)
    for fault in result.faults:
        click.echo(f"clothbound: {fault}", err=True)
    if not quiet:
        for edit in made:
            click.echo(
                f"{printable(str(edit))}: edit this file; the book uses it for the post", err=True
            )
        for line, title in result.added:
            click.echo(printable(f"{path.name}:{line}: new: {title}"), err=True)
        if result.tied:
            were = format_count(result.tied, "rule or edit was", "rules and edits were")
            click.echo(f"{were} tied to the present state of the post", err=True)
        if result.pictures:
            pictures = format_count(result.pictures, "picture has", "pictures have")
            told = f"{pictures} no alternative text, and a new line under [pictures]"
            click.echo(printable(f"{path.name}: {told}"), err=True)
        new = format_count(len(result.added), "new post") if result.added else "no new post"
        click.echo(f"{printable(str(path))}: {new}", err=True)
        if result.later:
            are = format_count(result.later, "later post is", "later posts are")
            told = f"{are} not among those that [posts] selects. Hint: `clothbound init` makes a plan of their own"
            click.echo(printable(f"{path.name}: {told}"), err=True)
    return 1 if result.faults else 0
