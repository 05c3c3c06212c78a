"""Reads a book: its package, its documents, and the chapters that these become."""

from __future__ import annotations

import posixpath
from collections import deque
from collections.abc import Iterator
from functools import partial

import msgspec

from ... import epub_names as names
from ...context import Context
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...errors import ReadError
from ...limits import Limits
from ...model.collection import Collection, Part, Role
from ...model.language_tags import language_tag
from ...model.plain_text import letters_and_digits
from ...model.post import Metadata, Post
from ...model.slugs import ascii_slug
from ...progress import READING, counted
from ..entries import Entries, EntryText
from ..export_files import Files
from ..html_post import post_of
from ..packed_files import with_packed_files
from ..text_files import BadPostError, bad_post
from . import own_book
from .book_places import BookPlaces
from .chapter import Book, make_text
from .documents import Documents
from .notes import Note, collect_notes
from .outline import (
    COVER,
    LIST_OF_NOTES,
    ON_TITLE_PAGE,
    Chapter,
    Outline,
    is_title_page,
    make_outline,
    parts_of,
)
from .package import BookPackage, read_horizontally, read_package
from .styles import DocumentStyles, StyleSheets
from .survey import DocumentFacts, NoteFinder, survey_document
from .titles import is_label
from .xhtml import (
    Element,
    ancestors_in,
    classes_of,
    elements_by_id,
    is_block,
    split_before,
    text_of,
    words_of,
)

_SHOWN = 3


def read_book(files: Files, context: Context, path: str) -> Collection:
    """Returns the posts of a book; see ``EpubReader.read``. ``path`` is that of its file; empty for bytes."""
    called = files.name
    package = read_package(files, called)
    if not package.spine:
        raise ReadError("has no document in its reading order", source=called)
    findings = [*files.findings, *package.findings]
    documents = Documents(files, package.pictures)
    facts = _survey(documents, package, findings)
    finder = NoteFinder(facts)
    notes = _find_notes(documents, package, facts, finder.find())
    outline = make_outline(package, facts, _words_of(notes))
    package.cover = package.cover or _picture_of_cover(documents, package, outline)
    reader = _Reader(documents, files, package, facts, outline, notes, finder.marks)
    entries, roles = Entries(), dict[str, Role]()
    for chapter in counted(outline.chapters, READING, context.run.progress):
        reader.read_chapter(chapter, entries)
    findings += [*_report_left_out(documents, package, outline, facts), *reader.all_findings]
    make = partial(make_chapter, files=files, folder=reader.book.folder, limits=context.run.limits)
    info = msgspec.structs.replace(package.info, isbn=_written_isbn(documents, package))
    if package.cover and path:
        info = msgspec.structs.replace(info, cover=f"{path}/{package.cover}")
    elif package.cover:
        message = "the cover is taken from a book in a file alone"
        findings.append(Diagnostic(DiagnosticCode.COVER_UNUSED, message, package.cover))
    collection = entries.collection(make, info, diagnostics=findings)
    keys = {m.source: m.key for m in collection.index}
    roles = {keys[c.source]: c.role for c in outline.chapters if c.role and c.source in keys}
    parts = tuple(
        Part(title, tuple(keys[c.source] for c in chapters if c.source in keys))
        for title, chapters in parts_of(outline.chapters)
        if title
    )
    return msgspec.structs.replace(
        collection,
        parts=tuple(part for part in parts if part.keys),
        roles=roles,
        extra=package.extra,
        title_years=_title_years(documents, package),
    )


def _title_years(documents: Documents, package: BookPackage) -> str:
    """Returns the years that clothbound put at the end of a title: its title page has them as the second line."""
    if package.info.subtitle:
        return ""
    lines = [
        text_of(p)
        for p in _own_page(documents, package, names.TITLE_PAGE)
        if names.SUBTITLE in classes_of(p)
    ]
    line = next(iter(lines), "")
    return line if line and package.info.title.endswith(f" {line}") else ""


def _written_isbn(documents: Documents, package: BookPackage) -> str:
    """Returns the ISBN with the hyphens that the copyright page has."""
    isbn = package.info.isbn
    for line in _own_page(documents, package, names.IMPRINT_PAGE):
        written = text_of(line).removeprefix("ISBN ")
        if written.replace("-", "") == isbn.replace("-", ""):
            return written
    return isbn


def _own_page(documents: Documents, package: BookPackage, name: str) -> list[Element]:
    """Returns the paragraphs of a page around the chapters of a book of our own; none for another book."""
    page = next((n for n in package.spine if posixpath.basename(n) == name), "")
    body = documents.readable_body(page) if package.is_own and page else None
    return [] if body is None else list(body.iter("p"))


def make_chapter(
    text: EntryText, metadata: Metadata, *, files: Files, folder: str, limits: Limits
) -> Post:
    """Converts the HTML of a chapter, whose pictures are in ``files``."""
    post = post_of(text.content, metadata, base=files.base(folder), findings=text.findings)
    return with_packed_files(post, files, folder, limits)


def _survey(
    documents: Documents, package: BookPackage, findings: list[Diagnostic]
) -> dict[str, DocumentFacts]:
    """Returns the facts about the documents of the reading order, and of those outside it to which links lead.

    The latter are read behind the others, and added to ``package.spine``.
    """
    facts: dict[str, DocumentFacts] = {}
    outside = dict.fromkeys(package.others)
    waiting = deque(package.spine)
    while waiting:
        name = waiting.popleft()
        try:
            root, repaired = documents.parse(name)
        except BadPostError as error:
            findings.append(bad_post(name, error))
            continue
        if repaired:
            findings.append(Diagnostic(DiagnosticCode.MARKUP_REPAIRED, repaired, name))
        facts[name] = survey_document(name, root, package.paths)
        for link in facts[name].links:
            if link.target[0] in outside:
                del outside[link.target[0]]
                waiting.append(link.target[0])
                package.spine.append(link.target[0])
                package.secondary.add(link.target[0])
                message = f"not in the reading order, read since {name[:120]} links to it"
                findings.append(_archive_file(link.target[0], message))
    message = "not read: not in the reading order, and no link leads to it"
    findings += [_archive_file(name, message) for name in outside]
    return facts


def _archive_file(name: str, message: str) -> Diagnostic:
    return Diagnostic(DiagnosticCode.ARCHIVE_FILE, message, name, severity=Severity.INFO)


def _find_notes(
    documents: Documents,
    package: BookPackage,
    facts: dict[str, DocumentFacts],
    found: dict[str, set[str]],
) -> dict[tuple[str, str], Note]:
    notes: dict[tuple[str, str], Note] = {}
    for name in package.spine:
        if name not in facts or not (name in found or (package.is_own and facts[name].typed_notes)):
            continue
        body = documents.body(name)
        notes |= collect_notes(name, body, found.get(name, ()), is_own=package.is_own)
    return notes


def _picture_of_cover(documents: Documents, package: BookPackage, outline: Outline) -> str:
    """Returns the picture of the page that is the cover, for a book whose package names no picture."""
    pages = [file for file, reason in outline.left_out.items() if reason == COVER]
    pages += [f for f, kinds in package.places.items() if "cover" in kinds and f in package.others]
    for page in pages[:1] if not package.is_own else ():
        body = documents.readable_body(page)
        sources = [] if body is None else [src for _, src in _pictures_in(body, page, package)]
        if len(sources) == 1 and sources[0] in package.paths.names:
            return sources[0]
    return ""


def _pictures_in(body: Element, file: str, package: BookPackage) -> Iterator[tuple[Element, str]]:
    """Yields the pictures of a document, each with its path, or its address if it is on the network."""
    for picture in body.iter("img", "image"):
        src = picture.get("src") or picture.get("href", "")
        yield picture, package.paths.resolve(src, file)[0] or src


def _report_left_out(
    documents: Documents, package: BookPackage, outline: Outline, facts: dict[str, DocumentFacts]
) -> Iterator[Diagnostic]:
    """Names the documents that are not read, with their words; those of notes stand elsewhere."""
    for file, reason in outline.left_out.items():
        what = reason
        body = documents.body(file)
        pictures = list(_pictures_in(body, file, package))
        words = " ".join((words_of(body), *(picture.get("alt", "") for picture, _ in pictures)))
        if reason == LIST_OF_NOTES:
            words = " ".join(facts[file].headings)
        elif pictures:
            folder = f"{package.folder}/" if package.folder else ""
            shown = (src.removeprefix(folder) for _, src in pictures[:_SHOWN])
            what += f" with {', '.join(shown)}"
        yield _left_out(file, what, words)
    for file, title in outline.part_lines:
        yield _left_out(file, "the title of a part before its first chapter", title)


def _left_out(source: str, reason: str, words: str) -> Diagnostic:
    message = f"{reason} left out"
    code = DiagnosticCode.NODE_CHROME
    return Diagnostic(code, message, source, severity=Severity.INFO, text=words)


def _words_of(notes: dict[tuple[str, str], Note]) -> dict[str, int]:
    """Returns the words of the notes of each document. Several ids may stand for one note."""
    words: dict[str, int] = {}
    for note in set(notes.values()):
        words[note.file] = words.get(note.file, 0) + note.words
    return words


class _Reader:
    """Makes entries of chapters."""

    def __init__(
        self,
        documents: Documents,
        files: Files,
        package: BookPackage,
        facts: dict[str, DocumentFacts],
        outline: Outline,
        notes: dict[tuple[str, str], Note],
        marks: set[tuple[str, str]],
    ) -> None:
        self._documents = documents
        self._package = package
        self._facts = facts
        self._outline = outline
        self._places = BookPlaces(facts, outline, is_own=package.is_own)
        self._sheets = StyleSheets(files, package.paths)
        folder = package.folder
        if folder and any(not name.startswith(f"{folder}/") for name in package.spine):
            folder = ""
        notes_of: dict[str, list[str]] = {}
        for file, name in notes:
            notes_of.setdefault(file, []).append(name)
        self.book = Book(
            package.paths,
            self._places.find,
            notes,
            notes_of,
            self._places.linked(marks),
            folder,
            package.is_own,
            frozenset(package.spine),
            self._styles_of,
        )
        self.findings: list[Diagnostic] = []
        if package.is_fixed:
            message = "a book with fixed layout: its pages are read as their pictures and words in the order of the files"
            code = DiagnosticCode.NODE_SIMPLIFIED
            self.findings.append(
                Diagnostic(code, message, package.spine[0], severity=Severity.INFO)
            )
        self._last: tuple[str, dict[str, Element]] = ("", {})

    def _styles_of(self, file: str) -> DocumentStyles:
        document = self._facts[file]
        return self._sheets.of_document(document.sheets, document.style, file)

    @property
    def all_findings(self) -> list[Diagnostic]:
        """The diagnostics of the chapters and of style sheets."""
        return [*self.findings, *self._sheets.findings]

    def read_chapter(self, chapter: Chapter, entries: Entries) -> None:
        """Adds the entry of a chapter."""
        pieces = []
        for segment in chapter.segments:
            body = self._pieces(segment.file).pop(segment.begin, None)
            if body is not None:
                pieces.append((segment.file, body))
        document = self._facts[chapter.segments[0].file]
        is_first = not chapter.is_listed and not entries and self._outline.cuts.get(document.file)
        if is_first and not self._package.is_own and pieces:
            words = words_of(pieces[0][1])
            if is_title_page(self._package.info, letters_and_digits(words), ON_TITLE_PAGE):
                self._places.leave_out(chapter)
                self.findings.append(_left_out(chapter.source, "the title page", words))
                return
        text = make_text(chapter, pieces, self.book)
        if text.is_list_of_notes:
            self.findings.append(_left_out(chapter.source, LIST_OF_NOTES, text.title))
            self.findings += text.findings
            return
        styles = self._styles_of(document.file)
        if not self._package.is_direction_told and styles.run_down(document.frames):
            self._package.is_direction_told = True
            self.findings.append(read_horizontally("lines run from top to bottom", document.file))
        entries.add(
            self._metadata(chapter, document, text.title, text.subtitle),
            EntryText(text.html, findings=text.findings),
        )

    def _pieces(self, file: str) -> dict[str, Element]:
        """Returns the pieces of a document by the ids at which they begin."""
        if self._last[0] == file:
            return self._last[1]
        body = self._documents.body(file)
        pieces = {}
        by_id = elements_by_id(body)
        # Each cut takes off what is behind it, so that nothing is moved twice.
        for cut in reversed(self._outline.cuts.get(file, [])):
            if cut in by_id:
                pieces[cut] = split_before(body, _first_line(_block_of(by_id[cut], body)))
        pieces[""] = body
        self._last = (file, pieces)
        return pieces

    def _metadata(
        self, chapter: Chapter, document: DocumentFacts, title: str, subtitle: str
    ) -> Metadata:
        language = language_tag(document.language)
        if language == self._package.info.language:
            language = ""
        fields: dict[str, object] = {"title": title, "subtitle": subtitle, "language": language}
        stem, _, begin = posixpath.basename(chapter.source).partition("#")
        fields["key"] = ascii_slug(f"{posixpath.splitext(stem)[0]} {begin}")[:60].strip("-")
        if self._package.is_own:
            fields["title"] = document.title
            fields["key"] = names.file_key_of(chapter.source)
            fields["language"] = ""
            fields |= own_book.read_metadata(document.named)
        return Metadata(source=chapter.source, **fields)  # type: ignore[arg-type]


def _block_of(element: Element, body: Element) -> Element:
    """Returns the block in which a chapter begins: an anchor may lie in its heading."""
    if is_block(element):
        return element
    return next((e for e in ancestors_in(element, body) if is_block(e)), element)


def _first_line(block: Element) -> Element:
    """Returns the first of the lines above a title that are the chapter's number; without any, the title's block."""
    before = block.getprevious()
    while before is not None and is_label(before):
        block, before = before, before.getprevious()
    return block
