"""The objects of WeasyPrint that are read, each attribute declared, and what kind of box one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypedDict, TypeGuard
from xml.etree.ElementTree import Element


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
