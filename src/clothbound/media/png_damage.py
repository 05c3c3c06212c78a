"""Finds damage in PNG files without making pixels of them.

Decoders disagree about a damaged PNG: Pillow ignores checksums and missing rows, WeasyPrint stops at a broken stream,
Typst at a wrong checksum, and browsers draw the rows before the damage. So clothbound decides for all of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from .png_chunks import png_chunks

_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel, by colour type (PNG, third edition, section 11.2.1)."""
# The passes of Adam7: first column, first row, and the steps to the next ones (section 8.1).
_ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_FILTERS = bytes(range(5))
_AT_ONCE = 1 << 20
"""About how many bytes of pixels are held in memory."""
_LATE_EXIF = (b"eXIf", b"Raw profile type exif", b"XML:com.adobe.xmp")


def png_damage(data: bytes) -> str:
    """Returns what is wrong with the checksums or the pixel data of a PNG; empty if nothing is.

    Every chunk must be whole. The pixels are unpacked in parts and counted, which takes two thirds of the
    time of decoding them.
    """
    stream = []
    header = b""
    ended = False
    for kind, start, end in png_chunks(data):
        with memoryview(data) as view:
            checksum = zlib.crc32(view[start - 4 : end])
        if checksum != int.from_bytes(data[end : end + 4], "big"):
            return f"wrong checksum of {kind.decode('latin-1')}"
        if kind == b"IHDR":
            header = data[start:end]
        elif kind == b"IDAT":
            stream.append(data[start:end])
        ended = kind == b"IEND"
    if not ended:
        return "its end is missing"
    if len(header) != 13 or header[9] not in _SAMPLES:
        return "no header of a picture"
    return _stream_damage(b"".join(stream), header)


def has_late_exif(data: bytes) -> bool:
    """Whether Exif or XMP may follow the pixels, so that only a decoder that has passed them knows it."""
    after = data.rfind(b"IDAT")
    return any(data.find(mark, after) >= 0 for mark in _LATE_EXIF)


def _stream_damage(stream: bytes, header: bytes) -> str:
    unpacker = zlib.decompressobj()
    rest = stream
    for row, rows in _passes(header):
        at_once = max(1, _AT_ONCE // row)
        for first in range(0, rows, at_once):
            wanted = row * min(at_once, rows - first)
            parts = []
            while wanted:
                try:
                    part = unpacker.decompress(rest, wanted)
                except zlib.error:
                    return "broken stream of pixels"
                rest = unpacker.unconsumed_tail
                if not part:
                    return "missing rows of pixels"
                parts.append(part)
                wanted -= len(part)
            if b"".join(parts)[::row].translate(None, _FILTERS):
                return "broken stream of pixels"
    try:
        unpacker.decompress(rest, 1)  # reads the checksum at the end of the stream
    except zlib.error:
        return "broken stream of pixels"
    return ""


def _passes(header: bytes) -> Iterator[tuple[int, int]]:
    """Yields the bytes of a row, its filter included, and the number of rows of each pass."""
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    bits = header[8] * _SAMPLES[header[9]]
    for column, row, columns, rows in _ADAM7 if header[12] else ((0, 0, 1, 1),):
        wide = -(-(width - column) // columns)
        high = -(-(height - row) // rows)
        if wide > 0 and high > 0:
            yield 1 + -(-wide * bits // 8), high
