"""Writes the index of a book as calls of the theme, which knows the pages when it sets them."""

from __future__ import annotations

from ....matter import Matter
from ....subject_index import SubjectEntry, SubjectIndex
from ..index_pages import place_name, references
from ..matter_pages import INDEX_ID
from .literals import breakable_title, literal
from .matter_pages import own_words


def index_title(matter: Matter) -> str:
    """Writes the title of the index."""
    return own_words(matter, literal(matter.words.index))


def index_kind(matter: Matter) -> str:
    """Writes the kind of the title in the contents, which set it off from parts before it."""
    is_behind = any(c.opens_part for c in matter.chapters.values())
    return f'kind("{"after" if is_behind else "chapter"}")'


def index_targets(subjects: SubjectIndex) -> dict[str, str]:
    """Returns the names of all places to which the index leads, with the keys of their posts."""
    entries = [
        one for group in subjects.groups() for e in group.entries for one in (e, *e.below.values())
    ]
    return {place_name(place): place.key for entry in entries for place in entry.places}


def index_page(subjects: SubjectIndex, matter: Matter, book_head: str) -> str:
    """Writes the index. ``book_head`` is the running head of left-hand pages."""
    lines = []
    for group in subjects.groups():
        lines.append(f"(true, index-letter({literal(group.letter)}))")
        for entry in group.entries:
            lines.append(_line(entry, matter, level=0))
            lines += [_line(one, matter, level=1) for one in subjects.sorted(entry.below)]
    arguments = (
        literal(INDEX_ID),
        index_title(matter),
        literal(matter.words.index),
        literal(book_head),
        index_kind(matter),
    )
    return f"#back-index({', '.join(arguments)}, ({', '.join(lines)},))"


def _line(entry: SubjectEntry, matter: Matter, *, level: int) -> str:
    names = "".join(f"{literal(place_name(place))}, " for place in entry.places)
    others = "".join(
        f"({_emphasis(matter, before)}, {literal(breakable_title(term))}, {_emphasis(matter, after)}), "
        for before, term, after in references(entry, matter)
    )
    comma = literal(matter.words.comma)
    return f"(false, index-line({level}, {literal(breakable_title(entry.term))}, ({names}), ({others}), {comma}))"


def _emphasis(matter: Matter, text: str) -> str:
    return own_words(matter, literal(text))
