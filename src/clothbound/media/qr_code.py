"""Draws addresses as QR codes, for readers of paper who cannot follow a link."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

from ..lazy_pattern import lazy_pattern

# Names of query fields that let whoever has the address in.
_SECRET = lazy_pattern(
    r"(?:^|&)[^=&]*(?:token|secret|passw|signature|sig|credential|api_?key|auth|expires)[^=&]*=",
)
_LOCAL = lazy_pattern(r"(?:.+\.)?(?:localhost|local|internal|lan|home\.arpa|test|invalid)\Z")
_LONGEST = 300
"""A longer address makes a code whose squares are too small for a telephone at this size."""


def is_for_everybody(address: str) -> bool:
    """Whether an address may be printed as a code: one of the public web that holds no key."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    is_name = "." in host and not host.replace(".", "").isdigit() and ":" not in host
    return (
        parts.scheme in ("http", "https")
        and is_name
        and len(address) <= _LONGEST
        and parts.username is None
        and not _LOCAL.match(host)
        and not _SECRET.search(parts.query.lower())
    )


def draw_code(address: str) -> bytes:
    """Returns the QR code of ``address`` as an SVG picture without a margin.

    The level of error correction is M (ISO/IEC 18004): 15 % of the squares may be unreadable.
    """
    import segno

    stream = io.BytesIO()
    code = segno.make(address, error="m", micro=False, boost_error=False)
    code.save(stream, kind="svg", border=0, xmldecl=False, nl=False, omitsize=False, scale=4)
    return stream.getvalue()
