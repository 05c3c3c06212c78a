"""Leads links to the pages of a site, which are not read as posts, to their addresses on the network."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import msgspec

from ...model.inlines import Link
from ...model.node import Node
from ...model.post import Post
from ...model.post_names import is_post_file
from ...model.slugs import WRITTEN_FILES
from ...model.walk import rewrite
from .generator import SiteFile, TextsOfSource
from .settings_files import read_text
from .site_folder import PAGE, SiteFolder


def with_pages_on_network(
    post: Post, site: SiteFolder, source: TextsOfSource, folder: Path, text: str
) -> Post:
    """Returns ``post`` with the addresses of the pages that its links name by their files.

    ``folder`` is that of the post's file. ``text`` is that of the post: if it names no file of a post, there is
    nothing to do. A link to a page whose address is unknown stays as it is.
    """
    if not site.host or not any(ending in text for ending in WRITTEN_FILES):
        return post
    found: dict[str, str] = {}

    def visit(node: Node) -> Node:
        if not isinstance(node, Link) or not is_post_file(node.href.partition("#")[0]):
            return node
        path, mark, fragment = node.href.partition("#")
        if path not in found:
            found[path] = _address_of(site, source, folder, path)
        if not found[path]:
            return node
        return msgspec.structs.replace(node, href=f"{found[path]}{mark}{fragment}")

    rewritten: Post = rewrite(post, visit)
    return rewritten


def _address_of(site: SiteFolder, source: TextsOfSource, folder: Path, href: str) -> str:
    """Returns the address of the page that a link names by its file; empty for a post, and for anything else."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    path = unquote(parts.path)
    if parts.scheme or parts.netloc or "\0" in path:
        return ""
    places = [folder / path]
    if path.startswith("/"):
        places = [site.root / place / path.lstrip("/") for place in ("", *site.facts.content)]
    try:
        files = [place.resolve() for place in places if place.is_file()]
    except OSError:  # such as a name that is too long
        return ""
    file = next((one for one in files if one.is_relative_to(site.root)), None)
    return "" if file is None else _address_of_page(site, source, file)


def _address_of_page(site: SiteFolder, source: TextsOfSource, path: Path) -> str:
    """Returns the address of a page that everyone may see by now; empty for a post."""
    text, place = read_text(path), path.relative_to(site.root).as_posix()
    file = SiteFile(PurePosixPath(place), source.metadata_of(text, place, site.texts), text)
    if not site.why_left_out(file).startswith(PAGE):
        return ""
    file = msgspec.structs.replace(file, metadata=site.complete(file))
    shown = site.restrict(file)
    return shown.canonical_url if source.is_out(shown) else ""
