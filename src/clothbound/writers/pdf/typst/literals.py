r"""Writes Typst source that contains foreign text.

Text is only put into string literals in code mode. Nothing in a literal is read as markup or code:
only ``\`` and ``"`` have a meaning there (Typst reference, "Syntax", "Escape sequences").
"""

from __future__ import annotations

import re
import unicodedata

from ....language.cldr import subtags
from ....language.direction import direction
from ....lazy_pattern import lazy_pattern
from ....model.characters import text_alone
from ....model.language_tags import language_tag, primary_language
from ..chapter_tree import SPACED
from ..titles import split_unbroken

# Matches characters without glyphs; lines and columns are made by other means.
_BLANKS = lazy_pattern("[\t\n\r\x85\u2028\u2029]")
_SPACES = lazy_pattern("[ \t\n\r\f\v\x1c-\x1e\x85\u2028\u2029]+")
_BREAK_BEHIND = lazy_pattern(r"(?<=[/.?&=_,;:@%#+\\|)\]}~-])(?=[^\s/.,;:)\]}])")
_PIECE = 12
_SIGNS = "“”‘’„‚«»‹›\"'()[]{}¿¡?!.,;:…-–—/"
_LETTERS = 100
"""The most letters of a title's word that are left to hyphenation."""
_LONG_TITLE_WORD = lazy_pattern(f"{SPACED}{{{_PIECE + 1},}}")
_REGION = lazy_pattern(r"-([A-Za-z]{2})(?:-|$)")


def literal(text: str) -> str:
    """Returns ``text`` as a string literal without characters that a document must not contain."""
    # The patterns match only unprintable characters, and this test is much faster than they are.
    if not text.isprintable():
        text = in_one_line(text)
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def in_one_line(text: str) -> str:
    """Returns ``text`` as a literal holds it, since names that differ only in line breaks are one
    label in Typst.
    """
    return _BLANKS.sub(" ", text_alone(text))


def collapse_spaces(text: str) -> str:
    """Returns ``text`` with each run of white space as one space, as in HTML. No-break spaces
    stay.
    """
    if "  " not in text and text.isprintable():
        return text
    return _SPACES.sub(" ", text)


def name_in(text: str) -> str:
    """Returns the part of ``text`` that can be a name; empty if nothing would be visible, since a
    tagged PDF forbids empty names.
    """
    seen = any(unicodedata.category(character)[0] not in "ZC" for character in text)
    return collapse_spaces(text_alone(text)).strip() if seen else ""


def breakable_title(text: str) -> str:
    """Returns ``text`` with break characters in long words, for type of two or three times the
    text's size.

    Typst breaks words only by hyphenation, so an address would run into the margin. Words of
    letters are left to hyphenation, which titles use if a word is longer than the line.
    """
    return _LONG_TITLE_WORD.sub(_with_breaks, text)


def title_content(title: str, way: str) -> str:
    """Writes a title as content in which lines do not part words that belong together. ``way`` is the direction of
    the lines, ``ltr`` or ``rtl``.
    """
    first, *rest = split_unbroken(title, way)
    written = [literal(first)] if first or not rest else []
    for words, after in zip(rest[::2], rest[1::2], strict=True):
        written.append(f"together({literal(words)})")
        if after:
            written.append(literal(after))
    return written[0] if len(written) == 1 else content(written)


def _with_breaks(match: re.Match[str]) -> str:
    """Splits a word into short pieces, except words of letters, which are hyphenated."""
    parts = _BREAK_BEHIND.split(match[0])
    return "\u200b".join(part if _is_word(part) else _cut(part) for part in parts)


def _is_word(part: str) -> bool:
    """Whether a part is a word, ignoring signs around it."""
    return len(part) <= _LETTERS and part.strip(_SIGNS).replace("’", "").isalpha()


def _cut(part: str) -> str:
    return "\u200b".join(part[n : n + _PIECE] for n in range(0, len(part), _PIECE))


def content(parts: list[str]) -> str:
    """Returns a code block that joins ``parts``, each an expression."""
    return "{" + ";".join(parts) + "}" if parts else "[]"


def language_arguments(tag: str) -> str:
    """Returns the arguments of Typst's ``text`` for a BCP 47 tag: ``lang: "en", region: "US"``;
    empty for no tag.
    """
    tag = language_tag(tag)
    primary = primary_language(tag)
    if not 2 <= len(primary) <= 3:
        return ""
    region = _REGION.search(tag)
    # Typst knows no scripts, and gives Chinese of no region simplified letters.
    unsaid = (
        ', region: "TW"' if primary == "zh" and subtags(tag).script == "Hant" else ", region: none"
    )
    more = f', region: "{region[1].upper()}"' if region else unsaid
    way = "rtl" if direction(tag) == "rtl" else "ltr"
    return f'lang: "{primary}"{more}, dir: {way}'
