"""Assembles the EPUB: the order in which its files are written, and its package document.

Sources: EPUB 3.3, section 5; EPUB Accessibility 1.1, section 2 (discovery metadata).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import BinaryIO

from ... import epub_names as names
from ...artifact import Artifact, made_of
from ...context import Context
from ...covers.cover_picture import cover_posts, drawn_cover, ebook_cover_rules, given_cover
from ...covers.drawing import HEIGHT, WIDTH
from ...destinations import DESTINATIONS, Destination
from ...diagnostics import DiagnosticCode
from ...formats import Produces
from ...html.write.shown_pictures import StoredPicture, weigh_pictures
from ...language.direction import direction
from ...matter import ChapterPlace, Matter, fill_matter
from ...media.converter import Key as ConversionKey
from ...media.picture_limits import Converted
from ...media.sniffing import WEB_EXTENSIONS
from ...model.collection import Collection
from ...model.post import Post
from ...page_list import PagePlace, PageStart
from ...parts.part_maker import PartMaker
from ...parts.post_parts import PartFacts
from ...progress import PACKING
from ...style_sheets import take_files_out, theme_file
from ...subject_index import SubjectIndex
from ..screen_style import screen_style
from . import matter_pages
from .chapters import EpubChapter, EpubChapters, picture_rules
from .container import Container, Package
from .content import STYLE, ChapterDocument
from .index_page import write_index_page
from .metadata import Contents, describe_accessibility, describe_book
from .navigation import Entry, Landmark, write_navigation, write_ncx
from .options import Epub
from .packed_files import PackedFile
from .page_breaks import PageBreaks, marks, page_id

_XHTML = "application/xhtml+xml"
# A book whose posts have no date gets the first moment that ZIP can express.
_UNDATED = datetime(1980, 1, 1, tzinfo=UTC)


class EpubWriter:
    """Writes a collection as one EPUB 3.3 publication."""

    extension = ".epub"
    media_type = "application/epub+zip"
    options_type = Epub
    produces: Produces = "file"
    public = False
    holds_files = True
    transforms = (
        "widgets", "footnotes", "headings", "equations", "links", "link-words", "typography", "scripts",
    )  # fmt: skip

    def write(self, collection: Collection, options: Epub, context: Context) -> Artifact:
        """Writes the book. Raises OptionError if the style sheet or the cover cannot be read."""
        style = read_style(options, context)
        cover = _read_cover(collection, options, context)

        chapters_of = cache(
            lambda: EpubChapters(collection, options, fill_matter(collection, "ebook"))
        )

        def make(post: Post, own: Context) -> EpubChapter:
            return chapters_of().make(post, own)

        def begin(post: Post, own: Context) -> list[ConversionKey]:
            return chapters_of().begin(post, own)

        facts = PartFacts(
            shared=lambda: chapters_of().shared_facts(),
            own=lambda metadata: chapters_of().own_facts(metadata.key),
            answers=dict,
            rules=lambda: picture_rules(options),
        )
        parts = PartMaker(collection, context, make, EpubChapter, facts, begin)

        def file(stream: BinaryIO) -> None:
            _Book(collection, options, context, style, cover, parts).write(stream)

        return made_of(Artifact.of_file(report=context.report, make=file), parts)


def read_style(options: Epub, context: Context) -> str:
    """Returns the style sheet of the book. Raises OptionError if the user's cannot be read.

    What loads files is taken out, since the book does not hold them (EPUB 3.3, section 3.6).
    """
    ours = theme_file("epub.css") + theme_file("math.css")
    own, lines = take_files_out(screen_style(options.theme, options.css, context.run.limits))
    for line in lines:
        context.warn(
            DiagnosticCode.STORE_RULE,
            f"what line {line} of the style sheet of your own (theme=, css=) loads was left out: a book holds no file of it. "
            "Hint: put all rules into one style sheet, and pictures into data: addresses",
        )
    return f"{ours}\n{own}" if own else ours


def _read_cover(collection: Collection, options: Epub, context: Context) -> Converted | None:
    taker = DESTINATIONS[options.destination]
    source = options.cover or collection.info.cover
    cover = given_cover(source, ebook_cover_rules(taker), context.run.limits)
    if cover is not None and (
        cover.width < taker.cover.least[0] or cover.height < taker.cover.least[1]
    ):
        least = " x ".join(map(str, taker.cover.least))
        context.warn(
            DiagnosticCode.STORE_RULE,
            f"{taker.title}: the cover is {cover.width} x {cover.height} pixels, but must have at"
            f" least {least}. Hint: {WIDTH} x {HEIGHT} suits every destination",
        )
    return cover


@dataclass(slots=True)
class _Contents:
    """The contents, which grow while chapters are written."""

    entries: list[Entry] = field(default_factory=list)
    is_in_part: bool = False
    """Whether chapters are currently added to a part."""
    part_names: set[str] = field(default_factory=set)
    start: str = ""
    """The address of the first chapter, or of the part that holds it."""
    is_placed: bool = False
    """Whether the contents page is in the reading order."""

    def open(self, part: Entry) -> None:
        self.entries.append(part)
        self.is_in_part = True
        self.start = self.start or part.href

    def add(self, entry: Entry, *, is_chapter: bool) -> None:
        """Adds an entry to the open part, or to the top level if there is none."""
        if is_chapter:
            self.start = self.start or entry.href
        if not self.is_in_part:
            self.entries.append(entry)
        else:
            last = self.entries[-1]
            self.entries[-1] = replace(last, children=(*last.children, entry))


@dataclass(slots=True)
class _Book:
    collection: Collection
    options: Epub
    context: Context
    style: str
    cover: Converted | None
    chapters: Iterable[EpubChapter]
    destination: Destination = field(init=False)
    matter: Matter = field(init=False)
    _spine: list[str] = field(init=False, default_factory=list)
    _contents: _Contents = field(init=False, default_factory=_Contents)
    _alts_missing: bool = field(init=False, default=False)
    _pictures: dict[str, StoredPicture] = field(init=False, default_factory=dict)
    """The pictures of all chapters, by hash of the file before conversion."""
    _shown: int = field(init=False, default=0)
    """The number of pictures shown, with repetitions."""
    _animated: bool = field(init=False, default=False)
    _mathml: bool = field(init=False, default=False)
    _drawn_formulas: bool = field(init=False, default=False)
    subjects: SubjectIndex = field(init=False)
    _titles: dict[str, str] = field(init=False, default_factory=dict)
    """The titles of chapters, by key."""
    _has_index: bool = field(init=False, default=False)
    _words: dict[str, int] = field(init=False, default_factory=dict)
    """The number of words of each chapter, by key."""
    _breaks: PageBreaks = field(init=False)
    _pages: list[Entry] = field(init=False, default_factory=list)
    """The entries of the printed pages that are marked."""
    _order: list[str] = field(init=False, default_factory=list)
    """The addresses of documents and places in them, in reading order."""

    def __post_init__(self) -> None:
        self.destination = DESTINATIONS[self.options.destination]
        self._breaks = PageBreaks.of(self.options.pages)
        self.matter = fill_matter(self.collection, "ebook")
        self.subjects = SubjectIndex(self.collection.index_terms, self.matter.language)

    def write(self, stream: BinaryIO) -> None:
        container = Container(stream)
        container.add("style", STYLE, "text/css", self.style)
        places: tuple[PagePlace, ...] = ("half-title", "also-in-series", "title")
        starts: Sequence[PageStart] = [
            start for place in places for start in self._breaks.before(place)
        ]
        front = matter_pages.write_title_page(self.matter, marks(starts))
        self._add_page(container, "title_page", names.TITLE_PAGE, front)
        self._list_pages(names.TITLE_PAGE, starts)
        starts = self._breaks.before("imprint")
        imprint = matter_pages.write_imprint(self.matter, marks(starts))
        if imprint:
            self._add_page(container, "imprint_page", names.IMPRINT_PAGE, imprint)
            self._list_pages(names.IMPRINT_PAGE, starts)
        self._write_chapters(container)
        self.context.show_progress(PACKING)
        taker = self.destination
        weigh_pictures(self._pictures.values(), taker.file_bytes, taker.title, self.context)
        self._write_index(container)
        volumes = matter_pages.write_series_page(self.matter)
        if volumes:
            self._add_page(container, "series_page", names.SERIES_PAGE, volumes)
            self._list_page(self.matter.words.also_in_series, names.SERIES_PAGE)
        colophon = self.matter.colophon
        if colophon is not None:
            back = matter_pages.write_colophon_page(colophon)
            self._add_page(container, "colophon_page", names.COLOPHON_PAGE, back)
            self._list_page(colophon.title, names.COLOPHON_PAGE)
        # A drawn cover depends on the word counts of the chapters, so these come first.
        cover_id = self._write_cover(container)
        self._write_navigation(container)
        container.finish(self._describe_package(cover_id))

    # the parts of the book

    def _add_page(
        self,
        container: Container,
        item_id: str,
        name: str,
        markup: str | PackedFile,
        properties: tuple[str, ...] = (),
    ) -> None:
        container.add(item_id, name, _XHTML, markup, properties)
        self._spine.append(item_id)
        self._order.append(name)

    def _list_page(self, title: str, name: str) -> None:
        """Adds a page to the contents whose title is in the book's own words."""
        own = self.matter.own_language
        language = own if own != self.matter.language else ""
        self._contents.entries.append(Entry(title, name, language))

    def _list_pages(self, name: str, starts: Sequence[PageStart]) -> None:
        """Adds the pages that are marked in a document to the list of pages."""
        entries = [Entry(s.label, f"{name}#{page_id(s.label)}") for s in starts]
        self._pages.extend(entries)
        self._order.extend(entry.href for entry in entries)

    def _place_contents(self) -> None:
        self._spine.append("contents_page")
        self._contents.is_placed = True
        self._order.append(names.CONTENTS_PAGE)
        self._list_pages(names.CONTENTS_PAGE, self._breaks.before("contents"))

    def _write_cover(self, container: Container) -> str:
        cover = self.cover
        if cover is None:
            posts = cover_posts(self.collection, self._words)
            cover = drawn_cover(self.matter.cover, posts, self.context)
        name = f"images/cover.{WEB_EXTENSIONS[cover.media_type]}"
        container.add("cover_picture", name, cover.media_type, cover.data, ("cover-image",))
        markup = matter_pages.write_cover_page(name, self.matter)
        container.add("cover_page", names.COVER_PAGE, _XHTML, markup)
        self._spine.insert(0, "cover_page")
        return "cover_picture"

    def _write_chapters(self, container: Container) -> None:
        """Writes parts and posts in order, and adds their lines to the contents."""
        contents = self._contents
        for made in self.chapters:
            chapter = made.document
            key = chapter.key
            place = self.matter.chapters[key]
            if place.is_listed and not contents.is_placed:
                self._place_contents()
            if place.opens_part:
                self._open_part(container, place)
            elif not place.is_in_part:
                contents.is_in_part = False
            self._add_files(container, made)
            self.subjects.note(self.collection.index[key], chapter.terms)
            self._add_chapter(container, chapter)
            if place.is_listed:
                language = chapter.language if chapter.language != self.matter.language else ""
                below = self._nest_headings(chapter)
                entry = Entry(chapter.title, chapter.file, language, below)
                contents.add(entry, is_chapter=place.role is None)
            self._words[key] = chapter.words
            self._titles[key] = chapter.title
        if not contents.is_placed:
            self._place_contents()

    def _add_files(self, container: Container, made: EpubChapter) -> None:
        """Adds the files that no chapter before has shown."""
        for file in made.files:
            if not container.has(file.id):
                container.add(file.id, file.name, file.media_type, file.data)
        for digest, stored in made.pictures.items():
            self._pictures.setdefault(digest, stored)
        self._shown += made.document.pictures
        self._animated |= made.animated
        self._mathml |= made.mathml
        self._drawn_formulas |= made.drawn_formulas

    def _write_index(self, container: Container) -> None:
        """Writes the index, if the author marked or named terms for it."""
        for found in self.subjects.diagnostics():
            self.context.diagnostics.add(found)
        self._has_index = bool(self.subjects.groups())
        if not self._has_index:
            return
        starts = self._breaks.before("index")
        markup = write_index_page(self.subjects, self.matter, self._titles, marks(starts))
        self._add_page(container, "index_page", names.INDEX_PAGE, markup)
        self._list_pages(names.INDEX_PAGE, starts)
        self._list_page(self.matter.words.index, names.INDEX_PAGE)

    def _open_part(self, container: Container, first: ChapterPlace) -> None:
        contents = self._contents
        title = first.opens_part
        file = matter_pages.name_part_file(title, contents.part_names)
        starts = self._breaks.before("part", first.key)
        markup = matter_pages.write_part_page(title, self.matter.language, marks(starts))
        self._add_page(container, file.removesuffix(".xhtml"), file, markup)
        self._list_pages(file, starts)
        contents.open(Entry(title, file))

    def _add_chapter(self, container: Container, chapter: ChapterDocument) -> None:
        self._alts_missing |= chapter.alts_missing
        properties = (("mathml",) if chapter.has_math else ()) + (
            ("svg",) if chapter.has_svg else ()
        )
        item_id = f"p-{chapter.file.removesuffix('.xhtml')}"
        self._add_page(container, item_id, chapter.file, chapter.markup, properties)
        if self.options.pages:
            self._list_chapter_pages(chapter)

    def _list_chapter_pages(self, chapter: ChapterDocument) -> None:
        labels = set(chapter.pages)
        starts = self._breaks.at("post", chapter.key)
        before = len(self._order)
        self._list_pages(chapter.file, [s for s in starts if s.label in labels])
        self._order[before:] = [f"{chapter.file}#{one}" for one in chapter.order]

    def _nest_headings(self, chapter: ChapterDocument) -> tuple[Entry, ...]:
        """Returns the headings of a chapter, down to the depth of the contents."""
        depth = self.options.toc_depth
        listed = deque(h for h in chapter.headings if h[0] <= depth)
        return _take_entries(listed, 2, chapter.file)

    def _write_navigation(self, container: Container) -> None:
        words = self.matter.words
        entries = tuple(self._contents.entries)
        landmarks: tuple[Landmark, ...] = (
            Landmark("cover", words.cover, names.COVER_PAGE),
            Landmark("titlepage", words.title_page, names.TITLE_PAGE),
            Landmark("toc", words.contents, f"{names.CONTENTS_PAGE}#toc"),
            Landmark("bodymatter", words.start, self._find_start()),
        )
        if self._has_index:
            landmarks += (Landmark("index", words.index, names.INDEX_PAGE),)
        listed = tuple(self._pages)
        begins = marks(self._breaks.before("contents"))
        markup = write_navigation(entries, landmarks, words, self.matter.language, listed, begins)
        container.add("contents_page", names.CONTENTS_PAGE, _XHTML, markup, ("nav",))
        tree = write_ncx(
            entries,
            self.matter.identifier,
            self.matter.title,
            self.matter.authors,
            levels=self.destination.contents_levels,
            pages=listed,
            order=self._order,
            name_of_pages=words.pages,
        )
        container.add("ncx", "toc.ncx", "application/x-dtbncx+xml", tree)

    def _find_start(self) -> str:
        contents = self._contents
        return contents.start or next((entry.href for entry in contents.entries), names.TITLE_PAGE)

    # the package document

    def _describe_package(self, cover_id: str) -> Package:
        words = self.matter.words
        contents = Contents(
            pictures=self._shown,
            described=not self._alts_missing,
            animated=self._animated,
            mathml=self._mathml,
            drawn_formulas=self._drawn_formulas,
            pages_of=self.options.pages.source if self.options.pages and self._pages else "",
        )
        return Package(
            identifier=self.matter.identifier,
            language=self.matter.language,
            modified=self._find_newest(),
            direction=direction(self.matter.language),
            metadata=(
                *describe_book(self.collection, self.matter, cover_id, is_drawn=self.cover is None),
                *describe_accessibility(contents, self.matter),
            ),
            spine=tuple(self._spine),
            guide=(
                ("cover", words.cover, names.COVER_PAGE),
                ("toc", words.contents, names.CONTENTS_PAGE),
                ("text", words.start, self._find_start()),
            ),
        )

    def _find_newest(self) -> datetime:
        moments = [
            stamp.value.astimezone(UTC)
            for metadata in self.collection.index
            for stamp in (metadata.published, metadata.updated)
            if stamp is not None and stamp.value is not None
        ]
        return max(moments, default=_UNDATED)


def _take_entries(
    headings: deque[tuple[int, str, str]], level: int, file: str
) -> tuple[Entry, ...]:
    """Takes the headings of a level and those below them, and returns them as entries of the contents."""
    entries = []
    while headings and headings[0][0] >= level:
        own, text, anchor = headings.popleft()
        entries.append(Entry(text, f"{file}#{anchor}", "", _take_entries(headings, own + 1, file)))
    return tuple(entries)
