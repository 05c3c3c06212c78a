"""Tightens the contents of a book for WeasyPrint, by laying them out alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from ...context import Context
from . import weasyprint
from .contents_fit import SCALES, spills_over
from .fonts import BookFonts
from .weasyprint_internals.boxes import page_box


def tighten_contents(
    document: Any,
    tree: Element,
    sheets: Sequence[str],
    files: Mapping[str, tuple[bytes, str]],
    fonts: BookFonts,
) -> bool:
    """Sets the gaps between the entries of the contents in ``tree``, which was laid out as ``document``, if few
    spill over; returns whether it did.

    The contents are laid out alone for it, which takes a small part of what the book does.
    """
    contents = next((e for e in tree.iter("nav") if e.get("class") == "contents"), None)
    if contents is None:
        return False
    entries = set(contents.iter("li"))
    pages = _entry_pages(document, entries)
    if not spills_over(pages):
        return False
    alone = _alone(tree, contents)
    for scale in SCALES:
        contents.set("style", f"--contents-scale: {scale}")
        tight = weasyprint.lay_out(alone, sheets, files, Context(), book_fonts=fonts)
        if len(set(_entry_pages(tight, entries))) < len(set(pages)):
            return True
    del contents.attrib["style"]
    return False


def _entry_pages(document: Any, entries: set[Element]) -> list[int]:
    """Returns the page on which each entry begins, in order."""
    found: dict[Element, int] = {}
    for number, page in enumerate(document.pages):
        if found and number > max(found.values()) + 1:
            break
        for box in page_box(page).descendants():
            if box.element in entries:
                found.setdefault(box.element, number)
    return list(found.values())


def _alone(tree: Element, contents: Element) -> Element:
    """Returns a book of the contents, and of a page to which their entries lead."""
    html = Element("html", tree.attrib)
    body = SubElement(html, "body", tree[-1].attrib)
    body.append(contents)
    targets = SubElement(body, "div", {"style": "break-before: page"})
    for link in contents.iter("a"):
        SubElement(targets, "p", {"id": link.get("href", "").removeprefix("#")})
    return html
