"""Makes what the preview shows of one post: its web page, and its chapter of an e-book.

Both are made with the whole collection at hand, so links between posts lead where they will lead in the product,
although no other post is parsed.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import msgspec

from .. import api
from ..artifact import Artifact
from ..context import Context
from ..diagnostics import Diagnostic, DiagnosticCode
from ..formats import Produces
from ..matter import fill_matter
from ..media.sniffing import sniff
from ..model.check import problems
from ..model.collection import Collection, pick
from ..run import Run
from ..writers.epub import WRITER as EPUB
from ..writers.epub import Epub
from ..writers.epub.chapters import EpubChapters
from ..writers.epub.container import Container
from ..writers.epub.content import STYLE, chapter_file
from ..writers.epub.package import read_style
from ..writers.epub.packed_files import PackedFile
from .shown_source import ShownFormats

_TYPES = {".css": "text/css", ".html": "text/html", ".xhtml": "application/xhtml+xml"}


class FramedDocument(msgspec.Struct, frozen=True):
    """A document with its files, by name; ``start`` is the file that a frame opens."""

    start: str
    files: dict[str, bytes]

    @property
    def digest(self) -> bytes:
        """The hash of names and contents: equal documents need not be loaded again."""
        found = hashlib.sha256(self.start.encode())
        for name, data in sorted(self.files.items()):
            found.update(name.encode())
            found.update(hashlib.sha256(data).digest())
        return found.digest()

    def file(self, name: str) -> tuple[bytes, str] | None:
        """Returns a file with its media type; None if there is none of this name."""
        data = self.files.get(name)
        if data is None:
            return None
        return data, _TYPES.get(PurePosixPath(name).suffix) or sniff(data)


class ShownPost(msgspec.Struct, frozen=True):
    """What the preview shows of a post, but for its printed pages."""

    page: FramedDocument
    chapter: FramedDocument
    diagnostics: tuple[Diagnostic, ...]
    """What ``check`` reports of it."""


def show_post(collection: Collection, position: int, formats: ShownFormats, run: Run) -> ShownPost:
    """Makes page and chapter of the post at ``position``. Raises ClothboundError if it cannot be read."""
    page = api.write(collection, formats.page, run=run).page(position)
    chapter, diagnostics = _make_chapter(collection, position, formats, run)
    return ShownPost(FramedDocument("page.html", {"page.html": page}), chapter, diagnostics)


def check_post(
    collection: Collection, position: int, formats: ShownFormats, run: Run
) -> tuple[Diagnostic, ...]:
    """Returns what ``check`` reports of the post at ``position``. Raises ClothboundError if it cannot be read."""
    return _make_chapter(collection, position, formats, run)[1]


def _make_chapter(
    collection: Collection, position: int, formats: ShownFormats, run: Run
) -> tuple[FramedDocument, tuple[Diagnostic, ...]]:
    writer = _ChapterWriter(position)
    artifact = api.write_with(writer, "epub", collection, formats.chapter, run=run)
    with zipfile.ZipFile(io.BytesIO(artifact.to_bytes())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    metadata = collection.index.entries[position].metadata
    whole = {*collection.diagnostics}
    reported = [
        found
        for found in artifact.report.diagnostics
        if found not in whole and found.code is not DiagnosticCode.PUBLICATION_STATE
    ]
    # Whatever a reader noticed about this file is among the diagnostics of the collection.
    about = [found for found in collection.diagnostics if found.source == metadata.source != ""]
    trees = [
        Diagnostic(DiagnosticCode.MARKUP_REPAIRED, problem, metadata.source)
        for problem in problems(collection.posts[position])
    ]
    refused = _store_faults(collection, position, formats, run) if formats.checks_store else ()
    found = tuple(dict.fromkeys((*about, *trees, *reported, *refused)))
    return FramedDocument(chapter_file(metadata.key), files), found


def _store_faults(
    collection: Collection, position: int, formats: ShownFormats, run: Run
) -> Iterator[Diagnostic]:
    """Yields what the destination refuses or shows badly in the post, by a book of this post alone."""
    source = collection.index.entries[position].metadata.source
    for found in api.check(pick(collection, [position]), formats.chapter.destination, run=run):
        if found.code is DiagnosticCode.STORE_RULE and found.source == source:
            yield found


class _ChapterWriter:
    """Writes one chapter of an EPUB, with its style and pictures, and none of the other parts of the book."""

    extension = ""
    media_type = ""
    options_type = Epub
    produces: Produces = "tree"
    public = False
    holds_files = True
    transforms: tuple[str, ...] = EPUB.transforms

    def __init__(self, position: int) -> None:
        self._position = position

    def write(self, collection: Collection, options: Epub, context: Context) -> Artifact:
        style = read_style(options, context)

        def tree() -> Iterator[tuple[str, bytes]]:
            container = _ChapterFiles(io.BytesIO())
            chapters = EpubChapters(collection, options, fill_matter(collection, "ebook"))
            made = chapters.make(collection.posts[self._position], context)
            for file in made.files:
                container.add(file.id, file.name, file.media_type, file.data)
            chapter = made.document
            container.add("chapter", chapter.file, "application/xhtml+xml", chapter.markup)
            container.add("style", STYLE, "text/css", style)
            yield from container.files.items()

        return Artifact.of_tree(report=context.report, make=tree)


class _ChapterFiles(Container):
    """Collects the files that a chapter needs; no package is made of them."""

    files: dict[str, bytes]

    def __post_init__(self) -> None:
        super().__post_init__()
        self.files = {}

    def add(
        self,
        item_id: str,
        name: str,
        media_type: str,
        data: str | bytes | PackedFile,
        properties: Any = (),
    ) -> None:
        super().add(item_id, name, media_type, data, properties)
        if isinstance(data, PackedFile):
            data = data.unpack()
        self.files[name] = data.encode() if isinstance(data, str) else data
