"""Finds pictures that posts name by their whole address on the site of which the folder has the files."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import msgspec

from ...media.resources import paths_of_root
from ...model.inlines import Image
from ...model.node import Node
from ...model.post import Base, Post
from ...model.walk import rewrite
from ...web.addresses import host_of, split_url


def with_own_pictures(post: Post, base: Base | None, text: str) -> Post:
    """Returns ``post`` with the pictures of the site's own host as seen from its root, if the folder has their files.

    ``text`` is that of the post: without the host in it, there is nothing to do.
    """
    host = host_of(base.site) if base is not None else ""
    if base is None or not host or host not in text:
        return post

    def visit(node: Node) -> Node:
        path = _path_on(node.src, host) if isinstance(node, Image) else ""
        if not path or not _has_file(base, unquote(path)):
            return node
        return msgspec.structs.replace(node, src=path)

    rewritten: Post = rewrite(post, visit)
    return rewritten


def _path_on(address: str, host: str) -> str:
    """Returns the path of an address on a host; empty if it is elsewhere."""
    parts = split_url(address)
    is_there = parts.scheme in ("http", "https", "") and host_of(address) == host
    return parts.path if is_there else ""


def _has_file(base: Base, path: str) -> bool:
    root = Path(base.root)
    try:
        return any(
            (root / place).is_file()
            for place in paths_of_root(base, path.lstrip("/"), of_root=True)
        )
    except (OSError, ValueError):
        return False
