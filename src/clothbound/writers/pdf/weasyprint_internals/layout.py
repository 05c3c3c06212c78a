"""Lays out a document: postponed notes, numbers of pages, heights of pictures, and PNG as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from ....media.png_chunks import deflated_pixels
from .boxes import Box, LayoutState, PictureHeight, Reference
from .faster_svg import read_paths_once


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
    read_paths_once(loaded.values())
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
