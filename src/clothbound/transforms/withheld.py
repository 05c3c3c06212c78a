"""Removes links to secret posts that a product does not contain."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from ..context import Context
from ..diagnostics import DiagnosticCode, Outcome, PostLink
from ..model.blocks import LINKING, Button, Embed, List, ListItem, Paragraph
from ..model.inlines import Inline, Link, Span, Text
from ..model.links import EMBEDDED, WIKILINK, repair_address, shorten_address
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.post import Post
from ..model.walk import rewrite

_GAP = "[...]"


def cut_ways(post: Post, context: Context) -> Post:
    """Removes from ``post`` the links to the posts in ``context.withheld``, and embeds of them.

    The text of a link is kept, since its author wrote it for this post. If it is only the address,
    or the name in a wikilink, "[...]" replaces it. Cards, buttons and notes shown in other notes
    are removed. No message names the secret post.
    """
    if not context.withheld:
        return post

    emptied = False

    def visit(node: Node) -> Node | Iterable[Node] | None:
        nonlocal emptied
        if isinstance(node, (Paragraph, ListItem, List)):
            content = node.items if isinstance(node, List) else node.children
            return node if content or not emptied else None
        href: str = getattr(node, "href", "")
        if not href or not _is_withheld(node, href, post, context):
            return node
        account = context.report.accounts.get(post.metadata.key)
        if account is not None:
            account.links_left_out.append(PostLink("", node.line, ""))
        if isinstance(node, (Embed, Button)) or EMBEDDED in node.classes:
            message = "what shows or leads to a post that is not public was left out"
            context.account(Outcome.DROPPED, post, node, message, is_secret=True)
            emptied = True
            return None
        if isinstance(node, Link) and _has_no_words(node):
            message = f"a link without text of its own to a post that is not public was replaced by {_GAP}"
            context.account(Outcome.DROPPED, post, node, message, is_secret=True)
            return _words(msgspec.structs.replace(node, children=(Text(_GAP),)))
        message = "a link to a post that is not public was removed; its text is kept"
        text = plain_text(node)
        context.warn(DiagnosticCode.LINK_UNRESOLVED, message, post, node.line, text=text)
        if isinstance(node, Link):
            return _words(node)
        return msgspec.structs.replace(node, href="")

    result: Post = rewrite(post, visit, LINKING | {Paragraph, ListItem, List})
    return result


def _is_withheld(node: Node, href: str, post: Post, context: Context) -> bool:
    index, source = context.index, post.metadata.source
    if WIKILINK in node.classes:
        found = index.resolve_name(href, source) or index.whole.resolve_name(href, source)
    else:
        href = repair_address(href)
        found = index.resolve(href, source) or index.whole.resolve(href, source)
    if found is not None:
        return found[0] in context.withheld
    if WIKILINK in node.classes:
        return False
    # An ambiguous name is removed, since one of the posts that it may name is secret.
    alike = index.whole.find_namesakes(href, source)
    return bool(alike) and any(index.whole[key].source in alike for key in context.withheld)


def _has_no_words(link: Link) -> bool:
    """Returns whether the text of a link is its address, or the name that a wikilink gives a post."""
    words = " ".join(plain_text(link.children).split())
    if WIKILINK in link.classes:
        # The text may separate the parts of the name by another sign.
        text_parts = re.split(r"[#\u203a]", words)
        called = re.split(r"[#\u203a/]", link.href)
        return {part.strip() for part in text_parts} <= {part.strip() for part in called}
    return bool(words) and shorten_address(words) == shorten_address(repair_address(link.href))


def _words(link: Link) -> tuple[Inline, ...]:
    """Returns the content of a link. Its id remains as a link target."""
    return (Span(link.children, id=link.id),) if link.id else link.children
