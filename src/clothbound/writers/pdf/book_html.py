"""Makes a book as one HTML tree for WeasyPrint.

The tree is ``xml.etree``'s, assembled from well-formed chapters, and goes to the engine without
being serialised: an HTML parser would move the paragraphs of a note out of the paragraph that
contains its mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC
from functools import partial
from typing import Any
from xml.etree import ElementTree

from ...context import Context
from ...diagnostics import DiagnosticCode
from ...language.direction import direction
from ...language.writing_systems import script_rules
from ...matter import chapter_title, fill_matter
from ...media.picture_limits import PictureRules
from ...model.characters import text_alone
from ...model.collection import Collection
from ...model.language_tags import language_tag
from ...model.post import Post
from ...style_sheets import take_imports_out
from ...subject_index import SubjectIndex
from ..shared_options import CodesOnPaper
from . import matter_pages, weasyprint
from .chapter_tree import (
    break_long_words,
    divide_verses,
    hang_tasks,
    number_lists,
    strip_note_spaces,
)
from .chapter_uses import BookUses
from .chapters import ChapterMaker, parse_markup
from .contents_layout import tighten_contents
from .figure_fit import mark_caption_heights
from .fonts import OWN_FONTS, BookFonts
from .footnotes import place_notes
from .index_pages import IndexPages, pages_of_names
from .kept_dashes import join_dashes
from .page_format import PageFormat
from .page_starts import mark_place
from .print_target import PrintFiles, PrintTarget, ShownPicture
from .theme import Theme, mirrored
from .titles import ContentsTitles, TitleWidths
from .typefaces import name_typefaces

ENGINE = "WeasyPrint"


@dataclass(slots=True)
class BookHtml:
    """The input of the engine: the tree, and the files that it names."""

    tree: ElementTree.Element
    uses: BookUses
    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    """The bytes and the media type of each file, by address."""
    direction: str = "ltr"
    """The direction of the book, ``ltr`` or ``rtl``."""
    style: str = ""
    """The rules that depend on the page and the language."""
    shown: dict[str, list[ShownPicture]] = field(default_factory=dict)
    """The pictures of posts, by the address of their file here."""
    fonts: BookFonts = OWN_FONTS
    index: IndexPages | None = None
    """The index, which is filled once the pages are known; None if the book has none."""


class BookMaker:
    """Makes the tree of one book, in one pass over its posts."""

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
        codes: CodesOnPaper = "videos",
        runs_on: bool = False,
    ) -> None:
        """``page`` is in the theme's type; ``rules`` are those for pictures. ``runs_on`` lets posts follow each
        other on a page.
        """
        self._runs_on = runs_on
        self._collection = collection
        self._context = context
        self._page = page
        self._theme = theme
        self._page_references = page_references
        self._files = PrintFiles(context, rules, theme.picture_resolution, codes, {})
        self._metadata = list(collection.index)
        self.matter = fill_matter(collection, "print")
        self._language = self.matter.language
        subjects = SubjectIndex(collection.index_terms, self._language)
        self._uses = BookUses(subjects)
        self._index: IndexPages | None = None
        self._chapters = ChapterMaker(
            self.matter,
            page,
            theme,
            notes_at_foot=notes_at_foot,
            page_references=page_references,
            subjects=subjects,
        )
        self._titles = TitleWidths(theme.titles, page.size, page.measure)
        self._sections: dict[str, Sequence[tuple[str, str]]] = {}

    def make(self) -> BookHtml:
        html = ElementTree.Element(
            "html", {"lang": self._language, "dir": direction(self._language)}
        )
        html.append(self._head())
        body = ElementTree.SubElement(html, "body", {"class": f"theme-{self._theme.name}"})
        if self._runs_on:
            body.set("class", f"{body.get('class')} run-on")
        if len(self._metadata) == 1:
            body.extend(self._chapter(post, 1) for post in self._collection.posts)
        else:
            self._make_book(body)
        files = self._theme.files() | self._files.files
        return BookHtml(
            html,
            self._uses,
            files,
            direction(self._language),
            self._style(),
            self._files.shown,
            self._theme.fonts,
            self._index,
        )

    def _make_book(self, body: ElementTree.Element) -> None:
        matter, way = self.matter, direction(self._language)
        body.append(mark_place(parse_markup(matter_pages.half_title(matter)), "half-title"))
        volumes = matter_pages.also_in_series(matter)
        if volumes:
            body.append(mark_place(parse_markup(volumes), "also-in-series"))
        title_page = parse_markup(matter_pages.title_page(matter))
        self._titles.fit_title_page(title_page, way, self._page)
        body.append(mark_place(title_page, "title"))
        imprint_place = contents_place = len(body)
        for post in self._collection.posts:
            key = post.metadata.key
            place = matter.chapters[key]
            if place.opens_part:
                part = parse_markup(matter_pages.part_page(place))
                self._titles.narrow(part, way)
                body.append(mark_place(part, "part", key))
            body.append(self._chapter(post, 2 if place.is_in_part else 1))
            if not place.is_listed:
                contents_place = len(body)
        # Contents and imprint come last, since the sections and the typefaces are known only now.
        titles = {m.key: chapter_title(m, matter) for m in self._metadata}
        sections = self._sections if self._theme.sections else None
        languages = {m.key: language_tag(m.language) or self._language for m in self._metadata}
        subjects = self._uses.subjects
        if subjects.groups():
            index = parse_markup(matter_pages.index_page(matter, self._chapters.heads.book))
            body.append(mark_place(index, "index"))
            self._index = IndexPages(subjects, matter, index[-1])
            self._titles.narrow(index, way)
        for found in subjects.diagnostics():
            self._context.diagnostics.add(found)
        contents = parse_markup(
            matter_pages.contents(
                matter, titles, languages, sections, has_index=self._index is not None
            )
        )
        break_long_words(contents)
        titles_in_contents = ContentsTitles(self._theme, self._page)
        for entry in contents.iter("a"):
            titles_in_contents.lay_out(entry, way)
        body.insert(contents_place, mark_place(contents, "contents"))
        colophon = ""
        if matter.colophon is not None:
            faces = name_typefaces(self._uses.families, self._theme, self._language)
            colophon = matter.colophon.text(ENGINE, faces)
        imprint = parse_markup(matter_pages.imprint(matter, colophon))
        break_long_words(imprint)
        body.insert(imprint_place, mark_place(imprint, "imprint"))

    def _style(self) -> str:
        is_rightward = direction(self._language) == "ltr"
        theme = self._theme.css(self._page, self._language)
        style = self._page.css() + (theme if is_rightward else mirrored(theme))
        style += self._theme.notes_css("left" if is_rightward else "right")
        if self._page_references:
            before, after = self.matter.words.on_page.split("{page}")
            style += f'.reference::after {{ content: "{before}" target-counter(attr(href), page) "{after}"; }}\n'
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
        target = PrintTarget(post, self._files, self._page, self._context)
        chapter = self._chapters.make(post, level, target, self._context)
        self._uses.add(post.metadata, chapter.uses)
        tree = chapter.tree
        if chapter.notes_at_foot:
            place_notes(tree, direction(chapter.head.language))
            strip_note_spaces(tree)
        number_lists(tree, self._chapters.text_type, self._theme.list_indent)
        divide_verses(tree)
        hang_tasks(tree)
        mark_caption_heights(tree, self._chapters.text_type, self._page, self._theme)
        if script_rules(chapter.head.language) is None:
            join_dashes(tree)
        if chapter.place.is_listed:
            self._titles.narrow(tree[0], tree.get("dir", direction(self._language)))
        self._sections[chapter.place.key] = chapter.sections
        return tree


def lay_out_book(
    book: BookHtml, sheets: Sequence[str], context: Context, *, variant: str | None = None
) -> Any:
    """Lays a book out; returns WeasyPrint's ``Document``.

    ``sheets`` read no others: their rules ``@import`` are reported and left out.
    The book is laid out once more if a few entries of its contents spill over and can be kept from it, and when
    the pages of its index are known.
    """
    sheets = [_without_imports(css, context) for css in sheets]
    lay_out = partial(
        weasyprint.lay_out,
        book.tree, sheets, book.files, context, variant=variant, book_fonts=book.fonts,
    )  # fmt: skip
    document = lay_out()
    if tighten_contents(document, book.tree, sheets, book.files, book.fonts):
        document = lay_out()
    if book.index is not None and book.index.fill(pages_of_names(document)):
        document = lay_out()
    return document


def _without_imports(css: str, context: Context) -> str:
    rest, lines = take_imports_out(css)
    for line in lines:
        context.warn(
            DiagnosticCode.ENGINE,
            f"the @import in line {line} of the style sheet (css=) was left out: in a PDF it reads no other. "
            "Hint: put all rules into one style sheet",
        )
    return rest


def _meta(head: ElementTree.Element, name: str, content: str) -> None:
    if content:
        ElementTree.SubElement(head, "meta", {"name": name, "content": _clean(content)})


def _clean(text: str) -> str:
    """Returns ``text`` on one line, without the characters that XML forbids."""
    return " ".join(text_alone(text).split())
