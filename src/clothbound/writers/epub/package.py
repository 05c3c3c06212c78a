"""The book as a whole: what is written when, and what the package document says of it.

Sources: EPUB 3.3, section 5; EPUB Accessibility 1.1, section 2 (discovery metadata).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO, Literal

from ...artifact import Artifact
from ...context import Context
from ...destinations import DESTINATIONS, Destination
from ...diagnostics import Code
from ...errors import OptionError, ResourceError
from ...formats import Produces
from ...html.language import direction, language_tag
from ...html.wording import wording
from ...limits import Limits
from ...model.index import NAMESPACE
from ...model.post import Collection, Post
from ...pictures import Converted, PictureRules, convert
from ...resources import Resource, sniff
from . import pages
from .container import Container, Meta, Package, refine
from .content import STYLE, Chapter, chapter_file, render_chapter
from .cover import HEIGHT, WIDTH, draw_cover
from .navigation import Entry, Landmark, navigation_document, ncx
from .pictures import EXTENSIONS, Pictures

_XHTML = "application/xhtml+xml"
_COVER_RULES = PictureRules(
    accepted=frozenset({"image/jpeg", "image/png"}), longest_side=HEIGHT, animated=False
)
# The first moment of the ZIP format stands for a book whose posts have no date.
_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class EpubOptions:
    """How an EPUB is made."""

    css: Path | None = None
    """A style sheet that is added after the book's own."""
    cover: Path | bytes | None = None
    """A JPEG or PNG picture, or one that can be made so; without one a cover is drawn."""
    toc_depth: int = 1
    """Levels of the contents within a part: 1 has the posts, 2 their headings too, up to 6."""
    destination: Literal["safe", "kindle", "kdp", "apple", "kobo", "google"] = "safe"
    """Whose rules are kept; ``safe``: what all of them take, formulas and wide tables as they are."""
    longest_side: int | None = None
    """Pixels; larger pictures are reduced. 0 leaves them, and stores may refuse the book. Without
    it, what the destination takes."""


class EpubWriter:
    """Writes a collection as one EPUB 3.3 publication."""

    extension = ".epub"
    media_type = "application/epub+zip"
    options_type = EpubOptions
    produces: Produces = "file"
    public = False
    transforms = ("widgets", "footnotes", "headings", "links", "typography", "scripts")

    def write(self, collection: Collection, options: EpubOptions, context: Context) -> Artifact:
        """Raises OptionError for a style sheet or cover that cannot be read."""
        style = _style(options)
        cover = _given_cover(collection, options, context.limits)

        def file(stream: BinaryIO) -> None:
            _Book(collection, options, context, style, cover).write(stream)

        return Artifact(report=context.report, file=file)


def _style(options: EpubOptions) -> str:
    theme = files("clothbound.themes").joinpath("epub.css").read_text("utf-8")
    if options.css is None:
        return theme
    try:
        return f"{theme}\n{options.css.read_text('utf-8-sig')}"
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(f"the style sheet {options.css} cannot be read: {error}") from error


def _given_cover(collection: Collection, options: EpubOptions, limits: Limits) -> Converted | None:
    given = options.cover or (Path(collection.cover) if collection.cover else None)
    if given is None:
        return None
    try:
        data = given if isinstance(given, bytes) else given.read_bytes()
        return convert(Resource(data, sniff(data)), _COVER_RULES, limits)
    except (OSError, ResourceError) as error:
        name = "the cover" if isinstance(given, bytes) else f"the cover {given}"
        raise OptionError(
            f"{name} cannot be used: {error}", hint=f"JPEG or PNG, best {WIDTH} x {HEIGHT} pixels"
        ) from error


@dataclass(slots=True)
class _Book:
    collection: Collection
    options: EpubOptions
    context: Context
    style: str
    cover: Converted | None
    destination: Destination = field(init=False)
    language: str = field(init=False)
    title: str = field(init=False)
    identifier: str = field(init=False)
    _spine: list[str] = field(init=False, default_factory=list)
    _has_math: bool = field(init=False, default=False)
    _alts_missing: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.destination = DESTINATIONS[self.options.destination]
        given = self.collection
        only = next(iter(given.index)) if len(given.index) == 1 else None
        self.title = given.title or (only.title if only else "") or "Untitled"
        self.language = language_tag(given.language or given.index.language, "en")
        authors = given.authors or (only.authors if only else ())
        name = "\n".join((self.title, *authors, self.language))
        self.identifier = given.identifier or f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}"
        self.collection = replace(given, title=self.title, authors=authors)

    def write(self, stream: BinaryIO) -> None:
        container = Container(stream)
        container.add("style", STYLE, "text/css", self.style)
        cover_id = self._write_cover(container)
        front = pages.title_page(self.collection, self.language)
        self._page(container, "title_page", pages.TITLE, front)
        self._spine.append("contents_page")
        pictures = Pictures(container, self.context, self._picture_rules())
        entries = tuple(self._write_chapters(container, pictures))
        back = pages.colophon(self.collection, self.identifier, self.language)
        self._page(container, "colophon_page", pages.COLOPHON, back)
        self._write_navigation(container, entries)
        container.finish(self._package(cover_id, pictures))

    def _picture_rules(self) -> PictureRules:
        rules = self.destination.pictures
        side = self.options.longest_side
        return rules if side is None else replace(rules, longest_side=side)

    # the parts of the book

    def _page(
        self,
        container: Container,
        item_id: str,
        name: str,
        markup: str,
        properties: tuple[str, ...] = (),
    ) -> None:
        container.add(item_id, name, _XHTML, markup, properties)
        self._spine.append(item_id)

    def _write_cover(self, container: Container) -> str:
        cover = self.cover
        heads = pages.heads(self.collection)
        authors = self.collection.authors
        if cover is None:
            drawn = draw_cover(
                heads.title, heads.subtitle, authors, [m.key for m in self.collection.index]
            )
            if drawn.missing:
                self.context.warn(
                    Code.GLYPH_MISSING,
                    f"the drawn cover lacks what no font of ours has: {drawn.missing[:40]}"
                    " Hint: give a picture as cover",
                )
            cover = Converted(drawn.data, "image/jpeg", WIDTH, HEIGHT)
        name = f"images/cover.{EXTENSIONS[cover.media_type]}"
        container.add("cover_picture", name, cover.media_type, cover.data, ("cover-image",))
        words = wording(self.language)
        alternative = f"{words.cover}: {', '.join((self.title, *authors))}"
        markup = pages.cover_page(name, alternative, self.language, words)
        self._page(container, "cover_page", pages.COVER, markup)
        return "cover_picture"

    def _write_chapters(self, container: Container, pictures: Pictures) -> Iterator[Entry]:
        """Writes parts and chapters in order, and yields the entries of the contents."""
        part_of = {key: part.title for part in self.collection.parts for key in part.keys}
        open_part: str | None = None
        open_file = ""
        below: list[Entry] = []
        names: set[str] = set()
        for post in self.collection.posts:
            part = part_of.get(post.metadata.key)
            if part != open_part:
                if open_part is not None:
                    yield Entry(open_part, open_file, children=tuple(below))
                open_part, below = part, []
                if part is not None:
                    open_file = pages.part_file(part, names)
                    item_id = open_file.removesuffix(".xhtml")
                    self._page(container, item_id, open_file, pages.part_page(part, self.language))
            entry = self._write_chapter(container, pictures, post)
            if open_part is None:
                yield entry
            else:
                below.append(entry)
        if open_part is not None:
            yield Entry(open_part, open_file, children=tuple(below))

    def _write_chapter(self, container: Container, pictures: Pictures, post: Post) -> Entry:
        chapter = render_chapter(
            post,
            self.context,
            pictures.show,
            book_language=self.language,
            book_authors=self.collection.authors,
        )
        self._has_math |= chapter.has_math
        self._alts_missing |= chapter.alts_missing
        properties = (("mathml",) if chapter.has_math else ()) + (
            ("svg",) if chapter.has_svg else ()
        )
        item_id = f"p-{chapter.file.removesuffix('.xhtml')}"
        self._page(container, item_id, chapter.file, chapter.markup, properties)
        language = chapter.language if chapter.language != self.language else ""
        return Entry(chapter.title, chapter.file, language, self._below(chapter))

    def _below(self, chapter: Chapter) -> tuple[Entry, ...]:
        """The headings of a chapter as far down as the contents go."""
        root: list[Entry] = []
        depth = self.options.toc_depth
        kept = [h for h in chapter.headings if h[0] <= depth]

        def nested(position: int, level: int, into: list[Entry]) -> int:
            while position < len(kept) and kept[position][0] >= level:
                own, text, anchor = kept[position]
                children: list[Entry] = []
                position = nested(position + 1, own + 1, children)
                into.append(Entry(text, f"{chapter.file}#{anchor}", "", tuple(children)))
            return position

        nested(0, 2, root)
        return tuple(root)

    def _write_navigation(self, container: Container, entries: tuple[Entry, ...]) -> None:
        words = wording(self.language)
        start = entries[0].href if entries else pages.COLOPHON
        entries = (*entries, Entry(words.colophon, pages.COLOPHON))
        landmarks = (
            Landmark("cover", words.cover, pages.COVER),
            Landmark("titlepage", words.title_page, pages.TITLE),
            Landmark("toc", words.contents, f"{pages.CONTENTS}#toc"),
            Landmark("bodymatter", words.start, start),
        )
        markup = navigation_document(entries, landmarks, words, self.language)
        container.add("contents_page", pages.CONTENTS, _XHTML, markup, ("nav",))
        tree = ncx(entries, self.identifier, self.title, self.collection.authors)
        container.add("ncx", "toc.ncx", "application/x-dtbncx+xml", tree)

    # what the package document says

    def _package(self, cover_id: str, pictures: Pictures) -> Package:
        words = wording(self.language)
        first = next(iter(self.collection.index), None)
        start = chapter_file(first.key) if first else pages.COLOPHON
        return Package(
            identifier=self.identifier,
            language=self.language,
            modified=self._newest(),
            direction=direction(self.language),
            metadata=(*self._metadata(cover_id), *self._accessibility(pictures)),
            spine=tuple(self._spine),
            guide=(
                ("cover", words.cover, pages.COVER),
                ("toc", words.contents, pages.CONTENTS),
                ("text", words.start, start),
            ),
        )

    def _newest(self) -> datetime:
        moments = [
            stamp.value.astimezone(UTC)
            for metadata in self.collection.index
            for stamp in (metadata.published, metadata.updated)
            if stamp is not None and stamp.value is not None
        ]
        return max(moments, default=_UNDATED)

    def _metadata(self, cover_id: str) -> Iterator[Meta]:
        given = self.collection
        yield Meta(self.title, "title", (("id", "title"),))
        yield refine("title", "title-type", "main")
        if given.subtitle:
            yield Meta(given.subtitle, "title", (("id", "subtitle"),))
            yield refine("subtitle", "title-type", "subtitle")
        yield Meta(self.language, "language")
        for number, author in enumerate(given.authors, 1):
            yield Meta(author, "creator", (("id", f"author-{number}"),))
            yield refine(f"author-{number}", "role", "aut", "marc:relators")
        for name, value in (
            ("publisher", given.publisher),
            ("rights", given.rights),
            ("description", given.description),
        ):
            if value:
                yield Meta(value, name)
        days = [m.published for m in given.index if m.published and m.published.value]
        if days:
            newest = max(days, key=lambda stamp: stamp.value or _UNDATED)
            yield Meta(newest.day, "date")
        yield Meta("", "", (("name", "cover"), ("content", cover_id)))
        yield Meta("", "", (("name", "generator"), ("content", "clothbound")))

    def _accessibility(self, pictures: Pictures) -> Iterator[Meta]:
        """What is true of this book, counted while it was written; the cover has its own text."""
        shown = pictures.shown > 0
        described = not self._alts_missing
        features = ["tableOfContents", "structuralNavigation", "displayTransformability"]
        if described:
            # The cover is a picture too, so that there is always one that has a text.
            features.append("alternativeText")
        if self._has_math:
            features.append("MathML")
        modes = ("textual", "visual")
        sufficient = ("textual", "textual,visual") if described else ("textual,visual",)
        hazards = "unknown" if pictures.animated else "none"
        sentences = ["The text can be read aloud, enlarged and navigated by contents and headings."]
        if not shown:
            sentences.append("It has no pictures but its cover.")
        elif described:
            sentences.append("Every picture has a text in its place.")
        else:
            sentences.append("Some pictures have no text in their place.")
        if self._has_math:
            sentences.append("Formulas are MathML.")
        for mode in modes:
            yield Meta(mode, "", (("property", "schema:accessMode"),))
        for mode in sufficient:
            yield Meta(mode, "", (("property", "schema:accessModeSufficient"),))
        for feature in features:
            yield Meta(feature, "", (("property", "schema:accessibilityFeature"),))
        yield Meta(hazards, "", (("property", "schema:accessibilityHazard"),))
        yield Meta(
            " ".join(sentences),
            "",
            (
                ("property", "schema:accessibilitySummary"),
                ("{http://www.w3.org/XML/1998/namespace}lang", "en"),
            ),
        )
