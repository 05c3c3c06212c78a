"""Gives links from post to post of an archive the addresses that the posts have on Substack."""

from __future__ import annotations

from urllib.parse import quote

from msgspec.structs import replace

from ...model.addresses import is_relative
from ...model.blocks import LINKING
from ...model.index import Index
from ...model.links import WIKILINK
from ...model.node import Node
from ...model.post import Post
from ...model.walk import rewrite
from .listing import PostIds


def with_post_addresses(post: Post, index: Index, ids: PostIds) -> Post:
    """Returns ``post`` with ``/p/slug`` for links that name a post of the archive by its file or title."""
    source = post.metadata.source

    def visit(node: Node) -> Node:
        href: str = getattr(node, "href", "")
        is_wikilink = WIKILINK in node.classes
        if _stays(href):
            return node
        found = (index.resolve_name if is_wikilink else index.resolve)(href, source)
        if found is None:
            return node
        key, fragment = found
        address = f"/p/{quote(ids.slug_of(index[key]))}" + (
            f"#{quote(fragment)}" if fragment else ""
        )
        classes = tuple(name for name in node.classes if name != WIKILINK)
        return replace(node, href=address, classes=classes)

    result: Post = rewrite(post, visit, LINKING)
    return result


def _stays(href: str) -> bool:
    """Returns whether an address is valid on Substack too, or leads to the post itself."""
    return not href or href.startswith(("#", "/p/")) or not is_relative(href)
