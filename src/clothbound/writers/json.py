"""Writes JSON: one document, or JSON Lines with the head of the collection and a line for each
post; and JSON Lines of words, for search and language models.

The document is an object with ``clothbound`` (the schema's version), the data of the collection,
and ``posts``. Nodes are objects with their ``type``; fields with their default values are omitted.
Reported diagnostics and the places of pictures are not written. ``clothbound.model.json_schema`` has
the schema of all this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, BinaryIO, ClassVar, Literal, TypeAlias

import msgspec

from ..artifact import Artifact
from ..context import Context
from ..fields import Field
from ..formats import Produces, WriterOptions
from ..language.detect import post_language
from ..model.collection import Collection
from ..model.document import head_of
from ..model.plain_text import prose_sample
from ..model.post import Post, Timestamp
from ..post_pictures import leave_addresses, leave_files

LineKind: TypeAlias = Literal["tree", "text"]


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
    """Options for writing JSON Lines."""

    format: ClassVar[str] = "jsonl"
    kind: Annotated[
        LineKind,
        Field(
            help="Write each post's tree, which is read back as it was; or its words, as plain text"
            " and as Markdown, for search and language models."
        ),
    ] = "tree"

    @property
    def transforms(self) -> tuple[str, ...]:
        """The transforms that words need: buttons and forms are left out, notes are in order."""
        return ("widgets", "footnotes") if self.kind == "text" else ()


class _JsonWriter:
    """Writes one document, with each post on one line or indented."""

    extension = ".json"
    media_type = "application/json"
    options_type = Json
    produces: Produces = "file"
    public = False
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
    transforms: tuple[str, ...] = ()

    def write(self, collection: Collection, options: Jsonl, context: Context) -> Artifact:
        if options.kind == "text":
            return _artifact(_texts(collection, context), context)
        return _artifact(_lines(collection), context)


def _artifact(parts: Iterator[bytes], context: Context) -> Artifact:
    def file(stream: BinaryIO) -> None:
        stream.writelines(parts)

    return Artifact.of_file(report=context.report, make=file)


def _lines(collection: Collection) -> Iterator[bytes]:
    yield msgspec.json.encode(head_of(collection)) + b"\n"
    for post in collection.posts:
        yield _encode(post) + b"\n"


class PostText(msgspec.Struct, frozen=True):
    """A line of ``kind=text``. A field that is not known is empty."""

    id: str
    """The post's key, which no other post of the collection has."""
    url: str
    date: str
    """ISO 8601, as exact as it is known; the source's own words if they are not a date."""
    title: str
    language: str
    """BCP 47: the post's own, else the one in which it seems to be written."""
    text: str
    markdown: str
    """GitHub's Markdown, as ``-t markdown -O dialect=gfm`` writes it."""


def _texts(collection: Collection, context: Context) -> Iterator[bytes]:
    # Whoever writes trees needs neither writer.
    from .markdown.dialects import GFM
    from .markdown.plain_page import PlacesOfSource, plain_body
    from .text import body_text

    for post in collection.posts:
        metadata = post.metadata
        leave_files(post, context)
        leave_addresses(post, context)
        line = PostText(
            id=metadata.key,
            url=metadata.canonical_url or context.index.address_of(metadata.key),
            date=_iso_date(metadata.published),
            title=metadata.title,
            language=post_language(metadata, prose_sample(post), context.language),
            text=body_text(post, context),
            # The text above has reported the losses.
            markdown=plain_body(post, GFM, PlacesOfSource(), context.aside()).text.rstrip("\n"),
        )
        yield msgspec.json.encode(line) + b"\n"


def _iso_date(published: Timestamp | None) -> str:
    if published is None:
        return ""
    is_moment = published.value is not None and published.has_time
    return published.value.isoformat() if is_moment and published.value else published.day


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
