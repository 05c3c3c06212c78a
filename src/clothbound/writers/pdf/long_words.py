"""Places to break in words that no line holds.

WeasyPrint goes through the rest of a word for each line that it fills: twenty thousand characters
without a space keep it busy for minutes. A zero-width space is a place to break that costs nothing.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_LONG = re.compile(r"[^\s\u200b\u00ad]{60,}")
# After what parts an address stands on, as the Chicago manual breaks one; else in the midst.
_PLACE = re.compile(r"(.{12,24}?[/.,;:?&=_@+-]|.{24})(?=.)", re.S)


def let_long_words_break(chapter: Element) -> None:
    """Puts zero-width spaces into the words of 60 characters and more, code left alone."""
    for element in chapter.iter():
        if element.text and element.tag not in ("code", "pre") and _LONG.search(element.text):
            element.text = _LONG.sub(_broken, element.text)
        if element.tail and _LONG.search(element.tail):
            element.tail = _LONG.sub(_broken, element.tail)


def _broken(word: re.Match[str]) -> str:
    return _PLACE.sub("\\1\u200b", word[0])
