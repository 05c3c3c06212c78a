"""Reads the items of a Blog Archive (``.bar``), as Micro.blog and other programs export it: pictures are beside the feed.

Source: Manton Reece's description of the format (manton.org, 2017 and 2021). The feed has each text as HTML, or as Markdown
in the member that is plain text in a feed on the network.
"""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

import msgspec

from ..limits import Limits
from ..model.node import Node
from ..model.post import Base, Metadata, Post
from ..model.walk import rewrite
from ..web.addresses import hostname_of
from .entries import EntryText
from .export_files import Files
from .html_post import post_of
from .relative_addresses import join_address

MARKDOWN = "markdown"
"""The form of a text that is Markdown."""
_ADDRESSES = ("href", "src", "poster", "thumbnail")


class ArchivePlace(msgspec.Struct, frozen=True):
    """The place of the files of an archive."""

    base: Base | None = None
    """None for an archive in memory, whose pictures cannot be read later."""
    names: frozenset[str] = frozenset()
    """The files beside the feed; none for an archive in memory."""

    @classmethod
    def of(cls, files: Files, folder: str) -> ArchivePlace:
        """Returns the place of the files in ``folder``, in which the feed is."""
        base = files.base(folder)
        prefix = f"{folder}/" if folder else ""
        inside = (n.removeprefix(prefix) for n in files.names if n.startswith(prefix))
        return cls(base, frozenset(inside) if base is not None else frozenset())

    def find(self, address: str, site: str) -> str:
        """Returns an address as that of a file of the archive, or of the site, whose address is ``site``."""
        try:
            parts = urlsplit(address)
        except ValueError:
            return address
        is_own = not parts.netloc or hostname_of(address) == hostname_of(site)
        path = unquote(parts.path).lstrip("/")
        if is_own and parts.scheme in ("", "http", "https") and path in self.names:
            return quote(path)
        return join_address(site, address) if site else address


def make_archive_post(place: ArchivePlace, text: EntryText, metadata: Metadata) -> Post:
    """Converts the text of an item."""
    if text.form == MARKDOWN:
        from .markdown import MarkdownInput, make_markdown_post

        post = make_markdown_post(text.content, metadata, MarkdownInput(), Limits())
        post = msgspec.structs.replace(post, diagnostics=(*text.findings, *post.diagnostics))
    else:
        post = post_of(text.content, metadata, findings=text.findings)

    def visit(node: Node) -> Node:
        changed = {}
        for name in _ADDRESSES:
            address = getattr(node, name, "")
            if address and (found := place.find(address, text.base)) != address:
                changed[name] = found
        return msgspec.structs.replace(node, **changed) if changed else node

    placed: Post = rewrite(post, visit)
    cover = placed.metadata.cover
    if cover and (found := place.find(cover, text.base)) != cover:
        named = msgspec.structs.replace(placed.metadata, cover=found)
        placed = msgspec.structs.replace(placed, metadata=named)
    return msgspec.structs.replace(placed, base=place.base)
