"""Reads pandoc's document tree as JSON: what pandoc makes of any format that it reads.

A document is one post, or as many as our writer put into it. A heading of level 1 at the top is
the title if the metadata have none.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, get_args

import msgspec

from ...diagnostics import Diagnostic, DiagnosticCode, LineDiagnostic, locate
from ...errors import ReadError
from ...formats import ReaderOptions, reader_extensions
from ...html.read.raw_html import resolve_raw
from ...lazy_pattern import lazy_pattern
from ...limits import Limits
from ...model import blocks as b
from ...model.book_info import BookInfo, Series
from ...model.check import consistent
from ...model.collection import Collection, Part, Role
from ...model.index import Index, IndexEntry, with_unique_keys
from ...model.plain_text import plain_text, prose_sample
from ...model.post import Base, Post
from ...model.walk import with_blocks
from ...pandoc import ast as p
from ...pandoc.vocabulary import LANGUAGE, PART, POST, mark_of, text_of
from ..code_titles import show_code_titles
from ..json_bytes import UNDECODABLE, repair_json
from ..source_bytes import source_bytes
from .blocks import BlockReader
from .inlines import PostState, named_notes
from .metadata import fields_of, list_field, metadata_of, split_posts, text_field

if TYPE_CHECKING:
    from ...context import Context
    from ...formats import Source

_ITS_MEMBER = b'"pandoc-api-version"'
_OLD_FORM = lazy_pattern(rb'\s*\[\s*\{\s*"unMeta"')
_TOP_LEVEL = lazy_pattern(rb'\s*\{\s*"(?:blocks|meta)"\s*:\s*[\[{]\s*[\]}{"]')
_ABSTRACT = "abstract"


class PandocInput(ReaderOptions, frozen=True, kw_only=True):
    """Options for reading pandoc's document tree. There are none."""

    format: ClassVar[str] = "pandoc"


class PandocReader:
    """Reads pandoc's JSON; see the module."""

    options_type = PandocInput
    extensions = reader_extensions("pandoc")

    def accepts(self, head: bytes, name: str) -> bool:  # noqa: ARG002
        """Accepts a document by the names of its members."""
        if _OLD_FORM.match(head):
            return True
        return _ITS_MEMBER in head[:200] or (
            _TOP_LEVEL.match(head) is not None and (_ITS_MEMBER in head or b'{"t":' in head)
        )

    def read(self, source: Source, options: PandocInput, context: Context) -> Collection:  # noqa: ARG002
        """Reads a document.

        Raises ReadError if it is not one of pandoc's, or was written by a version of pandoc that is
        not known; LimitError if it is too long or its metadata are too deep.
        """
        limits = context.run.limits
        data, name = source_bytes(source, limits.resource_bytes)
        folder = Path(source).parent if isinstance(source, (str, Path)) else None
        try:
            data, repairs = repair_json(data.removeprefix(b"\xef\xbb\xbf"))
            posts = _Posts(_decode(data), name, folder, limits).collection()
        except ReadError as error:
            error.source = error.source or name
            raise
        except RecursionError as error:
            raise ReadError("is nested too deeply", source=name) from error
        repaired = [Diagnostic(DiagnosticCode.ENCODING_REPAIRED, text, name) for text in repairs]
        return msgspec.structs.replace(posts, diagnostics=(*posts.diagnostics, *repaired))


def _decode(data: bytes) -> p.Pandoc:
    """Decodes a document. Raises ReadError with the fault and its place."""
    if _OLD_FORM.match(data):
        raise _unknown_version("before 1.18")
    try:
        numbers = msgspec.json.decode(data, type=p.Version).numbers
        if not p.OLDEST <= numbers < (p.VERSION[0] + 1,):
            raise _unknown_version(f"with version {'.'.join(map(str, numbers))} of the tree")
        return msgspec.json.decode(data, type=p.Pandoc)
    except msgspec.ValidationError as error:
        raise ReadError(
            f"is not a document of pandoc: {error}",
            hint="make one with `pandoc -t json`; this clothbound knows version"
            f" {'.'.join(map(str, p.VERSION))} of pandoc's tree",
        ) from error
    except UNDECODABLE as error:
        raise ReadError(f"is not valid JSON: {error}") from error


def _unknown_version(which: str) -> ReadError:
    oldest, newest = (".".join(map(str, version)) for version in (p.OLDEST, p.VERSION))
    return ReadError(
        f"was written by a pandoc {which}, which is not known",
        hint=f"versions {oldest} to {newest} are, those of pandoc 1.18 to 3",
    )


class _Chapter(msgspec.Struct):
    """The part of a document that is one post."""

    key: str
    title: str
    blocks: list[p.Block] = []
    role: Role | None = None
    """The role of a text that is not a chapter."""


class _Posts:
    """The posts of one document."""

    def __init__(self, document: p.Pandoc, name: str, folder: Path | None, limits: Limits) -> None:
        self._document = document
        self._name = name
        self._limits = limits
        self._base = Base("folder", str(folder)) if folder is not None else None
        fields = fields_of(document.meta, limits.header_depth)
        self._fields, self._listed = split_posts(fields)

    def collection(self) -> Collection:
        chapters, parts = _split(self._document.blocks)
        if chapters:
            return self._of_several(chapters, parts)
        post = self._post(self._document.blocks, self._fields)
        (entry,) = with_unique_keys([IndexEntry(post.metadata, sample=prose_sample(post))])
        posts = (msgspec.structs.replace(post, metadata=entry.metadata),)
        return Collection(posts=posts, index=Index([entry], load=posts.__getitem__))

    def _of_several(self, chapters: list[_Chapter], parts: list[Part]) -> Collection:
        addresses: dict[str, str] = {}
        fields = {}
        for chapter in chapters:
            given = {"title": chapter.title, **self._listed.get(chapter.key, {})}
            given.setdefault("slug", chapter.key)
            fields[chapter.key] = given
            addresses[chapter.key] = text_field(given, "canonical_url") or f"/p/{given['slug']}"
        posts = []
        for chapter in chapters:
            resolve = partial(_resolve, addresses, chapter.key)
            posts.append(
                self._post(tuple(chapter.blocks), fields[chapter.key], f"{chapter.key}--", resolve)
            )
        entries = with_unique_keys(
            IndexEntry(
                msgspec.structs.replace(post.metadata, key=chapter.key),
                sample=prose_sample(post),
            )
            for post, chapter in zip(posts, chapters, strict=True)
        )
        whole = tuple(
            msgspec.structs.replace(post, metadata=entry.metadata)
            for post, entry in zip(posts, entries, strict=True)
        )
        keys = {c.key: e.metadata.key for c, e in zip(chapters, entries, strict=True)}
        roles = {keys[chapter.key]: chapter.role for chapter in chapters if chapter.role}
        return Collection(
            posts=whole,
            index=Index(entries, load=whole.__getitem__, texts=roles),
            info=self._info(),
            roles=roles,
            parts=tuple(Part(part.title, tuple(keys[key] for key in part.keys)) for part in parts),
        )

    def _info(self) -> BookInfo:
        fields = self._fields
        series = text_field(fields, "series")
        return BookInfo(
            title=text_field(fields, "title"),
            subtitle=text_field(fields, "subtitle"),
            authors=list_field(fields, "author"),
            editors=list_field(fields, "editor"),
            language=text_field(fields, "lang"),
            publisher=text_field(fields, "publisher"),
            rights=text_field(fields, "rights"),
            description=text_field(fields, "description"),
            identifier=text_field(fields, "identifier"),
            series=Series(series) if series else None,
            subjects=list_field(fields, "subject"),
        )

    def _post(
        self,
        blocks: tuple[p.Block, ...],
        fields: dict[str, Any],
        prefix: str = "",
        resolve: partial[str] | None = None,
    ) -> Post:
        state = PostState(prefix, resolve or "#{}".format, named_notes(blocks, prefix))
        reader = BlockReader(self._document.numbers, self._limits, state)
        body = reader.blocks(blocks)
        heading = _title_at_top(body)
        metadata, header = metadata_of(fields, self._name, heading)
        if heading and " ".join(metadata.title.split()).casefold() == heading.casefold():
            body = body[1:]
        if not prefix and (abstract := self._document.meta.get(_ABSTRACT)) is not None:
            body = (*_abstract(abstract, reader), *body)
        post = msgspec.structs.replace(state.as_post(metadata, body), base=self._base)
        return show_code_titles(_with_nodes(post, (*header.findings, *state.findings)))


def _split(blocks: Iterable[p.Block]) -> tuple[list[_Chapter], list[Part]]:
    """Returns the posts and the parts of a document that our writer made of several posts."""
    chapters: list[_Chapter] = []
    parts: list[tuple[str, list[str]]] = []
    before: list[p.Block] = []
    """Blocks before the first post, such as a filter may put there."""
    for block in blocks:
        mark = mark_of(block.c[1]) if isinstance(block, p.Header) else ""
        if isinstance(block, p.Header) and mark == PART:
            parts.append((" ".join(text_of(block.c[2]).split()), []))
        elif isinstance(block, p.Header) and mark == POST:
            key, classes, _ = block.c[1]
            role = next((role for role in get_args(Role) if role in classes), None)
            title = " ".join(text_of(block.c[2]).split())
            chapters.append(_Chapter(key, title, role=role))
            if parts:
                parts[-1][1].append(chapters[-1].key)
        elif chapters:
            if isinstance(block, p.Div) and mark_of(block.c[0]) == LANGUAGE:
                chapters[-1].blocks.extend(block.c[1])
            else:
                chapters[-1].blocks.append(block)
        else:
            before.append(block)
    if chapters:
        chapters[0].blocks[:0] = before
    return chapters, [Part(title, tuple(keys)) for title, keys in parts if title and keys]


def _resolve(addresses: dict[str, str], own: str, fragment: str) -> str:
    """Returns the address of a fragment of the whole document as a link of the post ``own`` has it."""
    key, separator, anchor = fragment.partition("--")
    if key == own and separator:
        return f"#{anchor}"
    if key not in addresses:
        return f"#{fragment}"
    return f"{addresses[key]}#{anchor}" if anchor else addresses[key]


def _title_at_top(body: tuple[b.Block, ...]) -> str:
    """Returns the text of a heading of level 1 that is the first block; empty if there is none."""
    first = body[0] if body else None
    if isinstance(first, b.Heading) and first.level == 1:
        return " ".join(plain_text(first).split())
    return ""


def _abstract(value: p.MetaValue, reader: BlockReader) -> tuple[b.Block, ...]:
    """Returns a document's abstract, which the body lacks."""
    match value:
        case p.MetaBlocks(c=blocks):
            return (b.Group(reader.blocks(blocks), classes=(_ABSTRACT,)),)
        case p.MetaInlines(c=inlines):
            return (b.Group(reader.blocks((p.Para(inlines),)), classes=(_ABSTRACT,)),)
    return ()


def _with_nodes(post: Post, findings: Iterable[LineDiagnostic]) -> Post:
    """Returns ``post`` in canonical form with the nodes of its raw HTML and of Substack's components,
    and with the diagnostics.
    """
    from ...substack.components import type_nodes

    source = post.metadata.source
    diagnostics: list[Diagnostic] = [*locate(findings, source)]

    def resolve(blocks: tuple[b.Block, ...]) -> tuple[b.Block, ...]:
        resolved = resolve_raw(blocks, source=source)
        diagnostics.extend(resolved.findings)
        return resolved.blocks

    post = with_blocks(post, resolve)
    typed = type_nodes(post.body, post.footnotes, is_markdown=True)
    made = consistent(msgspec.structs.replace(post, body=typed.body, footnotes=typed.footnotes))
    diagnostics.extend(locate((*typed.findings, *made.findings), source))
    return msgspec.structs.replace(made.post, diagnostics=tuple(diagnostics))


READER = PandocReader()
