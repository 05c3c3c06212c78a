"""The form in which our reader of Markdown has an address, which what is shown in Markdown must foresee.

mistune, which parses Markdown, percent-encodes addresses. It is not asked itself, since nothing but Markdown needs
to load it.
"""

from __future__ import annotations

from urllib.parse import quote

from ..lazy_pattern import lazy_pattern

KEPT = ":/?#@!$&()*+,;=%"
"""The characters beside letters, digits and ``-._~`` that mistune does not percent-encode."""
_NUMBERED_HOST = lazy_pattern(
    r"^([A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?)%5B([0-9A-Fa-f:.]+)%5D(?=[:/?#]|$)"
)

_PARENTHESIS = lazy_pattern(r"[()]")
_IN_NEW_TAB = lazy_pattern(r"^tab:(?=https?://|/)")


def encode_address(href: str) -> str:
    """Returns an address as it is read of Markdown."""
    return restore_numbered_host(quote(href, safe=KEPT))


def as_target(href: str) -> str:
    """Returns an address as the target of a link in Markdown, without the angle brackets that would be an element of HTML
    where the text around it is no link after all.
    """
    return _PARENTHESIS.sub(r"\\\g<0>", encode_address(href))


def without_tab(href: str) -> str:
    """Returns an address without the ``tab:`` by which Bear Blog opens it in another tab."""
    return _IN_NEW_TAB.sub("", href) if href.startswith("tab:") else href


def restore_numbered_host(href: str) -> str:
    """Returns a percent-encoded address with the brackets around a host that is a number of IPv6 (RFC 3986, section
    3.2.2).
    """
    return _NUMBERED_HOST.sub(r"\1[\2]", href) if "%5B" in href else href
