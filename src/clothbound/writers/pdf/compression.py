"""Streams of a PDF, compressed before pydyf writes them."""

from __future__ import annotations

import zlib
from typing import Any

_LEVEL = 6
"""Of zlib. pydyf's 9 needs twice the time for a file that is one in a hundred smaller."""
_BEFORE, _AFTER = b"\nstream\n", b"\nendstream"


def compress_once(pdf: Any) -> None:
    """Compresses the streams of a pydyf document that are to be compressed.

    pydyf compresses each whenever it asks for its bytes, and that is twice: to write them, and to hash
    them for the file's identifier.
    """
    import pydyf

    for item in pdf.objects:
        if isinstance(item, pydyf.Stream) and item.compress:
            plain = pydyf.Stream(item.stream).data
            text = plain[plain.index(_BEFORE) + len(_BEFORE) : -len(_AFTER)]
            item.stream = [zlib.compress(text, _LEVEL)]
            item.extra = {**item.extra, "Filter": "/FlateDecode"}
            item.compress = False
