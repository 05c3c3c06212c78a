"""``clothbound check book.pdf`` and ``clothbound check SOURCE --proof`` look at printed pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from .. import api, formats
from ..console_text import format_count, printable
from ..diagnostics import LossReport
from ..errors import UsageError
from ..model.collection import Collection
from ..model.post import Post
from ..source import is_pdf
from .check_request import CheckRequest
from .messages import BAD_POSTS, print_diagnostics, write_report
from .progress import watching
from .source_posts import POSTS_OR_PLAN, look

if TYPE_CHECKING:
    from ..plan import Manifest

_REFUSED = 1


def look_at_pages(request: CheckRequest) -> int:
    """Looks at the pages of a PDF, prints what is found, and returns the exit code."""
    source, product = request.source, request.product
    if product is None and is_pdf(Path(source)):
        return _tell(Path(source), "pdf", request, source)
    if not request.proof:
        raise UsageError("--pictures is for pages", hint="use it with --proof, or give a PDF")
    manifest, posts = request.read(look(source, request.reader, POSTS_OR_PLAN, quiet=request.quiet))
    chosen = request.choose(manifest, posts)
    book = posts if chosen is None else chosen
    if product is not None:
        return _tell(product, "pdf", request, str(product), book.posts)
    options = "pdf" if manifest is None else planned_options(manifest, "pdf")
    return _tell(book, options, request, book.info.title or "the book")


def planned_options(
    manifest: Manifest, format: str, product: Path | None = None
) -> str | formats.WriterOptions:
    """Returns the options of the output of a plan that is this file, or of the first one of this format; the name of the
    format if the plan has none.
    """
    from ..plan.making import settings_of
    from .outputs import OutputTarget

    targets = [OutputTarget.of(*settings_of(manifest, one), None) for one in manifest.outputs]
    fitting = [target for target in targets if target.format == format]
    named = [one for one in fitting if product and Path(one.path).resolve() == product.resolve()]
    return next((target.options for target in (*named, *fitting)), format)


def _tell(
    book: Collection | Path,
    options: Any,
    request: CheckRequest,
    called: str,
    posts: Iterable[Post] = (),
) -> int:
    with watching(called, quiet=request.quiet) as hear:
        run = msgspec.structs.replace(request.run, progress=hear)
        read = api.proof_read(book, options, posts=posts, cut_outs=request.cut_outs, run=run)
    report = LossReport("pdf")
    report.diagnostics.extend(read.diagnostics)
    if request.report_file:
        write_report(request.report_file, [report])
    print_diagnostics(tuple(report.diagnostics), quiet=request.quiet, verbose=request.verbose)
    kinds = Counter(finding.kind.value for finding in read.findings)
    if not request.quiet:
        _say_counts(read, kinds, called)
        if request.cut_outs is not None and read.findings:
            _say_cut_outs(read, request.cut_outs)
    if kinds["error"]:
        return _REFUSED
    return BAD_POSTS if report.bad else 0


def _say_cut_outs(read: api.ProofReading, folder: Path) -> None:
    """Says where the cut-outs are, and how many findings have none."""
    from ..proof import count_undrawn

    undrawn = count_undrawn(read.findings)
    have = format_count(undrawn, "finding has", "findings have")
    more = (
        f"; {have} none because there are many of a kind, and findings.json lists all"
        if undrawn
        else ""
    )
    click.echo(f"clothbound: cut-outs are in {printable(str(folder))}{more}", err=True)


def _say_counts(read: api.ProofReading, kinds: Counter[str], called: str) -> None:
    """Says how many errors there are, and how much advice of each kind, for each page."""
    by_check = Counter(f.check for f in read.findings if f.kind.value == "advice")
    listed = ", ".join(f"{check} {count}" for check, count in by_check.most_common())
    each = (
        f" ({kinds['advice'] / read.pages:.1f} a page: {listed})" if listed and read.pages else ""
    )
    told = f"{format_count(read.pages, 'page')}, {format_count(kinds['error'], 'error')}"
    click.echo(f"{printable(called)}: {told}, {kinds['advice']} advice{each}", err=True)
