"""Writes the interior of a book for a printer, without features that only screens use."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, SubElement

from ...context import Context
from ...lazy_pattern import lazy_pattern
from ...media.picture_limits import PictureRules
from ...model.collection import Collection
from ...page_list import PrintedPages
from . import weasyprint
from .book_html import BookHtml, BookMaker, lay_out_book
from .page_format import RECTO, PageFormat
from .page_starts import printed_pages
from .print_target import ShownPicture
from .theme import Theme
from .weasyprint_internals.boxes import Box, is_text, page_box

_DPI = 300
_CSS_INCH = 96
_EM_WIDE = lazy_pattern(r"width:([0-9.]+)em")


@dataclass(frozen=True, slots=True)
class SmallType:
    """The smallest type of a post."""

    source: str
    points: float
    words: str
    """The text in this type, or the formula's TeX."""
    is_formula: bool


@dataclass(frozen=True, slots=True)
class Interior:
    """Facts about an interior that was written."""

    pages: int
    """The number of pages, always even: a leaf has two."""
    coarse: tuple[tuple[ShownPicture, int], ...]
    """Pictures printed with less than 300 dots per inch, each with its resolution."""
    small: tuple[SmallType, ...]
    """The smallest type of each post that has type below the limit."""
    starts: PrintedPages
    """The places in the text where the pages begin."""


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
    runs_on: bool = False,
) -> Interior:
    """Writes the interior of ``collection``: fonts are whole, and there is no link, no outline and no metadata.

    Every chapter begins on a right-hand page or, with ``runs_on``, a post below the one before it.
    ``page`` has the theme's type. ``bind`` returns a page whose text is moved away from the binding of a
    book of the given number of pages; it must not change any line. ``least_type`` is in points; smaller type
    is reported, not changed. Raises MissingEngineError and WriteError.
    """
    weasyprint.load()
    maker = BookMaker(
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
        runs_on=runs_on,
    )
    book = maker.make()
    _sharpen(book, page)
    sheets = [book.style, *theme.style_sheets(page, book.direction), "" if runs_on else RECTO, css]
    document = _lay_out_bound(book, page, bind, sheets, context)
    size = f"{page.width / 72:g} x {page.height / 72:g} in"
    starts = printed_pages(document, maker.matter.title, size)
    weasyprint.write_for_press(stream, document, context)
    book.uses.missing_glyphs.report(weasyprint.missing_characters(document), context)
    sources = {metadata.key: metadata.source for metadata in collection.index}
    small = tuple(_find_small_type(document, book, sources, least_type))
    return Interior(
        len(document.pages), tuple(_find_coarse_pictures(document, book)), small, starts
    )


def _lay_out_bound(
    book: BookHtml,
    page: PageFormat,
    bind: Callable[[PageFormat, int], PageFormat],
    sheets: Sequence[str],
    context: Context,
) -> Any:
    """Lays out a book on pages that are bound for their number, and adds a blank one if it is odd."""

    def lay_out(page: PageFormat) -> Any:
        return lay_out_book(book, [*sheets, page.margins_css()], context)

    document = lay_out(page)
    bound = bind(page, len(document.pages))
    if bound != page:
        document = lay_out(bound)
    if len(document.pages) % 2:
        blank = weasyprint.lay_out(_make_blank_page(), [bound.css()], {}, context)
        document = document.copy([*document.pages, *blank.pages])
    return document


def _sharpen(book: BookHtml, page: PageFormat) -> None:
    """Reduces pictures to their size at 300 dpi, if that is more than half as wide as the text."""
    for picture in book.tree.iter("img"):
        uses = book.shown.get(picture.get("src", ""))
        if uses and "style" not in picture.attrib and uses[0].width / _DPI * 72 > page.measure / 2:
            picture.set("style", f"image-resolution: {_DPI}dpi")


def _make_blank_page() -> Element:
    html = Element("html", {"lang": "en"})
    SubElement(html, "body")
    return html


def _find_coarse_pictures(document: Any, book: BookHtml) -> list[tuple[ShownPicture, int]]:
    """Returns the uses of pictures that are printed with less than 300 dpi, with their resolutions."""
    found: dict[str, int] = {}
    for page in document.pages:
        for box in page_box(page).descendants():
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


def _find_small_type(
    document: Any, book: BookHtml, sources: Mapping[str, str], least: float
) -> Iterator[SmallType]:
    """Yields, for each post with type smaller than ``least`` points, its smallest type."""
    owners = {
        element: section.get("id", "")
        for section in book.tree.iter("section")
        if section.get("id") in sources
        for element in section.iter()
    }
    found: dict[str, SmallType] = {}
    for page in document.pages:
        for box in page_box(page).descendants():
            element = box.element
            key = None if element is None else owners.get(element)
            if element is None or key is None:
                continue
            points, words = _type_of(box, element)
            # Rounding makes sizes converted to pixels and back slightly smaller.
            if words and points < least - 0.01:
                known = found.get(key)
                if known is None or points < known.points:
                    is_formula = element.tag == "img"
                    found[key] = SmallType(sources[key], points, words, is_formula)
    yield from (found[key] for key in sources if key in found)


def _type_of(box: Box, element: Element) -> tuple[float, str]:
    """Returns the size of the type in ``box`` in points, and its text or TeX, empty for other boxes."""
    points = box.style["font_size"] / _CSS_INCH * 72
    if is_text(box):
        return points, box.text.strip()
    width = _EM_WIDE.match(element.get("style", "")) if element.get("class") == "formula" else None
    if element.tag != "img" or width is None:
        return points, ""
    shrinkage = min(1.0, box.width / (float(width[1]) * box.style["font_size"]))
    return points * shrinkage, element.get("alt", "")
