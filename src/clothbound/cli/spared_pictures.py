"""Keeps what is no picture from the place of one: a post may show it, from a folder that is not read."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import UsageError
from ..media.sniffing import type_of_address


def spare_picture(path: Path, extension: str = "") -> None:
    """Raises UsageError if what is no picture, a file with this ``extension``, would replace one, which a post may show."""
    place = path.resolve()
    is_picture = type_of_address(place.name).startswith("image/") and place.suffix != extension
    # The file of a new log is there already, and empty.
    if is_picture and place.is_file() and place.stat().st_size:
        raise UsageError(
            f"{os.fspath(path)!r} would overwrite a picture", hint="name another file or folder"
        )
