"""The post that a chapter was made from, and the lines of its links and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.inlines import Image
from ..model.post import Post
from ..model.walk import walk_lines
from .finding import Finding, PicturePlace


@dataclass(frozen=True, slots=True)
class SourcePost:
    source: str
    """The post's file, as the reader named it."""
    lines: Mapping[str, int]
    """Address of a link to the line where it first stands."""
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

    def line_of(self, finding: Finding) -> int:
        """The line of the post that a finding in its chapter is about; 0: not known.

        Pictures have other names in a book, so they are told by their order; where the chapter has
        more or fewer than the post, that tells nothing.
        """
        if finding.picture is None:
            return self.lines.get(finding.address, 0)
        return self._line_of_picture(finding.picture)

    def place_of(self, picture: PicturePlace | None) -> str:
        """The post's file, and the line of ``picture`` in it, as far as it is known."""
        line = 0 if picture is None else self._line_of_picture(picture)
        return f"{self.source}:{line}" if line else self.source

    def _line_of_picture(self, picture: PicturePlace) -> int:
        return self.pictures[picture.position] if picture.of == len(self.pictures) else 0
