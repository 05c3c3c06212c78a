"""Reads pictures that stand in their own address (``data:``), and cleans those that products hold so.

A product of addresses has no files, so such a picture reaches it as it was written. An SVG among them may hold scripts,
as one in a file may, and loses them here.
"""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote, unquote_to_bytes

from ..errors import ResourceError
from ..web.addresses import is_data

_SVG = "data:image/svg+xml;base64,"


def bytes_of_data_address(href: str, *, most_bytes: int) -> bytes:
    """Returns what a ``data:`` address holds. Raises ResourceError if that is cut off, or longer than ``most_bytes``."""
    head, comma, body = href.partition(",")
    if not comma or len(body) > 2 * most_bytes:
        raise ResourceError("a data: URL that is cut off or too long")
    try:
        return (
            base64.b64decode(unquote(body), validate=False)
            if head.lower().endswith(";base64")
            else unquote_to_bytes(body)
        )
    except (binascii.Error, ValueError) as error:
        raise ResourceError(f"a data: URL that is not base64: {error}") from error


def shown_data_address(href: str) -> str | None:
    """Returns a picture in a ``data:`` address as a product may hold it; None for what is none, or cannot be cleaned.

    Pictures of pixels stay as they are. Of an SVG, what it would run or load is gone.
    """
    kind = href[5:].partition(",")[0].partition(";")[0].lower()
    if not is_data(href) or not kind.startswith("image/"):
        return None
    # Browsers read every type of XML as a document, whatever its name says of pictures.
    if "svg" not in kind and "xml" not in kind:
        return href
    from .svg.cleaning import clean_svg

    try:
        cleaned = clean_svg(bytes_of_data_address(href, most_bytes=len(href)))
    except ResourceError:
        return None
    return _SVG + base64.b64encode(cleaned.data).decode()
