"""Everything that clothbound uses of WeasyPrint 70 beyond its documented interface.

No other module imports undocumented modules of WeasyPrint or reads undocumented attributes: they
call the functions here, and the protocols here declare each attribute that is read. When WeasyPrint
changes one of them, ``tests/test_weasyprint_internals.py`` fails with its name.
docs/architecture.md names the change of WeasyPrint that would make each part unnecessary.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import warnings
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Protocol, TypedDict, TypeGuard
from xml.etree.ElementTree import Element

from ...staging import TemporaryFolder

# The attributes that are read of WeasyPrint's objects


class Style(TypedDict):
    """Computed values of CSS properties."""

    display: tuple[str, ...]
    font_size: float
    image_resolution: float
    list_style_type: object
    width: object


class Box(Protocol):
    """A box of a page that was laid out. Lengths are in CSS pixels."""

    element: Element | None
    element_tag: str | None
    """The element's name; for generated content, with the pseudo-element: ``li::marker``."""
    style: Style
    children: Sequence[Box]
    width: float
    is_leader: bool
    is_table_wrapper: bool

    def descendants(self) -> Iterator[Box]: ...


class TextBox(Box, Protocol):
    """A box with text."""

    text: str


class LinkBox(Box, Protocol):
    """A box in a link."""

    link: object
    """The link's target; None if an ancestor of the box has the link."""


class RowGroupBox(Box, Protocol):
    """A group of a table's rows."""

    is_header: bool


class TableWrapperBox(Box, Protocol):
    """The box around a table and its caption."""

    def get_wrapped_table(self) -> TableBox | None: ...


class TableBox(Box, Protocol):
    """A table."""

    def copy_with_children(self, children: Sequence[Box]) -> Box: ...


class ReplacedContent(Protocol):
    """The image in a box."""

    def get_intrinsic_size(
        self, resolution: float, font_size: float
    ) -> tuple[float | None, float | None, float | None]: ...


class PictureBox(Box, Protocol):
    """A block that is an image, while its page is being laid out."""

    replacement: ReplacedContent
    position_y: float
    max_width: float
    max_height: float


class PlaceholderBox(Protocol):
    """The place of an absolutely positioned box among its siblings."""

    _box: Box


class LaidOutPage(Protocol):
    """A page that was laid out."""

    _page_box: Box


class LayoutState(Protocol):
    """The state of a document that is being laid out: WeasyPrint's ``LayoutContext``."""

    style_for: object
    get_image_from_uri: Callable[..., object]
    font_config: object
    counter_style: object
    target_collector: object
    footnotes: list[object]
    reported_footnotes: list[object]
    """The notes that were postponed to the next page."""
    current_page: int | None
    page_bottom: float


class Font(Protocol):
    """A font of a document that was written."""

    name: bytes
    """The name in the PDF, with its slash and the prefix of a subset: ``/ABCDEF+Family``."""
    family: str
    style: int
    """Pango's number of the style; 0 is upright."""
    weight: int
    bitmap: bool
    file_content: bytes
    to_unicode: dict[int, str]
    """The texts of the glyphs that the document has, by their numbers."""
    missing: set[int]
    """Code points of the text for which neither this font nor another has a glyph."""


PictureHeight = Callable[[PictureBox, float, float], float]
"""Returns the greatest height of a picture, given its box, the greatest height by its style, and where
the page ends.
"""


def fonts_of(document: Any) -> list[Font]:
    """Returns the fonts of a document that was written."""
    return list(document.fonts.values())


def page_box(page: LaidOutPage) -> Box:
    """Returns the box of the whole page, with its margin boxes."""
    return page._page_box


def text_area(page: LaidOutPage) -> Box:
    """Returns the box of the root element: the page without its margins and its footnotes."""
    return page._page_box.children[0]


def in_flow(box: Box) -> Box:
    """Returns ``box`` or, if it marks the place of an absolutely positioned box, that box."""
    from weasyprint.layout.absolute import AbsolutePlaceholder

    return box._box if isinstance(box, AbsolutePlaceholder) else box


def is_text(box: Box) -> TypeGuard[TextBox]:
    """Whether the box contains text."""
    from weasyprint.formatting_structure.boxes import TextBox

    return isinstance(box, TextBox)


def is_replaced(box: Box) -> bool:
    """Whether the box shows an image."""
    from weasyprint.formatting_structure.boxes import ReplacedBox

    return isinstance(box, ReplacedBox)


def is_parent(box: Box) -> bool:
    """Whether the box has children."""
    from weasyprint.formatting_structure.boxes import ParentBox

    return isinstance(box, ParentBox)


def is_table_head(box: Box) -> bool:
    """Whether the box is the head of a table."""
    from weasyprint.formatting_structure.boxes import TableRowGroupBox

    def is_header(group: RowGroupBox) -> bool:
        return group.is_header

    return isinstance(box, TableRowGroupBox) and is_header(box)


def keep_outermost_links(page: Any) -> None:
    """Removes the links of boxes within a link: WeasyPrint makes an annotation for each of them."""

    def is_outermost(box: LinkBox) -> bool:
        return bool(box.link)

    page.links[:] = [link for link in page.links if is_outermost(link[3])]


# Import


_LOADS_LIBRARIES = "weasyprint.text.ffi"


def import_weasyprint() -> ModuleType:
    """Imports WeasyPrint without side effects on the rest of the process.

    If a library is missing, WeasyPrint prints advice to the standard output, which belongs to the
    caller's data. At import it warns about fonts and libraries. Silencing ``print`` or warnings for
    the whole process would also silence other threads.

    Raises OSError if a library that WeasyPrint needs is missing, and ImportError.
    """
    from PIL import ImageFile

    truncated = ImageFile.LOAD_TRUNCATED_IMAGES
    with _without_advice(), _without_warnings():
        weasyprint = importlib.import_module("weasyprint")
    # WeasyPrint makes Pillow accept truncated images everywhere in the process. An EPUB written after a
    # PDF would hold other pictures than one written before it.
    ImageFile.LOAD_TRUNCATED_IMAGES = truncated
    return weasyprint


class _SilentLoader(Loader):
    """Loads a module in which ``print`` does nothing."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["print"] = lambda *_, **__: None
        self._loader.exec_module(module)


class _SilentFinder(MetaPathFinder):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if fullname == _LOADS_LIBRARIES else None
        if spec is not None and spec.loader is not None:
            spec.loader = _SilentLoader(spec.loader)
        return spec


@contextlib.contextmanager
def _without_advice() -> Iterator[None]:
    finder = _SilentFinder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """Ignores the warnings of WeasyPrint's own modules; each book reports the same faults itself."""
    warnings.filterwarnings("ignore", module=r"weasyprint\.")
    added = warnings.filters[0]
    try:
        yield
    finally:
        with contextlib.suppress(ValueError):  # another thread has reset the filters
            warnings.filters.remove(added)  # type: ignore[attr-defined]


def make_fonts() -> Any:
    """Returns a ``FontConfiguration`` whose folder goes even if the process ends without freeing it, or is killed.

    WeasyPrint must be imported first.
    """
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    folder = TemporaryFolder()
    fonts._folder = folder.path
    weakref.finalize(fonts, folder.cleanup)
    return fonts


def has_system_fonts() -> bool:
    """Whether WeasyPrint's fontconfig finds any font. WeasyPrint must be imported first."""
    from weasyprint.text.ffi import ffi, fontconfig

    config = ffi.gc(fontconfig.FcInitLoadConfigAndFonts(), fontconfig.FcConfigDestroy)
    return bool(fontconfig.FcConfigGetFonts(config, fontconfig.FcSetSystem).nfont)


# Layout


def set_tree(html: Any, tree: Element) -> None:
    """Replaces the tree of an ``HTML``.

    WeasyPrint's parser cannot make a tree that has a paragraph in a note in a paragraph.
    """
    import cssselect2

    html.etree_element = tree
    html.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)


def render(
    html: Any,
    fonts: Any,
    picture_height: PictureHeight,
    options: Mapping[str, object],
    show_page: Callable[[int], None],
) -> Any:
    """Does what ``HTML.render`` does, with three changes.

    ``picture_height`` decides how high pictures may be, each page begins with the notes that
    the previous page postponed, and ``show_page`` hears the number of each page that is begun, a
    second time if the page is laid out again. ``fonts`` is a ``FontConfiguration``; ``options`` are
    those of ``HTML.render``.
    """
    from weasyprint import DEFAULT_OPTIONS
    from weasyprint.css.counters import CounterStyle
    from weasyprint.document import Document, DocumentMetadata, Page
    from weasyprint.formatting_structure.build import build_formatting_structure
    from weasyprint.html import get_html_metadata
    from weasyprint.layout import layout_document
    from weasyprint.pdf import VARIANTS

    settings: dict[str, Any] = {**DEFAULT_OPTIONS, **options}
    if variant := settings["pdf_variant"]:
        defaults = VARIANTS[variant][1].items()
        settings.update({key: value for key, value in defaults if settings[key] is None})
    counters = CounterStyle()
    profiles: dict[str, Any] = {}
    layout = _keep_put_off_notes(
        Document._build_layout_context(html, fonts, counters, profiles, settings), show_page
    )
    root = build_formatting_structure(
        html.etree_element, layout.style_for, layout.get_image_from_uri, html.base_url,
        layout.target_collector, counters, layout.footnotes,
    )  # fmt: skip
    _ask_for_heights(root, layout, picture_height)
    pages = [Page(box) for box in layout_document(html, root, layout)]
    metadata = DocumentMetadata(**get_html_metadata(html))
    document = Document(
        pages, metadata, html.url_fetcher, fonts, profiles, settings["output_intent"]
    )
    document._html = html
    return document


def _keep_put_off_notes(layout: LayoutState, show_page: Callable[[int], None]) -> LayoutState:
    """Returns a copy of ``layout``, with no page laid out yet, that begins each page with the notes
    that the previous page postponed, and says so to ``show_page``.

    WeasyPrint lays a single page out again when a number on it has changed. It gives the notes that
    this page postpones to the page that it lays out next, which may be far away.
    """
    from weasyprint.layout import LayoutContext

    class KeepingLayout(LayoutContext):  # type: ignore[misc]
        reported_footnotes: list[object]

        def __init__(self) -> None:
            self._put_off: dict[int | None, list[object]] = {}
            self._page: int | None = None
            self.reported_footnotes = []
            super().__init__(
                layout.style_for,
                layout.get_image_from_uri,
                layout.font_config,
                layout.counter_style,
                layout.target_collector,
            )

        @property
        def current_page(self) -> int | None:
            return self._page

        @current_page.setter
        def current_page(self, number: int | None) -> None:
            self._put_off[self._page] = list(self.reported_footnotes)
            before = None if number is None else number - 1
            self.reported_footnotes = list(self._put_off.get(before, ()))
            self._page = number
            if number is not None:
                show_page(number)

    keeping: LayoutState = KeepingLayout()
    return keeping


def _ask_for_heights(root: Box, layout: LayoutState, picture_height: PictureHeight) -> None:
    """Makes the pictures below ``root`` ask ``picture_height`` for their greatest height.

    WeasyPrint reads ``max_height`` once a box has its place, and lays the box out again if a page
    changes.
    """
    from weasyprint.formatting_structure.boxes import BlockReplacedBox

    class FittedBox(BlockReplacedBox):  # type: ignore[misc]
        @property
        def max_height(self) -> float:
            return picture_height(self, self.__dict__["max_height"], layout.page_bottom)

        @max_height.setter
        def max_height(self, value: float) -> None:
            self.__dict__["max_height"] = value

    for box in root.descendants():
        if isinstance(box, BlockReplacedBox):
            box.__class__ = FittedBox


# Tags


class TagMismatchError(Exception):
    """WeasyPrint tagged a box in an unknown way."""


TaggedBox = tuple[Box | None, dict[str, Any]]
"""A box with its structure element, a dictionary of pydyf's. The box is None if the element belongs
to a running head, a page number or a leader."""


def find_tagged_boxes(document: Any, pdf: Any) -> list[TaggedBox]:
    """Returns the boxes of ``document`` with their structure elements in ``pdf``, a document of
    pydyf's.

    WeasyPrint does not record the element of a box. It makes the elements in one walk through the
    boxes, however, so the same walk along the list of elements finds them. Raises TagMismatchError
    if the two disagree.
    """
    elements = (
        item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/StructElem"
    )
    if next(elements, {}).get("S") != "/Document":
        raise TagMismatchError
    pairs = [
        pair
        for page in document.pages
        for pair in _walk_tags(page_box(page), "/Document", elements, is_furniture=False)
    ]
    if next(elements, None) is not None:
        raise TagMismatchError
    return pairs


def _walk_tags(
    box: Box, parent: str, elements: Iterator[dict[str, Any]], *, is_furniture: bool
) -> Iterator[TaggedBox]:
    """Follows ``weasyprint.pdf.tags._build_box_tree``."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.pdf.tags import _get_pdf_tag

    box = in_flow(box)
    name = None if box.element is None else box.element_tag
    tag: str = _get_pdf_tag(name)
    if name in ("html", "body") or isinstance(box, boxes.PageBox):
        if isinstance(box, boxes.ParentBox) and not isinstance(box, boxes.LineBox):
            for child in box.children:
                yield from _walk_tags(child, parent, elements, is_furniture=is_furniture)
            return
    elif isinstance(box, boxes.MarginBox):
        for child in box.children:
            yield from _walk_tags(child, parent, elements, is_furniture=True)
        return
    elif tag == "LI" and parent not in ("/LI", "/LBody") and _has_no_marker(box):
        yield box, _next_element(elements, "/LI")
        yield from _walk_tags(box, "/LI", elements, is_furniture=is_furniture)
        return
    # The tags of cells and of items depend on their parents.
    element = _next_element(elements, None if tag in ("LI", "TD", "TH") else f"/{tag}")
    is_furniture = is_furniture or box.is_leader
    yield (None if is_furniture else box), element
    for outer in _tagged_children(box, tag):
        for child in outer.children if isinstance(outer, boxes.LineBox) else [outer]:
            if not is_text(child):
                yield from _walk_tags(child, element["S"], elements, is_furniture=is_furniture)
            elif element["S"] != "/Link":
                yield (None if is_furniture else child), _next_element(elements, None)


def _has_no_marker(item: Box) -> bool:
    return item.element_tag in ("dt", "dd") or (
        item.element_tag == "li"
        and ("list-item" not in item.style["display"] or item.style["list_style_type"] == "none")
    )


def _tagged_children(box: Any, tag: str) -> Sequence[Box]:
    """Returns the children of ``box``. The caption of a table is tagged as a child of the table
    itself.
    """
    if tag == "Table" and box.is_table_wrapper and (table := box.get_wrapped_table()):
        children: list[Box] = []
        for child in box.children:
            children.extend(child.children if child is table else [child])
        box = table.copy_with_children(children)
    found: Sequence[Box] = box.children
    return found


def _next_element(elements: Iterator[dict[str, Any]], tag: str | None) -> dict[str, Any]:
    element = next(elements, None)
    if element is None or (tag is not None and element["S"] != tag):
        raise TagMismatchError
    return element
