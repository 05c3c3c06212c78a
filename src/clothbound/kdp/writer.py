"""Writes the upload kit: the interior first, since its number of pages decides the rest."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import structs

from ..artifact import Artifact
from ..console_text import format_count
from ..context import Context
from ..covers.cover_picture import cover_posts, drawn_cover, ebook_cover_rules, given_cover
from ..destinations import COVER_SIZE, DESTINATIONS
from ..diagnostics import Diagnostic, DiagnosticCode, LossReport, Severity
from ..errors import OptionError
from ..formats import Produces
from ..language.detect import collection_language
from ..language.direction import direction
from ..matter import fill_matter
from ..media.picture_limits import Converted
from ..model.collection import Collection
from ..progress import PACKING
from ..style_sheets import read_css
from ..writers.pdf import WRITER as PDF
from . import specs
from .options import Kdp
from .specs import WrapSize

if TYPE_CHECKING:
    from .interior import RenderedInterior
    from .wrap import Wrap

_EBOOK_COVER = "ebook-cover.jpg"


class KdpWriter:
    """Writes a folder with the printed book, its cover, the Kindle book, its cover and a sheet."""

    extension = ""
    media_type = "application/zip"
    options_type = Kdp
    produces: Produces = "tree"
    public = False
    holds_files = True
    transforms = PDF.transforms

    def write(self, collection: Collection, options: Kdp, context: Context) -> Artifact:
        """Writes the kit. ``collection`` is prepared for the printed book; the other files use the posts as read.

        Raises OptionError for options that the store does not print and for an unreadable style sheet.
        Saving the artifact raises it for an unreadable cover too, and MissingEngineError without Pango.
        """
        _refuse_what_is_not_printed(options)
        css = read_css(options.css)

        def tree() -> Iterator[tuple[str, bytes]]:
            yield from _files(collection, options, css, context)

        return Artifact.of_tree(report=context.report, make=tree)


def _files(
    printed: Collection, options: Kdp, css: str, context: Context
) -> Iterator[tuple[str, bytes]]:
    from ..writers.epub.options import Epub
    from . import sheet
    from .interior import render_interior

    collection, report = context.posts_as_read, context.report
    interior = render_interior(printed, options, css, context)
    for found in _interior_diagnostics(interior, options, report):
        report.diagnostics.add(found)
    yield "interior.pdf", interior.data

    context.show_progress("the Kindle book")
    words = {key: account.read.words for key, account in report.accounts.items()}
    cover = _ebook_cover(collection, words, context)
    epub = context.write_other(
        Epub(
            destination="kdp",
            pages=interior.made.starts,
            cover=cover.data,
            leave_out_repeated=options.leave_out_repeated,
            cover_pictures=options.cover_pictures,
        ),
        # The number is that of the paperback: another format of a book has another, or none.
        info=structs.replace(collection.info, isbn=""),
    )
    ebook = epub.to_bytes()
    report.diagnostics.extend(epub.report.diagnostics)
    yield "ebook.epub", ebook

    jpeg = _as_jpeg(cover)
    for message in _small(jpeg):
        report.diagnostics.add(
            Diagnostic(DiagnosticCode.STORE_RULE, message, collection.info.cover)
        )
    yield _EBOOK_COVER, jpeg

    opens_right = direction(collection_language(collection)) == "rtl"
    pages = interior.made.pages
    if options.binding == "hardcover" and opens_right:
        report.diagnostics.add(_HARDCOVER_FROM_RIGHT)
    context.show_progress("the cover")
    wrap = _wrap(options, pages, words, context, opens_right=opens_right)
    yield "cover.pdf", wrap.data

    context.show_progress(PACKING)
    facts = sheet.Facts(
        pages=pages,
        options=options,
        wrap=wrap,
        third_party=interior.third_party,
        words=sum(account.written.words for account in report.accounts.values()),
        now=context.moment,
    )
    yield "sheet.html", sheet.write_sheet(collection, facts).encode()


def _wrap(
    options: Kdp, pages: int, words: Mapping[str, int], context: Context, *, opens_right: bool
) -> Wrap:
    from .wrap import write_wrap

    trim = specs.TRIMS[options.trim]
    spine = specs.spine_width(pages, options.paper, options.ink, options.binding)
    if options.binding == "hardcover":
        size = WrapSize.of_case(trim, spine)
        context.diagnostics.add(_case_diagnostic(pages, size))
    else:
        size = WrapSize.of(trim, spine, opens_right=opens_right)
    collection = context.posts_as_read
    wrap = write_wrap(collection, size, pages, words, context)
    for message in wrap.messages:
        context.diagnostics.add(
            Diagnostic(DiagnosticCode.STORE_RULE, message, collection.info.cover)
        )
    return wrap


def _interior_diagnostics(
    interior: RenderedInterior, options: Kdp, report: LossReport
) -> Iterator[Diagnostic]:
    """Yields diagnostics about content that the store would refuse or print badly."""
    for message in _refused(interior.made.pages, options):
        yield Diagnostic(DiagnosticCode.STORE_RULE, message, severity=Severity.ERROR)
    for picture, dots in interior.made.coarse:
        message = (
            f"the picture {picture.src[:200]} would be printed with {dots} dots per inch, and KDP asks for"
            " 300. Hint: use a larger original, or print it smaller (width=50% in the post)"
        )
        yield Diagnostic(DiagnosticCode.STORE_RULE, message, picture.source, picture.line)
    for small in interior.made.small:
        what = "a formula in type" if small.is_formula else "type"
        hint = (
            "break it into several lines, for example with \\\\begin{aligned}, or use a larger trim"
            if small.is_formula
            else "use larger type in the style sheet"
        )
        message = (
            f"{what} of {small.points:.1f} points: {small.words[:80]}; KDP asks for"
            f" {specs.LEAST_TYPE} at least. Hint: {hint}"
        )
        yield Diagnostic(DiagnosticCode.STORE_RULE, message, small.source)
    if report.missing:
        are = format_count(report.missing, "picture is", "pictures are")
        message = (
            f"{are} missing, and KDP rejects books with missing pictures. Hint: fetch them, add the files"
            " of the pictures, or remove the pictures from the posts"
        )
        yield Diagnostic(DiagnosticCode.STORE_RULE, message, severity=Severity.ERROR)


def _case_diagnostic(pages: int, size: WrapSize) -> Diagnostic:
    message = (
        f"the cover of the hardcover is {size.width:.3f} x {size.height:.3f} in, with a spine of"
        f" {size.spine:.3f} in, by a template of KDP's of {specs.CHECKED[:4]}. Hint: before you upload it, compare with"
        f" what {specs.COVER_CALCULATOR} says of {format_count(pages, 'page')}"
    )
    return Diagnostic(DiagnosticCode.STORE_RULE, message)


_HARDCOVER_FROM_RIGHT = Diagnostic(
    DiagnosticCode.STORE_RULE,
    "KDP binds only hardcovers that are read from left to right, and this book is read from right"
    " to left. Hint: make a paperback (-O binding=paperback)",
    severity=Severity.ERROR,
)


def _refused(pages: int, options: Kdp) -> Iterator[str]:
    fewest, most = specs.page_range(options.binding, options.trim, options.ink, options.paper)
    stock = (
        ""
        if options.binding == "hardcover"
        else f" in {specs.INK_NAMES[options.ink]} on {options.paper} paper"
    )
    if pages < fewest:
        yield (
            f"the {options.binding} has {format_count(pages, 'page')}, and KDP prints from {fewest} on{stock}."
            " Hint: add posts, or use a smaller trim or theme=novel"
        )
    if pages > most:
        yield (
            f"the {options.binding} has {format_count(pages, 'page')}, and KDP prints up to {most} at {options.trim}"
            f"{stock}. Hint: use a larger trim or thinner paper, or make two volumes"
        )


def _refuse_what_is_not_printed(options: Kdp) -> None:
    """Raises OptionError if the store does not combine this binding, trim, ink and paper."""
    if (options.ink, options.paper) not in specs.STOCKS:
        raise OptionError(
            f"KDP does not print {specs.INK_NAMES[options.ink]} on {options.paper} paper",
            hint="use paper=white or ink=black",
        )
    if options.binding != "hardcover":
        return
    if options.trim not in specs.HARDCOVER_TRIMS:
        raise OptionError(
            f"KDP does not bind hardcovers of {options.trim}",
            hint=f"use trim={', '.join(specs.HARDCOVER_TRIMS)}, or binding=paperback",
        )
    if options.ink not in specs.HARDCOVER_INKS:
        raise OptionError(
            f"KDP does not print hardcovers in {specs.INK_NAMES[options.ink]}",
            hint=f"use ink={', '.join(specs.HARDCOVER_INKS)}, or binding=paperback",
        )


def _ebook_cover(collection: Collection, words: Mapping[str, int], context: Context) -> Converted:
    """Returns the cover of the Kindle book. ``words`` has the word count of each post, by key."""
    cover = fill_matter(collection, "ebook").cover
    rules = ebook_cover_rules(DESTINATIONS["kdp"])
    given = given_cover(cover.picture, rules, context.run.limits)
    return given or drawn_cover(cover, cover_posts(collection, words), context)


def _as_jpeg(cover: Converted) -> bytes:
    from PIL import Image

    if cover.media_type == "image/jpeg":
        return cover.data
    with Image.open(io.BytesIO(cover.data)) as picture:
        stream = io.BytesIO()
        picture.convert("RGB").save(stream, "JPEG", quality=92, optimize=True)
        return stream.getvalue()


def _small(cover: bytes) -> Iterator[str]:
    from PIL import Image

    with Image.open(io.BytesIO(cover)) as picture:
        width, height = picture.size
    if width < COVER_SIZE[0] or height < COVER_SIZE[1]:
        yield (
            f"the cover has {width} x {height} pixels, and KDP recommends"
            f" {COVER_SIZE[0]} x {COVER_SIZE[1]}. Hint: use a larger picture"
        )


WRITER = KdpWriter()
