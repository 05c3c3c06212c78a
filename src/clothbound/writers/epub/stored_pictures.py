"""Shows the pictures of chapters, each file once, under a name made from its bytes."""

from __future__ import annotations

import hashlib
from functools import partial

import msgspec

from ...context import Context
from ...html.write.shown_pictures import PostPictures, StoredPicture
from ...html.write.target import Picture
from ...media.animation import holds_frames
from ...media.picture_limits import Converted, PictureRules
from ...media.sniffing import WEB_EXTENSIONS
from ...model.inlines import Image
from ...model.post import Post
from ...parts.post_parts import ShownFile


class BookPictures:
    """The pictures of a book, of which each is converted for the first chapter that shows it."""

    def __init__(self, rules: PictureRules) -> None:
        self.rules = rules
        self.known: dict[str, StoredPicture] = {}
        """The pictures of chapters that are made, by hash of the file before conversion."""
        self.animated: set[str] = set()
        """The names of animated pictures, which may therefore flash."""


class ChapterPictures:
    """The pictures of one chapter."""

    def __init__(self, book: BookPictures, context: Context, files: dict[str, ShownFile]) -> None:
        """Adds to ``files`` the files that the chapter shows, by name."""
        self._book = book
        self._files = files
        store = partial(_store, book, files)
        self._pictures = PostPictures(context, book.rules, store, book.known)

    def show(self, post: Post, image: Image) -> Picture | None:
        """Returns the picture's place in the book, or None, with a diagnostic, if it is missing."""
        picture = self._pictures.show(post, image)
        if picture is not None and picture.src not in self._files:
            # A chapter that was made before holds its bytes.
            self._files[picture.src] = _file(picture.src, b"")
        return picture

    def finish(self) -> dict[str, StoredPicture]:
        """Returns the pictures of the chapter, by hash of the file before conversion; the book knows them now."""
        stored = self._pictures.stored
        self._book.known.update(stored)
        for one in stored.values():
            name = one.picture.src
            self._files[name] = msgspec.structs.replace(self._files[name], src=one.src)
        return stored


def _store(book: BookPictures, files: dict[str, ShownFile], converted: Converted) -> str:
    name = hashlib.sha256(converted.data).hexdigest()[:16]
    file_name = f"images/{name}.{WEB_EXTENSIONS[converted.media_type]}"
    if converted.media_type == "image/gif" and holds_frames(converted.data):
        book.animated.add(file_name)
    files.setdefault(file_name, _file(file_name, converted.data, converted.media_type))
    return file_name


def _file(name: str, data: bytes, media_type: str = "") -> ShownFile:
    return ShownFile(name, media_type, data, id=f"i-{name[7:].partition('.')[0]}")
