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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, BinaryIO, Protocol, TypedDict, TypeGuard
from xml.etree.ElementTree import Element

from ...media.png_chunks import deflated_pixels
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


class Reference(Protocol):
    """Generated content that shows the page of another element: a ``CounterLookupItem``."""

    parse_again: Callable[[dict[str, list[int]]], None]
    missing_counters: list[str]
    """The counters of its own page that it shows."""
    missing_target_counters: dict[str | None, list[str]]
    """The counters that it shows of the pages of others, by the name of the element."""
    page_maker_index: int | None
    """The number of the page on which it stands, from 0; None before it was laid out."""
    pending: bool
    cached_page_counter_values: dict[str, list[int]]


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
    """Does what ``HTML.render`` does, with five changes.

    ``picture_height`` decides how high pictures may be, each page begins with the notes that
    the previous page postponed, numbers of pages in the text cost few further layouts, PNG pictures
    go into the PDF as they are, and ``show_page`` hears the number of each page that is begun, a
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

    loaded: dict[str, Any] = {}
    settings: dict[str, Any] = {**DEFAULT_OPTIONS, **options, "cache": loaded}
    if variant := settings["pdf_variant"]:
        defaults = VARIANTS[variant][1].items()
        settings.update({key: value for key, value in defaults if settings[key] is None})
    counters = CounterStyle()
    profiles: dict[str, Any] = {}
    state = Document._build_layout_context(html, fonts, counters, profiles, settings)
    write_known_pages = _follow_references(state.target_collector)

    def begin_page(number: int) -> None:
        write_known_pages()
        show_page(number)

    layout = _keep_put_off_notes(state, begin_page)
    root = build_formatting_structure(
        html.etree_element, layout.style_for, layout.get_image_from_uri, html.base_url,
        layout.target_collector, counters, layout.footnotes,
    )  # fmt: skip
    _ask_for_heights(root, layout, picture_height)
    pages = [Page(box) for box in layout_document(html, root, layout)]
    _pass_png_through(loaded.values())
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


def _follow_references(collector: Any) -> Callable[[], None]:
    """Makes ``collector``, a ``TargetCollector``, know to which elements ``target-counter()`` refers, and returns a
    function that writes the numbers that have become known, which is called before each page is laid out.

    WeasyPrint files a target that an attribute names (``attr(href)``) under the name None, and takes the
    counters that are wanted of its page for counters of the page that refers to it. So it lays out
    each page with such a reference up to twice more: when any counter has changed, ``pages`` included.
    """
    from weasyprint.css.targets import TargetCollector

    class FollowingCollector(TargetCollector):  # type: ignore[misc]
        references: dict[str | None, list[Reference]]
        """The references to each element, by its name."""
        waiting: list[Reference]
        """Those whose number has become known before their page is laid out."""

        def collect_missing_counters(
            self, parent_box: Any, purpose: str, parse_again: Any, missing: Any, of_targets: Any
        ) -> None:
            if purpose == "content" and None in of_targets:
                content = parent_box.style["content"]
                missing, of_targets = _own_counters(content), _target_counters(content, parent_box)
            super().collect_missing_counters(parent_box, purpose, parse_again, missing, of_targets)
            found = self.counter_lookup_items.get((parent_box, purpose))
            for name in of_targets if self.collecting and found is not None else ():
                self.references.setdefault(name, []).append(found)

        def cache_target_page_counters(
            self, anchor_name: str, counters: Any, page_maker_index: int, page_maker: Any
        ) -> None:
            target = self.target_lookup_items.get(anchor_name)
            if self.collecting or target is None or target.state != "up-to-date":
                return
            before = target.cached_page_counter_values
            target.page_maker_index = page_maker_index
            target.cached_page_counter_values = {
                name: list(values) for name, values in counters.items()
            }
            changed = _changed_counters(before, counters)
            for reference in self.references.get(anchor_name, ()):
                if changed.isdisjoint(reference.missing_target_counters[anchor_name]):
                    continue
                place = reference.page_maker_index
                if place is None or place >= len(page_maker):
                    reference.pending = True
                    self.waiting.append(reference)
                else:
                    page_maker[place][-1]["content_changed"] = True
                    reference.parse_again(reference.cached_page_counter_values)

        def write_known_pages(self) -> None:
            """Writes numbers of pages where they will stand.

            A reference below its target on the same page is not pending any more: ``make_page`` has
            found it, and has the page laid out again.
            """
            for reference in self.waiting:
                if reference.pending:
                    reference.pending = False
                    reference.parse_again(reference.cached_page_counter_values)
            self.waiting.clear()

    collector.__class__ = FollowingCollector
    collector.references, collector.waiting = {}, []
    write: Callable[[], None] = collector.write_known_pages
    return write


def _changed_counters(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    return {name for name in (*before, *after) if before.get(name) != after.get(name)}


def _own_counters(content: Sequence[Any]) -> list[str]:
    """Returns the counters that generated content shows of its own page, and of its place in the text."""
    return [value[0] for kind, value in content if kind in ("counter()", "counters()")]


def _target_counters(content: Sequence[Any], box: Any) -> dict[str | None, list[str]]:
    """Returns the counters that generated content of a box shows of the pages of other elements, by their names."""
    from weasyprint.css.targets import anchor_name_from_token
    from weasyprint.urls import get_url_tuple

    wanted: dict[str | None, list[str]] = {}
    for kind, value in content:
        if kind not in ("target-counter()", "target-counters()"):
            continue
        token, counter = value[:2]
        if token[0] == "attr()":
            attribute, form, fallback = token[1]
            address = box.element.get(attribute, fallback)
            is_url = form == "url"
            token = (form, get_url_tuple(address, box.style.base_url) if is_url else address)
        wanted.setdefault(anchor_name_from_token(token), []).append(counter)
    return wanted


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


# Writing


def write_document(document: Any, target: BinaryIO | None, **options: Any) -> bytes | None:
    """Does what ``Document.write_pdf`` does, without making a list of all pages for each tag."""
    import pydyf
    from weasyprint.document import Document
    from weasyprint.pdf import generate_pdf

    class CountingPDF(pydyf.PDF):  # type: ignore[misc]
        _known: tuple[bytes, ...] = ()

        @property
        def page_references(self) -> tuple[bytes, ...]:
            if len(self._known) != self.pages["Count"]:
                self._known = super().page_references
            return self._known

    names = SimpleNamespace(**{**vars(pydyf), "PDF": CountingPDF})
    generate = _with_names(generate_pdf, pydyf=names)
    write = _with_names(Document.write_pdf, generate_pdf=generate)
    written: bytes | None = write(document, target, **options)
    return written


def _with_names(function: Any, **names: Any) -> Any:
    """Returns a copy of ``function`` for which names of its module mean something else."""
    return FunctionType(
        function.__code__,
        {**function.__globals__, **names},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )


def _pass_png_through(loaded: Iterable[Any]) -> None:
    """Lets the pictures among ``loaded`` go into the PDF as their PNG files have them, where that is possible.

    WeasyPrint decodes each PNG and encodes it again.
    """
    from weasyprint.images import RasterImage

    class PassedImage(RasterImage):  # type: ignore[misc]
        def _get_png_data(self, pillow_image: Any) -> bytes:
            data: bytes = self.image_data.data
            # Of a picture with an alpha channel, WeasyPrint asks for the parts.
            is_file = pillow_image.format == "PNG"
            found = deflated_pixels(data, self.mode) if is_file else None
            encoded: bytes = RasterImage._get_png_data(pillow_image) if found is None else found
            return encoded

    for item in loaded:
        if type(item) is RasterImage:
            item.__class__ = PassedImage


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
