"""JSON writers: one document, or JSON Lines with the head of the collection and a line a post.

The document is an object: ``clothbound`` (the schema's version), what is known of the collection,
and ``posts``. Nodes are objects with their ``type``; a field that has its default is left out. What
the reader reported and where the pictures lie is not written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import msgspec

from ..artifact import Artifact
from ..context import Context
from ..formats import Produces
from ..model.document import head_of
from ..model.post import Collection, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonOptions:
    indent: int = 0
    """Spaces a level; 0 writes a post on one line. JSON Lines are never indented."""


class JsonWriter:
    options_type = JsonOptions
    produces: Produces = "file"
    public = False
    transforms: tuple[str, ...] = ()

    def __init__(self, extension: str, media_type: str, *, lines: bool) -> None:
        self.extension = extension
        self.media_type = media_type
        self._lines = lines

    def write(self, collection: Collection, options: JsonOptions, context: Context) -> Artifact:
        parts = _lines(collection) if self._lines else _document(collection, options)

        def file(stream: BinaryIO) -> None:
            for part in parts:
                stream.write(part)

        return Artifact(report=context.report, file=file)


def _lines(collection: Collection) -> Iterator[bytes]:
    yield msgspec.json.encode(head_of(collection)) + b"\n"
    for post in collection.posts:
        yield _encode(post) + b"\n"


def _document(collection: Collection, options: JsonOptions) -> Iterator[bytes]:
    # Post by post: a thousand of them at once would take as much memory again as their bytes.
    head = msgspec.json.encode(head_of(collection))
    if options.indent:
        head = msgspec.json.format(head, indent=options.indent)
    yield head.rstrip()[:-1].rstrip() + b',\n"posts": ['
    separator = b"\n"
    for post in collection.posts:
        data = _encode(post)
        if options.indent:
            data = msgspec.json.format(data, indent=options.indent)
        yield separator + data
        separator = b",\n"
    yield b"\n]}\n"


def _encode(post: Post) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(post, diagnostics=(), base=None))


JSON = JsonWriter(".json", "application/json", lines=False)
JSONL = JsonWriter(".jsonl", "application/jsonl", lines=True)
