"""Names the typefaces of a printed book, for its colophon."""

from __future__ import annotations

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


class TypefacesInUse:
    """Learns from chapters which of our typefaces a book uses."""

    def __init__(self, theme: Theme) -> None:
        self._fonts = theme.fonts
        self._has_sans = theme.titles["book-title"].font.family == SANS
        self._has_mono = False

    def note(self, chapter: Element) -> None:
        for element in chapter.iter():
            if element.tag in _SANS_TAGS or _SANS_CLASSES.intersection(
                element.get("class", "").split()
            ):
                self._has_sans = True
            elif element.tag in _MONO_TAGS:
                self._has_mono = True

    def names(self, language: str) -> tuple[str, ...]:
        """Returns the names; none for a book in a script that our typefaces lack, as the system then has its type."""
        if subtags(language).script in _SCRIPTS:
            roles = (SERIF, DISPLAY, SANS) if self._has_sans else (SERIF, DISPLAY)
            names = [self._fonts.find(role).file.name for role in roles]
        else:
            own = script_language(language)
            names = [face.name for face in installed_script_faces() if face.language == own]
            if not names:
                return ()
        names += [self._fonts.find(MONO).file.name] * self._has_mono
        return tuple(dict.fromkeys(names))
