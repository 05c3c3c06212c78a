"""Reads the entries of an export of Blogger: which are posts, who may see them, and where they stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote, unquote

import msgspec

from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...errors import ReadError
from ...formats import ArchiveFiles
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model.book_info import BookInfo
from ...model.language_tags import language_tag
from ...model.links import plain_host
from ...model.post import Metadata, Timestamp
from ...model.publication import Moment, Publication, Reason, merge_publications, status_reason
from ...progress import READING, counted
from ...substack.csv_records import read_records
from ...web.addresses import hostname_of, last_segment, path_of
from ..author_names import is_author_name
from ..entries import Entries, EntryText
from ..export_files import Files, open_export
from ..feed_fields import first_of
from ..feed_text import words_of
from ..feed_xml import FeedEntries, local_name, text_in
from ..html_post import decode_html
from ..packed_files import FilesOfPosts
from ..text_files import BadPostError, bad_post
from ..timestamps import read_timestamp
from .blogger_text import Blog, blog_of_host, make_post

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source
    from ...model.collection import Collection

_BLOGGER = lazy_pattern(r"https?://schemas\.google\.com/blogger/\d{4}\b.*")
"""Matches the namespace of Blogger's own elements, of any year."""
_KIND = "http://schemas.google.com/g/2005#kind"
_POSTS = frozenset({"", "post", "page"})
_OTHERS = frozenset({"comment", "settings", "template"})
_SETTING = lazy_pattern(r"settings\.(\w+)$")
_LINK = lazy_pattern(r"https?://([A-Za-z0-9.-]+)(/[0-9]{4}/[0-9]{2}/[^\s\"'<>?#&]+\.html)")
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".svg"})
_OLD_LANGUAGES = {"iw": "he", "in": "id", "ji": "yi"}
_TITLE_WORDS = 8
"""The words of its text by which a post without a title is called."""

Fields = Mapping[str, list[Any]]


def read_export(
    source: Source, context: Context, export_files: Callable[[ArchiveFiles], list[str]]
) -> Collection:
    """Reads an export from a file, bytes, a stream, a ZIP or a folder; see ``BloggerReader.read``.

    ``export_files`` returns the names of the exports in an archive.
    """
    limits = context.run.limits
    given = open_export(
        source,
        export_files,
        "holds no export of Blogger",
        limits,
        most=limits.resource_bytes,
        hint="it is feed.atom in Takeout/Blogger/Blogs/, or blog-MM-DD-YYYY.xml",
    )
    blogs = _Blogs(given.files, limits)
    found = list(given.findings)
    parts = sorted(given.parts, key=attrgetter("name"))
    for part in counted(parts, READING, context.run.progress):
        try:
            stream = part.open()
        except BadPostError as error:
            found.append(bad_post(part.name, error))
            continue
        with stream:
            blogs.read_blog(stream, part.name)
    if not len(blogs.entries):
        fault = "".join(f"; {finding.message}" for finding in [*found, *blogs.findings][:1])
        raise ReadError(f"holds no posts of Blogger{fault}", source=given.parts[0].name)
    return blogs.collection(found)


class _Blogs:
    """Collects the posts of all blogs in an export."""

    def __init__(self, files: Files | None, limits: Limits) -> None:
        self._limits = limits
        self.files = files
        self.entries = Entries()
        self.infos: list[BookInfo] = []
        self.findings: list[Diagnostic] = []
        self.hosts: list[str] = []
        self.authors: Counter[str] = Counter()

    def read_blog(self, stream: BinaryIO, name: str) -> None:
        blog = _BlogFile(name, self.entries)
        entries = FeedEntries(stream, name, ("feed",))
        for element in entries:
            blog.read_entry(element)
        self.findings += entries.findings
        if entries.cut_entries:
            message = f"the file ends too early: an entry without its end, after {len(self.entries)} posts, is left out"
            self.findings.append(Diagnostic(DiagnosticCode.TEXT_MISSING, message, name))
        fields = _fields(entries.root)
        if self.files is not None:
            blog.read_settings(self.files)
        blog.complete(_alternate(fields))
        self.findings += blog.findings()
        self.hosts += blog.hosts
        self.authors += blog.authors
        settings = blog.settings
        title = words_of(text_in(first_of(fields, "title")), is_html=False)
        self.infos.append(
            BookInfo(
                title=title or settings.get("NAME", ""),
                description=words_of(settings.get("DESCRIPTION", ""), is_html=True)
                or words_of(text_in(first_of(fields, "subtitle")), is_html=True),
                language=_language(settings.get("LOCALE", "")),
            )
        )

    def collection(self, found: list[Diagnostic]) -> Collection:
        info = self.infos[0] if self.infos else BookInfo()
        if len(self.infos) > 1:
            titles = ", ".join(repr(one.title) for one in self.infos)
            message = f"the archive holds several blogs, which are read together: {titles}"
            found.append(Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, severity=Severity.INFO))
        authors = tuple(author for author, _ in self.authors.most_common(1))
        blog = Blog(tuple(dict.fromkeys(filter(None, map(blog_of_host, self.hosts)))))
        if self.files is not None:
            files = FilesOfPosts(self.files, "", self._limits)
            blog = msgspec.structs.replace(blog, pictures=_pictures(self.files.names), files=files)
        return self.entries.collection(
            partial(make_post, blog),
            msgspec.structs.replace(info, authors=authors),
            own_hosts=self.hosts,
            diagnostics=[*found, *self.findings],
        )


class _BlogFile:
    """Reads the entries of one blog."""

    def __init__(self, name: str, entries: Entries) -> None:
        self.name = name
        self.entries = entries
        self.settings: dict[str, str] = {}
        """The blog's settings by their names without ``BLOG_``."""
        self.hosts: list[str] = []
        self.authors: Counter[str] = Counter()
        self._others: Counter[str] = Counter()
        self._linked: Counter[tuple[str, str]] = Counter()
        self._paths: dict[str, str] = {}
        """The path on the blog of each post, by its source."""
        self._untitled: list[str] = []

    def read_entry(self, element: Any) -> None:
        fields = _fields(element)
        kind = _kind(fields)
        if kind not in _POSTS:
            self._others[kind] += 1
            found = _SETTING.search(text_in(first_of(fields, "id")))
            if found is not None:
                self._add_setting(found[1], text_in(first_of(fields, "content")))
            return
        number = text_in(first_of(fields, "id"))
        markup = text_in(first_of(fields, "content", "summary"))
        address = _alternate(fields)
        path = text_in(first_of(fields, "blogger:filename")) or path_of(address)
        source = address or path or number or f"entry-{len(self.entries) + 1}"
        self._paths[source] = path
        if address:
            self.hosts.append(hostname_of(address))
        self._linked.update((h.lower(), p) for h, p in _LINK.findall(markup))
        publication = _publication(fields)
        moment = read_timestamp(text_in(first_of(fields, "published")))
        written = text_in(first_of(fields, "updated"))
        updated = read_timestamp(written) if written else None
        if not _is_draft(fields):
            publication = merge_publications(publication, _schedule(moment, updated))
        authors = _authors(fields)
        self.authors.update(authors)
        recording = _recording(fields)
        extra: dict[str, Any] = {"guid": number} if number else {}
        if path:
            extra["permalink"] = path
        if recording:
            extra["podcast_url"] = recording
        metadata = Metadata(
            title=self._title(fields, markup, source),
            slug=last_segment(path).removesuffix(".html"),
            # The date of a draft is that of its last save.
            published=moment if moment.text and not _is_draft(fields) else None,
            updated=updated,
            authors=authors,
            tags=_labels(fields),
            kind="podcast" if recording else "page" if kind == "page" else "",
            canonical_url=address,
            description=text_in(first_of(fields, "blogger:metaDescription")),
            publication=publication,
            source=source,
            extra=extra,
        )
        self.entries.add(metadata, EntryText(markup))

    def read_settings(self, files: Files) -> None:
        """Reads the table of settings beside the file, which has a row, or a column, for each."""
        folder = self.name.rpartition("/")[0]
        name = f"{folder}/settings.csv".lstrip("/")
        if name not in files.names:
            return
        try:
            text = decode_html(files.read(name))[0]
        except BadPostError:
            return
        rows = [fields for _, fields in read_records(text, ",") if fields]
        is_wide = len(rows) == 2 and len(rows[0]) == len(rows[1]) > 2
        for key, value in zip(*rows, strict=True) if is_wide else (r[:2] for r in rows if r[1:]):
            self._add_setting(key, value)

    def complete(self, home: str) -> None:
        """Completes the posts with what is known only at the end: the blog's host, its settings."""
        named = hostname_of(home)
        inferred = self._inferred_hosts()
        host = named or next(iter(inferred), "")
        self.hosts = [*filter(None, (named,)), *self.hosts, *inferred]
        subdomain = self.settings.get("SUBDOMAIN", "")
        if subdomain:
            self.hosts.append(f"{subdomain.partition('.')[0]}.blogspot.com".lower())
        self.hosts = list(dict.fromkeys(self.hosts))
        access = self.settings.get("READ_ACCESS_MODE", "").upper()
        closed = (
            None
            if access in ("", "PUBLIC")
            else Publication(
                (Reason("restricted", "members", "BLOG_READ_ACCESS_MODE", access[:60]),)
            )
        )
        lines = self.settings.get("CONVERT_LINE_BREAKS", "").lower() != "false"
        self.entries.change(partial(_complete, self._paths, host, closed, {"line_breaks": lines}))

    def findings(self) -> list[Diagnostic]:
        found = []
        for is_known in (True, False):
            kinds = [
                f"{n} {k[:60]}"
                for k, n in sorted(self._others.items())
                if (k in _OTHERS) is is_known
            ]
            if kinds:
                message = f"left out, since they are not posts: {', '.join(kinds)}"
                severity = Severity.INFO if is_known else Severity.WARNING
                found.append(
                    Diagnostic(DiagnosticCode.ARCHIVE_ROW, message, self.name, 0, severity)
                )
        for source in self._untitled:
            message = "the post has no title; the first words of its text stand for one"
            found.append(Diagnostic(DiagnosticCode.INFERRED, message, source))
        return found

    def _title(self, fields: Fields, markup: str, source: str) -> str:
        element = first_of(fields, "title")
        is_html = element is not None and element.get("type") == "html"
        title = words_of(text_in(element), is_html=is_html)
        if title:
            return title
        words = words_of(markup, is_html=True).split()
        if words:
            self._untitled.append(source)
        return " ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else "")

    def _add_setting(self, name: str, value: str) -> None:
        key = "_".join(name.strip().upper().split())
        self.settings[key.removeprefix("BLOG_")] = value.strip()

    def _inferred_hosts(self) -> list[str]:
        """Returns the hosts under which the posts link to each other, which Takeout does not name."""
        known = set(self._paths.values())
        count: Counter[str] = Counter()
        for (host, path), hits in self._linked.items():
            if path in known:
                name = blog_of_host(host)
                count[f"{name}.blogspot.com" if name else plain_host(host)] += hits
        return [host for host, _ in sorted(count.items(), key=lambda item: (-item[1], item[0]))]


def _complete(
    paths: Mapping[str, str],
    host: str,
    closed: Publication | None,
    settings: dict[str, Any],
    metadata: Metadata,
) -> Metadata:
    if metadata.source not in paths:
        return metadata
    address = metadata.canonical_url
    path = paths[metadata.source]
    if not address and host and path:
        address = f"https://{host}{path}"
    return msgspec.structs.replace(
        metadata,
        canonical_url=address,
        publication=merge_publications(metadata.publication, closed),
        extra=metadata.extra if settings["line_breaks"] else {**metadata.extra, **settings},
    )


def _pictures(names: tuple[str, ...]) -> dict[str, str]:
    """Returns the addresses in the archive of its pictures by their names, of those that are alone in theirs."""
    found: dict[str, list[str]] = {}
    for name in names:
        if Path(name).suffix.lower() in _PICTURES:
            found.setdefault(unquote(last_segment(quote(name))), []).append(quote(name))
    return {name: places[0] for name, places in found.items() if len(places) == 1}


def _fields(element: Any) -> dict[str, list[Any]]:
    """Returns the child elements by name, those of Blogger with the prefix ``blogger:``."""
    found: dict[str, list[Any]] = {}
    for child in element:
        if isinstance(child.tag, str):
            is_own = child.prefix == "blogger" or _BLOGGER.match(child.tag[1:]) is not None
            prefix = "blogger:" if is_own else ""
            found.setdefault(prefix + local_name(child), []).append(child)
    return found


def _kind(fields: Fields) -> str:
    """Returns what an entry is: ``post``, ``page``, ``comment`` ...; empty if it does not say."""
    named = text_in(first_of(fields, "blogger:type"))
    terms = [c.get("term", "") for c in fields.get("category", ()) if c.get("scheme") == _KIND]
    answers = "comment" if first_of(fields, "blogger:parent", "in-reply-to") is not None else ""
    return (named or "".join(terms[:1]).rpartition("#")[2] or answers).lower()


def _labels(fields: Fields) -> tuple[str, ...]:
    found = (c.get("term", "") for c in fields.get("category", ()) if c.get("scheme") != _KIND)
    return tuple(dict.fromkeys(filter(None, (" ".join(label.split()) for label in found))))


def _alternate(fields: Fields) -> str:
    for link in fields.get("link", ()):
        if link.get("rel", "") == "alternate" and link.get("href"):
            return str(link.get("href")).strip()
    return ""


def _recording(fields: Fields) -> str:
    for link in fields.get("link", ()):
        if link.get("rel", "") == "enclosure" and link.get("type", "").startswith("audio/"):
            return str(link.get("href", "")).strip()
    return ""


def _authors(fields: Fields) -> tuple[str, ...]:
    names = (text_in(n) for a in fields.get("author", ()) for n in a if local_name(n) == "name")
    return tuple(dict.fromkeys(name for name in names if is_author_name(name)))


def _is_draft(fields: Fields) -> bool:
    controls = (child for control in fields.get("control", ()) for child in control)
    in_old = any(local_name(c) == "draft" and text_in(c).lower() == "yes" for c in controls)
    return in_old or any(text_in(e).upper() == "DRAFT" for e in fields.get("blogger:status", ()))


def _publication(fields: Fields) -> Publication | None:
    reasons: list[Reason] = []
    if any(name.startswith("blogger:") for name in fields):
        statuses = [text_in(element) for element in fields.get("blogger:status", ())] or [""]
        reasons += [status_reason(status, "blogger:status") for status in statuses]
        if any(map(text_in, fields.get("blogger:trashed", ()))):
            reasons.append(Reason("secret", "trash", "blogger:trashed"))
    if _is_draft(fields) and "blogger:status" not in fields:
        reasons.append(Reason("secret", "draft", "app:draft", "yes"))
    return merge_publications(Publication(tuple(reasons)))


def _schedule(published: Timestamp, updated: Timestamp | None) -> Publication | None:
    """Returns from when a post is public, if it was not yet when it was saved for the last time."""
    value = published.value
    if value is None or (updated is not None and updated.value and updated.value >= value):
        return None
    return Publication(public_from=Moment(value, "published"))


def _language(locale: str) -> str:
    tag = language_tag(locale)
    primary, dash, rest = tag.partition("-")
    return _OLD_LANGUAGES.get(primary, primary) + dash + rest
