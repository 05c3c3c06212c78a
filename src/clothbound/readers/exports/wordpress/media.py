"""The files that an export names: each is an item of its own, and the texts refer to it by number or address."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

from ....lazy_pattern import lazy_pattern
from ....web.addresses import path_of
from ...feed_text import words_of
from ...packed_files import FilesOfPosts

if TYPE_CHECKING:
    from .items import ExportItem

_SIZE = lazy_pattern(r"-(?:\d{1,5}x\d{1,5}|scaled|rotated|e\d{10,13})(?=\.[A-Za-z0-9]{2,5}$)")
"""Matches what WordPress appends to the name of a file for a copy of another size."""
_SQUARESPACE_ID = lazy_pattern(r"^exc-[0-9a-f]{24}$")
"""Matches what Squarespace writes in place of a caption."""
_COPY = lazy_pattern(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]{2,5}$)")
_UPLOADS = lazy_pattern(r"(?:^|/)(?:uploads|files)/(.+)")
_PICTURES = frozenset("jpg jpeg jpe png gif webp avif svg bmp tif tiff heic".split())


class Attachment(msgspec.Struct, frozen=True):
    """A file, and what its author says of it."""

    url: str
    alternative: str = ""
    caption: str = ""
    """The caption as HTML."""
    title: str = ""
    parent: str = ""
    """The number of the post for which it was uploaded."""

    page: str = ""
    """The address of the page that shows only this file."""

    @property
    def is_picture(self) -> bool:
        return unquote(path_of(self.url)).rpartition(".")[2].lower() in _PICTURES


class Uploads(msgspec.Struct, frozen=True):
    """The files of the folder ``uploads`` that lies beside an export, by their paths below it."""

    files: FilesOfPosts | None = None
    names: dict[str, str] = {}
    """The path of each file as ``files`` have it, by its path below ``uploads``."""

    @classmethod
    def of(cls, files: FilesOfPosts, names: Iterable[str]) -> Uploads:
        found: dict[str, str] = {}
        for name in names:
            tail = tail_of(name)
            if tail:
                found.setdefault(tail, name)
        return cls(files, found) if found else cls()

    def find(self, url: str) -> str:
        """Returns the path of the file that an address names: the original, else the copy of its size; else nothing."""
        if not self.names:
            return ""
        tail = tail_of(unquote(path_of(url)))
        tried = (_SIZE.sub("", tail), _SIZE.sub("-scaled", tail), tail)
        return next((self.names[name] for name in tried if name in self.names), "")


class Attachments:
    """The attachments of an export by number and by address; picklable."""

    def __init__(self) -> None:
        self.by_number: dict[str, Attachment] = {}
        self._by_tail: dict[str, str] = {}
        self.public_posts: set[str] = set()
        """The numbers of the posts and pages that everybody may see."""
        self.uploads = Uploads()

    def add(self, number: str, item: ExportItem, site: str) -> None:
        """Adds an item of the type ``attachment``."""
        from ...relative_addresses import join_address

        url = item.text("wp:attachment_url") or item.text("guid")
        if not url or not number:
            return
        attachment = Attachment(
            join_address(site, html.unescape(url)),
            html.unescape(item.meta.get("_wp_attachment_image_alt", "")).strip(),
            _SQUARESPACE_ID.sub("", item.text("excerpt:encoded")),
            words_of(item.text("title"), is_html=False),
            item.text("wp:post_parent"),
            item.text("link").rstrip("/"),
        )
        self.by_number.setdefault(number, attachment)
        if tail := tail_of(unquote(path_of(attachment.url))):
            self._by_tail.setdefault(tail, number)

    def find(self, number: str, url: str = "") -> Attachment | None:
        """Returns the attachment of a number, else that whose file or copy has the address ``url``; None if unknown."""
        if number in self.by_number:
            return self.by_number[number]
        tail = tail_of(unquote(path_of(url)))
        for name in (tail, _SIZE.sub("", tail), _SIZE.sub("-scaled", tail)):
            if name and name in self._by_tail:
                return self.by_number[self._by_tail[name]]
        return None

    def may_show_pictures_of(self, owner: str, post: str) -> bool:
        """Returns whether ``post`` may show the pictures that were uploaded for another one without naming each."""
        return owner == post or owner in self.public_posts

    def pictures_of(self, post: str) -> list[str]:
        """Returns the numbers of the pictures that were uploaded for a post."""
        return [
            number
            for number, found in self.by_number.items()
            if found.parent == post and post not in ("", "0") and found.is_picture
        ]


def original_of(url: str) -> str:
    """Returns the address of the file of which ``url`` is a copy of another size."""
    address, mark, rest = url.partition("?")
    if tail_of(address):
        address = _COPY.sub("", address)
        # Photon, WordPress.com's network, resizes by the query.
        if mark and any(
            part.startswith(("w=", "h=", "resize=", "fit=")) for part in rest.split("&")
        ):
            return address
    return address + mark + rest


def tail_of(path: str) -> str:
    """Returns the path of a file below the folder of uploads; empty if it is elsewhere."""
    found = _UPLOADS.search(path)
    return found[1] if found else ""
