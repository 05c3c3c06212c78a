"""Reads what an EPUB says of itself: its container, its package document, its navigation, and whether it is encrypted."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
from lxml import etree

from ...console_text import format_count
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...errors import ReadError, UsageError
from ...lazy_pattern import lazy_pattern
from ...model.book_info import BookInfo, Series, check_number
from ...model.isbn import isbn13
from ...model.language_tags import language_tag
from ...untrusted_xml import PARSER_OPTIONS
from ..export_files import Files
from ..text_files import BadPostError
from . import xhtml

CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_OBFUSCATION = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
"""The algorithms that hide fonts (EPUB 3.3, OCF, section 4.3; Adobe's for EPUB 2)."""
_DOCUMENTS = frozenset(
    {"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"}
)
_DOCUMENT_FILES = (".xhtml", ".html", ".htm", ".xml")
_NCX = "application/x-dtbncx+xml"
_DEEPEST = 12
"""The most levels of a navigation that are read."""
_DC = "http://purl.org/dc/elements/1.1/"
_MARKUP = lazy_pattern(r"<[A-Za-z/!][^<>]*>")
_AUTHORS = frozenset({"", "aut", "author", "cre", "dub"})
_EDITORS = frozenset({"edt", "edc", "com", "editor"})
_SHOWN = 5


class NavigationLine(msgspec.Struct):
    """A line of the navigation."""

    title: str
    file: str = ""
    """The path of the document in the archive; empty for a line without a link."""
    fragment: str = ""
    children: list[NavigationLine] = []


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
    places: dict[str, str] = {}
    """What landmarks and the guide say of documents: cover, toc, titlepage ..."""
    cover: str = ""
    """The picture of the cover; empty if there is none."""
    is_own: bool = False
    """Whether clothbound made the book."""
    date: str = ""
    extra: dict[str, Any] = {}
    findings: list[Diagnostic] = []


def read_package(files: Files, called: str) -> BookPackage:
    """Returns the package of a book. Raises ReadError if it has none that can be read, or is encrypted."""
    findings: list[Diagnostic] = []
    name = _package_name(files, called, findings)
    root = _parse_xml(files, name, called)
    folder = posixpath.dirname(name)
    metadata = _Metadata(root, findings, name)
    package = BookPackage(
        metadata.info(),
        folder,
        is_own=metadata.named.get("generator") == "clothbound",
        date=metadata.date(),
        extra=metadata.extra(),
        findings=findings,
    )
    items = _Items(root, folder, files)
    _refuse_encrypted(files, called, items, findings)
    _read_spine(root, items, package, name)
    if metadata.named.get("clothbound:cover") != "drawn":
        package.cover = _find_cover(items, metadata, package)
    _read_navigation(root, items, files, package)
    return package


def join(folder: str, href: str) -> tuple[str, str]:
    """Returns the path in the archive and the fragment to which an address in ``folder`` leads.

    The path is empty for an address on the network, and for one that leads out of the archive.
    """
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return "", ""
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return "", ""
    path = posixpath.normpath(posixpath.join(folder, unquote(parts.path))) if parts.path else ""
    if path.startswith("..") or path == ".":
        return "", ""
    return path, unquote(parts.fragment)


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _iter(root: Any, *names: str) -> Iterator[Any]:
    return (element for element in root.iter() if _local(element) in names)


def _parse_xml(files: Files, name: str, called: str) -> Any:
    try:
        data = files.read(name)
        return etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS))
    except BadPostError as error:
        raise ReadError(f"{name} {error}", source=called) from error
    except etree.XMLSyntaxError as error:
        try:
            root = etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS, recover=True))
        except etree.XMLSyntaxError:
            root = None
        if root is None:
            raise ReadError(f"{name} is not readable XML: {error.msg}", source=called) from error
        return root


def _package_name(files: Files, called: str, findings: list[Diagnostic]) -> str:
    names: list[str] = []
    if CONTAINER in files.names:
        root = _parse_xml(files, CONTAINER, called)
        names = [unquote(e.get("full-path", "")) for e in _iter(root, "rootfile")]
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
        for item in _iter(root, "item"):
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


def _read_spine(root: Any, items: _Items, package: BookPackage, name: str) -> None:
    secondary: set[str] = set()
    for reference in _iter(root, "itemref"):
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
    root = _parse_xml(files, _ENCRYPTION, called)
    hidden = 0
    for data in _iter(root, "EncryptedData"):
        method = next((e.get("Algorithm", "") for e in _iter(data, "EncryptionMethod")), "")
        names = [unquote(e.get("URI", "")) for e in _iter(data, "CipherReference")]
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


def _find_cover(items: _Items, metadata: _Metadata, package: BookPackage) -> str:
    found = items.with_property("cover-image")
    if not found:
        named = metadata.named.get("cover", "")
        found = items.names.get(named, "") or join(package.folder, named)[0]
    return (
        found if found in items.present and items.types.get(found, "").startswith("image/") else ""
    )


# the navigation


def _read_navigation(root: Any, items: _Items, files: Files, package: BookPackage) -> None:
    package.contents = items.with_property("nav")
    for reference in _iter(root, "reference"):
        name = join(package.folder, reference.get("href", ""))[0]
        if name:
            package.places.setdefault(name, reference.get("type", "").lower())
    if package.contents in items.present and package.contents:
        _read_nav(files, package)
    if package.navigation:
        return
    spine = next(_iter(root, "spine"), None)
    ncx = items.names.get(spine.get("toc", ""), "") if spine is not None else ""
    ncx = ncx or next((n for n, kind in items.types.items() if kind == _NCX), "")
    if ncx in items.present and ncx:
        try:
            tree = etree.fromstring(
                files.read(ncx), etree.XMLParser(**PARSER_OPTIONS, recover=True)
            )
        except (BadPostError, etree.XMLSyntaxError) as error:
            package.findings.append(
                Diagnostic(
                    DiagnosticCode.ARCHIVE_FILE, f"the navigation cannot be read: {error}", ncx
                )
            )
            return
        top = next(_iter(tree, "navMap"), None) if tree is not None else None
        if top is not None:
            package.navigation = _points(top, posixpath.dirname(ncx), 0)


def _read_nav(files: Files, package: BookPackage) -> None:
    name = package.contents
    try:
        root, _ = xhtml.parse_document(files.read(name))
    except BadPostError as error:
        package.findings.append(
            Diagnostic(DiagnosticCode.ARCHIVE_FILE, f"the navigation cannot be read: {error}", name)
        )
        return
    folder = posixpath.dirname(name)
    for nav in root.iter("nav"):
        kinds = xhtml.types_of(nav)
        top = nav.find("ol")
        if top is None:
            continue
        if "toc" in kinds and not package.navigation:
            package.navigation = _lines(top, folder, 0)
        elif "landmarks" in kinds:
            for link in nav.iter("a"):
                target = join(folder, link.get("href", ""))[0]
                if target:
                    package.places[target] = next(iter(sorted(xhtml.types_of(link))), "")


def _lines(top: Any, folder: str, level: int) -> list[NavigationLine]:
    found = []
    for item in top.findall("li"):
        link = next((child for child in item if child.tag in ("a", "span")), None)
        below = item.find("ol")
        children = (
            _lines(below, folder, level + 1) if below is not None and level < _DEEPEST else []
        )
        if link is None and not children:
            continue
        title = xhtml.text_of(link) if link is not None else ""
        target = join(folder, link.get("href", "")) if link is not None else ("", "")
        found.append(NavigationLine(title, *target, children))
    return found


def _points(top: Any, folder: str, level: int) -> list[NavigationLine]:
    found = []
    for point in (child for child in top if _local(child) == "navPoint"):
        label = next((c for c in point if _local(c) == "navLabel"), None)
        content = next((c for c in point if _local(c) == "content"), None)
        title = " ".join("".join(label.itertext()).split()) if label is not None else ""
        target = join(folder, content.get("src", "")) if content is not None else ("", "")
        children = _points(point, folder, level + 1) if level < _DEEPEST else []
        found.append(NavigationLine(title, *target, children))
    return found


# the metadata


class _Metadata:
    """The elements of the metadata, with what refines them."""

    def __init__(self, root: Any, findings: list[Diagnostic], source: str) -> None:
        self._findings = findings
        self._source = source
        self._unique = root.get("unique-identifier", "")
        self._elements: list[Any] = []
        self.named: dict[str, str] = {}
        """The values of ``<meta name>``, as EPUB 2 has them."""
        self._properties: list[tuple[str, str, str]] = []
        self._refined: dict[str, dict[str, str]] = {}
        top = next(_iter(root, "metadata"), None)
        for element in top.iter() if top is not None else ():
            if not isinstance(element.tag, str):
                continue
            if element.tag.startswith(f"{{{_DC}}}") or element.tag.startswith("dc:"):
                self._elements.append(element)
            elif _local(element) == "meta":
                self._add_meta(element)

    def _add_meta(self, element: Any) -> None:
        if name := element.get("name"):
            self.named.setdefault(name, " ".join(element.get("content", "").split()))
            return
        value = " ".join((element.text or "").split())
        refines = element.get("refines", "").removeprefix("#")
        if refines:
            self._refined.setdefault(refines, {}).setdefault(element.get("property", ""), value)
        else:
            self._properties.append((element.get("property", ""), value, element.get("id", "")))

    def _all(self, name: str) -> Iterator[tuple[Any, str]]:
        for element in self._elements:
            if _local(element).rpartition(":")[2].lower() == name:
                value = " ".join("".join(element.itertext()).split())
                if value:
                    yield element, value

    def _values(self, name: str) -> list[str]:
        return list(dict.fromkeys(value for _, value in self._all(name)))

    def _refinements(self, element: Any) -> dict[str, str]:
        return self._refined.get(element.get("id", ""), {})

    def _attribute(self, element: Any, name: str) -> str:
        """Returns an attribute of EPUB 2, or what refines the element in EPUB 3."""
        of_opf = next(
            (
                v
                for k, v in element.attrib.items()
                if k.rpartition("}")[2].rpartition(":")[2] == name
            ),
            "",
        )
        return (self._refinements(element).get(name) or of_opf).strip()

    def info(self) -> BookInfo:
        title, subtitle = self._titles()
        authors, editors = self._people()
        description = next(iter(self._values("description")), "")
        identifier, isbn = self._identifiers()
        return BookInfo(
            title=title,
            subtitle=subtitle,
            authors=authors,
            editors=editors,
            language=next(filter(None, map(language_tag, self._values("language"))), ""),
            publisher=next(iter(self._values("publisher")), ""),
            rights=next(iter(self._values("rights")), ""),
            description=_without_markup(description),
            identifier=identifier,
            isbn=isbn,
            series=self._series(),
            subjects=tuple(self._values("subject")),
        )

    def _titles(self) -> tuple[str, str]:
        kinds: dict[str, str] = {}
        for element, value in self._all("title"):
            kinds.setdefault(self._attribute(element, "title-type") or "main", value)
        main = kinds.pop("main", "") or kinds.pop("expanded", "") or next(iter(kinds.values()), "")
        others = [v for k, v in kinds.items() if k not in ("subtitle", "short") and v != main]
        self._leave_out("title", others)
        return main, kinds.get("subtitle", "")

    def _people(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        authors: dict[str, float] = {}
        editors: dict[str, None] = {}
        others = []
        for name, default in (("creator", "aut"), ("contributor", "")):
            for element, value in self._all(name):
                role = self._attribute(element, "role").lower() or default
                if name == "creator" and role in _AUTHORS:
                    place = self._attribute(element, "display-seq")
                    authors.setdefault(value, float(place) if place.isdigit() else len(authors) + 1)
                elif role in _EDITORS:
                    editors[value] = None
                elif role not in ("bkp", "own", "prc"):  # the program that made the book
                    others.append(f"{value} ({role})" if role else value)
        self._leave_out("contributor", others)
        self._others = others
        return tuple(sorted(authors, key=authors.__getitem__)), tuple(editors)

    def _leave_out(self, what: str, values: list[str]) -> None:
        if values:
            shown = "; ".join(values[:_SHOWN]) + (" ..." if len(values) > _SHOWN else "")
            message = f"{format_count(len(values), what)} of the book for whom posts have no field: {shown}"
            if what == "title":
                message = f"further titles of the book were left out: {shown}"
            self._findings.append(
                Diagnostic(
                    DiagnosticCode.NODE_CHROME, message, self._source, severity=Severity.INFO
                )
            )

    def _identifiers(self) -> tuple[str, str]:
        unique = isbn = ""
        for element, value in self._all("identifier"):
            scheme = self._attribute(element, "scheme").lower()
            bare = value.lower().removeprefix("urn:").removeprefix("isbn:").strip()
            if "isbn" in scheme or "isbn" in value.lower() or element.get("id") == "isbn":
                with suppress(ValueError):
                    isbn = isbn or isbn13(bare)
            if element.get("id") == self._unique or not unique:
                unique = value
        return unique, isbn

    def _series(self) -> Series | None:
        name = position = ""
        for kind, value, identifier in self._properties:
            if kind == "belongs-to-collection":
                refined = self._refined.get(identifier, {})
                if refined.get("collection-type", "series") == "series":
                    name, position = value, refined.get("group-position", "")
                    break
        name = name or self.named.get("calibre:series", "")
        position = position or self.named.get("calibre:series_index", "")
        position = position.removesuffix(".0")
        if not name:
            return None
        try:
            check_number(position)
        except UsageError:
            position = ""
        return Series(name, position)

    def date(self) -> str:
        """Returns the date of publication, as the book gives it; empty if it gives none."""
        dates = [
            (self._attribute(e, "event").lower(), value)
            for e, value in self._all("date")
            if not value.startswith("0101-01-01")  # calibre's date for none
        ]
        for event in ("publication", "original-publication", "issued", ""):
            for kind, value in dates:
                if kind == event:
                    return value
        return next((v for k, v in dates if k not in ("modification", "conversion")), "")

    def extra(self) -> dict[str, Any]:
        """Returns what the fields of ``BookInfo`` cannot hold."""
        found: dict[str, Any] = {}
        if date := self.date():
            found["date"] = date
        if self._others:
            found["contributors"] = self._others
        return found


def _without_markup(text: str) -> str:
    """Returns a description as text: shops and programs put HTML into it."""
    if not _MARKUP.search(text):
        return text
    from ..searched_html import parse_html, words_in

    return words_in(parse_html(text.replace("</p>", " </p>").replace("<br", " <br")))


def documents_of(entries: Iterable[NavigationLine]) -> Iterator[NavigationLine]:
    """Yields all lines of a navigation, in order."""
    for entry in entries:
        yield entry
        yield from documents_of(entry.children)
