"""Stores the pictures of a book, each once, under a name made from its bytes."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field

from ...context import Context
from ...html.write.shown_pictures import PostPictures
from ...html.write.target import Picture
from ...media import Converted, PictureRules
from ...media.sniffing import WEB_EXTENSIONS
from ...model.inlines import Image
from ...model.post import Post
from .container import Container


@dataclass(slots=True)
class StoredPictures:
    """Stores pictures in the container when a chapter first shows them."""

    container: Container
    context: Context
    rules: PictureRules
    shown: int = 0
    """The number of pictures shown, with repetitions."""
    animated: bool = False
    """Whether any picture is animated, and may therefore flash."""
    _posts: PostPictures = field(init=False)

    def __post_init__(self) -> None:
        self._posts = PostPictures(self.context, self.rules, self._store)

    def show(self, post: Post, image: Image) -> Picture | None:
        """Returns the picture's place in the book, or None, with a diagnostic, if it is missing."""
        picture = self._posts.show(post, image)
        self.shown += picture is not None
        return picture

    def weigh(self, most_bytes: int, taker: str) -> None:
        """Reports the largest pictures if all together exceed ``most_bytes``, the limit of ``taker``; 0 sets none."""
        self._posts.weigh(most_bytes, taker)

    def _store(self, converted: Converted) -> str:
        if converted.media_type == "image/gif" and _is_animated(converted.data):
            self.animated = True
        name = hashlib.sha256(converted.data).hexdigest()[:16]
        file_name = f"images/{name}.{WEB_EXTENSIONS[converted.media_type]}"
        if not self.container.has(f"i-{name}"):
            self.container.add(f"i-{name}", file_name, converted.media_type, converted.data)
        return file_name


def _is_animated(data: bytes) -> bool:
    from PIL import Image as PillowImage

    with PillowImage.open(io.BytesIO(data)) as picture:
        return bool(getattr(picture, "is_animated", False))
