"""Strips metadata from image files without encoding them again: place, camera, comments, thumbnails.

Data after the end of a picture (a phone's film of the same moment) is removed too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..lazy_pattern import lazy_pattern

# ITU T.81, annex B: a marker in compressed data is FF and neither 00 (a stuffed byte), a restart
# mark, nor a fill byte.
_JPEG_MARKER = lazy_pattern(rb"\xff[^\x00\xd0-\xd7\xff]")
_START_OF_SCAN, _END_OF_IMAGE, _COMMENT = 0xDA, 0xD9, 0xFE
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT cICP pHYs bKGD acTL fcTL fdAT".split()
)
_WEBP_FLAGS = {b"ICCP": 0x20, b"EXIF": 0x08, b"XMP ": 0x04}
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_AVIF_BOXES = frozenset(b"ftyp meta mdat moov moof free skip".split())
_EMPTY_EXIF = b"II*\0\x08\0\0\0\0\0\0\0\0\0"
"""A TIFF header with an empty directory."""


def strip_metadata(data: bytes, media_type: str, *, keep_profile: bool) -> bytes | None:
    """Removes the metadata of a file, and its colour profile unless that is kept.

    Returns None if the file violates its format or the type is unknown. Only encoding it again removes
    its metadata then.
    """
    strip = _STRIPPERS.get(media_type)
    if strip is None:
        return None
    try:
        clean = strip(data, keep_profile)
    except (IndexError, ValueError):
        return None
    return data if clean == data else clean


def _jpeg(data: bytes, keep_profile: bool) -> bytes:
    """Strips a JPEG: markers with segments, and compressed data after each start of scan (ITU T.81, annex B)."""
    parts = [data[:2]]
    position = 2
    while True:
        while data[position + 1] == 0xFF:
            position += 1
        if data[position] != 0xFF:
            raise ValueError
        marker = data[position + 1]
        if marker == _END_OF_IMAGE:
            parts.append(b"\xff\xd9")
            return b"".join(parts)
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        segment = data[position:end]
        if _jpeg_keeps(marker, segment[4:], keep_profile):
            parts.append(segment)
        position = end
        if marker == _START_OF_SCAN:
            found = _JPEG_MARKER.search(data, position)
            if found is None:
                raise ValueError
            parts.append(data[position : found.start()])
            position = found.start()


def _jpeg_keeps(marker: int, content: bytes, keep_profile: bool) -> bool:
    if marker == _COMMENT:
        return False
    if not 0xE0 <= marker <= 0xEF:
        return True
    # Keep JFIF if it has no thumbnail, and Adobe's segment, which gives the encoding of colours.
    if marker == 0xE0:
        return content.startswith(b"JFIF\0") and len(content) == 14
    if marker == 0xE2:
        return keep_profile and content.startswith(b"ICC_PROFILE\0")
    return marker == 0xEE and content.startswith(b"Adobe")


def _png(data: bytes, keep_profile: bool) -> bytes:
    """Strips a PNG: chunks of length, type, data and checksum (PNG, third edition, section 5)."""
    parts = [data[:8]]
    position = 8
    while True:
        kind = data[position + 4 : position + 8]
        if len(kind) < 4:
            raise ValueError
        end = position + 12 + int.from_bytes(data[position : position + 4], "big")
        if kind in _PNG_KEPT or (kind == b"iCCP" and keep_profile):
            parts.append(data[position:end])
        position = end
        if kind == b"IEND":
            return b"".join(parts)


def _gif(data: bytes, _: bool) -> bytes:
    """Strips a GIF of comments and application blocks except loops (GIF89a, from section 12)."""
    position = 13 + _gif_colours(data[10])
    parts = [data[:position]]
    while True:
        start = position
        introducer = data[position]
        if introducer == 0x3B:
            parts.append(b";")
            return b"".join(parts)
        is_kept = True
        if introducer == 0x21:
            label = data[position + 1]
            name = data[position + 3 : position + 14]
            is_kept = label not in (0xFE, 0xFF) or (label == 0xFF and name in _GIF_LOOPS)
            position += 2
        elif introducer == 0x2C:
            position += 11 + _gif_colours(data[position + 9])
        else:
            raise ValueError
        while data[position]:
            position += 1 + data[position]
        position += 1
        if is_kept:
            parts.append(data[start:position])


def _gif_colours(packed: int) -> int:
    return 3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else 0


def _webp(data: bytes, keep_profile: bool) -> bytes:
    """Strips a WebP: RIFF chunks, and the flags for them in VP8X."""
    gone = {kind for kind in _WEBP_FLAGS if kind != b"ICCP" or not keep_profile}
    parts = []
    for kind, chunk in _riff_chunks(data):
        if kind in gone:
            continue
        if kind == b"VP8X":
            flags = chunk[8] & ~sum(_WEBP_FLAGS[name] for name in gone)
            parts.append(chunk[:8] + bytes((flags,)) + chunk[9:])
        else:
            parts.append(chunk)
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def is_lossless_webp(data: bytes) -> bool:
    """Whether the pixels of a WebP are in a chunk of the lossless kind, VP8L (RFC 9649, section 2.6).

    Frames of an animation lie in chunks of chunks; they count as lossy.
    """
    return any(kind == b"VP8L" for kind, _ in _riff_chunks(data))


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 12
    end = min(len(data), 8 + int.from_bytes(data[4:8], "little"))
    while position + 8 <= end:
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        following = position + 8 + size + size % 2
        yield data[position : position + 4], data[position:following]
        position = following


def _avif(data: bytes, _: bool) -> bytes:
    """Overwrites the metadata in place, so that tables of offsets into the file stay valid.

    A profile stays. Only encoding the picture again removes it.
    """
    from io import BytesIO

    from PIL.AvifImagePlugin import AvifImageFile

    data = data[: _end_of_boxes(data)]
    with AvifImageFile(BytesIO(data)) as picture:
        exif = picture.info.get("exif", b"").removeprefix(b"Exif\0\0")
        xmp = picture.info.get("xmp", b"")
    for block, blank in ((exif, _EMPTY_EXIF.ljust(len(exif), b"\0")), (xmp, b" " * len(xmp))):
        if not block:
            continue
        if data.count(block) != 1 or len(block) != len(blank):
            raise ValueError
        data = data.replace(block, blank)
    return data


def _end_of_boxes(data: bytes) -> int:
    """Returns the end of the last box of a picture (ISO/IEC 14496-12, section 4.2)."""
    position = 0
    while data[position + 4 : position + 8] in _AVIF_BOXES:
        size = int.from_bytes(data[position : position + 4], "big")
        if size == 1:
            size = int.from_bytes(data[position + 8 : position + 16], "big")
        if size < 8:
            return len(data)
        position += size
    return position


_STRIPPERS: dict[str, Callable[[bytes, bool], bytes]] = {
    "image/avif": _avif,
    "image/gif": _gif,
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
}
