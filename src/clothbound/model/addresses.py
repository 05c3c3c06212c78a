"""What the signs of an address say, without a look at whether it is one."""

from __future__ import annotations


def is_on_web(address: str) -> bool:
    """Returns whether an address begins with ``https://`` or ``http://``, in letters of either case (RFC 3986, 3.1)."""
    return address[:8].lower().startswith(("https://", "http://"))


def without_query(address: str) -> str:
    """Returns an address without its query and fragment: up to the end of its path."""
    return address.partition("#")[0].partition("?")[0]
