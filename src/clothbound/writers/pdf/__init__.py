"""Writes a printed book as PDF, by WeasyPrint or by Typst."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, ClassVar, Literal, TypeAlias

from ...artifact import Artifact, made_of
from ...context import Context
from ...diagnostics import DiagnosticCode, Severity
from ...errors import OptionError
from ...fields import Field
from ...formats import Produces, WriterOptions
from ...matter import printed_identifier
from ...media.converter import Key as ConversionKey
from ...media.picture_limits import PictureRules
from ...model.collection import Collection
from ...model.post import Post
from ...page_list import PrintedPages
from ...page_sizes import PageName
from ...parts.part_maker import PartMaker
from ...parts.post_parts import PartFacts
from ...style_sheets import read_css
from ..shared_options import (
    CodesOnPaper,
    CoverPictures,
    LeaveOutRepeated,
    ListOfLinks,
    Mentions,
    shared_transforms,
)
from .engine_choice import EngineName, choose_engine, has_typst
from .page_format import PAGES, RECTO, PageFormat, ThemeName

if TYPE_CHECKING:
    from .theme import Theme
    from .typst.post_source import PostSource
    from .typst.source_maker import SourceMaker

_VARIANT = "pdf/ua-1"

LINK_TRANSFORMS: dict[str, tuple[str, ...]] = {
    "footnotes": ("link-footnotes",),
    "endnotes": ("link-endnotes",),
    "none": (),
}
"""The transforms for each value of the option ``links``."""


# The upload kit for a store has these options too.
ThemeChoice: TypeAlias = Annotated[
    ThemeName | Path,
    Field(
        help="How the book looks: dated letters; a story, without dates; chapters and "
        "sections with numbers, for code and tables; or a theme of your own, a TOML file or its folder."
    ),
]
Openers: TypeAlias = Annotated[
    Literal["page", "run-on"],
    Field(
        help="Where a post begins: on a new page, or (``run-on``, for short posts) below the one "
        "before it. Texts around the posts, and what follows a part's title, begin on a page."
    ),
]
PageReferences: TypeAlias = Annotated[
    bool,
    Field(
        help="Print the page number after each link to another post of the book; this adds "
        "about 10 % to the run time."
    ),
]
LinksOnPaper: TypeAlias = Annotated[
    Literal["footnotes", "endnotes", "none"],
    Field(
        help="Where the addresses of links stand on paper: in notes, in a list at the "
        "chapter's end, or nowhere."
    ),
]
Grayscale: TypeAlias = Annotated[
    bool, Field(help="Pictures in shades of gray, for printing in black alone.")
]


class Pdf(WriterOptions, frozen=True, kw_only=True):
    """Options for writing printed books."""

    format: ClassVar[str] = "pdf"
    engine: Annotated[
        EngineName,
        Field(
            help="The engine that sets the pages. WeasyPrint takes style "
            "sheets and needs Pango from the system; Typst is several times as fast. "
            "``auto`` is the one that sets the script of the book better, if it is installed: Typst for "
            "Chinese, Japanese, Korean, Thai, Hebrew, Arabic, Greek and Cyrillic, WeasyPrint for others."
        ),
    ] = "auto"
    theme: ThemeChoice = "essay"
    page: Annotated[
        PageName,
        Field(help="The size of the page: inches, or a standard size."),
    ] = "6x9"
    recto: Annotated[bool, Field(help="Begin every post on a right-hand page.")] = False
    openers: Openers = "page"
    notes: Annotated[
        Literal["foot", "chapter"],
        Field(
            help="Where notes stand: at the foot of the page (but at the chapter's end those "
            "of a chapter that has long ones), or all at the chapter's end."
        ),
    ] = "foot"
    page_references: PageReferences = True
    links: LinksOnPaper = "none"
    mentions: Mentions = False
    list_of_links: ListOfLinks = False
    codes: CodesOnPaper = "videos"
    leave_out_repeated: LeaveOutRepeated = False
    cover_pictures: CoverPictures = "described"
    dpi: Annotated[
        int,
        Field(help="Pictures of a higher resolution are made smaller; 0 leaves them as they are."),
    ] = 300
    grayscale: Grayscale = False
    css: Annotated[
        Path | None, Field(help="A style sheet that is applied after the book's own.")
    ] = None

    @property
    def transforms(self) -> tuple[str, ...]:
        """The transforms that these options add to those of every PDF."""
        return shared_transforms(self, mentions=self.mentions) + LINK_TRANSFORMS[self.links]


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
        "equations",
        "links",
        "link-words",
        "typography",
        "scripts",
    )

    def write(self, collection: Collection, options: Pdf, context: Context) -> Artifact:
        """Makes the artifact of the book.

        Raises OptionError if the style sheet or the theme cannot be read, or if options exclude each other, and,
        when the artifact is saved, MissingEngineError if the engine is missing.
        """
        if options.recto and options.openers == "run-on":
            raise OptionError(
                "recto=true begins every post on a right-hand page, openers=run-on below another",
                hint="leave one of the two out",
            )
        css = read_css(options.css)
        from .theme_choice import find_theme

        theme = find_theme(options.theme, context.run.limits, options.page)
        maker = cache(lambda: _source_maker(collection, options, theme))
        sources = _sources_for_typst(collection, context, maker)

        def make(stream: BinaryIO) -> PrintedPages:
            engine = _prepare_engine(collection, options, theme, context)
            if engine == "weasyprint":
                return _write_by_weasyprint(stream, collection, options, theme, css, context)
            from .typst.book import BookWriter

            recto, runs_on = options.recto, options.openers == "run-on"
            book = BookWriter(collection, context, maker(), sources, recto=recto, runs_on=runs_on)
            return book.write(stream, options.page)

        return made_of(Artifact.of_file(report=context.report, make=make), sources)


def _source_maker(collection: Collection, options: Pdf, theme: Theme) -> SourceMaker:
    from .typst.source_maker import SourceMaker

    theme, page = _set_for_script(theme, options, collection)
    return SourceMaker(
        collection,
        page,
        theme,
        rules=_picture_rules(options, page),
        notes_at_foot=options.notes == "foot",
        codes=options.codes,
        page_references=options.page_references,
    )


def _sources_for_typst(
    collection: Collection, context: Context, maker: Callable[[], SourceMaker]
) -> PartMaker[PostSource]:
    """Returns what each post gives to a book by Typst, made when it is asked for."""
    from .typst.post_source import PostSource

    def make(post: Post, own: Context) -> PostSource:
        return maker().make(post, own)

    def begin(post: Post, own: Context) -> list[ConversionKey]:
        return maker().begin(post, own)

    facts = PartFacts(
        shared=lambda: maker().shared_facts(),
        own=lambda metadata: maker().own_facts(metadata.key),
        answers=dict,
        rules=lambda: maker().rules,
    )
    return PartMaker(collection, context, make, PostSource, facts, begin)


def _prepare_engine(
    collection: Collection, options: Pdf, theme: Theme, context: Context
) -> Literal["weasyprint", "typst"]:
    """Returns the engine of the book, and reports what it takes none of."""
    if collection.info.cover:
        context.warn(
            DiagnosticCode.COVER_UNUSED,
            f"the PDF shows no cover: {collection.info.cover} is left out. Hint: --for kdp makes a cover for "
            "print, an EPUB shows it",
        )
    for remark in theme.remarks:
        context.warn(DiagnosticCode.FACE, f"{options.theme}: {remark}")
    engine = choose_engine(
        options.engine,
        context,
        needs_weasyprint=only_weasyprint(options),
        prefers_weasyprint=bool(theme.own_sheet),
    )
    if engine == "typst" and theme.own_sheet:
        message = (
            f"{options.theme}: Typst does not read the style sheet of the theme, and takes what the TOML file says. "
            "Hint: engine=weasyprint reads both"
        )
        context.warn(DiagnosticCode.ENGINE, message, severity=Severity.INFO)
    return engine


def _write_by_weasyprint(
    stream: BinaryIO,
    collection: Collection,
    options: Pdf,
    theme: Theme,
    css: str,
    context: Context,
) -> PrintedPages:
    from . import weasyprint
    from .book_html import BookMaker, lay_out_book
    from .face_report import report_faces
    from .page_starts import printed_pages

    theme, page = _set_for_script(theme, options, collection)
    maker = BookMaker(
        collection,
        context,
        page,
        theme,
        rules=_picture_rules(options, page),
        notes_at_foot=options.notes == "foot",
        codes=options.codes,
        page_references=options.page_references,
        runs_on=options.openers == "run-on",
    )
    book = maker.make()
    recto = RECTO if options.recto else ""
    sheets = [book.style, *theme.style_sheets(page, book.direction), recto, css]
    document = lay_out_book(book, sheets, context, variant=_VARIANT)
    pages = printed_pages(document, maker.matter.title, options.page)
    identifier = printed_identifier(collection)
    missing = weasyprint.write_pdf(
        stream, document, context, variant=_VARIANT, identifier=identifier
    )
    book.uses.missing_glyphs.report(missing, context)
    report_faces(book.uses.languages, weasyprint.families(document), context)
    return pages


def _set_for_script(theme: Theme, options: Pdf, collection: Collection) -> tuple[Theme, PageFormat]:
    """Returns the theme as it is set in the book's script, and the page in its type."""
    from ...language.detect import collection_language

    page = PAGES[options.page]
    theme = theme.set_for(collection_language(collection), page)
    return theme, theme.page(page)


def _picture_rules(options: Pdf, page: PageFormat) -> PictureRules:
    pixels = round(page.text_height / 72 * options.dpi)
    return PictureRules(
        longest_side=pixels, idle_alpha=False, animated=False, grayscale=options.grayscale
    )


def only_weasyprint(options: Pdf) -> str:
    """Names what ``options`` request that only WeasyPrint can do; empty if there is nothing."""
    return "style sheets" if options.css is not None else ""


def fastest_engine(options: Pdf) -> EngineName:
    """Returns the engine for a look at pages: the one asked for, else Typst where it can set them, as it is faster."""
    if options.engine == "auto" and not only_weasyprint(options) and has_typst():
        return "typst"
    return options.engine


WRITER = PdfWriter()
