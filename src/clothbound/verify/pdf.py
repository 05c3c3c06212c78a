"""Reads the content of a PDF page by page: its words, the pictures and formulas of its tags, its links.

What stands at the head and foot of pages is marked as an artifact in a tagged PDF, and is left out by that mark.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import MissingEngineError, ReadError
from ..lazy_pattern import lazy_pattern
from .content import Item, Kind, address_of, words_of

_DIVIDED = lazy_pattern(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]*\n[ \t]*(?=[^\W\d_])")
# Where Typst tells that a hyphen is soft by the structure alone, it seems to stand apart from its word.
_APART = lazy_pattern(r"(?<=\w)\s+(?=\u00ad)")

# A string is matched so that nothing in it is taken for an operator.
_DRAWN = lazy_pattern(
    rb"\((?:\\.|[^\\()])*\)"
    rb"|/(?P<name>[^\s()<>\[\]{}/%]+)\s+Do\b"
    rb"|(?P<inline>\bBI\s[^()]*?\sID\s.*?\sEI\b)",
    re.DOTALL,
)

_PAINTING = frozenset(b"f F f* B B* b b* S s sh".split()) | {b"INLINE IMAGE"}
"""Operators that paint what is not text."""

# pypdf leaves strings in the contents of a page undecoded.
_CODE_OF_AN_ADDRESS = lazy_pattern(r"QR\s?[:\uff1a]\s*\S+\Z")
"""The alternative text of a QR code: the address that it holds, alone."""
_HYPHEN = ("-", b"-", BOM_UTF16_BE + "-".encode("utf-16-be"))
_SOFT_HYPHEN = ("\u00ad", b"\xad", BOM_UTF16_BE + "\u00ad".encode("utf-16-be"))

# A PDF says of the sign of tanwin what its first cluster was, lam and alef with it.
_TANWIN = (
    ("\u0644\u064b\u0627\u0627", "\u064b\u0627"),
    ("\u0644\u0627\u0644\u064b\u0627", "\u0644\u064b\u0627"),
)


def read_pdf(path: Path) -> list[Item]:
    """Returns the content of a PDF; the line of a word or link is its page. Raises ReadError and MissingEngineError."""
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise MissingEngineError(
            "reading a PDF needs pypdf, which is not installed", hint="pip install pypdf"
        ) from error
    try:
        reader = PdfReader(path)
        root: Any = reader.trailer["/Root"]
        pages = [_ShownPage(page) for page in reader.pages]
        by_number = {page.number: page for page in pages}
        tagged = _tags_by_page(reader, by_number)
        items: list[Item] = []
        for number, page in enumerate(pages, 1):
            items += page.words(number)
            items += tagged.get(page.number, [])
            if "/StructTreeRoot" not in root:
                items += [Item(Kind.PICTURE, "", 0)] * page.pictures
            items += _links(page.page, number)
        return items
    except PyPdfError as error:
        raise ReadError(f"is not a PDF that can be read: {error}", source=str(path)) from error


class _Mark(NamedTuple):
    """A marked content: its number, or that of the one around it, and whether it is a hyphen that an author wrote."""

    number: int
    is_hyphen: bool


class _ShownPage:
    """Hears what a page shows, and leaves out what is marked as an artifact: heads, feet and decoration."""

    def __init__(self, page: Any) -> None:
        self.page = page
        reference = page.indirect_reference
        self.number: int = reference.idnum if reference else 0
        self.pictures = 0
        """Pictures outside artifacts."""
        self.drawn: set[int] = set()
        """The numbers of the marked contents that draw something besides text."""
        self._parts: list[str] = []
        self._marks: list[_Mark] = []
        """The marked contents around what comes, the outermost first."""
        self._artifact = 0
        self._written_hyphens = 0
        """How many hyphens have ended whose text is heard next."""
        page.extract_text(visitor_operand_before=self._hear, visitor_text=self._hear_text)

    def _hear(self, operator: bytes, operands: Any, *_: Any) -> None:
        if operator in (b"BMC", b"BDC"):
            self._begin(operands)
        elif operator == b"EMC":
            if self._artifact == len(self._marks):
                self._artifact = 0
            if self._marks:
                self._written_hyphens += self._marks.pop().is_hyphen
        elif operator == b"Do" or operator in _PAINTING:
            pictures = _pictures_in(operator, operands, self.page)
            if not self._artifact:
                self.pictures += pictures
            if self._marks and (pictures or operator in _PAINTING or _is_form(operands, self.page)):
                self.drawn.add(self._marks[-1].number)

    def _begin(self, operands: Any) -> None:
        properties = operands[1] if len(operands) > 1 else None
        number = properties.get("/MCID") if isinstance(properties, dict) else None
        outer = self._marks[-1].number if self._marks else -1
        text = properties.get("/ActualText") if isinstance(properties, dict) else None
        self._marks.append(_Mark(int(number) if number is not None else outer, text in _HYPHEN))
        if text in _SOFT_HYPHEN:
            # Typst marks the hyphen of a divided word on its own; the hyphen belongs to the word before it.
            while self._parts and not self._parts[-1].strip():
                self._parts.pop()
        else:
            self._parts.append(" ")  # Cells beside each other have no space between them.
        if not self._artifact and operands and operands[0] == "/Artifact":
            self._artifact = len(self._marks)

    def _hear_text(self, text: str, *_: Any) -> None:
        if self._written_hyphens and text:
            # Where a divided word comes first, Typst gives the glyph of all hyphens the text of a soft one.
            text = text.replace("\u00ad", "-", self._written_hyphens)
            self._written_hyphens = 0
        if not self._artifact:
            self._parts.append(text)

    def words(self, number: int) -> list[Item]:
        """Returns the words of the page, with its number; one that a line's end divides is whole."""
        text = "".join(self._parts).replace("\u200b", "")
        for extracted, written in _TANWIN:
            text = text.replace(extracted, written)
        return words_of(_DIVIDED.sub("\u00ad", _APART.sub("", text)), number)


def _tags_by_page(reader: Any, pages: Mapping[int, _ShownPage]) -> dict[int, list[Item]]:
    """Returns the pictures and formulas of the structure tree by the number of their page's object.

    A figure whose contents draw nothing is no picture: it was cut out, and its tag was left. Nor is the QR code of an
    address, which no post has.
    """
    root = reader.trailer["/Root"].get("/StructTreeRoot")
    found: dict[int, list[Item]] = defaultdict(list)
    if root is None:
        return found
    pending: list[tuple[Any, int]] = [(root.get_object(), 0)]
    while pending:
        element, page = pending.pop()
        own = _page_of(element, page)
        tag = element.get("/S", "")
        children = [child for child in _children(element) if isinstance(child, dict)]
        if tag in ("/Figure", "/Formula"):
            place = own or _first_page(element)
            words = str(element.get("/Alt", ""))
            is_picture = tag == "/Figure" and not _CODE_OF_AN_ADDRESS.match(words)
            if is_picture and _is_drawn(element, place, pages):
                found[place].append(Item(Kind.PICTURE, "", 0))
            found[place] += words_of(words)
        pending.extend((child, own) for child in reversed(children))
    return found


def _page_of(element: Any, outer: int) -> int:
    return int(element.raw_get("/Pg").idnum) if "/Pg" in element else outer


def _is_drawn(element: Any, page: int, pages: Mapping[int, _ShownPage]) -> bool:
    """Returns whether the contents of a figure draw something, those of figures within it left out."""
    for child in _children(element):
        if not isinstance(child, dict):
            if page in pages and int(child) in pages[page].drawn:
                return True
            continue
        own = _page_of(child, page)
        if "/MCID" in child:
            # Contents of a form have numbers of their own, which are not known here.
            is_known = own in pages and "/Stm" not in child
            if not is_known or int(child["/MCID"]) in pages[own].drawn:
                return True
        elif child.get("/Type") == "/OBJR" or (
            child.get("/S") != "/Figure" and _is_drawn(child, own, pages)
        ):
            return True
    return False


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


def _is_form(operands: Any, page: Any) -> bool:
    name = str(operands[0]) if operands else ""
    drawn = _entry(_entry(_entry(page, "/Resources"), "/XObject"), name)
    return bool(drawn.get("/Subtype") == "/Form")


def _pictures_in(operator: bytes, operands: Any, page: Any) -> int:
    """Returns how many pictures an operator of a page draws, those in the forms that it draws included."""
    if operator == b"INLINE IMAGE":
        return 1
    name = str(operands[0]).removeprefix("/") if operator == b"Do" and operands else ""
    return (
        _pictures_drawn(f"/{name} Do".encode("latin-1", "replace"), page, frozenset())
        if name
        else 0
    )


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


def _links(page: Any, number: int) -> list[Item]:
    found = []
    for reference in page.get("/Annots") or ():
        annotation = reference.get_object()
        if annotation.get("/Subtype") != "/Link":
            continue
        action = annotation.get("/A")
        address = str(action.get_object().get("/URI", "")) if action is not None else ""
        found.append(Item(Kind.LINK, address_of(address), number))
    return found
