"""Names the typefaces of a printed book, for its colophon."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from xml.etree.ElementTree import Element

from ...language.cldr import subtags
from ...language.writing_systems import script_language
from .fonts import DISPLAY, MONO, SANS, SERIF, installed_script_faces
from .theme import Theme

_SCRIPTS = frozenset({"", "Cyrl", "Grek", "Latn"})
"""The scripts that our own typefaces have."""
_SANS_TAGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_SANS_CLASSES = frozenset({"embed-source", "task", "wide"})
_MONO_TAGS = frozenset({"code", "kbd", "pre", "samp"})


def find_families(chapter: Element) -> frozenset[str]:
    """Returns those of the families for headings and code that a chapter uses."""
    found = set()
    for element in chapter.iter():
        if element.tag in _SANS_TAGS or _SANS_CLASSES.intersection(
            element.get("class", "").split()
        ):
            found.add(SANS)
        elif element.tag in _MONO_TAGS:
            found.add(MONO)
    return frozenset(found)


def name_typefaces(families: AbstractSet[str], theme: Theme, language: str) -> tuple[str, ...]:
    """Returns the names of the typefaces of a book, whose chapters use ``families``.

    A book in a script that our typefaces lack has none, as the system then has its type.
    """
    if subtags(language).script in _SCRIPTS:
        has_sans = SANS in families or theme.titles["book-title"].font.family == SANS
        roles = (SERIF, DISPLAY, SANS) if has_sans else (SERIF, DISPLAY)
        names = [theme.fonts.find(role).file.name for role in roles]
    else:
        own = script_language(language)
        names = [face.name for face in installed_script_faces() if face.language == own]
        if not names:
            return ()
    names += [theme.fonts.find(MONO).file.name] * (MONO in families)
    return tuple(dict.fromkeys(names))
