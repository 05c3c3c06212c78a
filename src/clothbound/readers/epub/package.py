"""Reads what an EPUB says of itself: its container, its package document, its navigation, and whether it is encrypted."""

from __future__ import annotations

import posixpath
from functools import partial
from typing import Any

import msgspec

from ...console_text import format_count
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...epub_names import COVER_ORIGIN, DRAWN, GENERATOR
from ...errors import ReadError
from ...language.direction import direction
from ...model.book_info import BookInfo
from ..export_files import Files
from .archive_paths import ArchivePaths
from .book_metadata import PackageMetadata
from .container import CONTAINER, ENCRYPTION, FONT_OBFUSCATION, folder_of_book
from .navigation import NavigationLine, read_navigation
from .package_xml import elements, parse_xml

_DOCUMENTS = frozenset(
    {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}
)
_DOCUMENT_FILES = (".xhtml", ".html", ".htm", ".xml")
_OVERLAY = "application/smil+xml"
_MODE = "primary-writing-mode"
"""The name under which Kindle books say how their lines run."""
_NCX = "application/x-dtbncx+xml"


class BookPackage(msgspec.Struct):
    """What the package document and the navigation say."""

    info: BookInfo
    paths: ArchivePaths
    folder: str = ""
    """The folder of the package document."""
    spine: list[str] = []
    """The documents in reading order, each once."""
    secondary: set[str] = set()
    """The documents outside the linear reading order."""
    pictures: frozenset[str] = frozenset()
    """The pictures and drawings that stand in the reading order as pages."""
    others: list[str] = []
    """The documents of the book that are not in the reading order."""
    navigation: list[NavigationLine] = []
    contents: str = ""
    """The navigation document; empty if there is none."""
    places: dict[str, frozenset[str]] = {}
    """What landmarks and the guide say of documents: cover, toc, titlepage ..."""
    cover: str = ""
    """The picture of the cover; empty if there is none."""
    is_fixed: bool = False
    """Whether the pages are laid out once for all: pictures, and words in their places."""
    is_own: bool = False
    """Whether clothbound made the book."""
    date: str = ""
    extra: dict[str, Any] = {}
    findings: list[Diagnostic] = []
    is_direction_told: bool = False
    """Whether the diagnostics say that lines or pages run in a direction that no product has."""


def read_package(files: Files, called: str) -> BookPackage:
    """Returns the package of a book. Raises ReadError if it has none that can be read, or is encrypted."""
    findings: list[Diagnostic] = []
    paths = ArchivePaths(files.names, folder_of_book(files.names) or "")
    name = _package_name(files, paths, called, findings)
    root = parse_xml(files, name, called)
    metadata = PackageMetadata(root, findings, name)
    package = BookPackage(
        metadata.info(),
        paths,
        posixpath.dirname(name),
        is_own=metadata.named.get("generator") == GENERATOR,
        is_fixed=metadata.is_fixed(),
        date=metadata.date(),
        extra=metadata.extra(),
        findings=findings,
    )
    items = _Items(root, name, paths)
    _refuse_encrypted(files, called, items, package)
    package.contents = items.with_property("nav")
    _read_spine(root, items, package, name)
    cover = items.named(metadata.named.get("cover", ""))
    if metadata.named.get(COVER_ORIGIN) != DRAWN:
        package.cover = items.picture(items.with_property("cover-image")) or items.picture(cover)
    navigation = read_navigation(
        files, paths, items.present_or_none(package.contents), items.ncx(root)
    )
    findings += navigation.findings
    package.navigation = navigation.lines
    package.places = _guide(root, name, paths)
    for file, places in (*navigation.places.items(), (cover, frozenset({"cover"}))):
        package.places[file] = package.places.get(file, frozenset()) | places
    return package


def _guide(root: Any, name: str, paths: ArchivePaths) -> dict[str, frozenset[str]]:
    """Returns what the guide of EPUB 2 says of documents, without the prefix of names that are not in its list."""
    found: dict[str, frozenset[str]] = {}
    for reference in elements(root, "reference"):
        file = paths.resolve(reference.get("href", ""), name)[0]
        if file:
            kind = reference.get("type", "").lower().removeprefix("other.")
            found[file] = found.get(file, frozenset()) | {kind}
    return found


def _package_name(
    files: Files, paths: ArchivePaths, called: str, findings: list[Diagnostic]
) -> str:
    names: list[str] = []
    container = paths.in_book(CONTAINER)
    if container in paths.names:
        root = parse_xml(files, container, called)
        names = [paths.in_book(e.get("full-path", "")) for e in elements(root, "rootfile")]
        if len(names) > 1:
            message = f"{format_count(len(names) - 1, 'further rendition')} of the book not read"
            findings.append(Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, names[1]))
    found = next((name for name in names if name in paths.names), "")
    if not found:
        others = [name for name in files.names if name.lower().endswith(".opf")]
        if len(others) != 1:
            lacks = f"its package document {names[0]}" if names else "a package document"
            raise ReadError(
                f"is not an EPUB that can be read: it lacks {lacks}",
                source=called,
                hint="it may have been cut off; download it again",
            )
        found = others[0]
        findings.append(
            Diagnostic(
                DiagnosticCode.MARKUP_REPAIRED,
                f"the container names no file; {found} was read",
                container,
            )
        )
    return found


class _Items:
    """The manifest: files by id."""

    def __init__(self, root: Any, package_name: str, paths: ArchivePaths) -> None:
        self.names: dict[str, str] = {}
        self.types: dict[str, str] = {}
        self.properties: dict[str, frozenset[str]] = {}
        self.fallbacks: dict[str, str] = {}
        self.present = paths.names
        for item in elements(root, "item"):
            identifier = item.get("id", "")
            name = paths.resolve(item.get("href", ""), package_name)[0]
            if not identifier or not name or identifier in self.names:
                continue
            self.names[identifier] = name
            self.types[name] = item.get("media-type", "").strip().lower()
            self.properties[name] = frozenset(item.get("properties", "").split())
            self.fallbacks[name] = item.get("fallback", "")
        self._resolve = partial(paths.resolve, document=package_name)

    def named(self, name: str) -> str:
        """Returns the file of an id, or of an address where programs put one in its place."""
        return self.names.get(name) or self._resolve(name)[0]

    def picture(self, name: str) -> str:
        """Returns the name of a picture that is in the archive; empty for other files."""
        is_picture = self.types.get(name, "").startswith("image/")
        return name if is_picture and name in self.present else ""

    def document(self, name: str) -> str:
        """Returns the document that shows an item: itself, or the one to which it falls back; else empty."""
        seen: set[str] = set()
        while name and name not in seen:
            seen.add(name)
            kind = self.types.get(name, "")
            is_named_so = name.lower().endswith(_DOCUMENT_FILES) and not kind.startswith("image/")
            if kind in _DOCUMENTS or (is_named_so and kind != _NCX):
                return name
            name = self.names.get(self.fallbacks.get(name, ""), "")
        return ""

    def with_property(self, name: str) -> str:
        return next((n for n, found in self.properties.items() if name in found), "")

    def present_or_none(self, name: str) -> str:
        """Returns a name if its file is in the archive; else an empty one."""
        return name if name in self.present else ""

    def ncx(self, root: Any) -> str:
        """Returns the NCX that the spine names, or any; empty without one."""
        spine = next(elements(root, "spine"), None)
        named = self.names.get(spine.get("toc", ""), "") if spine is not None else ""
        found = named or next((n for n, kind in self.types.items() if kind == _NCX), "")
        return self.present_or_none(found)


def _report_direction(root: Any, package: BookPackage, name: str) -> None:
    """Reports pages that turn against the language's direction, or vertical lines, which no product has."""
    spine = next(elements(root, "spine"), None)
    turns = spine is not None and spine.get("page-progression-direction") == "rtl"
    modes = (e.get("content", "") for e in elements(root, "meta") if e.get("name") == _MODE)
    is_vertical = any(mode.startswith("vertical") for mode in modes)
    language = next((e.text or "" for e in elements(root, "language")), "")
    if is_vertical or (turns and direction(language) == "ltr"):
        what = "lines run from top to bottom" if is_vertical else "pages turn from right to left"
        package.is_direction_told = True
        package.findings.append(read_horizontally(what, name))


def read_horizontally(what: str, name: str) -> Diagnostic:
    """Returns the diagnostic about lines or pages that run in a direction that no product has."""
    message = f"the book's {what}; its text was read without that, as horizontal lines"
    return Diagnostic(DiagnosticCode.NODE_SIMPLIFIED, message, name, severity=Severity.INFO)


def _read_spine(root: Any, items: _Items, package: BookPackage, name: str) -> None:
    spine: dict[str, None] = {}
    pictures: set[str] = set()
    for reference in elements(root, "itemref"):
        wanted = items.names.get(reference.get("idref", ""), "")
        document = items.document(wanted)
        if not document and items.picture(wanted):
            document = wanted
            pictures.add(wanted)
        if document in spine:
            continue
        if not document or document not in items.present:
            what = document or wanted or reference.get("idref", "")
            reason = "is not in the archive" if document else "is not a document that can be read"
            package.findings.append(
                Diagnostic(
                    DiagnosticCode.ARCHIVE_FILE,
                    f"a file of the reading order {reason}: {what[:200]}",
                    name,
                )
            )
            continue
        spine[document] = None
        if reference.get("linear") == "no":
            package.secondary.add(document)
    package.spine = list(spine)
    _report_direction(root, package, name)
    package.pictures = frozenset(pictures)
    package.others = [
        other
        for other, kind in items.types.items()
        if kind in _DOCUMENTS
        and other in items.present
        and other not in spine
        and other != package.contents
    ]
    overlays = [other for other, kind in items.types.items() if kind == _OVERLAY]
    if overlays:
        message = f"{format_count(len(overlays), 'media overlay')} not read: the narration of the book is left out"
        package.findings.append(
            Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, overlays[0], severity=Severity.INFO)
        )


def _refuse_encrypted(files: Files, called: str, items: _Items, package: BookPackage) -> None:
    encryption = package.paths.in_book(ENCRYPTION)
    if encryption not in package.paths.names:
        return
    root = parse_xml(files, encryption, called)
    hidden = 0
    for data in elements(root, "EncryptedData"):
        method = next((e.get("Algorithm", "") for e in elements(data, "EncryptionMethod")), "")
        names = [package.paths.in_book(e.get("URI", "")) for e in elements(data, "CipherReference")]
        is_font = not any(
            items.types.get(n, "").startswith(("application/xhtml", "text/html")) for n in names
        )
        if method in FONT_OBFUSCATION and is_font:
            hidden += 1
            continue
        raise ReadError(
            "is encrypted, so that only the reading system of its shop opens it",
            source=called,
            hint="books with digital rights management are not read; ask for a copy without it",
        )
    if hidden:
        message = f"{format_count(hidden, 'obfuscated font')} not read, as no font of a book is"
        package.findings.append(
            Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, encryption, severity=Severity.INFO)
        )
