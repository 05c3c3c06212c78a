"""Reads the navigation of a book: its navigation document (EPUB 3), else its NCX (EPUB 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeAlias

import msgspec

from ...diagnostics import Diagnostic, DiagnosticCode
from ..export_files import Files
from ..text_files import BadPostError
from . import xhtml
from .archive_paths import ArchivePaths
from .package_xml import elements, local_name, recover_xml

Resolve: TypeAlias = Callable[[str], tuple[str, str]]
"""Returns the file and the fragment to which an address in the navigation leads."""
_DEEPEST = 12
"""The most levels of a navigation that are read."""


class NavigationLine(msgspec.Struct):
    """A line of the navigation."""

    title: str
    file: str = ""
    """The path of the document in the archive; empty for a line without a link."""
    fragment: str = ""
    children: list[NavigationLine] = []


class Navigation(msgspec.Struct):
    """What a book says of the order and the kinds of its documents."""

    lines: list[NavigationLine] = []
    places: dict[str, frozenset[str]] = {}
    """What landmarks and the guide say of documents: cover, toc, titlepage ..."""
    findings: list[Diagnostic] = []


def read_navigation(files: Files, paths: ArchivePaths, document: str, ncx: str) -> Navigation:
    """Returns the navigation by the paths of the navigation document and the NCX; one that is empty is not read."""
    navigation = Navigation()
    if document:
        _read_document(files, paths, document, navigation)
    if ncx and not navigation.lines:
        _read_ncx(files, paths, ncx, navigation)
    return navigation


def _read_document(files: Files, paths: ArchivePaths, name: str, navigation: Navigation) -> None:
    try:
        root, _ = xhtml.parse_document(files.read(name))
    except BadPostError as error:
        _report_unreadable(navigation, error, name)
        return
    resolve = partial(paths.resolve, document=name)
    for nav in root.iter("nav"):
        kinds = xhtml.types_of(nav)
        top = next(nav.iter("ol"), None)
        if top is None:
            continue
        if "toc" in kinds and not navigation.lines:
            navigation.lines = _lines(top, resolve, 0)
        elif "landmarks" in kinds:
            for link in nav.iter("a"):
                target = resolve(link.get("href", ""))[0]
                if target:
                    known = navigation.places.get(target, frozenset())
                    navigation.places[target] = known | xhtml.types_of(link)


def _read_ncx(files: Files, paths: ArchivePaths, name: str, navigation: Navigation) -> None:
    try:
        tree = recover_xml(files.read(name))
    except BadPostError as error:
        _report_unreadable(navigation, error, name)
        return
    top = next(elements(tree, "navMap"), None)
    if top is not None:
        navigation.lines = _points(top, partial(paths.resolve, document=name), 0)


def _report_unreadable(navigation: Navigation, error: Exception, name: str) -> None:
    message = f"the navigation cannot be read: {error}"
    navigation.findings.append(Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, name))


def _lines(top: Any, resolve: Resolve, level: int) -> list[NavigationLine]:
    found = []
    for item in top.findall("li"):
        link = next((child for child in item if child.tag in ("a", "span")), None)
        below = item.find("ol")
        children = (
            _lines(below, resolve, level + 1) if below is not None and level < _DEEPEST else []
        )
        if link is None and not children:
            continue
        title = xhtml.text_of(link) if link is not None else ""
        target = resolve(link.get("href", "")) if link is not None else ("", "")
        found.append(NavigationLine(title, *target, children))
    return found


def _points(top: Any, resolve: Resolve, level: int) -> list[NavigationLine]:
    found = []
    for point in (child for child in top if local_name(child) == "navPoint"):
        label = next((c for c in point if local_name(c) == "navLabel"), None)
        content = next((c for c in point if local_name(c) == "content"), None)
        title = " ".join("".join(label.itertext()).split()) if label is not None else ""
        target = resolve(content.get("src", "")) if content is not None else ("", "")
        children = _points(point, resolve, level + 1) if level < _DEEPEST else []
        found.append(NavigationLine(title, *target, children))
    return found


def documents_of(entries: Iterable[NavigationLine]) -> Iterator[NavigationLine]:
    """Yields all lines of a navigation, in order."""
    for entry in entries:
        yield entry
        yield from documents_of(entry.children)
