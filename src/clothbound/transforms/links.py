"""Links between posts of one book."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from urllib.parse import unquote, urljoin

import msgspec

from ..context import Context
from ..diagnostics import Code
from ..model.blocks import Button, Embed, Figure
from ..model.index import anchors_of
from ..model.inlines import Link, Mention
from ..model.node import Node
from ..model.post import Post
from ..model.walk import rewrite

SCHEME = "clothbound:"
"""``clothbound:KEY#anchor`` leads to a post of the same book; writers turn it into their own form."""

_LINKING: frozenset[type[Node]] = frozenset({Link, Mention, Figure, Embed, Button})
_BEFORE = re.compile(r"(?:[\s\[<]|%20|%09|%0A|%5B|%3C)+(?=https?://|www\.)", re.IGNORECASE)
_AFTER = re.compile(r"(?:[\s\]>]|%20|%09|%0A|%5D|%3E)+$", re.IGNORECASE)


def resolve_links(post: Post, context: Context) -> Post:
    """``post`` with links to posts of the book as ``clothbound:KEY#anchor``, others as they are.

    A relative link to another post becomes an absolute one where that post's address is known, any
    other where the address of the post itself is; what leads nowhere is reported. A fragment that its target lacks is dropped and reported, since
    EPUB refuses it.
    """
    own = functools.cache(lambda: frozenset(anchors_of(post)))

    def visit(node: Node) -> Node:
        assert isinstance(node, (Link, Mention, Figure, Embed, Button))
        if not node.href:
            return node
        href = _resolve(node.href, post, node, own, context)
        return node if href == node.href else msgspec.structs.replace(node, href=href)

    result: Post = rewrite(post, visit, _LINKING)
    return result


def _resolve(
    href: str, post: Post, node: Node, own: Callable[[], AbstractSet[str]], context: Context
) -> str:
    if "".join(href.split()).lower().startswith(SCHEME):
        # Our own scheme is a promise to the writers that the target is there; no input makes it.
        context.warn(
            Code.LINK_UNRESOLVED,
            f"link with the scheme of no network: {href[:80]!r}",
            post,
            node.line,
        )
        return ""
    href = _mended(href)
    if href.startswith("#"):
        anchor = _anchor(href[1:], own()) or _anchor(unquote(href[1:]), own())
        if anchor:
            return f"{SCHEME}{post.metadata.key}#{anchor}"
        context.warn(
            Code.LINK_UNRESOLVED,
            f"link to {href[:80]!r}, which is not in the post",
            post,
            node.line,
        )
        return ""
    found = context.index.resolve(href, post.metadata.source)
    if found is not None:
        key, fragment = found
        here = key == post.metadata.key
        anchor = fragment and _anchor(fragment, own() if here else context.index.anchors(key))
        if fragment and not anchor:
            context.warn(
                Code.LINK_UNRESOLVED,
                f"link to {href[:120]!r}: its target has no {'#' + fragment!r}; it leads to the post",
                post,
                node.line,
            )
        return f"{SCHEME}{key}#{anchor}" if anchor else SCHEME + key
    if "://" in href or href.startswith(("mailto:", "tel:", "//")) or _has_scheme(href):
        return f"https:{href}" if href.startswith("//") else href
    # A post that was read but is not in this book.
    address = context.index.address(href, post.metadata.source)
    if address:
        return address
    if href.startswith("/") and context.index.sites:
        return f"https://{context.index.sites[0]}{href}"
    absolute = _on_the_network(href, post.metadata.canonical_url)
    if absolute:
        return absolute
    context.warn(
        Code.LINK_UNRESOLVED,
        f"link to {href[:120]!r}, which is no post of this collection",
        post,
        node.line,
    )
    return ""


def _anchor(fragment: str, anchors: AbstractSet[str]) -> str:
    """The id that a fragment names; empty if there is none."""
    if fragment in anchors:
        return fragment
    # Substack's own anchors of headings: a section sign and the words.
    words = fragment.removeprefix("\u00a7")
    return words if words in anchors else ""


def _on_the_network(href: str, address: str) -> str:
    """A relative ``href`` as it leads from the post's own address; empty if that is not known."""
    if not href or not address.startswith(("http://", "https://")):
        return ""
    try:
        return urljoin(address, href)
    except ValueError:
        return ""


def _mended(href: str) -> str:
    """``href`` without the blanks and brackets that editors leave round pasted addresses, and with
    the scheme that a bare ``www.`` lacks.
    """
    pasted = _BEFORE.match(href)
    if pasted:
        href = _AFTER.sub("", href[pasted.end() :])
    return f"https://{href}" if href.startswith("www.") else href


def _has_scheme(href: str) -> bool:
    head = href.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0]
    return ":" in head
