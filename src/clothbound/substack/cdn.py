"""Substack's image CDN: the original in a URL, and the URLs that the site makes of an original.

Grammar: ``https://substackcdn.com/image/fetch/[$s_!XXXX!,]OPERATIONS/PERCENT-ENCODED-ORIGINAL``.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

WIDTHS = (424, 848, 1272, 1456)
_FETCH = re.compile(
    r"^https?://(?:substackcdn\.com|cdn\.substack\.com)/image/fetch/"
    r"(?:(\$s_![^!/]*!),)?[^/]*/(https?(?:%3[Aa]|:).*)$"
)


class Unwrapped(NamedTuple):
    """``signature`` is ``$s_!XXXX!`` or empty; what it signs is not known, so it is only kept."""

    original: str
    signature: str


def unwrap(url: str) -> Unwrapped:
    """The original of a CDN URL; any other URL is its own original."""
    match = _FETCH.match(url)
    if match is None:
        return Unwrapped(url, "")
    inner = unwrap(unquote(match[2])) if match[2].count("image%2Ffetch") else None
    return Unwrapped(inner.original if inner else unquote(match[2]), match[1] or "")


def wrap(original: str, signature: str = "", width: int = 0, *, webp: bool = False) -> str:
    """The URL by which the CDN serves ``original``, ``width`` pixels wide (0: as it is)."""
    operations = [signature] if signature else []
    if width:
        operations += [f"w_{width}", "c_limit"]
    operations += ["f_webp" if webp else "f_auto", "q_auto:good", "fl_progressive:steep"]
    return f"https://substackcdn.com/image/fetch/{','.join(operations)}/{quote(original, safe='')}"


def srcset(original: str, signature: str = "", *, webp: bool = False) -> str:
    """The four widths that the site offers, in the form of the ``srcset`` attribute."""
    return ", ".join(f"{wrap(original, signature, w, webp=webp)} {w}w" for w in WIDTHS)


def avatar(handle: str) -> str:
    """The picture beside a tweet."""
    return f"https://substackcdn.com/image/twitter_name/w_96/{quote(handle, safe='')}.jpg"
