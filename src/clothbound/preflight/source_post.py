"""Finds the lines of links and pictures in the post that a chapter was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.inlines import Image
from ..model.post import Post
from ..model.walk import walk_lines
from .faults import Fault, PicturePlace


@dataclass(frozen=True, slots=True)
class SourcePost:
    source: str
    """The post's file, as its reader named it."""
    lines: Mapping[str, int]
    """The line of the first link to an address, by address."""
    pictures: tuple[int, ...]
    """The line of each picture, in order."""

    @classmethod
    def of(cls, post: Post) -> SourcePost:
        lines: dict[str, int] = {}
        pictures = []
        for node, line in walk_lines(post):
            address = getattr(node, "href", "")
            if address:
                lines.setdefault(address, line)
            if isinstance(node, Image):
                pictures.append(line)
        return cls(post.metadata.source, lines, tuple(pictures))

    def line_of(self, fault: Fault) -> int:
        """Returns the line of the post that a fault in its chapter concerns; 0 if it is unknown.

        Pictures have other names in a book, so their order identifies them, if the chapter has as many
        as the post.
        """
        if fault.picture is None:
            return self.lines.get(fault.address, 0)
        return self._line_of_picture(fault.picture)

    def place_of(self, picture: PicturePlace | None) -> str:
        """Returns the post's file with the line of ``picture``, if that is known."""
        line = 0 if picture is None else self._line_of_picture(picture)
        return f"{self.source}:{line}" if line else self.source

    def _line_of_picture(self, picture: PicturePlace) -> int:
        return self.pictures[picture.position] if picture.of == len(self.pictures) else 0
