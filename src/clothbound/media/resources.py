"""Bytes for an href of a post: from its own folder or archive, from itself, and from elsewhere only
through a function that the caller gives.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, unquote_to_bytes

import msgspec

from ..errors import ResourceError
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..model.post import Base, Post
from ..web.addresses import is_remote

Fetch: TypeAlias = Callable[[str], bytes]
"""From the URL of a picture to its bytes; raises ResourceError. ``fetching.Fetcher`` is one. The URL
may be an ``Address``."""

_SCHEME = lazy_pattern(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_SVG = lazy_pattern(rb"<svg[\s>/]")
# What may stand before the root element, by how it begins, and what ends it.
_PROLOGUE = ((b"<!--", b"-->"), (b"<?", b"?>"), (b"<!DOCTYPE", b">"))
_SMALL = 1_000_000
"""Bytes up to which no entry of an archive is suspicious, however well it is packed."""

# Media types by the first bytes. Names lie: of the 40 pictures named .png in one real archive, 18
# were JPEG, WebP or SVG.
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
"""The media types of pictures by extension, for those whose bytes are elsewhere."""
MEDIA_TYPES = PICTURE_TYPES | {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
}
"""The same, with recordings."""
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


class Resource(msgspec.Struct, frozen=True):
    """A file's bytes and the media type that the bytes have."""

    data: bytes
    media_type: str


def sniff(data: bytes) -> str:
    """The media type of a file by its bytes; ``application/octet-stream`` if none is known."""
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    return "image/svg+xml" if _is_svg(data[:4096]) else "application/octet-stream"


def _by_brand(data: bytes) -> str:
    """By the major brand, else by the first compatible one that is known: ``mif1`` is the major brand
    of AVIF and of HEIC files (ISO/IEC 23008-12, section 10).
    """
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[start : start + 4] for start in range(16, end, 4))]
    known = (_BRANDS[brand] for brand in brands if brand in _BRANDS)
    return next(known, "application/octet-stream")


def _is_svg(head: bytes) -> bool:
    # No one pattern: it would try every way to group a row of comments.
    rest = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    while not _SVG.match(rest):
        start, end = next((pair for pair in _PROLOGUE if rest.startswith(pair[0])), (b"", b""))
        if not start:
            return False
        if start == b"<!DOCTYPE" and b"[" in rest.partition(b">")[0]:
            rest = rest.partition(b"]")[2]
        rest = rest.partition(end)[2].lstrip()
    return True


class Address(str):
    """A picture's URL that knows the others at which the picture may be had where this one fails."""

    __slots__ = ("others",)

    others: Callable[[], Iterable[str]]


class Resources:
    """Reads the files that posts name. It keeps nothing.

    ``others`` says where else a post has a picture that is not to be had from its own URL.
    """

    def __init__(
        self,
        limits: Limits,
        fetch: Fetch | None = None,
        others: Callable[[Post, str], Iterable[str]] = lambda _, __: (),
    ) -> None:
        self._limits = limits
        self._fetch = fetch
        self._others = others

    def leaves(self, href: str) -> bool:
        """Whether ``href`` leads to the network, and nobody fetches from there."""
        return self._fetch is None and is_remote(href)

    def open(self, post: Post, href: str) -> Resource:
        """The bytes of a file below the post's own folder, in its archive, in ``data:``, or, if there
        is a function to fetch them, on the network.

        Raises ResourceError where there is none or where it may not be read: no ``..``, absolute
        path, scheme, percent-encoded dot, or link that leads out of the folder.
        """
        for asset in post.assets:
            if asset.href == href:
                return Resource(asset.data, sniff(asset.data))
        if href[:5].lower() == "data:":
            return self._from_data_url(href)
        if self._fetch is not None and is_remote(href):
            address = Address(href)
            address.others = lambda: self._others(post, href)
            data = self._fetch(address)
            return Resource(data, sniff(data))
        if _SCHEME.match(href) or href.startswith("//"):
            raise ResourceError("is not a local file", source=href[:200])
        if post.base is None:
            raise ResourceError("the post has no folder to look for it in", source=href[:200])
        name = _safe_name(href)
        if post.base.kind == "archive":
            return self._from_archive(post.base, name)
        return self._from_folder(post.base, name)

    def _from_folder(self, base: Base, name: str) -> Resource:
        limit = self._limits.resource_bytes
        try:
            folder = Path(base.path).resolve()
            own = (folder / base.prefix).resolve()
            path = (own / name).resolve()
            if not (own.is_relative_to(folder) and path.is_relative_to(own)):
                raise ResourceError("leads out of the post's folder", source=name)
            if not path.is_file():
                raise ResourceError("no such file", source=name[:200])
            with path.open("rb") as stream:
                data = stream.read(limit + 1)
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links in a circle
            raise ResourceError(f"cannot be read: {error}", source=name[:200]) from error
        if len(data) > limit:
            raise ResourceError(f"is larger than {limit:,} bytes", source=name)
        return Resource(data, sniff(data))

    def _from_archive(self, base: Base, name: str) -> Resource:
        import zipfile

        entry = f"{base.prefix}/{name}" if base.prefix else name
        limits = self._limits
        try:
            with zipfile.ZipFile(base.path) as archive:
                info = archive.getinfo(entry)
                if info.file_size > limits.resource_bytes:
                    raise ResourceError(
                        f"is larger than {limits.resource_bytes:,} bytes", source=name
                    )
                if info.file_size > max(_SMALL, limits.ratio * info.compress_size):
                    raise ResourceError(
                        f"unpacks to more than {limits.ratio} times its size", source=name
                    )
                data = archive.read(info)
        except KeyError as error:
            raise ResourceError("no such file in the archive", source=name[:200]) from error
        except ResourceError:
            raise
        except Exception as error:  # zlib.error, LZMAError, EOFError, BadZipFile ...: a damaged one
            raise ResourceError(f"cannot be read: {error}", source=name[:200]) from error
        return Resource(data, sniff(data))

    def _from_data_url(self, href: str) -> Resource:
        head, comma, body = href.partition(",")
        if not comma or len(body) > 2 * self._limits.resource_bytes:
            raise ResourceError("a data: URL that is cut off or too long")
        try:
            data = (
                base64.b64decode(unquote(body), validate=False)
                if head.lower().endswith(";base64")
                else unquote_to_bytes(body)
            )
        except (binascii.Error, ValueError) as error:
            raise ResourceError(f"a data: URL that is not base64: {error}") from error
        return Resource(data, sniff(data))


def _safe_name(href: str) -> str:
    """``href`` without query and fragment, decoded; raises where it would leave the folder."""
    path = href.split("#", 1)[0].split("?", 1)[0]
    name = unquote(path).replace("\\", "/")
    segments = name.split("/")
    if (
        name.startswith("/")
        or ".." in segments
        or "%2e" in name.lower()
        or "\0" in name
        or ":" in segments[0]
    ):
        raise ResourceError("leads out of the post's folder", source=href[:200])
    if not name.strip("/."):
        raise ResourceError("names no file", source=repr(href[:200]))
    return name
