"""The post that a chapter was made from, and the lines of its links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..model.post import Post
from ..model.walk import walk_lines


@dataclass(frozen=True, slots=True)
class Origin:
    source: str
    """The post's file, as the reader named it."""
    lines: Mapping[str, int]
    """Address of a link to the line where it first stands."""

    @classmethod
    def of(cls, post: Post) -> Origin:
        lines: dict[str, int] = {}
        for node, line in walk_lines(post):
            address = getattr(node, "href", "")
            if address:
                lines.setdefault(address, line)
        return cls(post.metadata.source, lines)
