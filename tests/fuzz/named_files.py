"""Folders as one text, which a fuzzer can change: each file below a line with its name, packed as a ZIP when it is read."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

_HEAD = re.compile(rb"^=== (.{1,200})\n", re.M)
_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
MOST_BYTES = 16_000
"""A seed for a fuzzer is short: a larger folder becomes several."""


def as_text(files: Mapping[str, bytes]) -> bytes:
    """Returns the files below their names."""
    return b"".join(
        b"=== " + name.encode() + b"\n" + data + (b"" if data.endswith(b"\n") else b"\n")
        for name, data in files.items()
    )


def as_zip(text: bytes) -> bytes:
    """Returns a ZIP of the files in a text; what stands above the first name is left out."""
    _, *parts = _HEAD.split(text)
    packed = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two files of one name are wanted
        with zipfile.ZipFile(packed, "w") as archive:
            for name, data in zip(parts[::2], parts[1::2], strict=True):
                archive.writestr(
                    zipfile.ZipInfo(name.decode("utf-8", "replace"), (2024, 1, 2, 3, 4, 6)), data
                )
    return packed.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Returns the files of a ZIP that are text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return {name: data for name, data in files.items() if not _TEXT.search(data)}


def files_of(folder: Path) -> dict[str, bytes]:
    """Returns the files of a folder that are text."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    return {name: data for name, data in files.items() if not _TEXT.search(data)}


def seeds_of(files: Mapping[str, bytes], always: str = "") -> Iterator[bytes]:
    """Yields the files as one seed, unless they are long, and one for each beside those that match ``always``.

    A harness writes the first posts of a source alone.
    """
    whole = as_text(files)
    if len(whole) <= MOST_BYTES:
        yield whole
        if not always:
            return
    kept = {name: data for name, data in files.items() if always and re.search(always, name)}
    for name, data in files.items():
        if name not in kept and (not always or len(data) <= MOST_BYTES):
            yield as_text({**kept, name: data})
