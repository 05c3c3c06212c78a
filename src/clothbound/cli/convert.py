"""``clothbound convert`` writes posts in another format and changes nothing else."""

from __future__ import annotations

from typing import Any

import click

from .help import GroupedCommand
from .options import output_options, picture_options, source_options, speed_options
from .outputs import OutputTarget
from .print_options import convert_destination, engine_option, scoped, theme_option
from .request import Request
from .source_posts import find_files_read


@click.command(cls=GroupedCommand)
@source_options
@output_options
@picture_options(asks=False)
@speed_options
@convert_destination
@engine_option
@theme_option
def convert(**options: Any) -> int:
    """Change the format of SOURCE (a file, a folder, an address https://..., or - for stdin).

    All posts are converted, in the order of the source. Only a site and a feed, which are for the
    public, leave out posts that are not public.
    """
    request = Request.of(options)
    with request.start_early() as waiting_workers:
        _, collection = request.read()
        settings = scoped(request.destination, request.engine, request.writer_options)
        targets = [
            OutputTarget.of(path, request.writer, settings, request.css, request.theme)
            for path in request.outputs or ("-",)
        ]
        named = (request.css, *options["filters"])
        protected = find_files_read(request.source, None, collection, named)
        jobs = request.plan([(collection, target) for target in targets], protected)
        return request.make(jobs, protected, waiting_workers)
