"""Lists the files of which a theme of one's own is made, for those that wait until one of them changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ...lazy_pattern import lazy_pattern

FILE_NAME = "theme.toml"
"""The file that a folder is read for."""
URL = lazy_pattern(r"""url\(\s*(["']?)(.*?)\1\s*\)""")
"""Matches the address of a file in a style sheet."""
_TEXT = lazy_pattern(r"""(["'])([^"'\n]+)\1""")
_MOST = 1_000_000
"""The most bytes of a file in which names are sought."""


def file_of_theme(path: Path) -> Path:
    """Returns the file that says what a theme is, given by itself or by its folder."""
    return path / FILE_NAME if path.is_dir() else path


def list_theme_files(path: Path) -> tuple[Path, ...]:
    """Returns the files of a theme, those too that it names and lacks, since a theme that is being written need not be
    right.
    """
    file = file_of_theme(path)
    named = [*_list_named(file, _TEXT, file.parent)]
    for sheet in [each for each in named if each.suffix == ".css"]:
        named += _list_named(sheet, URL, file.parent)
    return (file, *dict.fromkeys(named))


def _list_named(file: Path, pattern: re.Pattern[str], folder: Path) -> Iterator[Path]:
    """Yields what may be files below a folder among the texts that a pattern finds in a file."""
    try:
        with file.open("rb") as stream:
            text = stream.read(_MOST).decode("utf-8", "replace")
    except (OSError, ValueError):
        return
    for _, name in pattern.findall(text):
        path = folder / name
        is_below = ".." not in path.parts and path.is_relative_to(folder)
        if path.suffix and is_below and "\0" not in name and ":" not in name:
            yield path
