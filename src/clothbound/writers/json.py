"""Writes JSON: one document, or JSON Lines with the head of the collection and a line for each
post.

The document is an object with ``clothbound`` (the schema's version), the data of the collection,
and ``posts``. Nodes are objects with their ``type``; fields with their default values are omitted.
Reported diagnostics and the places of pictures are not written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, BinaryIO, ClassVar

import msgspec

from ..artifact import Artifact
from ..context import Context
from ..fields import Field
from ..formats import Produces, WriterOptions
from ..model.collection import Collection
from ..model.document import head_of
from ..model.post import Post


class Json(WriterOptions, frozen=True, kw_only=True):
    """Options for writing JSON documents."""

    format: ClassVar[str] = "json"
    indent: Annotated[
        int,
        Field(
            help="The number of spaces for each level of indent; 0 writes each post on one line."
        ),
    ] = 0


class Jsonl(WriterOptions, frozen=True, kw_only=True):
    """Options for writing JSON Lines. There are none."""

    format: ClassVar[str] = "jsonl"


class _JsonWriter:
    """Writes one document, with each post on one line or indented."""

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
    # Posts are encoded one by one, since all of them at once would double the memory.
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
