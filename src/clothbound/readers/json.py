"""Reads our own JSON: a document, or JSON Lines (see ``writers/json.py``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..errors import LimitError, ReadError
from ..formats import ReaderOptions, reader_extensions
from ..installer import command_to_upgrade
from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..model.book_info import BookInfo, Series
from ..model.check import canonical, problems
from ..model.collection import Collection, LazyPosts
from ..model.document import VERSION, Document
from ..model.index import Index, IndexEntry, with_unique_keys
from ..model.plain_text import prose_sample
from ..model.post import Post
from ..model.publication import merge_publications
from ..progress import READING, counted
from .json_bytes import UNDECODABLE, repair_json
from .publication_state import publication_of
from .source_bytes import source_bytes

if TYPE_CHECKING:
    from ..context import Context
    from ..formats import Source


_MEMBER = lazy_pattern(r'(?P<before>[\s,]*)(?=")')
_TEXT_LINE = lazy_pattern(rb'\{"id":"[^"]*","url":"[^"]*","date":"[^"]*","title":"')
"""The beginning of a line of ``kind=text`` (see ``PostText`` of the writer)."""
_COLON = lazy_pattern(r"\s*:\s*")


class JsonInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading clothbound's own JSON. There are none."""

    format: ClassVar[str] = "json"


def _begins_document(head: bytes) -> bool:
    """Whether the first bytes are a JSON object whose member ``clothbound`` is a number."""
    text = head.decode("utf-8-sig", "replace")
    if not text.lstrip().startswith("{"):
        return False
    decode = json.JSONDecoder().raw_decode
    position = text.index("{") + 1
    try:
        while found := _MEMBER.match(text, position):
            name, position = decode(text, found.end("before"))
            value, position = decode(text, _COLON.match(text, position).end())  # type: ignore[union-attr]
            if name == "clothbound":
                return type(value) is int
    except (ValueError, AttributeError, RecursionError):  # incomplete, or not JSON
        return False
    return False


class _WithPosts(Document, frozen=True, kw_only=True, omit_defaults=True):
    series: Series | str | None = None  # type: ignore[assignment]
    series_position: str = ""
    """The number in the series; documents from before ``Series`` have name and number in two
    fields."""
    posts: tuple[msgspec.Raw, ...] | None = None

    @property
    def info(self) -> BookInfo:
        info = super().info
        if isinstance(self.series, str):
            return msgspec.structs.replace(info, series=Series(self.series, self.series_position))
        return info


class JsonReader:
    """Reads documents of clothbound; see the module."""

    extensions = reader_extensions("json")
    options_type = JsonInput

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts a document of clothbound, by the version in its parsed head; and lines of texts, to say what they are."""
        return _begins_document(head) or _TEXT_LINE.match(head) is not None

    def read(self, source: Source, options: JsonInput, context: Context) -> Collection:  # noqa: ARG002
        """Reads the posts of a document, each on demand.

        Raises ReadError if it is not a document of clothbound. An invalid post is left out and
        reported in ``diagnostics``.
        """
        data, name = source_bytes(source, context.run.limits.archive_bytes)
        document, raw = _split_document(data, name)
        readable: list[bytes] = []
        entries: list[IndexEntry] = []
        diagnostics: list[Diagnostic] = []
        for position, written in enumerate(counted(raw, READING, context.run.progress), 1):
            item, repaired = repair_json(written)
            for repair in repaired:
                message = f"post {position}: {repair}"
                diagnostics.append(Diagnostic(DiagnosticCode.ENCODING_REPAIRED, message, name))
            try:
                post = _decode(item, context.run.limits)
            except ReadError as error:
                message = f"post {position} left out: {error.message}"
                diagnostics.append(
                    Diagnostic(
                        DiagnosticCode.POST_UNREADABLE, message, name, severity=Severity.ERROR
                    )
                )
                continue
            readable.append(item)
            entries.append(IndexEntry(post.metadata, sample=prose_sample(post)))
        unique = with_unique_keys(entries)
        load = partial(_load, tuple(readable), unique, context.run.limits)
        return Collection(
            posts=LazyPosts(load, range(len(unique))),
            index=Index(unique, load=load, sites=document.sites, texts=document.roles),
            info=document.info,
            title_years=document.title_years,
            roles=document.roles,
            parts=document.parts,
            extra=document.extra,
            diagnostics=tuple(diagnostics),
        )


def _load(
    raw: tuple[bytes, ...], entries: Sequence[IndexEntry], limits: Limits, position: int
) -> Post:
    post = _decode(raw[position], limits)
    return msgspec.structs.replace(post, metadata=entries[position].metadata)


def _split_document(data: bytes, name: str) -> tuple[_WithPosts, list[bytes]]:
    """Returns the head, and the bytes of each post."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    if _TEXT_LINE.match(data):
        raise ReadError(
            "holds the words of posts (kind=text) for search and language models, and not the posts",
            source=name,
            hint="write it again without kind=text",
        )
    first, _, rest = data.partition(b"\n")
    document = _head(first, name, whole=False)
    if document is not None and document.posts is None:
        return document, [line for line in rest.split(b"\n") if line.strip()]
    document = _head(data, name, whole=True)
    assert document is not None
    return document, [bytes(item) for item in document.posts or ()]


def _head(data: bytes, name: str, *, whole: bool) -> _WithPosts | None:
    """Returns the head in ``data``; None if ``data`` is only a part of a document."""
    try:
        document = msgspec.json.decode(data, type=_WithPosts)
    except msgspec.ValidationError as error:
        raise ReadError(
            f"is not a document of clothbound: {error}",
            source=name,
            hint='it begins with {"clothbound": 1, ...} and holds "posts"',
        ) from error
    except UNDECODABLE as error:
        if not whole:
            return None
        raise ReadError(f"is not valid JSON: {error}", source=name) from error
    if document.clothbound > VERSION or document.clothbound < 1:
        raise ReadError(
            f"has version {document.clothbound} of the schema; this clothbound reads {VERSION}",
            source=name,
            hint=f"a newer clothbound wrote it: {command_to_upgrade()}"
            if document.clothbound > VERSION
            else "convert its source again; no release wrote this version",
        )
    return document


def _decode(data: bytes, limits: Limits) -> Post:
    """Returns a post in canonical form. Raises ReadError with the fault and its place."""
    if len(data) > limits.post_bytes:
        raise LimitError(f"it is longer than {limits.post_bytes} bytes")
    try:
        post = msgspec.json.decode(data, type=Post)
    except UNDECODABLE as error:
        raise ReadError(f"it is not a post: {error}") from error
    found = [p for p in problems(post, limits.depth) if not p.startswith(_HARMLESS)]
    if found:
        raise ReadError(f"it is not consistent: {found[0]}")
    publication = merge_publications(post.metadata.publication, publication_of(post.metadata.extra))
    post = msgspec.structs.replace(
        post, metadata=msgspec.structs.replace(post.metadata, publication=publication)
    )
    # The caller, not the document, decides where files lie, since a document could name any folder.
    return canonical(msgspec.structs.replace(post, base=None, diagnostics=()))


_HARMLESS = ("empty Text", "adjacent Texts", "id ", "link within a link")
"""The beginnings of problems that ``canonical`` repairs."""

READER = JsonReader()
