"""Lays out and writes PDFs by WeasyPrint, which gets all files from here.

WeasyPrint is imported on demand, since importing takes a third of a second and needs Pango, which
pip does not install.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from ...context import Context
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...errors import MissingEngineError, WriteError
from ...installer import command_to_add
from ...lazy_pattern import lazy_pattern
from ...progress import PACKING, PAGES
from .direction_runs import join_runs
from .figure_fit import fit_height
from .fonts import OWN_FONTS, BookFonts, StaticFont, cjk_css, face_rules
from .footnotes import find_misplaced_notes, notes_of, prepare_next_layout
from .glyph_texts import correct_glyph_texts
from .pdf_finish import (
    complete_tags,
    embed_whole_fonts,
    reset_font_times,
)
from .print_target import FILE_SCHEME
from .weasyprint_internals.boxes import fonts_of, keep_outermost_links
from .weasyprint_internals.kept_fonts import has_system_fonts, make_fonts
from .weasyprint_internals.kept_sheets import read_sheet
from .weasyprint_internals.layout import render, set_tree
from .weasyprint_internals.loading import import_weasyprint
from .weasyprint_internals.writing import write_document

_INSTALL = {
    "linux": "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 "
    "(Debian, Ubuntu), sudo dnf install pango (Fedora), or apk add pango (Alpine)",
    "darwin": "brew install pango",
    "win32": "install MSYS2, then run in its shell: pacman -S mingw-w64-ucrt-x86_64-pango; "
    "or set WEASYPRINT_DLL_DIRECTORIES to the folder of Pango's DLLs",
}

_OUR_ADDRESS = lazy_pattern(rf"['\"]?({FILE_SCHEME}\w+)['\"]?")


def load() -> ModuleType:
    """Returns the module ``weasyprint``. Raises MissingEngineError if it or Pango is not
    installed.
    """
    try:
        return import_weasyprint()
    except OSError as error:
        raise MissingEngineError(
            "PDF needs Pango, which is not installed",
            hint=_INSTALL.get(sys.platform, _INSTALL["linux"]),
        ) from error
    except ImportError as error:
        raise MissingEngineError(
            "PDF needs WeasyPrint, which is not installed",
            hint=command_to_add("weasyprint"),
        ) from error


def write_pdf(
    stream: BinaryIO, document: Any, context: Context, *, variant: str | None, identifier: str
) -> frozenset[str]:
    """Writes pages as a PDF of the variant for which they were laid out; returns the characters
    that no font has.
    """
    context.show_progress(PACKING)
    for page in document.pages:
        keep_outermost_links(page)
    complete: list[bool] = []

    def finish(document: Any, pdf: Any) -> None:
        reset_font_times(pdf)
        correct_glyph_texts(document, pdf)
        if variant is not None:
            complete.append(complete_tags(document, pdf))

    with _messages(context, document.url_fetcher.described):
        try:
            write_document(
                document,
                stream,
                finisher=finish,
                pdf_variant=variant,
                pdf_identifier=identifier.encode(),
            )
        except ArithmeticError as error:
            raise WriteError(
                f"WeasyPrint cannot draw a page: {type(error).__name__}: {error}",
                hint="take sizes that no page can have out of the style sheet (css=)",
            ) from error
    if not all(complete):
        context.warn(
            DiagnosticCode.ENGINE,
            "this version of WeasyPrint tags pages in an unknown way: screen readers will read running "
            "heads as part of the text. Hint: pip install 'weasyprint==70.0'",
        )
    return missing_characters(document)


def lay_out(
    tree: Element,
    style_sheets: Sequence[str],
    files: Mapping[str, tuple[bytes, str]],
    context: Context,
    *,
    variant: str | None = None,
    book_fonts: BookFonts = OWN_FONTS,
) -> Any:
    """Lays ``tree`` out and returns WeasyPrint's ``Document``.

    ``files`` holds the bytes and media types of all files that the tree and the style sheets may
    name, by address; nothing else is read. If the engine misplaces notes, this function changes
    ``tree`` and lays it out again. Raises WriteError if the engine fails.
    """
    show_page = _count_pages(context)
    join_runs(tree)
    book_fonts = book_fonts.with_signs_of(tree.itertext())
    document = _lay_out_once(tree, style_sheets, files, context, variant, book_fonts, show_page)
    if not has_system_fonts(document.font_config):
        context.warn(
            DiagnosticCode.ENGINE,
            "no fonts are installed: the book has only its own, for Latin, Greek and Cyrillic. "
            "Hint: install fonts, such as the package fonts-noto",
        )
    # A change moves lines, which may misplace other notes. The loop ends: each turn leaves fewer footnotes.
    while misplaced := find_misplaced_notes(document, notes_of(tree)):
        prepare_next_layout(tree, misplaced)
        document = _lay_out_once(tree, style_sheets, files, context, variant, book_fonts, show_page)
    return document


def _count_pages(context: Context) -> Callable[[int], None]:
    """Returns a function that says how many pages are set when one is begun.

    WeasyPrint lays pages out again whose references have changed, and so do we. Then the number of all pages
    is known.
    """
    context.show_progress(PAGES)
    most = 0

    def show_page(number: int) -> None:
        nonlocal most
        is_again = number <= most
        most = max(most, number)
        context.show_progress(PAGES, number - 1, most if is_again else None)

    return show_page


def _lay_out_once(
    tree: Element,
    style_sheets: Sequence[str],
    files: Mapping[str, tuple[bytes, str]],
    context: Context,
    variant: str | None,
    book_fonts: BookFonts,
    show_page: Callable[[int], None],
) -> Any:
    weasyprint = load()
    faces = book_fonts.faces(context.language)
    fetcher = _make_fetcher(files, faces, _describe_pictures(tree))
    with _messages(context, fetcher.described) as messages:
        html = weasyprint.HTML(string="<p></p>", url_fetcher=fetcher)
        set_tree(html, tree)
        try:
            of_faces = _make_fetcher({}, faces, {})  # which is kept with them
            fonts = make_fonts(faces, face_rules(faces), of_faces, lambda: messages.count)
            sheets = [
                read_sheet(css, fonts, fetcher, lambda: messages.count)
                for css in (book_fonts.others_css(), cjk_css(), *style_sheets)
            ]
        except Exception as error:
            # Ours can be read; deep nesting cannot.
            raise WriteError(
                f"WeasyPrint cannot read a style sheet: {type(error).__name__}",
                hint="take rules that are nested deeply out of the style sheet (css=)",
            ) from error
        try:
            options = {"pdf_variant": variant, "stylesheets": sheets}
            return render(html, fonts, fit_height, options, show_page)
        except RecursionError as error:
            raise WriteError("WeasyPrint cannot lay out a post that is nested so deeply") from error
        except Exception as error:
            # Notes that fit on no page, for example, raise an IndexError.
            raise WriteError(
                f"WeasyPrint failed: {type(error).__name__}: {error}",
                hint="another page size, notes at the chapters' ends (notes=chapter), or engine=typst",
            ) from error


def write_for_press(stream: BinaryIO, document: Any, context: Context) -> None:
    """Writes pages for a printing press: with whole fonts, without links, outline and metadata."""
    context.show_progress(PACKING)
    for page in document.pages:
        page.links.clear()
        page.anchors.clear()
        page.bookmarks.clear()

    def finish(document: Any, pdf: Any) -> None:
        embed_whole_fonts(document, pdf)
        reset_font_times(pdf)
        pdf.info.clear()
        pdf.catalog.pop("Names", None)
        pdf.catalog.pop("Outlines", None)

    with _messages(context, document.url_fetcher.described):
        write_document(document, stream, finisher=finish)


def missing_characters(document: Any) -> frozenset[str]:
    """Returns the characters of a written document that no font has."""
    return frozenset(chr(code) for font in fonts_of(document) for code in font.missing)


def families(document: Any) -> set[str]:
    """Returns the families of the fonts in a written document."""
    return {font.family for font in fonts_of(document)}


def _describe_pictures(tree: Element) -> dict[str, str]:
    """Returns the name of each picture in messages, by address: its description, and the first post
    that shows it.
    """
    found: dict[str, str] = {}
    for section in tree.iter("section"):
        titles = [head for head in section.iter("h1") if head.get("class") == "chapter-title"]
        post = f" of “{''.join(titles[0].itertext())}”" if titles else ""
        for picture in section.iter("img"):
            name = f"the picture “{picture.get('alt')}”" if picture.get("alt") else "a picture"
            found.setdefault(picture.get("src", ""), f"{name}{post}")
    return found


def _make_fetcher(
    files: Mapping[str, tuple[bytes, str]],
    faces: Sequence[StaticFont],
    described: Mapping[str, str],
) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    by_address = {face.url: face for face in faces}

    class FileFetcher(URLFetcher):  # type: ignore[misc]
        """Serves the book's own files and fonts; no other address can be read."""

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002
            if url in by_address:
                data = by_address[url].data()
                return URLFetcherResponse(url, data, {"Content-Type": "font/ttf"})
            found = files.get(url)
            if found is None:
                raise ValueError("not a file of this book")
            data, media_type = found
            return URLFetcherResponse(url, data, {"Content-Type": media_type})

    # Without a context, each fetcher would read the certificates of the system, though none of them fetches anything.
    fetcher = FileFetcher(allowed_protocols=frozenset({"clothbound"}), ssl_context=False)
    # The document keeps its fetcher, since messages about pictures also come when it is written.
    fetcher.described = described
    fetcher.faces = tuple(faces)
    return fetcher


class _Collector(logging.Filter):
    """Turns the engine's log records of this thread into diagnostics.

    It is a filter instead of a handler, so that no other handler prints what it takes.
    """

    # The writer reports these itself, with post and line.
    _known = (".notdef glyph", 'Image "%s" has no required alt')

    def __init__(self, context: Context, described: Mapping[str, str]) -> None:
        super().__init__()
        self._context = context
        self._describe_pictures = described
        self._thread = threading.get_ident()
        self.count = 0
        """How many messages came so far."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.thread != self._thread:
            return True
        if record.levelno >= logging.WARNING and not str(record.msg).startswith(self._known):
            self.count += 1
            severity = Severity.ERROR if record.levelno >= logging.ERROR else Severity.WARNING
            text = _OUR_ADDRESS.sub(
                lambda address: self._describe_pictures.get(address[1], "a picture"),
                " ".join(record.getMessage().split()),
            )[:500]
            self._context.diagnostics.add(
                Diagnostic(DiagnosticCode.ENGINE, f"WeasyPrint: {text}", severity=severity)
            )
        return False


@contextlib.contextmanager
def _messages(context: Context, described: Mapping[str, str]) -> Iterator[_Collector]:
    """Collects what the engine logs. ``described`` holds the names of pictures, by address."""
    logger = logging.getLogger("weasyprint")
    collector = _Collector(context, described)
    logger.addFilter(collector)
    try:
        yield collector
    finally:
        logger.removeFilter(collector)
