"""The parts of PNG files."""

from __future__ import annotations

from collections.abc import Iterator

_PDF_COLOURS = {"L": 0, "RGB": 2}
"""The types of colour (PNG, third edition, section 11.2.1) that are colour spaces of PDF, by Pillow's mode."""


def png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yields the kind of each chunk, and where its content starts and ends (section 5.3)."""
    position = 8
    while position + 12 <= len(data):
        end = position + 8 + int.from_bytes(data[position : position + 4], "big")
        yield data[position + 4 : position + 8], position + 8, end
        position = end + 4


def deflated_pixels(data: bytes, mode: str) -> bytes | None:
    """Returns the pixels of a PNG as they are compressed, which PDF takes with ``/Predictor 15``.

    None if PDF cannot take them: they have not eight bits, are not gray or RGB as ``mode`` says, are
    interlaced, or have a transparent colour (ISO 32000-1, 7.4.4.4).
    """
    parts = []
    for kind, start, end in png_chunks(data):
        if kind == b"IHDR" and data[start + 8 : end] != bytes(
            (8, _PDF_COLOURS.get(mode, 255), 0, 0, 0)
        ):
            return None
        if kind == b"tRNS":
            return None
        if kind == b"IDAT":
            parts.append(data[start:end])
    return b"".join(parts) or None
