"""Goes through the documents of a book once, and keeps what chapters must know of each other.

Which ids a document has and in which order, where its links lead, how many words it has, what it is.
"""

from __future__ import annotations

from itertools import islice
from typing import NamedTuple

import msgspec
from lxml import etree

from ...lazy_pattern import lazy_pattern
from ...model.plain_text import letters_and_digits
from ...web.html_elements import HEADINGS
from .archive_paths import ArchivePaths
from .notes import BACKLINKS, MARK, MARKS, NOTES, is_called_note
from .page_marks import is_page_break
from .titles import chapter_lines, heading_text
from .xhtml import (
    Element,
    ancestors_in,
    begins_block,
    body_of,
    classes_of,
    count_words,
    elements_by_id,
    is_block,
    text_of,
    types_of,
)

_BACK = 30
"""The length, in characters, up to which a link may be one back to a mark."""
_NUMBER = lazy_pattern(r"\s*[\[(]?(\d{1,3}|[*†‡§]{1,3})(?=[\])]?[.:)\]\s])")
"""Matches the number, or the sign, with which a note begins."""
_LEVELS = 4
_MOST_IN_NOTE = 40
"""The most elements of a block that are searched for the places of links."""
_NONE = frozenset[str]()
_SHORT = 600
"""The number of letters up to which the text of a document is kept, to tell what it is."""


class LinkFact(NamedTuple):
    """A link within the book."""

    ids: frozenset[str]
    """Its own id, and those of the elements around it in its block."""
    block_ids: frozenset[str]
    """The ids in its block, and those around it."""
    target: tuple[str, str]
    is_mark: bool
    is_back: bool
    is_marked_up: bool
    """Whether the book says that it is the mark of a note."""
    is_backlink: bool
    """Whether the book says that it leads back to one."""
    number: str
    """The number or sign that it shows; empty for other links."""
    is_raised: bool
    """Whether it stands above the line."""
    is_picture: bool
    """Whether it shows a picture and no words."""
    is_first: bool
    """Whether it begins its block."""
    in_heading: bool


class DocumentFacts(msgspec.Struct):
    """What is known of a document."""

    file: str
    title: str = ""
    """The title in its head."""
    language: str = ""
    kinds: frozenset[str] = frozenset()
    """The terms of its body and of its only section."""
    names: frozenset[str] = frozenset()
    """The classes and ids of its only section, which programs give as they like."""
    ids: dict[str, tuple[int, int]] = {}
    """The position of each id, and the number of words before it."""
    words: int = 0
    heading_words: int = 0
    link_words: int = 0
    pictures: int = 0
    headings: list[str] = []
    """The headings with which the text begins."""
    text: str = ""
    """The letters of a short document."""
    links: list[LinkFact] = []
    label_words: int = 0
    """The words of the lines above the title that are a chapter's number."""
    numbered: dict[str, str] = {}
    """The ids of blocks that begin with a number or a sign, as notes do."""
    typed_notes: frozenset[str] = frozenset()
    """The ids of what the book says are notes."""
    called_notes: frozenset[str] = frozenset()
    """The ids in what the book calls notes, also by its classes."""
    sheets: tuple[str, ...] = ()
    """The paths of its style sheets."""
    style: str = ""
    """The style sheet in its head."""
    frames: frozenset[str] = frozenset()
    """The selectors by which style sheets call its root and its body."""
    named: dict[str, list[str]] = {}
    """The metadata in its head, by their names."""


def survey_document(file: str, root: Element, paths: ArchivePaths) -> DocumentFacts:
    """Returns the facts about a document."""
    body = body_of(root)
    facts = DocumentFacts(file)
    head_title = next(root.iter("title"), None)
    if (
        head_title is not None
        and head_title.getparent() is not None
        and head_title.getparent().tag == "head"
    ):
        facts.title = text_of(head_title)
    for meta in root.iter("meta"):
        if meta.get("name"):
            facts.named.setdefault(meta.get("name"), []).append(meta.get("content", ""))
    links = (e for e in root.iter("link") if "stylesheet" in e.get("rel", "").lower().split())
    facts.sheets = tuple(paths.resolve(e.get("href", ""), file)[0] for e in links)
    facts.style = "\n".join(e.text or "" for e in root.iter("style"))
    facts.frames = _frames(root) | _frames(body) | {":root"}
    facts.language = body.get("lang", "") or root.get("lang", "")
    facts.kinds, facts.names = _kinds(body)
    _count(body, facts)
    lines = chapter_lines(body)
    facts.headings = [heading_text(element) for element in lines.headings]
    facts.label_words = sum(count_words(text_of(element)) for element in lines.labels)
    facts.numbered = _numbered(body)
    for link in body.iter("a"):
        if fact := _link_fact(link, body, file, paths):
            facts.links.append(fact)
            if fact.target[0] != file:
                facts.link_words += count_words(text_of(link))
    by_id = elements_by_id(body)
    facts.typed_notes = frozenset(n for n, e in by_id.items() if NOTES & types_of(e))
    facts.called_notes = frozenset(n for n, e in by_id.items() if is_called_note(e, body))
    return facts


def _frames(element: Element) -> frozenset[str]:
    classes = [f".{name}" for name in classes_of(element)]
    return frozenset({element.tag, *classes, *(f"{element.tag}{name}" for name in classes)})


def _kinds(body: Element) -> tuple[frozenset[str], frozenset[str]]:
    found, names = set(types_of(body)), set[str]()
    top = body
    for _ in range(_LEVELS):
        only = list(top)
        if (
            len(only) != 1
            or (top.text or "").strip()
            or only[0].tag not in ("section", "div", "article", "main")
        ):
            break
        top = only[0]
        found |= types_of(top)
        names |= {*classes_of(top), top.get("id", "")}
    return frozenset(found), frozenset(names - {""})


def _numbered(body: Element) -> dict[str, str]:
    """Returns the numbers and signs with which blocks begin, by the ids of the blocks and of anchors in them."""
    found: dict[str, str] = {}
    for element in body.iter("p", "div", "li", "dd", "aside", "a"):
        name = element.get("id") or element.get("name")
        if not name or (element.tag == "a" and element.getparent()[0] is not element):
            continue
        block = element.getparent() if element.tag == "a" else element
        number = _NUMBER.match("".join(islice(block.itertext(), 4)))
        if number:
            found[name] = number[1]
    for items in body.iter("ol"):
        start = items.get("start", "1")
        first = int(start) if start.isdecimal() else 1
        for place, item in enumerate(items.iterchildren("li"), first):
            if item.get("id"):
                found[item.get("id")] = str(place)
    return found


def _count(body: Element, facts: DocumentFacts) -> None:
    words = position = 0
    ids: dict[str, tuple[int, int]] = {}
    pieces: list[str] = []
    kept = headings = 0
    for event, element in etree.iterwalk(body, ("start", "end")):
        text = element.text if event == "start" else element.tail
        if element.tag in HEADINGS:
            headings += 1 if event == "start" else -1
        if event == "start":
            position += 1
            for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
                if name:
                    ids.setdefault(name, (position, words))
            facts.pictures += element.tag in ("img", "image")
            # The number of a printed page is not read.
            if element.tag in ("script", "style") or (not len(element) and is_page_break(element)):
                continue
        elif element is body:
            break
        if text and not text.isspace():
            number = count_words(text)
            words += number
            if kept < _SHORT:
                pieces.append(text)
                kept += len(text)
            if headings:
                facts.heading_words += number
    facts.words, facts.ids = words, ids
    if kept < _SHORT:
        facts.text = letters_and_digits("".join(pieces))


def _link_fact(link: Element, body: Element, file: str, paths: ArchivePaths) -> LinkFact | None:
    href = link.get("href", "")
    if not href:
        return None
    path, fragment = paths.resolve(href, file)
    if not path and not (fragment and href.startswith("#")):
        return None
    text = text_of(link)
    kinds = types_of(link)
    ids: set[str] = {link.get("id", ""), link.get("name", "")}
    block_ids: set[str] = set()
    block = None
    for level, parent in enumerate(ancestors_in(link, body)):
        if block is None:
            ids.add(parent.get("id", ""))
            if is_block(parent):
                block = parent
        elif level > _LEVELS:
            break
        block_ids.add(parent.get("id", ""))
    if block is not None and text and len(text) <= _BACK:
        # Empty anchors beside a link are its places too.
        for element in islice(block.iter(), _MOST_IN_NOTE):
            block_ids.update((element.get("id", ""), element.get("name", "")))
        previous = link.getprevious()
        if previous is not None and previous.tag == "a" and not text_of(previous):
            ids.update((previous.get("id", ""), previous.get("name", "")))
    block_ids |= ids
    for names in (ids, block_ids):
        names.discard("")
    is_mark = bool(text) and MARK.fullmatch(text) is not None
    is_marked_up = bool(MARKS & kinds)
    in_heading = block is not None and block.tag in HEADINGS
    return LinkFact(
        # A book has many links, and few are marks or lead back to one.
        frozenset(ids) if is_mark or is_marked_up else _NONE,
        frozenset(block_ids) if len(text) <= _BACK and not in_heading else _NONE,
        (path or file, fragment),
        is_mark,
        len(text) <= _BACK,
        is_marked_up,
        bool(BACKLINKS & kinds),
        text.strip("[](). ") if is_mark else "",
        _is_raised(link),
        not text and next(link.iter("img"), None) is not None,
        block is not None and text != "" and begins_block(link, block),
        in_heading,
    )


def _is_raised(link: Element) -> bool:
    """Returns whether a link is above the line with all that it says."""
    parent = link.getparent()
    if parent is not None and parent.tag == "sup":
        return True
    return len(link) == 1 and link[0].tag == "sup" and not (link.text or "").strip()


class NoteFinder:
    """Tells which links are marks of notes: those that the book marks up, and those to which their target leads back."""

    def __init__(self, facts: dict[str, DocumentFacts]) -> None:
        self._facts = facts
        self.marks: set[tuple[str, str]] = set()
        """The places of the marks that were found."""
        self._by_block: dict[tuple[str, str], list[tuple[str, LinkFact]]] = {}
        for file, document in facts.items():
            for link in document.links:
                if link.is_back and not link.in_heading:
                    for name in link.block_ids:
                        self._by_block.setdefault((file, name), []).append((file, link))

    def find(self) -> dict[str, set[str]]:
        """Returns the ids of notes by their documents."""
        found: dict[str, set[str]] = {}
        self.marks.clear()
        for file, document in self._facts.items():
            for link in document.links:
                there, name = link.target
                if (
                    there in self._facts
                    and name in self._facts[there].ids
                    and self._is_mark(file, link)
                ):
                    found.setdefault(there, set()).add(name)
                    self.marks.update((file, mark) for mark in link.ids)
        return found

    def _is_mark(self, file: str, link: LinkFact) -> bool:
        there, name = link.target
        if link.is_marked_up:
            return True
        target = self._facts[there]
        if link.is_picture:
            return name in target.called_notes and not link.is_backlink
        if not link.is_mark or link.is_backlink or (link.in_heading and link.is_first):
            return False
        if name in target.typed_notes:
            return True
        if (
            (link.is_raised or name in target.called_notes)
            and not link.is_first
            and target.numbered.get(name) == link.number
        ):
            return True
        for _, back in self._by_block.get((there, name), ()):
            leads_back = back.target[0] == file and back.target[1] in link.ids
            if leads_back and (back.is_first or not link.is_first) and back is not link:
                return not (link.is_first and not self._is_earlier(file, link, there, name))
        return False

    def _is_earlier(self, file: str, link: LinkFact, there: str, name: str) -> bool:
        if file != there:
            return not link.is_first
        places = self._facts[file].ids
        own = min((places[i][0] for i in link.ids if i in places), default=0)
        return own < places[name][0]
