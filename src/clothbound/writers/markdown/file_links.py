"""Leads links between posts to the files that are written, if these have other names than the files that were read."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from urllib.parse import quote, unquote

import msgspec

from ...model.addresses import without_query
from ...model.blocks import LINKING, Button, Embed, Figure, Poll, Recipe
from ...model.index import Index
from ...model.inlines import Link, Mention
from ...model.links import WIKILINK
from ...model.node import Node
from ...model.post import Post
from ...model.walk import rewrite


def with_file_links(post: Post, files: Mapping[str, str], index: Index) -> Post:
    """Returns ``post`` with the links that name files of other posts leading to ``files``, the written file of each key.

    Other addresses stay: they name a post by what its site calls it, wherever its file is.
    """
    source = post.metadata.source
    sources = {metadata.key: metadata.source for metadata in index}

    def visit(node: Node) -> Node:
        assert isinstance(node, (Link, Mention, Figure, Embed, Button, Poll, Recipe))
        path = without_query(node.href)
        if "." not in path.rpartition("/")[2] or ":" in path or path.startswith("/"):
            return node
        found = index.resolve(node.href, source) if WIKILINK not in node.classes else None
        if found is None:
            return node
        named = posixpath.normpath(unquote(path))
        read = posixpath.normpath(posixpath.join(posixpath.dirname(source), named))
        if named == files[found[0]] or read != sources[found[0]]:
            return node
        key, fragment = found
        address = quote(files[key]) + (f"#{fragment}" if fragment else "")
        return msgspec.structs.replace(node, href=address)

    result: Post = rewrite(post, visit, LINKING)
    return result
