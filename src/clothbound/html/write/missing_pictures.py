"""What stands in the place of a picture that a product lacks: said to readers, who know no file names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...lazy_pattern import lazy_pattern
from ...model.inlines import Image, Inline
from ...model.walk import picture_words, plain_text
from ...web.addresses import host_of, is_remote

_MADE_UP = lazy_pattern(r"[0-9a-f_-]{16,}(?:\.\w{2,5})?", re.I)
"""A name that a program gave, a hash or a UUID, and no words. Other names of files may say something."""

_PICTURE_FILES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".heic")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """At most one of ``words``, ``is_caption`` and ``host`` is there; none: there is nothing to say."""

    words: str = ""
    """What the picture shows."""
    is_caption: bool = False
    """Whether the caption itself stands in the picture's place, and not below it."""
    host: str = ""
    """Where the picture is."""
    address: str = ""
    """The picture's own on the network; empty: it is not there."""

    @property
    def has_words(self) -> bool:
        """Whether it has words of the author's."""
        return self.is_caption or bool(self.words)


def placeholder(image: Image, caption: Sequence[Inline] = ()) -> Placeholder:
    """What to write in the place of ``image``, which has ``caption``."""
    address = image.src if is_remote(image.src) else ""
    words = picture_words(image)
    if _MADE_UP.fullmatch(words):
        words = ""
    told = " ".join(plain_text(caption).split())
    if told and (not words or " ".join(words.split()).rstrip(".") == told.rstrip(".")):
        return Placeholder(is_caption=True, address=address)
    if words:
        return Placeholder(words, address=address)
    return Placeholder(host=host_of(address), address=address)


def leads_to_picture(href: str) -> bool:
    """Whether a link around a picture leads only to the picture file itself."""
    address = href.lower()
    path = address.split("?", 1)[0].split("#", 1)[0]
    return path.endswith(_PICTURE_FILES) or "substackcdn.com/image/" in address
