"""Reads the content of a PDF page by page: its words, the pictures and formulas of its tags, its links.

What stands at the head and foot of pages is marked as an artifact in a tagged PDF, and is left out by that mark.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE
from collections import defaultdict
from pathlib import Path
from typing import Any

from ..errors import MissingEngineError, ReadError
from ..lazy_pattern import lazy_pattern
from .content import Item, Kind, address_of, words_of

_DIVIDED = lazy_pattern(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]*\n[ \t]*(?=[^\W\d_])")

# A string is matched so that nothing in it is taken for an operator.
_DRAWN = lazy_pattern(
    rb"\((?:\\.|[^\\()])*\)"
    rb"|/(?P<name>[^\s()<>\[\]{}/%]+)\s+Do\b"
    rb"|(?P<inline>\bBI\s[^()]*?\sID\s.*?\sEI\b)",
    re.DOTALL,
)

# pypdf leaves strings in the contents of a page undecoded.
_SOFT_HYPHEN = ("\u00ad", b"\xad", BOM_UTF16_BE + "\u00ad".encode("utf-16-be"))

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
            if _is_hyphen(operands):
                # Typst marks the hyphen of a divided word on its own; the hyphen belongs to the word before it.
                while self.parts and not self.parts[-1].strip():
                    self.parts.pop()
            else:
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


def _is_hyphen(operands: Any) -> bool:
    """Returns whether marked content stands for a soft hyphen: the sign that a line's end divides a word."""
    properties = operands[1] if len(operands) > 1 else None
    return isinstance(properties, dict) and properties.get("/ActualText") in _SOFT_HYPHEN


def _words(page: Any) -> list[Item]:
    shown = _ShownText()
    page.extract_text(visitor_operand_before=shown.operator, visitor_text=shown.text)
    text = "".join(shown.parts).replace("\u200b", "")
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
    """Returns the pictures that a page draws beyond those that tags tell of: decoration, and all of a PDF without tags."""
    told = sum(item.kind is Kind.PICTURE for item in tagged)
    contents = page.get_contents()
    drawn = _pictures_drawn(contents.get_data(), page, frozenset()) if contents else 0
    return [Item(Kind.PICTURE, "", 0)] * max(0, drawn - told)


def _pictures_drawn(contents: bytes, owner: Any, outer: frozenset[int]) -> int:
    """Counts the pictures that the contents of a page or form draw, those of the forms that they draw included.

    The resources of ``owner`` do not tell: WeasyPrint's pages share one list of all pictures of the book. ``outer`` are
    the forms around these contents, which a broken file may draw again.
    """
    objects = _entry(_entry(owner, "/Resources"), "/XObject")
    count = 0
    for match in _DRAWN.finditer(contents):
        name = match["name"]
        if name is None:
            count += match["inline"] is not None
            continue
        drawn = _entry(objects, "/" + name.decode("latin-1"))
        if drawn.get("/Subtype") == "/Image":
            count += 1
        elif drawn.get("/Subtype") == "/Form" and id(drawn) not in outer:
            # A form without resources of its own has those of the page.
            inner = drawn if "/Resources" in drawn else owner
            count += _pictures_drawn(drawn.get_data(), inner, outer | {id(drawn)})
    return count


def _entry(dictionary: Any, key: str) -> Any:
    value = dictionary[key] if key in dictionary else None  # noqa: SIM401 - get() does not follow references
    return value if isinstance(value, dict) else {}


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
