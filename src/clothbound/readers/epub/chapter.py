"""Makes the HTML of one chapter out of its pieces: without the book's own matter, with notes, links and pictures that
``html/read`` understands.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote

import msgspec

from ... import epub_names
from ...diagnostics import Diagnostic, DiagnosticCode, Severity
from ...escape import attribute
from ...lazy_pattern import lazy_pattern
from . import own_book
from .outline import Chapter
from .package_xml import join
from .survey import (
    BACKLINKS,
    LISTS_OF_NOTES,
    MARKS,
    heading_text,
    is_page_break,
    leading_headings,
    note_element,
)
from .xhtml import (
    HEADINGS,
    Element,
    ancestors_in,
    classes_of,
    count_words,
    fold,
    has_content,
    html_in,
    is_block,
    iter_elements,
    parse_fragment,
    remove_element,
    remove_empty,
    store_fragment,
    text_of,
    types_of,
    unwrap_element,
)

_HEAD_ELEMENTS = ("link", "meta")
_KEPT_ATTRIBUTES = frozenset(
    "id href src alt title lang dir start type value colspan rowspan span align width height cite datetime poster open "
    "scope alttext display class style xmlns viewBox controls".split()
)
_KEPT_CLASSES = lazy_pattern(
    r"poem|verse|poetry|small-?caps|sc|smallcaps|footnote-ref|pullquote|callout[\w-]*",
    2,
)
_ALIGNMENT = lazy_pattern(r"text-align\s*:\s*(center|right)", 2)
_NUMBER = lazy_pattern(r"\s*[\[(]?(?:\d{1,4}|[*†‡§¶#]{1,4}|[ivxlcdm]{1,6}|[a-z])[\])]?[.:]?\s+", 2)

_AFTER_NUMBER = lazy_pattern(r"\s*[\].):]?\s*")
LazyPattern: TypeAlias = Any


class Note(NamedTuple):
    """A note of the book, as its document has it."""

    markup: str
    file: str
    words: int
    name: str


class Place(NamedTuple):
    """Where a place of the book stands among the posts: a post's source, and an id in it."""

    source: str
    name: str


class Book(msgspec.Struct):
    """What a chapter must know of the others."""

    place_of: Callable[[str, str], Place | None]
    notes: dict[tuple[str, str], Note]
    targets: frozenset[tuple[str, str]]
    """The places to which a link of the book leads."""
    folder: str
    """The folder of the archive from which pictures are looked for."""
    is_own: bool
    documents: frozenset[str]
    """The documents in the reading order."""
    styles: dict[str, dict[str, str]] = {}
    """What the classes of its style sheets say of marks and alignment."""
    pages: int = 0
    """The number of marks of printed pages that were left out."""


class ChapterText(NamedTuple):
    """A chapter as HTML, with what its pieces say of it."""

    html: str
    title: str
    subtitle: str
    findings: tuple[Diagnostic, ...] = ()


def make_text(chapter: Chapter, pieces: list[tuple[str, Element]], book: Book) -> ChapterText:
    """Returns the HTML of a chapter. ``pieces`` are its bodies, each with its document."""
    maker = _Maker(chapter, book)
    html, title, subtitle = maker.make(pieces)
    return ChapterText(html, title, subtitle, tuple(maker.findings))


class _Maker:
    def __init__(self, chapter: Chapter, book: Book) -> None:
        self._chapter = chapter
        self._book = book
        self.findings: list[Diagnostic] = []
        self._notes: dict[tuple[str, str], str] = {}
        """The names of this chapter's notes, by their places."""

    def make(self, pieces: list[tuple[str, Element]]) -> tuple[str, str, str]:
        """Returns the HTML, the title and the subtitle."""
        title, subtitle = self._chapter.title, ""
        texts = []
        for number, (file, body) in enumerate(pieces):
            if self._book.is_own:
                own_book.undo(body)
            self._prepare(body)
            if number == 0:
                title, subtitle = self._take_title(body)
            self._convert(body, file)
            texts.append(html_in(body))
        return "\n".join(texts) + self._write_notes(), title, subtitle

    def _prepare(self, body: Element) -> None:
        for element in iter_elements(body, _HEAD_ELEMENTS):
            remove_element(element)
        for nav in iter_elements(body, ("nav",)):
            remove_element(nav)
        for element in iter_elements(body, ("switch",)):
            _resolve_switch(element)
        for element in list(body.iter()):
            if element is not body and is_page_break(element):
                self._book.pages += 1
                remove_element(element)

    # the title

    def _take_title(self, body: Element) -> tuple[str, str]:
        """Returns the title and the subtitle, and removes the headings that say them."""
        title = self._chapter.title
        headings = leading_headings(body)
        texts = [heading_text(heading) for heading in headings]
        for count in range(len(headings), 0, -1):
            said, wanted = fold("".join(texts[:count])), fold(title)
            if not said:
                continue
            if said == wanted or (wanted and said in wanted) or (count == 1 and wanted in said):
                if any(not self._can_go(heading) for heading in headings[:count]):
                    break
                if len(said) > len(wanted) or (said == wanted and count == 1):
                    title = texts[0] if count == 1 else title
                for heading in headings[:count]:
                    parent = heading.getparent()
                    remove_element(heading)
                    remove_empty(parent, body)
                break
        subtitle = ""
        for element in list(body.iter("p", "h2", "h3", "div"))[:3]:
            if "subtitle" in types_of(element) and self._can_go(element):
                subtitle = text_of(element)
                parent = element.getparent()
                remove_element(element)
                remove_empty(parent, body)
                break
        return title, subtitle

    def _can_go(self, heading: Element) -> bool:
        """Returns whether a heading is words alone: a title has no pictures and no notes."""
        return next(heading.iter("img", "image", "math"), None) is None and not any(
            MARKS & types_of(e) or self._is_mark(e) for e in heading.iter("a")
        )

    def _is_mark(self, link: Element) -> bool:
        file = self._chapter.segments[0].file
        path, name = join(posixpath.dirname(file), link.get("href", ""))
        return (path or file, name) in self._book.notes

    # the text

    def _convert(self, body: Element, file: str) -> None:
        folder = posixpath.dirname(file)
        self._remove_notes(body, file)
        self._convert_pictures(body, folder)
        for link in iter_elements(body, ("a",)):
            self._convert_link(link, file, folder)
        for element in list(body.iter()):
            if element is not body:
                self._clean(element, file)

    def _remove_notes(self, body: Element, file: str) -> None:
        names = [name for there, name in self._book.notes if there == file]
        if not names:
            return
        by_id = {n: e for e in body.iter() for n in (e.get("id"), e.get("name")) if n}
        removed: list[Element] = []
        for name in names:
            element = by_id.get(name)
            found = note_element(element, body) if element is not None else None
            if found is not None and found.getparent() is not None:
                parent = found.getparent()
                remove_element(found)
                removed.append(parent)
        for parent in removed:
            self._remove_rest(parent, body)

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
                remove_element(element)

    def _convert_pictures(self, body: Element, folder: str) -> None:
        for drawing in iter_elements(body, ("svg",)):
            pictures = [e for e in drawing.iter("image") if e.get("href")]
            words = text_of(drawing)
            if len(pictures) == 1 and not any(True for _ in drawing.iter("text")):
                _replace_by_picture(
                    drawing, pictures[0].get("href"), words or drawing.get("aria-label", "")
                )
            else:
                for picture in pictures:
                    picture.set("href", self._picture(picture.get("href"), folder))
        for element in iter_elements(body, ("object",)):
            if element.get("type", "").startswith("image/") and element.get("data"):
                _replace_by_picture(element, element.get("data"), text_of(element))
        for element in iter_elements(body, ("img", "video", "audio", "source")):
            for name in ("src", "poster"):
                if element.get(name):
                    element.set(name, self._picture(element.get(name), folder))

    def _picture(self, src: str, folder: str) -> str:
        path, _ = join(folder, src)
        if not path:
            return src
        root = self._book.folder
        if root and path.startswith(f"{root}/"):
            path = path[len(root) + 1 :]
        return quote(path)

    def _convert_link(self, link: Element, file: str, folder: str) -> None:
        href = link.get("href", "")
        name = link.get("name")
        if name and not link.get("id"):
            link.set("id", name)
        path, fragment = join(folder, href) if href else ("", "")
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
        if file in self._book.documents and text_of(link):
            message = f"a link to {file[:120]}, which is not read, was left out; its text is kept"
            self.findings.append(
                Diagnostic(
                    DiagnosticCode.LINK_UNRESOLVED,
                    message,
                    self._chapter.source,
                    severity=Severity.INFO,
                    text=text_of(link)[:200],
                )
            )

    def _unlink(self, link: Element) -> None:
        if link.get("id"):
            link.attrib.pop("href", None)
            link.tag = "span"
        else:
            unwrap_element(link)

    def _write_mark(self, link: Element, place: tuple[str, str]) -> None:
        name = self._name_note(place)
        for attribute_name in list(link.attrib):
            del link.attrib[attribute_name]
        text = text_of(link)
        parent = link.getparent()
        if parent is not None and parent.tag in ("sup", "span") and text_of(parent) == text:
            unwrap_element(parent)
        for child in list(link):
            link.remove(child)
        link.text = text if len(text) < 8 else "1"
        link.set("href", f"#fn-{name}")

    def _name_note(self, place: tuple[str, str]) -> str:
        known = self._notes.get(place)
        if known is None:
            wanted = self._book.notes[place].name
            known, number = wanted, 2
            while known in self._notes.values():
                known, number = f"{wanted}-{number}", number + 1
            self._notes[place] = known
        return known

    def _write_notes(self) -> str:
        """Returns the notes that have marks in this chapter, and those of a book of our own without one."""
        if self._book.is_own:
            for place in self._book.notes:
                if place[0] == self._chapter.segments[0].file:
                    self._name_note(place)
        if not self._notes:
            return ""
        parts: dict[str, str] = {}
        done: set[tuple[str, str]] = set()
        while len(done) < len(self._notes):
            for place, name in list(self._notes.items()):
                if place not in done:
                    done.add(place)
                    parts[name] = self._write_note(self._book.notes[place], name)
        # In a book of our own, the notes stand in the order of the post.
        order = list(parts)
        if self._book.is_own:
            names = {note.name: n for n, note in enumerate(self._book.notes.values())}
            order.sort(key=lambda name: names.get(name, 0))
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
        self._prepare(holder)
        self._convert_pictures(holder, posixpath.dirname(note.file))
        for link in iter_elements(holder, ("a",)):
            self._convert_link(link, note.file, posixpath.dirname(note.file))
        for part in list(holder.iter()):
            if part is not holder:
                self._clean(part, note.file)
                if part.get("id") == note.name:
                    del part.attrib["id"]
        return f'<li id="{attribute(f"fn-{name}")}" role="doc-footnote">{html_in(holder)}</li>'

    def _remove_backlinks(self, holder: Element, note: Note) -> None:
        removed = False
        for link in iter_elements(holder, ("a",)):
            path, name = join(posixpath.dirname(note.file), link.get("href", ""))
            text = text_of(link)
            is_back = bool(BACKLINKS & types_of(link))
            place = (path or note.file, name)
            if not is_back and link.get("href") and place not in self._book.notes:
                is_back = (
                    len(text) <= 12
                    and not any(len(w) > 6 for w in text.split())
                    and (
                        _NUMBER.fullmatch(f"{text} ") is not None
                        or not any(c.isalnum() for c in text)
                        or text.casefold() in ("back", "return", "zurück", "retour")
                    )
                )
            if not link.get("href") and not text:
                unwrap_element(link)
                continue
            if is_back:
                parent = link.getparent()
                is_first = text_of(holder).startswith(text) and text != ""
                remove_element(link)
                if is_first:
                    removed = True
                    _strip_start(holder, _AFTER_NUMBER)
                elif (
                    parent is not None
                    and parent.tag in ("sup", "span", "p")
                    and not has_content(parent)
                ):
                    remove_element(parent)
        if not removed:
            first = text_of(holder)
            found = _NUMBER.match(first)
            if found and (self._book.is_own or not found[0].strip()[:1].isalpha()):
                _strip_start(holder, _NUMBER)

    # attributes

    def _clean(self, element: Element, file: str) -> None:
        if self._book.is_own:
            own_book.clean(element)
            return
        if element.tag in ("section", "article", "main", "header", "hgroup", "body", "html"):
            element.tag = "div"
        is_graphic = element.tag == "svg" or any(p.tag == "svg" for p in element.iterancestors())
        if (
            is_graphic
            or element.tag == "math"
            or any(p.tag == "math" for p in element.iterancestors())
        ):
            return
        self._apply_style(element)
        identifier = element.get("id")
        if identifier and (file, identifier) not in self._book.targets:
            del element.attrib["id"]
        for name in list(element.attrib):
            if name not in _KEPT_ATTRIBUTES:
                del element.attrib[name]
        is_code = element.tag in ("pre", "code")
        kept = [c for c in classes_of(element) if is_code or _KEPT_CLASSES.fullmatch(c)]
        if kept:
            element.set("class", " ".join(kept))
        elif "class" in element.attrib:
            del element.attrib["class"]
        style = element.attrib.pop("style", "")
        if found := _ALIGNMENT.search(style):
            element.set("style", f"text-align: {found[1]}")
        if element.tag in ("span", "font") and not element.attrib:
            unwrap_element(element)

    def _apply_style(self, element: Element) -> None:
        """Gives an element the marks that its classes mean in the book's style sheets."""
        found: dict[str, str] = {}
        for name in classes_of(element):
            found.update(self._book.styles.get(f".{name}", {}))
            found.update(self._book.styles.get(f"{element.tag}.{name}", {}))
        if not found:
            return
        if element.tag == "span":
            marks = [mark for mark in ("em", "strong", "sup", "sub", "u", "s") if found.get(mark)]
            for mark in marks:
                if element.tag == "span":
                    element.tag = mark
                else:
                    _wrap_content(element, mark)
        elif is_block(element) and element.tag in ("p", "div") and not any(map(is_block, element)):
            for mark in ("em", "strong"):
                if found.get(mark) and has_content(element):
                    _wrap_content(element, mark)
        if (align := found.get("align")) and is_block(element) and "style" not in element.attrib:
            element.set("style", f"text-align: {align}")


def _wrap_content(element: Element, name: str) -> None:
    holder = parse_fragment(f"<{name}/>")
    holder.text, element.text = element.text, None
    for child in list(element):
        holder.append(child)
    element.append(holder)


def _strip_start(holder: Element, pattern: LazyPattern) -> None:
    """Removes what matches at the beginning of the text."""
    for element in holder.iter():
        if element.text and element.text.strip():
            element.text = _without_start(element.text, pattern)
            return
        if element is not holder and len(element) == 0 and (element.tail or "").strip():
            element.tail = _without_start(element.tail, pattern)
            return


def _without_start(text: str, pattern: LazyPattern) -> str:
    found = pattern.match(text)
    return text[found.end() :] if found else text


def _resolve_switch(element: Element) -> None:
    """Replaces ``epub:switch`` by its MathML, else by what it has for every reading system."""
    math = next(element.iter("math"), None)
    default = next((child for child in element if child.tag == "default"), None)
    for child in list(element):
        keeps = child is default if math is None or default is None else math in child.iter()
        if keeps:
            unwrap_element(child)
        else:
            element.remove(child)
    unwrap_element(element)


def _replace_by_picture(element: Element, src: str, words: str) -> None:
    parent = element.getparent()
    picture = parse_fragment(f'<img src="{attribute(src)}" alt="{attribute(words)}"/>')
    picture.tail = element.tail
    parent.replace(element, picture)


def collect_notes(
    file: str, body: Element, names: Iterable[str], *, is_own: bool
) -> dict[tuple[str, str], Note]:
    """Returns the notes of a document by their places, in order."""
    by_id = {n: e for e in body.iter() for n in (e.get("id"), e.get("name")) if n}
    wanted = set(names)
    if is_own:
        wanted |= {
            e.get("id") for e in body.iter("aside") if e.get("id") and "footnote" in types_of(e)
        }
    found: dict[tuple[str, str], Note] = {}
    for name, element in by_id.items():
        if name not in wanted:
            continue
        note = note_element(element, body)
        if note is None or note is body or not has_content(note):
            continue
        short = epub_names.node_id_of(name) if is_own else name
        found[file, name] = Note(store_fragment(note), file, count_words(text_of(note)), short)
    return found
