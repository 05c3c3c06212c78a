"""Reads and writes files at addresses that fsspec opens, such as ``s3://bucket/name``. No other module uses fsspec.

An address is opened only when the caller of ``convert_many`` gave it as a source or a target; no post, archive or
plan reaches this module. Credentials are the caller's: fsspec and its packages take them from the environment or
from their own settings in each process, so they are never in a task, a result or a message.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from ..errors import (
    LimitError,
    MissingEngineError,
    ReadError,
    UsageError,
    WriteError,
    reason_of,
)
from ..installer import command_to_add
from ..lazy_pattern import lazy_pattern

_PACKAGES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
}
"""The package behind a scheme, which a hint names."""
_SCHEME = lazy_pattern(r"([a-z][a-z0-9+.-]+)://", re.I)
_CHAIN = lazy_pattern(r"::[a-z][a-z0-9+.-]*://|://.*::", re.I | re.S)
_NETWORK = frozenset({"http", "https"})
"""The schemes of addresses that ``Run.fetch`` fetches."""
_LOCAL = frozenset({"file", "local"})
_WHOLE_AT_ONCE = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss"})
"""The schemes of stores in which an upload is there when it is complete, and not before."""
_TAGS = ("ETag", "etag", "md5Hash", "content_md5")
"""The fields in which stores tell the version of an object, in the names of their packages."""
_USER = lazy_pattern(r"//[^/@\s]*@")
_QUERY = lazy_pattern(r"\?[^\s\"'>)]*")


class CloudFile(msgspec.Struct, frozen=True):
    """What a store tells of a file without sending it."""

    size: int
    version: str
    """Changes whenever the bytes do; empty if the store tells none."""


def is_cloud_address(place: str) -> bool:
    """Returns whether a source or target is an address that fsspec opens. Raises UsageError for one that it must not.

    A path is none, nor is a ``file://`` address, nor one of the network, which ``Run.fetch`` fetches.
    """
    if _CHAIN.search(place):
        raise UsageError(
            "an address that leads through another (::) is not opened",
            source=printable_address(place),
        )
    found = _SCHEME.match(place)
    if found is None or found[1].lower() in _NETWORK | _LOCAL:
        return False
    scheme, _, rest = place.partition("://")
    if "@" in rest.partition("/")[0]:
        raise UsageError(
            f"an address of {scheme}:// must not hold a name or a password",
            hint="the environment or the settings of fsspec hold credentials",
        )
    return True


def local_path(place: str) -> str:
    """Returns the path that a ``file://`` address names, and any other place as it is. Raises UsageError."""
    found = _SCHEME.match(place)
    if found is None or found[1].lower() not in _LOCAL:
        return place
    path = place[found.end() :]
    if re.match(r"/[A-Za-z]:", path):
        path = path[1:]
    if not Path(path).is_absolute():
        raise UsageError("names no absolute path", source=place, hint="file:///folder/name")
    return path


def printable_address(address: str) -> str:
    """Returns an address, or a message with addresses, without what may be a credential."""
    return _QUERY.sub("", _USER.sub("//", address))


def address_in(folder: str, name: str) -> str:
    """Returns the address of a file in a folder of a store."""
    return f"{folder.rstrip('/')}/{name}"


def name_in(address: str) -> str:
    """Returns the last part of an address."""
    return PurePosixPath(address.partition("://")[2]).name


def folder_of(address: str) -> str:
    """Returns an address without its last part."""
    return address.rstrip("/").rpartition("/")[0]


def require(address: str) -> None:
    """Raises MissingEngineError or UsageError if addresses of this kind cannot be opened here. Asks for nothing."""
    _package_of(_scheme_of(address), address)


def find(address: str) -> CloudFile | None:
    """Returns what the store tells of a file; None if there is none. Raises ReadError."""
    files, path = _open(address)
    try:
        told = files.info(path)
    except FileNotFoundError:
        return None
    except Exception as error:  # Each store has exceptions of its own.
        raise ReadError(_reason(error), source=printable_address(address)) from None
    if told.get("type") == "directory":
        raise ReadError(
            "is a folder of a store",
            source=printable_address(address),
            hint="name its files, or pack it as a ZIP",
        )
    version = next((str(told[tag]) for tag in _TAGS if told.get(tag)), "")
    return CloudFile(int(told.get("size") or 0), version)


def read(address: str) -> bytes | None:
    """Returns the bytes of a small file; None if there is none. Raises ReadError."""
    files, path = _open(address)
    try:
        # With a start, s3fs asks once, and does not ask for the size first.
        data: bytes = files.cat_file(path, start=0)
    except FileNotFoundError:
        return None
    except Exception as error:
        raise ReadError(_reason(error), source=printable_address(address)) from None
    return data


def download(address: str, path: Path, *, most_bytes: int, found: CloudFile | None = None) -> None:
    """Copies a file to ``path``, which only this user may read. ``found`` is what ``find`` returned, if it was asked.

    Raises ReadError, and LimitError for a file with more than ``most_bytes``.
    """
    called = printable_address(address)
    told = found or find(address)
    if told is None:
        raise ReadError("no such file", source=called)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    files, place = _open(address)
    if told.size <= most_bytes:
        try:
            files.get_file(place, str(path))
        except FileNotFoundError:
            raise ReadError("no such file", source=called) from None
        except Exception as error:
            raise ReadError(_reason(error), source=called) from None
    if max(told.size, path.stat().st_size) > most_bytes:
        raise LimitError(f"is larger than {most_bytes:,} bytes", source=called)


def write(address: str, data: bytes) -> None:
    """Writes a small file in one request. Raises WriteError."""
    _written(address, lambda files, path: files.pipe_file(path, data))


def upload(path: Path, address: str) -> None:
    """Copies the file at ``path`` to an address, where it is whole or not at all. Raises WriteError.

    Where an upload can be seen before it is complete, it goes to a name of its own beside the target, and is moved.
    """

    def put(files: Any, place: str) -> None:
        if _scheme_of(address) in _WHOLE_AT_ONCE:
            files.put_file(str(path), place)
            return
        folder, _, name = place.rpartition("/")
        waiting = f"{folder}/.clothbound-{os.urandom(8).hex()}-{name}.part"
        files.makedirs(folder, exist_ok=True)
        try:
            files.put_file(str(path), waiting)
            files.mv(waiting, place)
        except BaseException:
            if files.exists(waiting):
                files.rm_file(waiting)
            raise

    _written(address, put)


def _written(address: str, put: Callable[[Any, str], object]) -> None:
    files, place = _open(address)
    try:
        put(files, place)
    except Exception as error:
        raise WriteError(
            f"cannot be written: {_reason(error)}", source=printable_address(address)
        ) from None


def _scheme_of(address: str) -> str:
    return address.partition("://")[0].lower()


def _open(address: str) -> tuple[Any, str]:
    """Returns the file system of an address, and the path in it. Raises MissingEngineError and UsageError."""
    _package_of(_scheme_of(address), address)
    from fsspec.core import url_to_fs

    try:
        # A list of files may be older than what another worker wrote.
        files, path = url_to_fs(address, use_listings_cache=False)
    except Exception as error:
        raise UsageError(_reason(error), source=printable_address(address)) from None
    return files, str(path)


def _package_of(scheme: str, address: str) -> None:
    """Raises MissingEngineError if fsspec, or the package that it needs for the scheme, is not installed."""
    try:
        from fsspec.registry import get_filesystem_class
    except ImportError as error:
        raise MissingEngineError(
            f"an address of {scheme}:// needs the package fsspec, which is not installed",
            hint=f"{command_to_add('fsspec')} (the extra 'cloud' of clothbound)",
        ) from error
    try:
        get_filesystem_class(scheme)
    except ImportError as error:
        package = _PACKAGES.get(scheme, "")
        raise MissingEngineError(
            f"an address of {scheme}:// needs {f'the package {package}' if package else 'a package of its own'},"
            " which is not installed",
            hint=command_to_add(package) if package else str(error),
        ) from error
    except ValueError as error:
        raise UsageError(
            f"fsspec opens no address of {scheme}://", source=printable_address(address)
        ) from error


def _reason(error: Exception) -> str:
    """Returns what an exception says, in one line, without what may be a credential."""
    said = " ".join(printable_address(reason_of(error)).split())[:300]
    name = type(error).__name__
    return name if said == name else f"{name}: {said}"
