"""``clothbound convert``: another format, the posts as they stand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from msgspec import structs

from ..outputs import Target, make_outputs, plan_outputs
from ..protected_files import ProtectedFiles
from ..run import Run
from .fetching import fetcher_of, say_what_was_not_fetched
from .messages import finish, say_fetched, spare
from .options import converted_cache, output_options, picture_options, source_options
from .print_options import convert_destination, engine_option, refuse_unused, scoped
from .selection import asked_states
from .source import look, posts_of, with_metadata


@click.command(short_help="Change the format of a file or a folder.")
@source_options
@output_options
@picture_options
@convert_destination
@engine_option
def convert(
    source: str,
    reader: str | None,
    exclude: tuple[str, ...],
    encoding: str,
    writer: str | None,
    outputs: tuple[str, ...],
    metadata: tuple[str, ...],
    writer_options: tuple[str, ...],
    destination: str | None,
    engine: str | None,
    css: str | None,
    strict: bool,
    audiences: tuple[str, ...],
    drafts: bool,
    states: tuple[str, ...],
    now: datetime | None,
    fetch: bool | None,
    images: Path | None,
    cache: Path | None,
    report_file: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Change the format of SOURCE (a file, a folder, or - for stdin).

    The posts stay as they stand: none is left out, none is moved. A site and a feed alone, which are for
    the public, hold none that is not.
    """
    _, collection = posts_of(look(source, reader), reader, exclude, encoding)
    collection = with_metadata(collection, metadata)
    writer_options = scoped(destination, engine, writer_options)
    targets = [Target.of(name, writer, writer_options, css) for name in outputs or ("-",)]
    protected = ProtectedFiles.of(source, collection)
    run = Run(
        audiences=audiences or None,
        states=asked_states(states, drafts=drafts),
        now=now,
        cache=converted_cache(cache),
    )
    jobs = plan_outputs([(collection, target) for target in targets], protected, run)
    spare(protected, report_file)
    refuse_unused(destination, engine, targets)
    fetcher = fetcher_of(bool(fetch), images, cache, quiet=quiet)
    run = structs.replace(run, fetch=fetcher)
    made = make_outputs(jobs, protected=protected, strict=strict, run=run)
    say_fetched(fetcher, quiet=quiet)
    code = finish(made, report_file, quiet=quiet, verbose=verbose)
    if not quiet:
        say_what_was_not_fetched([product.report for product in made])
    return code
