"""Saves the pictures of a post beside its file, under names derived from their bytes."""

from __future__ import annotations

from collections import Counter

import msgspec

from ..context import Context
from ..errors import ResourceError
from ..lazy_pattern import lazy_pattern
from ..model.blocks import Figure
from ..model.collection import Collection
from ..model.inlines import Image
from ..model.node import Node, Origin
from ..model.post import Post
from ..model.walk import rewrite
from ..post_pictures import remote_pictures
from ..progress import FETCHING
from ..substack.data_attrs import stringify
from ..substack.pictures import image_data, keep_address, local_name
from ..web.addresses import is_remote
from .folder import Folder, UnfitFileError

_UNFIT = lazy_pattern(r"[\t\r\n]")


class LocalPictures:
    """Saves pictures in the manuscript and records their addresses, so that a later run finds the file of a
    picture that it cannot fetch.
    """

    def __init__(self, folder: Folder, context: Context) -> None:
        self._folder = folder
        self._context = context
        self._known = folder.pictures()

    def localise(self, post: Post, place: str) -> tuple[Post, dict[str, str]]:
        """Replaces the pictures of ``post`` that can be fetched by files, and returns their names by address.

        The files are in ``images/`` beside the post's own file; ``place`` is its folder, such as ``2023/``.
        A post may not read files elsewhere.
        """
        urls: dict[str, str] = {}
        """The address of each picture, by the name of its file."""

        def visit(node: Node) -> Node:
            if isinstance(node, Image) and node.src and not node.src.startswith("#"):
                name = self._name(post, node, place)
                if name:
                    urls[name] = node.src
                    return msgspec.structs.replace(node, src=name, origin=_inline_origin(node))
            elif isinstance(node, Figure):
                return _figure(node, urls.get(node.image.src, ""))
            return node

        made: Post = rewrite(post, visit)
        cover = made.metadata.cover
        if cover and (name := self._name(post, Image(cover), place)):
            metadata = msgspec.structs.replace(made.metadata, cover=name)
            made = msgspec.structs.replace(made, metadata=metadata)
        return made, {address: name for name, address in urls.items()}

    def _name(self, post: Post, image: Image, place: str) -> str:
        """Returns the file of a picture beside its post; empty if it cannot be fetched."""
        src = image.src
        remote = is_remote(src)
        known = self._known.get(src, "") if remote else ""
        if known:
            name = f"images/{known.rpartition('/')[2]}"
            if self._folder.exists(place + name):
                return name
            if (data := self._folder.picture(known)) is not None:
                self._write(place + name, data)
                return name
        if remote and not self._context.resources.leaves(src):
            self._context.show_progress(FETCHING)
        try:
            resource = self._context.resources.open(post, src)
        except ResourceError:
            return ""  # The post keeps the address.
        if not resource.media_type.startswith("image/"):
            return ""
        name = local_name(resource.data, resource.media_type)
        self._write(place + name, resource.data)
        if remote and not _UNFIT.search(src):
            self._known[src] = place + name
            self._folder.add_picture(src, place + name)
        return name

    def _write(self, name: str, data: bytes) -> None:
        try:
            self._folder.put(name, data, replaces=None)
        except UnfitFileError:
            return  # The file exists, and its name, a digest, says that its bytes are the same.


def pictures_to_fetch(folder: Folder, collection: Collection) -> Counter[str]:
    """Returns the number of pictures on the network that the folder has no file of, by host."""
    known = folder.pictures()
    found: Counter[str] = Counter()
    for post in collection.posts:
        found.update(host for src, host in remote_pictures(post) if src not in known)
    return found


def _inline_origin(image: Image) -> Origin | None:
    """Returns the Origin of a picture that loses its address. Data already hold the address."""
    if (image.origin and image.origin.data) or not is_remote(image.src):
        return image.origin
    data = keep_address(image.src).data
    return msgspec.structs.replace(image.origin or Origin(), data=data)


def _figure(figure: Figure, url: str) -> Figure:
    """Returns ``figure`` prepared so that its picture, which was at ``url``, leads there again when
    the post is written for Substack.
    """
    if not is_remote(url):
        return figure
    image = figure.image
    if image.origin == keep_address(url):
        image = msgspec.structs.replace(image, origin=None)
    origin = figure.origin or Origin()
    if not origin.data:
        there = msgspec.structs.replace(image, src=url)
        data = stringify(image_data(msgspec.structs.replace(figure, image=there)))
        origin = msgspec.structs.replace(origin, data=data)
    return msgspec.structs.replace(figure, image=image, origin=origin)
