"""Keeps converted pictures between runs, under names derived from everything that determines the
result.

A file of ``run_cache`` contains a line of JSON and the picture's bytes, which are omitted if the picture is unchanged.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from .. import run_cache
from ..limits import Limits
from .picture_limits import Converted, PictureRules
from .resources import Resource

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class _Head(msgspec.Struct, frozen=True):
    media_type: str
    width: int
    height: int
    changes: tuple[str, ...]
    unmet: str
    lost: tuple[str, ...]
    damage: str
    library_messages: tuple[str, ...]
    is_unchanged: bool
    """Whether the picture is as it was given, so that no bytes follow."""


def load(folder: Path, resource: Resource, rules: PictureRules, limits: Limits) -> Converted | None:
    """Returns the stored result of a conversion, or None."""
    kept = run_cache.load(folder / _name(resource, rules, limits))
    if kept is None:
        return None
    line, _, data = kept.partition(b"\n")
    head = msgspec.json.decode(line, type=_Head)
    return Converted(
        resource.data if head.is_unchanged else data,
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
    is_unchanged = converted.data == resource.data
    head = _Head(
        converted.media_type,
        converted.width,
        converted.height,
        converted.changes,
        converted.unmet,
        converted.lost,
        converted.damage,
        converted.library_messages,
        is_unchanged,
    )
    path = folder / _name(resource, rules, limits)
    data = b"" if is_unchanged else converted.data
    run_cache.store_picture(path, msgspec.json.encode(head) + b"\n" + data)


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
    return f"{digest.hexdigest()}{run_cache.PICTURE}"


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
