"""Checks chapters and drawings for content that reading systems refuse, drop or fail on."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from ..destinations import Destination
from ..html.read.block_builders import cell_span
from .faults import Fault, PicturePlace
from .opened_book import parse_xml
from .references import IdsByFile, check_reference, place_of, split_srcset
from .style_checks import check_style

_XHTML = "{http://www.w3.org/1999/xhtml}"
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_NOT_SHOWN = frozenset(
    f"{_XHTML}{name}" for name in ("script", "form", "iframe", "object", "embed", "video", "audio")
)
_SVG = "{http://www.w3.org/2000/svg}"
_WITH_HREF = frozenset(f"{_SVG}{name}" for name in ("image", "use", "feImage"))
_XLINK = "{http://www.w3.org/1999/xlink}href"


def check_document(
    data: bytes, name: str, destination: Destination, places: IdsByFile
) -> Iterator[Fault]:
    try:
        root = parse_xml(data)
    except etree.XMLSyntaxError as error:
        yield Fault(
            f"the document is not well-formed: {error.msg}",
            "correct the markup; two hyphens within a comment are such an error",
            name,
            error.lineno or 0,
        )
        return
    for element, place in find_pictures(root):
        yield from _check_picture(element, place, name, destination, places)
    for element in root.iter():
        if isinstance(element.tag, str):
            yield from _check_element(element, name, destination, places)


def find_pictures(root: Any) -> Iterator[tuple[Any, PicturePlace | None]]:
    """Returns the pictures of a document with their places; a picture of a formula has none."""
    every = list(root.iter(f"{_XHTML}img"))
    counted = [element for element in every if not is_formula(element.get("src", ""))]
    places = {element: PicturePlace(n, len(counted)) for n, element in enumerate(counted)}
    return ((element, places.get(element)) for element in every)


def is_formula(name: str) -> bool:
    """Returns whether a picture shows a formula, provided that clothbound made the book."""
    return posixpath.basename(name).startswith("formula-")


def _check_element(
    element: Any, name: str, destination: Destination, places: IdsByFile
) -> Iterator[Fault]:
    tag = element.tag
    line = element.sourceline or 0
    if tag == f"{_XHTML}table":
        most = destination.table_columns
        rows = element.iter(f"{_XHTML}tr")
        columns = max(
            (sum(cell_span(c.get("colspan", "")) for c in row) for row in rows), default=0
        )
        if most and columns > most:
            yield Fault(
                f"a table has {columns} columns, of which {most} are shown",
                f"write it as lists (destination={destination.name})",
                name,
                line,
                refused=False,
            )
    elif tag == _MATH and not destination.mathml:
        yield Fault(
            "a formula is in MathML, which is not shown",
            f"write it as a picture (destination={destination.name})",
            name,
            line,
        )
    elif tag in _NOT_SHOWN:
        what = tag.removeprefix(_XHTML)
        yield Fault(f"<{what}> does nothing in a book", "remove it", name, line)
    elif tag == f"{_XHTML}style":
        yield Fault(
            "the document contains a style sheet", "put it into a file of its own", name, line
        )
        yield from check_style(element.text or "", name, places, line)
    elif tag == f"{_XHTML}a":
        yield from _check_link(element, name, destination, places)
    elif tag == f"{_XHTML}link" and "stylesheet" in element.get("rel", "").lower().split():
        yield from check_reference("a style sheet", element.get("href", ""), name, places, line)
    yield from _check_references(element, name, places)
    if style := element.get("style"):
        yield from check_style(style, name, places, line)


def check_drawing(data: bytes, name: str, places: IdsByFile) -> Iterator[Fault]:
    """Yields the references of an SVG file to files outside the book."""
    try:
        root = parse_xml(data)
    except etree.XMLSyntaxError as error:
        message = f"the drawing is not well-formed: {error.msg}"
        yield Fault(message, "correct its markup", name, error.lineno or 0)
        return
    for element in root.iter():
        if isinstance(element.tag, str):
            yield from _check_references(element, name, places)
            if element.tag == f"{_SVG}style":
                line = element.sourceline or 1
                yield from check_style(element.text or "", name, places, line)


def _check_references(element: Any, name: str, places: IdsByFile) -> Iterator[Fault]:
    """Checks pictures outside ``src``: those within drawings and those in ``srcset``."""
    addresses = split_srcset(element.get("srcset", ""))
    if element.tag in _WITH_HREF:
        addresses.append(element.get("href") or element.get(_XLINK, ""))
    for address in filter(None, addresses):
        line = element.sourceline or 0
        yield from check_reference("a picture", address, name, places, line)


def _check_picture(
    element: Any, shown: PicturePlace | None, name: str, destination: Destination, places: IdsByFile
) -> Iterator[Fault]:
    line = element.sourceline or 0
    source = element.get("src", "")
    yield from check_reference("a picture", source, name, places, line, shown)
    alt = element.get("alt")
    is_decorative = element.get("role") in ("presentation", "none")
    if alt is None or (destination.needs_alt and not alt.strip() and not is_decorative):
        yield Fault(
            f"a picture has no alternative text: {source[:80]}",
            "describe in its alternative text what it shows",
            name,
            line,
            picture=shown,
            refused=destination.needs_alt,
        )


def _check_link(
    element: Any, name: str, destination: Destination, places: IdsByFile
) -> Iterator[Fault]:
    line = element.sourceline or 0
    href = element.get("href", "")
    try:
        parts = urlsplit(href)
        host = parts.hostname or ""
    except ValueError:
        return
    if parts.scheme == "file":
        yield Fault(
            f"a link leads to a file on one computer: {href[:80]!r}",
            "link to its address on the web, or remove the link",
            name,
            line,
            href,
        )
    elif not parts.scheme and not parts.netloc:
        missing = describe_missing(parts.path, parts.fragment, name, places)
        if missing:
            hint = "correct the link, or remove it"
            yield Fault(f"a link leads to {missing}: {href[:80]!r}", hint, name, line, href)
    rival = next((r for r in destination.rivals if host == r or host.endswith(f".{r}")), "")
    if rival:
        yield Fault(
            f"a link leads to {host}; the store has refused books for links to other shops",
            "link to another site",
            name,
            line,
            href,
            refused=False,
        )


def describe_missing(path: str, fragment: str, name: str, places: IdsByFile) -> str:
    """Describes the missing target of a link within the book; empty if the target exists."""
    place = place_of(path, name)
    ids = places.get(place if path else name)
    if path and place not in places:
        return "a file that is not in the book"
    if fragment and ids is not None and unquote(fragment) not in ids:
        return "an id that its document does not have"
    return ""


def read_ids(data: bytes) -> frozenset[str] | None:
    """Returns the ids of a document; None if it cannot be parsed."""
    try:
        return frozenset(parse_xml(data).xpath("//@id"))
    except etree.XMLSyntaxError:
        return None
