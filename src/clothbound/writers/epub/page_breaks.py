"""Marks the beginnings of printed pages in the chapters.

Sources: EPUB 3.3, section 7.4.3 (page-list); EPUB Accessibility 1.1, section 4 (page markers);
DPUB-ARIA 1.1, ``doc-pagebreak``; the report of W3C's Publishing Community Group on page sources
(2023).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...escape import attribute
from ...lazy_pattern import lazy_pattern
from ...model.post import Footnote
from ...page_list import PagePlace, PageStart, PrintedPages

_TOKEN = lazy_pattern(r"<!--.*?-->|<(/?)([a-zA-Z][\w:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.S)
_RUN = lazy_pattern(r"\S+")
_NO_LETTER = lazy_pattern(r"&\w+;|&#\w+;|[\W_]+")
# Elements whose words do not count, or that must not contain a mark.
_CLOSED = frozenset({"math", "svg", "select", "ruby"})
# Matches a link whose text is the number of a note.
_NUMBER = lazy_pattern(r'epub:type="(?:noteref|backlink)"')
# A mark goes inside the beginning of these elements, since style sheets would indent a paragraph
# that does not directly follow a heading.
_OPENING = lazy_pattern(r"\s*(?:<(?:blockquote|ul|ol)\b[^<>]*>\s*)?<(?:p|li)\b[^<>]*>")


def page_id(label: str) -> str:
    """Returns the id of the mark of a printed page."""
    return f"page-{label}"


def mark(start: PageStart) -> str:
    """Returns an empty element that marks the beginning of a page."""
    label = attribute(start.label)
    return (
        f'<span epub:type="pagebreak" role="doc-pagebreak" id="{page_id(label)}"'
        f' aria-label="{label}"></span>'
    )


def marks(starts: Sequence[PageStart]) -> str:
    """Returns the marks of several pages."""
    return "".join(map(mark, starts))


@dataclass(slots=True)
class PageBreaks:
    """The page starts of a whole book, by place."""

    _starts: dict[tuple[PagePlace, str], list[PageStart]] = field(default_factory=dict)

    @classmethod
    def of(cls, pages: PrintedPages | None) -> PageBreaks:
        breaks = cls()
        for start in pages.starts if pages else ():
            breaks._starts.setdefault((start.place, start.key), []).append(start)
        return breaks

    def at(self, place: PagePlace, key: str = "") -> Sequence[PageStart]:
        """Returns the pages that begin in a place, in order."""
        return self._starts.get((place, key), ())

    def before(self, place: PagePlace, key: str = "") -> Sequence[PageStart]:
        """Returns the page that begins with a page around the chapters, but not its continuations."""
        return [start for start in self.at(place, key) if not start.share][:1]


class ChapterBreaks:
    """Inserts the marks of one chapter into its markup while it is written."""

    def __init__(self, starts: Sequence[PageStart]) -> None:
        self._starts = starts
        self.placed: list[str] = []
        """The labels of the pages that are marked."""

    def opener(self) -> str:
        """Returns the marks before the chapter's opener."""
        return marks(self._record([s for s in self._starts if s.block < 0 and not s.note]))

    def block(self, number: int, markup: str) -> str:
        """Returns the markup of a block with its marks."""
        if not self._starts:  # Most books name no pages of a printed edition.
            return markup
        found = [s for s in self._starts if s.block == number and not s.note]
        return _insert_marks(markup, self._record(found))

    def after(self, blocks: int) -> str:
        """Returns the marks after a chapter's text of this many blocks."""
        return marks(self._record([s for s in self._starts if s.block >= blocks and not s.note]))

    def note(self, note: Footnote, markup: str) -> str:
        return _insert_marks(markup, self._record([s for s in self._starts if s.note == note.id]))

    def _record(self, starts: list[PageStart]) -> list[PageStart]:
        self.placed.extend(start.label for start in starts)
        return starts


def _insert_marks(markup: str, starts: Sequence[PageStart]) -> str:
    if not starts:
        return markup
    runs = _split_runs(markup) if any(start.share for start in starts) else []
    whole = runs[-1].letters_after if runs else 0
    places: list[tuple[int, str]] = []
    for start in starts:
        wanted = round(start.share * whole)
        position = next((r.position for r in runs if r.letters_before >= wanted), len(markup))
        if not wanted:
            opening = _OPENING.match(markup)
            position = opening.end() if opening else 0
        elif runs and position == len(markup):
            position = runs[-1].position
        places.append((position, mark(start)))
    for position, text in reversed(places):
        markup = markup[:position] + text + markup[position:]
    return markup


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of characters without spaces. Only hyphenation splits it across pages."""

    position: int
    letters_before: int
    letters_after: int


def _split_runs(markup: str) -> list[_Run]:
    runs: list[_Run] = []
    letters = 0
    closed = 0
    end = 0
    for token in [*_TOKEN.finditer(markup), None]:
        if not closed:
            text = markup[end : token.start() if token else len(markup)]
            for run in _RUN.finditer(text):
                count = len(_NO_LETTER.sub("", run[0]))
                if count:
                    runs.append(_Run(end + run.start(), letters, letters + count))
                    letters += count
        if token is None:
            break
        end = token.end()
        name = token[2]
        if name and not token[0].endswith("/>"):
            is_closed = name in _CLOSED or bool(_NUMBER.search(token[3]))
            if closed or (is_closed and not token[1]):
                closed += -1 if token[1] else 1
    return runs
