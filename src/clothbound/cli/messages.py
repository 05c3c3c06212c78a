"""What the command prints, and the exit code that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..diagnostics import Code, Diagnostic, LossReport, Severity
from ..errors import ClothboundError, WriteError
from ..formats import KITS
from ..originals import Originals
from ..outputs import Made
from ..printable import printable
from ..report import as_json, summary, to_print

if TYPE_CHECKING:
    from ..fetching import Fetcher

BAD_POSTS = 4
_REFUSED = 1
_LOG = "clothbound.log"
_MODE = "clothbound.log mode"


def finish(
    made: Sequence[Made],
    report_file: Path | None,
    *,
    quiet: bool,
    verbose: bool,
) -> int:
    if report_file:
        write_report(report_file, [product.report for product in made])
    seen: dict[Diagnostic, None] = {}
    for product in made:
        seen.update(dict.fromkeys(product.report.diagnostics))
    print_diagnostics(tuple(seen), quiet=quiet, verbose=verbose)
    codes = []
    for product in made:
        if product.error:
            codes.append(say(product.error))
        elif product.path != "-" and not quiet:
            click.echo(f"{printable(product.path)}: {summary(product.report)}", err=True)
    if codes:
        return codes[0]
    if any(_is_refused(product) for product in made):
        return _REFUSED
    return BAD_POSTS if any(product.report.bad for product in made) else 0


def _is_refused(product: Made) -> bool:
    """Whether the store for which a kit was made would not take it as it is."""
    return product.report.target in KITS and any(
        found.code is Code.STORE_RULE and found.severity is Severity.ERROR
        for found in product.report.diagnostics
    )


def say(error: ClothboundError) -> int:
    """Prints an error; the exit code that it asks for."""
    click.echo(f"clothbound: {error}", err=True)
    return error.exit_code


def keep_log(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    """What ``--log`` does when the command line is read. Raises WriteError.

    What is there is taken away when there is something to tell: it may turn out to be a post.
    """
    if path is not None:
        try:
            path.open("ab").close()
        except OSError as error:
            raise WriteError(f"cannot be written: {error.strerror}", source=str(path)) from error
        context.meta[_LOG] = path
        context.meta[_MODE] = "wb"


def spare(originals: Originals, report_file: Path | None) -> None:
    """Raises UsageError where the report or the log would be written over what is read."""
    for path in (report_file, click.get_current_context().meta.get(_LOG)):
        if path is not None:
            originals.refuse(path)


def print_diagnostics(found: Sequence[Diagnostic], *, quiet: bool, verbose: bool) -> None:
    meta = click.get_current_context().meta
    log = meta.get(_LOG)
    if log is not None:
        told = "".join(f"{line}\n" for line in to_print(found, verbose=True))
        with log.open(meta[_MODE]) as stream:
            stream.write(told.encode("utf-8", "replace"))
        meta[_MODE] = "ab"
    for line in to_print(found, quiet=quiet, verbose=verbose):
        click.echo(line, err=True)


def write_report(path: Path, reports: Sequence[LossReport]) -> None:
    _write(path, as_json(reports))


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise WriteError(f"cannot be written: {error.strerror}", source=str(path)) from error


def say_fetched(fetcher: Fetcher | None, *, quiet: bool) -> None:
    if fetcher is None or quiet:
        return
    tried = fetcher.tried
    parts = (
        (tried.fetched, "downloaded"),
        (tried.cached, "from the cache"),
        (tried.from_folder, "from the folder"),
        (tried.failed, "not to be had"),
    )
    told = ", ".join(f"{count} {what}" for count, what in parts if count)
    click.echo(f"clothbound: pictures on the network: {told or 'none'}", err=True)
