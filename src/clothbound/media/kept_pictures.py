"""Keeps the pictures of an edition beside it, so that the book can be made again when they have left the network.

The folder has each picture once, in a file that is named by the SHA-256 of its bytes, and ``pictures.jsonl`` with a
line of JSON for each address: ``{"address": ..., "sha256": ..., "type": ..., "size": ...}``. The last line of an
address counts. A picture is written whole before its line is, and lines are only appended: an interrupted run leaves
what was kept before it, and two runs may share a folder.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec

from ..errors import ResourceError, WriteError, reason_of
from ..lazy_pattern import lazy_pattern
from ..staging import staged_file
from .sniffing import PICTURE_TYPES, sniff

INDEX = "pictures.jsonl"
_FILE = lazy_pattern(r"([0-9a-f]{64})(?:\.[a-z]{3,4})?")


class KeptPicture(msgspec.Struct, frozen=True):
    """A line of the index."""

    address: str
    sha256: str
    type: str
    """The media type."""
    size: int
    """The bytes of the picture."""

    @property
    def file(self) -> str:
        """The name of the picture's file."""
        extension = next((e for e, one in PICTURE_TYPES.items() if one == self.type), "")
        return f"{self.sha256}.{extension}" if extension else self.sha256


class KeptPictures:
    """The folder of kept pictures. The index is read when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index: dict[str, KeptPicture] | None = None
        self._used: set[str] = set()

    def __contains__(self, address: str) -> bool:
        return address in self._load()

    def find(self, address: str) -> bytes | None:
        """Returns the picture that was kept for an address, or None.

        Raises ResourceError if its file is missing, or is not what was kept.
        """
        entry = self._load().get(address)
        if entry is None:
            return None
        self._used.add(entry.sha256)
        try:
            with (self.folder / entry.file).open("rb") as stream:
                data = stream.read(entry.size + 1)
        except OSError as error:
            raise ResourceError(
                f"{self._name(entry)} cannot be read: {reason_of(error)}"
            ) from error
        if hashlib.sha256(data).hexdigest() != entry.sha256:
            raise ResourceError(f"{self._name(entry)} is damaged: its bytes do not have its hash")
        return data

    def keep(self, address: str, data: bytes) -> None:
        """Keeps a picture for an address. Raises WriteError if it cannot be written."""
        entry = KeptPicture(address, hashlib.sha256(data).hexdigest(), sniff(data), len(data))
        try:
            self._write(entry, data)
            if self._load().get(address) != entry:
                self._append(entry)
        except OSError as error:
            message = f"pictures cannot be kept: {reason_of(error)}"
            raise WriteError(message, source=str(self.folder)) from error
        self._load()[address] = entry
        self._used.add(entry.sha256)

    def unused(self) -> tuple[str, ...]:
        """Returns the pictures in the folder that were neither found nor kept here, by address or else by file."""
        named = {entry.sha256: entry.address for entry in self._load().values()}
        try:
            files = sorted(path.name for path in self.folder.iterdir())
        except OSError:
            return ()
        digests = {match[1]: name for name in files if (match := _FILE.fullmatch(name))}
        return tuple(
            named.get(digest, name) for digest, name in digests.items() if digest not in self._used
        )

    def _name(self, entry: KeptPicture) -> str:
        return f"{self.folder.name}/{entry.file}"

    def _load(self) -> dict[str, KeptPicture]:
        if self._index is None:
            self._index = {}
            try:
                lines = (self.folder / INDEX).read_bytes().split(b"\n")
            except OSError:
                lines = []
            for line in lines:
                try:
                    entry = msgspec.json.decode(line, type=KeptPicture)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    continue  # empty, or cut off by the end of a run; its picture is kept again
                if _FILE.fullmatch(entry.sha256):
                    self._index[entry.address] = entry
        return self._index

    def _write(self, entry: KeptPicture, data: bytes) -> None:
        target = self.folder / entry.file
        try:
            if target.read_bytes() == data:
                return
        except OSError:
            self.folder.mkdir(parents=True, exist_ok=True)
        with staged_file(target) as (made, stream):
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            made.replace(target)

    def _append(self, entry: KeptPicture) -> None:
        # A link could lead to any file, to which a line would be added.
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self.folder / INDEX, flags | getattr(os, "O_BINARY", 0), 0o666)
        with os.fdopen(descriptor, "r+b", buffering=0) as stream:
            end = stream.seek(0, os.SEEK_END)
            line = msgspec.json.encode(entry) + b"\n"
            if end:
                stream.seek(end - 1)
                # The last line may have been cut off.
                line = line if stream.read(1) == b"\n" else b"\n" + line
            stream.write(line)
