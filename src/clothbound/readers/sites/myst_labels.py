"""Finds the labels of MyST in the files of a site: ``(name)=`` above a heading, ``:name:`` and ``:label:`` of directives."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ...lazy_pattern import lazy_pattern
from ..post_files import PACKAGES
from .generator import IsShown
from .inserted_files import find_within
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


def read_labels(root: Path, is_shown: IsShown) -> Mapping[str, Label]:
    """Returns the places that the labels of a site name, whose files are all read."""
    return find_labels(root, is_shown, (_TEXT,), labels_in)


def find_labels(
    root: Path,
    is_shown: IsShown,
    endings: tuple[str, ...],
    labels_of: Callable[[str], Iterator[tuple[str, str, bool]]],
) -> Mapping[str, Label]:
    """Returns the places that ``labels_of`` finds in the texts of a site with these endings."""
    found: dict[str, Label] = {}
    for name in islice(_list_texts(root, endings), _MOST):
        text = read_text(root / name)
        labels = [*labels_of(text)]
        if not labels or not is_shown(text, name):
            continue  # The heading of a draft is nobody's to read.
        for label, title, is_first in labels:
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


def _list_texts(root: Path, endings: tuple[str, ...]) -> Iterator[str]:
    """Yields the names of the texts of a site with these endings."""
    waiting = [""]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(root / place) as entries:
                found = sorted(entries, key=attrgetter("name"))
        except OSError:
            continue
        folders = []
        for entry in found:
            name = entry.name
            if name.endswith(endings):
                if entry.is_file(follow_symlinks=False) or find_within(root, place + name):
                    yield place + name
            elif (
                name not in PACKAGES
                and not name.startswith((".", "_"))
                and entry.is_dir(follow_symlinks=False)
            ):
                folders.append(f"{place}{name}/")
        waiting += reversed(folders)
