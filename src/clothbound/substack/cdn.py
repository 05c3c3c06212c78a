"""Substack's image CDN: takes the address of the original out of a URL, and builds the CDN's URLs.

The grammar of a URL is
``https://substackcdn.com/image/fetch/[$s_!XXXX!,]OPERATIONS/PERCENT-ENCODED-ORIGINAL``.
"""

from __future__ import annotations

from operator import itemgetter
from typing import NamedTuple
from urllib.parse import quote, unquote

from ..lazy_pattern import lazy_pattern
from ..web.addresses import hostname_of

WIDTHS = (424, 848, 1272, 1456)
_FETCH = lazy_pattern(
    r"^https?://(?:substackcdn\.com|cdn\.substack\.com)/image/fetch/"
    r"(?:(\$s_![^!/]*!),)?[^/]*/(https?(?:%3[Aa]|:).*)$"
)

# These hosts store the originals; they may refuse requests that do not come through the CDN.
_STORE = "substack-post-media.s3.amazonaws.com"
_OLDER_STORES = ("bucketeer-", ".s3.amazonaws.com")
_CANDIDATE = lazy_pattern(r"(?:^|[\s,])(\S+)(?:\s+(\d{1,9})w)?")


class Unwrapped(NamedTuple):
    """An original's address and the signature of the URL that wrapped it.

    ``signature`` is ``$s_!XXXX!`` or empty. Substack does not document its meaning, so it is only
    preserved.
    """

    original: str
    signature: str


def unwrap(url: str) -> Unwrapped:
    """Returns the original of a CDN URL and its signature; any other URL is its own original."""
    match = _FETCH.match(url)
    if match is None:
        return Unwrapped(url, "")
    inner = unwrap(unquote(match[2])) if match[2].count("image%2Ffetch") else None
    return Unwrapped(inner.original if inner else unquote(match[2]), match[1] or "")


def wrap(original: str, signature: str = "", form: str = "f_auto") -> str:
    """Returns the URL at which the CDN serves ``original``, encoded as ``form`` (such as ``f_jpg``)."""
    operations = [signature] if signature else []
    operations += [form, "q_auto:good", "fl_progressive:steep"]
    return f"https://substackcdn.com/image/fetch/{','.join(operations)}/{quote(original, safe='')}"


def is_stored(original: str) -> bool:
    """Whether a picture lies in Substack's own store, which means that its author uploaded it."""
    host = hostname_of(original)
    start, end = _OLDER_STORES
    return host == _STORE or (host.startswith(start) and host.endswith(end))


def srcsets(original: str, signature: str = "") -> tuple[str, str]:
    """Returns the values of ``srcset`` for the four widths that the site offers: as WebP, and in
    the original encoding.
    """
    start = f"https://substackcdn.com/image/fetch/{signature}{',' if signature else ''}"
    end = f",q_auto:good,fl_progressive:steep/{quote(original, safe='')}"
    webp, auto = (
        ", ".join([f"{start}w_{width},c_limit,{form}{end} {width}w" for width in WIDTHS])
        for form in ("f_webp", "f_auto")
    )
    return webp, auto


def largest(srcset: str) -> str:
    """Returns the address of the widest candidate; empty if there is none.

    Candidates are split at spaces, since the CDN's addresses contain commas.
    """
    found = [(address, int(width)) for address, width in _CANDIDATE.findall(srcset) if width]
    return max(found, key=itemgetter(1))[0] if found else ""


def avatar(handle: str) -> str:
    """Returns the address of the portrait that Substack shows beside a tweet."""
    return f"https://substackcdn.com/image/twitter_name/w_96/{quote(handle, safe='')}.jpg"
