"""Parses the documents of a book, and makes pages of the pictures that stand in its reading order."""

from __future__ import annotations

import posixpath
from collections.abc import Container
from urllib.parse import quote, unquote, urlsplit

from ...escape import attribute, escape
from ..export_files import Files
from ..text_files import BadPostError
from .xhtml import Element, body_of, iter_elements, parse_document, parse_fragment, text_of


class Documents:
    """The documents of a book by their names. They are parsed each time, so that a large book needs little memory."""

    def __init__(self, files: Files, pictures: Container[str]) -> None:
        """``pictures`` are the names that are pictures or drawings."""
        self._files = files
        self._pictures = pictures

    def parse(self, name: str) -> tuple[Element, str]:
        """Returns the root element of a document, and a message about repairs, if any.

        Raises BadPostError for one that cannot be read.
        """
        if name not in self._pictures:
            root, repaired = parse_document(self._files.read(name))
            for frame in iter_elements(root, ("iframe",)):
                _link_frame(frame)
            return root, repaired
        words = ""
        if name.lower().endswith((".svg", ".svgz")):
            words = text_of(parse_document(self._files.read(name))[0])
        src = quote(posixpath.basename(name))
        page = f'<html><body><p><img src="{attribute(src)}" alt="{attribute(words)}"/></p></body></html>'
        return parse_fragment(page), ""

    def body(self, name: str) -> Element:
        """Returns the body of a document. Raises BadPostError for one that cannot be read."""
        return body_of(self.parse(name)[0])

    def readable_body(self, name: str) -> Element | None:
        """Returns the body of a document that need not have been read before; None for one that cannot be read."""
        try:
            return self.body(name)
        except BadPostError:
            return None


def _link_frame(frame: Element) -> None:
    """Replaces a frame that shows another file of the book by a link to it."""
    src = frame.get("src", "")
    try:
        is_in_book = src != "" and not any(urlsplit(src)[:2])
    except ValueError:
        return
    if is_in_book:
        words = frame.get("title") or unquote(posixpath.basename(src))
        link = parse_fragment(f'<p><a href="{attribute(src)}">{escape(words)}</a></p>')
        link.tail = frame.tail
        frame.getparent().replace(frame, link)
