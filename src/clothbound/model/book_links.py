"""Addresses of posts within a book, ``clothbound:KEY#anchor``: transforms make them, writers convert them.

The scheme promises that the post and the anchor exist, so it is not safe in what an author wrote.
"""

from __future__ import annotations

_SCHEME = "clothbound:"


def book_address(key: str, anchor: str = "") -> str:
    """Returns the address of a post of the book, or of a place in it."""
    return f"{_SCHEME}{key}#{anchor}" if anchor else _SCHEME + key


def split_book_address(address: str) -> tuple[str, str] | None:
    """Returns the key and the anchor, which may be empty; None if ``address`` is not within the book."""
    if not address.startswith(_SCHEME):
        return None
    key, _, anchor = address[len(_SCHEME) :].partition("#")
    return key, anchor


def claims_book_scheme(address: str) -> bool:
    """Whether a browser would read the scheme in ``address``, however an author wrote it."""
    return "".join(address.split()).lower().startswith(_SCHEME)
