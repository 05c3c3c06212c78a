"""The index of a printed book: which pages a term stands on, and its lines for WeasyPrint.

WeasyPrint must have laid out the text before the index knows its pages, so a book with an index is laid out twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from ...escape import attribute, escape
from ...language.words import marks_of_own_words
from ...matter import Matter
from ...subject_index import SubjectEntry, SubjectIndex, SubjectPlace
from .chapters import parse_markup

_RANGE = "–"


def place_name(place: SubjectPlace) -> str:
    """Returns the name that a place has in both engines."""
    return f"{place.key}--{place.anchor}"


def join_pages(pages: Iterable[int]) -> list[tuple[int, int]]:
    """Returns the first and the last page of each run of pages."""
    runs: list[tuple[int, int]] = []
    for page in sorted(set(pages)):
        if runs and runs[-1][1] + 1 == page:
            runs[-1] = (runs[-1][0], page)
        else:
            runs.append((page, page))
    return runs


class IndexPages:
    """The lines of an index, which are written again when the pages are known."""

    def __init__(self, subjects: SubjectIndex, matter: Matter, room: Element) -> None:
        """``room`` is the element that holds the lines."""
        self._subjects = subjects
        self._matter = matter
        self._room = room
        self._pages: Mapping[str, int] = {}

    def fill(self, pages: Mapping[str, int]) -> bool:
        """Writes the lines for the pages of all names; returns whether they are others than before."""
        groups = self._subjects.groups()
        known = {
            name: page
            for name, page in pages.items()
            if name in {place_name(p) for group in groups for e in group.entries for p in _all(e)}
        }
        if known == self._pages:
            return False
        self._pages = known
        lines = []
        for group in groups:
            if group.letter:
                lines.append(f'<p class="index-letter">{escape(group.letter)}</p>')
            for entry in group.entries:
                lines.append(self._line(entry, "index-entry"))
                below = self._subjects.sorted(entry.below)
                lines += [self._line(one, "index-sub") for one in below]
            lines[-1] = lines[-1].replace('class="', 'class="index-gap ', 1)
        tree = parse_markup(f"<div>{''.join(lines)}</div>")
        self._room[:] = list(tree)
        return True

    def _line(self, entry: SubjectEntry, kind: str) -> str:
        first: dict[int, str] = {}
        for place in entry.places:
            name = place_name(place)
            if name in self._pages:
                first.setdefault(self._pages[name], name)
        parts = [escape(entry.term)]
        parts += [
            _RANGE.join(_link(first[page], page) for page in dict.fromkeys(run))
            for run in join_pages(first)
        ]
        text = escape(self._matter.words.comma).join(parts)
        for reference in references(entry, self._matter):
            text += f"{escape(self._matter.words.comma)}{self._reference(*reference)}"
        return f'<p class="{kind}">{text}</p>'

    def _reference(self, before: str, term: str, after: str) -> str:
        marks = "".join(f' {n}="{v}"' for n, v in marks_of_own_words(self._matter.language))
        return "".join(
            (
                f"<em{marks}>{escape(before)}</em>" if before else "",
                escape(term),
                f"<em{marks}>{escape(after)}</em>" if after else "",
            )
        )


def references(entry: SubjectEntry, matter: Matter) -> list[tuple[str, str, str]]:
    """Returns the references of a term to others: the words before and behind the term, and the term."""
    words = matter.words
    found = []
    for pattern, terms in ((words.see, entry.see), (words.see_also, entry.see_also)):
        before, after = pattern.split("{term}")
        if terms:
            found.append((before, words.semicolon.join(terms), after))
    return found


def pages_of_names(document: Any) -> dict[str, int]:
    """Returns the number of the page on which each id of a document that WeasyPrint laid out stands."""
    return {name: number for number, page in enumerate(document.pages, 1) for name in page.anchors}


def _all(entry: SubjectEntry) -> Sequence[SubjectPlace]:
    return [*entry.places, *(place for one in entry.below.values() for place in one.places)]


def _link(name: str, page: int) -> str:
    return f'<a href="#{attribute(name)}">{page}</a>'
