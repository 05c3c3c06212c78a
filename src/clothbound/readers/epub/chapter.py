"""Makes the HTML of one chapter out of its pieces: without the book's own matter, with notes, links and pictures that
``html/read`` understands.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec

from ...console_text import format_count
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...epub_names import file_key_of
from ...escape import attribute
from ...lazy_pattern import lazy_pattern
from ...model.plain_text import letters_and_digits
from ...web.html_elements import HEADINGS
from . import own_book
from .archive_paths import ArchivePaths
from .book_places import Place
from .markup import (
    clean,
    flatten_code,
    is_drawing,
    remove_hidden,
    replace_by_picture,
    resolve_drawing,
    resolve_switch,
    shape,
)
from .notes import (
    AFTER_NUMBER,
    BACKLINKS,
    LISTS_OF_NOTES,
    MARK,
    NUMBER,
    Note,
    label_of,
    note_element,
    says_way_back,
)
from .outline import Chapter
from .page_marks import is_page_break
from .styles import DocumentStyles
from .titles import chapter_lines, heading_text, is_marked_up, is_number, subtitle_of
from .xhtml import (
    Element,
    ancestors_in,
    classes_of,
    count_words,
    elements_by_id,
    has_content,
    html_in,
    iter_elements,
    parse_fragment,
    remove_element,
    remove_empty,
    text_of,
    types_of,
    unwrap_element,
    words_of,
)

_HEAD_ELEMENTS = ("link", "meta")
_HEADING_OF_NOTES = "the heading of the notes left out: products have their own"
_LONGEST_HEADING = 5
_LONGEST_MARK = 8
_LONGEST_MESSAGE = 1000
_SIGN_OF_WAYS = lazy_pattern(r"\s*[\^↑↩]\s*")
"""Matches the sign before several links from a note to its marks, as Wikipedia has it: ``^ a b``."""


class Book(msgspec.Struct):
    """What a chapter must know of the others."""

    paths: ArchivePaths
    place_of: Callable[[str, str], Place | None]
    notes: dict[tuple[str, str], Note]
    notes_of: dict[str, list[str]]
    """The ids of the notes in each document, in order."""
    targets: frozenset[tuple[str, str]]
    """The places to which a link of the book leads."""
    folder: str
    """The folder of the archive from which pictures are looked for."""
    is_own: bool
    documents: frozenset[str]
    """The documents in the reading order."""
    styles_of: Callable[[str], DocumentStyles]
    """Returns the styles of a document."""

    def name_of(self, path: str) -> str:
        """Returns the path of a picture from the folder from which pictures are looked for."""
        return path.removeprefix(f"{self.folder}/") if self.folder else path


class ChapterText(NamedTuple):
    """A chapter as HTML, with what its pieces say of it."""

    html: str
    title: str
    subtitle: str
    findings: tuple[Diagnostic, ...] = ()
    is_list_of_notes: bool = False
    """Whether nothing is left of the pieces, since all of their words are notes of chapters."""


def make_text(chapter: Chapter, pieces: list[tuple[str, Element]], book: Book) -> ChapterText:
    """Returns the HTML of a chapter. ``pieces`` are its bodies, each with its document."""
    maker = _Maker(chapter, book)
    return maker.make(pieces)


class _Maker:
    def __init__(self, chapter: Chapter, book: Book) -> None:
        self._chapter = chapter
        self._book = book
        self.findings: list[Diagnostic] = []
        self._notes: dict[Note, str] = {}
        """The names of this chapter's notes; several ids may stand for one note."""
        self._note_names: set[str] = set()
        self._pages: list[str] = []
        """The marks of printed pages that were left out."""
        self._takes_notes = False
        self._marked_pictures = 0
        self._ways_back: list[tuple[str, str]] = []
        """The words and the addresses of links from notes to their marks, which were left out."""

    def make(self, pieces: list[tuple[str, Element]]) -> ChapterText:
        """Returns the text of the chapter."""
        title, subtitle = self._chapter.title, ""
        texts = []
        for number, (file, body) in enumerate(pieces):
            if self._book.is_own:
                own_book.undo(body)
            self._prepare(body)
            if number == 0:
                title, subtitle = self._take_title(body)
            self._convert(body, file)
            texts.append(html_in(body) if has_content(body) else "")
        notes = self._write_notes()
        self._report_marks()
        is_empty = self._takes_notes and not notes and not any(texts)
        return ChapterText(
            "\n".join(texts) + notes, title, subtitle, tuple(self.findings), is_empty
        )

    def _report(self, message: str, text: str, code: DiagnosticCode | None = None) -> None:
        """Reports what was left out. ``text`` are its words."""
        self.findings.append(
            Diagnostic(
                code or DiagnosticCode.NODE_CHROME,
                message,
                self._chapter.source,
                severity=Severity.INFO,
                text=text,
            )
        )

    def _report_marks(self) -> None:
        if self._pages:
            told = format_count(len(self._pages), "mark")
            self._report(f"{told} of printed pages left out", " ".join(self._pages))
        if self._ways_back and not self._book.is_own:
            told = format_count(len(self._ways_back), "link")
            places = ", ".join(address for _, address in self._ways_back)[:_LONGEST_MESSAGE]
            words = " ".join(text for text, _ in self._ways_back)
            self._report(f"{told} from notes to their marks left out: {places}", words)
        if self._marked_pictures:
            told = format_count(self._marked_pictures, "picture")
            self._report(f"{told} that marked notes left out: products number them", "")

    def _prepare(self, body: Element) -> None:
        for element in iter_elements(body, _HEAD_ELEMENTS):
            remove_element(element)
        for nav in iter_elements(body, ("nav",)):
            if words := words_of(nav):
                self._report("a list of contents within the text left out", words)
            remove_element(nav)
        for element in iter_elements(body, ("switch",)):
            resolve_switch(element)
        for element in list(body.iter()):
            if element is not body and is_page_break(element):
                self._pages.append(text_of(element))
                remove_element(element)

    # the title

    def _take_title(self, body: Element) -> tuple[str, str]:
        """Returns the title and the subtitle, and removes the lines that say them."""
        title = self._chapter.title
        labels, headings = chapter_lines(body, "" if self._book.is_own else title)
        texts = [heading_text(heading, self._is_mark) for heading in headings]
        if (
            len(headings) > 1
            and is_number(texts[0])
            and letters_and_digits(texts[1]) == letters_and_digits(title)
        ):
            labels, headings, texts = [*labels, headings[0]], headings[1:], texts[1:]
        for count in range(len(headings), 0, -1):
            said, wanted = letters_and_digits("".join(texts[:count])), letters_and_digits(title)
            if not said:
                continue
            if said == wanted or (wanted and said in wanted) or (count == 1 and wanted in said):
                if not all(self._can_go(heading) for heading in headings[:count]):
                    break
                is_better = len(said) >= len(wanted) or not self._chapter.is_listed
                title = texts[0] if count == 1 and is_better else title
                self._take(headings[:count], body)
                self._take_labels(labels, title, body)
                break
        subtitle = ""
        element = subtitle_of(body)
        if element is not None and self._can_go(element):
            subtitle = text_of(element)
            self._take([element], body)
        return title, subtitle

    def _take(self, lines: list[Element], body: Element) -> None:
        for line in lines:
            if readings := " ".join(map(text_of, line.iter("rt"))):
                self._report("the readings of ruby in a title left out", readings)
            parent = line.getparent()
            remove_element(line)
            remove_empty(parent, body)

    def _take_labels(self, labels: list[Element], title: str, body: Element) -> None:
        """Removes lines that number the chapter, above a title that was taken."""
        for label in labels:
            if self._can_go(label):
                words = text_of(label)
                if not letters_and_digits(title).startswith(letters_and_digits(words)):
                    self._report(f"the number of the chapter left out: {words}", words)
                self._take([label], body)

    def _can_go(self, heading: Element) -> bool:
        """Returns whether a heading is words alone, as a title is.

        Marks of notes in it are moved to the beginning of the next paragraph.
        """
        if next(heading.iter("img", "image", "math"), None) is not None:
            return False
        marks = [link for link in iter_elements(heading, ("a",)) if self._is_mark(link)]
        if not marks:
            return True
        following = next(iter(heading.xpath("following::p[1]")), None)
        if following is None:
            return False
        for mark in marks:
            remove_element(mark)
        text, following.text = following.text or "", None
        for position, mark in enumerate(marks):
            following.insert(position, mark)
        marks[-1].tail = f" {text}"
        self._report("the mark of a note was moved from the title to the text", "")
        return True

    def _is_mark(self, link: Element) -> bool:
        if is_marked_up(link):
            return True
        file = self._chapter.segments[0].file
        path, name = self._book.paths.resolve(link.get("href", ""), file)
        return (path or file, name) in self._book.notes

    # the text

    def _convert(self, body: Element, file: str) -> None:
        self._remove_notes(body, file)
        if not self._book.is_own and (words := remove_hidden(body, self._book.styles_of(file))):
            self._report("a passage that the book hides left out", words)
        if not self._book.is_own:
            self._flatten_code(body, file)
        self._convert_pictures(body, file)
        for link in iter_elements(body, ("a",)):
            self._convert_link(link, file)
        if not self._book.is_own:
            shape(body, self._book.styles_of(file))
        for element in list(body.iter()):
            if element is not body:
                self._clean(element, file)

    def _remove_notes(self, body: Element, file: str) -> None:
        if file not in self._book.notes_of:
            return
        removed: list[Element] = []
        for name, element in elements_by_id(body).items():
            found = note_element(element, body) if (file, name) in self._book.notes else None
            if found is not None and found.getparent() is not None:
                parent = found.getparent()
                beside = found.getprevious()
                if beside is not None and label_of(beside) is not None:
                    remove_element(beside)
                remove_element(found)
                removed.append(parent)
        self._takes_notes = self._takes_notes or bool(removed)
        for parent in removed:
            self._remove_rest(parent, body)
        if removed:
            self._remove_bold_heading(body)

    def _remove_bold_heading(self, body: Element) -> None:
        """Removes a paragraph in bold, once nothing else remains of a page of notes."""
        words = text_of(body)
        if (
            not words
            or count_words(words) > _LONGEST_HEADING
            or any(True for _ in body.iter("img"))
        ):
            return
        heading = next((e for e in body.iter("b", "strong") if text_of(e) == words), None)
        if heading is not None:
            self._report(_HEADING_OF_NOTES, words_of(body))
            remove_element(heading)

    def _remove_rest(self, parent: Element, body: Element) -> None:
        """Removes what stood around notes, once only a heading or a rule remains of it."""
        for element in [parent, *ancestors_in(parent, body)]:
            if element is body or element.getparent() is None:
                return
            is_list = bool(LISTS_OF_NOTES & types_of(element)) or any(
                "note" in name.lower() for name in classes_of(element)
            )
            heading_words = sum(count_words(text_of(h)) for h in element.iter(*HEADINGS))
            if not has_content(element) or (
                is_list and count_words(text_of(element)) <= heading_words
            ):
                if words := words_of(element):
                    self._report(_HEADING_OF_NOTES, words)
                remove_element(element)

    def _flatten_code(self, body: Element, file: str) -> None:
        pictures, links = flatten_code(body)
        for src in pictures:
            name = self._book.name_of(self._book.paths.resolve(src, file)[0]) or src
            message = f"the picture {name[:200]} in code was written as its words"
            self._report(message, "")
        for href in links:
            message = f"a link in code left out; its text is kept: {href[:200]}"
            self._report(message, "", DiagnosticCode.LINK_UNRESOLVED)

    def _convert_pictures(self, body: Element, file: str) -> None:
        for drawing in iter_elements(body, ("svg",)):
            resolve_drawing(drawing)
        for drawing in iter_elements(body, ("svg",)):
            for picture in drawing.iter("image"):
                picture.set("href", self._picture(picture.get("href", ""), file))
        for element in iter_elements(body, ("object",)):
            if element.get("type", "").startswith("image/") and element.get("data"):
                replace_by_picture(element, element.get("data"), text_of(element))
        for element in iter_elements(body, ("img", "video", "audio", "source")):
            for name in ("src", "poster"):
                if element.get(name):
                    element.set(name, self._picture(element.get(name), file))

    def _picture(self, src: str, file: str) -> str:
        path = self._book.paths.resolve(src, file)[0]
        return quote(self._book.name_of(path)) if path else src

    def _convert_link(self, link: Element, file: str) -> None:
        href = link.get("href", "")
        name = link.get("name")
        if name and not link.get("id"):
            link.set("id", name)
        path, fragment = self._book.paths.resolve(href, file) if href else ("", "")
        if not path and not href.startswith("#"):
            return
        place = (path or file, fragment)
        if place in self._book.notes and not (BACKLINKS & types_of(link)):
            self._write_mark(link, place)
            return
        found = self._book.place_of(*place)
        if found is None:
            # A page that is not read, such as the contents.
            self._report_unlinked(link, place[0])
            self._unlink(link)
            return
        source = self._chapter.source
        if found.source == source:
            if found.name:
                link.set("href", f"#{found.name}")
            else:
                link.set("href", quote(posixpath.basename(source)))
            return
        relative = posixpath.relpath(found.source, posixpath.dirname(source) or ".")
        link.set("href", quote(relative) + (f"#{quote(found.name)}" if found.name else ""))

    def _report_unlinked(self, link: Element, file: str) -> None:
        words = text_of(link)
        if words and file in self._book.documents:
            message = f"a link to {file[:120]}, which is not read, was left out; its text is kept"
            self._report(message, words[:200], DiagnosticCode.LINK_UNRESOLVED)
        elif words:
            message = (
                f"a link to {file[:120]}, which the book lacks, was left out; its text is kept"
            )
            self._report(message, words[:200], DiagnosticCode.LINK_UNRESOLVED)

    def _unlink(self, link: Element) -> None:
        if link.get("id"):
            link.attrib.pop("href", None)
            link.tag = "span"
        else:
            unwrap_element(link)

    def _write_mark(self, link: Element, place: tuple[str, str]) -> None:
        """Makes a mark of a link to a note. Words that it has besides a number stay before the mark."""
        name = self._name_note(place)
        text = text_of(link)
        is_raised = link.getparent().tag == "sup" or link.find("sup") is not None
        is_number = len(text) < _LONGEST_MARK and (
            is_raised or MARK.fullmatch(text) is not None or not text.isalpha()
        )
        if not self._book.is_own and text and not is_number:
            mark = parse_fragment("<a>1</a>")
            link.append(mark)
            unwrap_element(link)
        else:
            self._marked_pictures += next(link.iter("img"), None) is not None
            parent = link.getparent()
            if parent.tag in ("sup", "span") and text_of(parent) == text:
                unwrap_element(parent)
            mark, tail = link, link.tail
            mark.clear()
            mark.text, mark.tail = text if 0 < len(text) < _LONGEST_MARK else "1", tail
        mark.set("href", f"#fn-{name}")

    def _name_note(self, place: tuple[str, str]) -> str:
        note = self._book.notes[place]
        known = self._notes.get(note)
        if known is None:
            known, number = note.name, 2
            while known in self._note_names:
                known, number = f"{note.name}-{number}", number + 1
            self._notes[note] = known
            self._note_names.add(known)
        return known

    def _write_notes(self) -> str:
        """Returns the notes that have marks in this chapter, and those of a book of our own without one."""
        if self._book.is_own:
            file = self._chapter.segments[0].file
            for name in self._book.notes_of.get(file, ()):
                self._name_note((file, name))
        if not self._notes:
            return ""
        parts: dict[str, str] = {}
        while len(parts) < len(self._notes):
            # A note may have marks of others, which are added behind the last.
            for note, name in list(islice(self._notes.items(), len(parts), None)):
                parts[name] = self._write_note(note, name)
        # In a book of our own, the notes stand in the order of the post.
        order = list(parts)
        if self._book.is_own:
            first = self._chapter.segments[0].file
            own = [self._book.notes[first, n].name for n in self._book.notes_of.get(first, ())]
            numbers = {name: number for number, name in enumerate(own)}
            order.sort(key=lambda name: numbers.get(name, 0))
        items = "".join(parts[name] for name in order)
        return f'<section role="doc-endnotes"><ol>{items}</ol></section>'

    def _write_note(self, note: Note, name: str) -> str:
        element = parse_fragment(note.markup)
        holder = parse_fragment("<div/>")
        if element.tag in ("p",):
            holder.append(element)
        else:
            holder = element
            holder.tag = "div"
        self._remove_backlinks(holder, note)
        if self._book.is_own:
            own_book.undo(holder)
        self._prepare(holder)
        self._convert_pictures(holder, note.file)
        for link in iter_elements(holder, ("a",)):
            self._convert_link(link, note.file)
        for part in list(holder.iter()):
            if part is not holder:
                self._clean(part, note.file)
                if part.get("id") == note.name:
                    del part.attrib["id"]
        return f'<li id="{attribute(f"fn-{name}")}" role="doc-footnote">{html_in(holder)}</li>'

    def _remove_backlinks(self, holder: Element, note: Note) -> None:
        removed = any_back = False
        for link in iter_elements(holder, ("a",)):
            path, name = self._book.paths.resolve(link.get("href", ""), note.file)
            text = text_of(link)
            is_back = bool(BACKLINKS & types_of(link))
            place = (path or note.file, name)
            if not is_back and link.get("href") and place not in self._book.notes:
                is_back = says_way_back(text)
            if not link.get("href") and not text:
                unwrap_element(link)
                continue
            if is_back:
                parent = link.getparent()
                is_first = text_of(holder).startswith(text) and text != ""
                if any(map(str.isalpha, text)):
                    self._ways_back.append((text, path or f"#{name}"))
                _remove_brackets(link)
                remove_element(link)
                any_back = True
                if is_first:
                    removed = True
                    _strip_start(holder, AFTER_NUMBER)
                elif (
                    parent is not None
                    and parent.tag in ("sup", "span", "p")
                    and not has_content(parent)
                ):
                    remove_element(parent)
        if any_back:
            _strip_start(holder, _SIGN_OF_WAYS)
        if not removed:
            first = text_of(holder)
            found = NUMBER.match(first)
            if found and (self._book.is_own or not found[0].strip()[:1].isalpha()):
                _strip_start(holder, NUMBER)

    # attributes

    def _clean(self, element: Element, file: str) -> None:
        if self._book.is_own:
            own_book.clean(element, file_key_of(file))
            return
        identifier = element.get("id")
        if identifier and (file, identifier) not in self._book.targets and not is_drawing(element):
            del element.attrib["id"]
        clean(element, self._book.styles_of(file))


def _remove_brackets(link: Element) -> None:
    """Removes the brackets around a link."""
    previous, parent = link.getprevious(), link.getparent()
    before = parent.text if previous is None else previous.tail
    start, end = (before or "").rstrip(), (link.tail or "").lstrip()
    if (start[-1:], end[:1]) not in (("[", "]"), ("(", ")")):
        return
    link.tail = end[1:]
    if previous is None:
        parent.text = start[:-1]
    else:
        previous.tail = start[:-1]


def _strip_start(holder: Element, pattern: Any) -> None:
    """Removes what matches at the beginning of the text."""
    for element in holder.iter():
        if element.text and element.text.strip():
            element.text = _without_start(element.text, pattern)
            return
        if element is not holder and len(element) == 0 and (element.tail or "").strip():
            element.tail = _without_start(element.tail, pattern)
            return


def _without_start(text: str, pattern: Any) -> str:
    found = pattern.match(text)
    return text[found.end() :] if found else text
