"""``clothbound check SOURCE PRODUCT`` holds a product against its source and names what it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from .. import api, formats
from ..console_text import format_count, printable
from ..destinations import DESTINATIONS
from ..diagnostics import Diagnostic, DiagnosticCode, LossReport, Severity, everything_told
from ..errors import ReadError, UsageError, reason_of
from ..model.collection import Collection, pick
from ..moment import moment_of_run
from ..opened_pdf import opened_pdf
from ..verify import Comparison, SourceText, compare_contents, read_product, read_sources
from .check_request import CheckRequest
from .messages import BAD_POSTS, print_diagnostics, write_report
from .progress import watching
from .report import read_json
from .source_posts import POSTS_OR_PLAN, look

if TYPE_CHECKING:
    from ..plan import Manifest
    from ..writers.pdf.engine_choice import EngineName

_LOST = 3
_NAMED = 3
_OTHER_OPTIONS = (
    "clothbound: a product made with --filter, --audience, -O leave-out-repeated or the like lacks what they leave out. "
    "Hint: --explained-by takes the file that --report wrote when it was made"
)


def check_product(request: CheckRequest, product: Path) -> int:
    """Compares a product with its source, prints the difference, and returns the exit code."""
    found = look(request.source, request.reader, POSTS_OR_PLAN, quiet=request.quiet)
    if found.path is None:
        raise UsageError(
            "a source that a product is held against is read twice", hint="give it as a file"
        )
    manifest, collection = request.read(found)
    path = found.path if manifest is None else manifest.beside(manifest.posts.source)
    made, result = _compare(path, manifest, collection, product, request)
    if request.report_file:
        lost = LossReport(made)
        lost.diagnostics.extend(result.missing)
        write_report(request.report_file, [lost])
    return _tell(result, collection, product, request)


def _compare(
    path: Path,
    manifest: Manifest | None,
    collection: Collection,
    product: Path,
    request: CheckRequest,
) -> tuple[str, Comparison]:
    """Returns the format of the product, and what it lacks of the source at ``path``, whose posts are those of ``collection``."""
    chosen = request.choose(manifest, collection)
    made = read_product(product)
    told: Sequence[Diagnostic] = ()
    written: frozenset[str] = frozenset()
    if request.explained_by is not None:
        told, written = _read_report(request.explained_by)
    sources, expected = _sources_of(path, chosen, written)

    def report(names: Sequence[str]) -> Sequence[Diagnostic]:
        if request.explained_by is not None:
            return told
        writer = _writer_of(manifest, made.format, product, request)
        return _convert_again(chosen or collection, names, writer, request)

    return made.format, compare_contents(sources, made, report, expected)


def _tell(result: Comparison, collection: Collection, product: Path, request: CheckRequest) -> int:
    """Prints what a product lacks, and returns the exit code."""
    bad = [d for d in collection.diagnostics if d.code is DiagnosticCode.POST_UNREADABLE]
    print_diagnostics((*bad, *result.missing), quiet=request.quiet, verbose=True)
    is_lacking = any(one.severity is Severity.ERROR for one in result.missing)
    secret = _secret_posts(collection, request)
    is_other = not result.present and any(name not in secret for name in result.left_out)
    if not request.quiet:
        _say_left_out(result, secret, product, request)
        if not is_other:
            _say_counts(result, product)
    if is_other:
        nothing = f"{product}: no post of the source is in it, so nothing was compared"
        click.echo(printable(nothing), err=True)
        return _LOST
    if not request.quiet and is_lacking and request.explained_by is None:
        click.echo(_OTHER_OPTIONS, err=True)
    if is_lacking:
        return _LOST
    return BAD_POSTS if bad else 0


def _sources_of(
    path: Path, chosen: Collection | None, written: frozenset[str]
) -> tuple[list[SourceText], Set[str] | None]:
    """Returns the posts of the source with the names of those that the product is meant to have; None if nothing tells.

    The names are those of the chosen book, or of the posts that a report says were ``written``, if the source has any of
    these. A chapter of a book that begins within a file has a name of its own: ``file#id``.
    """
    if chosen is not None:
        expected = frozenset(metadata.source for metadata in chosen.index)
        return read_sources(path, expected), expected
    expected = written | {name.partition("#")[0] for name in written}
    sources = read_sources(path, expected) if expected else []
    known = expected & {source.name for source in sources}
    return (sources, known) if known else (read_sources(path), None)


def _read_report(path: Path) -> tuple[Sequence[Diagnostic], frozenset[str]]:
    try:
        return read_json(path.read_bytes())
    except OSError as error:
        raise ReadError(f"cannot be read: {reason_of(error)}", source=str(path)) from error
    except ReadError as error:
        raise ReadError(error.message, source=str(path)) from error


def _writer_of(
    manifest: Manifest | None, format: str, product: Path, request: CheckRequest
) -> str | formats.WriterOptions:
    """Returns the options with which a product was made, as far as a plan or a destination tells; else its format."""
    if format == "epub" and request.targets in DESTINATIONS:
        return _options(format, destination=request.targets)
    if manifest is not None:
        from .check_pages import planned_options

        return planned_options(manifest, format, product)
    if format == "pdf":
        # Engines simplify different things, and Typst sets a large book in a fraction of the time.
        return _options(format, engine=_engine_of(product))
    return format


def _options(format: str, **settings: str) -> formats.WriterOptions:
    made: formats.WriterOptions = formats.make_options(
        formats.writer(format).options_type, settings
    )
    return made


def _engine_of(product: Path) -> EngineName:
    from ..writers.pdf.engine_choice import has_typst

    with opened_pdf(product, str(product)) as pdf:
        is_by_typst = pdf.get_metadata_value("Creator").startswith("Typst")
    return "typst" if is_by_typst and has_typst() else "auto"


def _convert_again(
    collection: Collection,
    names: Sequence[str],
    writer: str | formats.WriterOptions,
    request: CheckRequest,
) -> Sequence[Diagnostic]:
    """Returns what a conversion of the posts with these names reports; its product is not kept."""
    wanted = frozenset(names)
    # Chapters of a book that begin within a file have a name of their own: ``file#id``.
    positions = [
        n
        for n, metadata in enumerate(collection.index)
        if metadata.source in wanted or metadata.source.partition("#")[0] in wanted
    ]
    with watching(
        formats.name_and_options(writer, formats.WriterOptions)[0], quiet=request.quiet
    ) as hear:
        run = msgspec.structs.replace(request.run, progress=hear)
        artifact = api.write(pick(collection, positions), writer, run=run)
        artifact.to_bytes()
    return everything_told(artifact.report)


def _secret_posts(collection: Collection, request: CheckRequest) -> Mapping[str, str]:
    """Returns why posts are secret, by their files."""
    moment = moment_of_run(request.run.now)
    verdicts = ((metadata.source, metadata.verdict(moment)) for metadata in collection.index)
    return {source: verdict.reasons[0].name for source, verdict in verdicts if verdict.is_secret}


def _say_left_out(
    result: Comparison, secret: Mapping[str, str], product: Path, request: CheckRequest
) -> None:
    """Names the posts that are not in the product, but counts those that are secret, for each reason."""
    named = [name for name in result.left_out if name not in secret]
    if not result.left_out:
        return
    shown = named if request.verbose else named[:_NAMED]
    more = len(named) - len(shown)
    parts = [*shown, *([f"{more} more (-v names them)"] if more else [])]
    hidden = Counter(secret[name] for name in result.left_out if name in secret)
    parts += [f"{format_count(count, 'post')} ({reason})" for reason, count in hidden.items()]
    told = (
        f"{format_count(len(result.left_out), 'post')} of the source left out: {', '.join(parts)}"
    )
    click.echo(printable(f"{product}: {told}"), err=True)


def _say_counts(result: Comparison, product: Path) -> None:
    counts = [
        format_count(number, name.removesuffix("s"))
        for name, number in msgspec.structs.asdict(result.counted).items()
        if number
    ]
    told = ", ".join([format_count(len(result.present), "post"), *counts])
    places = sum(diagnostic.severity is Severity.ERROR for diagnostic in result.missing)
    doubtful = len(result.missing) - places
    end = (
        f"something is missing at {format_count(places, 'place')}"
        if places
        else "nothing is missing"
    )
    if result.explained:
        end += f", {result.explained} left out as the report says"
    if doubtful:
        end += f", {format_count(doubtful, 'place')} in doubt"
    if result.by_letters:
        words = format_count(result.by_letters, "word")
        end += f", {words} from right to left told by the letters alone"
    click.echo(printable(f"{product}: {told}: {end}"), err=True)
