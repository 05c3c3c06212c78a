"""Finds the labels of reStructuredText in the files of a site: ``.. _name:`` above a title, which ``:ref:`` names.

Source: Sphinx's documentation ("Cross-referencing arbitrary locations").
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from docutils.nodes import make_id

from ...lazy_pattern import lazy_pattern
from ...model.post import Base
from ...model.slugs import RST_FILES
from .generator import IsShown, SiteTexts, TextsOfSource
from .myst_labels import Label, find_labels

_SIGNS = r"(?P<{0}>[=\-`:'\"~^_*+#<>.])(?P={0})+[ \t]*"
_LABEL = lazy_pattern(
    r"(?m)^\.\. _(?:`(?P<quoted>[^`\n]+)`|(?P<name>[^:`\n]+)):[ \t]*\n"
    rf"(?:\s*\n)?(?:(?:{_SIGNS.format('over')}\n)?(?P<title>\S[^\n]*)\n{_SIGNS.format('under')}$)?"
)
_TITLE = lazy_pattern(rf"(?m)^\S[^\n]*\n{_SIGNS.format('sign')}$")


class LabelPlace(NamedTuple):
    """Where a label leads to."""

    href: str
    """The file, relative to the folder of the post, with the name of the place."""
    title: str


FindLabel = Callable[[str], LabelPlace | None]
"""Returns the place in another file that a label names; None if no file has it."""


def label_finder(source: TextsOfSource, base: Base | None, site: SiteTexts) -> FindLabel:
    """Returns what finds labels for a post, whose place is ``base``. One that is not from a file knows no others."""
    if base is None:
        return lambda label: None
    return partial(_find, source, Path(base.root or base.path), Path(base.path), site)


def _find(
    source: TextsOfSource, root: Path, folder: Path, site: SiteTexts, label: str
) -> LabelPlace | None:
    found = source.ask_once(read_labels, root, site).get(label)
    if found is None:
        return None
    path = os.path.relpath(root / found.file, folder).replace(os.sep, "/")
    return LabelPlace(path if found.is_first else f"{path}#{make_id(label)}", found.title)


def read_labels(root: Path, is_shown: IsShown) -> Mapping[str, Label]:
    """Returns the places that the labels of a site name, in lower case; its files are all read."""
    return find_labels(root, is_shown, RST_FILES, _labels_in)


def _labels_in(text: str) -> Iterator[tuple[str, str, bool]]:
    if ".. _" not in text:
        return
    first = _TITLE.search(text)
    for found in _LABEL.finditer(text):
        name = found["quoted"] or found["name"]
        is_first = first is not None and found.start() < first.start()
        yield " ".join(name.lower().split()), (found["title"] or "").strip(), is_first
