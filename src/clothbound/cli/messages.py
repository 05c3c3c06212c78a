"""Prints the messages of the command and decides its exit code."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from ..artifact import Artifact
from ..console_text import format_count, printable
from ..diagnostics import Diagnostic, DiagnosticCode, Diagnostics, LossReport, Severity
from ..errors import ClothboundError, WriteError, reason_of
from ..fields import settings
from ..model.book_info import BookInfo
from ..protected_files import ProtectedFiles
from .report import as_json, summary, to_print

if TYPE_CHECKING:
    from ..media.fetch import Fetcher
    from .outputs import Product

BAD_POSTS = 4
_REFUSED = 1
_NAMED_PICTURES = 3
"""The number of kept pictures that a message names."""
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
    seen = Diagnostics()
    for product in made:
        seen.extend(product.report.diagnostics)
    print_diagnostics(seen, quiet=quiet, verbose=verbose)
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
    """Returns whether the store for which a product was made would refuse it."""
    return any(
        found.code is DiagnosticCode.STORE_RULE and found.severity is Severity.ERROR
        for found in product.report.diagnostics
    )


def say(error: ClothboundError) -> int:
    """Prints an error and returns its exit code."""
    click.echo(f"clothbound: {error.for_command}", err=True)
    return error.exit_code


def say_stopped(number: signal.Signals) -> int:
    """Prints which signal ended the command, and returns the exit code that shells use for it."""
    if number is signal.SIGINT:
        if sys.stderr.isatty():  # The terminal shows ^C, and the cursor is behind it.
            click.echo(err=True)
        click.echo("clothbound: interrupted", err=True)
    else:
        click.echo(f"clothbound: stopped by {number.name}", err=True)
    return 128 + number


def say_fault(error: Exception, *, verbose: bool) -> int:
    """Prints in two lines that clothbound or a plug-in has a fault, and returns the exit code.

    The second line names the place in the innermost module that is ours or a plug-in's.
    """
    import traceback

    if verbose:
        trace = "".join(traceback.format_exception(error)).rstrip()
        click.echo("\n".join(map(printable, trace.split("\n"))), err=True)
    what = printable(" ".join(f"{type(error).__name__}: {error}".split())[:500])
    whose, place = _origin_of(error)
    click.echo(f"clothbound: this is a fault in {whose}, not in your posts: {what}", err=True)
    hint = (
        "report it with the lines above"
        if verbose
        else "run the same command with -v for the trace, and report it"
    )
    click.echo(f"clothbound: it happened in {place}. Hint: {hint}", err=True)
    return _REFUSED


def _origin_of(error: Exception) -> tuple[str, str]:
    """Returns the package with the fault, clothbound or a plug-in, and the module and line."""
    import traceback

    from ..plugin_code import list_plugins, package_of

    places = [
        (str(frame.f_globals.get("__name__", "")), line)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    installed = {package_of(target) for _, _, target in list_plugins()}
    for module, line in reversed(places):
        package = module.partition(".")[0]
        if package == "clothbound":
            return package, f"{module}:{line}"
        if package in installed:
            return f"the plug-in {package}", f"{module}:{line}"
    return "clothbound", "the command"


def keep_verbose(context: click.Context, _: click.Parameter, verbose: bool) -> bool:
    """Records ``-v`` when the command line is parsed, because faults are then printed with their trace."""
    context.meta[_VERBOSE] = verbose
    return verbose


def is_verbose(context: click.Context) -> bool:
    return bool(context.meta.get(_VERBOSE))


def keep_log(context: click.Context, _: click.Parameter, path: Path | None) -> None:
    """Opens the file of ``--log`` when the command line is parsed. Raises WriteError.

    Its present content is kept until there is something to write, because the file may turn out to be a post.
    """
    if path is not None:
        try:
            path.open("ab").close()
        except OSError as error:
            raise WriteError(f"cannot be written: {reason_of(error)}", source=str(path)) from error
        context.meta[_LOG] = path
        context.meta[_MODE] = "wb"


def spare(find_inputs: Callable[[], ProtectedFiles]) -> None:
    """Raises UsageError if the report or the log would overwrite a file that is read, or a picture.

    ``find_inputs`` is called only if there is either. Beside its files are those that the command line names.
    """
    context = click.get_current_context()
    asked = (context.params.get("report_file"), context.meta.get(_LOG))
    paths = [path for path in asked if path is not None]
    if not paths:
        return
    for inputs in (find_inputs(), ProtectedFiles.of_files(_list_named_inputs(context))):
        for path in paths:
            inputs.refuse(path)
    from .spared_pictures import spare_picture

    for path in paths:
        spare_picture(path)


def _list_named_inputs(context: click.Context) -> list[Path]:
    """Returns what the parameters name that must be there already."""
    values: list[str | Path] = []
    for parameter in context.command.params:
        if isinstance(parameter.type, click.Path) and parameter.type.exists:
            value = context.params.get(parameter.name or "")
            values += value if isinstance(value, tuple) else (value,) if value else ()
    return [Path(value) for value in values]


def print_diagnostics(
    found: Diagnostics | Sequence[Diagnostic], *, quiet: bool, verbose: bool
) -> None:
    meta = click.get_current_context().meta
    options = _settings() if any(diagnostic.setting for diagnostic in found) else {}
    log = meta.get(_LOG)
    if log is not None:
        lines = to_print(found, verbose=True, options=options)
        try:
            with log.open(meta[_MODE]) as stream:
                stream.writelines(f"{line}\n".encode("utf-8", "replace") for line in lines)
        except OSError as error:
            raise WriteError(f"cannot be written: {reason_of(error)}", source=str(log)) from error
        meta[_MODE] = "ab"
    for line in to_print(found, quiet=quiet, verbose=verbose, options=options):
        click.echo(line, err=True)


def _settings() -> dict[str, str]:
    """Returns how the present command sets what a book would otherwise infer, by the name of the setting: by a line in
    the plan that it writes, by its own option, or by ``-M``.
    """
    from .selection import keys_of

    context = click.get_current_context()
    own = {option.name or "": max(option.opts, key=len) for option in context.command.params}
    plan = context.params.get("output" if context.command.name == "init" else "source", "")
    keys = {setting.name: keys_of(setting)[0] for setting in settings(BookInfo)}
    lines = {setting.name: f"`{setting.toml}` under [book]" for setting in settings(BookInfo)}
    lines["sites"] = "`sites` under [posts]"
    found = {}
    for name in (*keys, "sites"):
        if context.command.name in ("init", "update"):
            found[name] = f"{lines[name]} in {printable(str(plan))}"
        elif name in own:
            found[name] = own[name]
        elif "metadata" in own and name in keys:
            found[name] = f"-M {keys[name]}=..."
    return found


def write_report(path: Path, reports: Sequence[LossReport]) -> None:
    """Writes the report in one step, like a product, but makes no folder. Raises WriteError."""
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
        (tried.kept, "kept before"),
        (tried.failed, "failed" if fetcher.network or not fetcher.keep else "not kept before"),
    )
    counts = ", ".join(f"{count} {what}" for count, what in parts if count)
    click.echo(f"clothbound: pictures on the network: {counts or 'none'}", err=True)
    for damage in tried.damaged:
        click.echo(f"clothbound: {printable(damage)}; it was replaced", err=True)
    unused = fetcher.unused()
    if unused and fetcher.keep:
        pictures = format_count(len(unused), "other picture is", "other pictures are")
        names = ", ".join(printable(name[:120]) for name in unused[:_NAMED_PICTURES])
        more = ", ..." if len(unused) > _NAMED_PICTURES else ""
        place = printable(str(fetcher.keep))
        click.echo(f"clothbound: {pictures} left in {place}: {names}{more}", err=True)
