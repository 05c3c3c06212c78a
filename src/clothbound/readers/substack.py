"""Reads Substack's export: a ZIP, its bytes, or the folder to which it was unpacked.

One pass over the archive reads posts.csv and scans each post's file once, without parsing it; posts
are parsed on demand. Of subscribers' data, only the file names are read.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar
from urllib.parse import urlsplit

import msgspec

from ..console_text import format_count, list_some
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import Hint, ReadError
from ..fields import Field
from ..formats import ArchiveFiles, ReaderOptions, reader_extensions
from ..language.detect import sample_of
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..media.sniffing import PICTURE_FILES
from ..model.book_info import BookInfo
from ..model.collection import Collection, LazyPosts
from ..model.index import Index, IndexEntry, infer_sites, post_links, with_unique_keys
from ..model.post import Metadata, Post
from ..model.post_names import forms_of_name
from ..model.recordings import with_recording
from ..model.slugs import number_of_id
from ..part_digests import digest_of
from ..progress import READING, HearProgress, counted
from ..run import Run
from ..substack.data_attrs import string
from ..substack.posts_csv import FIELD_COLUMNS, is_true, load, without_line_breaks
from .csv_columns import columns_of
from .export_files import SUBSCRIBER_LIST, Files, ZipFiles, open_files
from .html_post import decode_html, post_of
from .post_metadata import title_from_path
from .publication_state import publication_of
from .source_bytes import source_bytes
from .text_files import BadPostError, bad_post
from .timestamps import read_timestamp

if TYPE_CHECKING:
    from ..context import Context
    from ..formats import Source

_GIVE = "give the ZIP that Settings > Import/Export > New export makes; for a folder of HTML files"
# The local header of a ZIP's first file, whose name begins at byte 30 (APPNOTE 4.3.7).
_FIRST_FILE = lazy_pattern(
    rb"PK\x03\x04.{26}(?:[^/]{1,200}/)?"
    rb"(?:email_list\.[^/]{1,200}?csv|posts/[0-9]{1,20}\.[^/]{0,300}?\.(?:html|csv))",
    re.S,
)
_HEAD = 200
_ID = "post_id"
"""The column by which posts.csv is told from the tables of others."""
_SUBDOMAIN = lazy_pattern(r"(?:^|/)email_list\.([a-z0-9-]{1,63})\.csv$", re.I)
_ROW = lazy_pattern(r"\n\d{1,12}\.[\w-]*,\d{4}-\d\d-\d\dT")
"""Matches the beginning of another post's row."""
# The time is linear, since a match never starts inside another tag.
_DIVISION = lazy_pattern(r"""<div\b(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+>""")
_DATA = lazy_pattern(r"""\sdata-attrs=(?:"([^"]*)"|'([^']*)')""")
# Matches the random token by which Substack names its archives, also as browsers and people rename
# it.
_NAMELESS = lazy_pattern(
    r"(?=[^\s]*[A-Z])(?=[^\s]*[a-z])(?=[^\s]*[0-9_-])[A-Za-z0-9_-]{18,}"
    r"|(?:my[-_ ])?(?:substack|export|archive|posts|download|publication)[-_ ()0-9]*"
    r"(?:export|archive|posts|data)?[-_ ()0-9]*",
)


class SubstackInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading an export."""

    format: ClassVar[str] = "substack"
    encoding: Annotated[
        str,
        Field(
            help="The encoding of posts.csv, if another program saved it: "
            "``shift_jis``, ``windows-1251``."
        ),
    ] = ""


class SubstackReader:
    """Reads exports; see the module."""

    extensions = reader_extensions("substack")
    options_type = SubstackInput

    def accepts(self, head: bytes, name: str) -> bool:
        """Accepts a ZIP whose first file is one of an export's, a folder with an export's posts.csv, or
        that file alone, which ``read`` refuses.
        """
        if _FIRST_FILE.match(head) or _is_table(head):
            return True
        return not head and bool(name) and _is_export(_export_in(Path(name)))

    def accepts_files(self, files: ArchiveFiles) -> bool:
        """Accepts a ZIP with a posts.csv that has the right columns, or posts beside it."""
        table = _table_in(files)
        folder = table.removesuffix("posts.csv")
        if not table or folder.count("/") > 1 or not all(n.startswith(folder) for n in files.names):
            return False
        posts = f"{folder}posts/"
        try:
            head = files.read_start(table, _HEAD)
        except BadPostError:
            head = b""
        return _ID in columns_of(head) or any(
            name.startswith(posts) and name.endswith(".html") for name in files.names
        )

    def read(self, source: Source, options: SubstackInput, context: Context) -> Collection:
        """Returns the posts in the order of posts.csv.

        Raises ReadError if the source is not an export, LimitError if it is too large. Unreadable
        posts are left out and reported in ``diagnostics``, as is every inconsistency.
        """
        limits = context.run.limits
        if isinstance(source, (str, Path)):
            path = _export_in(Path(source))
            if path.is_file():
                with path.open("rb") as stream:
                    _refuse_table(stream.read(_HEAD), path.name)
            files = open_files(path, limits)
            # The folder may contain the export's folder instead of its files.
            outer = Path(source).resolve()
            names = [path.resolve().name, outer.name] if path.is_dir() else [path.stem]
            return _read(files, names, context.run, options.encoding)
        data, name = source_bytes(source, limits.archive_bytes)
        _refuse_table(data[:_HEAD], name)
        return _read(ZipFiles.open(data, name, limits), [], context.run, options.encoding)


READER = SubstackReader()


def _load(
    files: Files,
    entries: Sequence[IndexEntry],
    prefix: str,
    missing: frozenset[str],
    position: int,
) -> Post:
    """Loads one post; ``missing`` holds the sources of posts without a file."""
    metadata = entries[position].metadata
    if metadata.source in missing:
        return with_recording(Post(metadata))
    try:
        text, repaired = decode_html(files.read(prefix + metadata.source))
    except BadPostError as error:
        raise ReadError(f"the post {error}", source=metadata.source) from error
    found = (
        (Diagnostic(DiagnosticCode.ENCODING_REPAIRED, repaired, metadata.source),)
        if repaired
        else ()
    )
    base = files.base(prefix.rstrip("/"))
    return post_of(text, metadata, exact=True, base=base, findings=found)


def _digest(files: Files, entries: Sequence[IndexEntry], prefix: str, position: int) -> str:
    """Returns a digest of what ``_load`` reads of a post; empty for one without a file."""
    try:
        data = files.read(prefix + entries[position].metadata.source)
    except BadPostError:
        return ""
    return digest_of(hashlib.sha256(data).hexdigest(), files.base(prefix.rstrip("/")))


def _is_export(folder: Path) -> bool:
    """Whether a folder has a posts.csv with the right first line, or with posts beside it."""
    try:
        with (folder / "posts.csv").open("rb") as stream:
            return _ID in columns_of(stream.read(_HEAD)) or any((folder / "posts").glob("*.html"))
    except OSError:
        return False


def _export_in(path: Path) -> Path:
    """Returns ``path``, or the only folder in it, since file managers make one when they unpack."""
    if not path.is_dir() or (path / "posts.csv").exists():
        return path
    # Any folder may be asked, also one of 100,000 posts.
    with os.scandir(path) as entries:
        seen = list(islice((e.name for e in entries if not e.name.startswith(".")), 2))
    return path / seen[0] if len(seen) == 1 and _is_export(path / seen[0]) else path


def _is_table(head: bytes) -> bool:
    """Whether a file begins like posts.csv."""
    first, *others = columns_of(head)
    return first == _ID and bool(others)


def _refuse_table(head: bytes, name: str) -> None:
    if _is_table(head):
        raise ReadError(
            "is the table of an export's posts, without the posts",
            source=name,
            hint="give the ZIP of the export, or the folder to which it unpacks",
        )


def _read(files: Files, names: Sequence[str], run: Run, encoding: str) -> Collection:
    """Reads the posts. ``names`` are those of the file or folders that contain the export,
    innermost first.
    """
    table = _find_table(files, next(iter(names), ""))
    prefix = table[: -len("posts.csv")]
    names = [*reversed(prefix.rstrip("/").split("/")), *names]
    archive = _Archive(files, prefix)
    archive.sort_files(table)
    archive.read_rows(table, run.limits, encoding)
    archive.read_posts(run.progress)
    entries = with_unique_keys(archive.entries)
    load = partial(_load, files, entries, prefix, frozenset(archive.missing))
    own = {f"{archive.subdomain}.substack.com"} if archive.subdomain else set()
    sites = tuple(sorted({*infer_sites(entries), *own}))
    index = Index(entries, load=load, sites=sites)
    title = archive.publication(sites)
    authors = archive.authors(sites)
    if authors:
        message = f"author: {', '.join(authors)} (inferred from embedded posts)"
        archive.findings.append(
            Diagnostic(DiagnosticCode.INFERRED, message, severity=Severity.INFO, setting="authors")
        )
    return Collection(
        posts=LazyPosts(load, range(len(entries)), partial(_digest, files, entries, prefix)),
        index=index,
        info=BookInfo(title=title or _title(names, archive.subdomain, sites), authors=authors),
        named_by_source=not title,
        extra={"columns": list(archive.columns), "order": archive.order},
        diagnostics=(*files.findings, *archive.findings),
    )


def _find_table(files: Files, name: str) -> str:
    """Returns the posts.csv nearest to the root of the archive. Raises ReadError if there is
    none.
    """
    found = _table_in(files)
    if not found:
        raise ReadError(
            "holds no posts.csv, so it is not a Substack export",
            source=name,
            hint=Hint(f"{_GIVE}, name format='html'", f"{_GIVE}, use --from html"),
        )
    return found


def _table_in(files: ArchiveFiles) -> str:
    found = [file for file in files.names if file.rpartition("/")[2].lower() == "posts.csv"]
    by_depth = sorted(
        found, key=lambda file: (file.count("/"), not file.endswith("posts.csv"), file)
    )
    return next(iter(by_depth), "")


@dataclass(slots=True)
class _Archive:
    """The result of the single pass over an archive."""

    files: Files
    prefix: str
    columns: tuple[str, ...] = ()
    order: list[str] = field(default_factory=list)
    entries: list[IndexEntry] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    findings: list[Diagnostic] = field(default_factory=list)
    subdomain: str = ""
    _rows: list[Metadata] = field(default_factory=list)
    _posts: dict[str, None] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _own: Counter[tuple[str, str, tuple[str, ...]]] = field(default_factory=Counter)

    def add_finding(
        self,
        code: DiagnosticCode,
        message: str,
        source: str = "",
        line: int = 0,
        severity: Severity = Severity.WARNING,
    ) -> None:
        self.findings.append(Diagnostic(code, message, source, line, severity))

    def sort_files(self, table: str) -> None:
        """Sorts the files into posts, subscribers' data, and others."""
        private, others = [], []
        for name in self.files.names:
            if name == table:
                continue
            inner = name.removeprefix(self.prefix)
            folder, _, file = inner.rpartition("/")
            if file.startswith("."):
                continue
            if SUBSCRIBER_LIST.search(name):
                private.append(name)
                if found := _SUBDOMAIN.search(name):
                    self.subdomain = self.subdomain or found[1].lower()
            elif name.startswith(self.prefix) and folder == "posts" and file.endswith(".html"):
                self._posts[inner] = None
            elif not file.lower().endswith(PICTURE_FILES):
                others.append(name)
        if private:
            count = format_count(len(private), "file")
            message = f"{count} with subscribers' data found; neither read nor copied"
            self.add_finding(
                DiagnosticCode.PRIVATE_FILE, message, private[0], severity=Severity.INFO
            )
        if others:
            message = f"not read, since they are not part of an export: {list_some(others, 5)}"
            self.add_finding(DiagnosticCode.ARCHIVE_FILE, message, severity=Severity.INFO)

    def read_rows(self, table: str, limits: Limits, encoding: str) -> None:
        """Reads the rows of posts.csv, in their order."""
        try:
            data = self.files.read(table)
        except BadPostError as error:
            raise ReadError(str(error), source=table) from error
        posts = load(data, most=limits.entries, source=table, encoding=encoding)
        self.columns = posts.columns
        for code, message in posts.repairs:
            self.add_finding(code, message, table)
        lacking = [
            c
            for c in ("post_date", "is_published", "title")
            if c not in _lower_names(posts.columns)
        ]
        if lacking:
            message = f"has no column {', '.join(lacking)}"
            self.add_finding(DiagnosticCode.HEADER_VALUE, message, table)
        is_listed = "is_published" in _lower_names(posts.columns)
        for line, row in posts.rows:
            post_id = row["post_id"].strip()
            if not post_id:
                self.add_finding(
                    DiagnosticCode.ARCHIVE_ROW, "a row without a post_id was left out", table, line
                )
                continue
            source = f"posts/{post_id}.html"
            if source in self._used:
                message = f"post {post_id} has two rows; the later one was left out"
                self.add_finding(DiagnosticCode.ARCHIVE_ROW, message, table, line)
                continue
            self._used.add(source)
            metadata = _metadata(row, post_id, source, is_listed=is_listed)
            self._check_row(metadata, row, table, line)
            self.order.append(post_id)
            self._rows.append(metadata)

    def _check_row(self, metadata: Metadata, row: dict[str, str], table: str, line: int) -> None:
        swallowed = next((v for v in row.values() if _ROW.search(v)), "")
        if swallowed:
            # The files of the rows that follow are reported as files without a row.
            first = line - sum(value.rstrip("\n").count("\n") for value in row.values())
            message = (
                f"a quotation mark in the row of post {metadata.id[:80]} is not closed: "
                "its text holds the rows of other posts. Hint: correct posts.csv there"
            )
            self.add_finding(DiagnosticCode.ARCHIVE_ROW, message, table, first)
        published = metadata.published
        if published is not None and published.value is None:
            message = f"post_date is not a date: {published.text[:60]!r}"
            self.add_finding(DiagnosticCode.HEADER_VALUE, message, table, line)
        value = row.get("is_published", "")
        if is_true(value) is None:
            message = f"is_published is neither true nor false: {value[:60]!r}; read as a draft"
            self.add_finding(DiagnosticCode.HEADER_VALUE, message, table, line)

    def _with_stored_name(self, metadata: Metadata) -> Metadata:
        """Returns the metadata of a row with the name of its file as the archive spells it."""
        stored = next((form for form in forms_of_name(metadata.source) if form in self._posts), "")
        if stored in ("", metadata.source):
            return metadata
        self._used.add(stored)
        return msgspec.structs.replace(metadata, source=stored)

    def read_posts(self, hear: HearProgress | None) -> None:
        """Reads the posts of the rows, then those that posts.csv does not name.

        The latter are mostly earlier states of drafts: Substack renames a draft's file once it gets
        a title, and an export may contain both files.
        """
        self._rows = [self._with_stored_name(metadata) for metadata in self._rows]
        spare: dict[str, list[str]] = {}
        for source in self._posts:
            number = number_of_id(source.removeprefix("posts/"))
            if number and source not in self._used:
                spare.setdefault(number, []).append(source)
        newer = {}
        for metadata in counted(self._rows, READING, hear):
            twins = spare.get(number_of_id(metadata.id), [])
            if metadata.source not in self._posts and twins:
                message = f"the archive has no file for it; read from {twins[0]}, an earlier state"
                self.add_finding(DiagnosticCode.TEXT_MISSING, message, metadata.source)
                self._used.add(twins[0])
                self._add_post(msgspec.structs.replace(metadata, source=twins.pop(0)))
            else:
                self._add_post(metadata)
            newer.update(dict.fromkeys(twins, metadata.id))
        for source in self._posts:
            if source in self._used:
                continue
            if source in newer:
                message = f"left out: an earlier state of the post {newer[source]}"
                self.add_finding(
                    DiagnosticCode.ARCHIVE_ROW, message, source, severity=Severity.INFO
                )
                continue
            message = "posts.csv has no row for it; read as a draft without a date"
            self.add_finding(DiagnosticCode.ARCHIVE_ROW, message, source)
            post_id = source[len("posts/") : -len(".html")]
            slug = post_id.partition(".")[2]
            title = title_from_path(slug or post_id)
            self._add_post(
                Metadata(title=title, id=post_id, slug=slug, source=source, is_draft=True)
            )

    def _add_post(self, metadata: Metadata) -> None:
        source = metadata.source
        if source not in self._posts:
            message = f"the archive has no file for it, so the post {metadata.id[:80]} is empty"
            self.add_finding(DiagnosticCode.TEXT_MISSING, message, source)
            self.missing.add(source)
            self.entries.append(IndexEntry(metadata))
            return
        try:
            text, _ = decode_html(self.files.read(self.prefix + source))
        except BadPostError as error:
            self.findings.append(bad_post(source, error))
            return
        self.entries.append(IndexEntry(metadata, post_links(text), sample_of(text)))
        if "digest-post-embed" in text:
            self._scan_embedded_posts(text)

    def _scan_embedded_posts(self, text: str) -> None:
        """Infers publication and authors from embedded posts, since an export names neither."""
        for tag in _DIVISION.finditer(text):
            found = _DATA.search(tag[0]) if "digest-post-embed" in tag[0] else None
            if found is None:
                continue
            try:
                data = json.loads(html.unescape(found[1] or found[2]))
                host = urlsplit(data["canonical_url"]).hostname or ""
                names = tuple(string(author["name"]) for author in data["publishedBylines"])
                self._own[host, string(data.get("publication_name")), names] += 1
            except (ValueError, TypeError, LookupError, RecursionError):
                continue

    def publication(self, sites: Sequence[str]) -> str:
        """Returns the name of the publication, as embedded posts of its own give it."""
        count = Counter[str]()
        for (host, name, _), times in self._own.items():
            if host in sites and name:
                count[name] += times
        return count.most_common(1)[0][0] if count else ""

    def authors(self, sites: Sequence[str]) -> tuple[str, ...]:
        """Returns the author that all embedded posts of the publication name; empty if they
        differ.
        """
        named = {names for (host, _, names) in self._own if host in sites and names}
        return named.pop() if len(named) == 1 else ()


def _lower_names(columns: Sequence[str]) -> set[str]:
    return {name.lower() for name in columns}


def _metadata(row: dict[str, str], post_id: str, source: str, *, is_listed: bool) -> Metadata:
    date = row.get("post_date", "")
    extra = {name: value for name, value in row.items() if name not in FIELD_COLUMNS and value}
    for name in ("title", "subtitle"):
        value = row.get(name, "")
        if without_line_breaks(value) != value:
            extra[f"{name}_lines"] = value
    return Metadata(
        id=post_id,
        slug=post_id.partition(".")[2],
        title=without_line_breaks(row.get("title", "")),
        subtitle=without_line_breaks(row.get("subtitle", "")),
        published=read_timestamp(date) if date else None,
        kind=row.get("type", ""),
        audience=row.get("audience", ""),
        is_draft=is_listed and not is_true(row.get("is_published", "")),
        publication=publication_of(extra, defines_status=True),
        source=source,
        extra=extra,
    )


def _title(names: Sequence[str], subdomain: str, sites: Sequence[str]) -> str:
    """Returns a title for an archive: the name of the file or folder, unless it is Substack's
    token.
    """
    words = subdomain
    named = [name for name in names if name and not _NAMELESS.fullmatch(name)]
    if named:
        words = named[0]
    elif not words:
        host = next((site for site in sites if site.endswith(".substack.com")), "")
        words = host.partition(".")[0]
    words = re.sub(r"[-_]+", " ", words).strip()
    return words[:1].upper() + words[1:]
