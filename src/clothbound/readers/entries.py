"""Makes a collection of the posts that one file holds: a feed, or the export of a platform.

A reader goes through its file once and adds an entry for each post. Texts that are large together lie in a
temporary file, so that thousands of posts take the memory of their metadata; each is converted on demand.
"""

from __future__ import annotations

import io
import os
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, BinaryIO, TypeAlias, TypeVar, cast

import msgspec

from ..diagnostics import Diagnostic, DiagnosticCode
from ..language.detect import sample_of
from ..model.book_info import BookInfo
from ..model.characters import repair_text, text_alone
from ..model.collection import Collection, LazyPosts
from ..model.index import Index, IndexEntry, infer_sites, post_links, with_unique_keys
from ..model.post import Metadata, Post

_IN_MEMORY = 8_000_000
"""The most bytes of texts that are kept in memory."""


class EntryText(msgspec.Struct, frozen=True):
    """The text of a post as its source has it, and what is needed to convert it."""

    content: str
    """The text: HTML, Markdown or JSON, as the format of the entries has it."""
    form: str = ""
    """Tells the texts of a format with several forms apart."""
    base: str = ""
    """The address against which relative addresses in the text are resolved; empty if there is none."""
    findings: tuple[Diagnostic, ...] = ()
    """What the reader reports on this post when it is converted."""


Value = TypeVar("Value")
MakePost: TypeAlias = Callable[[EntryText, Metadata], Post]
"""Converts a text. It is a function of a module, or a partial of one, so that posts are picklable."""


class Entries:
    """The posts of one file, in the order in which they were found."""

    def __init__(self) -> None:
        self._texts = StoredTexts()
        self._entries: list[IndexEntry] = []

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, metadata: Metadata, text: EntryText) -> None:
        """Adds a post. Its links and the beginning of its text go to the index.

        Characters that are no text, such as halves of surrogate pairs in JSON, are removed and reported.
        """
        content, message = repair_text(text.content)
        repaired = _texts_alone(metadata)
        if repaired != metadata:
            metadata = repaired
            message = message or "control characters were removed from its metadata"
        if message:
            found = Diagnostic(DiagnosticCode.ENCODING_REPAIRED, message, metadata.source)
            text = msgspec.structs.replace(
                text, content=content, base=text_alone(text.base), findings=(found, *text.findings)
            )
        self._texts.add(msgspec.json.encode(text))
        self._entries.append(IndexEntry(metadata, post_links(content), sample_of(content)))

    def change(self, function: Callable[[Metadata], Metadata]) -> None:
        """Replaces the metadata of each post, for what is known only at the end of the file."""
        self._entries = [
            msgspec.structs.replace(entry, metadata=function(entry.metadata))
            for entry in self._entries
        ]

    def collection(
        self,
        make: MakePost,
        info: BookInfo,
        *,
        own_hosts: Iterable[str] = (),
        diagnostics: Sequence[Diagnostic] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> Collection:
        """Returns the collection of all posts, each of which ``make`` converts when it is asked for.

        ``own_hosts`` are those of the publication, besides the hosts that links between the posts show. ``extra`` are
        fields of the source that a collection has no place for.
        """
        unique = with_unique_keys(self._entries)
        load = partial(_load, self._texts, unique, make)
        sites = tuple(sorted({*infer_sites(unique), *own_hosts}))
        return Collection(
            posts=LazyPosts(load, range(len(unique))),
            index=Index(unique, load=load, sites=sites),
            info=_texts_alone(info),
            extra=dict(extra or {}),
            diagnostics=tuple(diagnostics),
        )


def _texts_alone(value: Value) -> Value:
    """Returns a value in whose texts, at any depth, no character is left that is no text."""
    alone: Any = value
    if isinstance(value, str):
        alone = text_alone(value)
    elif isinstance(value, (list, tuple)):
        alone = type(value)(map(_texts_alone, value))
    elif isinstance(value, dict):
        alone = {_texts_alone(key): _texts_alone(item) for key, item in value.items()}
    elif isinstance(value, msgspec.Struct):
        fields = msgspec.structs.asdict(value)
        alone = type(value)(**{name: _texts_alone(field) for name, field in fields.items()})
    return cast("Value", alone)


def _load(texts: StoredTexts, entries: Sequence[IndexEntry], make: MakePost, position: int) -> Post:
    text = msgspec.json.decode(texts[position], type=EntryText)
    return make(text, entries[position].metadata)


class StoredTexts:
    """Texts by number, in memory or, once they are large, in a temporary file without a name.

    Threads and forked processes may read it at the same time.
    """

    def __init__(self, stored: bytes = b"", ends: Iterable[int] = (0,)) -> None:
        self._ends = list(ends)
        self._file: BinaryIO = io.BytesIO()
        self._lock = threading.Lock()
        self._write(stored)

    def add(self, text: bytes) -> None:
        self._write(text)
        self._ends.append(self._ends[-1] + len(text))

    def __getitem__(self, position: int) -> bytes:
        return self._read(self._ends[position], self._ends[position + 1])

    def __reduce__(self) -> tuple[type[StoredTexts], tuple[bytes, list[int]]]:
        return StoredTexts, (self._read(0, self._ends[-1]), self._ends)

    def _write(self, data: bytes) -> None:
        if isinstance(self._file, io.BytesIO):
            held = self._file.getbuffer().nbytes
            if held + len(data) > _IN_MEMORY:
                stored = self._file.getvalue()
                # It goes with the last reference to these texts, or with the process.
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
                weakref.finalize(self, self._file.close)
                self._file.write(stored)
        self._file.write(data)

    def _read(self, start: int, end: int) -> bytes:
        if isinstance(self._file, io.BytesIO):
            return bytes(self._file.getbuffer()[start:end])
        # Forked processes share the position of the file, which pread neither reads nor moves.
        if hasattr(os, "pread"):
            parts = []
            while start < end and (part := os.pread(self._file.fileno(), end - start, start)):
                parts.append(part)
                start += len(part)
            return b"".join(parts)
        with self._lock:
            self._file.seek(start)
            data = self._file.read(end - start)
            self._file.seek(0, io.SEEK_END)
            return data
