"""Names the typefaces of a printed book, for its colophon."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from ...language.cldr import subtags
from ...language.writing_systems import script_language
from ...media import own_fonts
from .fonts import SANS_ROMAN, installed_script_faces
from .theme import Theme

_SCRIPTS = frozenset({"", "Cyrl", "Grek", "Latn"})
"""The scripts that our own typefaces have."""
_SANS_TAGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_SANS_CLASSES = frozenset({"embed-source", "task", "wide"})
_MONO_TAGS = frozenset({"code", "kbd", "pre", "samp"})


class TypefacesInUse:
    """Learns from chapters which of our typefaces a book uses."""

    def __init__(self, theme: Theme) -> None:
        self._has_sans = theme.titles["book-title"].font == SANS_ROMAN
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
            names = [own_fonts.SERIF.name]
            names += [own_fonts.SANS.name] * self._has_sans
        else:
            own = script_language(language)
            names = [face.name for face in installed_script_faces() if face.language == own]
            if not names:
                return ()
        names += [own_fonts.MONO.name] * self._has_mono
        return tuple(names)
