"""The units in which texts in Markdown are merged: blocks and sentences, each with the gap before
it.

Empty lines and the spaces between sentences are not units: they are equal everywhere and would
match anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..lazy_pattern import lazy_pattern
from ..readers.fences import with_code
from .comparable import Lines

_CLOSING = r"[\"'”’»)\]*_]*"
_SENTENCE = rf"([.!?…]{_CLOSING})(?=\s)|([。！？]{_CLOSING})"
_HARD_BREAK = r"(?:(?<! ) {2,}|\\)\n"
# In prose a line end is a space, and sentences continue after it. Elsewhere it ends a part.
_PROSE_GAP = lazy_pattern(rf"(?:{_SENTENCE}|(?={_HARD_BREAK}))\\?\s*")
_LINE_GAP = lazy_pattern(rf"(?:{_SENTENCE}|(?=\n))\s*")
_BREAK = lazy_pattern(_HARD_BREAK)
_NO_PROSE = lazy_pattern(
    r"^(?: {4}|\t| {0,3}(?:[#>|<:{]|[-*+\x01](?:\s|$)|\d+[.)\x01]|[-*_=]{2,}\s*$|\[\^|`{3}|~{3}))",
    re.M,
)


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph, or other lines without an empty one between them."""

    gap: tuple[str, ...]
    """The empty lines before it."""
    text: str
    key: str
    """Equal blocks have equal keys. In prose, the key does not depend on where lines are broken."""
    is_code: bool
    """Whether there is code in it, whose lines are kept together."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a line of text that is not prose."""

    gap: str | None
    """The space before it; None for the first of its text."""
    text: str
    key: str


def blocks(lines: Lines) -> list[TextBlock]:
    """Returns the blocks of a text. The last is empty: its gap ends the text."""
    found: list[TextBlock] = []
    gap: list[str] = []
    block: list[str] = []
    has_code = False

    def close() -> None:
        nonlocal has_code
        text = "\n".join(block)
        key = text if has_code else _key(text)
        found.append(TextBlock(tuple(gap), text, key, has_code))
        gap.clear()
        block.clear()
        has_code = False

    for line, is_code in with_code(lines):
        if line.strip() or (is_code and block):
            block.append(line)
            has_code = has_code or is_code
        else:
            if block:
                close()
            gap.append(line)
    if block:
        close()
    return [*found, TextBlock(tuple(gap), "", "", False)]


def sentences(text: str, *, is_prose: bool) -> list[Sentence]:
    """Returns the sentences of a text that is not code."""
    found: list[Sentence] = []
    gap: str | None = None
    start = 0
    for match in (_PROSE_GAP if is_prose else _LINE_GAP).finditer(text):
        end = max(match.start(), match.end(1), match.end(2))
        if match.end() == len(text):
            break  # The space after the last sentence belongs to it.
        sentence = text[start:end]
        found.append(Sentence(gap, sentence, _key(sentence) if is_prose else sentence))
        gap, start = text[end : match.end()], match.end()
    sentence = text[start:]
    return [*found, Sentence(gap, sentence, _key(sentence) if is_prose else sentence)]


def is_prose(text: str) -> bool:
    """Returns whether a text is paragraphs, in which a line may be broken at any space."""
    return not _NO_PROSE.search(text)


def _key(text: str) -> str:
    if not is_prose(text):
        return text
    return " ".join(_BREAK.sub(" \x00 ", text).split())
