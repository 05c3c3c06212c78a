"""The engine: WeasyPrint, kept from every file and address, and made to say what it has to say.

It is imported when it is used: it takes a third of a second, and Pango, which is no Python package.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from ...context import Context
from ...diagnostics import Code, Diagnostic, Severity
from ...errors import MissingEngineError, WriteError
from ...lazy_pattern import lazy_pattern
from .cjk_faces import cjk_css
from .compression import compress_once
from .embedding import embed_whole_fonts, settle_font_times
from .figure_fit import fit_pictures
from .fonts import FACES, font_face_css
from .foot_notes import misplaced_notes, notes_of, remember_put_off, set_again
from .importing_weasyprint import has_system_fonts, import_weasyprint
from .tags import mend_tags

_INSTALL = {
    "linux": "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 "
    "(Debian, Ubuntu), sudo dnf install pango (Fedora), or apk add pango (Alpine)",
    "darwin": "brew install pango",
    "win32": "install MSYS2, then run in its shell: pacman -S mingw-w64-ucrt-x86_64-pango; "
    "or set WEASYPRINT_DLL_DIRECTORIES to the folder of Pango's DLLs",
}

_OUR_ADDRESS = lazy_pattern(r"['\"]?(clothbound:file/\w+)['\"]?")


def load() -> ModuleType:
    """The module ``weasyprint``. Raises MissingEngineError where it, or Pango, is not installed."""
    try:
        return import_weasyprint()
    except OSError as error:
        raise MissingEngineError(
            "PDF needs Pango, which is not installed",
            hint=_INSTALL.get(sys.platform, _INSTALL["linux"]),
        ) from error
    except ImportError as error:
        raise MissingEngineError(
            "PDF needs WeasyPrint, which is not installed", hint="pip install 'weasyprint>=70,<71'"
        ) from error


def write_pdf(
    stream: BinaryIO, document: Any, context: Context, *, variant: str | None, identifier: str
) -> frozenset[str]:
    """Writes pages as a PDF of the variant for which they were laid out. Returns the characters that
    no font has.
    """
    for page in document.pages:
        # Whatever stands in a link has the link once more, over the same place.
        page.links[:] = [link for link in page.links if link[3].link]
    agreed: list[bool] = []

    def finish(document: Any, pdf: Any) -> None:
        settle_font_times(pdf)
        if variant is not None:
            agreed.append(mend_tags(document, pdf))
        compress_once(pdf)

    with _messages(context, document.url_fetcher.described):
        document.write_pdf(
            stream, finisher=finish, **_options(variant, pdf_identifier=identifier.encode())
        )
    if not all(agreed):
        context.warn(
            Code.ENGINE,
            "this WeasyPrint makes other tags than the one that is known: running heads are read out "
            "with the text. Hint: pip install 'weasyprint==70.0'",
        )
    return missing_characters(document)


def lay_out(
    tree: Element,
    style_sheets: Sequence[str],
    files: Mapping[str, tuple[bytes, str]],
    context: Context,
    *,
    variant: str | None = None,
) -> Any:
    """``tree`` as pages: a document of WeasyPrint's.

    ``files`` are what the tree and the style sheets may name, by address. Nothing else is read. A tree
    whose notes the engine misplaces is changed, and laid out again. Raises WriteError where the engine fails.
    """
    document = _lay_out_once(tree, style_sheets, files, context, variant)
    if not has_system_fonts():
        context.warn(
            Code.ENGINE,
            "no fonts are installed: there are only the book's own, for Latin, Greek and Cyrillic. "
            "Hint: install fonts, such as the package fonts-noto",
        )
    # Lines move, so that others may be misplaced. Each time fewer notes stand at the feet of pages.
    while misplaced := misplaced_notes(document, notes_of(tree)):
        set_again(tree, misplaced)
        document = _lay_out_once(tree, style_sheets, files, context, variant)
    return document


def _lay_out_once(
    tree: Element,
    style_sheets: Sequence[str],
    files: Mapping[str, tuple[bytes, str]],
    context: Context,
    variant: str | None,
) -> Any:
    weasyprint = load()
    import cssselect2
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _make_fetcher(files, _described(tree))
    fonts = FontConfiguration()
    with _messages(context, fetcher.described):
        html = weasyprint.HTML(string="<p></p>", url_fetcher=fetcher)
        # Only a tree of our own can hold a paragraph in a note in a paragraph.
        html.etree_element = tree
        html.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
        sheets = [
            weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetcher)
            for css in (font_face_css(), cjk_css(), *style_sheets)
        ]
        try:
            return _render(html, fonts, _options(variant, stylesheets=sheets))
        except RecursionError as error:
            raise WriteError("the engine cannot set a post that is nested so deeply") from error
        except Exception as error:
            # Seen with notes that have no room on any page: an IndexError of its own.
            raise WriteError(
                f"WeasyPrint failed: {type(error).__name__}: {error}",
                hint="another page size, notes at the chapters' ends (-O notes=chapter), or --engine typst",
            ) from error


def _render(html: Any, fonts: Any, options: dict[str, Any]) -> Any:
    """What ``HTML.render`` does, with pictures that fit into the pages."""
    from weasyprint.css.counters import CounterStyle
    from weasyprint.document import Document, DocumentMetadata, Page
    from weasyprint.formatting_structure.build import build_formatting_structure
    from weasyprint.html import get_html_metadata
    from weasyprint.layout import layout_document
    from weasyprint.pdf import VARIANTS

    if variant := options["pdf_variant"]:
        wanted = VARIANTS[variant][1].items()
        options.update({key: value for key, value in wanted if options[key] is None})
    counters = CounterStyle()
    profiles: dict[str, Any] = {}
    layout = Document._build_layout_context(html, fonts, counters, profiles, options)
    remember_put_off(layout)
    root = build_formatting_structure(
        html.etree_element, layout.style_for, layout.get_image_from_uri, html.base_url,
        layout.target_collector, counters, layout.footnotes,
    )  # fmt: skip
    fit_pictures(root, layout)
    pages = [Page(box) for box in layout_document(html, root, layout)]
    metadata = DocumentMetadata(**get_html_metadata(html))
    document = Document(
        pages, metadata, html.url_fetcher, fonts, profiles, options["output_intent"]
    )
    document._html = html
    return document


def write_for_press(stream: BinaryIO, document: Any, context: Context) -> None:
    """Writes pages that are to be printed: with whole fonts, without links, outline and metadata."""
    for page in document.pages:
        page.links.clear()
        page.anchors.clear()
        page.bookmarks.clear()

    def finish(document: Any, pdf: Any) -> None:
        embed_whole_fonts(document, pdf)
        settle_font_times(pdf)
        pdf.info.clear()
        pdf.catalog.pop("Names", None)
        pdf.catalog.pop("Outlines", None)
        compress_once(pdf)

    with _messages(context, document.url_fetcher.described):
        document.write_pdf(stream, finisher=finish, **_options(None))


def missing_characters(document: Any) -> frozenset[str]:
    """The characters of a written document that no font has."""
    return frozenset(chr(code) for font in document.fonts.values() for code in font.missing)


def _options(variant: str | None, **others: object) -> dict[str, Any]:
    import weasyprint

    return {**weasyprint.DEFAULT_OPTIONS, "pdf_variant": variant, **others}


def _described(tree: Element) -> dict[str, str]:
    """What readers see of each picture, by address: its description, and the post that shows it first."""
    found: dict[str, str] = {}
    for section in tree.iter("section"):
        titles = [head for head in section.iter("h1") if head.get("class") == "chapter-title"]
        post = f" of “{''.join(titles[0].itertext())}”" if titles else ""
        for picture in section.iter("img"):
            name = f"the picture “{picture.get('alt')}”" if picture.get("alt") else "a picture"
            found.setdefault(picture.get("src", ""), f"{name}{post}")
    return found


def _make_fetcher(files: Mapping[str, tuple[bytes, str]], described: Mapping[str, str]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    fonts = {font.url: font for font in FACES}

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Serves the book's own files and fonts; no protocol reaches anything else."""

        def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002
            if url in fonts:
                return URLFetcherResponse(url, fonts[url].data(), {"Content-Type": "font/ttf"})
            found = files.get(url)
            if found is None:
                raise ValueError("not a file of this book")
            data, media_type = found
            return URLFetcherResponse(url, data, {"Content-Type": media_type})

    fetcher = Fetcher(allowed_protocols=frozenset({"clothbound"}))
    # The document keeps its fetcher, and has more to say of its pictures when it is written.
    fetcher.described = described
    return fetcher


class _Collector(logging.Filter):
    """Turns the engine's log of this thread into diagnostics. A filter, and not a handler, since
    what it takes goes no further: the library never prints.
    """

    # What the writer reports itself, with post and line.
    _known = (".notdef glyph", 'Image "%s" has no required alt')

    def __init__(self, context: Context, described: Mapping[str, str]) -> None:
        super().__init__()
        self._context = context
        self._described = described
        self._thread = threading.get_ident()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.thread != self._thread:
            return True
        if record.levelno >= logging.WARNING and not str(record.msg).startswith(self._known):
            severity = Severity.ERROR if record.levelno >= logging.ERROR else Severity.WARNING
            text = _OUR_ADDRESS.sub(
                lambda address: self._described.get(address[1], "a picture"),
                " ".join(record.getMessage().split()),
            )[:500]
            self._context.diagnostics.add(
                Diagnostic(Code.ENGINE, f"WeasyPrint: {text}", severity=severity)
            )
        return False


@contextlib.contextmanager
def _messages(context: Context, described: Mapping[str, str]) -> Iterator[None]:
    """``described``: what to call the book's pictures, by address."""
    logger = logging.getLogger("weasyprint")
    collector = _Collector(context, described)
    logger.addFilter(collector)
    try:
        yield
    finally:
        logger.removeFilter(collector)
