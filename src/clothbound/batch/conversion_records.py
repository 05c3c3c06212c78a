"""What ``convert_many`` with ``resume`` keeps of each conversion, beside its target.

The record of ``books/a.epub`` is the file ``books/.clothbound/a.epub.json``, on disks and in stores alike. It says
which conversion began, and whether it ended. It is written before the conversion and after it, so that a record
that only says "begun" is of a process that was lost.
"""

from __future__ import annotations

import hashlib
import os
from enum import StrEnum
from pathlib import Path

import msgspec

from ..errors import ClothboundError, ReadError, WriteError, reason_of
from ..staging import staged_file
from . import cloud_files
from .conversion_key import digest_of_place

FOLDER = ".clothbound"
_FORM = 1
_LONGEST = 200
"""The bytes of a target's name above which its record is named by a digest; file systems take 255."""


class ConversionState(StrEnum):
    """What became of a conversion."""

    BEGUN = "begun"
    DONE = "done"
    FAILED = "failed"
    """It had an error, and is tried again."""
    SET_ASIDE = "set aside"
    """It ended its process or took too long, and is not tried again until its source or an option changes, or it has more
    time.
    """


class ConversionRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last conversion to a target."""

    key: str
    state: ConversionState
    size: int = 0
    """Of the target, in bytes; for a folder, of its files."""
    digest: str = ""
    """Of a target on a disk."""
    reason: str = ""
    """Why it was set aside."""
    seconds: float = 0.0
    """The time that it had, if it was set aside because it took longer; 0 if it ended its process."""
    form: int = _FORM


def load_record(target: str) -> ConversionRecord | None:
    """Returns the record of a target; None if there is none that can be read. Raises ReadError for a store that
    does not answer.
    """
    place = _place_of(target)
    try:
        data = cloud_files.read(place) if isinstance(place, str) else place.read_bytes()
        record = None if data is None else msgspec.json.decode(data, type=ConversionRecord)
    except (OSError, msgspec.MsgspecError):
        return None
    return record if record is not None and record.form == _FORM else None


def save_record(target: str, record: ConversionRecord) -> None:
    """Keeps the record of a target. Raises WriteError."""
    place, data = _place_of(target), msgspec.json.encode(record)
    if isinstance(place, str):
        cloud_files.write(place, data)
        return
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with staged_file(place) as (made, stream):
            stream.write(data)
            stream.close()
            made.replace(place)
    except OSError as error:
        raise WriteError(f"cannot be written: {reason_of(error)}", source=str(place)) from error


def done(target: str, key: str) -> ConversionRecord:
    """Returns the record of a target that was just written. Raises ClothboundError."""
    if cloud_files.is_cloud_address(target):
        found = cloud_files.find(target)
        if found is None:
            raise WriteError("was written, and is not there", source=target)
        return ConversionRecord(key, ConversionState.DONE, found.size, found.version)
    path = Path(cloud_files.local_path(target))
    try:
        return ConversionRecord(key, ConversionState.DONE, digest=digest_of_place(path))
    except OSError as error:
        raise ReadError(f"cannot be read: {reason_of(error)}", source=target) from error


def is_whole(target: str, record: ConversionRecord) -> bool:
    """Returns whether a target is still what its record says."""
    try:
        now = done(target, record.key)
    except ClothboundError:
        return False
    return (now.size, now.digest) == (record.size, record.digest)


def _place_of(target: str) -> str | Path:
    if cloud_files.is_cloud_address(target):
        folder = cloud_files.address_in(cloud_files.folder_of(target), FOLDER)
        return cloud_files.address_in(folder, _name_of(cloud_files.name_in(target)))
    path = Path(cloud_files.local_path(target))
    return path.parent / FOLDER / _name_of(path.name)


def _name_of(name: str) -> str:
    data = os.fsencode(name)
    return f"{name if len(data) <= _LONGEST else hashlib.sha256(data).hexdigest()}.json"
