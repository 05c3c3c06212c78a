"""Reads posts in text files: one file, or a folder, which is indexed in one pass and parsed on
demand.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from ..console_text import format_count, list_some
from ..diagnostics import Diagnostic, DiagnosticCode, LineDiagnostic, Severity
from ..errors import LimitError, OptionError, ReadError, reason_of
from ..language.detect import book_language, sample_of
from ..language.words import wording
from ..late_names import late_module
from ..limits import Limits
from ..model.book_info import BookInfo
from ..model.characters import repair_text
from ..model.collection import Collection, LazyPosts
from ..model.index import Index, IndexEntry, post_links, with_unique_keys
from ..model.post import Base, Metadata, Post
from ..model.slugs import BUNDLE
from ..part_digests import digest_of
from ..progress import READING, counted
from ..protected_files import MANUSCRIPT
from ..run import Run
from ..stored_items import StoredList
from .post_files import find_post_files
from .sites.generator import SiteTexts, TextsOfSource
from .sites.picture_folders import PictureFolders
from .sites.site_folder import PAGE, SiteFolder, site_of_post
from .source_bytes import read_whole, source_bytes

if TYPE_CHECKING:
    from ..formats import Source
    from . import imported_info, notion_pages, text_bundles
    from .sites.site_state import SiteState
else:
    imported_info = late_module("clothbound.readers.imported_info")
    notion_pages = late_module("clothbound.readers.notion_pages")
    text_bundles = late_module("clothbound.readers.text_bundles")

Options = TypeVar("Options")


PARSER_ERRORS = (
    RecursionError,
    ArithmeticError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)
"""What parsers raise at texts for which they are not made."""


class BadPostError(Exception):
    """A post cannot be decoded or read, or exceeds a limit.

    Its reader turns it into a diagnostic or an error that names the post.

    ``line`` counts from 1; it is 0 if unknown.
    """

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def read_bytes(
    path: str | Path, limits: Limits, folder: Path | None = None, size: int = -1
) -> bytes:
    """Returns the bytes of a post's file, or the first ``size`` of them.

    Raises BadPostError, also for a link that leads out of ``folder``.
    """
    try:
        name = os.fspath(path)
        status = os.lstat(name)
        if stat.S_ISLNK(status.st_mode):
            real = Path(os.path.realpath(name))
            if folder is not None and not real.is_relative_to(os.path.realpath(folder)):
                raise BadPostError("is a link that leads out of the folder")
            status = os.stat(name)  # noqa: PTH116 - a path takes longer
        # Opening a pipe would block until something writes to it.
        if not stat.S_ISREG(status.st_mode):
            raise BadPostError("is not a file")
        with open(name, "rb", buffering=0) as stream:  # noqa: PTH123 - likewise
            most = limits.post_bytes if size < 0 else size - 1
            data = read_whole(stream, most, status.st_size)
    except OSError as error:
        raise BadPostError(f"cannot be read: {reason_of(error)}") from error
    if size < 0 and len(data) > limits.post_bytes:
        raise BadPostError(f"is longer than {limits.post_bytes} bytes")
    return data


def decode(data: bytes) -> tuple[str, str]:
    r"""Returns the text with lines that end in ``\n``, and a message about repairs, if any.

    Raises BadPostError if the bytes are neither UTF-8 nor UTF-16 with its mark.
    """
    is_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        bad = data[error.start : error.start + 1].hex()
        raise BadPostError(
            f"is not UTF-8: byte {error.start} is 0x{bad}; save the file as UTF-8"
        ) from error
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return repair_text(text, None if is_utf16 else data)


def keep_as_code(error: Exception, line: int = 1) -> LineDiagnostic:
    """Returns the finding on a text at which its parser failed; the text is not lost."""
    message = f"the text could not be parsed and was kept as a code block: {error}"
    return DiagnosticCode.MARKUP_REPAIRED, message, line


def bad_post(source: str, error: BadPostError) -> Diagnostic:
    """Returns the diagnostic of a post that is left out."""
    message = f"post left out: it {error}"
    return Diagnostic(DiagnosticCode.POST_UNREADABLE, message, source, error.line, Severity.ERROR)


class DecodedText(msgspec.Struct, frozen=True):
    """A decoded file. ``base`` is the place of its pictures; None if the text is not from a file."""

    content: str
    repaired: str
    base: Base | None

    @property
    def folder(self) -> Path | None:
        """The folder of the file."""
        return Path(self.base.path) if self.base is not None else None


def site_of_text(text: DecodedText, source: TextsOfSource) -> SiteFolder | None:
    """Returns the site of a text's folder, also a plain folder's; None if the text is not from a file."""
    # To find out whether settings have changed takes as long as to read a header.
    return source.ask_for_folder(site_of_post, text.folder) if text.folder is not None else None


def repairs_of(text: DecodedText) -> list[LineDiagnostic]:
    """Returns the finding about what decoding repaired, if it did."""
    return [(DiagnosticCode.ENCODING_REPAIRED, text.repaired, 0)] if text.repaired else []


class SiteReading(msgspec.Struct, frozen=True):
    """How a folder is read as a site: its posts alone, with what the configuration says of them."""

    pages: bool = False
    """Whether pages are read too."""


class TextFormat(msgspec.Struct, Generic[Options], frozen=True):
    """The functions of one format of text files. They belong to modules, so that posts are
    picklable.
    """

    extensions: frozenset[str]
    decode: Callable[[bytes], tuple[str, str]]
    """Decodes a file; returns the text and a message about repairs. May raise BadPostError."""
    metadata: Callable[[str, str, Options, Limits], Metadata]
    """Makes the metadata from the text, the source's name, the options and the limits."""
    post: Callable[[DecodedText, Metadata, Options, Limits], Post]
    alone: tuple[str, ...] = ()
    """The extensions of files that hold all of their posts, unless a site has files that others include."""
    metadata_in_site: Callable[[str, str, Options, Limits, SiteTexts], Metadata] | None = None
    """Makes the metadata of a post of a site, if they depend on what the site says, which comes last."""


def read_text_files(
    source: Source,
    form: TextFormat[Options],
    options: Options,
    run: Run,
    exclude: Sequence[str] = (),
) -> Collection:
    """Reads the posts of a file, a folder, bytes or a stream; ``exclude`` holds patterns for a
    folder.

    A folder is indexed in one pass that opens each file once; its posts are parsed on demand. Its
    unreadable posts are left out and reported in ``diagnostics``; a single one raises ReadError.
    """
    return read_site_files(source, form, options, run, exclude, None)


def read_site_files(
    source: Source,
    form: TextFormat[Options],
    options: Options,
    run: Run,
    exclude: Sequence[str],
    reading: SiteReading | None,
) -> Collection:
    """Does what ``read_text_files`` does; ``reading`` asks for a file or a folder to be read as part of its site."""
    folder, limits = None, run.limits
    if isinstance(source, (str, Path)):
        path = Path(source)
        if path.is_dir():
            return _read_folder(path, form, options, run, exclude, reading)
    if exclude:
        raise OptionError("exclude takes patterns for a folder, but the source is a single file")
    if isinstance(source, (str, Path)):
        path = Path(source)
        folder = path.parent
        try:
            data, name = read_bytes(path, limits), path.name
        except BadPostError as error:
            raise ReadError(f"the post {error}", source=str(path)) from error
    else:
        try:
            data, name = source_bytes(source, limits.post_bytes)
        except LimitError as error:
            raise ReadError(f"the post {error.message}", source=error.source) from error
    site = SiteFolder.of(folder) if folder is not None else None
    base = site.pictures.base_of(name) if site is not None else None
    try:
        text = DecodedText(*form.decode(data), base)
    except BadPostError as error:
        raise ReadError(f"the post {error}", source=name, line=error.line) from error
    metadata = _make_metadata(form, text.content, name, options, limits, site)
    info = _info_of_import(folder) if folder is not None else BookInfo()
    host, diagnostics = "", list[Diagnostic]()
    if site is not None:
        file = site.file_of(name, metadata, text.content)
        if reading is not None and site.is_configured and site.why_left_out(file) in ("", PAGE):
            file = msgspec.structs.replace(file, metadata=site.complete(file))
            info, host = site.info.complete_with(info), site.host_of([file.metadata])
            diagnostics = list(_tell_of_site(site))
        metadata = site.restrict(file)
    entries = with_unique_keys(
        [IndexEntry(metadata, post_links(text.content), sample_of(text.content))]
    )
    posts: Sequence[Post] = (form.post(text, entries[0].metadata, options, limits),)
    collection = Collection(
        posts=posts,
        index=Index(entries, load=posts.__getitem__, sites=(host,) if host else ()),
        info=info,
        diagnostics=tuple(diagnostics),
    )
    return _named_by_folder(collection, folder)


def _info_of_import(folder: Path) -> BookInfo:
    """Returns what ``import`` has kept of the publication whose posts it wrote into a folder; nothing for another one."""
    if not (folder / MANUSCRIPT).is_dir():
        return BookInfo()
    return imported_info.read_imported_info(folder)


def _named_by_folder(collection: Collection, folder: Path | None) -> Collection:
    """Returns posts that name no publication with the name of their folder as their title."""
    if collection.info.title:
        return collection
    name = folder.resolve().name if folder is not None else ""
    words = name.replace("-", " ").replace("_", " ").strip()
    title = words[:1].upper() + words[1:]
    if title == wording("en").posts:
        title = wording(book_language(collection)).posts
    info = collection.info.complete_with(BookInfo(title=title))
    return msgspec.structs.replace(collection, info=info, named_by_source=True)


def _make_metadata(
    form: TextFormat[Options],
    text: str,
    source: str,
    options: Options,
    limits: Limits,
    site: SiteFolder | None,
) -> Metadata:
    """Makes the metadata of a post; ``site`` is None for a text without a folder."""
    if site is not None and site.generator is not None and form.metadata_in_site is not None:
        metadata = form.metadata_in_site(text, source, options, limits, site.texts)
    else:
        metadata = form.metadata(text, source, options, limits)
    if site is None or BUNDLE not in f"{site.folder.name}/{source}".lower():
        return metadata
    return text_bundles.complete_from_bundle(site.folder, source, metadata)


def _read_folder(
    folder: Path,
    form: TextFormat[Options],
    options: Options,
    run: Run,
    exclude: Sequence[str],
    reading: SiteReading | None,
) -> Collection:
    from .sites.site_state import SiteState  # a single post is of no run that keeps parts

    limits = run.limits
    site = SiteFolder.of(folder)
    as_site = reading if site.is_configured else None
    files = find_post_files(folder, form.extensions, exclude)
    files.set_aside(notebooks=site.has_notebooks)
    if not site.knows_parts:
        files.set_parts_aside(folder)
    names = site.within_content(files.posts) if as_site is not None else files.posts
    posts, diagnostics = _index_files(folder, names, site, as_site, form, options, run)
    if as_site is not None and not posts.found and posts.left_out.get(PAGE):
        # A folder of pages alone was named for their sake.
        as_site = SiteReading(pages=True)
        posts, diagnostics = _index_files(folder, names, site, as_site, form, options, run)
    entries = with_unique_keys(posts.found)
    pictures = site.pictures
    load = partial(_load, str(folder), entries, form, options, limits, pictures)
    info, host = _info_of_import(folder), ""
    if as_site is not None:
        info = site.info.complete_with(info)
        host = site.host_of([entry.metadata for entry in entries])
        told = [
            *_tell_of_site(site),
            *_tell_templates(site, folder),
            *_tell_left_out(files.posts, names, posts.left_out),
        ]
        diagnostics = [*told, *diagnostics]
    state = SiteState(str(site.root) if site.generator is not None else "")
    digest = partial(_digest, str(folder), entries, form, options, limits, pictures, state)
    collection = Collection(
        posts=LazyPosts(load, range(len(entries)), digest),
        index=Index(
            entries,
            load=load,
            is_file=partial(_is_file, str(folder)),
            sites=(host,) if host else (),
        ),
        info=info,
        diagnostics=(*files.findings(), *notion_pages.report_pages(names), *diagnostics),
    )
    return _named_by_folder(collection, folder)


class _IndexedFiles(msgspec.Struct):
    """The posts of a folder, and the files that a site does not show as posts, by what they are."""

    found: StoredList[IndexEntry] = msgspec.field(default_factory=lambda: StoredList(IndexEntry))
    left_out: dict[str, list[str]] = {}


def _index_files(
    folder: Path,
    names: Sequence[str],
    site: SiteFolder,
    reading: SiteReading | None,
    form: TextFormat[Options],
    options: Options,
    run: Run,
) -> tuple[_IndexedFiles, list[Diagnostic]]:
    files, diagnostics = _IndexedFiles(), []
    beginning = os.path.join(folder, "")  # noqa: PTH118 - a path of each file takes longer
    for name in counted(names, READING, run.progress):
        try:
            content, _ = form.decode(read_bytes(f"{beginning}{name}", run.limits, folder))
        except BadPostError as error:
            diagnostics.append(bad_post(name, error))
            continue
        metadata = _make_metadata(form, content, name, options, run.limits, site)
        if site.generator is not None:
            file = site.file_of(name, metadata, content)
            if reading is not None:
                what = site.why_left_out(file)
                if what and not (what == PAGE and reading.pages):
                    files.left_out.setdefault(what, []).append(name)
                    continue
                file = msgspec.structs.replace(file, metadata=site.complete(file))
            metadata = site.restrict(file)
        files.found.append(IndexEntry(metadata, post_links(content), sample_of(content)))
    return files, diagnostics


def _tell_of_site(site: SiteFolder) -> Iterator[Diagnostic]:
    message = f"{site.description}; -f markdown reads it as plain Markdown"
    yield Diagnostic(DiagnosticCode.INFERRED, message, severity=Severity.INFO)
    if site.facts.unread:
        programs = list_some(site.facts.unread)
        message = f"data of posts in JavaScript is not read, so drafts that it marks are not known: {programs}"
        yield Diagnostic(DiagnosticCode.FILES_PASSED_OVER, message)


def _tell_templates(site: SiteFolder, folder: Path) -> Iterator[Diagnostic]:
    """Yields which posts below ``folder`` are not read because they are templates."""
    place = folder.resolve()
    templates = [n for n in site.facts.templates if (site.root / n).is_relative_to(place)]
    if templates:
        count = format_count(len(templates), "post that is a template", "posts that are templates")
        message = (
            f"{count}, not read: {list_some(templates)}. Hint: build the site, and read its pages"
        )
        yield Diagnostic(DiagnosticCode.FILES_PASSED_OVER, message)


def _tell_left_out(
    every: Sequence[str], within: Sequence[str], left_out: Mapping[str, Sequence[str]]
) -> Iterator[Diagnostic]:
    """Yields which files the site does not show as posts."""
    outside = sorted(set(every) - set(within))
    kinds = {**left_out, "file outside the folders of the posts": outside}
    counts = [
        f"{format_count(len(names), what, _plural(what))} ({list_some(names)})"
        for what, names in kinds.items()
        if names
    ]
    if counts:
        hint = "; -I pages=true reads pages too" if left_out.get(PAGE) else ""
        message = f"not posts of the site: {', '.join(counts)}{hint}"
        yield Diagnostic(DiagnosticCode.FILES_PASSED_OVER, message, severity=Severity.INFO)


def _plural(what: str) -> str:
    first, _, rest = what.partition(" ")
    return f"{first}s {rest}".strip()


def _is_file(folder: str, path: str) -> bool:
    """Whether a relative path is a file below ``folder``, or a folder for which a browser shows a
    page.
    """
    found = os.path.join(folder, path)  # noqa: PTH118
    try:
        return any(map(os.path.isfile, (found, os.path.join(found, "index.html"))))  # noqa: PTH118
    except ValueError:  # no path may contain such a character
        return False


def _digest(
    folder: str,
    entries: Sequence[IndexEntry],
    form: TextFormat[Options],
    options: Options,
    limits: Limits,
    pictures: PictureFolders,
    site: SiteState,
    position: int,
) -> str:
    """Returns a digest of what ``_load`` reads of a post and of its site; empty if it may read more."""
    source = entries[position].metadata.source
    if not source.lower().endswith(form.alone):
        return ""
    try:
        data = read_bytes(os.path.join(folder, source), limits)  # noqa: PTH118 - a path takes longer
    except BadPostError:
        return ""
    base = pictures.base_of(source)
    return digest_of(hashlib.sha256(data).hexdigest(), options, base, site.digest)


def _load(
    folder: str,
    entries: Sequence[IndexEntry],
    form: TextFormat[Options],
    options: Options,
    limits: Limits,
    pictures: PictureFolders,
    position: int,
) -> Post:
    """Returns one post of a folder. Raises ReadError if it can no longer be read."""
    metadata = entries[position].metadata
    path = os.path.join(folder, metadata.source)  # noqa: PTH118 - a path takes longer
    try:
        text = DecodedText(
            *form.decode(read_bytes(path, limits)), pictures.base_of(metadata.source)
        )
    except BadPostError as error:
        raise ReadError(f"the post {error}", source=metadata.source, line=error.line) from error
    return form.post(text, metadata, options, limits)
