"""Which site generator a folder of posts belongs to, so far as its rules decide what is public.

Sources: the documentation of Hugo (configuration, ``buildFuture``) and of Jekyll (``future``).
"""

from __future__ import annotations

import re
from pathlib import Path

from .publication_state import Site

_HUGO = ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json")
_OLDER_HUGO = ("config.toml", "config.yaml", "config.yml", "config.json")
_BASE_URL = re.compile(r"""^\s*["']?baseurl["']?\s*[:=]""", re.I | re.M)
_FUTURE = re.compile(r"""^\s*["']?(?:buildFuture|future)["']?\s*[:=]\s*true\b""", re.I | re.M)
_ABOVE = 4
"""Folders above the one that is read in which a configuration is looked for: content/posts/2024."""
_MOST = 200_000


def site_of(folder: Path) -> Site:
    """The generator for whose site ``folder`` is, or is a part of; empty: none that is known, or one
    that is told to build posts with a date to come.
    """
    folder = folder.resolve()
    for place in (folder, *folder.parents[:_ABOVE]):
        for name in _HUGO:
            if (place / name).is_file():
                return "" if _builds_future(place / name) else "hugo"
        if (place / "config" / "_default").is_dir():
            configs = sorted((place / "config" / "_default").glob("*.*"))
            return "" if any(map(_builds_future, configs)) else "hugo"
        for name in _OLDER_HUGO:
            if _BASE_URL.search(_text(place / name)):
                return "" if _builds_future(place / name) else "hugo"
        config = place / "_config.yml"
        if (place / "_posts").is_dir() or (config.is_file() and place.name != "_posts"):
            return "" if _builds_future(config) else "jekyll"
    return ""


def _builds_future(config: Path) -> bool:
    return _FUTURE.search(_text(config)) is not None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(_MOST).decode("utf-8", "replace")
    except OSError:
        return ""
