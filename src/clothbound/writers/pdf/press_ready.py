"""The inside of a book for a printer: what the PDF for the screen has, and a press must not have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from ...context import Context
from ...lazy_pattern import lazy_pattern
from ...media import PictureRules
from ...model.post import Collection
from ...page_list import PrintedPages
from . import weasyprint
from .book_html import BookHtml, BookMaker
from .book_names import names_of
from .page import RECTO, PageFormat
from .page_starts import printed_pages
from .print_target import ShownPicture
from .theme import Theme

_DPI = 300
_CSS_INCH = 96
_EM_WIDE = lazy_pattern(r"width:([0-9.]+)em")


@dataclass(frozen=True, slots=True)
class SmallType:
    """The smallest type of a post."""

    source: str
    points: float
    words: str
    """What is set in it."""
    is_formula: bool


@dataclass(frozen=True, slots=True)
class Interior:
    """What was written."""

    pages: int
    """Always even: a leaf has two."""
    coarse: tuple[tuple[ShownPicture, int], ...]
    """Pictures that have less than 300 dots to the inch where they stand, each with what it has."""
    small: tuple[SmallType, ...]
    """Of each post in which there is type smaller than was asked for."""
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
    least_type: float,
    page_references: bool,
    grayscale: bool,
    css: str,
) -> Interior:
    """Writes the inside of ``collection``: every chapter on a right-hand page, whole fonts, no link,
    no outline, no metadata.

    ``page`` is in the theme's type. ``bind`` moves the text of a page away from the binding of a book
    of so many pages. It changes no line, so the second pass has the pages of the first. ``least_type``
    is in points; what is smaller is only told.
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
    book.missing_glyphs.report(weasyprint.missing_characters(document), context)
    sources = {metadata.key: metadata.source for metadata in collection.index}
    small = tuple(_small(document, book, sources, least_type))
    return Interior(len(document.pages), tuple(_coarse(document, book)), small, starts)


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


def _small(
    document: Any, book: BookHtml, sources: Mapping[str, str], least: float
) -> Iterator[SmallType]:
    """The smallest type of each post that has any smaller than ``least`` points."""
    owners = {
        element: section.get("id", "")
        for section in book.tree.iter("section")
        if section.get("id") in sources
        for element in section.iter()
    }
    found: dict[str, SmallType] = {}
    for page in document.pages:
        for box in page._page_box.descendants():
            key = owners.get(box.element)
            if key is None:
                continue
            points, words = _type_of(box)
            # What engines count in pixels comes a little below the points that were asked for.
            if words and points < least - 0.01:
                known = found.get(key)
                if known is None or points < known.points:
                    is_formula = box.element.tag == "img"
                    found[key] = SmallType(sources[key], points, words, is_formula)
    yield from (found[key] for key in sources if key in found)


def _type_of(box: Any) -> tuple[float, str]:
    """The size of type in a box, in points, and what is set in it; nothing for other boxes."""
    points = box.style["font_size"] / _CSS_INCH * 72
    text = getattr(box, "text", "")
    if text:
        return points, text.strip()
    element = box.element
    width = _EM_WIDE.match(element.get("style", "")) if element.get("class") == "formula" else None
    if element.tag != "img" or width is None:
        return points, ""
    return points * min(1.0, box.width / (float(width[1]) * box.style["font_size"])), element.get(
        "alt", ""
    )
