"""Finds the places of characters for which no font has a glyph."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from unicodedata import category

from ...console_text import format_count
from ...context import Context
from ...diagnostics import Diagnostic, DiagnosticCode
from ...model.plain_text import own_text
from ...model.post import Post
from ...model.walk import walk

_REPLACEMENT = "\ufffd"
_SIGNS_OF_FORMAT = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""The characters of the category Cf that are seen: signs above or below the letters and digits that follow them."""


def shown_for(missing: str) -> str:
    """Returns what is printed in place of a character that no font has: nothing if nobody would see the character."""
    is_seen = category(missing) != "Cf" or missing in _SIGNS_OF_FORMAT
    return _REPLACEMENT if is_seen else ""


def lacking_of(characters: Iterable[str], known: Collection[int]) -> frozenset[str]:
    """Returns those of the ``characters`` that the text face lacks, which has the code points ``known``."""
    return frozenset(c for c in set(characters) if ord(c) not in known and not c.isspace())


def find_lacking(post: Post, texts: Iterable[str], known: Collection[int]) -> dict[str, int]:
    """Returns the characters of ``texts`` that the text face lacks, each with the line of its first use.

    ``texts`` is everything that is printed of ``post``. Line 0 means that no text of the post has the character.
    """
    lacking = {c for text in texts if not text.isascii() for c in lacking_of(text, known)}
    lines = dict.fromkeys(sorted(lacking), 0)
    line = 0
    for node in walk(post) if lacking else ():
        line = node.line or line
        for character in lacking.intersection(own_text(node)):
            lines[character] = lines[character] or line
    return lines


_EAST_ASIAN = frozenset(("Bopomofo", "Han", "Hangul", "Hiragana", "Katakana"))
_WITH_SERIFS = frozenset(
    "Armenian Bengali Devanagari Ethiopic Georgian Gujarati Gurmukhi Hebrew Kannada Khmer Lao Malayalam Myanmar Oriya "
    "Sinhala Tamil Telugu Thai Tibetan".split()
)
"""The scripts of which Noto has a face with serifs, as fontTools names them."""


class MissingGlyphs:
    """Records where one book uses characters that its text face lacks.

    The engine takes these from other fonts and reports the characters that no font has.
    """

    def __init__(self) -> None:
        self._places: dict[str, list[tuple[str, int]]] = {}
        """The source and line of the first use in each post."""

    def note(self, source: str, lines: Mapping[str, int]) -> None:
        """Records what ``find_lacking`` found in the post of ``source``."""
        for character, first in lines.items():
            self._places.setdefault(character, []).append((source, first))

    def report(self, missing: AbstractSet[str], context: Context) -> None:
        """Adds a diagnostic for the ``missing`` characters, which no font has: one for each script in each source, since
        a font of it brings them all.
        """
        places: dict[tuple[str, str], list[tuple[str, int]]] = {}
        for character in sorted(missing):
            for source, line in self._places.get(character, [("", 0)]):
                group = places.setdefault((source, _script_of(character)), [])
                group.append((character, line))
        for (source, script), found in places.items():
            line = min((line for _, line in found if line), default=0)
            message = (
                f"no font has {_list(found, script)}. "
                f"Hint: install a font of that script, such as {_font_of(found[0][0])}"
            )
            context.diagnostics.add(Diagnostic(DiagnosticCode.GLYPH_MISSING, message, source, line))


def _script_of(character: str) -> str:
    """Returns the name of a script; the character itself if it is of none or of several."""
    from fontTools import unicodedata

    script = unicodedata.script(character)
    is_of_one = script not in ("Zyyy", "Zinh", "Zzzz")
    return unicodedata.script_name(script, character) if is_of_one else character


def _font_of(character: str) -> str:
    """Returns the name of a font that has a character, as Noto names its fonts."""
    script = _script_of(character)
    if script == character:
        return "one of the Noto fonts"
    if script in _EAST_ASIAN:
        return "Noto Serif CJK"
    return f"Noto {'Serif' if script in _WITH_SERIFS else 'Sans'} {script.replace('_', ' ')}"


def _list(found: Sequence[tuple[str, int]], script: str) -> str:
    character = found[0][0]
    named = f"{character!r} (U+{ord(character):04X})"
    others = len(found) - 1
    return f"{named} and {format_count(others, 'other sign')} of {script}" if others else named
