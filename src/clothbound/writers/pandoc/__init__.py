"""Writes pandoc's document tree as JSON, from which pandoc makes DOCX, LaTeX, ICML, JATS and others.

One post is a document; its title is in the metadata, and its headings begin at level 1. Several
posts are one document too: each begins with a heading of level 1, or of level 2 below those of
the parts, if there are parts. Their metadata are in the field ``posts``.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from itertools import groupby
from typing import Annotated, BinaryIO, ClassVar, Literal, TypeAlias

import msgspec

from ...artifact import Artifact
from ...context import Context
from ...diagnostics import Outcome
from ...fields import Field
from ...formats import Produces, WriterOptions
from ...html.read.raw_html import resolve_raw
from ...language.detect import book_language, post_language
from ...language.direction import direction
from ...matter import Matter, chapter_head, fill_matter
from ...media.picture_limits import PictureRules
from ...model import blocks as b
from ...model import inlines as i
from ...model.check import canonical
from ...model.collection import Collection
from ...model.plain_text import plain_text, prose_sample
from ...model.post import Metadata, Post
from ...model.walk import walk, with_blocks
from ...pandoc import ast as p
from ...pandoc.vocabulary import LABEL, LANGUAGE, MARK, PART, POST
from ...post_pictures import find_file, leave_address, leave_files, make_fit
from ...web.addresses import absolute_url, is_remote
from ..shared_options import MADE_ELSEWHERE
from .blocks import BlockWriter
from .metadata import document_of_book, document_of_post

PandocPictures: TypeAlias = Literal["embed", "address"]

_RULES = PictureRules(srgb=False)
"""Word, LaTeX and the others show what reading systems show; their colours keep their profiles."""


class Pandoc(WriterOptions, frozen=True, kw_only=True):
    """Options for writing pandoc's document tree."""

    format: ClassVar[str] = "pandoc"
    pictures: Annotated[
        PandocPictures,
        Field(
            help="Put the pictures' files into the document, or write their addresses: then pandoc"
            " needs ``--resource-path`` to find them."
        ),
    ] = "embed"


class PandocWriter:
    """Writes pandoc's JSON; see the module."""

    extension = ".json"
    media_type = "application/json"
    options_type = Pandoc
    produces: Produces = "file"
    public = False
    transforms: tuple[str, ...] = tuple(
        "forms" if name == "widgets" else name for name in MADE_ELSEWHERE
    )

    def write(self, collection: Collection, options: Pandoc, context: Context) -> Artifact:
        parts = _Document(collection, options, context).parts()

        def file(stream: BinaryIO) -> None:
            stream.writelines(parts)

        return Artifact.of_file(report=context.report, make=file)


class _Document:
    """A document, written post by post."""

    def __init__(self, collection: Collection, options: Pandoc, context: Context) -> None:
        self._collection = collection
        self._context = context
        self._embeds = options.pictures == "embed"
        self._matter: Matter | None = None
        """The heads of the posts; None if the document is one post."""
        self._level = 2 if collection.parts else 1
        """The level of the posts' headings."""
        self._notes = 0

    def parts(self) -> Iterator[bytes]:
        collection = self._collection
        if len(collection) == 1 and not (collection.parts or collection.roles):
            post = self._ready(collection[0])
            language = self._language(post)
            meta = document_of_post(post.metadata, language)
            yield from _document(meta, iter((self._of_post(post, language),)))
        else:
            self._matter = fill_matter(collection, "ebook") if len(collection) else None
            language = book_language(collection)
            title = collection.info.title
            posts = {metadata.key: metadata for metadata in collection.index}
            meta = document_of_book(collection.info, title, language, posts)
            yield from _document(meta, self._chapters())

    def _of_post(self, post: Post, language: str) -> tuple[p.Block, ...]:
        first = post.body[0] if post.body else None
        # A reader takes a heading at the top as the title if it repeats the title, or there is none.
        title = " ".join(post.metadata.title.split())
        is_title = isinstance(first, b.Heading) and (
            not title or " ".join(plain_text(first).split()).casefold() == title.casefold()
        )
        shift = 0 if is_title else -1
        return BlockWriter(post, self._context, self._show, language=language, shift=shift).body()

    def _chapters(self) -> Iterator[tuple[p.Block, ...]]:
        assert self._matter is not None or not len(self._collection)
        for given in self._collection:
            assert self._matter is not None
            post = self._ready(given)
            language = self._language(post)
            writer = BlockWriter(
                post,
                self._context,
                self._show,
                language=language,
                shift=self._level - 1,
                prefix=f"{post.metadata.key}--",
                notes_before=self._notes,
            )
            head = self._head(post.metadata, self._matter)
            blocks = (*head, *writer.body())
            yield blocks if language == self._matter.language else _in_language(blocks, language)
            self._notes += len(writer.notes.numbers)

    def _head(self, metadata: Metadata, matter: Matter) -> Iterator[p.Block]:
        """Yields the headings of a part and of a post, and the lines below them."""
        head = chapter_head(metadata, matter)
        place = matter.chapters[metadata.key]
        if place.opens_part:
            attr: p.Attr = ("", ("part",), ((MARK, PART),))
            yield p.Header((1, attr, tuple(p.to_words(place.opens_part))))
        role = (place.role, "unnumbered") if place.role else ()
        attr = (metadata.key, ("post", *role), ((MARK, POST),))
        yield p.Header((self._level, attr, tuple(p.to_words(head.title))))
        if head.subtitle:
            yield _line("subtitle", "Subtitle", head.subtitle)
        line = " \N{MIDDLE DOT} ".join(filter(None, (head.byline, head.date)))
        if line:
            yield _line("byline", "Date", line)

    def _language(self, post: Post) -> str:
        return post_language(post.metadata, prose_sample(post), self._context.language)

    def _ready(self, post: Post) -> Post:
        """Returns a post whose raw HTML is nodes, since few of pandoc's writers show HTML."""
        if not self._embeds:
            leave_files(post, self._context)
        if not any(_is_raw_html(node) for node in walk(post)):
            return post
        for node in walk(post):
            if _is_raw_html(node):
                message = "raw HTML was read as elements"
                self._context.account(Outcome.SIMPLIFIED, post, node, message)
        made = with_blocks(post, lambda blocks: resolve_raw(blocks).blocks)
        return canonical(made)

    def _show(self, post: Post, image: i.Image) -> str | None:
        """Returns the address of a picture, or its file as one; None if it is missing."""
        remote = absolute_url(image.src) if is_remote(image.src) else None
        if not self._embeds:
            leave_address(post, image, self._context)
            return remote or image.src
        shows_remote = remote is not None
        file = find_file(post, image, self._context, shows_remote=shows_remote)
        if file is None:
            return remote

        fitted = make_fit(
            post,
            image,
            self._context,
            lambda: self._context.converter.convert(file, _RULES),
            shows_remote=shows_remote,
        )
        if fitted is None:
            return remote
        return f"data:{fitted.media_type};base64,{b64encode(fitted.data).decode()}"


def _is_raw_html(node: object) -> bool:
    return isinstance(node, (b.RawBlock, i.RawInline)) and node.format == "html"


def _in_language(blocks: tuple[p.Block, ...], language: str) -> tuple[p.Block, ...]:
    """Returns blocks with their language and its direction of writing.

    Headings stay outside of divs, since pandoc lists only those in a table of contents.
    """
    pairs = (("lang", language), ("dir", direction(language)))
    result: list[p.Block] = []
    for is_heading, group in groupby(blocks, lambda block: isinstance(block, p.Header)):
        if not is_heading:
            attr: p.Attr = ("", (), ((MARK, LANGUAGE), *pairs))
            result.append(p.Div((attr, tuple(group))))
            continue
        for block in group:
            assert isinstance(block, p.Header)
            level, (name, classes, given), words = block.c
            own = {key for key, _ in given}
            more = tuple(pair for pair in pairs if pair[0] not in own)
            result.append(p.Header((level, (name, classes, (*given, *more)), words)))
    return tuple(result)


def _line(name: str, style: str, text: str) -> p.Div:
    """Returns a line of a post's head, with the name of Word's style for it."""
    attr = ("", (name,), ((MARK, LABEL), ("custom-style", style)))
    return p.Div((attr, (p.Para(tuple(p.to_words(text))),)))


def _document(
    meta: dict[str, p.MetaValue], posts: Iterator[tuple[p.Block, ...]]
) -> Iterator[bytes]:
    """Yields the JSON of a document, post by post, since all at once would be in memory twice."""
    encode = msgspec.json.encode
    version = ",".join(map(str, p.VERSION)).encode()
    yield b'{"pandoc-api-version":[' + version + b'],"meta":' + encode(meta) + b',"blocks":['
    separator = b"\n"
    for blocks in posts:
        for block in blocks:
            yield separator + encode(block)
            separator = b",\n"
    yield b"\n]}\n"


WRITER = PandocWriter()
