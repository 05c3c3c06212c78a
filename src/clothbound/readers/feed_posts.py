"""Collects the entries of a feed as posts: which are excerpts, which stand there twice, and whose site it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec

from ..console_text import agree, format_count
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..model.addresses import is_on_web
from ..model.book_info import BookInfo
from ..model.collection import Collection
from ..model.post import Metadata, Post, Timestamp
from ..web.addresses import hostname_of, path_of
from .entries import Entries, EntryText, MakePost
from .feed_text import without_counters
from .html_post import post_of
from .relative_addresses import resolve_addresses


class FeedPosts:
    """The posts of one feed, in its order."""

    def __init__(self, name: str, make: MakePost | None = None) -> None:
        """``name`` is the feed's name in messages; ``make`` converts the text of an entry."""
        self._make = make or make_post
        self.findings: list[Diagnostic] = []
        self._name = name
        self._entries = Entries()
        self._hosts: set[str] = set()
        self._excerpts = self._equal = self._older = 0
        self._known: dict[str, tuple[bytes, Metadata]] = {}
        """What was read under each identifier: a hash of the text, and the metadata."""

    def __len__(self) -> int:
        return len(self._entries)

    def add(
        self, identifier: str, metadata: Metadata, text: EntryText, *, is_excerpt: bool
    ) -> None:
        """Adds an entry. One that was read before under its identifier is left out, also in an older version."""
        if identifier and self._is_known(identifier, metadata, text):
            return
        content, count = without_counters(text.content)
        if count:
            message = f"{format_count(count, 'counter or button', 'counters or buttons')} of the feed left out"
            found = Diagnostic(
                DiagnosticCode.NODE_CHROME, message, metadata.source, 0, Severity.INFO
            )
            text = EntryText(content, text.form, text.base, (*text.findings, found))
        self._hosts.add(hostname_of(metadata.canonical_url))
        if is_excerpt:
            self._excerpts += 1
            message = "the feed holds only an excerpt of the post"
            found = Diagnostic(DiagnosticCode.FEED_EXCERPT, message, metadata.source)
            text = EntryText(text.content, text.form, text.base, (*text.findings, found))
        self._entries.add(metadata, text)

    def change(self, function: Callable[[Metadata], Metadata]) -> None:
        """Replaces the metadata of each post, for what is known only at the end of the feed."""
        self._entries.change(function)

    def collection(
        self, info: BookInfo, link: str, extra: Mapping[str, Any], *, is_archive: bool = False
    ) -> Collection:
        """Returns the posts, with what is reported of the whole feed.

        ``link`` is the address of its site. A feed without a title is named by its file. An archive in the form
        of a feed holds all posts.
        """
        own = {host for host in (hostname_of(link),) if host and host in self._hosts}
        if len(self._entries):
            full = len(self._entries) - self._excerpts
            contains = (
                f"the feed contains full posts: {full}, excerpts: {self._excerpts}"
                if full
                else f"the feed holds only summaries of its posts: {self._excerpts}"
            )
            self._report(contains, is_warning=bool(self._excerpts))
        if count := self._equal:
            entries = format_count(count, "entry", "entries")
            once = f"{agree(count, 'occurs', 'occur')} twice and {agree(count, 'was', 'were')} read once"
            self._report_repeated(f"{entries} {once}")
        if count := self._older:
            versions = format_count(count, "older version", "older versions")
            self._report_repeated(
                f"{versions} of {agree(count, 'an entry was', 'entries were')} left out"
            )
        collection = self._entries.collection(
            self._make,
            info.complete_with(BookInfo(title=self._name.partition(".")[0])),
            own_hosts=own,
            diagnostics=self.findings,
            extra=extra,
        )
        return msgspec.structs.replace(
            collection, named_by_source=not info.title, newest_only=not is_archive
        )

    def report_next(self, address: str) -> None:
        """Reports that the feed goes on at an address, which is not read."""
        self._report(f"the feed goes on in another file, which was not read: {address[:300]}")

    def _report_repeated(self, message: str) -> None:
        self.findings.append(
            Diagnostic(DiagnosticCode.ARCHIVE_ROW, message, self._name, 0, Severity.INFO)
        )

    def _report(self, message: str, *, is_warning: bool = True) -> None:
        severity = Severity.WARNING if is_warning else Severity.INFO
        self.findings.append(
            Diagnostic(DiagnosticCode.FEED_EXCERPT, message, self._name, 0, severity)
        )

    def _is_known(self, identifier: str, metadata: Metadata, text: EntryText) -> bool:
        digest = hashlib.blake2b(
            f"{metadata.title}\n{text.content}".encode("utf-8", "replace"), digest_size=16
        ).digest()
        if identifier not in self._known:
            self._known[identifier] = digest, metadata
            return False
        known, other = self._known[identifier]
        if digest == known:
            self._equal += 1
            return True
        # RFC 4287, section 4.1.1: entries with one id are one entry at different times.
        if _is_older(metadata, other):
            self._older += 1
            return True
        message = f"the entry {identifier[:200]!r} occurs twice; both were read"
        self.findings.append(Diagnostic(DiagnosticCode.ARCHIVE_ROW, message, self._name))
        return False


def _is_older(metadata: Metadata, other: Metadata) -> bool:
    mine, others = metadata.updated, other.updated
    is_same = (
        metadata.published == other.published and metadata.canonical_url == other.canonical_url
    )
    return bool(
        is_same and mine and others and mine.value and others.value and mine.value < others.value
    )


def fields_of_identifier(identifier: str, link: str) -> dict[str, Any]:
    """Returns the fields of a post whose feed names it otherwise than by the address of its page. WordPress names one by
    the address that has its number (``?p=17``), to which other posts may link.
    """
    if not identifier or identifier == link:
        return {}
    aliases = {"aliases": [identifier]} if is_on_web(identifier) else {}
    return {"guid": identifier, **aliases}


def report_dates(dates: Iterable[Timestamp | None], source: str) -> tuple[Diagnostic, ...]:
    """Returns what is reported of an entry's dates that are not understood."""
    return tuple(
        Diagnostic(DiagnosticCode.HEADER_VALUE, f"{date.text[:80]!r} is not a date", source)
        for date in dates
        if date is not None and date.value is None
    )


def make_post(text: EntryText, metadata: Metadata) -> Post:
    """Converts the HTML of an entry."""
    return resolve_addresses(post_of(text.content, metadata, findings=text.findings), text.base)


def slug_of_address(url: str) -> str:
    """Returns the last part of an entry's address without its extension."""
    return unquote(path_of(url)).rstrip("/").rpartition("/")[2].partition(".")[0]
