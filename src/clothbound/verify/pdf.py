"""Reads the content of a PDF page by page: its words, the pictures and formulas of its tags, its links.

What stands at the head and foot of pages is marked as an artifact in a tagged PDF, and is left out by that mark.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from ..errors import MissingEngineError, ReadError
from .content import Item, Kind, address_of, words_of

_DIVIDED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]*\n[ \t]*(?=[^\W\d_])")

# A PDF says of the sign of tanwin what its first cluster was, lam and alef with it.
_TANWIN = (
    ("\u0644\u064b\u0627\u0627", "\u064b\u0627"),
    ("\u0644\u0627\u0644\u064b\u0627", "\u0644\u064b\u0627"),
)


def read_pdf(path: Path) -> list[Item]:
    """Returns the content of a PDF. Raises ReadError and MissingEngineError."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise MissingEngineError(
            "reading a PDF needs pypdf, which is not installed", hint="pip install pypdf"
        ) from error
    try:
        reader = PdfReader(path)
        tagged = _tags_by_page(reader)
        items: list[Item] = []
        for page in reader.pages:
            items += _words(page)
            reference = page.indirect_reference
            found = tagged.get(reference.idnum, []) if reference else []
            items += found
            items += _untagged_pictures(page, found)
            items += _links(page)
        return items
    except PyPdfError as error:
        raise ReadError(f"is not a PDF that can be read: {error}", source=str(path)) from error


class _ShownText:
    """Hears what a page shows, and leaves out what is marked as an artifact: heads, feet and decoration."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._depth = 0
        self._artifact = 0

    def operator(self, operator: bytes, operands: Any, *_: Any) -> None:
        if operator in (b"BMC", b"BDC"):
            self._depth += 1
            self.parts.append(" ")  # Cells beside each other have no space between them.
            if not self._artifact and operands and operands[0] == "/Artifact":
                self._artifact = self._depth
        elif operator == b"EMC":
            if self._artifact == self._depth:
                self._artifact = 0
            self._depth -= 1

    def text(self, text: str, *_: Any) -> None:
        if not self._artifact:
            self.parts.append(text)


def _words(page: Any) -> list[Item]:
    shown = _ShownText()
    page.extract_text(visitor_operand_before=shown.operator, visitor_text=shown.text)
    text = "".join(shown.parts)
    for extracted, written in _TANWIN:
        text = text.replace(extracted, written)
    return words_of(_DIVIDED.sub("\u00ad", text))


def _tags_by_page(reader: Any) -> dict[int, list[Item]]:
    """Returns the pictures and formulas of the structure tree by the number of their page's object."""
    root = reader.trailer["/Root"].get("/StructTreeRoot")
    found: dict[int, list[Item]] = defaultdict(list)
    if root is None:
        return found
    pending: list[tuple[Any, int]] = [(root.get_object(), 0)]
    while pending:
        element, page = pending.pop()
        own = element.raw_get("/Pg").idnum if "/Pg" in element else page
        tag = element.get("/S", "")
        children = [child for child in _children(element) if isinstance(child, dict)]
        if tag in ("/Figure", "/Formula"):
            place = own or _first_page(element)
            if tag == "/Figure":
                found[place].append(Item(Kind.PICTURE, "", 0))
            found[place] += words_of(str(element.get("/Alt", "")))
        pending.extend((child, own) for child in reversed(children))
    return found


def _children(element: Any) -> list[Any]:
    kids = element.get("/K")
    if kids is None:
        return []
    kids = kids.get_object()
    return [kid.get_object() for kid in kids] if isinstance(kids, list) else [kids]


def _first_page(element: Any) -> int:
    pending = [element]
    while pending:
        one = pending.pop()
        if "/Pg" in one:
            return int(one.raw_get("/Pg").idnum)
        pending.extend(child for child in reversed(_children(one)) if isinstance(child, dict))
    return 0


def _untagged_pictures(page: Any, tagged: list[Item]) -> list[Item]:
    """Returns the pictures of a page beyond those that tags tell of: decoration, and all of a PDF without tags."""
    told = sum(item.kind is Kind.PICTURE for item in tagged)
    return [Item(Kind.PICTURE, "", 0)] * max(0, len(page.images) - told)


def _links(page: Any) -> list[Item]:
    found = []
    for reference in page.get("/Annots") or ():
        annotation = reference.get_object()
        if annotation.get("/Subtype") != "/Link":
            continue
        action = annotation.get("/A")
        address = str(action.get_object().get("/URI", "")) if action is not None else ""
        found.append(Item(Kind.LINK, address_of(address), 0))
    return found
