"""What WeasyPrint 70's tags lack for PDF/UA-1, put in before the file is written.

It knows a dozen elements of HTML and tags all else as nothing in particular, and it tags running heads
as text that belongs nowhere. It keeps no way from a box to its tag; but it makes the tags in one walk
through the boxes, and the same walk, made again beside the list of its objects, finds them. Where the
two do not agree, as after a change of the engine, the tags stay as they are and ``mend_tags`` says so.

Objects are pydyf's. Source: ISO 14289-1:2014; ISO 32000-1, 14.8.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

FORMULA = "formula"
NOTE = "note"
CONTENTS = "toc"
"""Classes of our HTML that have tags of their own."""

_CONTENTS_TAGS = {"/L": "/TOC", "/LI": "/TOCI", "/LBody": "/Reference"}

_DROPPED_EMPTY = frozenset({"/Span", "/Link", "/LI", "/LBody"})
_PRINT = 4
"""The flag of an annotation that is printed too."""


class _MismatchError(Exception):
    """The walk met another tag than WeasyPrint made."""


def mend_tags(document: Any, pdf: Any) -> bool:
    """Whether the tags of all boxes were found; if not, only what needs no box was mended."""
    by_reference = {item.reference: item for item in pdf.objects}
    _print_annotations(pdf)
    try:
        pairs = list(_pairs(document, pdf))
    except _MismatchError:
        found = False
    else:
        found = True
        _set_tags(pairs)
        _hide_furniture(pdf, by_reference, [item for box, item in pairs if box is None])
    _mend_lists(pdf, by_reference)
    _mend_links(pdf, by_reference)
    _drop_empty(pdf, by_reference)
    return found


def _print_annotations(pdf: Any) -> None:
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/Annot":
            item["F"] = _PRINT


# from boxes to tags


def _pairs(document: Any, pdf: Any) -> Iterator[tuple[Any, Any]]:
    """Boxes with their tags, in the order in which WeasyPrint made them; None for a box of the page's
    furniture. Raises _MismatchError.
    """
    items = (
        item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == "/StructElem"
    )
    if next(items, {}).get("S") != "/Document":
        raise _MismatchError
    for page in document.pages:
        yield from _walk(page._page_box, "/Document", items, furniture=False)
    if next(items, None) is not None:
        raise _MismatchError


def _walk(
    box: Any, parent: str, items: Iterator[Any], *, furniture: bool
) -> Iterator[tuple[Any, Any]]:
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout.absolute import AbsolutePlaceholder
    from weasyprint.pdf.tags import _get_pdf_tag

    if isinstance(box, AbsolutePlaceholder):
        box = box._box
    name = None if box.element is None else box.element_tag
    tag = _get_pdf_tag(name)
    if name in ("html", "body") or isinstance(box, boxes.PageBox):
        if isinstance(box, boxes.ParentBox) and not isinstance(box, boxes.LineBox):
            for child in box.children:
                yield from _walk(child, parent, items, furniture=furniture)
            return
    elif isinstance(box, boxes.MarginBox):
        for child in box.children:
            yield from _walk(child, parent, items, furniture=True)
        return
    elif tag == "LI" and parent not in ("/LI", "/LBody"):
        bare = name == "li" and (
            "list-item" not in box.style["display"] or box.style["list_style_type"] == "none"
        )
        if name in ("dt", "dd") or bare:
            yield box, _next(items, "/LI")
            yield from _walk(box, "/LI", items, furniture=furniture)
            return
    # Cells and items of lists are tagged by what they stand in.
    item = _next(items, None if tag in ("LI", "TD", "TH") else f"/{tag}")
    shown = box
    # The dots of the contents are for the eye.
    furniture = furniture or box.is_leader
    yield (None if furniture else box), item
    if tag == "Table" and box.is_table_wrapper and (table := box.get_wrapped_table()):
        children: list[Any] = []
        for child in box.children:
            children.extend(child.children if child is table else [child])
        shown = table.copy_with_children(children)
    for outer in getattr(shown, "children", ()):
        for child in outer.children if isinstance(outer, boxes.LineBox) else [outer]:
            if not isinstance(child, boxes.TextBox):
                yield from _walk(child, item["S"], items, furniture=furniture)
            elif item["S"] != "/Link":
                yield (None if furniture else child), _next(items, None)


def _next(items: Iterator[Any], tag: str | None) -> Any:
    item = next(items, None)
    if item is None or (tag is not None and item["S"] != tag):
        raise _MismatchError
    return item


def _set_tags(pairs: list[tuple[Any, Any]]) -> None:
    import pydyf

    notes: set[int] = set()
    for box, item in pairs:
        element = None if box is None else box.element
        if element is None:
            continue
        classes = element.get("class", "").split()
        if item["S"] == "/Figure" and FORMULA in classes:
            item["S"] = "/Formula"
        elif NOTE in classes and box.element_tag == "span" and id(element) not in notes:
            # The outermost of its boxes; its mark and number have tags of their own.
            notes.add(id(element))
            item["S"] = "/Note"
            item["ID"] = pydyf.String(f"note-{len(notes)}")
        elif CONTENTS in classes and item["S"] in _CONTENTS_TAGS:
            below = element.tag == "li" and element.find("ol") is not None
            item["S"] = (
                "/NonStruct" if below and item["S"] == "/LBody" else _CONTENTS_TAGS[item["S"]]
            )
        if item["S"] == "/TH":
            row = element.get("scope") == "row"
            item["A"]["Scope"] = "/Row" if row else "/Column"
        if element.get("lang"):
            item["Lang"] = pydyf.String(element.get("lang"))


def _hide_furniture(pdf: Any, by_reference: dict[bytes, Any], tags: list[Any]) -> None:
    """Makes running heads, page numbers and dots artifacts."""
    import pydyf

    marks: dict[bytes, set[int]] = {}
    for item in tags:
        numbers = {kid for kid in item["K"] if isinstance(kid, int)}
        marks.setdefault(item["Pg"], set()).update(numbers)
        above = by_reference[item["P"]].get("K", [])
        if item.reference in above:
            above.remove(item.reference)
    for item in tags:
        item.clear()
    root = by_reference[pdf.catalog["StructTreeRoot"]]
    numbers = by_reference[root["ParentTree"]]["Nums"]
    parents = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for reference, hidden in marks.items():
        page = by_reference[reference]
        for number in hidden:
            parents[page["StructParents"]][number] = "null"
        stream = by_reference[page["Contents"]].stream
        for position, part in enumerate(stream):
            if isinstance(part, pydyf.Dictionary) and part.get("MCID") in hidden:
                stream[position - 1] = "/Artifact"
                stream[position] = pydyf.Dictionary({"Type": "/Pagination"})


def _mend_lists(pdf: Any, by_reference: dict[bytes, Any]) -> None:
    """Gives each item of a list a body: where a list goes on over a page, the rest has none."""
    import pydyf

    for item in _tags(pdf):
        if item["S"] != "/LI":
            continue
        kids = [(kid, by_reference.get(kid)) for kid in item["K"]]
        if not kids or any(tag is not None and tag.get("S") == "/LBody" for _, tag in kids):
            continue
        body = pydyf.Dictionary(
            {
                "Type": "/StructElem",
                "S": "/LBody",
                "K": pydyf.Array(),
                "Pg": item["Pg"],
                "P": item.reference,
            }
        )
        pdf.add_object(body)
        kept = pydyf.Array()
        for kid, tag in kids:
            if tag is None or tag.get("S") in ("/Lbl", None):
                kept.append(kid)
                continue
            tag["P"] = body.reference
            body["K"].append(kid)
        kept.append(body.reference)
        item["K"] = kept


def _mend_links(pdf: Any, by_reference: dict[bytes, Any]) -> None:
    """What is no link of its own is a piece of one; a link on a picture is called as the picture is."""
    for item in _tags(pdf):
        if item["S"] != "/Link":
            continue
        kids: list[Any] = [by_reference.get(kid, {}) for kid in item["K"]]
        if not any(kid.get("Type") == "/OBJR" for kid in kids):
            item["S"] = "/Span"
        picture: Any = next((kid for kid in kids if kid.get("S") == "/Figure"), {})
        if "Alt" in picture:
            item["Alt"] = picture["Alt"]


def _tags(pdf: Any) -> list[Any]:
    """All structure elements that are left, in the order in which they were made."""
    return [o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/StructElem"]


def _drop_empty(pdf: Any, by_reference: dict[bytes, Any]) -> None:
    """Takes out what has no content: pieces of elements at the end of a line, and their links."""
    # Children were made after their parents.
    for item in reversed(_tags(pdf)):
        if item["S"] not in _DROPPED_EMPTY:
            continue
        annotations = [by_reference.get(kid, {}).get("Obj") for kid in item["K"]]
        parent = by_reference.get(item["P"])
        if not all(annotations) or item.get("Alt") or parent is None:
            continue
        for annotation in annotations:
            page = by_reference[item["Pg"]]
            page["Annots"].remove(annotation)
            by_reference[annotation].clear()
        if item.reference in parent["K"]:
            parent["K"].remove(item.reference)
        item.clear()
