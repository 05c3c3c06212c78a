"""The packed file: EbookLib behind a seam of a few functions, and imported in this file alone.

Items go into the archive as they come and are not kept, the package document (OPF) is written last,
so memory does not grow with the book. EbookLib writes the package document, the container file and
the archive; documents reach it as finished XHTML, since it loses text of fragments that it parses
and moves white space between inline elements.

Sources: EPUB 3.3, sections 4 (OCF) and 5 (package document).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

from ...artifact import zip_entry
from ...errors import WriteError

# Deflating these again costs time and gains nothing.
_COMPRESSED = frozenset({"image/jpeg", "image/png", "image/gif"})


@dataclass(frozen=True, slots=True)
class Meta:
    """One metadata element: ``dc:name``, or ``meta`` with a property where ``name`` is empty."""

    value: str
    name: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What the package document says of the book as a whole."""

    identifier: str
    language: str
    modified: datetime
    """UTC."""
    direction: str
    metadata: tuple[Meta, ...]
    spine: tuple[str, ...]
    """Manifest ids in reading order."""
    guide: tuple[tuple[str, str, str], ...]
    """EPUB 2 landmarks: (type, title, href)."""


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    name: str
    media_type: str
    properties: tuple[str, ...]


@dataclass(slots=True)
class Container:
    """An EPUB that is being written to ``stream``."""

    stream: BinaryIO
    folder: str = "EPUB"
    _archive: _FixedArchive = field(init=False)
    _entries: list[_Entry] = field(init=False, default_factory=list)
    _ids: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._archive = _FixedArchive(self.stream)
        self._archive.writestr("mimetype", "application/epub+zip", zipfile.ZIP_STORED)

    def has(self, item_id: str) -> bool:
        return item_id in self._ids

    def add(
        self,
        item_id: str,
        name: str,
        media_type: str,
        data: str | bytes,
        properties: Iterable[str] = (),
    ) -> None:
        """Writes one publication resource. Raises WriteError for an id that is there already."""
        if item_id in self._ids:
            raise WriteError(f"two files of the book have the id {item_id!r}")
        self._ids.add(item_id)
        self._entries.append(_Entry(item_id, name, media_type, tuple(properties)))
        stored = media_type in _COMPRESSED
        method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        self._archive.writestr(f"{self.folder}/{name}", data, method)

    def finish(self, package: Package) -> None:
        """Writes the package document and closes the archive."""
        from ebooklib import epub

        book = epub.EpubBook()
        book.FOLDER_NAME = self.folder
        book.metadata.clear()
        book.set_identifier(package.identifier)
        book.language = package.language
        book.set_direction(package.direction)
        for meta in package.metadata:
            attributes = dict(meta.attributes)
            if meta.name:
                book.add_metadata("DC", meta.name, meta.value, attributes)
            else:
                book.add_metadata(None, "meta", meta.value, attributes)
        for entry in self._entries:
            book.add_item(_item(epub, entry))
        book.spine = list(package.spine)
        book.guide = [{"type": t, "title": n, "href": h} for t, n, h in package.guide]
        writer = _package_writer(epub)(
            "", book, {"mtime": package.modified, "raise_exceptions": True, "epub3_pages": False}
        )
        writer.out = self._archive
        # EpubWriter.write() would write the OPF first, and the items, which are written by now.
        writer._write_container()
        writer._write_opf()
        self._archive.close()


def _package_writer(epub: Any) -> Any:
    class PackageWriter(epub.EpubWriter):  # type: ignore[misc]
        def _write_opf_file(self, root: Any) -> None:
            # EbookLib writes no language of the package document's own words.
            root.set("{http://www.w3.org/XML/1998/namespace}lang", self.book.language)
            super()._write_opf_file(root)

    return PackageWriter


def _item(epub: Any, entry: _Entry) -> Any:
    if entry.media_type == "application/x-dtbncx+xml":
        return epub.EpubNcx(entry.id, entry.name)
    if "nav" in entry.properties:
        return epub.EpubNav(entry.id, entry.name, entry.media_type)
    if entry.properties:
        item = epub.EpubHtml(entry.id, entry.name, entry.media_type)
        item.properties = list(entry.properties)
        return item
    return epub.EpubItem(entry.id, entry.name, entry.media_type)


class _ZipFile(zipfile.ZipFile):
    def __del__(self) -> None:
        """Writes no end: an archive that was not closed was abandoned, together with its stream."""


class _FixedArchive:
    """The part of ``zipfile.ZipFile`` that EbookLib writes through, with nothing of the moment."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = _ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._names: set[str] = set()

    def writestr(
        self, name: str, data: str | bytes, compress_type: int = zipfile.ZIP_DEFLATED
    ) -> None:
        # Names must differ after case folding too (EPUB 3.3, section 4.2.3).
        folded = name.casefold()
        if folded in self._names:
            raise WriteError(f"two files of the book have the name {name!r}")
        self._names.add(folded)
        self._zip.writestr(zip_entry(name), data, compress_type)

    def close(self) -> None:
        self._zip.close()


def refine(target: str, name: str, value: str, scheme: str = "") -> Meta:
    """A ``meta`` that says more about the element with the id ``target``."""
    attributes: Sequence[tuple[str, str]] = (("refines", f"#{target}"), ("property", name))
    if scheme:
        attributes = (*attributes, ("scheme", scheme))
    return Meta(value, "", tuple(attributes))
