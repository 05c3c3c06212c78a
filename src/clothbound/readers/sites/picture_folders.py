"""``PictureFolders``: where the pictures of posts are looked for, in a folder of posts or in the site that it is of."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import msgspec

from ...model.post import Base

USUAL = ("", "static", "public", "assets", "source", "images", "content", "src")
"""The folders that generators of sites copy to the root of the site, in the order in which they are asked."""


class PictureFolders(msgspec.Struct, frozen=True):
    """The folders of the pictures of all posts that were read together."""

    folder: str
    """The folder that was read."""
    root: str
    """The root of the site; the folder that was read if there is none."""
    places: tuple[str, ...] = USUAL
    languages: tuple[str, ...] = ()
    """Names of folders of languages, which share the pictures of one post."""
    by_name: bool = False
    """Whether a picture may be anywhere, as in a vault."""
    site: str = ""
    """The address of the site on the network, or only its path there."""
    aliases: tuple[tuple[str, str], ...] = ()
    """The beginnings of addresses that stand for folders."""
    has_asset_folders: bool = False
    """Whether the files of a post are in a folder beside it that has its name."""

    def base_of(self, file: str) -> Base:
        """Returns the place of the files of a post. ``file`` is relative to the folder that was read."""
        path = os.path.normpath(os.path.join(self.folder, file))  # noqa: PTH118 - resolves no link
        own = os.path.dirname(path)  # noqa: PTH120 - a path takes longer
        return Base(
            "folder",
            own,
            root=self.root,
            places=self.places,
            beside=(*self._assets(path), *self._others(own)),
            by_name=self.by_name,
            site=self.site,
            aliases=self.aliases,
        )

    def _assets(self, path: str) -> tuple[str, ...]:
        """Returns the folder of a post's own files, if the site has such folders."""
        if not self.has_asset_folders or not Path(path).is_relative_to(self.root):
            return ()
        return (Path(path).relative_to(self.root).with_suffix("").as_posix(),)

    def _others(self, folder: str) -> tuple[str, ...]:
        """Returns the folders of the same post in other languages."""
        if not self.languages or not Path(folder).is_relative_to(self.root):
            return ()
        parts = Path(folder).relative_to(self.root).parts
        at = next((n for n, part in enumerate(parts) if part.lower() in self.languages), None)
        if at is None:
            return ()
        others = (one for one in self.languages if one != parts[at].lower())
        return tuple(PurePosixPath(*parts[:at], one, *parts[at + 1 :]).as_posix() for one in others)
