"""Reads what an EPUB says of itself: its container, its package document, its navigation, and whether it is encrypted."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

import msgspec

from ...console_text import format_count
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...epub_names import COVER_ORIGIN, DRAWN, GENERATOR
from ...errors import ReadError
from ...model.book_info import BookInfo
from ..export_files import Files
from .book_metadata import PackageMetadata
from .navigation import NavigationLine, read_navigation
from .package_xml import elements, join, parse_xml

CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OBFUSCATION = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
"""The algorithms that hide fonts (EPUB 3.3, OCF, section 4.3; Adobe's for EPUB 2)."""
_DOCUMENTS = frozenset(
    {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}
)
_DOCUMENT_FILES = (".xhtml", ".html", ".htm", ".xml")
_NCX = "application/x-dtbncx+xml"


class BookPackage(msgspec.Struct):
    """What the package document and the navigation say."""

    info: BookInfo
    folder: str = ""
    """The folder of the package document."""
    spine: list[str] = []
    """The documents in reading order, each once."""
    secondary: frozenset[str] = frozenset()
    """The documents outside the linear reading order."""
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


def read_package(files: Files, called: str) -> BookPackage:
    """Returns the package of a book. Raises ReadError if it has none that can be read, or is encrypted."""
    findings: list[Diagnostic] = []
    name = _package_name(files, called, findings)
    root = parse_xml(files, name, called)
    folder = posixpath.dirname(name)
    metadata = PackageMetadata(root, findings, name)
    package = BookPackage(
        metadata.info(),
        folder,
        is_own=metadata.named.get("generator") == GENERATOR,
        is_fixed=metadata.is_fixed(),
        date=metadata.date(),
        extra=metadata.extra(),
        findings=findings,
    )
    items = _Items(root, folder, files)
    _refuse_encrypted(files, called, items, findings)
    _read_spine(root, items, package, name)
    if metadata.named.get(COVER_ORIGIN) != DRAWN:
        package.cover = _find_cover(items, metadata, package)
    package.contents = items.with_property("nav")
    navigation = read_navigation(files, items.present_or_none(package.contents), items.ncx(root))
    findings += navigation.findings
    package.navigation = navigation.lines
    package.places = _guide(root, folder) | navigation.places
    return package


def _guide(root: Any, folder: str) -> dict[str, frozenset[str]]:
    """Returns what the guide of EPUB 2 says of documents, without the prefix of names that are not in its list."""
    found: dict[str, frozenset[str]] = {}
    for reference in elements(root, "reference"):
        name = join(folder, reference.get("href", ""))[0]
        if name:
            kind = reference.get("type", "").lower().removeprefix("other.")
            found[name] = found.get(name, frozenset()) | {kind}
    return found


def _package_name(files: Files, called: str, findings: list[Diagnostic]) -> str:
    names: list[str] = []
    if CONTAINER in files.names:
        root = parse_xml(files, CONTAINER, called)
        names = [unquote(e.get("full-path", "")) for e in elements(root, "rootfile")]
        if len(names) > 1:
            message = f"{format_count(len(names) - 1, 'further rendition')} of the book not read"
            findings.append(Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, names[1]))
    found = next((name for name in names if name in files.names), "")
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
                CONTAINER,
            )
        )
    return found


class _Items:
    """The manifest: files by id."""

    def __init__(self, root: Any, folder: str, files: Files) -> None:
        self.names: dict[str, str] = {}
        self.types: dict[str, str] = {}
        self.properties: dict[str, frozenset[str]] = {}
        self.fallbacks: dict[str, str] = {}
        self.present = frozenset(files.names)
        by_folded = {name.casefold(): name for name in files.names}
        for item in elements(root, "item"):
            identifier = item.get("id", "")
            name = join(folder, item.get("href", ""))[0]
            if name and name not in self.present:
                name = by_folded.get(name.casefold(), name)
            if not identifier or not name or identifier in self.names:
                continue
            self.names[identifier] = name
            self.types[name] = item.get("media-type", "").strip().lower()
            self.properties[name] = frozenset(item.get("properties", "").split())
            self.fallbacks[name] = item.get("fallback", "")

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


def _read_spine(root: Any, items: _Items, package: BookPackage, name: str) -> None:
    secondary: set[str] = set()
    for reference in elements(root, "itemref"):
        wanted = items.names.get(reference.get("idref", ""), "")
        document = items.document(wanted)
        if document in package.spine:
            continue
        if not document or document not in items.present:
            what = document or wanted or reference.get("idref", "")
            reason = "is not in the archive" if document else "is no document that can be read"
            package.findings.append(
                Diagnostic(
                    DiagnosticCode.ARCHIVE_FILE,
                    f"a file of the reading order {reason}: {what[:200]}",
                    name,
                )
            )
            continue
        package.spine.append(document)
        if reference.get("linear") == "no":
            secondary.add(document)
    package.secondary = frozenset(secondary)


def _refuse_encrypted(files: Files, called: str, items: _Items, findings: list[Diagnostic]) -> None:
    if _ENCRYPTION not in files.names:
        return
    root = parse_xml(files, _ENCRYPTION, called)
    hidden = 0
    for data in elements(root, "EncryptedData"):
        method = next((e.get("Algorithm", "") for e in elements(data, "EncryptionMethod")), "")
        names = [unquote(e.get("URI", "")) for e in elements(data, "CipherReference")]
        is_font = not any(
            items.types.get(n, "").startswith(("application/xhtml", "text/html")) for n in names
        )
        if method in _OBFUSCATION and is_font:
            hidden += 1
            continue
        raise ReadError(
            "is encrypted, so that only the reading system of its shop opens it",
            source=called,
            hint="books with digital rights management are not read; ask for a copy without it",
        )
    if hidden:
        message = f"{format_count(hidden, 'obfuscated font')} not read, as no font of a book is"
        findings.append(
            Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, _ENCRYPTION, severity=Severity.INFO)
        )


def _find_cover(items: _Items, metadata: PackageMetadata, package: BookPackage) -> str:
    found = items.with_property("cover-image")
    if not found:
        named = metadata.named.get("cover", "")
        found = items.names.get(named, "") or join(package.folder, named)[0]
    return (
        found if found in items.present and items.types.get(found, "").startswith("image/") else ""
    )
