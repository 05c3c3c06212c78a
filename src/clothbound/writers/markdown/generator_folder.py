"""Writes posts as the folder of a generator of sites, with their pictures."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, BinaryIO

from ... import naming
from ...artifact import Artifact
from ...console_text import agree, format_count
from ...context import Context
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...html.write.shown_pictures import web_picture
from ...media.picture_limits import Converted
from ...media.sniffing import WEB_EXTENSIONS
from ...model.blocks import Conditional
from ...model.collection import Collection
from ...model.inlines import Image
from ...model.post import Metadata, Post
from ...model.publication import DRAFTS, EVERYONE
from ...model.walk import walk
from ...web.addresses import last_segment
from .dialects import Dialect
from .generators import OWN_CATEGORIES, Generator, PostFacts, old_path
from .plain_page import PlainBody, plain_body
from .yaml_header import as_date, yaml_header

_DELIVERY = frozenset({"email_sent_at", "inbox_sent_at"})
"""Fields of Substack's posts.csv that say when mail was sent, which is of no use on a site."""


def write_folder(
    collection: Collection, generator: Generator, dialect: Dialect, context: Context
) -> Artifact:
    """Returns the posts as a folder, or as one file if there is one post and a file is asked for."""
    sources: dict[str, set[str]] = {}
    folder = _Folder(collection, generator, dialect, context, sources)

    def file(stream: BinaryIO) -> None:
        stream.write(folder.pages(0)[-1][1])
        folder.report()

    artifact = Artifact(
        report=context.report,
        file=file if len(collection) == 1 else None,
        tree=folder.files,
        sources=sources,
    )
    if len(collection) == 1:
        artifact.only_page = folder.only_name
    return artifact


class _Folder:
    """The names of all files, and the pictures written so far."""

    def __init__(
        self,
        collection: Collection,
        generator: Generator,
        dialect: Dialect,
        context: Context,
        sources: dict[str, set[str]],
    ) -> None:
        self.generator = generator
        self.dialect = dialect
        self.context = context
        self._collection = collection
        self._sources = sources
        index = collection.index
        self.names = (
            naming.note_names(index) if generator.names_by_title else naming.file_names(index)
        )
        self.pictures: dict[str, bytes] = {}
        """The pictures of the product by the names of their files."""
        self._html: list[str] = []
        self._math: list[str] = []
        self._closed: list[str] = []

    @property
    def only_name(self) -> str:
        (metadata,) = self._collection.index
        return self._post_file(metadata, is_open=True)

    def files(self) -> Iterator[tuple[str, bytes]]:
        for position in range(len(self._collection)):
            yield from self.pages(position)
        if self.generator.redirects:
            lines = self._redirects()
            if lines:
                yield self.generator.redirects, lines.encode()
        self.report()

    def pages(self, position: int) -> list[tuple[str, bytes]]:
        """Returns the files of a post, the pictures that no other post has shown first."""
        post = self._collection[position]
        metadata = post.metadata
        is_open = _is_open(post, self.context)
        name = self._post_file(metadata, is_open=is_open)
        places = _Places(self, post, name)
        body = plain_body(post, self.dialect, places, self.context)
        cover = places.picture(Image(metadata.cover)) if metadata.cover else None
        facts = self._facts(metadata, is_open=is_open, cover=cover or "")
        text = yaml_header(self._fields(metadata, facts)) + body.text
        self._note(metadata, body, facts)
        self._sources[name] = {metadata.source}
        return [*places.new, (name, text.encode("utf-8", "replace"))]

    def _note(self, metadata: Metadata, body: PlainBody, facts: PostFacts) -> None:
        label = metadata.source or metadata.title
        if body.has_html:
            self._html.append(label)
        if body.has_math:
            self._math.append(label)
        if not (facts.is_open or facts.is_unfinished):
            self._closed.append(label)

    def report(self) -> None:
        """Reports once what the generator must be told so that it shows everything."""
        generator = self.generator
        for posts, what, note in (
            (self._html, "HTML", generator.html_note),
            (self._math, "formulas", generator.math_note),
        ):
            if posts and note:
                count, hold = format_count(len(posts), "post"), agree(len(posts), "holds", "hold")
                message = f"{count} {hold} {what}. Hint: {note}"
                self._add(DiagnosticCode.GENERATOR_RULE, message)
        if self._closed:
            note = generator.draft_note.format(title=generator.title)
            note = note.replace("are written", "is written", 1) if len(self._closed) == 1 else note
            count = format_count(len(self._closed), "post")
            self._add(DiagnosticCode.PUBLICATION_STATE, f"{count} not for everybody {note}")

    def _add(self, code: DiagnosticCode, message: str) -> None:
        self.context.diagnostics.add(Diagnostic(code, message, severity=Severity.WARNING))

    def _facts(self, metadata: Metadata, *, is_open: bool, cover: str = "") -> PostFacts:
        verdict = metadata.verdict(self.context.moment)
        return PostFacts(
            name=self.names[metadata.key],
            is_open=is_open,
            is_unfinished=any(reason.name in DRAFTS for reason in verdict.reasons),
            is_unlisted=verdict.is_unlisted,
            readers="" if verdict.is_for_everyone else ", ".join(verdict.audiences),
            cover=cover,
            address=self._collection.index.address_of(metadata.key),
        )

    def _post_file(self, metadata: Metadata, *, is_open: bool) -> str:
        return self.generator.post_file(metadata, self._facts(metadata, is_open=is_open))

    def _fields(self, metadata: Metadata, facts: PostFacts) -> dict[str, Any]:
        own = self.generator.fields(metadata, facts)
        nested = own.get("params")
        into = nested if isinstance(nested, dict) else own
        for key, value in metadata.extra.items():
            # A field that means something to the generator would change the site.
            free = f"source_{key}" if key in self.generator.reserved else key
            if free in into or free in own or key in _DELIVERY or key in OWN_CATEGORIES:
                continue
            into[free] = as_date(value)
        if isinstance(nested, dict):
            own["params"] = _said(nested)
        said = _said(own)
        return {"title": own["title"], **said, **self._required(own)}

    def _required(self, own: dict[str, Any]) -> dict[str, Any]:
        return {key: own.get(key) or "" for key in self.generator.required}

    def _redirects(self) -> str:
        """Returns the lines by which Netlify, Cloudflare Pages and others lead old addresses to new ones."""
        lines = []
        for metadata in self._collection.index:
            old = old_path(self._collection.index.address_of(metadata.key))
            new = self.path(metadata.key)
            if old and f"{old}/" != new and metadata.is_for_everyone:
                lines.append(f"{old} {new} 301\n")
        return "".join(lines)

    def path(self, key: str) -> str | None:
        """Returns the path of a post on the site; None if the product does not hold it."""
        if key not in self.names:
            return None
        metadata = self._collection.index[key]
        return self.generator.post_path(metadata, self._facts(metadata, is_open=True))

    def store(self, wishes: tuple[str, str], data: bytes, source: str) -> tuple[str, bool]:
        """Gives a picture the first of two names that is free; returns it, and whether it is new."""
        for name in wishes:
            found = self.pictures.setdefault(name, data)
            if found == data:
                is_new = not self._sources.get(name)
                self._sources.setdefault(name, set()).add(source)
                return name, is_new
        raise AssertionError("the second name is made of the bytes")


class _Places:
    """Where the pictures and the other posts are, as seen from one post."""

    def __init__(self, folder: _Folder, post: Post, file: str) -> None:
        self._folder = folder
        self._post = post
        self._file = file
        self._known: dict[str, str | None] = {}
        self.new: list[tuple[str, bytes]] = []
        """Pictures that no post has shown before."""

    def picture(self, image: Image) -> str | None:
        if image.src not in self._known:
            self._known[image.src] = self._find(image)
        return self._known[image.src]

    def _find(self, image: Image) -> str | None:
        folder, generator = self._folder, self._folder.generator
        name = folder.names[self._post.metadata.key]
        parent = posixpath.dirname(self._file)

        def put(converted: Converted) -> str:
            wishes = naming.picture_names(
                image.src, converted.data, WEB_EXTENSIONS[converted.media_type]
            )
            files = tuple(
                generator.picture_file.format(folder=parent, name=name, file=wish)
                for wish in wishes
            )
            stored, is_new = folder.store(
                (files[0], files[1]), converted.data, self._post.metadata.source
            )
            if is_new:
                self.new.append((stored, converted.data))
            return generator.picture_address.format(name=name, file=posixpath.basename(stored))

        found = web_picture(self._post, image, folder.context, put)
        if found is not None:
            return found.src
        if generator.needs_pictures:
            return None
        # The author may have the picture, and puts it where the others are.
        file = last_segment(image.src)
        return generator.picture_address.format(name=name, file=file) if file else None

    def page(self, key: str, anchor: str) -> str | None:
        path = self._folder.path(key)
        if path is None:
            return None
        if self._folder.generator.has_relative_links:
            own = self._folder.path(self._post.metadata.key) or "/"
            path = f"{posixpath.relpath(path, own)}/"
        return f"{path}#{anchor}" if anchor else path

    def note_name(self, key: str) -> str:
        return self._folder.names.get(key, "")


def _is_open(post: Post, context: Context) -> bool:
    """Whether everybody may read all of a post now, which has no mark of its paywall any more."""
    if context.verdict_of_copy(post).state not in ("public", "unlisted"):
        return False
    return not any(
        isinstance(node, Conditional) and EVERYONE not in node.audiences for node in walk(post)
    )


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    """Returns the fields that say something; ``False`` does."""
    return {key: value for key, value in fields.items() if value not in ("", [], {}, None, ())}
