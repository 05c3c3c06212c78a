"""HTML that is searched: BeautifulSoup finds, unwraps and renames what the template of a platform made.

Elements are compared as what they are, not by their content, and are found among their siblings without a search;
nesting has a bound, so that no search that begins at each element takes the square of a post's length.

The rest goes as HTML to ``html/read``, the one builder of nodes. Substack's own HTML is read as lxml's events,
which is several times faster; it has no need of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, Comment, Declaration, Doctype, PageElement, ProcessingInstruction

from ..escape import attribute as escape_attribute
from ..escape import escape
from ..lazy_pattern import lazy_pattern
from ..model.blocks import Embed
from ..substack.component_markup import FOR_SOME_READERS
from ..web.addresses import host_of
from ..web.html_elements import BLOCKS
from ..web.missing_ends import end_elements

_ENDS = lazy_pattern(r"</(?:body|html)\s*>", re.I)
MEMBERS_START = f'<div class="{FOR_SOME_READERS}" audiences="members">'
MEMBERS_END = "</div>"
"""The tags around a part of a post that only members see."""
_NO_WORDS = (CData, Comment, Declaration, Doctype, ProcessingInstruction)
_DEEPEST_BLOCK = 250
"""The most levels below which a block is put beside the one that it is in. Far above, ``html/read`` tells that it has
replaced elements by their content.
"""
_DEEPEST = 300
"""The most levels below which any other element is replaced by its content."""
_AROUND = 8


class SearchedTag(Tag):
    """An element of HTML that is searched and changed."""

    _position = 0
    """The position of the child that was asked for last."""

    # BeautifulSoup compares the whole content, and by recursion, and its hash is that of the markup.
    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    def __hash__(self) -> int:
        return id(self)

    def index(self, element: PageElement) -> int:
        """Returns the position of a child; it is most often beside that of the last one, since searches go in order."""
        contents = self.contents
        first = max(0, self._position - _AROUND)
        for position, child in enumerate(contents[first : first + 2 * _AROUND + 2], first):
            if child is element:
                self._position = position
                return position
        self._position = super().index(element)
        return self._position


class _BoundedSoup(BeautifulSoup):
    """A document whose elements nest to a bound; a post that was written by a person is far from it."""

    _opened: list[Tag | None]
    """What each start tag opened that has no end tag yet; None for what was left out."""

    def __init__(self, markup: str) -> None:
        super().__init__(markup, "lxml", element_classes={Tag: SearchedTag})

    def reset(self) -> None:
        self._opened = []
        super().reset()

    def handle_starttag(self, name: str, *arguments: Any, **named: Any) -> Tag | None:
        depth = len(self.tagStack)
        if depth > _DEEPEST and name not in BLOCKS:
            self.endData()
            self._opened.append(None)
            return None
        if depth > _DEEPEST_BLOCK and name in BLOCKS:
            self.endData()
            while len(self.tagStack) > _DEEPEST_BLOCK:
                self.popTag()
        tag = super().handle_starttag(name, *arguments, **named)
        self._opened.append(tag)
        return tag

    def handle_endtag(self, name: str, nsprefix: str | None = None) -> None:
        self.endData()
        # The parser gives each element's end, also where the text lacks it.
        opened = self._opened.pop() if self._opened else None
        if opened is not None and opened is self.currentTag:
            super().handle_endtag(name, nsprefix)


class Census:
    """Which elements a tree has, from one walk through it: a search for what it lacks can be left out."""

    def __init__(self, element: Tag) -> None:
        self._names: set[str] = set()
        self._classes: set[str] = set()
        self._attributes: set[str] = set()
        for each in element.find_all(True):
            self._names.add(each.name)
            self._attributes.update(each.attrs)
            if "class" in each.attrs:
                self._classes.update(attribute(each, "class").split())

    def has_name(self, *names: str) -> bool:
        """Returns whether an element has one of these names."""
        return not self._names.isdisjoint(names)

    def has_class(self, *parts: str) -> bool:
        """Returns whether one of these is a class, or a part of one."""
        return any(part in name for name in self._classes for part in parts)

    def has_attribute(self, name: str) -> bool:
        """Returns whether an element has an attribute of this name."""
        return name in self._attributes


def parse_html(markup: str) -> Tag:
    """Returns the element that contains a fragment: ``body`` of the document that it makes.

    Comments stay, since WordPress and Ghost mark blocks with them, also before the first element and after the last.
    """
    # Without a body, lxml puts what begins with a comment before it, and what follows an end behind it.
    soup = _BoundedSoup(f"<body>{end_elements(_ENDS.sub('', markup))}")
    body = soup.body
    if body is None:
        body = soup.new_tag("body")
        soup.append(body)
    return body


def new_tag(name: str) -> Tag:
    """Returns a new element, which is in no document yet."""
    return _maker().new_tag(name)


@cache
def _maker() -> BeautifulSoup:
    return _BoundedSoup("")


def markup_of(element: Tag) -> str:
    """Returns the content of an element as HTML, without the element itself."""
    return element.decode_contents(formatter="minimal")


def words_in(element: Tag) -> str:
    """Returns the text of an element on one line, without comments."""
    return " ".join("".join(_texts(element)).split())


def has_class(element: Tag, *names: str) -> bool:
    """Returns whether an element has one of these classes."""
    found = element.get("class") or ()
    return not set(names).isdisjoint([found] if isinstance(found, str) else found)


def attribute(element: Tag, name: str) -> str:
    """Returns the value of an attribute, stripped; empty if the element lacks it."""
    value = element.get(name) or ""
    return (value if isinstance(value, str) else " ".join(value)).strip()


def replace_by(element: Tag, markup: str) -> None:
    """Replaces an element by what markup holds."""
    element.replace_with(*list(parse_html(markup).children))


def is_removed(element: Tag) -> bool:
    """Returns whether an element was decomposed, alone or with one around it.

    Beautiful Soup takes the name from such an element. Its own ``decomposed`` looks for an element
    ``_decomposed`` below each that is whole, so that asking all of nested ones is quadratic.
    """
    return not element.name


def remove(elements: Iterable[Tag]) -> None:
    """Removes elements with their content. ``elements`` may come from a search, which goes on."""
    for element in list(elements):
        element.decompose()


def embed_markup(node: Embed) -> str:
    """Returns an embed as the card of which ``html/read/own_markup`` makes it again.

    The other cards of exports are short enough to be written where they are made: a button is ``<p class="button">``
    around a link, a file ``<p class="file">``, a box ``<div class="callout callout-KIND">`` whose first paragraph has
    the class ``callout-title``, and a gallery a ``figure`` of figures.
    """
    link = f'<a href="{escape_attribute(node.href)}">'
    parts = []
    if node.thumbnail:
        picture = f'<img src="{escape_attribute(node.thumbnail)}" alt=""/>'
        parts.append(f'<p class="embed-thumbnail">{picture}</p>')
    if node.title:
        parts.append(f'<p class="embed-title">{link}{escape(node.title)}</a></p>')
    parts += [
        f'<p class="embed-text">{escape(line)}</p>'
        for line in node.text.split("\n")
        if line.strip()
    ]
    byline = " · ".join(filter(None, (node.author, node.date)))
    if byline:
        parts.append(f'<p class="embed-byline">{escape(byline)}</p>')
    source = node.provider or host_of(node.href) or node.kind
    parts.append(f'<p class="embed-source">{link}{escape(source)}</a></p>')
    return f'<div class="embed embed-{node.kind}">{"".join(parts)}</div>'


def _texts(element: Tag) -> Iterable[str]:
    return (text for text in element.strings if not isinstance(text, _NO_WORDS))
