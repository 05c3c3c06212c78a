"""Gives a post the files of its archive: the place of those on the disk, the bytes of those in memory, which nobody can
open again by a path.
"""

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


class FilesOfPosts(msgspec.Struct, frozen=True):
    """The files in a folder of an archive or a folder, which posts name as seen from there."""

    files: Files
    folder: str
    limits: Limits

    @property
    def are_on_disk(self) -> bool:
        """Whether they are files of a folder, each of which can be looked for, and not of an archive."""
        base = self.files.base(self.folder)
        return base is not None and base.kind == "folder"

    def give(self, post: Post) -> Post:
        """Returns ``post`` with the place of these files, or with the bytes of those that it names."""
        placed = msgspec.structs.replace(post, base=self.files.base(self.folder))
        return with_packed_files(placed, self.files, self.folder, self.limits)


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
