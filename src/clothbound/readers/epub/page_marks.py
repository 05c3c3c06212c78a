"""Tells the marks of printed pages, which stand within the text of a book."""

from __future__ import annotations

from ...lazy_pattern import lazy_pattern
from .xhtml import Element, classes_of, text_of, types_of

PAGE_BREAKS = frozenset({"pagebreak"})
_CLASS = lazy_pattern(r"(?:x-ebookmaker-)?page-?_?(?:num|number|no|break)s?", 2)
_NUMBER = lazy_pattern(r"[\[({]?(?:p|pg|page|s|seite)?\.?\s?(?:\d{1,4}|[ivxlcdm]{1,8})?[\])}]?", 2)


def is_page_break(element: Element) -> bool:
    """Returns whether an element marks where a printed page begins."""
    if PAGE_BREAKS & types_of(element):
        return True
    text = text_of(element)
    if any(_CLASS.fullmatch(name) for name in classes_of(element)):
        return _NUMBER.fullmatch(text) is not None
    # Project Gutenberg's program keeps the number as the title of an empty span.
    title = element.get("title", "") if element.tag == "span" and not text else ""
    return bool(title) and title.startswith("[P") and _NUMBER.fullmatch(title) is not None
