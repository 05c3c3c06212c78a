"""Checks that the files which documents and style sheets load are in the book.

Sources: EPUB 3.3, section 3.6 (locations of publication resources); HTML, "srcset attributes".
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from ..lazy_pattern import lazy_pattern
from ..web.addresses import is_data
from .faults import Fault, PicturePlace

IdsByFile: TypeAlias = Mapping[str, "frozenset[str] | None"]
"""The names of all files of a book with the ids in each; None if a file's ids are unknown."""

_CANDIDATE = lazy_pattern(r"([^\s,](?:\S*[^\s,])?)(?:\s[^,]*)?")


def check_reference(
    what: str,
    address: str,
    name: str,
    places: IdsByFile,
    line: int,
    picture: PicturePlace | None = None,
) -> Iterator[Fault]:
    """Checks that ``address``, in the file ``name``, leads to a file of the book.

    ``what`` names the file in messages. ``data:`` URLs and fragments of the same file are not checked.
    """
    try:
        parts = urlsplit(address)
        elsewhere = bool(parts.netloc or parts.scheme)
        path = parts.path
    except ValueError:
        elsewhere, path = False, address
    if address.startswith("#") or is_data(address):
        return
    hint = "put it into the book, or remove it"
    if elsewhere:
        message = f"{what} is on the network and would not be fetched: {address[:80]!r}"
        yield Fault(message, hint, name, line, picture=picture)
    elif not path or place_of(path, name) not in places:
        message = f"{what} is not in the book: {address[:80]!r}"
        yield Fault(message, hint, name, line, picture=picture)


def place_of(path: str, name: str) -> str:
    """Returns the name of the file to which ``path`` leads from the file ``name``."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path)))


def split_srcset(srcset: str) -> list[str]:
    """Returns the addresses in a ``srcset``."""
    return _CANDIDATE.findall(srcset)
