"""Finds the labels of MyST in the files of a site: ``(name)=`` above a heading, ``:name:`` and ``:label:`` of directives."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import lru_cache
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ...lazy_pattern import lazy_pattern
from ..post_files import PACKAGES
from .inserted_files import find_within, is_kept_back
from .settings_files import read_text

_LABEL = lazy_pattern(
    r"(?m)^[ \t]*(?:\((?P<above>[^()\s][^()\n]*)\)=[ \t]*\n\s*(?:#{1,6}[ \t]+(?P<title>[^\n]*))?|:(?:name|label):[ \t]*(?P<own>\S[^\n]*))"
)
_HEADING = lazy_pattern(r"(?m)^#{1,6}[ \t]")
_ATTRIBUTES = lazy_pattern(r"\{[^{}]*\}$")
_TEXT = ".md"
_MOST = 2_000
"""The most files of a site in which labels are sought."""


class Label(NamedTuple):
    """A place that a label names."""

    file: PurePosixPath
    """The file, relative to the root of the site."""
    title: str
    """The heading below the label; empty if there is none."""
    is_first: bool
    """Whether nothing stands above it, so that it is the whole post's."""


def labels_of(root: Path) -> Mapping[str, Label]:
    """Returns the places that the labels of a site name. Its files are read again when one of them has changed."""
    return _read_labels(root, tuple(_list_texts(root)))


@lru_cache(maxsize=4)
def _read_labels(root: Path, files: tuple[tuple[str, int, int], ...]) -> Mapping[str, Label]:
    found: dict[str, Label] = {}
    for name, _, _ in files:
        text = read_text(root / name)
        if is_kept_back(text, name, "Jupyter Book"):
            continue  # The heading of a draft is nobody's to read.
        for label, title, is_first in labels_in(text):
            found.setdefault(label, Label(PurePosixPath(name), title, is_first))
    return found


def labels_in(text: str) -> Iterator[tuple[str, str, bool]]:
    """Yields each label of a text, the heading below it, and whether it stands above all others."""
    has_heading = False
    for found in _LABEL.finditer(text):
        title = _ATTRIBUTES.sub("", (found["title"] or "").strip(" \t#")).strip(" \t#")
        is_first = (
            bool(title) and not has_heading and _HEADING.search(text, 0, found.start()) is None
        )
        has_heading = has_heading or bool(title)
        yield (found["above"] or found["own"]).strip(), title, is_first


def _list_texts(root: Path) -> Iterator[tuple[str, int, int]]:
    """Yields the texts of a site, each with its time and size."""
    count = 0
    waiting = [""]
    while waiting:
        place = waiting.pop()
        try:
            # Each of thousands of posts asks, and paths take longer than texts.
            with os.scandir(os.path.join(root, place)) as entries:  # noqa: PTH118
                found = sorted(entries, key=attrgetter("name"))
        except OSError:
            continue
        folders = []
        for entry in found:
            name = entry.name
            if name.endswith(_TEXT):
                status = _state_of(root, place + name, entry)
                if status is None:
                    continue
                yield place + name, status.st_mtime_ns, status.st_size
                count += 1
                if count == _MOST:
                    return
            elif (
                name not in PACKAGES
                and not name.startswith((".", "_"))
                and entry.is_dir(follow_symlinks=False)
            ):
                folders.append(f"{place}{name}/")
        waiting += reversed(folders)


def _state_of(root: Path, name: str, entry: os.DirEntry[str]) -> os.stat_result | None:
    """Returns the state of a text; None for what is no file of the site: a folder, or a link that leads out or nowhere."""
    try:
        is_own = entry.is_file(follow_symlinks=False) or find_within(root, name) is not None
        return entry.stat() if is_own else None
    except OSError:
        return None
