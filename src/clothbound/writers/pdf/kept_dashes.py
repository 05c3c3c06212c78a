"""Keeps dashes at the ends of lines.

Both engines would begin a line with a dash (class B2 of UAX 14, and any dash behind a space), which typographers set at
the end of the line above, so that it is not read as the beginning of speech.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from ...lazy_pattern import lazy_pattern
from ...web.html_elements import BLOCKS, CODE

JOINER = "\u2060"
"""Stands before a dash, behind the space if there is one, and forbids a break there."""
_DASH = lazy_pattern(r"(?<=[^\s—–\u2060]) ?(?=—(?!—))|(?<=[^\s—–]) (?=– )")
"""Matches the end of a word, with its space, before a dash that stands between two words."""
_AT_SEAM = lazy_pattern(r"\A ?(?=—(?!—))|\A (?=– )")
"""The same at the beginning of a text that goes on behind an element of the line."""
_LEFT_OUT = frozenset((*CODE, "header", "pre", "svg"))


def keep_dashes(chapter: Element) -> None:
    """Joins each dash in ``chapter`` to the word before it, except in code and in its header, whose title is set by ``titles``."""
    stack = [chapter]
    while stack:
        element = stack.pop()
        element.text = _join(element.text)
        for child in element:
            if child.tag not in _LEFT_OUT:
                stack.append(child)
            tail = child.tail
            if tail and child.tag not in BLOCKS and child.tag != "br":
                tail = _AT_SEAM.sub(r"\g<0>" + JOINER, tail)
            child.tail = _join(tail)


def _join(text: str | None) -> str | None:
    if not text or ("—" not in text and "–" not in text):
        return text
    return _DASH.sub(r"\g<0>" + JOINER, text)
