"""Finds the notes of a book, and the links that are their marks."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from ... import epub_names
from ...lazy_pattern import lazy_pattern
from ...web.html_elements import HEADINGS
from .xhtml import (
    Element,
    ancestors_in,
    begins_block,
    classes_of,
    count_words,
    elements_by_id,
    has_content,
    is_block,
    store_fragment,
    text_of,
    types_of,
)

NOTES = frozenset({"footnote", "endnote", "rearnote", "note"})
"""The terms for one note."""
LISTS_OF_NOTES = frozenset({"footnotes", "endnotes", "rearnotes", "notes"})
MARKS = frozenset({"noteref"})
BACKLINKS = frozenset({"backlink", "referrer"})
NUMBER = lazy_pattern(r"\s*[\[(]?(?:\d{1,4}|[*†‡§¶#]{1,4}|[ivxlcdm]{1,6}|[a-z])[\])]?[.:]?\s+", 2)
"""Matches the number with which a note begins."""
AFTER_NUMBER = lazy_pattern(r"\s*[\].):]?\s*")
MARK = lazy_pattern(
    r"[\[(]?(?:(?:note|fn|n)[. ]?)?(?:\d{1,4}|[ivxlcdm]{1,6}|[a-z]|[*†‡§¶#‖]{1,4})[\])]?[.:]?", 2
)
"""Matches the text of a mark: a number, a letter or a sign."""
_WAY_BACK = lazy_pattern(
    r"(?:(?:go|jump)\s+)?(?:back|return|retour|zurück|terug|volver|voltar|indietro|tillbaka|tilbake|tilbage|назад|戻る|返回)"
    r"(?:\s+(?:to|the|main|text|top|note|reference|au|texte|zum|al|texto|testo|naar|de|tekst|till|texten|til|к|тексту))*[.]?",
    2,
)
"""Matches the words of a link from a note to its mark."""
_LONGEST_SIGN = 12
_NOTE_CLASS = lazy_pattern(
    r"(?:(?:sd|duokan-|mso)?(?:foot|end|rear))?-?notes?(?:[-_]?(?:text|entry|body|item|\d+))?", 2
)


class Note(NamedTuple):
    """A note of the book, as its document has it."""

    markup: str
    file: str
    words: int
    name: str


def note_element(element: Element, body: Element) -> Element | None:
    """Returns the element that is a note, which has the id of ``element``; None if it is none."""
    around = [element, *ancestors_in(element, body)]
    if any(e.tag in HEADINGS for e in around):
        return None
    for candidate in around:
        if NOTES & types_of(candidate) and is_block(candidate):
            return candidate
    for candidate in around:
        if (label := label_of(candidate)) is not None:
            return label.getnext()
    for candidate in around:
        if candidate.tag == "li":
            return candidate
    for candidate in around:
        is_called_so = any(_NOTE_CLASS.fullmatch(name) for name in classes_of(candidate))
        if candidate.tag in ("div", "aside", "p", "dd") and is_called_so and _holds_one(candidate):
            return candidate
    return next((e for e in around if e.tag in ("p", "dd", "div", "td", "aside")), None)


def label_of(element: Element) -> Element | None:
    """Returns the cell or term that has only the number of a note, whose text stands beside it.

    ``element`` is that cell or term, or its row.
    """
    if element.tag == "tr" and len(element):
        element = element[0]
    beside = element.getnext() if element.tag in ("dt", "td", "th") else None
    if beside is None or beside.tag not in ("dd", "td") or not has_content(beside):
        return None
    return element if NUMBER.fullmatch(f"{text_of(element)} ") else None


def is_called_note(element: Element, body: Element) -> bool:
    """Returns whether an element is a note, or lies in a list of notes, by terms or by classes."""
    for each in (element, *ancestors_in(element, body)):
        if (NOTES | LISTS_OF_NOTES) & types_of(each):
            return True
        if any(map(_NOTE_CLASS.fullmatch, classes_of(each))):
            return True
    return False


def _holds_one(element: Element) -> bool:
    """Returns whether an element has one note at most: not several blocks with ids of their own."""
    own = (e for e in element if is_block(e) and any(x.get("id") for x in e.iter()))
    return next(islice(own, 1, None), None) is None  # a list of notes has thousands


def collect_notes(
    file: str, body: Element, names: Iterable[str], *, is_own: bool
) -> dict[tuple[str, str], Note]:
    """Returns the notes of a document by their places, in order."""
    by_id = elements_by_id(body)
    wanted = set(names)
    if is_own:
        wanted |= {
            e.get("id") for e in body.iter("aside") if e.get("id") and "footnote" in types_of(e)
        }
    places: dict[Element, list[str]] = {}
    for name, element in by_id.items():
        note = note_element(element, body) if name in wanted else None
        if note is not None and note is not body and has_content(note):
            places.setdefault(note, []).append(name)
    found: dict[tuple[str, str], Note] = {}
    for note, own in places.items():
        # A block with several notes, one behind the other, stays text to which links lead.
        if not NOTES & types_of(note) and not all(_is_at_edge(by_id[name], note) for name in own):
            continue
        short = epub_names.node_id_of(epub_names.file_key_of(file), own[0]) if is_own else own[0]
        stored = Note(store_fragment(note), file, count_words(text_of(note)), short)
        found |= {(file, name): stored for name in own}
    return found


def _is_at_edge(element: Element, note: Element) -> bool:
    """Returns whether an element is where notes have their ids: at their beginning, or on the sign at their end."""
    if note not in (element, *element.iterancestors()):
        return True  # its number stands beside it
    return begins_block(element, note) or not any(map(str.isalnum, text_of(element)))


def says_way_back(text: str) -> bool:
    """Returns whether the text of a link in a note may lead back to the mark: a number, a sign, words for it."""
    if not any(map(str.isalnum, text)):
        return len(text) <= _LONGEST_SIGN
    return (
        NUMBER.fullmatch(f"{text} ") is not None
        or _WAY_BACK.fullmatch(text.strip("[]() ")) is not None
    )
