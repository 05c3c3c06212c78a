"""The pictures of posts, as a product shows them: read, made fit for it, each file once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from ..context import Context
from ..diagnostics import Code, Severity
from ..errors import ResourceError
from ..model.inlines import Image
from ..model.post import Post
from ..model.walk import walk
from ..pictures import Converted, PictureRules
from ..resources import Resource
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
_LISTED = 5
"""What is left out of a picture, in messages."""
_NAMED = 120
"""Characters of a picture's address in messages."""


@dataclass(frozen=True, slots=True)
class _Stored:
    picture: Picture
    bytes: int
    source: str
    src: str


@dataclass(slots=True)
class PostPictures:
    """Shows the pictures of posts in one product, by its rules.

    What is not to be had, or was changed, is reported for each post that shows it.
    """

    context: Context
    rules: PictureRules
    store: Callable[[Converted], str]
    """Puts a picture into the product, and says where it lies there. Called once for each file."""
    _stored: dict[str, _Stored] = field(default_factory=dict)
    """By hash of the file as it was given."""
    _post: str = ""
    """The key of the post that is being written."""
    _read: dict[str, Resource] = field(default_factory=dict)
    """Its files, by address."""
    _made: dict[str, Converted | ResourceError] = field(default_factory=dict)
    """What was made of them beside each other, by hash."""

    def show(self, post: Post, image: Image) -> Picture | None:
        """Where the picture lies in the product, or None with a diagnostic if it is not to be had."""
        if self.context.resources.leaves(image.src):
            self.context.leave_remote(post, image)
            return None
        if self._post != post.metadata.key:
            self._prepare(post)
        resource = self._read.get(image.src) or _opened(post, image, self.context)
        if resource is None:
            return None
        digest = _digest(resource)
        stored = self._stored.get(digest)
        if stored is not None:
            return stored.picture
        try:
            made = self._converted(resource, digest)
        except ResourceError as error:
            _report_unreadable(error, post, image, self.context)
            return None
        _report_changes(made, post, image, self.context)
        picture = Picture(self.store(made), made.width, made.height)
        self._stored[digest] = _Stored(picture, len(made.data), post.metadata.source, image.src)
        return picture

    def weigh(self, most_bytes: int, taker: str) -> None:
        """Names the heaviest pictures if all together have more than ``most_bytes``, which is all
        that ``taker`` takes.
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
            Code.IMAGE_HEAVY,
            f"the pictures have {_megabytes(total)}, and {_megabytes(most_bytes)} is the most for"
            f" {taker}. The heaviest: {names}. Hint: -O longest_side=1200, or fewer pictures",
        )

    def _converted(self, resource: Resource, digest: str) -> Converted:
        made = self._made.pop(digest, None)
        if made is None:
            return self.context.converter.convert(resource, self.rules)
        if isinstance(made, ResourceError):
            raise made
        return made

    def _prepare(self, post: Post) -> None:
        """Converts the pictures of a post beside each other, if it has several."""
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


def web_picture(post: Post, image: Image, context: Context) -> Converted | None:
    """The file of a local picture for a web page; None, with a diagnostic, where it is not to be had."""
    resource = _opened(post, image, context)
    if resource is None:
        return None
    try:
        made = context.converter.convert(resource, WEB_RULES)
    except ResourceError as error:
        _report_unreadable(error, post, image, context)
        return None
    _report_changes(made, post, image, context)
    return made


def _opened(post: Post, image: Image, context: Context) -> Resource | None:
    try:
        return context.resources.open(post, image.src)
    except ResourceError as error:
        _warn(Code.IMAGE_MISSING, str(error), post, image, context)
        return None


def _report_unreadable(error: ResourceError, post: Post, image: Image, context: Context) -> None:
    _warn(Code.IMAGE_UNREADABLE, str(error), post, image, context)


def _report_changes(made: Converted, post: Post, image: Image, context: Context) -> None:
    if made.changes:
        message = ", ".join(made.changes)
        _warn(Code.IMAGE_CONVERTED, message, post, image, context, Severity.INFO)
    if made.lost:
        message = f"left out of it: {', '.join(made.lost[:_LISTED])}"
        more = len(made.lost) - _LISTED
        message += f" and {more} more" if more > 0 else ""
        hint = "export it with its words as text or outlines, and with all its parts in the file"
        _warn(Code.IMAGE_CUT, f"{message}. Hint: {hint}", post, image, context)
    if made.unmet:
        _warn(Code.IMAGE_HEAVY, made.unmet, post, image, context)


def _warn(
    code: Code,
    message: str,
    post: Post,
    image: Image,
    context: Context,
    severity: Severity = Severity.WARNING,
) -> None:
    context.warn(code, f"picture {_name(image.src)}: {message}", post, image.line, severity)


def _name(src: str) -> str:
    return src[:_NAMED] if src[:5].lower() != "data:" else "data:"


def _digest(resource: Resource) -> str:
    return hashlib.sha256(resource.data).hexdigest()


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
