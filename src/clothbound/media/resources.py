"""Reads the bytes of an address in a post: from its folder or archive, from the post itself, or by
a function.

The network is used only through a function that the caller provides.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, runtime_checkable
from urllib.parse import unquote

import msgspec

from ..errors import ResourceError, reason_of
from ..late_names import late_module
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..model.addresses import is_relative, without_query
from ..model.post import Base, Post
from ..model.post_names import fold_name, forms_of_name
from ..web.addresses import is_data, is_remote
from .data_addresses import bytes_of_data_address
from .picture_addresses import Address, AddressRules
from .sniffing import sniff

if TYPE_CHECKING:
    import zipfile

    from . import zip_parts
else:
    # Posts of archives alone need them.
    zipfile = late_module("zipfile")
    zip_parts = late_module("clothbound.media.zip_parts")

Fetch: TypeAlias = Callable[[str], bytes]
"""Returns the bytes of a picture for its URL, which may be an ``Address``, or of a source that is an address;
raises ResourceError. ``media.fetch.Fetcher`` is one."""

ALIAS = lazy_pattern(r"[~@]/?")
"""The beginning of an address of Astro's that names the folder ``src``: ``~/assets/a.png``."""
_SITE_PATH = lazy_pattern(r"(?:https?://[^/]+)?/([^/?#][^?#]*?)/?$")
_UPWARDS = lazy_pattern(r"(?:\.{1,2}/)+")
_join = os.path.join  # a path for each file that is tried takes twice the time


class Resource(msgspec.Struct, frozen=True, dict=True):
    """The bytes of a file and their media type."""

    data: bytes
    media_type: str

    @cached_property
    def digest(self) -> str:
        """The hash of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


@runtime_checkable
class HasFolder(Protocol):
    """A function that fetches pictures and has a folder of some."""

    def find_by_name(self, name: str) -> bytes | None:
        """Returns the file of this name in the folder, or None. Raises ResourceError."""
        ...


class Resources:
    """Reads the files that posts name. It caches where folders are, the names of the files in a vault, and opened parts
    of archives.
    """

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
        self._vaults: dict[Path, dict[str, list[Path]]] = {}
        self._resolved: dict[str, str] = {}
        """The folders of posts and of sites without links, since all posts of a folder ask for the same ones."""
        self._parts: dict[str, list[zip_parts.ZipPart]] = {}
        self._lock = threading.Lock()

    def leaves(self, href: str) -> bool:
        """Whether ``href`` leads to the network and there is no function to fetch it."""
        return self._fetch is None and is_remote(href)

    def address_of(self, post: Post, href: str) -> Address:
        """Returns the address of a picture on the network, as the function that fetches it is given it."""
        return Address.of(post, href, self._rules)

    def open(self, post: Post, href: str) -> Resource:
        """Reads a file below the post's own folder, in its archive, in a ``data:`` URL, or, if there is a
        function to fetch it, on the network.

        A picture of the site's root, and one that is not in the post's own folder, is looked for in the places of
        ``post.base``, and at last by its name in the folder of the function that fetches, if that has one.

        Raises ResourceError if there is none or if it must not be read: paths and links out of the folder, or out of
        ``post.base.root``, schemes and percent-encoded dots are refused.
        """
        for asset in post.assets:
            if asset.href == href:
                return Resource(asset.data, sniff(asset.data))
        if is_data(href):
            data = bytes_of_data_address(href, most_bytes=self._limits.resource_bytes)
            return Resource(data, sniff(data))
        if self._fetch is not None and is_remote(href):
            data = self._fetch(self.address_of(post, href))
            return Resource(data, sniff(data))
        if not is_relative(href):
            raise ResourceError("is not a local file", source=href[:200])
        if post.base is None:
            raise ResourceError("the post has no folder to look for it in", source=href[:200])
        if post.base.kind == "archive":
            # In the archive of a site, what begins with a slash is seen from the site's root.
            inner = href.lstrip("/") if post.base.places else href
            return self._from_archive(post.base, _safe_name(inner))
        return self._from_folder(post.base, href)

    def _from_folder(self, base: Base, href: str) -> Resource:
        name = _decoded_name(href) if base.root else _safe_name(href)
        try:
            tried = (p for form in forms_of_name(name) for p in self._candidates(base, form))
            path = next(filter(Path.is_file, tried), None)
            data = self._read(path) if path is not None else self._find_elsewhere(name)
        except (
            OSError,
            ValueError,
            RuntimeError,
        ) as error:  # RuntimeError is raised for a loop of symbolic links
            raise ResourceError(f"cannot be read: {reason_of(error)}", source=name[:200]) from error
        if data is None:
            raise ResourceError("no such file", source=name[:200])
        if len(data) > self._limits.resource_bytes:
            raise ResourceError(
                f"is larger than {self._limits.resource_bytes:,} bytes", source=name
            )
        return Resource(data, sniff(data))

    def _read(self, path: Path) -> bytes:
        with path.open("rb") as stream:
            return stream.read(self._limits.resource_bytes + 1)

    def _find_elsewhere(self, name: str) -> bytes | None:
        """Returns a file of this name in the folder of the function that fetches; None if there is none."""
        last = name.rsplit("/", 1)[-1]
        return self._fetch.find_by_name(last) if isinstance(self._fetch, HasFolder) else None

    def _candidates(self, base: Base, name: str) -> Iterator[Path]:
        """Yields the paths at which a file may be, in order. Raises ResourceError for one outside."""
        folder = self._resolve(base.path)
        own = self._resolve(_join(folder, base.prefix)) if base.prefix else folder
        root = self._resolve(base.root) if base.root else own
        if not (_is_within(own, folder) and (not base.root or _is_within(own, root))):
            raise ResourceError("leads out of the post's folder", source=name[:200])
        for path in paths_of_alias(base, name):
            yield self._inside(_join(root, path), root, base, name)
        aliased = ALIAS.match(name)
        of_root = name.startswith("/") or aliased is not None
        inner = name[aliased.end() :] if aliased is not None else name.lstrip("/")
        if not of_root:
            yield self._inside(_join(own, name), root, base, name)
            yield from (
                self._inside(_join(root, place, name), root, base, name) for place in base.beside
            )
        if of_root or "/" in name:
            within = _UPWARDS.sub("", inner)
            for path in paths_of_root(base, within, of_root=of_root):
                yield self._inside(_join(root, path), root, base, name)
        if base.by_name:
            yield from self._named(Path(root), name, Path(own))

    def _resolve(self, folder: str) -> str:
        found = self._resolved.get(folder)
        if found is None:
            found = self._resolved[folder] = os.path.realpath(folder)
        return found

    def _inside(self, path: str, root: str, base: Base, name: str) -> Path:
        real = os.path.realpath(path)
        if not _is_within(real, root):
            whose = f"the folder {Path(root).name!r}" if base.root else "the post's folder"
            raise ResourceError(f"leads out of {whose}", source=name[:200])
        return Path(real)

    def _named(self, root: Path, name: str, own: Path) -> Iterator[Path]:
        """Yields the files of this name in a vault, the nearest to the post first."""
        if root not in self._vaults:
            names: dict[str, list[Path]] = {}
            for place, folders, files in os.walk(root, followlinks=False):
                folders[:] = sorted(one for one in folders if not one.startswith("."))
                for file in sorted(files):
                    names.setdefault(fold_name(file), []).append(Path(place, file))
            self._vaults[root] = names
        wanted = "/" + fold_name(name.strip("/"))
        found = [
            path
            for path in self._vaults[root].get(wanted.rsplit("/", 1)[-1], ())
            if fold_name(f"/{path.relative_to(root).as_posix()}").endswith(wanted)
            and not path.is_symlink()
        ]
        yield from sorted(found, key=lambda path: (path.parent != own, len(path.parts), path))

    def _from_archive(self, base: Base, name: str) -> Resource:
        entry = f"{base.prefix}/{name}" if base.prefix else name
        limits = self._limits
        try:
            with zipfile.ZipFile(base.path) as outer:
                tried = (self._find_entry(outer, base.path, one) for one in forms_of_name(entry))
                found = next(filter(None, tried), None)
                if found is None:
                    raise ResourceError("no such file in the archive", source=name[:200])
                archive, info = found
                if info.file_size > limits.resource_bytes:
                    raise ResourceError(
                        f"is larger than {limits.resource_bytes:,} bytes", source=name
                    )
                if info.file_size > max(zip_parts.SMALL, limits.ratio * info.compress_size):
                    raise ResourceError(
                        f"unpacks to more than {limits.ratio} times its size", source=name
                    )
                data = archive.read(info)
        except ResourceError:
            raise
        except Exception as error:  # zlib.error, LZMAError, EOFError, BadZipFile and others are raised for a damaged archive
            raise ResourceError(f"cannot be read: {reason_of(error)}", source=name[:200]) from error
        return Resource(data, sniff(data))

    def _find_entry(
        self, archive: zipfile.ZipFile, path: str, name: str
    ) -> tuple[zipfile.ZipFile, zipfile.ZipInfo] | None:
        """Returns an entry of an archive or of a part of it, and the ZIP in which it is.

        Of several entries of one name the first counts, as in a reader; ``getinfo`` returns the last.
        """
        info = next((one for one in archive.infolist() if one.filename == name), None)
        if info is not None:
            return archive, info
        with self._lock:
            if path not in self._parts:
                self._parts[path] = list(zip_parts.open_parts(archive, self._limits))
        for folder, part in self._parts[path]:
            for one in part.infolist():
                if folder + one.filename == name:
                    return part, one
        return None


def _is_within(path: str, folder: str) -> bool:
    """Returns whether a path without links is a folder without links, or below it."""
    own, whole = os.path.normcase(path), os.path.normcase(folder)
    return own == whole or own.startswith(_join(whole, ""))


def paths_of_alias(base: Base, name: str) -> Iterator[str]:
    """Yields the paths in ``base.root`` for which the aliases of a site stand in an address."""
    for alias, folder in base.aliases:
        if name.startswith(f"{alias}/"):
            yield f"{folder}/{name.removeprefix(alias).lstrip('/')}".lstrip("/")


def paths_of_root(base: Base, name: str, *, of_root: bool) -> Iterator[str]:
    """Yields the paths in ``base.root`` at which a file may be that is named from the root of a site."""
    for place in base.places:
        yield f"{place}/{name}".lstrip("/")
    path = _SITE_PATH.match(base.site)
    own = f"{path[1]}/" if path is not None else ""
    if of_root and own and name.startswith(own):
        for place in base.places:
            yield f"{place}/{name.removeprefix(own)}".lstrip("/")


def _safe_name(href: str) -> str:
    """Returns ``href`` decoded, without query and fragment; raises ResourceError if it leaves the folder."""
    name = _decoded_name(href)
    if ".." in name.split("/"):
        raise ResourceError("leads out of the post's folder", source=href[:200])
    if name.startswith("/"):
        message = "is named from the root of a site, whose files are not here"
        raise ResourceError(message, source=href[:200])
    return name


def _decoded_name(href: str) -> str:
    """Returns ``href`` decoded, without query and fragment; raises ResourceError if it is no relative path."""
    name = unquote(without_query(href)).replace("\\", "/")
    if "%2e" in name.lower() or "\0" in name or ":" in name.split("/")[0]:
        raise ResourceError("leads out of the post's folder", source=href[:200])
    if not name.strip("/."):
        raise ResourceError("names no file", source=repr(href[:200]))
    return name
