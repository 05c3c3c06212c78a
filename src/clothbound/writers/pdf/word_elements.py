"""Makes elements of words in the text of an element, so that style sheets and engines set them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element

from ...lazy_pattern import lazy_pattern
from .fonts import Measure

WordFinder = Callable[[str], Iterable[tuple[int, int]]]
"""Returns where words begin and end in a text, in order."""
LONG_WORD = "long-word"
"""The class of a word of a title or a heading that is longer than its line, and is hyphenated, as others there are not."""
_LETTERS = lazy_pattern(r"[^\W\d_]+")


def find_long_words(measure: Measure, room: float, text: str) -> list[tuple[int, int]]:
    """Returns the places of the words that are longer than a line of ``room`` points."""
    return [word.span() for word in _LETTERS.finditer(text) if measure.width(word[0]) > room]


def mark_words(element: Element, find: WordFinder, name: str) -> None:
    """Makes an element of class ``name`` of each word that ``find`` finds in the text directly within ``element``."""
    children = list(element)
    del element[:]
    element.text, words = divide(element.text or "", find, name)
    element.extend(words)
    for child in children:
        element.append(child)
        child.tail, words = divide(child.tail or "", find, name)
        element.extend(words)


def divide(text: str, find: WordFinder, name: str) -> tuple[str, list[Element]]:
    """Returns the text before the first word, and the words, with the text behind each as its tail."""
    words: list[Element] = []
    first, done = text, 0
    for begin, end in find(text):
        between = text[done:begin]
        if words:
            words[-1].tail = between
        else:
            first = between
        word = Element("span", {"class": name})
        word.text = text[begin:end]
        words.append(word)
        done = end
    if words:
        words[-1].tail = text[done:]
    return first, words
