"""Marks Latin words that have dashes, quotation marks or apostrophes within them, in books whose own script sets these.

In Chinese and Japanese such marks are as wide as a letter (``ScriptRules.marks``), so that "don’t" would fall into two
words. A word in an element of its own gets all its letters from the Latin face.
"""

from __future__ import annotations

from re import Pattern
from xml.etree.ElementTree import Element

from ...language.writing_systems import marks_of
from ...lazy_pattern import lazy_pattern
from ...web.html_elements import CODE

OF_WORDS = "of-words"
"""The class of such a word."""
_LATIN = "0-9A-Za-z\xc0-\u024f"
_LEFT_OUT = frozenset((*CODE, "pre", "svg"))


def mark_latin_words(chapter: Element, language: str, marks: str) -> None:
    """Makes an element of each word with some of ``marks`` within it; in text of another script, of each with some.

    ``language`` is that of the chapter (BCP 47).
    """
    within = lazy_pattern(f"[{_LATIN}]+(?:[{marks}][{_LATIN}]+)+")
    anywhere = lazy_pattern(rf"\S*[{marks}]\S*")
    stack = [(chapter, language)]
    while stack:
        element, around = stack.pop()
        own = element.get("lang", around)
        children = list(element)
        stack += [(child, own) for child in children if child.tag not in _LEFT_OUT]
        pattern = within if marks_of(own) else anywhere
        del element[:]
        element.text, words = _divide(element.text or "", pattern)
        element.extend(words)
        for child in children:
            element.append(child)
            child.tail, words = _divide(child.tail or "", pattern)
            element.extend(words)


def _divide(text: str, pattern: Pattern[str]) -> tuple[str, list[Element]]:
    """Returns the text before the first word, and the words, with the text behind each as its tail."""
    words: list[Element] = []
    first, done = text, 0
    for found in pattern.finditer(text):
        between = text[done : found.start()]
        if words:
            words[-1].tail = between
        else:
            first = between
        word = Element("span", {"class": OF_WORDS})
        word.text = found[0]
        words.append(word)
        done = found.end()
    if words:
        words[-1].tail = text[done:]
    return first, words
