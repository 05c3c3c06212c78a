"""Keeps the words of Korean whole at the ends of lines.

Both engines would end a line after any syllable, and neither has the value ``keep-all`` of ``word-break`` (CSS Text 3,
section 5.2). So each word becomes an element whose lines are not broken.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from ...lazy_pattern import lazy_pattern
from ...web.html_elements import BLOCKS, CODE
from .word_elements import divide

_LONGEST = 14
"""The most characters of a word that is kept: a longer one would leave a large gap in the line above."""
KOREAN_WORD = rf"(?<!\S)(?=\S*[\uac00-\ud7a3])\S{{2,{_LONGEST}}}(?!\S)"
"""The pattern of a word that is kept."""
_WORD = lazy_pattern(KOREAN_WORD)
_JOINER = "\u2060"
_LEFT_OUT = frozenset((*CODE, "header", "pre", "svg"))


def keep_words(chapter: Element) -> None:
    """Makes an element of each Korean word below ``chapter``, except in code and in its header, whose title is set by ``titles``."""
    stack = [chapter]
    while stack:
        element = stack.pop()
        children = list(element)
        stack += [child for child in children if child.tag not in _LEFT_OUT]
        del element[:]
        follows = bool(children) and children[0].tag not in BLOCKS
        element.text, words = _divide(element.text or "", joins=False, follows=follows)
        element.extend(words)
        for child, following in zip(children, [*children[1:], None], strict=False):
            element.append(child)
            follows = following is not None and following.tag not in BLOCKS
            joins = child.tag not in BLOCKS
            child.tail, words = _divide(child.tail or "", joins=joins, follows=follows)
            element.extend(words)


def _divide(text: str, *, joins: bool, follows: bool) -> tuple[str, list[Element]]:
    """Returns the text before the first word, and the words, with the text behind each as its tail.

    ``joins`` and ``follows`` say whether an element of the same line ends before the text or begins behind it: a
    character at the seam keeps the parts of a word together.
    """
    first, words = divide(text, _spans, "word")
    if words and joins and not first:
        first = _JOINER
    if words and follows and not words[-1].tail:
        words[-1].tail = _JOINER
    return first, words


def _spans(text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in _WORD.finditer(text))
