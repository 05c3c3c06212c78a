"""A book as one HTML tree, made to be set by WeasyPrint.

The tree is ``xml.etree``'s, put together from well-formed chapters, and goes to the engine without
being serialised: an HTML parser would throw the paragraphs of a note out of the paragraph that its
mark stands in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC
from xml.etree import ElementTree

from ...context import Context
from ...escape import attribute, escape
from ...html.write.render import Renderer
from ...language.direction import direction
from ...language.words import wording
from ...matter import ChapterHead, chapter_head, chapter_title, fill_matter
from ...media import PictureRules
from ...model.characters import text_alone
from ...model.collection import Collection
from ...model.post import Post
from . import front_pages
from .chapter_tree import (
    break_long_words,
    close_up_notes,
    describe_pictures,
    list_sections,
    mark_addresses,
    mark_bold_headings,
    mark_picture_paragraphs,
    mark_references,
    mark_tables,
    name_links,
    number_lists,
    set_drop_cap,
    set_opening_line,
    stop_indenting,
    tame_pictures,
)
from .code_lines import wrap_chapter_code
from .figure_fit import mark_caption_heights
from .fonts import SERIF_ROMAN, Measure
from .foot_notes import NOTES_TITLE
from .footnotes import have_room_at_foot, place_notes, write_notes
from .missing_glyphs import MissingGlyphs
from .page import PageFormat
from .page_starts import mark_place, mark_rest, marked_block
from .print_target import BookFiles, PrintTarget, ShownPicture
from .running_heads import RunningHeads
from .table_lists import list_wide_tables
from .theme import DROP_LINES, Theme
from .title_balance import TitleWidths
from .tooltips import report_tooltips

_RULE_FROM_RIGHT = """
@page chapter { @footnote { background-image: linear-gradient(to left, #000 1.2in, transparent 1.2in); } }
"""
"""Above the notes of a book that is read from the right."""
CONTENTS_LEVEL = "h2"
"""The headings that the contents list, where they list sections."""


@dataclass(slots=True)
class BookHtml:
    """What the engine sets: the tree, and the files that it names."""

    tree: ElementTree.Element
    missing_glyphs: MissingGlyphs
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    """Address to bytes and media type."""
    style: str = ""
    """Rules that depend on the page and the language."""
    shown: dict[str, list[ShownPicture]] = field(default_factory=dict)
    """The pictures of posts, by the address of their file here."""


class BookMaker:
    """Makes the tree of one book. It goes through the posts once, in order."""

    def __init__(
        self,
        collection: Collection,
        context: Context,
        page: PageFormat,
        theme: Theme,
        *,
        rules: PictureRules,
        notes_at_foot: bool = True,
        page_references: bool = True,
    ) -> None:
        """``page`` is in the theme's type. ``rules``: what becomes of pictures."""
        self._collection = collection
        self._context = context
        self._page = page
        self._theme = theme
        self._notes_at_foot = notes_at_foot
        self._page_references = page_references
        self._files = BookFiles(context, rules)
        self._metadata = list(collection.index)
        self._keys = {m.key for m in self._metadata}
        self.matter = fill_matter(collection, "print")
        self._language = self.matter.language
        self._lead = Measure(SERIF_ROMAN, page.size)
        self._missing_glyphs = MissingGlyphs(self._lead.characters)
        self._heads = RunningHeads(self.matter, theme, page)
        self._titles = TitleWidths(theme.titles, page.size, page.measure)
        self._sections: dict[str, list[tuple[str, str]]] = {}

    def make(self) -> BookHtml:
        html = ElementTree.Element(
            "html", {"lang": self._language, "dir": direction(self._language)}
        )
        html.append(self._head())
        body = ElementTree.SubElement(html, "body", {"class": f"theme-{self._theme.name}"})
        if len(self._metadata) == 1:
            body.extend(self._chapter(post, 1) for post in self._collection.posts)
        else:
            self._make_book(body)
        files = self._theme.files() | self._files.files
        return BookHtml(html, self._missing_glyphs, files, self._style(), self._files.shown)

    def _make_book(self, body: ElementTree.Element) -> None:
        matter = self.matter
        title_page = self._parse(front_pages.title_page(matter))
        self._titles.narrow(title_page)
        body.append(mark_place(title_page, "title"))
        body.append(mark_place(self._parse(front_pages.imprint(matter)), "imprint"))
        contents_place = len(body)
        for position, post in enumerate(self._collection.posts):
            key = post.metadata.key
            self._context.show_progress(position, len(self._metadata), post.metadata.title)
            place = matter.chapters[key]
            if place.opens_part:
                body.append(mark_place(self._parse(front_pages.part_page(place)), "part", key))
            body.append(self._chapter(post, 2 if place.is_in_part else 1))
            if not place.is_listed:
                contents_place = len(body)
        # Last, since only now the sections are known.
        titles = {m.key: chapter_title(m, matter) for m in self._metadata}
        sections = self._sections if self._theme.sections else None
        contents = front_pages.contents(matter, titles, sections)
        body.insert(contents_place, mark_place(self._parse(contents), "contents"))

    def _style(self) -> str:
        style = self._page.css() + self._theme.css(self._page)
        if direction(self._language) == "rtl":
            style += _RULE_FROM_RIGHT
        if self._page_references:
            before = f" ({self.matter.words.page}\u00a0"
            style += (
                f'.reference::after {{ content: "{before}" target-counter(attr(href), page) ")"; }}\n'
                ".embed-title .reference::after { content: none; }\n"
            )
        return style

    # the head and the pages before the text

    def _head(self) -> ElementTree.Element:
        collection = self._collection
        head = ElementTree.Element("head")
        ElementTree.SubElement(head, "title").text = _clean(self.matter.title)
        for author in self.matter.authors:
            _meta(head, "author", author)
        _meta(head, "description", collection.info.description)
        _meta(head, "generator", "clothbound")
        newest = self.matter.newest
        if newest is not None and newest.value is not None:
            moment = newest.value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            _meta(head, "dcterms.created", moment)
            _meta(head, "dcterms.modified", moment)
        return head

    # chapters

    def _chapter(self, post: Post, level: int) -> ElementTree.Element:
        metadata = post.metadata
        report_tooltips(post, self._context)
        post = list_wide_tables(post, self._page, self._context)
        head = chapter_head(metadata, self.matter)
        language = head.language
        target = PrintTarget(post, self._files, self._keys, self._page)
        renderer = Renderer(post, target, self._context)
        text = "".join(marked_block(renderer.block(b), n) + "\n" for n, b in enumerate(post.body))
        notes_title = wording(language).notes
        notes = write_notes(renderer, target, escape(notes_title))
        text += marked_block(notes, len(post.body))
        place = self.matter.chapters[metadata.key]
        role = place.role
        alone = not place.is_listed
        classes = f"{role or 'post'} {'alone' if alone else 'chapter'} outline-{level}"
        if self._theme.sections and not role:
            classes += " numbered"
        attributes = f' id="{attribute(metadata.key)}" class="{classes}"'
        if post.footnotes:
            attributes += f' {NOTES_TITLE}="{attribute(notes_title)}"'
        if language != self._language:
            attributes += f' lang="{attribute(language)}"'
        if direction(language) != direction(self._language):
            attributes += f' dir="{direction(language)}"'
        opener = "" if alone else self._opener(head)
        chapter = self._parse(f"<section{attributes}>{opener}{text}</section>")
        name_links(chapter, target.linked)
        if self._notes_at_foot and have_room_at_foot(post, self._page, self._lead):
            place_notes(chapter)
        mark_place(chapter, "post", metadata.key)
        mark_rest(chapter)
        self._missing_glyphs.note(post, chapter.itertext())
        if self._page_references:
            mark_references(chapter)
        close_up_notes(chapter)
        number_lists(chapter)
        mark_bold_headings(chapter)
        mark_tables(chapter)
        stop_indenting(chapter)
        mark_addresses(chapter)
        break_long_words(chapter)
        column = self._theme.code_column
        wrap_chapter_code(chapter, self._page.measure / self._page.size, column)
        describe_pictures(chapter, wording(language).undescribed)
        tame_pictures(chapter, self._page.measure, self._page.leading)
        mark_picture_paragraphs(chapter)
        mark_caption_heights(chapter, self._lead, self._page.size, self._page.measure)
        if not alone:
            self._titles.narrow(chapter[0])
        if direction(language) == "ltr" and len(chapter) > 1 and not alone:
            self._set_lead(chapter[1])
        if self._theme.sections and not role:
            self._sections[metadata.key] = list_sections(chapter, metadata.key, CONTENTS_LEVEL)
        return chapter

    def _set_lead(self, first: ElementTree.Element) -> None:
        if self._theme.lead == "line":
            set_opening_line(first, self._lead, self._page.measure)
        elif self._theme.lead == "drop":
            set_drop_cap(first, self._lead, self._page.measure, DROP_LINES)

    def _opener(self, head: ChapterHead) -> str:
        lines = {
            name: f'<p class="{name}">{escape(text)}</p>' if text else ""
            for name, text in (
                ("date", head.date if self._theme.dates else ""),
                ("subtitle", head.subtitle),
                ("byline", head.byline),
            )
        }
        return (
            f'<header class="opener">{lines["date"]}'
            f'<h1 class="chapter-title" data-head="{attribute(self._heads.fit_chapter(head))}" '
            f'data-book="{attribute(self._heads.book)}">'
            f"{escape(head.title)}</h1>{lines['subtitle']}{lines['byline']}</header>"
        )

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
    return " ".join(text_alone(text).split())
