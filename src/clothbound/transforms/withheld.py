"""No way leads to a secret post that a product does not hold."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..context import Context
from ..diagnostics import Code, Outcome, PostLink
from ..model.blocks import Button, Embed, Figure, Poll, Recipe
from ..model.inlines import Inline, Link, Mention, Span
from ..model.links import EMBEDDED, WIKILINK, mended
from ..model.node import Node
from ..model.post import Post
from ..model.walk import rewrite

LINKING: frozenset[type[Node]] = frozenset({Link, Mention, Figure, Embed, Button, Poll, Recipe})


def cut_ways(post: Post, context: Context) -> Post:
    """``post`` without links to the posts of ``context.withheld``, and without what shows them.

    The words of a link stay, since its author wrote them for this post; a card, a button and a note
    that is shown within another are left out. None of the messages names the secret post.
    """
    if not context.withheld:
        return post

    def visit(node: Node) -> Node | Iterable[Node] | None:
        href: str = getattr(node, "href", "")
        if not href or not _is_withheld(node, href, post, context):
            return node
        account = context.report.accounts.get(post.metadata.key)
        if account is not None:
            account.links_left_out.append(PostLink("", node.line, ""))
        if isinstance(node, (Embed, Button)) or EMBEDDED in node.classes:
            message = "what shows or leads to a post that is not public was left out"
            context.account(Outcome.DROPPED, post, node, message, is_secret=True)
            return None
        message = "link to a post that is not public; its words stay"
        context.warn(Code.LINK_UNRESOLVED, message, post, node.line)
        if isinstance(node, Link):
            return _words(node)
        return msgspec.structs.replace(node, href="")

    result: Post = rewrite(post, visit, LINKING)
    return result


def _is_withheld(node: Node, href: str, post: Post, context: Context) -> bool:
    index, source = context.index, post.metadata.source
    if WIKILINK in node.classes:
        found = index.resolve_name(href, source) or index.whole.resolve_name(href, source)
    else:
        href = mended(href)
        found = index.resolve(href, source) or index.whole.resolve(href, source)
    return found is not None and found[0] in context.withheld


def _words(link: Link) -> tuple[Inline, ...]:
    """What stands in a link; its id stays a place to lead to."""
    return (Span(link.children, id=link.id),) if link.id else link.children
