"""A book as one HTML tree, made to be set by WeasyPrint.

The tree is ``xml.etree``'s, put together from well-formed chapters, and goes to the engine without
being serialised: an HTML parser would throw the paragraphs of a note out of the paragraph that its
mark stands in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree import ElementTree

from ...context import Context
from ...diagnostics import Code
from ...errors import ResourceError
from ...html.escape import NOT_XML, attribute, escape
from ...html.highlight import highlight
from ...html.language import direction, language_tag, long_date
from ...html.math_svg import to_svg
from ...html.render import Renderer
from ...html.sanitize import clean
from ...html.target import Math, Picture, Target
from ...html.typeset import Typesetter
from ...html.wording import wording
from ...model.inlines import Image
from ...model.post import Collection, Metadata, Post, Timestamp
from ...model.walk import own_text, walk
from ...pictures import PictureRules, convert
from .chapter_tree import (
    break_long_words,
    mark_bold_headings,
    mark_wide_tables,
    set_opening_line,
    stop_indenting,
)
from .code_lines import wrap_code
from .fonts import MONO_ADVANCE, SERIF_ITALIC, SERIF_ROMAN, Measure
from .notes import ChapterNotes, note_measure
from .page import PageFormat

SCHEME = "clothbound:file/"

HEAD_SIZE = 9.0
"""Points of a running head; print.css has the same."""
HEAD_SPACING = 0.05
CODE_SIZE = 8 / 10.4
"""Of code, in rem; print.css has the same."""
_NEVER = datetime.min.replace(tzinfo=UTC)
_YEARS = re.compile(r"(.+?)[\s,:]+((?:19|20)\d\d(?:–(?:19|20)\d\d)?)")
_FOLIO_ROOM = 34.0
"""Points that a running head leaves to the page number and the space before it."""


@dataclass(slots=True)
class BookHtml:
    """What the engine sets: the tree, and the files that it names."""

    tree: ElementTree.Element
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    """Address to bytes and media type."""
    style: str = ""
    """Rules that depend on the page and the language."""
    unusual: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    """Characters that the book's own text face lacks, with the source and line of each first use
    in a post."""


class BookMaker:
    """Makes the tree of one book. It goes through the posts once, in order."""

    def __init__(
        self,
        collection: Collection,
        context: Context,
        page: PageFormat,
        *,
        notes_at_foot: bool,
        page_references: bool,
        pixels: int,
    ) -> None:
        """``pixels``: the longest side of a picture; larger ones are made smaller, 0 leaves them."""
        self._collection = collection
        self._context = context
        self._page = page
        self._notes_at_foot = notes_at_foot
        self._page_references = page_references
        self._rules = PictureRules(longest_side=pixels, animated=False)
        self._metadata = list(collection.index)
        self._keys = {m.key for m in self._metadata}
        self._language = language_tag(collection.language or collection.index.language, "en")
        self._words = wording(self._language)
        self._files: dict[str, tuple[bytes, str]] = {}
        self._unusual: dict[str, list[tuple[str, int]]] = {}
        self._pictures: dict[tuple[str, str], Picture | None] = {}
        self._lead = Measure(SERIF_ROMAN, page.size)
        self._heads = Measure(SERIF_ITALIC, HEAD_SIZE)
        self._book_heads = Measure(SERIF_ROMAN, HEAD_SIZE)
        self._notes = note_measure(page)
        self._title = collection.title or (
            next(iter(m.title for m in self._metadata if m.title), "Posts")
        )

    def make(self) -> BookHtml:
        html = ElementTree.Element("html", {"lang": self._language})
        html.append(self._head())
        body = ElementTree.SubElement(html, "body")
        level = 2 if self._collection.parts else 1
        alone = len(self._metadata) == 1
        if not alone:
            body.append(self._parse(self._title_page()))
            body.append(self._parse(self._imprint()))
            body.append(self._parse(self._contents()))
        part_titles = {p.keys[0]: p.title for p in self._collection.parts if p.keys}
        for position, post in enumerate(self._collection.posts):
            self._context.progress(position, len(self._metadata), post.metadata.title)
            title = part_titles.get(post.metadata.key)
            if title is not None and not alone:
                body.append(self._parse(self._part_page(post.metadata.key, title)))
            body.append(self._chapter(post, level))
        return BookHtml(html, self._files, self._style(), self._unusual)

    def _style(self) -> str:
        style = self._page.css()
        if self._page_references:
            before = f" ({self._words.page}\u00a0"
            style += (
                'section.chapter a[href^="#"]::after '
                f'{{ content: "{before}" target-counter(attr(href), page) ")"; }}\n'
                ".mark a::after, .endnotes a.back::after { content: none !important; }\n"
            )
        return style

    # the head and the pages before the text

    def _head(self) -> ElementTree.Element:
        collection = self._collection
        head = ElementTree.Element("head")
        ElementTree.SubElement(head, "title").text = _clean(self._title)
        for author in self._authors():
            _meta(head, "author", author)
        _meta(head, "description", collection.description)
        _meta(head, "generator", "clothbound")
        newest = max((s.value for s in _dates(self._metadata) if s.value), default=None)
        if newest is not None:
            moment = newest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            _meta(head, "dcterms.created", moment)
            _meta(head, "dcterms.modified", moment)
        return head

    def _authors(self) -> tuple[str, ...]:
        if self._collection.authors:
            return self._collection.authors
        seen: dict[str, None] = {}
        for metadata in self._metadata:
            seen.update(dict.fromkeys(metadata.authors))
        return tuple(seen)[:3]

    def _title_page(self) -> str:
        title, year = _without_year(self._title)
        subtitle = self._collection.subtitle
        parts = [f'<h1 class="book-title">{escape(title)}</h1>']
        if subtitle:
            parts.append(f'<p class="book-subtitle">{escape(subtitle)}</p>')
        if year:
            parts.append(f'<p class="book-year">{escape(year)}</p>')
        authors = ", ".join(self._authors())
        if authors:
            parts.append(f'<p class="book-author">{escape(authors)}</p>')
        return f'<section class="title-page">{"".join(parts)}</section>'

    def _imprint(self) -> str:
        collection = self._collection
        lines = [escape(line) for line in collection.rights.split("\n") if line.strip()]
        if collection.publisher:
            lines.append(escape(collection.publisher))
        lines.append(escape(self._made_from()))
        if collection.identifier:
            lines.append(escape(collection.identifier))
        text = "".join(f"<p>{line}</p>" for line in lines)
        return f'<section class="imprint"><div>{text}</div></section>'

    def _made_from(self) -> str:
        dates = sorted(_dates(self._metadata), key=lambda stamp: stamp.value or _NEVER)
        count = len(self._metadata)
        if not dates:
            return self._words.undated.format(count=count)
        language = self._words.language
        first, last = long_date(dates[0], language), long_date(dates[-1], language)
        form = self._words.many_posts if count > 1 else self._words.one_post
        return form.format(count=count, first=first, last=last)

    def _contents(self) -> str:
        starts = {p.keys[0]: p.title for p in self._collection.parts if p.keys}
        items = []
        for metadata in self._metadata:
            if metadata.key in starts:
                items.append(
                    f'<li class="toc-part"><a href="#{attribute(_part_id(metadata.key))}">'
                    f"{escape(starts[metadata.key])}</a></li>"
                )
            items.append(
                f'<li><a href="#{attribute(metadata.key)}">{escape(self._title_of(metadata))}</a></li>'
            )
        return (
            '<nav class="contents" role="doc-toc">'
            f"<h1>{escape(self._words.contents)}</h1><ol>{''.join(items)}</ol></nav>"
        )

    def _part_page(self, key: str, title: str) -> str:
        return (
            f'<section class="part" id="{attribute(_part_id(key))}">'
            f'<h1 class="part-title">{escape(title)}</h1></section>'
        )

    def _title_of(self, metadata: Metadata) -> str:
        title = metadata.title or metadata.slug or metadata.source or metadata.key
        return self._typeset(title, metadata)

    def _typeset(self, text: str, metadata: Metadata) -> str:
        return Typesetter(language_tag(metadata.language) or self._language).plain(text)

    # chapters

    def _chapter(self, post: Post, level: int) -> ElementTree.Element:
        metadata = post.metadata
        language = language_tag(metadata.language, "") or self._language
        notes = ChapterNotes(post, self._page, self._notes, at_foot=self._notes_at_foot)
        renderer = Renderer(post, self._target(notes), self._context)
        text = renderer.blocks(post.body)
        text += notes.at_end(renderer, escape(wording(language).notes))
        attributes = (
            f' role="doc-chapter" id="{attribute(metadata.key)}" class="chapter outline-{level}"'
        )
        if language != self._language:
            attributes += f' lang="{attribute(language)}"'
        if direction(language) == "rtl":
            attributes += ' dir="rtl"'
        opener = self._opener(metadata, language)
        chapter = self._parse(f"<section{attributes}>{opener}{text}</section>")
        self._note_unusual(post, chapter)
        mark_bold_headings(chapter)
        mark_wide_tables(chapter)
        stop_indenting(chapter)
        break_long_words(chapter)
        if direction(language) == "ltr" and len(chapter) > 1:
            set_opening_line(chapter[1], self._lead, self._page.measure)
        return chapter

    def _note_unusual(self, post: Post, chapter: ElementTree.Element) -> None:
        known = self._lead.characters
        characters = {c for text in chapter.itertext() for c in text if ord(c) not in known}
        unusual = {c for c in characters if not c.isspace()}
        if not unusual:
            return
        lines = dict.fromkeys(sorted(unusual), 0)
        line = 0
        for node in walk(post):
            line = node.line or line
            for character in unusual.intersection(own_text(node)):
                lines[character] = lines[character] or line
        for character, first in lines.items():
            self._unusual.setdefault(character, []).append((post.metadata.source, first))

    def _opener(self, metadata: Metadata, language: str) -> str:
        title = self._title_of(metadata)
        head = self._heads.cut(title, self._page.measure - _FOLIO_ROOM)
        book = self._book_heads.cut(
            self._title, self._page.measure - _FOLIO_ROOM, small_caps_spacing=HEAD_SPACING
        )
        date = ""
        if metadata.published and metadata.published.text:
            date = f'<p class="date">{escape(long_date(metadata.published, language))}</p>'
        subtitle = byline = ""
        if metadata.subtitle:
            text = self._typeset(metadata.subtitle, metadata)
            subtitle = f'<p class="subtitle">{escape(text)}</p>'
        if metadata.authors and metadata.authors != self._authors():
            byline = f'<p class="byline">{escape(", ".join(metadata.authors))}</p>'
        return (
            f'<header class="opener">{date}'
            f'<h1 class="chapter-title" data-head="{attribute(head)}" data-book="{attribute(book)}">'
            f"{escape(title)}</h1>{subtitle}{byline}</header>"
        )

    def _target(self, notes: ChapterNotes) -> Target:
        columns = int(self._page.measure / (CODE_SIZE * self._page.size * MONO_ADVANCE))

        def code(text: str, language: str) -> str:
            return wrap_code(highlight(text, language) or escape(text), columns)

        return Target(
            picture=self._picture,
            href=self._href,
            anchor=lambda owner, name: f"{owner.metadata.key}--{name}",
            note_mark=notes.mark,
            math=self._math,
            code=code,
            raw=lambda markup: clean(markup, xhtml=True),
            xhtml=True,
            on_paper=True,
        )

    def _href(self, href: str) -> str | None:
        if not href.lower().startswith("clothbound:"):
            return href
        key, _, fragment = href.partition(":")[2].partition("#")
        if key not in self._keys:
            return None
        return f"#{key}--{fragment}" if fragment else f"#{key}"

    def _math(self, tex: str, display: bool) -> Math:
        formula = to_svg(tex, display)
        if formula is None:
            return Math(None)
        name = self._keep(formula.svg.encode(), "image/svg+xml")
        style = f"width:{formula.width:.3f}em;height:{formula.height:.3f}em"
        if not display:
            style += f";vertical-align:-{formula.depth:.3f}em"
        return Math(
            f'<img class="formula" src="{SCHEME}{name}" alt="{attribute(tex.strip())}" '
            f'style="{style}" />'
        )

    def _picture(self, post: Post, image: Image) -> Picture | None:
        place = (post.metadata.key, image.src)
        if place not in self._pictures:
            self._pictures[place] = self._open_picture(post, image)
        return self._pictures[place]

    def _open_picture(self, post: Post, image: Image) -> Picture | None:
        warn = self._context.warn
        address = image.src[:200]
        if self._context.resources.leaves(image.src):
            self._context.leave_remote(post, image)
            return None
        try:
            resource = self._context.resources.open(post, image.src)
        except ResourceError as error:
            warn(Code.IMAGE_MISSING, f"picture is not there: {error.message}", post, image.line)
            return None
        try:
            picture = convert(resource, self._rules, self._context.limits)
        except ResourceError as error:
            warn(Code.IMAGE_UNREADABLE, f"{address}: {error.message}", post, image.line)
            return None
        name = self._keep(picture.data, picture.media_type)
        return Picture(SCHEME + name, picture.width, picture.height)

    def _keep(self, data: bytes, media_type: str) -> str:
        name = hashlib.sha256(data).hexdigest()[:32]
        self._files[SCHEME + name] = (data, media_type)
        return name

    def _parse(self, markup: str) -> ElementTree.Element:
        """Our markup as a tree; what a caller's override made of it may be HTML that is not XML."""
        try:
            return ElementTree.fromstring(markup)  # noqa: S314 - our own, without a DTD
        except ElementTree.ParseError:
            import tinyhtml5

            parsed = tinyhtml5.parse(markup, namespace_html_elements=False)
            return parsed.find("body")[0]  # type: ignore[no-any-return]


def _meta(head: ElementTree.Element, name: str, content: str) -> None:
    if content:
        ElementTree.SubElement(head, "meta", {"name": name, "content": _clean(content)})


def _clean(text: str) -> str:
    """``text`` on one line, without the characters that XML forbids."""
    return " ".join(NOT_XML.sub("", text).split())


def _part_id(key: str) -> str:
    return f"part--{key}"


def _dates(metadata: Iterable[Metadata]) -> Iterator[Timestamp]:
    return (m.published for m in metadata if m.published is not None and m.published.value)


def _without_year(title: str) -> tuple[str, str]:
    """A title and the year or years that it ends with, which stand below it on the title page."""
    match = _YEARS.fullmatch(title)
    return (match[1], match[2]) if match else (title, "")
