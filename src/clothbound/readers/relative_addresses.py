"""Finds the addresses in a post, and resolves those that are relative where its source lies on the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from ..model.node import Node
from ..model.post import Post
from ..model.walk import rewrite, walk
from ..web.addresses import resolve_url

_MEDIA = ("src", "poster", "thumbnail")
"""The fields of nodes that hold addresses of pictures and recordings."""
_FIELDS = ("href", *_MEDIA)
"""The fields of nodes that hold addresses."""


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

    return replace_addresses(post, lambda address: join_address(base, address))


def replace_addresses(post: Post, find: Callable[[str], str]) -> Post:
    """Returns ``post`` with what ``find`` returns for each address in its text."""

    def visit(node: Node) -> Node:
        changed = {}
        for name in _FIELDS:
            address = getattr(node, name, "")
            if address and (found := find(address)) != address:
                changed[name] = found
        return msgspec.structs.replace(node, **changed) if changed else node

    replaced: Post = rewrite(post, visit)
    return replaced


def addresses_of_media(post: Post) -> Iterator[str]:
    """Yields the addresses of the pictures and recordings in a post, and that of its cover."""
    for node in walk(post):
        yield from filter(None, (getattr(node, field, "") for field in _MEDIA))
    if post.metadata.cover:
        yield post.metadata.cover


def replace_cover(post: Post, find: Callable[[str], str]) -> Post:
    """Returns ``post`` with what ``find`` returns for the address of its cover, if it has one."""
    cover = post.metadata.cover
    if not cover or (found := find(cover)) == cover:
        return post
    metadata = msgspec.structs.replace(post.metadata, cover=found)
    return msgspec.structs.replace(post, metadata=metadata)
