"""Makes the tree of one post of a printed book, from which both engines work.

The tree is an ``xml.etree`` ``section`` with a header, the blocks of the text, each with its
number, and the notes at the end. Each engine handles the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from xml.etree.ElementTree import Element, ParseError, fromstring

from ...context import Context
from ...diagnostics import Outcome
from ...escape import attribute, escape
from ...html.write.cards import own_words
from ...html.write.render import Renderer
from ...language.direction import direction, isolate
from ...language.words import wording
from ...language.writing_systems import script_rules
from ...matter import ChapterHead, ChapterPlace, Matter, chapter_head, chapter_title
from ...model import blocks as b
from ...model import inlines as i
from ...model.index import Index
from ...model.node import Node
from ...model.plain_text import plain_text
from ...model.post import Post
from ...model.walk import walk
from ...subject_index import SubjectIndex
from ...web.html_elements import HEADINGS
from .chapter_openings import set_drop_cap, set_opening_line
from .chapter_tree import (
    break_long_words,
    classify_pictures,
    describe_pictures,
    list_sections,
    mark_addresses,
    mark_bold_headings,
    mark_picture_paragraphs,
    mark_references,
    name_links,
    name_picture_links,
    stop_indenting,
)
from .chapter_uses import ChapterUses
from .code_lines import wrap_chapter_code
from .fonts import SERIF, Measure, own_marks
from .footnotes import NOTES_TITLE, have_room_at_foot, turn_notes, write_notes
from .kept_code_signs import keep_code_signs
from .kept_dashes import keep_dashes
from .kept_lines import mark_kept_lines, mark_lead_ins, mark_verse
from .kept_words import keep_words
from .latin_words import mark_latin_words
from .missing_glyphs import find_lacking
from .page_format import PageFormat
from .page_starts import mark_block, mark_place, mark_rest
from .print_target import PrintTarget
from .tables import list_wide_tables, mark_tables
from .theme import DROP_LINES, Theme
from .titles import RunningHeads
from .typefaces import find_families
from .word_elements import LONG_WORD, find_long_words, mark_words

_WIDER = 1.1
"""The most by which letters of a heading are wider than those of the text at the same size."""

CONTENTS_LEVEL = "h2"
"""The level of headings that the contents list, in themes that list sections."""


@dataclass(frozen=True, slots=True)
class PrintChapter:
    """One post, ready to be set."""

    post: Post
    """The post, in which tables that are too wide for the page are lists."""
    tree: Element
    place: ChapterPlace
    head: ChapterHead
    """The lines of the opener, which is set only if ``place`` is listed."""
    notes_at_foot: bool
    """Whether the notes are set at the feet of pages; the tree has them at its end in either
    case."""
    number: int
    """The number before the title, from 1; 0 if the chapter has none."""
    sections: Sequence[tuple[str, str]]
    """The ids and titles of the sections that the contents list."""
    uses: ChapterUses


class ChapterMaker:
    """Makes the chapters of one book, each from its post alone."""

    def __init__(
        self,
        matter: Matter,
        page: PageFormat,
        theme: Theme,
        *,
        notes_at_foot: bool,
        page_references: bool,
        subjects: SubjectIndex,
    ) -> None:
        """``page`` is in the theme's type. ``subjects`` knows the terms of the index."""
        self._matter = matter
        self._subjects = subjects
        self._page = page
        self._theme = theme
        self._notes_at_foot = notes_at_foot
        self._page_references = page_references
        self.text_type = Measure(theme.fonts.find(SERIF), page.size)
        self.heads = RunningHeads(matter, theme, page)
        numbered = (c.key for c in matter.chapters.values() if theme.sections and not c.role)
        self._numbers = {key: number for number, key in enumerate(numbered, 1)}
        """The numbers before the titles, by key."""

    def number(self, key: str) -> int:
        """Returns the number before the title of a chapter, from 1; 0 if it has none."""
        return self._numbers.get(key, 0)

    def make(self, post: Post, level: int, target: PrintTarget, context: Context) -> PrintChapter:
        """Makes the chapter of a post, whose title has ``level`` in the outline; reports to ``context``."""
        _report_tooltips(post, context)
        post, terms = self._subjects.find(post, context.census(post))
        post = list_wide_tables(post, self._page, self._theme, context)
        place = self._matter.chapters[post.metadata.key]
        head = chapter_head(post.metadata, self._matter)
        tree = self._tree(Renderer(post, target, context), target, place, head, level)
        lacking = find_lacking(post, tree.itertext(), self.text_type.characters)
        self._refine(tree, head.language, context.index)
        has_room = self._notes_at_foot and have_room_at_foot(
            post, self._page, self._theme, self.text_type
        )
        number = self.number(place.key)
        return PrintChapter(
            post,
            tree,
            place,
            head,
            has_room,
            number,
            list_sections(tree, place.key, CONTENTS_LEVEL) if number else (),
            ChapterUses(head.language, find_families(tree), lacking, terms),
        )

    def _tree(
        self,
        renderer: Renderer,
        target: PrintTarget,
        place: ChapterPlace,
        head: ChapterHead,
        level: int,
    ) -> Element:
        post = renderer.post
        text = "".join(mark_block(renderer.block(b), n) + "\n" for n, b in enumerate(post.body))
        notes_title = wording(head.language).notes
        notes = write_notes(renderer, target, own_words(renderer, notes_title))
        text += mark_block(notes, len(post.body))
        attributes = self._attributes(place, head.language, level)
        if post.footnotes:
            attributes += f' {NOTES_TITLE}="{attribute(notes_title)}"'
        header = self._header(head) if place.is_listed else ""
        tree = parse_markup(f"<section{attributes}>{header}{text}</section>")
        mark_place(tree, "post", place.key)
        mark_rest(tree)
        name_links(tree, target.linked)
        return tree

    def _attributes(self, place: ChapterPlace, language: str, level: int) -> str:
        kind = "chapter" if place.is_listed else "alone"
        classes = f"{place.role or 'post'} {kind} outline-{level}"
        if self._theme.sections and not place.role:
            classes += " numbered"
        attributes = f' id="{attribute(place.key)}" class="{classes}"'
        book_language = self._matter.language
        if language != book_language:
            attributes += f' lang="{attribute(language)}"'
        if direction(language) != direction(book_language):
            attributes += f' dir="{direction(language)}"'
        return attributes

    def _header(self, head: ChapterHead) -> str:
        lines = {
            name: f'<p class="{name}">{escape(text)}</p>' if text else ""
            for name, text in (
                ("date", head.date if self._theme.dates else ""),
                ("subtitle", head.subtitle),
                ("byline", head.byline),
            )
        }
        running = self.heads.fit_chapter(head)
        if direction(head.language) != direction(self._matter.language):
            running = isolate(running, head.language)
        return (
            f'<header class="opener">{lines["date"]}'
            f'<h1 class="chapter-title" data-head="{attribute(running)}" '
            f'data-book="{attribute(self.heads.book)}">'
            f"{escape(head.title)}</h1>{lines['subtitle']}{lines['byline']}</header>"
        )

    def _mark_long_words(self, tree: Element) -> None:
        """Marks words of headings that are longer than the line. The text's face is measured, with room for a wider one."""
        room = self._page.measure / self._theme.heading.size / _WIDER
        find = partial(find_long_words, self.text_type, room)
        for heading in tree.iter():
            if heading.tag in HEADINGS and heading.get("class") != "chapter-title":
                mark_words(heading, find, LONG_WORD)

    def _refine(self, tree: Element, language: str, index: Index) -> None:
        """Changes the tree for print.

        Code is wrapped first, since break characters would count as columns, and pictures are
        measured last.
        """
        page = self._page
        rules = script_rules(language)
        wrap_chapter_code(tree, page.measure / page.size, self._theme)
        if self._page_references:
            name_picture_links(tree, lambda key: chapter_title(index[key], self._matter))
            mark_references(tree)
        mark_bold_headings(tree)
        self._mark_long_words(tree)
        mark_tables(tree)
        stop_indenting(tree)
        mark_verse(tree)
        mark_kept_lines(tree, self.text_type, page, self._theme)
        mark_lead_ins(tree, self.text_type, page)
        turn_notes(tree)
        mark_addresses(tree)
        keep_code_signs(tree)
        break_long_words(tree)
        if rules is not None and rules.keeps_words:
            keep_words(tree)
        if marks := own_marks(self._matter.language):
            mark_latin_words(tree, language, marks)
        describe_pictures(tree, wording(language).undescribed)
        classify_pictures(tree, page, self._theme.picture_resolution)
        mark_picture_paragraphs(tree)
        if rules is None:
            keep_dashes(tree)
        first = tree[1] if len(tree) > 1 and tree[0].tag == "header" else None
        if first is not None and direction(language) == "ltr":
            if self._theme.lead == "line":
                set_opening_line(first, self.text_type, page.measure, self._theme.lead_spacing)
            elif self._theme.lead == "drop":
                set_drop_cap(first, self.text_type, page.measure, DROP_LINES)


def parse_markup(markup: str) -> Element:
    """Parses our markup as XML, or as HTML if a caller's override wrote HTML that is not XML."""
    try:
        return fromstring(markup)  # noqa: S314 - our own, without a DTD
    except ParseError:
        import tinyhtml5

        parsed = tinyhtml5.parse(markup, namespace_html_elements=False)
        return parsed.find("body")[0]  # type: ignore[no-any-return]


def _report_tooltips(post: Post, context: Context) -> None:
    """Reports as simplified each title of a picture, link or abbreviation and each address of a quotation."""
    # Titles of these pictures are printed as their captions.
    printed: set[int] = set()
    for node in walk(post):
        if isinstance(node, b.Figure) and node.image.title == plain_text(node.caption):
            printed.add(id(node.image))
        what, words = _tooltip(node)
        if words and id(node) not in printed:
            message = f"{what} is not printed: {' '.join(words.split())[:200]}"
            context.account(Outcome.SIMPLIFIED, post, node, message)


def _tooltip(node: Node) -> tuple[str, str]:
    """Names the element with a tooltip, and returns the tooltip's text; both are empty if there is
    none.
    """
    match node:
        case i.Image(_, alt, title) if title.strip() != alt.strip():
            return "the title of a picture", title
        case i.Link(_, href, title) if title.strip() not in (href, plain_text(node)):
            return "the title of a link", title
        case i.Span():
            return f"the title of {plain_text(node)[:60]!r}", dict(node.attributes).get("title", "")
        case b.Quote():
            return "the address of a quotation", dict(node.attributes).get("cite", "")
    return "", ""
