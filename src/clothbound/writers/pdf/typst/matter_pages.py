"""Writes the pages of a book around its chapters as calls of the theme."""

from __future__ import annotations

from ....matter import Matter
from ..chapter_tree import break_words
from .literals import language_arguments, literal


def imprint(matter: Matter) -> str:
    """Writes the copyright page."""
    groups = (
        f"({', '.join(_imprint_line(matter, line) for line in group)},)" for group in matter.imprint
    )
    return f"#imprint({', '.join(groups)})"


def contents(matter: Matter) -> str:
    """Writes the contents."""
    return f"#contents({_own_words(matter, literal(matter.words.contents))})"


def _imprint_line(matter: Matter, line: str) -> str:
    text = literal(break_words(line))
    return _own_words(matter, text) if line in matter.own_lines else text


def _own_words(matter: Matter, text: str) -> str:
    """Marks a literal of the book's own words, where these are in another language."""
    own = matter.own_language
    return text if own == matter.language else f"text({language_arguments(own)}, {text})"
