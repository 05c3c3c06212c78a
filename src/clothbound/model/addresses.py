"""What the signs of an address say, without a look at whether it is one."""

from __future__ import annotations

from ..lazy_pattern import lazy_pattern

_SCHEME = lazy_pattern(r"([A-Za-z][A-Za-z0-9+.-]*):")


def scheme_of(address: str) -> str:
    """Returns the scheme of an address in lower case, as ``https`` (RFC 3986, 3.1); empty if it has none."""
    found = _SCHEME.match(address)
    return found[1].lower() if found else ""


def is_relative(address: str) -> bool:
    """Returns whether an address has neither a scheme nor a host: where it leads depends on where it stands."""
    return not address.startswith("//") and not scheme_of(address)


def is_on_web(address: str) -> bool:
    """Returns whether an address begins with ``https://`` or ``http://``, in letters of either case (RFC 3986, 3.1)."""
    return address[:8].lower().startswith(("https://", "http://"))


def without_query(address: str) -> str:
    """Returns an address without its query and fragment: up to the end of its path."""
    return address.partition("#")[0].partition("?")[0]
