"""Text for links without any: links around a hard break or nothing, which editors' cards leave.

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
from ..model.walk import rewrite, walk
from ..web.addresses import spoken

_NAMED = 120
"""Characters of an address in messages."""


def give_words(post: Post, context: Context) -> Post:
    """Gives text to links without any in ``post``: the title of the post that a link leads to, or
    its address.

    The links must be resolved. A link is replaced by its content if the post has a link with text
    to the same address, if it leads into its own post, and if it leads nowhere. Each is accounted
    for.
    """
    told = functools.cache(
        lambda: {n.href for n in walk(post) if isinstance(n, Link) and _speaks(n.children)}
    )

    def visit(node: Node) -> Node | Iterable[Node]:
        assert isinstance(node, Link)
        if _speaks(node.children):
            return node
        words = "" if node.href in told() else _words(node.href, post, context)
        if words:
            message = f"link without text: {words!r} was written for it"
            context.account(Outcome.SIMPLIFIED, post, node, message)
            return msgspec.structs.replace(node, children=(Text(words), *node.children))
        bare = msgspec.structs.replace(node, children=())
        message = f"link without text left out: {node.href[:_NAMED]}"
        context.account(Outcome.CHROME, post, bare, message)
        if node.id or node.classes or node.attributes:
            return Span(node.children, id=node.id, classes=node.classes, attributes=node.attributes)
        return node.children

    result: Post = rewrite(post, visit, {Link})
    return result


def _words(href: str, post: Post, context: Context) -> str:
    place = split_book_address(href)
    if place is None:
        return spoken(href.removeprefix("mailto:"))
    key, _ = place
    return "" if key == post.metadata.key else context.index[key].title


def _speaks(nodes: tuple[Inline, ...]) -> bool:
    """Returns whether there is anything to read or to see in ``nodes``, spaces and line breaks left
    aside.
    """
    for node in walk(nodes):
        if isinstance(node, (Image, Math, RawInline)):
            return True
        if any(c.isprintable() and not c.isspace() for c in own_text(node)):
            return True
    return False
