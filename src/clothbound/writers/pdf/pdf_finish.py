"""Finishes WeasyPrint's PDF before it is written: tags and fonts.

WeasyPrint 70 knows a dozen elements of HTML and tags all others as ``NonStruct``; it tags running
heads as text outside the tree. PDF/UA-1 requires more. Objects are pydyf's.

Sources: ISO 14289-1:2014; ISO 32000-1, 14.8.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...lazy_pattern import lazy_pattern
from .chapter_tree import FOOT_NOTE, is_decorative
from .font_tables import table_of, with_table
from .fonts import StaticFont
from .weasyprint_internals.boxes import Box, Font, fonts_of
from .weasyprint_internals.tags import TaggedBox, TagMismatchError, find_tagged_boxes

# Classes of our HTML whose elements have tags of their own.
FORMULA = "formula"
CONTENTS = "toc"

_CONTENTS_TAGS = {"/L": "/TOC", "/LI": "/TOCI", "/LBody": "/Reference"}
_TABLE_TAGS = frozenset({"/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TD"})
_DROPPED_EMPTY = frozenset({"/Span", "/Link", "/LI", "/LBody"})
# The flag of an annotation that is printed.
_PRINT = 4

_SUBSET = lazy_pattern(rb"^/[A-Z]{6}\+")
# The places of both times in the table head of a font.
_CREATED, _MODIFIED = slice(20, 28), slice(28, 36)


# Tags


def complete_tags(document: Any, pdf: Any) -> bool:
    """Adds what PDF/UA-1 requires to the tags of ``pdf``.

    Returns whether every box was matched to its structure element; if not, only box-independent
    additions were made.
    """
    by_reference = {item.reference: item for item in pdf.objects}
    _print_annotations(pdf)
    try:
        pairs = find_tagged_boxes(document, pdf)
    except TagMismatchError:
        is_complete = False
    else:
        is_complete = True
        _set_tags(pairs)
        _untag_tables_without_heads(pairs)
        furniture = [item for box, item in pairs if box is None]
        _make_artifacts(pdf, by_reference, furniture, "/Pagination")
        decorations = [item for box, item in pairs if item and _is_decoration(box, item)]
        _make_artifacts(pdf, by_reference, decorations, "/Layout")
    _add_list_bodies(pdf, by_reference)
    _complete_links(pdf, by_reference)
    _drop_empty(pdf, by_reference)
    return is_complete


def _print_annotations(pdf: Any) -> None:
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/Annot":
            item["F"] = _PRINT


def _set_tags(pairs: list[TaggedBox]) -> None:
    """Sets the tags of formulas, notes, contents and header cells, and the languages."""
    import pydyf

    notes: set[int] = set()
    for box, item in pairs:
        if box is None or box.element is None:
            continue
        element = box.element
        classes = element.get("class", "").split()
        if item["S"] == "/Figure" and FORMULA in classes:
            item["S"] = "/Formula"
        elif FOOT_NOTE in classes and box.element_tag == "span" and id(element) not in notes:
            # A note has several boxes; its first is the outermost.
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


def _untag_tables_without_heads(pairs: list[TaggedBox]) -> None:
    """Tags tables without header cells as blocks: a table's tags tell what its columns are."""
    elements = {id(box.element): box.element for box, _ in pairs if box and box.element is not None}
    untagged: set[int] = set()
    for table in [e for e in elements.values() if e.tag == "table"]:
        own = [table, *(e for e in table if e.tag != "caption")]
        rows = [e for group in own for e in group if e.tag == "tr"]
        cells = [cell for row in rows for cell in row]
        if not any(cell.tag == "th" for cell in cells):
            untagged.update(map(id, (*own, *rows, *cells)))
    for box, item in pairs:
        if box and id(box.element) in untagged and item["S"] in _TABLE_TAGS:
            item["S"] = "/Div"
            item.pop("A", None)


def _is_decoration(box: Box | None, item: Any) -> bool:
    return (
        item["S"] == "/Figure"
        and box is not None
        and box.element is not None
        and is_decorative(box.element)
    )


def _make_artifacts(pdf: Any, by_reference: dict[bytes, Any], tags: list[Any], kind: str) -> None:
    """Makes artifacts of running heads, page numbers and leaders (``/Pagination``), or decorative pictures
    (``/Layout``).
    """
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
                stream[position] = pydyf.Dictionary({"Type": kind})


def _add_list_bodies(pdf: Any, by_reference: dict[bytes, Any]) -> None:
    """Gives each list item a body: an item continued on the next page has none there."""
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
        children = pydyf.Array()
        for kid, tag in kids:
            if tag is None or tag.get("S") in ("/Lbl", None):
                children.append(kid)
                continue
            tag["P"] = body.reference
            body["K"].append(kid)
        children.append(body.reference)
        item["K"] = children


def _complete_links(pdf: Any, by_reference: dict[bytes, Any]) -> None:
    """Turns links without an annotation into spans, and gives a link on a picture the picture's
    description.
    """
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
    """Returns the remaining structure elements in the order of their creation."""
    return [o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/StructElem"]


def _drop_empty(pdf: Any, by_reference: dict[bytes, Any]) -> None:
    """Removes elements without content, which WeasyPrint makes of the remains of an element after a
    line break.
    """
    # Children come after their parents in the list.
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


# Fonts


def reset_font_times(pdf: Any) -> None:
    """Resets the modification times of embedded fonts, so that the same book always has the same bytes.

    When a variable font is made static, fontTools writes the current time into ``head.modified``.
    """
    for item in pdf.objects:
        if "Length1" not in getattr(item, "extra", {}):
            continue
        data = item.stream[0]
        head = table_of(data, "head")
        created = head[_CREATED]
        if head[_MODIFIED] != created:
            head = head[: _MODIFIED.start] + created + head[_MODIFIED.stop :]
            item.stream[0] = with_table(data, "head", head)
            item.extra["Length1"] = len(item.stream[0])


def embed_whole_fonts(document: Any, pdf: Any) -> None:
    """Replaces the subsets of the book's own fonts by the whole fonts. Glyphs keep their numbers.

    Fonts of the system stay subsets: a Chinese one alone may be larger than the book.
    """
    # Maps the embedded bytes to their replacement.
    whole: dict[bytes, bytes] = {}
    for font in fonts_of(document):
        face = own_face(document, font)
        if face is None or font.bitmap:
            continue
        whole[font.file_content] = face.without_layout()
        _rename(pdf, font.name, _SUBSET.sub(b"/", font.name))
    for item in pdf.objects:
        if "Length1" in getattr(item, "extra", {}) and item.stream[0] in whole:
            item.stream[0] = whole[item.stream[0]]
            item.extra["Length1"] = len(item.stream[0])


def own_face(document: Any, font: Font) -> StaticFont | None:
    """Returns the face of the book from which a font of a document was made; None for one of the system."""
    style = "normal" if font.style == 0 else "italic"
    faces: Sequence[StaticFont] = document.url_fetcher.faces
    found = [f for f in faces if (f.family, f.source.style) == (font.family, style)]
    return min(found, key=lambda face: abs(face.weight - font.weight), default=None)


def _rename(pdf: Any, old: bytes, new: bytes) -> None:
    for item in pdf.objects:
        if isinstance(item, dict):
            for key in ("BaseFont", "FontName"):
                if item.get(key) == old:
                    item[key] = new
