"""Puts a table into a finished font, and leaves all others as they are."""

from __future__ import annotations

import io
from typing import Any


def with_table(data: bytes, tag: str, table: bytes) -> bytes:
    """Returns the font ``data`` with ``table`` as its table ``tag``.

    Tables are neither parsed nor sorted, which takes ten times as long.
    """
    from fontTools.ttLib.sfnt import SFNTReader, SFNTWriter

    reader: Any = SFNTReader(io.BytesIO(data), checkChecksums=0)
    made = io.BytesIO()
    writer: Any = SFNTWriter(made, len(reader.tables), reader.sfntVersion)
    for name in reader.tables:
        writer[name] = table if name == tag else reader[name]
    writer.close()
    return made.getvalue()


def table_of(data: bytes, tag: str) -> bytes:
    """Returns the table ``tag`` of a font as bytes; none if the font lacks it."""
    from fontTools.ttLib.sfnt import SFNTReader

    reader: Any = SFNTReader(io.BytesIO(data), checkChecksums=0)
    return bytes(reader[tag]) if tag in reader else b""
