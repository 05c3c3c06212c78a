"""Resolves relative addresses in a post whose source lies on the network."""

from __future__ import annotations

import msgspec

from ..model.node import Node
from ..model.post import Post
from ..model.walk import rewrite
from ..web.addresses import resolve_url

_FIELDS = ("href", "src", "poster", "thumbnail")


def join_address(base: str, href: str) -> str:
    """Returns ``href`` as seen from ``base``. A fragment stays one within the post."""
    if href.startswith(("http://", "https://", "#", "data:", "mailto:")):
        return href
    resolved = resolve_url(base, href)
    return href if resolved is None else resolved


def resolve_addresses(post: Post, base: str) -> Post:
    """Resolves the relative addresses of ``post`` against ``base``; without one they are kept."""
    if not base:
        return post

    def visit(node: Node) -> Node:
        changed = {}
        for name in _FIELDS:
            address = getattr(node, name, "")
            if address and (joined := join_address(base, address)) != address:
                changed[name] = joined
        return msgspec.structs.replace(node, **changed) if changed else node

    resolved: Post = rewrite(post, visit)
    return resolved
