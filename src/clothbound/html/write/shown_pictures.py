"""Reads and converts the pictures of posts for one product, and stores each file once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial

import msgspec
from msgspec import structs

from ... import naming
from ...console_text import format_megabytes
from ...context import Context, picture_label
from ...diagnostics import DiagnosticCode
from ...errors import ResourceError
from ...media.converter import Key as ConversionKey
from ...media.picture_limits import Converted, PictureRules
from ...media.resources import Resource
from ...media.sniffing import WEB_EXTENSIONS
from ...model.inlines import Image
from ...model.post import Post
from ...model.walk import walk
from ...parts.post_parts import ShownFile
from ...post_pictures import find_file, make_fit, report_changes
from ...progress import FETCHING
from ...stored_items import StoredTable
from ...web.addresses import absolute_url, is_remote
from .target import Picture

WEB_RULES = PictureRules(accepted=frozenset(WEB_EXTENSIONS), srgb=False, whole=False)
"""Browsers honour colour profiles, and show what they can read of a JPEG that is damaged within."""

_AT_ONCE = 100_000_000
"""The most bytes of files that wait for conversion at one time."""
_MOST_KEPT = 5_000_000
"""The most bytes of files that a post keeps until its turn, besides those in conversions."""
_HEAVIEST = 5


class StoredPicture(msgspec.Struct, frozen=True):
    """A picture of a post that a product holds."""

    picture: Picture
    bytes: int
    source: str
    src: str
    made: Converted
    """What is said of the picture; without its bytes."""


class PostPictures(msgspec.Struct):
    """Shows the pictures of posts in one product, by its rules.

    A picture that is missing is reported for each post that shows it, one that was changed for the first.
    """

    context: Context
    rules: PictureRules
    store: Callable[[Converted], str]
    """Puts a picture into the product and returns its address there. It is called once for each
    file."""
    known: dict[str, StoredPicture] = {}
    """What became of files in posts that others have shown, by hash of the file before conversion."""
    stored: dict[str, StoredPicture] = {}
    """The pictures that were shown here, likewise."""
    _post: str = ""
    """The key of the post being written."""
    _read: dict[str, Resource] = {}
    """The files of that post, by address."""
    _converted: dict[str, Converted | ResourceError] = {}
    """The results of converting them in parallel, by hash."""

    def show(self, post: Post, image: Image) -> Picture | None:
        """Returns the picture's place in the product; None with a diagnostic if it is missing."""
        if self._post != post.metadata.key:
            self._prepare(post)
        resource = self._read.get(image.src)
        if resource is None:
            found = find_file(post, image, self.context, shows_remote=False)
            if found is None:
                return None
            resource = found
        digest = resource.digest
        stored = self.stored.get(digest)
        if stored is None:
            stored = self._store(post, image, resource, digest)
        return stored.picture if stored is not None else None

    def _store(
        self, post: Post, image: Image, resource: Resource, digest: str
    ) -> StoredPicture | None:
        """Puts a file into the product that no post here has shown; None with a diagnostic if it is no picture."""
        first = len(self.context.diagnostics)
        known = self.known.get(digest)
        if known is not None:
            report_changes(known.made, post, image, self.context)
            stored = structs.replace(known, source=post.metadata.source, src=image.src)
        else:
            convert = partial(self._convert, resource, digest)
            fitted = make_fit(post, image, self.context, convert, shows_remote=False)
            if fitted is None:
                return None
            picture = Picture(self.store(fitted), fitted.width, fitted.height)
            made = structs.replace(fitted, data=b"")
            size = len(fitted.data)
            stored = StoredPicture(picture, size, post.metadata.source, image.src, made)
        self.context.note_file(digest, first)
        self.stored[digest] = stored
        return stored

    def _convert(self, resource: Resource, digest: str) -> Converted:
        converted = self._converted.pop(digest, None)
        if converted is None:
            return self.context.converter.convert(resource, self.rules)
        if isinstance(converted, ResourceError):
            raise converted
        return converted

    def _prepare(self, post: Post) -> None:
        """Converts the pictures of a post in parallel, if it has several."""
        self._post = post.metadata.key
        self._read = self._files(post)
        self._converted = {}
        waiting = {resource.digest: resource for resource in self._read.values()}
        new = [
            digest for digest in waiting if digest not in self.stored and digest not in self.known
        ]
        if len(new) > 1:
            converted = self.context.converter.convert_all([waiting[d] for d in new], self.rules)
            self._converted = dict(zip(new, converted, strict=True))

    def _files(self, post: Post) -> dict[str, Resource]:
        files: dict[str, Resource] = {}
        room = _AT_ONCE
        resources = self.context.resources
        wanted = dict.fromkeys(node.src for node in walk(post) if isinstance(node, Image))
        read = [src for src in wanted if not resources.leaves(src)]
        for done, src in enumerate(read):
            if is_remote(src):
                self.context.show_progress(FETCHING, done, len(read))
            with suppress(ResourceError):  # reported when it is shown
                resource = self.context.opened.pop(src, None) or resources.open(post, src)
                room -= len(resource.data)
                if room < 0:
                    break
                files[src] = resource
        return files


def begin_pictures(
    post: Post, context: Context, rules: PictureRules, known: Container[str]
) -> list[ConversionKey]:
    """Begins to convert the pictures of a post that will be written later; returns the keys of their conversions.

    Pictures of the network are fetched when they are shown. ``known`` are the hashes of files that need no
    conversion any more.
    """
    begun: list[ConversionKey] = []
    room = _MOST_KEPT
    if Image not in context.census(post).kinds:
        return begun
    for src in dict.fromkeys(node.src for node in walk(post, Image)):
        if not is_remote(src) and context.converter.begins_more:
            with suppress(ResourceError):  # reported when it is shown
                resource = context.resources.open(post, src)
                if resource.digest not in known:
                    begun.append(context.converter.begin(resource, rules))
                else:
                    room -= len(resource.data)
                if room >= 0:
                    context.opened[src] = resource
    return begun


def web_picture(
    post: Post, image: Image, context: Context, put: Callable[[Converted], str]
) -> Picture | None:
    """Returns a picture for a web page: its stored file, else its address; None if it is
    missing.
    """
    context.show_picture(post)
    url = absolute_url(image.src) if is_remote(image.src) else None
    resource = find_file(post, image, context, shows_remote=url is not None)
    fitted = None
    if resource is not None:
        convert = partial(context.converter.convert, resource, WEB_RULES)
        fitted = make_fit(post, image, context, convert, shows_remote=url is not None)
    if fitted is not None:
        return Picture(put(fitted), fitted.width, fitted.height)
    return Picture(url) if url else None


class PagePictures:
    """The pictures of one page in a folder of web pages, each a file under a name made of its bytes."""

    def __init__(self, post: Post, context: Context) -> None:
        self._post = post
        self._context = context
        self.files: dict[str, ShownFile] = {}
        """The files that the page shows, by name."""

    def show(self, image: Image) -> Picture | None:
        """Returns a picture for the page, as ``web_picture`` does, and adds it to ``files``."""

        def put(converted: Converted) -> str:
            name = naming.picture_name(converted.data, WEB_EXTENSIONS[converted.media_type])
            found = ShownFile(name, converted.media_type, converted.data, image.src)
            self.files.setdefault(name, found)
            return name

        return web_picture(self._post, image, self._context, put)


class SourcesOfFiles(Mapping[str, Collection[str]]):
    """The sources of the posts from which each file of a folder is made. Most files have one."""

    def __init__(self) -> None:
        self._first: StoredTable[tuple[str, ...]] = StoredTable(tuple[str, ...])
        self._several: dict[str, set[str]] = {}

    def add(self, file: str, source: str) -> bool:
        """Adds the source of a file. Returns whether it is the first one."""
        known = self._first.get(file)
        if known is None:
            self._first[file] = (source,)
        elif source not in known:
            self._several.setdefault(file, set(known)).add(source)
        return known is None

    def __getitem__(self, file: str) -> Collection[str]:
        return self._several.get(file) or self._first[file]

    def __iter__(self) -> Iterator[str]:
        return iter(self._first)

    def __len__(self) -> int:
        return len(self._first)


class PictureFiles:
    """The pictures of a folder of web pages, each of which is written once."""

    def __init__(self, sources: SourcesOfFiles) -> None:
        """Adds to ``sources``, by file, the sources of the posts that show it."""
        self._sources = sources

    def new(self, files: Iterable[ShownFile], source: str) -> Iterator[tuple[str, bytes]]:
        """Yields the files of a page of ``source`` that no page before it has shown."""
        for file in files:
            if self._sources.add(file.name, source):
                yield file.name, file.data


def weigh_pictures(
    stored: Iterable[StoredPicture], most_bytes: int, taker: str, context: Context
) -> None:
    """Reports the largest pictures if all together exceed ``most_bytes``, the limit of ``taker``; 0 sets none."""
    pictures = tuple(stored)
    total = sum(one.bytes for one in pictures)
    if not most_bytes or total <= most_bytes:
        return
    heaviest = sorted(pictures, key=lambda s: (-s.bytes, s.source, s.src))
    names = "; ".join(
        f"{s.source or 'a post'}: {_name(s.src)} ({format_megabytes(s.bytes)})"
        for s in heaviest[:_HEAVIEST]
    )
    context.warn(
        DiagnosticCode.IMAGE_HEAVY,
        f"the pictures have {format_megabytes(total)}, but {taker} takes at most {format_megabytes(most_bytes)}."
        f" The heaviest: {names}. Hint: smaller pictures, fewer of them, or two books",
    )


def _name(src: str) -> str:
    return picture_label(Image(src))
