"""Finds the files of an archive that the posts in it name, as seen from its top: pictures, recordings, documents."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

import msgspec

from ..lazy_pattern import lazy_pattern
from ..limits import Limits
from ..model.post import Post
from ..model.post_names import forms_of_name
from ..web.addresses import hostname_of
from .export_files import Files
from .packed_files import FilesOfPosts
from .relative_addresses import join_address, replace_addresses, replace_cover

_UPWARDS = lazy_pattern(r"(?:\.{1,2}/)+")


class ArchivePlace(msgspec.Struct, frozen=True):
    """The place of the files of an archive."""

    files: Files
    folder: str
    limits: Limits
    names: frozenset[str]
    """The files below the folder."""

    @classmethod
    def of(cls, files: Files, folder: str, limits: Limits) -> ArchivePlace:
        """Returns the place of the files in ``folder``."""
        prefix = f"{folder}/" if folder else ""
        inside = (n.removeprefix(prefix) for n in files.names if n.startswith(prefix))
        return cls(files, folder, limits, frozenset(inside))

    def find(self, address: str, site: str) -> str:
        """Returns an address as that of a file of the archive, or of the site, whose address is ``site``.

        Of an archive in memory the site is named, if it is known: from there links to documents work, too.
        """
        is_held = not site or self.files.base(self.folder) is not None
        try:
            parts = urlsplit(address)
        except ValueError:
            return address
        is_own = not parts.netloc or hostname_of(address) == hostname_of(site)
        path = _UPWARDS.sub("", unquote(parts.path)).lstrip("/")
        stored = next((form for form in forms_of_name(path) if form in self.names), "")
        if is_held and is_own and parts.scheme in ("", "http", "https") and stored:
            return quote(stored)
        if not site and address.startswith("../"):
            return _UPWARDS.sub("", address)
        return join_address(site, address) if site else address


def place_files(post: Post, place: ArchivePlace, site: str) -> Post:
    """Returns ``post`` with the addresses of the archive's files as seen from its top."""

    def find(address: str) -> str:
        return place.find(address, site)

    placed = replace_cover(replace_addresses(post, find), find)
    return FilesOfPosts(place.files, place.folder, place.limits).give(placed)
