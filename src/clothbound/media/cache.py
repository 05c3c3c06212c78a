"""Keeps converted pictures between runs, under names derived from everything that determines the
result.

A file contains a line of JSON and the picture's bytes, which are omitted if the picture is
unchanged. A picture whose file is damaged or missing is converted again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from ..limits import Limits
from ..staging import staging
from .picture_limits import Converted, PictureRules
from .resources import Resource

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

MOST_BYTES = 500_000_000
"""The most bytes in the folder. Files that were used longest ago are removed first."""
_SUFFIX = ".picture"


class _Head(msgspec.Struct, frozen=True):
    media_type: str
    width: int
    height: int
    changes: tuple[str, ...]
    unmet: str
    lost: tuple[str, ...]
    damage: str
    library_messages: tuple[str, ...]
    digest: str
    """The digest of the bytes that follow; empty if the picture is unchanged."""


def load(folder: Path, resource: Resource, rules: PictureRules, limits: Limits) -> Converted | None:
    """Returns the stored result of a conversion, or None."""
    path = folder / _name(resource, rules, limits)
    try:
        line, _, data = path.read_bytes().partition(b"\n")
        head = msgspec.json.decode(line, type=_Head)
    except (OSError, msgspec.MsgspecError):
        return None
    if not head.digest:
        data = resource.data
    elif hashlib.sha256(data).hexdigest() != head.digest:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return Converted(
        data,
        head.media_type,
        head.width,
        head.height,
        head.changes,
        head.unmet,
        head.lost,
        head.damage,
        head.library_messages,
    )


def store(
    folder: Path, resource: Resource, rules: PictureRules, limits: Limits, converted: Converted
) -> None:
    """Stores the result of a conversion. Errors of writing are ignored."""
    same = converted.data == resource.data
    digest = "" if same else hashlib.sha256(converted.data).hexdigest()
    head = _Head(
        converted.media_type,
        converted.width,
        converted.height,
        converted.changes,
        converted.unmet,
        converted.lost,
        converted.damage,
        converted.library_messages,
        digest,
    )
    path = folder / _name(resource, rules, limits)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with staging(path) as room:
            waiting = room / "file"
            waiting.write_bytes(
                msgspec.json.encode(head) + b"\n" + (b"" if same else converted.data)
            )
            waiting.chmod(0o600)  # It may be of a post that is not for everyone.
            waiting.replace(path)
    # Prune once in 256 times. The name decides, so no record of the last time is needed.
    if path.name.startswith("00"):
        prune(folder)


def prune(folder: Path, most_bytes: int = MOST_BYTES) -> None:
    """Removes files, those used longest ago first, until the folder is within the limit."""
    try:
        files = [(entry, entry.stat()) for entry in os.scandir(folder) if _SUFFIX in entry.name]
    except OSError:
        return
    total = sum(stat.st_size for _, stat in files)
    for entry, stat in sorted(files, key=lambda pair: (pair[1].st_mtime_ns, pair[0].name)):
        if total <= most_bytes:
            return
        with contextlib.suppress(OSError):
            Path(entry.path).unlink()
            total -= stat.st_size


def _name(resource: Resource, rules: PictureRules, limits: Limits) -> str:
    facts = (
        *_made_by(),
        resource.media_type,
        sorted(rules.accepted),
        *(getattr(rules, name) for name in rules.__struct_fields__ if name != "accepted"),
        limits.pixels,
        limits.svg_elements,
    )
    digest = hashlib.sha256(repr(facts).encode())
    digest.update(resource.data)
    return f"{digest.hexdigest()}{_SUFFIX}"


@cache
def _made_by() -> tuple[str, ...]:
    """Identifies the code that converts pictures; ours by its source text, so that it needs no
    version.

    ``importlib.metadata`` and ``importlib.resources`` would tell the same, and take longer to import than a picture
    to convert.
    """
    import PIL
    import resvg_py

    ours = hashlib.sha256()
    room: Traversable = Path(__file__).parent
    if not room.is_dir():  # the package is in a ZIP
        from importlib.resources import files

        room = files(__package__)
    for folder in (room, room / "svg"):
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".py"):
                ours.update(file.read_bytes())
    return (ours.hexdigest(), PIL.__version__, resvg_py.__version__)
