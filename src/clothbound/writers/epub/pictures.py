"""The pictures of a book: each one once, of a type that reading systems show."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field

from ...context import Context
from ...diagnostics import Code, Severity
from ...errors import ResourceError
from ...html.target import Picture
from ...model.inlines import Image
from ...model.post import Post
from ...pictures import PictureRules, convert
from ...resources import Resource
from .container import Container

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/svg+xml": "svg",
}


@dataclass(slots=True)
class Pictures:
    """Puts pictures into the container when a chapter first shows them."""

    container: Container
    context: Context
    rules: PictureRules
    shown: int = 0
    """Pictures shown, one as often as it is shown."""
    animated: bool = False
    """Whether one moves: nobody looked whether it flashes."""
    _known: dict[str, Picture] = field(default_factory=dict)
    """By hash of the source's bytes."""

    def show(self, post: Post, image: Image) -> Picture | None:
        """Where the picture lies in the book, or None with a diagnostic if it is not to be had."""
        if self.context.resources.leaves(image.src):
            self.context.leave_remote(post, image)
            return None
        try:
            resource = self.context.resources.open(post, image.src)
        except ResourceError as error:
            self._warn(Code.IMAGE_MISSING, error.message, post, image)
            return None
        digest = hashlib.sha256(resource.data).hexdigest()
        picture = self._known.get(digest)
        if picture is None:
            try:
                picture = self._add(resource, post, image)
            except ResourceError as error:
                self._warn(Code.IMAGE_UNREADABLE, error.message, post, image)
                return None
            self._known[digest] = picture
        self.shown += 1
        return picture

    def _add(self, resource: Resource, post: Post, image: Image) -> Picture:
        converted = convert(resource, self.rules, self.context.limits)
        data, media_type = converted.data, converted.media_type
        if media_type != resource.media_type:
            self._warn(
                Code.IMAGE_CONVERTED,
                f"{resource.media_type} written as {media_type}",
                post,
                image,
                Severity.INFO,
            )
        if media_type == "image/gif" and _moves(data):
            self.animated = True
        name = hashlib.sha256(data).hexdigest()[:16]
        file_name = f"images/{name}.{EXTENSIONS[media_type]}"
        if not self.container.has(f"i-{name}"):
            self.container.add(f"i-{name}", file_name, media_type, data)
        return Picture(file_name, converted.width, converted.height)

    def _warn(
        self,
        code: Code,
        message: str,
        post: Post,
        image: Image,
        severity: Severity = Severity.WARNING,
    ) -> None:
        self.context.warn(code, f"picture {image.src[:120]}: {message}", post, image.line, severity)


def _moves(data: bytes) -> bool:
    from PIL import Image as PillowImage

    with PillowImage.open(io.BytesIO(data)) as picture:
        return bool(getattr(picture, "is_animated", False))
