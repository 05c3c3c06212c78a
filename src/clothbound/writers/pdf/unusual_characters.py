"""Characters that the book's own text face lacks, and where they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet

from ...context import Context
from ...diagnostics import Code, Diagnostic
from ...model.post import Post
from ...model.walk import own_text, walk


class UnusualCharacters:
    """Those of one book. Iterating gives each once."""

    def __init__(self, known: Collection[int]) -> None:
        """``known``: the code points that the text face has."""
        self._known = known
        self._places: dict[str, list[tuple[str, int]]] = {}
        """The source and line of each first use in a post; line 0 where it stands in no text."""

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def note(self, post: Post, texts: Iterable[str]) -> None:
        """Notes those of ``texts``, which are all that is printed of ``post``."""
        unusual = {
            character
            for text in texts
            if not text.isascii()
            for character in set(text)
            if ord(character) not in self._known and not character.isspace()
        }
        if not unusual:
            return
        lines = dict.fromkeys(sorted(unusual), 0)
        line = 0
        for node in walk(post):
            line = node.line or line
            for character in unusual.intersection(own_text(node)):
                lines[character] = lines[character] or line
        for character, first in lines.items():
            self._places.setdefault(character, []).append((post.metadata.source, first))

    def report(self, missing: AbstractSet[str], context: Context) -> None:
        """Says where the characters stand that no font has."""
        for character in sorted(missing):
            for source, line in self._places.get(character, [("", 0)]):
                message = (
                    f"no font has {character!r} (U+{ord(character):04X}). "
                    "Hint: install a font of that script, such as one of the Noto fonts"
                )
                context.diagnostics.add(Diagnostic(Code.GLYPH_MISSING, message, source, line))
