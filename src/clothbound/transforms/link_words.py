"""Gives text to links without any, such as links around a hard break, which editors leave behind.

A screen reader skips such a link, and PDF/UA and EPUB forbid it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

import msgspec

from ..context import Context
from ..diagnostics import Outcome
from ..model.book_links import split_book_address
from ..model.inlines import Image, Inline, Link, Math, RawInline, Span, Text
from ..model.node import Node
from ..model.plain_text import own_text
from ..model.post import Post
from ..model.walk import walk
from ..web.addresses import trim_address

_NAMED = 120
"""The most characters of an address in a message."""


def give_words(post: Post, context: Context) -> Post:
    """Gives links without text the title of the post to which they lead, or their address.

    Links must be resolved first. A link is replaced by its content if another link to the same
    address has text, if it leads into its own post, or if it leads nowhere. Each is reported.
    """
    if Link not in context.census(post).kinds:
        return post
    labelled_hrefs = functools.cache(
        lambda: {n.href for n in walk(post) if isinstance(n, Link) and _has_content(n.children)}
    )

    def visit(node: Node) -> Node | Iterable[Node]:
        assert isinstance(node, Link)
        if _has_content(node.children):
            return node
        words = "" if node.href in labelled_hrefs() else _find_text(node.href, post, context)
        if words:
            message = f"a link without text got the text {words!r}"
            context.account(Outcome.SIMPLIFIED, post, node, message)
            return msgspec.structs.replace(node, children=(Text(words), *node.children))
        bare = msgspec.structs.replace(node, children=())
        message = f"a link without text was left out: {node.href[:_NAMED]}"
        context.account(Outcome.CHROME, post, bare, message)
        if node.id or node.classes or node.attributes:
            return Span(node.children, id=node.id, classes=node.classes, attributes=node.attributes)
        return node.children

    return context.rewrite(post, visit, {Link})


def _find_text(href: str, post: Post, context: Context) -> str:
    place = split_book_address(href)
    if place is None:
        return trim_address(href.removeprefix("mailto:"))
    key, _ = place
    return "" if key == post.metadata.key else context.index[key].title


def _has_content(nodes: tuple[Inline, ...]) -> bool:
    """Whether ``nodes`` show anything but spaces and line breaks."""
    for node in walk(nodes):
        if isinstance(node, (Image, Math, RawInline)):
            return True
        if any(c.isprintable() and not c.isspace() for c in own_text(node)):
            return True
    return False
