"""The inside of a book for a printer: what the PDF for the screen has, and a press must not have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from ...context import Context
from ...model.post import Collection
from ...pictures import PictureRules
from ...printed import PrintedPages
from . import weasyprint
from .book_html import BookHtml, BookMaker, ShownPicture
from .book_names import names_of
from .page import RECTO, PageFormat
from .page_starts import printed_pages
from .theme import Theme

_DPI = 300
_CSS_INCH = 96


@dataclass(frozen=True, slots=True)
class Interior:
    """What was written."""

    pages: int
    """Always even: a leaf has two."""
    coarse: tuple[tuple[ShownPicture, int], ...]
    """Pictures that have less than 300 dots to the inch where they stand, each with what it has."""
    starts: PrintedPages
    """What its pages begin with."""


def write_interior(
    stream: BinaryIO,
    collection: Collection,
    context: Context,
    *,
    page: PageFormat,
    theme: Theme,
    bind: Callable[[PageFormat, int], PageFormat],
    page_references: bool,
    grayscale: bool,
    css: str,
) -> Interior:
    """Writes the inside of ``collection``: every chapter on a right-hand page, whole fonts, no link,
    no outline, no metadata.

    ``page`` is in the theme's type. ``bind`` moves the text of a page away from the binding of a book
    of so many pages. It changes no line, so the second pass has the pages of the first.
    """
    weasyprint.load()
    book = BookMaker(
        collection,
        context,
        page,
        theme,
        rules=PictureRules(
            longest_side=round(page.text_height / 72 * _DPI),
            animated=False,
            alpha=False,
            grayscale=grayscale,
        ),
        page_references=page_references,
    ).make()

    _sharpen(book, page)

    def lay_out(page: PageFormat) -> Any:
        sheets = [book.style, *theme.style_sheets(), RECTO, css, page.margins_css()]
        return weasyprint.lay_out(book.tree, sheets, book.files, context)

    document = lay_out(page)
    bound = bind(page, len(document.pages))
    if bound != page:
        document = lay_out(bound)
    if len(document.pages) % 2:
        blank = weasyprint.lay_out(_blank(), [bound.css()], {}, context)
        document = document.copy([*document.pages, *blank.pages])
    size = f"{page.width / 72:g} x {page.height / 72:g} in"
    starts = printed_pages(document, names_of(collection).title, size)
    weasyprint.write_for_press(stream, document, context)
    book.unusual.report(weasyprint.missing_characters(document), context)
    return Interior(len(document.pages), tuple(_coarse(document, book)), starts)


def _sharpen(book: BookHtml, page: PageFormat) -> None:
    """Sets pictures that are still half a line wide then at the resolution that a press wants."""
    for picture in book.tree.iter("img"):
        uses = book.shown.get(picture.get("src", ""))
        if uses and "style" not in picture.attrib and uses[0].width / _DPI * 72 > page.measure / 2:
            picture.set("style", f"image-resolution: {_DPI}dpi")


def _blank() -> Any:
    from xml.etree import ElementTree

    html = ElementTree.Element("html", {"lang": "en"})
    ElementTree.SubElement(html, "body")
    return html


def _coarse(document: Any, book: BookHtml) -> list[tuple[ShownPicture, int]]:
    found: dict[str, int] = {}
    for page in document.pages:
        for box in page._page_box.descendants():
            element = box.element
            if element is None or element.tag != "img":
                continue
            uses = book.shown.get(element.get("src", ""))
            if uses and uses[0].width and box.width:
                dots = int(uses[0].width / (box.width / _CSS_INCH) + 0.5)
                if dots < _DPI:
                    src = element.get("src", "")
                    found[src] = min(dots, found.get(src, dots))
    return [(use, dots) for src, dots in found.items() for use in book.shown[src]]
