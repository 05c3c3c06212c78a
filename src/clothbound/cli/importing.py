"""``clothbound import`` keeps an export as Markdown, and merges newer exports into it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import formats
from ..console_text import printable
from ..model.slugs import POST_FILES
from ..protected_files import ProtectedFiles
from ..run import Run
from .completion import complete_path
from .fetching import ask, fetcher_of, fetches_pictures, may_ask, say_what_was_not_fetched
from .help import GroupedCommand
from .messages import BAD_POSTS, print_diagnostics, say_fetched, spare, write_report
from .options import picture_options, reader_options, reading_options
from .progress import paused, say_time, watching
from .source_posts import look

if TYPE_CHECKING:
    from ..manuscript import FolderLayout
    from ..media.fetch import Fetcher


@click.command("import", cls=GroupedCommand)
@click.argument("source", shell_complete=complete_path)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--layout",
    type=click.Choice(["flat", "year"]),
    help="Where new posts go: all in FOLDER, or in a folder for each year. "
    "Without it, as in the last import.",
)
@reading_options
@reader_options
@picture_options(asks=True, keeps_products=False)
def import_(
    source: str,
    folder: Path,
    reader: str | None,
    reader_settings: tuple[str, ...],
    exclude: tuple[str, ...],
    encoding: str,
    layout: FolderLayout | None,
    report_file: Path | None,
    quiet: bool,
    verbose: bool,
    fetch: bool | None,
    images: Path | None,
    cache: Path | None,
) -> int:
    """Put the posts of SOURCE (an export) into FOLDER as Markdown, to keep and edit there.

    Run again with a newer export, it merges what is new into the files as you edited them. Changes of
    one side are taken over. Where both sides changed the same sentence or field, the file has both
    versions between <<<<<<< and >>>>>>>, and a message names the line. Files may be moved and renamed;
    deleted files are not written again; posts that the export lacks are kept. Keep FOLDER/.clothbound
    with the posts: it has each post as the export had it.

    Exit codes: 0 done; 1 conflicts, or files into which nothing could be merged, each reported
    (everything else is done); 4 posts of the export could not be read.
    """
    from ..manuscript import import_archive

    found = look(source, reader, quiet=quiet)
    if found.path is not None:
        spare(partial(_find_inputs, found.path, folder))
    fetch = fetches_pictures(source, fetch, images)
    given = {"exclude": exclude, "encoding": encoding}
    format = formats.reader_options(reader or found.reader(), given, reader_settings)
    fetcher = fetcher_of(bool(fetch), images, cache)
    asking = may_ask(fetch, images, quiet=quiet)

    def choose(remote: Mapping[str, int]) -> Fetcher | None:
        nonlocal fetcher
        with paused():
            fetcher = fetcher_of(ask(remote), images, cache)
        return fetcher

    with watching(str(folder), quiet=quiet) as progress:
        report = import_archive(
            found.content,
            folder,
            format,
            layout=layout,
            run=Run(fetch=fetcher, progress=progress),
            choose_fetch=choose if asking else None,
        )
    if report_file:
        write_report(report_file, [report.loss])
    print_diagnostics(report.diagnostics, quiet=quiet, verbose=verbose)
    say_fetched(fetcher, quiet=quiet)
    if not quiet:
        counts = ", ".join(f"{count} {change}" for change, count in report.count.items())
        click.echo(f"{printable(str(folder))}: {counts or 'no posts'}", err=True)
        say_what_was_not_fetched([report.loss], kept=True)
        say_time([])
    if report.conflicts:
        return 1
    return BAD_POSTS if report.loss.bad else 0


def _find_inputs(source: Path, folder: Path) -> ProtectedFiles:
    """Returns the files of the export, and the posts that are in ``folder`` already."""
    from ..readers.post_files import find_post_files

    taken = source.rglob("*") if source.is_dir() else (source,)
    kept = find_post_files(folder, frozenset(POST_FILES)).posts if folder.is_dir() else ()
    return ProtectedFiles.of_files((*taken, *(folder / name for name in kept)))
