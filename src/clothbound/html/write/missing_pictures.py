"""Chooses the text in place of a missing picture, for readers, who do not know file names."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ...media.sniffing import PICTURE_FILES
from ...model.addresses import without_query
from ...model.default_alts import is_hash
from ...model.inlines import Image, Inline
from ...model.plain_text import picture_words, plain_text
from ...web.addresses import host_of, is_remote


class Placeholder(msgspec.Struct, frozen=True):
    """The content of a placeholder. At most one of ``words``, ``is_caption`` and ``host`` is set."""

    words: str = ""
    """A description of the picture."""
    is_caption: bool = False
    """Whether the caption takes the place of the picture instead of following it."""
    host: str = ""
    """The host of the picture's address."""
    address: str = ""
    """The address of the picture on the network; empty if it has none."""

    @property
    def has_words(self) -> bool:
        """Whether the placeholder shows text by the author."""
        return self.is_caption or bool(self.words)


def placeholder(image: Image, caption: Sequence[Inline] = ()) -> Placeholder:
    """Returns the placeholder of a missing ``image`` with ``caption``."""
    address = image.src if is_remote(image.src) else ""
    words = picture_words(image)
    if is_hash(words):
        words = ""  # Other words, even a default, are all that is left of the picture.
    caption_text = " ".join(plain_text(caption).split())
    if caption_text and (
        not words or " ".join(words.split()).rstrip(".") == caption_text.rstrip(".")
    ):
        return Placeholder(is_caption=True, address=address)
    if words:
        return Placeholder(words, address=address)
    return Placeholder(host=host_of(address), address=address)


def leads_to_picture(href: str) -> bool:
    """Whether a link around a picture leads only to the picture file itself."""
    address = href.lower()
    return without_query(address).endswith(PICTURE_FILES) or "substackcdn.com/image/" in address
