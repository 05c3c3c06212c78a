"""Pictures of posts for one product: read, converted by its rules, each file stored once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from functools import partial

import msgspec

from ...context import Context, picture_name
from ...diagnostics import DiagnosticCode
from ...errors import ResourceError
from ...media import Converted, PictureRules
from ...media.resources import Resource
from ...model.inlines import Image
from ...model.post import Post
from ...model.walk import walk
from ...post_pictures import find_file, make_fit
from ...web.addresses import absolute_url, is_remote
from .target import Picture

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "image/svg+xml": "svg",
}
"""The types that every browser shows, and the extensions of their files."""
WEB_RULES = PictureRules(accepted=frozenset(EXTENSIONS), srgb=False, whole=False)
"""Browsers know profiles, and show of a file that is cut off what there is."""

_AT_ONCE = 100_000_000
"""Bytes of files that wait for their turn, beside each other."""
_HEAVIEST = 5


class _Stored(msgspec.Struct, frozen=True):
    picture: Picture
    bytes: int
    source: str
    src: str


class PostPictures(msgspec.Struct):
    """Shows the pictures of posts in one product, by its rules.

    A picture that is missing or was changed is reported for each post that shows it.
    """

    context: Context
    rules: PictureRules
    store: Callable[[Converted], str]
    """Puts a picture into the product, and says where it lies there. Called once for each file."""
    _stored: dict[str, _Stored] = {}
    """By hash of the file as it was given."""
    _post: str = ""
    """The key of the post that is being written."""
    _read: dict[str, Resource] = {}
    """Its files, by address."""
    _made: dict[str, Converted | ResourceError] = {}
    """The results of converting them in parallel, by hash."""

    def show(self, post: Post, image: Image) -> Picture | None:
        """Returns where the picture lies in the product; None with a diagnostic if it is missing."""
        if self._post != post.metadata.key:
            self._prepare(post)
        resource = self._read.get(image.src)
        if resource is None:
            found = find_file(post, image, self.context, shows_remote=False)
            if found is None:
                return None
            resource = found
        digest = _digest(resource)
        stored = self._stored.get(digest)
        if stored is not None:
            return stored.picture
        convert = partial(self._convert, resource, digest)
        made = make_fit(post, image, self.context, convert, shows_remote=False)
        if made is None:
            return None
        picture = Picture(self.store(made), made.width, made.height)
        self._stored[digest] = _Stored(picture, len(made.data), post.metadata.source, image.src)
        return picture

    def weigh(self, most_bytes: int, taker: str) -> None:
        """Reports the heaviest pictures if all together exceed ``most_bytes``, the limit of
        ``taker``.
        """
        total = sum(stored.bytes for stored in self._stored.values())
        if not most_bytes or total <= most_bytes:
            return
        heaviest = sorted(self._stored.values(), key=lambda s: (-s.bytes, s.source, s.src))
        names = "; ".join(
            f"{s.source or 'a post'}: {_name(s.src)} ({_megabytes(s.bytes)})"
            for s in heaviest[:_HEAVIEST]
        )
        self.context.warn(
            DiagnosticCode.IMAGE_HEAVY,
            f"the pictures have {_megabytes(total)}; {taker} takes {_megabytes(most_bytes)} at most."
            f" The heaviest: {names}. Hint: smaller pictures, fewer of them, or two books",
        )

    def _convert(self, resource: Resource, digest: str) -> Converted:
        made = self._made.pop(digest, None)
        if made is None:
            return self.context.converter.convert(resource, self.rules)
        if isinstance(made, ResourceError):
            raise made
        return made

    def _prepare(self, post: Post) -> None:
        """Converts the pictures of a post in parallel, if it has several."""
        self._post = post.metadata.key
        self._read = self._files(post)
        self._made = {}
        waiting = {_digest(resource): resource for resource in self._read.values()}
        new = [digest for digest in waiting if digest not in self._stored]
        if len(new) > 1:
            made = self.context.converter.convert_all([waiting[d] for d in new], self.rules)
            self._made = dict(zip(new, made, strict=True))

    def _files(self, post: Post) -> dict[str, Resource]:
        files: dict[str, Resource] = {}
        room = _AT_ONCE
        for node in walk(post):
            if not isinstance(node, Image) or node.src in files:
                continue
            if self.context.resources.leaves(node.src):
                continue
            with suppress(ResourceError):  # reported where it is shown
                resource = self.context.resources.open(post, node.src)
                room -= len(resource.data)
                if room < 0:
                    break
                files[node.src] = resource
        return files


def web_picture(
    post: Post, image: Image, context: Context, put: Callable[[Converted], str]
) -> Picture | None:
    """Returns a picture for a web page: its stored file, else its address; None if it is missing."""
    url = absolute_url(image.src) if is_remote(image.src) else None
    resource = find_file(post, image, context, shows_remote=url is not None)
    made = None
    if resource is not None:
        convert = partial(context.converter.convert, resource, WEB_RULES)
        made = make_fit(post, image, context, convert, shows_remote=url is not None)
    if made is not None:
        return Picture(put(made), made.width, made.height)
    return Picture(url) if url else None


def _name(src: str) -> str:
    return picture_name(Image(src))


def _digest(resource: Resource) -> str:
    return hashlib.sha256(resource.data).hexdigest()


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
