"""Normalizes addresses for pages, by the URL standard, and shortens them for display."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, quote, urljoin, urlsplit

from ..lazy_pattern import lazy_pattern
from ..model.addresses import is_on_web, scheme_of
from ..model.links import plain_host

# Nearly every address matches, has nothing to repair, and is not parsed.
_PLAIN = lazy_pattern(
    r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:/[A-Za-z0-9\-._~!$&'()*+,;=:@/]*)?"
    r"(?:\?[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*)?(?:#[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*)?"
)
_HOST = lazy_pattern(r"[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]")
# White space around an address, as editors paste it; whichever program wrote the file
# percent-encoded it.
_ROUND = lazy_pattern(r"^(?:\s|%20|%0[9AaDd])+|(?:\s|%20|%0[9AaDd])+$")
_SHOWN = lazy_pattern(r"\s*(?:https?://|www\.|mailto:)\S+\s*\Z", re.I)
_STRAY_PERCENT = lazy_pattern(r"%(?![0-9A-Fa-f]{2})")
_LONGEST = 60
"""The most characters of an address that is shown."""
_BRIEF = 32
_NO_PARTS = SplitResult("", "", "", "", "")
_UNRESERVED = "%/?:@!$&'()*+,;=~-._"


def is_remote(href: str) -> bool:
    """Whether ``href`` leads to the network."""
    return href.lower().startswith(("http:", "https:", "//"))


def is_data(href: str) -> bool:
    """Whether ``href`` is a ``data:`` address, which holds the bytes of its file."""
    return href[:5].lower() == "data:"


def split_url(href: str) -> SplitResult:
    """Returns the parts of an address; all are empty if it is not an address."""
    try:
        return urlsplit(href)
    except ValueError:
        return _NO_PARTS


def hostname_of(href: str) -> str:
    """Returns the host of an address in lower case; empty if there is none."""
    return split_url(href).hostname or ""


def path_of(href: str) -> str:
    """Returns the path of an address; empty if there is none, or if it is not an address."""
    return split_url(href).path


def query_of(href: str, name: str) -> str:
    """Returns a parameter of an address; empty if there is none, or if it is not an address."""
    try:
        return parse_qs(split_url(href).query).get(name, [""])[0]
    except ValueError:
        return ""


def host_of(href: str) -> str:
    """Returns the host of an address in lower case without ``www.``, for comparison and display."""
    return plain_host(hostname_of(href))


def resolve_url(base: str, href: str) -> str | None:
    """Returns ``href`` as seen from the address ``base``; None if either is not an address."""
    try:
        return urljoin(base, href)
    except ValueError:
        return None


def is_address(text: str) -> bool:
    """Whether a text is an address that somebody may copy or type."""
    return bool(_SHOWN.match(text))


def web_address(address: str) -> str:
    """Returns an address of the web in the form of ``absolute_url``; empty for any other."""
    url = absolute_url(address) if address else None
    return url if url and is_on_web(url) else ""


def absolute_url(address: str) -> str | None:
    """Returns an absolute address with invalid characters (RFC 3986) percent-encoded, and the host
    in Punycode.

    Returns None if it is relative, or if no browser could follow it.
    """
    if _PLAIN.fullmatch(address):
        return address
    address = _ROUND.sub("", address)
    if address.startswith("//"):
        address = f"https:{address}"
    if not scheme_of(address):
        return None
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    start, rest = "", address
    if parts.scheme in ("http", "https", "ftp"):
        try:
            host = (parts.hostname or "").encode("idna").decode()
        except UnicodeError:
            return None
        if ":" in host:
            host = f"[{host}]"
        if not _HOST.fullmatch(host) or port == 0:
            return None
        login, at, _ = parts.netloc.rpartition("@")
        place = f"{quote(login, safe='%:')}{at}{host}" + (f":{port}" if port is not None else "")
        start = f"{parts.scheme}://{place}"
        rest = address.split("://", 1)[-1][len(parts.netloc) :]
    head, mark, fragment = rest.partition("#")
    return f"{start}{_encode(head)}{mark}{_encode(fragment)}"


def relative_url(address: str) -> str | None:
    """Returns a relative address with invalid characters (RFC 3986) percent-encoded; None for any
    other address.
    """
    address = _ROUND.sub("", address)
    head, mark, fragment = address.partition("#")
    if not address or address.startswith("//") or ":" in head.partition("?")[0].partition("/")[0]:
        return None
    return f"{_encode(head)}{mark}{_encode(fragment)}"


def _encode(text: str) -> str:
    return quote(_STRAY_PERCENT.sub("%25", text), safe=_UNRESERVED)


def trim_address(href: str) -> str:
    """Returns an address for display: without scheme, ``www.`` and tracking, and cut if it is long."""
    bare = href.split("://", 1)[-1].removeprefix("www.").split("?utm_", 1)[0].rstrip("/") or href
    return bare if len(bare) <= _LONGEST else f"{bare[:_LONGEST]}…"


def summarize_address(href: str) -> str:
    """Returns an address shortened to what tells where a link leads; only the host if it is
    long.
    """
    bare = trim_address(href)
    return bare if len(bare) <= _BRIEF else host_of(href) or bare


def last_segment(href: str) -> str:
    """Returns the last segment of an address's path: the name of the file to which it leads."""
    return href.split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1]
