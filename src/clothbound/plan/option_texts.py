"""Options of a format in a ``book.toml``, as texts that the command line has too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import UsageError
from ..fields import Setting
from .schema import exists, is_file


def option_texts(
    options: Mapping[str, Any], manifest: Path, settings: Iterable[Setting] = ()
) -> tuple[str, ...]:
    """Returns options as ``-O`` and ``-I`` take them: ``KEY=VALUE``.

    Files that are values of ``settings`` are relative to the manifest. Raises UsageError for one that does not exist.
    """
    known = {setting.key: setting for setting in settings}
    texts = []
    for key, value in options.items():
        setting = known.get(key.replace("_", "-"))
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if isinstance(value, list):
            text = ",".join(str(item) for item in value)
        if setting is not None and setting.kind is Path and text not in setting.choices:
            text = _path_beside(manifest, key, text, is_or_name=setting.takes_path)
        texts.append(f"{key}={text}")
    return tuple(texts)


def _path_beside(manifest: Path, key: str, text: str, *, is_or_name: bool) -> str:
    """Returns the path of a file that is relative to the manifest; ``is_or_name`` if the value may be a name instead."""
    path = manifest.parent / text
    if is_or_name:
        if exists(path):
            return str(path.absolute())  # with a slash, which tells a path from a name
        if "/" not in text:
            return text
    if not is_file(path):
        raise UsageError(
            f"{key!r}: there is no file {text!r}", hint="the path is relative to this file"
        )
    return str(path)
