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
            "the reading order is empty, so nothing is shown",
            "add an itemref for every chapter to the spine",
            file,
            _line(book.package.find(f".//{OPF}spine")),
        )
        return
    shown = set()
    for entry in entries:
        name = entry.get("idref", "")
        item = book.items.get(name)
        if item is None:
            message = f"the reading order names a file that is not listed: {name[:80]!r}"
        elif item.media_type not in _DOCUMENTS and not item.fallback:
            message = f"the reading order names a file that is not a document: {item.name[:80]!r}"
        else:
            shown.add(name)
            continue
        yield Fault(message, "name a chapter, or remove the entry", file, _line(entry))
    fallbacks = {item.fallback for item in book.items.values()}
    for item in book.of_type("application/xhtml+xml"):
        if item.id not in shown | fallbacks and "nav" not in item.properties:
            yield Fault(
                "the chapter is not in the reading order",
                "add an itemref for it to the spine, or remove it",
                item.name,
            )


def _line(element: object) -> int:
    return getattr(element, "sourceline", None) or 0
