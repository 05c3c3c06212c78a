"""Tells the media type of a file by its bytes, and of an address by its extension."""

from __future__ import annotations

from ..lazy_pattern import lazy_pattern
from ..model.addresses import without_query

_SVG = lazy_pattern(rb"<svg[\s>/]")
# The start and end of each construct that may precede the root element.
_PROLOGUE = ((b"<!--", b"-->"), (b"<?", b"?>"), (b"<!DOCTYPE", b">"))
# Extensions are unreliable: of the 40 pictures named .png in one real archive, 18 were JPEG, WebP or SVG.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"%PDF-", "application/pdf"),
    (b"\x1f\x8b", "application/gzip"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""The beginnings of a ZIP with files in it, and of one without."""
PICTURE_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "heic": "image/heic",
    "svg": "image/svg+xml",
}
"""The media types of pictures by extension, for pictures whose bytes are not at hand."""
WEB_EXTENSIONS = {
    media_type: next(e for e, one in PICTURE_TYPES.items() if one == media_type)
    for media_type in (
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/avif",
        "image/svg+xml",
    )
}
"""The types of pictures that every browser shows, and the extensions of their files."""
PICTURE_FILES = tuple(f".{extension}" for extension in PICTURE_TYPES)
"""The ends of the names of picture files, in lower case."""
_BY_EXTENSION = PICTURE_TYPES | {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
}
"""The media types of pictures and recordings by extension."""
_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"heis": "image/heic",
    b"hevc": "image/heic",
    b"hevx": "image/heic",
    b"isom": "video/mp4",
    b"mp42": "video/mp4",
    b"M4A ": "audio/mp4",
}


def begins_zip(head: bytes) -> bool:
    """Returns whether the first bytes of a file are those of a ZIP."""
    return head.startswith(_ZIP)


def sniff(data: bytes) -> str:
    """Returns the media type of a file by its bytes; ``application/octet-stream`` if it is unknown."""
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    return "image/svg+xml" if _is_svg(data[:4096]) else "application/octet-stream"


def type_of_address(address: str) -> str:
    """Returns the media type of a picture or a recording by the extension in its address; empty for any other."""
    return _BY_EXTENSION.get(without_query(address).rpartition(".")[2].lower(), "")


def _by_brand(data: bytes) -> str:
    """Returns the media type of the major brand, else of the first compatible brand that is known.

    Both AVIF and HEIC files may have the major brand ``mif1`` (ISO/IEC 23008-12, section 10).
    """
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[start : start + 4] for start in range(16, end, 4))]
    known = (_BRANDS[brand] for brand in brands if brand in _BRANDS)
    return next(known, "application/octet-stream")


def _is_svg(head: bytes) -> bool:
    # A single pattern would backtrack over every grouping of a row of comments.
    rest = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    while not _SVG.match(rest):
        start, end = next((pair for pair in _PROLOGUE if rest.startswith(pair[0])), (b"", b""))
        if not start:
            return False
        if start == b"<!DOCTYPE" and b"[" in rest.partition(b">")[0]:
            rest = rest.partition(b"]")[2]
        rest = rest.partition(end)[2].lstrip()
    return True
