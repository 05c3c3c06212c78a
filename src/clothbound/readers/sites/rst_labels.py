"""Finds what roles of reStructuredText name in the files of a site: the label ``.. _name:`` above a title (``:ref:``), and
another document (``:doc:``).

Source: Sphinx's documentation ("Cross-referencing arbitrary locations", "Cross-referencing documents").
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
from .inserted_files import find_within
from .myst_labels import Label, find_labels
from .settings_files import read_text

_SIGNS = r"(?P<{0}>[=\-`:'\"~^_*+#<>.])(?P={0})+[ \t]*"
_LABEL = lazy_pattern(
    r"(?m)^\.\. _(?:`(?P<quoted>[^`\n]+)`|(?P<name>[^:`\n]+)):[ \t]*\n"
    rf"(?:\s*\n)?(?:(?:{_SIGNS.format('over')}\n)?(?P<title>\S[^\n]*)\n{_SIGNS.format('under')}$)?"
)
_TITLE = lazy_pattern(rf"(?m)^\S[^\n]*\n{_SIGNS.format('sign')}$")


class NamedPlace(NamedTuple):
    """Where the name in a role leads to."""

    href: str
    """The file, relative to the folder of the post, with the name of the place."""
    title: str


FindPlace = Callable[[str, str], NamedPlace | None]
"""Returns the place in another file that a role with this name leads to; None if no file has it."""
DOCUMENT = "doc"
"""The role that names a file."""


def place_finder(source: TextsOfSource, base: Base | None, site: SiteTexts) -> FindPlace:
    """Returns what finds places for a post, which is itself in ``base``. One that is not from a file knows no others."""
    if base is None:
        return lambda role, name: None
    return partial(_find, source, Path(base.root or base.path), Path(base.path), site)


def _find(
    source: TextsOfSource, root: Path, folder: Path, site: SiteTexts, role: str, name: str
) -> NamedPlace | None:
    if role == DOCUMENT:
        return _find_document(source, root, folder, site, name)
    found = source.ask_once(read_labels, root, site).get(name)
    if found is None:
        return None
    path = os.path.relpath(root / found.file, folder).replace(os.sep, "/")
    return NamedPlace(path if found.is_first else f"{path}#{make_id(name)}", found.title)


def _find_document(
    source: TextsOfSource, root: Path, folder: Path, site: SiteTexts, name: str
) -> NamedPlace | None:
    """Returns the place of a document that everyone may see by now; its name begins with a slash if it is seen from the root."""
    place = "" if name.startswith("/") else os.path.relpath(folder, root)
    path = os.path.normpath(os.path.join(place, name.lstrip("/")))  # noqa: PTH118 - no file yet
    file = find_within(root, path)
    if file is None:
        return None
    titles = source.ask_once(_no_titles, root, site)
    if path not in titles:
        titles[path] = source.title_of(read_text(file), path.replace(os.sep, "/"), site)
    title = titles[path]
    href = os.path.relpath(root / path, folder).replace(os.sep, "/")
    return NamedPlace(href, title) if title else None


def _no_titles(root: Path, is_shown: IsShown) -> dict[str, str]:
    """Returns the titles of the documents that roles have named so far: each file is read once."""
    return {}


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
