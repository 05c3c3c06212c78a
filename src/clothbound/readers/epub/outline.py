"""Decides what the documents of a book become: chapters, in parts; continuations of chapters; or nothing."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import get_args

import msgspec

from ...epub_names import COLOPHON_PAGE, INDEX_PAGE, ISSUED, LIST_OF_LINKS, SERIES_PAGE, file_key_of
from ...lazy_pattern import lazy_pattern
from ...model.book_info import BookInfo
from ...model.collection import FRONT_ROLES, Role
from ...model.plain_text import letters_and_digits
from .navigation import NavigationLine, documents_of
from .notes import LISTS_OF_NOTES
from .package import BookPackage
from .survey import DocumentFacts
from .xhtml import count_words

ROLES: tuple[Role, ...] = get_args(Role)
COVER = "the cover"
_LEFT_OUT = {
    "cover": COVER,
    "titlepage": "the title page",
    "title-page": "the title page",
    "halftitlepage": "the half title",
    "halftitle": "the half title",
    "copyright-page": "the copyright page",
    "copyright": "the copyright page",
    "copyright-page imprint": "the copyright page",
    "toc": "the contents",
    "toc-brief": "the contents",
    "landmarks": "the contents",
    "loi": "the list of pictures",
    "lot": "the list of tables",
    "page-list": "the list of pages",
    "imprint": "the imprint",
}
"""Matter around the text that every book gets anew, by what the book says that it is."""
_CALLED = {
    "cover": COVER,
    "titlepage": "the title page",
    "halftitle": "the half title",
    "halftitlepage": "the half title",
    "copyright": "the copyright page",
    "copyrightpage": "the copyright page",
    "copyrightnotice": "the copyright page",
    "tableofcontents": "the contents",
    "contents": "the contents",
}
"""The same, by the titles that such pages have in the navigation."""
_OWN_PAGES = {INDEX_PAGE: "the index", SERIES_PAGE: "the other volumes of the series"}
"""Pages at the end of a book of our own, by their files."""
_COVER_FILE = lazy_pattern(r"(?:.*[/_.-])?cover(?:[_-]?page)?\.x?html?", 2)
_TITLE_FILE = lazy_pattern(r"(?:.*[/_.-])?title[_-]?page\.x?html?", 2)
_PART = lazy_pattern(
    r"(?:part|book|volume|section|teil|buch|partie|livre|parte|libro|del|část|часть|第.{1,4}部)\b.*",
    2,
)
_FEW = 3
_LONGEST_MATTER = 150
"""The most words of a page around the text that only a landmark or the guide names."""
_LONGEST_CONTENTS = 400
ON_TITLE_PAGE = 60
"""The most letters of a title page besides the title and the authors."""
_ON_LISTED_TITLE_PAGE = 20
"""The same, of one that stands in the navigation as any chapter does."""
LIST_OF_NOTES = "the page of notes, which stand with their marks,"
_SHORTEST_LISTED = 60
"""A page that stands in the navigation under a name for such pages has fewer words than this."""
_OF_CONTENTS = 0.7
"""The share of a page's words that are links, from which on it is a table of contents."""
_OF_GUIDED_CONTENTS = 0.5
"""The same, of a page that a landmark or the guide calls the contents."""


class Segment(msgspec.Struct, frozen=True):
    """A piece of a document, from an id to the next one that begins a chapter; empty for its beginning."""

    file: str
    begin: str = ""


class Chapter(msgspec.Struct):
    """A chapter: its pieces, its title, its part."""

    segments: list[Segment]
    title: str = ""
    part: str = ""
    part_number: int = 0
    """Tells apart parts of one title; 0 for none."""
    role: Role | None = None
    is_listed: bool = False

    @property
    def source(self) -> str:
        """The name under which the post is reported and linked to."""
        first = self.segments[0]
        return f"{first.file}#{first.begin}" if first.begin else first.file


class Outline(msgspec.Struct):
    """The chapters of a book, in order, and what was left out."""

    chapters: list[Chapter] = []
    cuts: dict[str, list[str]] = {}
    """The ids at which documents are cut, in order."""
    left_out: dict[str, str] = {}
    """The documents that are not read, with the reason."""
    part_lines: list[tuple[str, str]] = []
    """The documents that begin with the title of a part, and that title."""


class _Start(msgspec.Struct):
    title: str
    part: str
    number: int
    opens_part: bool


def make_outline(
    package: BookPackage, facts: dict[str, DocumentFacts], notes: dict[str, int]
) -> Outline:
    """Returns the outline of a book. ``notes`` has the words of the notes that were taken from each document."""
    outline = Outline()
    found = _Starts(facts)
    found.add_lines(_unwrapped(package.navigation, package.info.title))
    starts, deeper = found.by_file, found.deeper - set(found.by_file)
    judge = _MatterJudge(package, facts, notes)
    titles = Counter(document.title for document in facts.values())
    for file in package.spine:
        document = facts.get(file)
        if document is None:
            continue
        start = starts.get(file, {}).get("")
        reason = judge.reason_against(document, start)
        if not reason and not outline.chapters and starts and not package.is_own:
            room = ON_TITLE_PAGE if file not in starts else _ON_LISTED_TITLE_PAGE
            if not package.is_fixed and is_title_page(package.info, document.text, room):
                reason = "the title page"
        if reason:
            outline.left_out[file] = reason
            continue
        _add_document(
            outline,
            package,
            document,
            starts.get(file, {}),
            is_deeper=file in deeper,
            has_navigation=bool(starts),
            is_own_title=titles[document.title] == 1,
        )
    _assign_roles(outline, facts)
    return outline


def _add_document(
    outline: Outline,
    package: BookPackage,
    document: DocumentFacts,
    starts: dict[str, _Start],
    *,
    is_deeper: bool,
    has_navigation: bool,
    is_own_title: bool,
) -> None:
    file = document.file
    ordered = sorted(starts, key=lambda name: document.ids.get(name, (0, 0)))
    cuts = []
    first: _Start | None = None
    later: list[tuple[str, _Start]] = []
    for name in ordered:
        begins = document.ids.get(name, (0, 0))[1] <= document.label_words
        if begins and first is None:
            first = starts[name]
        elif begins and first is not None and first.opens_part:
            # A part and its first chapter begin at the same place.
            first = starts[name]
        elif not begins:
            later.append((name, starts[name]))
            cuts.append(name)
    outline.cuts[file] = cuts
    chapters = outline.chapters
    if first is not None and first.opens_part and _says_only(document, first.title, later):
        # The title of the part is all that the beginning says.
        if later:
            outline.part_lines.append((file, first.title))
        else:
            outline.left_out[file] = "the page of a part"
    elif first is not None:
        chapters.append(_chapter(Segment(file), first))
    elif _continues(outline, package, document, is_deeper=is_deeper, has_navigation=has_navigation):
        chapters[-1].segments.append(Segment(file))
    else:
        last = chapters[-1] if chapters else None
        part, number = (last.part, last.part_number) if last is not None and is_deeper else ("", 0)
        title = " ".join(document.headings[:1])
        if (
            not title
            and letters_and_digits(document.title) != letters_and_digits(package.info.title)
            and is_own_title
        ):
            title = document.title
        if package.is_fixed and not chapters:
            title = package.info.title
        chapters.append(Chapter([Segment(file)], title, part, number))
    chapters += [_chapter(Segment(file, name), start) for name, start in later]


def _chapter(segment: Segment, start: _Start) -> Chapter:
    return Chapter([segment], start.title, start.part, start.number, is_listed=True)


def _continues(
    outline: Outline,
    package: BookPackage,
    document: DocumentFacts,
    *,
    is_deeper: bool,
    has_navigation: bool,
) -> bool:
    """Returns whether a document without a line of its own in the navigation goes on with the chapter before."""
    if not outline.chapters or not has_navigation or package.is_own:
        return False
    if document.file in package.secondary:
        return False
    before = outline.chapters[-1]
    if package.is_fixed:
        return True
    if not before.is_listed:
        return False
    return is_deeper or not document.headings


def _says_only(document: DocumentFacts, title: str, later: list[tuple[str, _Start]]) -> bool:
    """Returns whether a page, or what comes before its first chapter, has no words but the title of a part."""
    if later:
        return document.ids[later[0][0]][1] <= count_words(title)
    if document.pictures > 1 or not document.text:
        return False
    folded = letters_and_digits(title)
    if document.text in folded:
        return True
    is_heading = document.words <= document.heading_words + document.label_words
    return folded in document.text and is_heading and document.words <= count_words(title) + 1


# the navigation


class _Starts:
    """What begins in each document, as the navigation says it."""

    def __init__(self, facts: dict[str, DocumentFacts]) -> None:
        self._facts = facts
        self._parts = 0
        self.by_file: dict[str, dict[str, _Start]] = {}
        """What begins in each document, by ids; the empty one stands for its beginning."""
        self.deeper: set[str] = set()
        """The documents that lines below chapters name."""

    def add_lines(self, lines: Iterable[NavigationLine]) -> None:
        """Adds the lines at the top of the navigation, and those below them."""
        for line in lines:
            if self._is_part(line):
                self._add_part(line, line.title)
            else:
                self._add(line, _Start(line.title, "", 0, opens_part=False))
                self._add_deeper(line)

    def _is_part(self, line: NavigationLine) -> bool:
        """Returns whether a line is a part: other documents begin below it, and its own is no chapter."""
        below = {e.file for e in documents_of(line.children) if self._begins_document(e)}
        if below - {line.file}:
            return self._is_kind(line, "part") or not self._is_kind(line, "chapter")
        return len(line.children) > 1 and _PART.fullmatch(line.title) is not None

    def _begins_document(self, line: NavigationLine) -> bool:
        document = self._facts.get(line.file)
        if document is None:
            return False
        return document.ids.get(line.fragment, (0, 0))[1] <= document.label_words

    def _is_kind(self, line: NavigationLine, kind: str) -> bool:
        document = self._facts.get(line.file)
        return document is not None and kind in document.kinds | document.names

    def _add_part(self, line: NavigationLine, title: str) -> None:
        self._parts += 1
        number = self._parts
        self._add(line, _Start(line.title, title, number, opens_part=True))
        for child in line.children:
            if self._is_inner_part(child):
                self._add_part(child, f"{title}: {child.title}")
                continue
            # The title of a line without a link is that of the first document below it.
            first = next((e for e in documents_of([child]) if e.file), child)
            self._add(first, _Start(child.title, title, number, opens_part=False))
            self._add_deeper(child)

    def _is_inner_part(self, line: NavigationLine) -> bool:
        """Returns whether a line within a part is itself a part, not a chapter whose sections have their own files."""
        if not self._is_part(line):
            return False
        document = self._facts.get(line.file)
        if document is None or self._is_kind(line, "part") or _PART.fullmatch(line.title):
            return True
        return _says_only(document, line.title, [])

    def _add_deeper(self, line: NavigationLine) -> None:
        self.deeper.update(e.file for e in documents_of(line.children) if e.file in self._facts)

    def _add(self, line: NavigationLine, start: _Start) -> None:
        """Adds what begins at the place of a line. Where several do, it is the first chapter."""
        document = self._facts.get(line.file)
        if document is None:
            return
        name = line.fragment if line.fragment in document.ids else ""
        there = self.by_file.setdefault(line.file, {})
        known = there.get(name)
        if known is None or known.opens_part or (known.part == start.part and not known.title):
            there[name] = start


def _unwrapped(entries: list[NavigationLine], title: str) -> list[NavigationLine]:
    """Returns the navigation without a line for the whole book around the others."""
    nested = [entry for entry in entries if entry.children]
    if len(nested) != 1:
        return entries
    wrapper = nested[0]
    is_whole = len(entries) == 1 or (
        letters_and_digits(wrapper.title) != ""
        and (
            letters_and_digits(wrapper.title) in letters_and_digits(title)
            or letters_and_digits(title) in letters_and_digits(wrapper.title)
        )
        and title != ""
    )
    if not is_whole or len(wrapper.children) < _FEW - 1 or _PART.fullmatch(wrapper.title):
        return entries
    place = entries.index(wrapper)
    alone = NavigationLine(wrapper.title, wrapper.file, wrapper.fragment)
    return [*entries[:place], alone, *wrapper.children, *entries[place + 1 :]]


# what is not read


class _MatterJudge:
    """Tells which documents are matter around the text, which is not read."""

    def __init__(
        self, package: BookPackage, facts: dict[str, DocumentFacts], notes: dict[str, int]
    ) -> None:
        self._package = package
        self._facts = facts
        self._notes = notes
        like = [f for f in package.spine if file_key_of(f).rstrip("-") == LIST_OF_LINKS]
        self._list_of_links = like[-1] if like and package.is_own else ""
        """The chapter of our own with all links: the last of those whose keys are like its own."""

    def reason_against(self, document: DocumentFacts, start: _Start | None) -> str:
        """Returns why a document is not read; empty if it is. ``start`` is its line in the navigation."""
        if document.file == self._package.contents:
            return "the contents"
        if not document.words and not document.pictures:
            return "a page without words"
        if self._package.is_own:
            name = posixpath.basename(document.file)
            if name in _OWN_PAGES:
                return _OWN_PAGES[name]
            is_colophon = name == COLOPHON_PAGE
            if is_colophon and "colophon" in document.kinds:
                return "the page about the book"
            if document.file == self._list_of_links and ISSUED not in document.named:
                return "the list of links"
        return (
            self._reason_by_name(document, start)
            or self._reason_by_look(document, start)
            or self._reason_by_notes(document)
        )

    def _reason_by_name(self, document: DocumentFacts, start: _Start | None) -> str:
        """Returns the matter that a page is by what the book calls it."""
        known = sorted(document.kinds & _LEFT_OUT.keys())
        if known and not document.kinds & {"chapter", "part"}:
            return _LEFT_OUT[known[0]]
        if start is not None and (found := _CALLED.get(letters_and_digits(start.title))):
            is_shorter = document.words < _SHORTEST_LISTED or found == "the copyright page"
            if found != "the contents" and is_shorter and document.words < _LONGEST_CONTENTS:
                return found
        # Classes and ids are names that programs give, and a chapter may share one with the title page.
        names = document.names if start is None else frozenset()
        names |= self._package.places.get(document.file, frozenset())
        for place in sorted(names & _LEFT_OUT.keys()):
            if "toc" in place:
                is_list = _link_share(document) >= _OF_GUIDED_CONTENTS
                if document.words < _LONGEST_CONTENTS and is_list:
                    return _LEFT_OUT[place]
            elif document.words < _LONGEST_MATTER:
                return _LEFT_OUT[place]
        return ""

    def _reason_by_look(self, document: DocumentFacts, start: _Start | None) -> str:
        """Returns the matter that a page is by its file's name and by what is on it."""
        file, package = document.file, self._package
        is_chapter = start is not None and letters_and_digits(start.title) != letters_and_digits(
            package.info.title
        )
        is_first = file == package.spine[0] and not package.is_fixed and not is_chapter
        is_called_cover = _COVER_FILE.fullmatch(file) or _TITLE_FILE.fullmatch(file)
        if not document.words and document.pictures <= 1 and (is_called_cover or is_first):
            return COVER
        if _TITLE_FILE.fullmatch(file) and document.words < _SHORTEST_LISTED:
            return "the title page"
        targets = {link.target[0] for link in document.links if link.target[0] in self._facts}
        if len(targets - {file}) >= _FEW and _link_share(document) >= _OF_CONTENTS:
            return "the contents"
        return ""

    def _reason_by_notes(self, document: DocumentFacts) -> str:
        """Returns that a page has notes alone, which stand with their marks."""
        taken = self._notes.get(document.file, 0)
        rest = document.words - taken - document.heading_words
        is_list = bool(LISTS_OF_NOTES & document.kinds)
        is_only_notes = rest <= (_FEW if is_list else 0)
        if taken and is_only_notes and (is_list or "chapter" not in document.kinds):
            return LIST_OF_NOTES
        return ""


def _link_share(document: DocumentFacts) -> float:
    """Returns the share of the words of a page, without its headings, that are links to other documents."""
    return document.link_words / max(document.words - document.heading_words, 1)


def is_title_page(info: BookInfo, text: str, room: int) -> bool:
    """Returns whether a page says little more than the title of the book and its authors: ``room`` letters at most.

    ``text`` are the letters of the page, without case.
    """
    title = letters_and_digits(info.title)
    if not title or title not in text:
        return False
    rest = text.replace(title, "").replace(letters_and_digits(info.subtitle) or "\0", "")
    for author in info.authors:
        for name in author.split():
            rest = rest.replace(letters_and_digits(name), "", 1)
    return len(rest) <= room


# the book's own texts


def _assign_roles(outline: Outline, facts: dict[str, DocumentFacts]) -> None:
    """Gives texts such as a foreword their roles, if they stand where a book has such texts, each once."""

    def roles_of(chapter: Chapter) -> list[Role]:
        document = facts[chapter.segments[0].file]
        return [role for role in ROLES if role in document.kinds | document.names]

    front = [role for role in ROLES if role in FRONT_ROLES]
    begin = 0
    for chapter in outline.chapters:
        # Those before the text have an order of their own.
        role = next(iter(roles_of(chapter)), None)
        if role not in front or chapter.part:
            break
        chapter.role = role
        front = front[front.index(role) + 1 :]
        begin += 1
    back = {role for role in ROLES if role not in FRONT_ROLES}
    for chapter in reversed(outline.chapters[begin:]):
        role = next(iter(roles_of(chapter)), None)
        if role not in back or chapter.part:
            break
        chapter.role = role
        back.remove(role)


def parts_of(chapters: list[Chapter]) -> Iterator[tuple[str, list[Chapter]]]:
    """Yields the parts with their chapters."""
    number, current = 0, list[Chapter]()
    for chapter in [*chapters, Chapter([])]:
        if chapter.part_number != number:
            if number and current:
                yield current[0].part, current
            current = []
        number = chapter.part_number
        current.append(chapter)
