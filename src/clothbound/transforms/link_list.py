"""Makes the list of all addresses outside the book to which its posts link."""

from __future__ import annotations

from collections.abc import Iterator

from ..context import Context
from ..epub_names import LIST_OF_LINKS
from ..html.write.cards import byline
from ..language.direction import direction
from ..language.words import own_language, wording
from ..model.addresses import is_on_web
from ..model.blocks import Block, Embed, Figure, Heading, List, ListItem, Paragraph
from ..model.book_links import book_address
from ..model.index import Index
from ..model.inlines import Link, Mention, Text
from ..model.links import repair_address, shorten_address
from ..model.node import Node
from ..model.plain_text import own_text, plain_text
from ..model.post import Metadata, Post
from ..title_text import typeset_title

_LONGEST = 120
"""The most characters of a link's text that the list repeats."""


def list_metadata(index: Index, language: str) -> Metadata:
    """Returns the metadata, key and title above all, of the list of links in a book of these
    posts.
    """
    words = wording(language)
    key = LIST_OF_LINKS
    while key in index:
        key += "-"
    return Metadata(key=key, title=words.links, language=own_language(language))


def list_of_links(metadata: Metadata, context: Context) -> Post:
    """Returns a post with a heading for each chapter that has links, and each address below it
    once.
    """
    body: list[Block] = []
    index = context.index
    for key, links in index.links().items():
        items = tuple(_items(links, index, key, metadata.language))
        if items:
            language = index[key].language or context.language
            title = typeset_title(index[key].title or index[key].source, language)
            own = (("lang", language), ("dir", direction(language)))
            link = Link((Text(title),), book_address(key), attributes=own)
            body.extend(
                (
                    Heading((link,), 2, classes=("addresses-title",)),
                    List(items, classes=("addresses",)),
                )
            )
    return Post(metadata, tuple(body))


def _items(
    links: tuple[tuple[Node, str], ...], index: Index, key: str, language: str
) -> Iterator[ListItem]:
    seen: set[str] = set()
    for node, target in links:
        href = "" if target else _outside(node, index, index[key].source)
        shown = shorten_address(href)
        if not shown or shown.casefold() in seen:
            continue
        seen.add(shown.casefold())
        text = _describe_link(node, language)
        address = Link((Text(shown),), href, classes=("address",))
        is_only_address = not text or shorten_address(text).casefold() == shown.casefold()
        content = (
            (address,) if is_only_address else (Text(f"{text}{wording(language).colon}"), address)
        )
        yield ListItem((Paragraph(content),))


def _describe_link(node: Node, language: str) -> str:
    """Returns the text of a link; of an embed, its title or the beginning of its text, and its
    author.
    """
    if not isinstance(node, Embed):
        return _shorten(plain_text(node) or own_text(node))
    label = _shorten(node.title or node.text)
    return " \u2014 ".join(filter(None, (label, byline(node, language))))


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[:_LONGEST].rsplit(' ', 1)[0]}\u2026" if len(text) > _LONGEST else text


def _outside(node: Node, index: Index, source: str) -> str:
    """Returns the absolute address to which a node leads; empty for none and for a picture's
    own.
    """
    if isinstance(node, (Figure, Mention)):
        return ""
    href = repair_address(node.href)  # type: ignore[attr-defined]
    if href.startswith("//"):
        return f"https:{href}"
    if is_on_web(href):
        return href
    return index.address(href, source)
