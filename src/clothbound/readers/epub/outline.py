"""Decides what the documents of a book become: chapters, in parts; continuations of chapters; or nothing."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import get_args

import msgspec

from ...epub_names import COLOPHON_PAGE, ISSUED, LIST_OF_LINKS, file_key_of
from ...lazy_pattern import lazy_pattern
from ...model.book_info import BookInfo
from ...model.collection import FRONT_ROLES, Role
from .navigation import NavigationLine, documents_of
from .notes import LISTS_OF_NOTES
from .package import BookPackage
from .survey import DocumentFacts
from .xhtml import count_words, fold

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
    starts, deeper = _starts(package, facts)
    titles = Counter(document.title for document in facts.values())
    for file in package.spine:
        document = facts.get(file)
        if document is None:
            continue
        start = starts.get(file, {}).get("")
        reason = _reason_against(package, document, notes, start)
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
        if not title and fold(document.title) != fold(package.info.title) and is_own_title:
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
        return document.ids[later[0][0]][1] <= count_words(title) + 1
    if document.pictures > 1:
        return False
    folded = fold(title)
    return document.text == folded or (
        document.words <= count_words(title) + 1
        and document.text != ""
        and (document.text in folded or folded in document.text)
    )


# the navigation


def _starts(
    package: BookPackage, facts: dict[str, DocumentFacts]
) -> tuple[dict[str, dict[str, _Start]], set[str]]:
    """Returns what begins in each document, by ids, and the documents that only deeper lines name."""
    starts: dict[str, dict[str, _Start]] = {}
    deeper: set[str] = set()
    number = 0
    for entry in _unwrapped(package.navigation, package.info.title):
        files = {e.file for e in documents_of(entry.children) if e.file in facts}
        is_part = bool(files - {entry.file}) or (not entry.file and bool(files))
        if (
            not is_part
            and entry.children
            and _PART.fullmatch(entry.title)
            and len(entry.children) > 1
        ):
            is_part = True
        if not is_part:
            _add_start(starts, facts, entry, _Start(entry.title, "", 0, opens_part=False))
            continue
        number += 1
        _add_start(starts, facts, entry, _Start(entry.title, entry.title, number, opens_part=True))
        for child in entry.children:
            start = _Start(child.title, entry.title, number, opens_part=False)
            first = (
                child
                if child.file
                else next((e for e in documents_of(child.children) if e.file), child)
            )
            _add_start(
                starts, facts, NavigationLine(child.title, first.file, first.fragment), start
            )
            deeper.update(e.file for e in documents_of(child.children) if e.file in facts)
    return starts, deeper - set(starts)


def _add_start(
    starts: dict[str, dict[str, _Start]],
    facts: dict[str, DocumentFacts],
    entry: NavigationLine,
    start: _Start,
) -> None:
    document = facts.get(entry.file)
    if document is None:
        return
    name = entry.fragment if entry.fragment in document.ids else ""
    there = starts.setdefault(entry.file, {})
    if (
        name not in there
        or there[name].opens_part
        or (there[name].part == start.part and not there[name].title)
    ):
        there[name] = start


def _unwrapped(entries: list[NavigationLine], title: str) -> list[NavigationLine]:
    """Returns the navigation without a line for the whole book around the others."""
    nested = [entry for entry in entries if entry.children]
    if len(nested) != 1:
        return entries
    wrapper = nested[0]
    is_whole = len(entries) == 1 or (
        fold(wrapper.title) != ""
        and (fold(wrapper.title) in fold(title) or fold(title) in fold(wrapper.title))
        and title != ""
    )
    if not is_whole or len(wrapper.children) < _FEW - 1 or _PART.fullmatch(wrapper.title):
        return entries
    place = entries.index(wrapper)
    alone = NavigationLine(wrapper.title, wrapper.file, wrapper.fragment)
    return [*entries[:place], alone, *wrapper.children, *entries[place + 1 :]]


# what is not read


def _reason_against(
    package: BookPackage, document: DocumentFacts, notes: dict[str, int], start: _Start | None
) -> str:
    """Returns why a document is not read; empty if it is. ``start`` is its line in the navigation."""
    file = document.file
    if file == package.contents:
        return "the contents"
    if not document.words and not document.pictures:
        return "a page without words"
    if (
        package.is_own
        and "colophon" in document.kinds
        and posixpath.basename(file) == COLOPHON_PAGE
    ):
        return "the page about the book"
    if package.is_own and _is_list_of_links(package, document):
        return "the list of links"
    if reason := _reason_by_name(package, document, start) or _reason_by_look(
        package, document, start
    ):
        return reason
    taken = notes.get(file, 0)
    rest = document.words - taken - document.heading_words
    is_list = bool(LISTS_OF_NOTES & document.kinds)
    if taken and rest <= (_FEW if is_list else 0) and (is_list or "chapter" not in document.kinds):
        return LIST_OF_NOTES
    return ""


def _is_list_of_links(package: BookPackage, document: DocumentFacts) -> bool:
    """Returns whether a chapter of our own is the list of all links: the last of those whose keys are like its own."""
    like = [f for f in package.spine if file_key_of(f).rstrip("-") == LIST_OF_LINKS]
    return like[-1:] == [document.file] and ISSUED not in document.named


def _reason_by_name(package: BookPackage, document: DocumentFacts, start: _Start | None) -> str:
    """Returns the matter that a page is by what the book calls it."""
    known = sorted(document.kinds & _LEFT_OUT.keys())
    if known and not document.kinds & {"chapter", "part"}:
        return _LEFT_OUT[known[0]]
    if start is not None and (found := _CALLED.get(fold(start.title))):
        is_shorter = document.words < _SHORTEST_LISTED or found == "the copyright page"
        if found != "the contents" and is_shorter and document.words < _LONGEST_CONTENTS:
            return found
    # Classes and ids are names that programs give, and a chapter may share one with the title page.
    names = document.names & _LEFT_OUT.keys() if start is None else frozenset()
    for place in sorted(names | package.places.get(document.file, frozenset()) & _LEFT_OUT.keys()):
        if "toc" in place:
            if document.words < _LONGEST_CONTENTS and _link_share(document) >= _OF_GUIDED_CONTENTS:
                return _LEFT_OUT[place]
        elif document.words < _LONGEST_MATTER:
            return _LEFT_OUT[place]
    return ""


def _reason_by_look(package: BookPackage, document: DocumentFacts, start: _Start | None) -> str:
    """Returns the matter that a page is by its file's name and by what is on it."""
    file = document.file
    is_chapter = start is not None and fold(start.title) != fold(package.info.title)
    is_first = file == package.spine[0] and not package.is_fixed and not is_chapter
    is_called_cover = _COVER_FILE.fullmatch(file) or _TITLE_FILE.fullmatch(file)
    if not document.words and document.pictures <= 1 and (is_called_cover or is_first):
        return COVER
    if _TITLE_FILE.fullmatch(file) and document.words < _SHORTEST_LISTED:
        return "the title page"
    targets = {link.target[0] for link in document.links if link.target[0] != file}
    if len(targets & set(package.spine)) >= _FEW and _link_share(document) >= _OF_CONTENTS:
        return "the contents"
    return ""


def _link_share(document: DocumentFacts) -> float:
    """Returns the share of the words of a page, without its headings, that are links to other documents."""
    return document.link_words / max(document.words - document.heading_words, 1)


def is_title_page(info: BookInfo, text: str, room: int) -> bool:
    """Returns whether a page says little more than the title of the book and its authors: ``room`` letters at most.

    ``text`` are the letters of the page, without case.
    """
    title = fold(info.title)
    if not title or title not in text:
        return False
    rest = text.replace(title, "").replace(fold(info.subtitle) or "\0", "")
    for author in info.authors:
        for name in author.split():
            rest = rest.replace(fold(name), "", 1)
    return len(rest) <= room


# the book's own texts


def _assign_roles(outline: Outline, facts: dict[str, DocumentFacts]) -> None:
    """Gives texts such as a foreword their roles, if they stand where a book has such texts, each once."""

    def role_of(chapter: Chapter) -> Role | None:
        document = facts[chapter.segments[0].file]
        kinds = document.kinds | document.names
        return next((role for role in ROLES if role in kinds), None)

    chapters = outline.chapters
    front = _roles_in_order(chapters, [r for r in ROLES if r in FRONT_ROLES], role_of)
    rest = chapters[front:]
    back = [r for r in ROLES if r not in FRONT_ROLES]
    _roles_in_order(list(reversed(rest)), back, role_of, is_ordered=False)


def _roles_in_order(
    chapters: Iterable[Chapter], roles: list[Role], role_of: object, *, is_ordered: bool = True
) -> int:
    allowed = list(roles)
    count = 0
    for chapter in chapters:
        role = role_of(chapter)  # type: ignore[operator]
        if role not in allowed or chapter.part:
            break
        chapter.role = role
        allowed = (
            allowed[allowed.index(role) + 1 :] if is_ordered else [r for r in allowed if r != role]
        )
        count += 1
    return count


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
