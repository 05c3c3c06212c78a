"""Writes the index of an EPUB, whose places are links.

Source: EPUB Indexes 1.0, section 2 (content model) and EPUB Structural Semantics Vocabulary 1.1, "Indexes".
"""

from __future__ import annotations

from itertools import groupby

from ... import epub_names as names
from ...escape import attribute, escape
from ...html.write.marked_scripts import mark_runs
from ...matter import Matter
from ...subject_index import SubjectEntry, SubjectIndex, SubjectPlace
from .content import anchor, chapter_file, own_words_tag, write_document


def write_index_page(
    subjects: SubjectIndex, matter: Matter, titles: dict[str, str], marks: str = ""
) -> str:
    """Returns the index. ``titles`` are those of chapters by key; ``marks`` is the markup of the printed pages that begin
    with it.
    """
    page = _IndexPage(subjects, matter, titles)
    groups = subjects.groups()
    parts = []
    for number, group in enumerate(groups, 1):
        entries = page.entries(group.entries)
        if not group.letter:
            parts.append(f'<section epub:type="index-group">\n{entries}</section>\n')
            continue
        name = f"index-group-{number}"
        parts.append(
            f'<section epub:type="index-group" aria-labelledby="{name}">\n'
            f'<h2 id="{name}">{escape(group.letter)}</h2>\n{entries}</section>\n'
        )
    own = own_words_tag(matter.language)
    body = (
        '<section epub:type="index" role="doc-index" class="index" aria-labelledby="index-title">\n'
        f'{marks}<h1 id="index-title"{own}>{escape(matter.words.index)}</h1>\n{"".join(parts)}</section>\n'
    )
    return write_document(matter.words.index, body, matter.language, body_type="backmatter")


class _IndexPage:
    def __init__(self, subjects: SubjectIndex, matter: Matter, titles: dict[str, str]) -> None:
        self._subjects = subjects
        self._matter = matter
        self._titles = titles
        self._ids = {
            entry.term: f"index-entry-{number}"
            for number, entry in enumerate(
                (entry for group in subjects.groups() for entry in group.entries), 1
            )
        }

    def entries(self, entries: tuple[SubjectEntry, ...]) -> str:
        lines = "".join(
            f'<li epub:type="index-entry" id="{self._ids[entry.term]}">{self._entry(entry)}</li>\n'
            for entry in entries
        )
        return f'<ul epub:type="index-entry-list">\n{lines}</ul>\n'

    def _entry(self, entry: SubjectEntry) -> str:
        words = self._matter.words
        term = mark_runs(entry.term, self._matter.language)
        text = f'<span epub:type="index-term">{term}</span>'
        if entry.places:
            chapters = groupby(entry.places, key=lambda place: place.key)
            locators = words.semicolon.join(
                self._locators(key, list(places)) for key, places in chapters
            )
            text += f'{words.colon}<span epub:type="index-locator-list">{locators}</span>'
        for kind, pattern, terms in (
            ("index-xref-preferred", words.see, entry.see),
            ("index-xref-related", words.see_also, entry.see_also),
        ):
            if terms:
                before, after = pattern.split("{term}")
                links = words.semicolon.join(map(self._reference, terms))
                own = own_words_tag(self._matter.language)
                text += words.comma if kind == "index-xref-preferred" else words.semicolon
                text += f'<span epub:type="{kind}">{_word(before, own)}{links}{_word(after, own)}</span>'
        if entry.below:
            lines = "".join(
                f'<li epub:type="index-entry">{self._entry(one)}</li>\n'
                for one in self._subjects.sorted(entry.below)
            )
            text += f'\n<ul epub:type="index-entry-list">\n{lines}</ul>\n'
        return text

    def _locators(self, key: str, places: list[SubjectPlace]) -> str:
        """Links to the places in a chapter: the first by its title, the others by their numbers."""
        links = []
        for number, place in enumerate(places, 1):
            text = (
                mark_runs(self._titles[key], self._matter.language) if number == 1 else str(number)
            )
            href = f"{chapter_file(key)}#{anchor(key, place.anchor)}"
            links.append(f'<a epub:type="index-locator" href="{attribute(href)}">{text}</a>')
        return self._matter.words.comma.join(links)

    def _reference(self, term: str) -> str:
        name = self._ids.get(self._subjects.term(term), "")
        text = mark_runs(term, self._matter.language)
        return f'<a href="{names.INDEX_PAGE}#{name}">{text}</a>' if name else text


def _word(text: str, own: str) -> str:
    return f"<i{own}>{escape(text)}</i>" if text else ""
