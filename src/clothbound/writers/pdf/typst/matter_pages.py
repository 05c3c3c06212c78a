"""Writes the pages of a book around its chapters as calls of the theme."""

from __future__ import annotations

from ....matter import Matter
from ..chapter_tree import break_words
from .literals import breakable_title, language_arguments, literal


def half_title(matter: Matter) -> str:
    """Writes the first page, which has the title alone, and the list of the other volumes behind it."""
    title = literal(breakable_title(matter.title_page.title))
    if not matter.also_in_series:
        return f"#half-title({title})"
    head = own_words(matter, literal(matter.words.also_in_series))
    volumes = ", ".join(literal(breakable_title(volume)) for volume in matter.also_in_series)
    return f"#half-title({title}, series-head: {head}, {volumes})"


def imprint(matter: Matter, colophon: str) -> str:
    """Writes the copyright page, at whose foot the text of the colophon stands."""
    groups = [
        f"({', '.join(_imprint_line(matter, line) for line in group)},)" for group in matter.imprint
    ]
    if colophon:
        groups.append(f"({own_words(matter, literal(break_words(colophon)))},)")
    return f"#imprint({', '.join(groups)})"


def contents(matter: Matter) -> str:
    """Writes the contents."""
    return f"#contents({own_words(matter, literal(matter.words.contents))})"


def _imprint_line(matter: Matter, line: str) -> str:
    text = literal(break_words(line))
    return own_words(matter, text) if line in matter.own_lines else text


def own_words(matter: Matter, text: str) -> str:
    """Marks a literal of the book's own words, where these are in another language."""
    own = matter.own_language
    return text if own == matter.language else f"text({language_arguments(own)}, {text})"
