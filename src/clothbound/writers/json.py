"""JSON writers: one document, or JSON Lines with the head of the collection and a line a post.

The document is an object: ``clothbound`` (the schema's version), what is known of the collection,
and ``posts``. Nodes are objects with their ``type``; a field that has its default is left out. What
the reader reported and where the pictures lie is not written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, BinaryIO, ClassVar

import msgspec

from ..artifact import Artifact
from ..context import Context
from ..fields import Field
from ..formats import Produces
from ..model.collection import Collection
from ..model.document import head_of
from ..model.post import Post


class Json(msgspec.Struct, frozen=True, kw_only=True):
    """How a collection is written as JSON."""

    format: ClassVar[str] = "json"
    indent: Annotated[int, Field(help="Spaces a level; 0 writes a post on one line.")] = 0


class Jsonl(msgspec.Struct, frozen=True, kw_only=True):
    """How a collection is written as JSON Lines: without a choice."""

    format: ClassVar[str] = "jsonl"


class _JsonWriter:
    """Writes one document, each post on a line of its own or indented."""

    extension = ".json"
    media_type = "application/json"
    options_type = Json
    produces: Produces = "file"
    public = False
    is_authors_copy = True
    transforms: tuple[str, ...] = ()

    def write(self, collection: Collection, options: Json, context: Context) -> Artifact:
        return _artifact(_document(collection, options), context)


class _JsonlWriter:
    """Writes JSON Lines: the head, and a line for each post."""

    extension = ".jsonl"
    media_type = "application/jsonl"
    options_type = Jsonl
    produces: Produces = "file"
    public = False
    is_authors_copy = True
    transforms: tuple[str, ...] = ()

    def write(self, collection: Collection, options: Jsonl, context: Context) -> Artifact:  # noqa: ARG002
        return _artifact(_lines(collection), context)


def _artifact(parts: Iterator[bytes], context: Context) -> Artifact:
    def file(stream: BinaryIO) -> None:
        stream.writelines(parts)

    return Artifact(report=context.report, file=file)


def _lines(collection: Collection) -> Iterator[bytes]:
    yield msgspec.json.encode(head_of(collection)) + b"\n"
    for post in collection.posts:
        yield _encode(post) + b"\n"


def _document(collection: Collection, options: Json) -> Iterator[bytes]:
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


JSON = _JsonWriter()
JSONL = _JsonlWriter()
