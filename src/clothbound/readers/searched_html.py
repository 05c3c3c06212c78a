"""HTML that is searched: BeautifulSoup finds, unwraps and renames what the template of a platform made.

The rest goes as HTML to ``html/read``, the one builder of nodes. Substack's own HTML is read as lxml's events,
which is several times faster; it has no need of this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, Comment, Declaration, Doctype, ProcessingInstruction

from ..escape import attribute as escape_attribute
from ..escape import escape
from ..lazy_pattern import lazy_pattern
from ..model.blocks import Embed
from ..web.addresses import host_of

_ENDS = lazy_pattern(r"</(?:body|html)\s*>", re.I)
MEMBERS_START = '<div class="dynamic-content-block" audiences="members">'
MEMBERS_END = "</div>"
"""The tags around a part of a post that only members see."""
_NO_WORDS = (CData, Comment, Declaration, Doctype, ProcessingInstruction)


def parse_html(markup: str) -> Tag:
    """Returns the element that contains a fragment: ``body`` of the document that it makes.

    Comments stay, since WordPress and Ghost mark blocks with them, also before the first element and after the last.
    """
    # Without a body, lxml puts what begins with a comment before it, and what follows an end behind it.
    soup = BeautifulSoup(f"<body>{_ENDS.sub('', markup)}", "lxml")
    body = soup.body
    if body is None:
        body = soup.new_tag("body")
        soup.append(body)
    return body


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
