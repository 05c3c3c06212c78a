"""The reader of Ghost's export: tells its file, alone or in a ZIP or a folder, and reads its posts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from ....console_text import format_count
from ....diagnostics import Diagnostic, DiagnosticCode, Severity
from ....fields import Field
from ....formats import ArchiveFiles, ReaderOptions
from ....lazy_pattern import lazy_pattern
from ....model.book_info import BookInfo
from ....progress import READING, counted
from ...file_beginnings import begins_as
from .signs import is_ghost

if TYPE_CHECKING:
    from ....context import Context
    from ....formats import Source
    from ....model.collection import Collection
    from .addresses import ExportPlaces
    from .tables import Export

_FILE = lazy_pattern(r"(?:[^/]+/)?[^/]+\.json")
_START = 1_000_000
_ASKED = 20
"""The number of files of JSON in a folder whose beginnings are read."""


class GhostInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an export of Ghost."""

    format: ClassVar[str] = "ghost"
    pages: Annotated[bool, Field(help="Read the site's pages too, such as About.")] = False
    site: Annotated[
        str,
        Field(
            help="The site's address, which the export lacks: https://letters.example. Pictures that lie"
            " on the site are found there."
        ),
    ] = ""


class GhostReader:
    """Reads exports of Ghost; see the package."""

    extensions = ()
    options_type = GhostInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts JSON whose first members are those of Ghost's tables."""
        return is_ghost(head)

    def accepts_later(self, start: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts JSON whose members are in another order."""
        return is_ghost(start)

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts a ZIP or a folder with such a file at its top, or in a folder there."""
        return any(_find(files))

    def read(self, source: Source, options: GhostInput, context: Context) -> Collection:
        """Returns the posts in the order of the file.

        Unreadable posts are left out and reported in ``diagnostics``. Raises ReadError if the file is not an export,
        LimitError if it is too large.
        """
        from .tables import Export

        data, name, places, found = _open(source, options.site.strip().rstrip("/"), context)
        export = Export(data, name)
        del data
        found += [
            Diagnostic(DiagnosticCode.ENCODING_REPAIRED, message, name)
            for message in export.repairs
        ]
        return _read(export, name, places, found, options, context)


def _find(files: ArchiveFiles) -> Iterable[str]:
    """Yields the names of Ghost's files."""
    named = [name for name in files.names if _FILE.fullmatch(name)][:_ASKED]
    for name in named:
        if begins_as(files, name, is_ghost) or begins_as(files, name, is_ghost, _START):
            yield name


def _open(
    source: Source, site: str, context: Context
) -> tuple[bytes, str, ExportPlaces, list[Diagnostic]]:
    """Returns the bytes of the export, their name, where its files are, and what was found on the way."""
    from ...export_files import FolderFiles, open_export
    from ...packed_files import FilesOfPosts
    from .addresses import ExportPlaces

    limits = context.run.limits
    most = limits.archive_bytes
    hint = "give the file that Ghost saves under Settings > Import/Export"
    export = open_export(source, _find, "holds no export of Ghost", limits, most=most, hint=hint)
    # Their names have the day on which they were exported.
    *others, part = sorted(export.parts, key=lambda each: each.name.rpartition("/")[2])
    name = part.name
    data = part.read(most)
    files = export.files
    if files is None:
        folder = Path(source).resolve().parent if isinstance(source, (str, Path)) else None
        if folder is None or not (folder / "content").is_dir():
            return data, name, ExportPlaces(site), []
        beside = FilesOfPosts(FolderFiles(str(folder), limits), "", limits)
        return data, name, ExportPlaces(site, beside), []
    found = list(export.findings)
    for other in others:
        message = f"not read: {name} is a later export"
        found.append(Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, other.name))
    folder_name = name.rpartition("/")[0]
    held = FilesOfPosts(files, folder_name, limits)
    prefix = f"{folder_name}/" if folder_name else ""
    inside = frozenset(
        each.removeprefix(prefix)
        for each in files.names
        if not held.are_on_disk and each.startswith(prefix)
    )
    return data, name, ExportPlaces(site, held, inside), found


def _read(
    export: Export,
    name: str,
    places: ExportPlaces,
    found: list[Diagnostic],
    options: GhostInput,
    context: Context,
) -> Collection:
    from msgspec import structs

    from ....model.language_tags import language_tag
    from ....web.addresses import host_of
    from ...entries import Entries
    from .posts import (
        is_page,
        metadata_of,
        site_of,
        text_and_findings,
        unknown_words,
        unreadable_row,
    )
    from .story import maker
    from .tables import decode_post

    entries, authors, unknown = Entries(), Counter[str](), Counter[str]()
    pages = on_site = 0
    progress = context.run.progress
    for number, (raw, is_of_pages) in enumerate(counted(export.rows, READING, progress), 1):
        row = decode_post(raw, is_page=is_of_pages)
        if row is None:
            found.append(unreadable_row(number, name))
            continue
        if not places.site:
            places = structs.replace(places, site=site_of(row))
        unknown.update(unknown_words(row))
        if is_page(row) and not options.pages:
            pages += 1
            continue
        metadata = metadata_of(row, number, export, places)
        text = text_and_findings(row, metadata.source, places)
        on_site += not places.site and places.files is None and "/content/images/" in text.content
        authors.update(metadata.authors)
        entries.add(metadata, text)
    found += _findings(name, pages, on_site, unknown)
    settings = export.settings
    languages = map(settings.get, ("locale", "lang", "default_locale", "defaultLang"))
    info = BookInfo(
        title=settings.get("title", ""),
        description=settings.get("description", ""),
        authors=tuple(author for author, _ in authors.most_common(1)),
        language=language_tag(next(filter(None, languages), "")),
    )
    own = [host_of(places.site)] if places.site else []
    return entries.collection(maker(places), info, own_hosts=own, diagnostics=found)


def _findings(name: str, pages: int, on_site: int, unknown: Counter[str]) -> Iterable[Diagnostic]:
    """Yields what is reported of the whole file. No post is named, since it may be private."""
    for words, count in sorted(unknown.items()):
        message = f"{words} is unknown; {format_count(count, 'post')} with it count as private"
        yield Diagnostic(DiagnosticCode.PUBLICATION_STATE, message, name)
    if pages:
        message = f"not posts: {format_count(pages, 'page')}; -I pages=true reads pages too"
        yield Diagnostic(DiagnosticCode.FILES_PASSED_OVER, message, name, 0, Severity.INFO)
    if on_site:
        message = (
            f"pictures of {format_count(on_site, 'post')} lie on the site, whose address is not in the export: "
            "-I site=https://... names it, or put the folder `content` beside the file"
        )
        yield Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, name)


READER = GhostReader()
