"""Checks the reading order (the spine). Reading systems show only the documents in it.

Source: EPUB 3.3, section 5.7.
"""

from __future__ import annotations

from collections.abc import Iterator

from .faults import Fault
from .opened_book import OPF, OpenedBook

_DOCUMENTS = frozenset({"application/xhtml+xml", "image/svg+xml"})


def check_reading_order(book: OpenedBook) -> Iterator[Fault]:
    entries = list(book.package.iter(f"{OPF}itemref"))
    file = book.package_name
    if not entries:
        yield Fault(
            "the reading order is empty: nothing is shown",
            "name every chapter by an itemref in the spine",
            file,
            _line(book.package.find(f".//{OPF}spine")),
        )
        return
    shown = set()
    for entry in entries:
        name = entry.get("idref", "")
        item = book.items.get(name)
        if item is None:
            message = f"the reading order names what is not listed: {name[:80]!r}"
        elif item.media_type not in _DOCUMENTS and not item.fallback:
            message = (
                f"the reading order names something that is not a document: {item.name[:80]!r}"
            )
        else:
            shown.add(name)
            continue
        yield Fault(message, "name a chapter, or leave the entry out", file, _line(entry))
    stands_in = {item.fallback for item in book.items.values()}
    for item in book.of_type("application/xhtml+xml"):
        if item.id not in shown | stands_in and "nav" not in item.properties:
            yield Fault(
                "a chapter that is not in the reading order",
                "name it by an itemref in the spine, or leave it out",
                item.name,
            )


def _line(element: object) -> int:
    return getattr(element, "sourceline", None) or 0
