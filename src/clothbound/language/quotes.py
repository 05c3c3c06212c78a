"""Sets typographic quotation marks, dashes and spaces by language.

The text is one string, with ``OBJECT`` for content that is not text (code, a picture, a note mark).
The result has one replacement for each character, so that a caller can put it back into a tree
whose nodes hold the text in pieces.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container
from operator import itemgetter

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model.characters import is_hebrew
from ..model.language_tags import primary_language

ELISION = lazy_pattern(r"(?:\d\ds?|tis|twas|twill|em|til|cause|bout|round|n)(?!\w)", re.I)
"""Matches a word behind an apostrophe that stands for its beginning, as in ``'tis`` and ``'90s``."""
OBJECT = "\ufffc"
_NBSP = "\u00a0"

# Primary and secondary marks, opening and closing. Sources: CLDR's delimiters, and for the spaces
# within French marks the Imprimerie nationale's "Lexique".
_MARKS = {
    "bg": "„“„“",
    "ca": "«»“”",
    "cs": "„“‚‘",
    "da": "»«›‹",
    "de": "„“‚‘",
    "el": "«»“”",
    "en": "“”‘’",
    "es": "«»“”",
    "et": "„“‚‘",
    "fa": "«»‹›",
    "fi": "””’’",
    "fr": "«»“”",
    "hi": "“”‘’",
    "hu": "„”»«",
    "id": "“”‘’",
    "it": "«»“”",
    "ko": "“”‘’",
    "lt": "„“‚‘",
    "lv": "“”‘’",
    "nb": "«»‘’",
    "nl": "“”‘’",
    "nn": "«»‘’",
    "no": "«»‘’",
    "pl": "„”«»",
    "pt": "“”‘’",
    "ro": "„”«»",
    "ru": "«»„“",
    "sk": "„“‚‘",
    "sl": "„“‚‘",
    "sv": "””’’",
    "tr": "“”‘’",
    "uk": "«»„“",
    "vi": "“”‘’",
}

_STRAIGHT = frozenset({"he", "yi"})
"""Languages whose abbreviations have the same marks as quotations, so that these stay straight."""
_NEEDS_WORK = lazy_pattern(f"[\"'{_NBSP}]|--")
_URL = lazy_pattern(r"(?<!\S)\S*(?:://|www\.)\S*")
_DASHES = lazy_pattern(r"(?<!-)--(-?)(?!-)")
_OPENS_AFTER = frozenset(" \t\n\u00a0\u202f\u2009([{<-–—/“‘„‚«»›‹" + OBJECT)
_CLOSES_BEFORE = frozenset(" \t\n\u00a0\u202f")
_UNIT = lazy_pattern(
    r"(?:[kcmµnMGT]?(?:m|g|s|Hz|B|W|V|A|Wh|Pa|J|bit|l|L)|min|h|d|in|ft|px|pt|em|°[CF]?|[%‰€$£¥]|mph|"
    r"[KMGT]iB|km/h)(?![^\W\d_])"
)
_NEAR = 10
"""More characters than decide on a no-break space on either side."""
_INITIAL = lazy_pattern(r"(?:^|[\W\d_])[^\W\d_a-z]\.$")


def has_other_marks(language: str) -> bool:
    """Returns whether quotations in a language (BCP 47) have other marks than in English, or stay straight."""
    marks = marks_of(language)
    is_straight = primary_language(language) in _STRAIGHT
    return is_straight or (bool(marks) and marks != _MARKS["en"])


def marks_of(language: str) -> str:
    """Returns the primary and the secondary marks of a language (BCP 47), opening and closing; empty where
    straight marks stay as they are.

    That is so in scripts without spaces between words, in which an opening mark cannot be told from a closing
    one, and in Hebrew, whose abbreviations have the same marks.
    """
    return _MARKS.get(primary_language(language), "")


class ChangeCounts(msgspec.Struct):
    """Counts the changes of each kind."""

    spaces: int = 0
    quotes: int = 0
    dashes: int = 0

    def __bool__(self) -> bool:
        return bool(self.spaces or self.quotes or self.dashes)


class Typesetter(msgspec.Struct):
    """Sets texts in one language (BCP 47; empty counts as English) and counts its changes."""

    language: str
    changes: ChangeCounts = msgspec.field(default_factory=ChangeCounts)

    def plain(self, text: str) -> str:
        """Returns a text that stands alone, such as a title."""
        return "".join(self.characters(text, ())) if _NEEDS_WORK.search(text) else text

    def characters(self, text: str, borders: Container[int]) -> list[str]:
        """Returns the replacement of each character of ``text``.

        ``borders`` are the positions at which emphasis, a link or the like begins or ends. A
        no-break space there was left by an editor; elsewhere the author may have meant it.
        """
        out = list(text)
        if not _NEEDS_WORK.search(text):
            return out
        self._set_spaces(text, borders, out)
        primary = primary_language(self.language) or "en"
        addresses = [match.span() for match in _URL.finditer(text)]
        marks = marks_of(primary)
        if marks and ('"' in text or "'" in text):
            self._set_quotes(text, marks, primary == "fr", addresses, out)
        if "--" in text:
            self._set_dashes(text, addresses, out)
        return out

    def _set_spaces(self, text: str, borders: Container[int], out: list[str]) -> None:
        position = text.find(_NBSP)
        while position >= 0:
            before = text[max(0, position - _NEAR) : position]
            after = text[position + 1 : position + 1 + _NEAR]
            at_border = position in borders or position + 1 in borders
            beside_space = before[-1:].isspace() or after[:1].isspace()
            if (at_border or beside_space) and not self._wants_no_break(before, after):
                out[position] = " "
                self.changes.spaces += 1
            position = text.find(_NBSP, position + 1)

    def _wants_no_break(self, before: str, after: str) -> bool:
        french = self.language.lower().startswith("fr")
        if french and (after[:1] in tuple(":;?!»%") or before[-1:] == "«"):
            return True
        if before[-1:].isdigit() and _UNIT.match(after):
            return True
        return bool(_INITIAL.search(before[-3:])) and after[:1].isupper()

    def _set_quotes(
        self,
        text: str,
        marks: str,
        spaced: bool,
        addresses: list[tuple[int, int]],
        out: list[str],
    ) -> None:
        open_double, close_double, open_single, close_single = tuple(marks)
        inner, outer = (_NBSP, _NBSP) if spaced else ("", "")
        double_is_open = single_is_open = False
        last_closing = last_closing_mark(text)
        for position, character in enumerate(text):
            if character not in "\"'" or _within(position, addresses):
                continue
            before = text[position - 1 : position] if position else ""
            after = text[position + 1 : position + 2]
            opens = (not before or before in _OPENS_AFTER or before in "\"'") and not (
                not after or after in _CLOSES_BEFORE
            )
            if is_hebrew(before) and is_hebrew(after):
                continue  # gershayim or geresh
            if character == '"':
                if before.isdigit() and not double_is_open:
                    continue  # inches, or seconds of arc
                if opens and not double_is_open:
                    out[position] = open_double + inner
                    double_is_open = True
                else:
                    out[position] = outer + close_double
                    double_is_open = False
            elif opens and not ELISION.match(text, position + 1) and not single_is_open:
                single_is_open = position < last_closing
                out[position] = open_single if single_is_open else "’"
            elif single_is_open and not after.isalnum():
                out[position] = close_single
                single_is_open = False
            elif before.isdigit() and (after.isdigit() or not after.isalnum()):
                continue  # feet, or minutes of arc
            else:
                out[position] = "’"
            self.changes.quotes += 1

    def _set_dashes(self, text: str, addresses: list[tuple[int, int]], out: list[str]) -> None:
        for match in _DASHES.finditer(text):
            start, end = match.span()
            if _within(start, addresses):
                continue
            before, after = text[start - 1 : start] if start else "", text[end : end + 1]
            # An option of a command (`--help`) has a space on one side only.
            if before.isspace() != after.isspace() or not before or not after:
                continue
            between_numbers = before.isdigit() and after.isdigit()
            long = bool(match[1]) or not (between_numbers or before.isspace())
            out[start] = "—" if long else "–"
            out[start + 1 : end] = [""] * (end - start - 1)
            self.changes.dashes += 1


def _within(position: int, spans: list[tuple[int, int]]) -> bool:
    """Returns whether a position is in one of ``spans``, which are in order and apart."""
    number = bisect_right(spans, position, key=itemgetter(0)) - 1
    return number >= 0 and position < spans[number][1]


def last_closing_mark(text: str) -> int:
    """Returns the position of the last ``'`` that can close a quotation; 0 if there is none.

    A single mark opens a quotation only if another closes it; otherwise it is an apostrophe.
    """
    position = len(text)
    while (position := text.rfind("'", 0, position)) > 0:
        after = text[position + 1 : position + 2]
        if not text[position - 1].isspace() and not after.isalnum():
            return position
    return 0
