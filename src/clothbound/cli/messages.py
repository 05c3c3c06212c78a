"""What the command prints, and the exit code that follows from it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from ..artifact import Artifact
from ..console_text import printable
from ..diagnostics import Diagnostic, DiagnosticCode, LossReport, Severity
from ..errors import ClothboundError, WriteError
from ..fields import settings
from ..formats import plugins
from ..model.book_info import BookInfo
from ..outputs import Product
from ..protected_files import ProtectedFiles
from ..report import as_json, summary, to_print
from .selection import keys_of

if TYPE_CHECKING:
    from ..media.fetch import Fetcher

BAD_POSTS = 4
_REFUSED = 1
_LOG = "clothbound.log"
_MODE = "clothbound.log mode"
_VERBOSE = "clothbound.verbose"


def finish(
    made: Sequence[Product],
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


def _is_refused(product: Product) -> bool:
    """Whether the store for which a product was made would not take it as it is."""
    return any(
        found.code is DiagnosticCode.STORE_RULE and found.severity is Severity.ERROR
        for found in product.report.diagnostics
    )


def say(error: ClothboundError) -> int:
    """Prints an error; the exit code that it asks for."""
    click.echo(f"clothbound: {error}", err=True)
    return error.exit_code


def say_stopped(number: signal.Signals) -> int:
    """Says which signal ended the command; the exit code, which is what shells make of it."""
    if number is signal.SIGINT:
        if sys.stderr.isatty():  # which has shown ^C, and stands behind it
            click.echo(err=True)
        click.echo("clothbound: interrupted", err=True)
    else:
        click.echo(f"clothbound: stopped by {number.name}", err=True)
    return 128 + number


def say_fault(error: Exception, *, verbose: bool) -> int:
    """Says in two lines that clothbound, or what it stands on, has a fault; the exit code.

    The second names where, in the innermost module that is ours or a plug-in's.
    """
    import traceback

    if verbose:
        trace = "".join(traceback.format_exception(error)).rstrip()
        click.echo("\n".join(map(printable, trace.split("\n"))), err=True)
    what = printable(" ".join(f"{type(error).__name__}: {error}".split())[:500])
    whose, place = _origin_of(error)
    click.echo(f"clothbound: this is a fault of {whose}, not of your posts: {what}", err=True)
    hint = (
        "report it with the lines above"
        if verbose
        else "run the same command with -v for the trace, and report it"
    )
    click.echo(f"clothbound: it happened in {place}. Hint: {hint}", err=True)
    return _REFUSED


def _origin_of(error: Exception) -> tuple[str, str]:
    """Whose fault it is, clothbound's or a plug-in's, and in which module and line."""
    import traceback

    places = [
        (str(frame.f_globals.get("__name__", "")), line)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    installed = {
        target.partition(":")[0].partition(".")[0]
        for kind in ("reader", "writer", "transform")
        for target in plugins(kind).values()
    }
    for module, line in reversed(places):
        package = module.partition(".")[0]
        if package == "clothbound":
            return package, f"{module}:{line}"
        if package in installed:
            return f"the plug-in {package}", f"{module}:{line}"
    return "clothbound", "the command"


def keep_verbose(context: click.Context, _: click.Parameter, verbose: bool) -> bool:
    """What ``-v`` does when the command line is read: faults are told with their trace too."""
    context.meta[_VERBOSE] = verbose
    return verbose


def is_verbose(context: click.Context) -> bool:
    return bool(context.meta.get(_VERBOSE))


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


def spare(protected: ProtectedFiles, report_file: Path | None) -> None:
    """Raises UsageError where the report or the log would be written over what is read."""
    for path in (report_file, click.get_current_context().meta.get(_LOG)):
        if path is not None:
            protected.refuse(path)


def print_diagnostics(found: Sequence[Diagnostic], *, quiet: bool, verbose: bool) -> None:
    meta = click.get_current_context().meta
    options = _settings() if any(diagnostic.setting for diagnostic in found) else {}
    log = meta.get(_LOG)
    if log is not None:
        told = "".join(f"{line}\n" for line in to_print(found, verbose=True, options=options))
        try:
            with log.open(meta[_MODE]) as stream:
                stream.write(told.encode("utf-8", "replace"))
        except OSError as error:
            raise WriteError(f"cannot be written: {error.strerror}", source=str(log)) from error
        meta[_MODE] = "ab"
    for line in to_print(found, quiet=quiet, verbose=verbose, options=options):
        click.echo(line, err=True)


def _settings() -> dict[str, str]:
    """How the command at hand gives what a book would else infer, by the name of the setting.

    Its own option, ``-M``, or the plan that it writes.
    """
    context = click.get_current_context()
    own = {option.name or "": max(option.opts, key=len) for option in context.command.params}
    plan = context.params.get("output" if context.command.name == "init" else "source", "")
    keys = {setting.name: keys_of(setting)[0] for setting in settings(BookInfo)}
    found = {}
    for name in (*keys, "sites"):
        if name in own:
            found[name] = own[name]
        elif "metadata" in own and name in keys:
            found[name] = f"-M {keys[name]}=..."
        elif context.command.name in ("init", "update"):
            found[name] = f"a line in {printable(str(plan))}"
    return found


def write_report(path: Path, reports: Sequence[LossReport]) -> None:
    """Puts the account down in one step, as a product, but makes no folder. Raises WriteError."""
    data = as_json(reports)
    if not path.parent.is_dir():
        raise WriteError("cannot be written: there is no such folder", source=str(path))

    def file(stream: BinaryIO) -> None:
        stream.write(data)

    Artifact(report=LossReport("report"), file=file).save(path)


def say_fetched(fetcher: Fetcher | None, *, quiet: bool) -> None:
    if fetcher is None or quiet:
        return
    tried = fetcher.stats
    parts = (
        (tried.fetched, "downloaded"),
        (tried.cached, "from the cache"),
        (tried.from_folder, "from the folder"),
        (tried.failed, "not to be had"),
    )
    told = ", ".join(f"{count} {what}" for count, what in parts if count)
    click.echo(f"clothbound: pictures on the network: {told or 'none'}", err=True)
