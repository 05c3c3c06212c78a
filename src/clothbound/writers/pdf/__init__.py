"""PDF: a printed book, set by WeasyPrint or by Typst."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar, Literal

from ...artifact import Artifact
from ...context import Context
from ...diagnostics import Code
from ...errors import OptionError
from ...formats import Produces
from ...media import PictureRules
from ...model.collection import Collection
from ...page_list import PrintedPages

LINK_TRANSFORMS: dict[str, tuple[str, ...]] = {
    "footnotes": ("link-footnotes",),
    "endnotes": ("link-endnotes",),
    "none": (),
}
"""The transforms that put the addresses of links where the option ``links`` wants them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """How a collection is printed."""

    format: ClassVar[str] = "pdf"
    engine: Literal["auto", "weasyprint", "typst"] = "auto"
    """What sets the pages. WeasyPrint has every theme and takes style sheets, and needs Pango from
    the system; Typst is several times as fast. ``auto`` is WeasyPrint, or Typst where Pango is
    missing."""
    theme: Literal["essay", "novel", "manual"] = "essay"
    """How the book looks: dated letters; a story, without dates; or chapters and sections with
    numbers, for code and tables."""
    page: Literal["5x8", "5.25x8", "5.5x8.5", "6x9", "7x10", "8.5x11", "A5", "A4", "letter"] = "6x9"
    """The size of the page: inches, or a standard size."""
    recto: bool = False
    """Begin every post on a right-hand page."""
    notes: Literal["foot", "chapter"] = "foot"
    """Where notes stand: at the foot of the page (but at the chapter's end those of a chapter that has
    long ones), or all at the chapter's end."""
    page_references: bool = True
    """Write the page after a link to another post of the book. It takes a tenth of the time."""
    links: Literal["footnotes", "endnotes", "none"] = "none"
    """Where the addresses of links stand on paper: in notes, in a list at the chapter's end, or
    nowhere."""
    mentions: bool = False
    """Name at the end of each chapter the other posts that link to it."""
    list_of_links: bool = False
    """Put a list of all addresses that the posts link to at the end of the book, by chapter."""
    dpi: int = 300
    """Pictures of a higher resolution are made smaller; 0 leaves them as they are."""
    grayscale: bool = False
    """Pictures in shades of gray, for printing in black alone."""
    tagged: bool = True
    """Make an accessible PDF (PDF/UA-1), about a quarter larger and slower."""
    css: Path | None = None
    """A style sheet that is applied after the book's own."""

    @property
    def transforms(self) -> tuple[str, ...]:
        """What is done to a post beside what every PDF wants."""
        mentions = ("mentions",) if self.mentions else ()
        return mentions + LINK_TRANSFORMS[self.links]


class PdfWriter:
    """Writes all posts into one PDF."""

    extension = ".pdf"
    media_type = "application/pdf"
    options_type = Pdf
    produces: Produces = "file"
    public = False
    holds_files = True
    transforms = (
        "widgets",
        "footnotes",
        "headings",
        "links",
        "link-words",
        "typography",
        "language",
    )

    def write(self, collection: Collection, options: Pdf, context: Context) -> Artifact:
        """Raises OptionError for a style sheet that cannot be read, and, when the artifact is
        saved, MissingEngineError without the engine.
        """
        css = _read_css(options.css)

        def make(stream: BinaryIO) -> PrintedPages:
            return _write(stream, collection, options, css, context)

        return Artifact(report=context.report, file=make)


def _read_css(path: Path | None) -> str:
    if path is None:
        return ""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(f"the style sheet cannot be read: {error}", source=str(path)) from error


def _write(
    stream: BinaryIO, collection: Collection, options: Pdf, css: str, context: Context
) -> PrintedPages:
    from .engines import engine_for
    from .page import PAGES
    from .theme import THEMES

    if collection.info.cover:
        context.warn(
            Code.COVER_UNUSED,
            f"the PDF shows no cover: {collection.info.cover} is left out. Hint: --for kdp makes a cover for "
            "print, an EPUB shows it",
        )
    engine = engine_for(options.engine, context, needs_weasyprint=_only_weasyprint(options))
    theme = THEMES[options.theme]
    page = theme.page(PAGES[options.page])
    pixels = round(page.text_height / 72 * options.dpi)
    if engine == "typst":
        from .typst.book import BookWriter

        return BookWriter(
            collection,
            context,
            page,
            rules=PictureRules(longest_side=pixels, animated=False, grayscale=options.grayscale),
            notes_at_foot=options.notes == "foot",
            page_references=options.page_references,
            recto=options.recto,
            tagged=options.tagged,
        ).write(stream, options.page)

    from . import weasyprint
    from .book_html import BookMaker
    from .page import RECTO
    from .page_starts import printed_pages

    maker = BookMaker(
        collection,
        context,
        page,
        theme,
        rules=PictureRules(longest_side=pixels, animated=False, grayscale=options.grayscale),
        notes_at_foot=options.notes == "foot",
        page_references=options.page_references,
    )
    book = maker.make()
    recto = RECTO if options.recto else ""
    variant = "pdf/ua-1" if options.tagged else None
    sheets = [book.style, *theme.style_sheets(), recto, css]
    document = weasyprint.lay_out(book.tree, sheets, book.files, context, variant=variant)
    pages = printed_pages(document, maker.matter.title, options.page)
    missing = weasyprint.write_pdf(
        stream, document, context, variant=variant, identifier=_identifier(collection)
    )
    book.missing_glyphs.report(missing, context)
    return pages


def _only_weasyprint(options: Pdf) -> str:
    """What of ``options`` Typst does not know, in words; empty: nothing."""
    if options.theme != "essay":
        return f"theme {options.theme!r}"
    return "style sheets" if options.css is not None else ""


def _identifier(collection: Collection) -> str:
    """The first half of the PDF's ID: the same for every edition of the same book."""
    names = [collection.info.identifier, collection.info.title, *(m.key for m in collection.index)]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]


WRITER = PdfWriter()
