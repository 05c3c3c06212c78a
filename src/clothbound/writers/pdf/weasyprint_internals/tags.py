"""Finds the structure element of each box of a document that was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .boxes import Box, in_flow, is_text, page_box


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
