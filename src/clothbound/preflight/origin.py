"""The post that a chapter was made from, and the lines of its links and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.inlines import Image
from ..model.post import Post
from ..model.walk import walk_lines
from .finding import Finding


@dataclass(frozen=True, slots=True)
class Origin:
    source: str
    """The post's file, as the reader named it."""
    lines: Mapping[str, int]
    """Address of a link to the line where it first stands."""
    pictures: tuple[int, ...]
    """The line of each picture, in order."""

    @classmethod
    def of(cls, post: Post) -> Origin:
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
        place = finding.picture
        if place is not None:
            return self.pictures[place.position] if place.of == len(self.pictures) else 0
        return self.lines.get(finding.address, 0)
