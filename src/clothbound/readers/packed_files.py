"""Gives a post the files that it names in an archive in memory, which nobody can open again by a path."""

from __future__ import annotations

import posixpath
from contextlib import suppress
from urllib.parse import unquote

import msgspec

from ..limits import Limits
from ..model.post import Asset, Post
from .export_files import Files
from .relative_addresses import addresses_of_media
from .text_files import BadPostError


def with_packed_files(post: Post, files: Files, folder: str, limits: Limits) -> Post:
    """Returns ``post`` with the files of its pictures and recordings in ``folder``, where the archive has no path."""
    if files.base(folder) is not None:
        return post
    found = {asset.href: asset for asset in post.assets}
    for href in addresses_of_media(post):
        name = unquote(href)
        for path in (posixpath.join(folder, name), name) if href not in found else ():
            with suppress(BadPostError):  # also for a file that the archive lacks
                found[href] = Asset(href, files.read(path, limits.resource_bytes))
                break
    return msgspec.structs.replace(post, assets=tuple(found.values()))
