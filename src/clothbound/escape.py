"""Text and attribute values as HTML and XML alike, and addresses that are safe to write."""

from __future__ import annotations

from .lazy_pattern import lazy_pattern
from .model.addresses import scheme_of
from .model.characters import NO_TEXT, text_alone

_SPECIAL = lazy_pattern(f"[&<>{NO_TEXT}]")
# Browsers drop these inside an address, so `java\nscript:` is a scheme to them.
_IGNORED_IN_URL = lazy_pattern("[\x00-\x20\x7f-\xa0\u2028\u2029]")

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel", "ftp", "sms", "geo"})
"""The schemes that an author's address may have."""


def escape(text: str) -> str:
    """``text`` as element content. Characters that XML 1.0 forbids are left out (section 2.2)."""
    if not _SPECIAL.search(text):
        return text
    text = text_alone(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def attribute(text: str) -> str:
    """``text`` as a double-quoted attribute value; line endings and tabs as references, since XML
    would read them as spaces (section 3.3.3).
    """
    return (
        escape(text)
        .replace('"', "&quot;")
        .replace("\t", "&#9;")
        .replace("\n", "&#10;")
        .replace("\r", "&#13;")
    )


def safe_href(href: str) -> str | None:
    """``href`` if its scheme is on the allow-list or it has none, else None."""
    is_plain = href.isprintable() and " " not in href
    bare = href if is_plain else _IGNORED_IN_URL.sub("", href)
    scheme = scheme_of(bare)
    return href.strip() if not scheme or scheme in SAFE_SCHEMES else None
