"""Reads the bytes of an address in a post: from its folder or archive, from the post itself, or by
a function.

The network is used only through a function that the caller provides.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, unquote_to_bytes

import msgspec

from ..errors import ResourceError
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..model.post import Base, Post
from ..web.addresses import is_data, is_remote
from .picture_addresses import Address, AddressRules
from .sniffing import sniff

Fetch: TypeAlias = Callable[[str], bytes]
"""Returns the bytes of a picture for its URL, which may be an ``Address``, or of a source that is an address;
raises ResourceError. ``media.fetch.Fetcher`` is one."""

_SCHEME = lazy_pattern(r"^[A-Za-z][A-Za-z0-9+.-]*:")
_SMALL = 1_000_000
"""The bytes up to which an archive entry is not suspicious, whatever its compression ratio."""


class Resource(msgspec.Struct, frozen=True):
    """The bytes of a file and their media type."""

    data: bytes
    media_type: str


class Resources:
    """Reads the files that posts name. It caches nothing."""

    def __init__(
        self,
        limits: Limits,
        fetch: Fetch | None = None,
        rules: AddressRules | None = None,
    ) -> None:
        """``rules`` are those of a platform for the addresses of pictures."""
        self._limits = limits
        self._fetch = fetch
        self._rules = rules or AddressRules()

    def leaves(self, href: str) -> bool:
        """Whether ``href`` leads to the network and there is no function to fetch it."""
        return self._fetch is None and is_remote(href)

    def address_of(self, post: Post, href: str) -> Address:
        """Returns the address of a picture on the network, as the function that fetches it is given it."""
        return Address.of(post, href, self._rules)

    def open(self, post: Post, href: str) -> Resource:
        """Reads a file below the post's own folder, in its archive, in a ``data:`` URL, or, if there is a
        function to fetch it, on the network.

        Raises ResourceError if there is none or if it must not be read: ``..``, absolute paths, schemes,
        percent-encoded dots, and links out of the folder are refused.
        """
        for asset in post.assets:
            if asset.href == href:
                return Resource(asset.data, sniff(asset.data))
        if is_data(href):
            return self._from_data_url(href)
        if self._fetch is not None and is_remote(href):
            data = self._fetch(self.address_of(post, href))
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
        except (
            OSError,
            ValueError,
            RuntimeError,
        ) as error:  # RuntimeError is raised for a loop of symbolic links
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
        except Exception as error:  # zlib.error, LZMAError, EOFError, BadZipFile and others are raised for a damaged archive
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
    """Returns ``href`` decoded, without query and fragment; raises ResourceError if it leaves the folder."""
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
