"""Packs the EPUB. Only this file imports EbookLib.

Each item goes into the archive at once and the package document (OPF) is written last, so that memory
does not grow with the book. EbookLib writes the package document, the container file and the archive.
It gets documents as finished XHTML, since it loses text of the fragments that it parses and moves white
space between inline elements.

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
from .packed_files import PackedFile, write_packed

# These are compressed already; deflating them costs time and gains nothing.
_COMPRESSED = frozenset({"image/jpeg", "image/png", "image/gif"})


@dataclass(frozen=True, slots=True)
class Meta:
    """A metadata element: ``dc:name``, or ``meta`` with a property if ``name`` is empty."""

    value: str
    name: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The data of the package document that concern the whole book."""

    identifier: str
    language: str
    modified: datetime
    """The time of the last change, in UTC."""
    direction: str
    metadata: tuple[Meta, ...]
    spine: tuple[str, ...]
    """The manifest ids in reading order."""
    guide: tuple[tuple[str, str, str], ...]
    """The landmarks of EPUB 2: (type, title, href)."""


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
        data: str | bytes | PackedFile,
        properties: Iterable[str] = (),
    ) -> None:
        """Writes one publication resource. Raises WriteError if its id is taken."""
        if item_id in self._ids:
            raise WriteError(f"two files of the book have the id {item_id!r}")
        self._ids.add(item_id)
        self._entries.append(_Entry(item_id, name, media_type, tuple(properties)))
        path = f"{self.folder}/{name}"
        if isinstance(data, PackedFile):
            self._archive.write_packed(path, data)
            return
        stored = media_type in _COMPRESSED
        method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        self._archive.writestr(path, data, method)

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
        items = {entry.id: book.add_item(_item(epub, entry)) for entry in self._entries}
        # For each id in a spine, EbookLib would search all items.
        book.spine = [items[item_id] for item_id in package.spine]
        book.guide = [{"type": t, "title": n, "href": h} for t, n, h in package.guide]
        writer = _package_writer(epub)(
            "", book, {"mtime": package.modified, "raise_exceptions": True, "epub3_pages": False}
        )
        writer.out = self._archive
        # EpubWriter.write() would write the OPF first, and the items again.
        writer._write_container()
        writer._write_opf()
        self._archive.close()


def _package_writer(epub: Any) -> Any:
    class PackageWriter(epub.EpubWriter):  # type: ignore[misc]
        def _write_opf_file(self, root: Any) -> None:
            # EbookLib does not write the language of the package document itself.
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
        """Does not write the central directory: an archive that was not closed was abandoned with its stream."""


class _FixedArchive:
    """The part of ``zipfile.ZipFile`` that EbookLib uses. It stores no time of writing."""

    def __init__(self, stream: BinaryIO) -> None:
        self._zip = _ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._names: set[str] = set()

    def writestr(
        self, name: str, data: str | bytes, compress_type: int = zipfile.ZIP_DEFLATED
    ) -> None:
        self._zip.writestr(self._new_entry(name), data, compress_type)

    def write_packed(self, name: str, file: PackedFile) -> None:
        write_packed(self._zip, self._new_entry(name), file)

    def _new_entry(self, name: str) -> zipfile.ZipInfo:
        # Names must differ after case folding too (EPUB 3.3, section 4.2.3).
        folded = name.casefold()
        if folded in self._names:
            raise WriteError(f"two files of the book have the name {name!r}")
        self._names.add(folded)
        return zip_entry(name)

    def close(self) -> None:
        self._zip.close()


def refine(target: str, name: str, value: str, scheme: str = "") -> Meta:
    """Returns a ``meta`` that refines the element with the id ``target``."""
    attributes: Sequence[tuple[str, str]] = (("refines", f"#{target}"), ("property", name))
    if scheme:
        attributes = (*attributes, ("scheme", scheme))
    return Meta(value, "", tuple(attributes))
