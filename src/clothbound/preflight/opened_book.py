"""Opens an EPUB: its package document and the files that it lists.

Sources: EPUB 3.3, sections 4.2 (container) and 5 (package document).
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from lxml import etree

from ..errors import ReadError
from ..limits import Limits
from ..readers.epub.container import CONTAINER, ENCRYPTION
from ..untrusted_xml import PARSER_OPTIONS

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"


@dataclass(frozen=True, slots=True)
class ManifestItem:
    """A file that the package document lists. ``name`` is its path in the archive."""

    id: str
    name: str
    media_type: str
    properties: frozenset[str]
    fallback: str
    """The id of its fallback; empty if it has none."""


@dataclass(frozen=True, slots=True)
class OpenedBook:
    package: Any
    """The root of the package document."""
    package_name: str
    items: Mapping[str, ManifestItem]
    """The listed files, by id."""
    _archive: zipfile.ZipFile

    @classmethod
    def of(cls, data: bytes, name: str, limits: Limits) -> OpenedBook:
        """Opens ``data``. Raises ReadError if it is not an EPUB that can be opened within the limits."""
        try:
            archive = zipfile.ZipFile(BytesIO(data))
            _check_bounds(archive, name, limits)
            package_name = _find_package(parse_xml(archive.read(CONTAINER)))
            package = parse_xml(archive.read(package_name))
        except (
            zipfile.BadZipFile,
            KeyError,
            NotImplementedError,
            RuntimeError,
            etree.XMLSyntaxError,
            ValueError,
        ) as error:
            # str() puts the message of a KeyError in quotes.
            reason = error.args[0] if isinstance(error, KeyError) else error
            raise ReadError(f"is not an EPUB that can be opened: {reason}", source=name) from error
        folder = posixpath.dirname(package_name)
        items = {}
        for element in package.iter(f"{OPF}item"):
            href = unquote(element.get("href", ""))
            item = ManifestItem(
                element.get("id", ""),
                posixpath.normpath(posixpath.join(folder, href)),
                element.get("media-type", ""),
                frozenset(element.get("properties", "").split()),
                element.get("fallback", ""),
            )
            items[item.id] = item
        return cls(package, package_name, items, archive)

    @property
    def has_mimetype(self) -> bool:
        """Whether the archive begins as EPUB 3.3, section 4.2 requires."""
        first = next(iter(self._archive.infolist()), None)
        return (
            first is not None
            and first.filename == "mimetype"
            and first.compress_type == zipfile.ZIP_STORED
            and self._unpack(first.filename) == b"application/epub+zip"
        )

    @property
    def identifier(self) -> str:
        """The identifier that the package declares unique; empty if there is none."""
        wanted = self.package.get("unique-identifier")
        named = (e.text for e in self.package.iter(f"{DC}identifier") if e.get("id") == wanted)
        return (next(named, "") or "").strip()

    @property
    def encryption(self) -> bytes | None:
        """The list of encrypted files (EPUB 3.3, section 4.2.6.3.2); None if the archive has none."""
        return self._unpack(ENCRYPTION)

    @property
    def display_options(self) -> bytes | None:
        """The display options of Apple Books; None if the archive has none."""
        return self._unpack("META-INF/com.apple.ibooks.display-options.xml")

    def has(self, item: ManifestItem) -> bool:
        return item.name in self._archive.NameToInfo

    def read(self, item: ManifestItem) -> bytes | None:
        """Returns the bytes of a file; None if it is missing or cannot be unpacked."""
        return self._unpack(item.name)

    def _unpack(self, name: str) -> bytes | None:
        try:
            return self._archive.read(name)
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
            return None

    def packed(self, item: ManifestItem) -> int:
        """Returns the compressed size of a file in bytes; 0 if it is missing."""
        try:
            return self._archive.getinfo(item.name).compress_size
        except KeyError:
            return 0

    def of_type(self, *media_types: str) -> Iterator[ManifestItem]:
        return (item for item in self.items.values() if item.media_type in media_types)


def parse_xml(data: bytes) -> Any:
    """Returns the root of an XML document. Raises lxml's XMLSyntaxError."""
    return etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS))


def _find_package(container: Any) -> str:
    """Returns the path of the package document. Raises ValueError if the container names none."""
    rootfile = container.find(f".//{_CONTAINER}rootfile")
    name = "" if rootfile is None else rootfile.get("full-path", "")
    if not name:
        raise ValueError(f"{CONTAINER} names no package document")
    return str(name)


def _check_bounds(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise ReadError(f"contains more than {limits.entries} files", source=name)
    if sum(entry.file_size for entry in entries) > limits.archive_bytes:
        raise ReadError(f"has more than {limits.archive_bytes} bytes unpacked", source=name)
    for entry in entries:
        large = entry.file_size > 1_000_000
        if large and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            raise ReadError(
                f"{entry.filename} expands to more than {limits.ratio} times its compressed size",
                source=name,
            )
