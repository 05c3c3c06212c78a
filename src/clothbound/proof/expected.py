"""What the posts of a book say that its pages cannot."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..model.blocks import CodeBlock
from ..model.post import Post
from ..model.walk import walk


class Expected(msgspec.Struct, frozen=True):
    """What the pages of a book are to show."""

    code: frozenset[str] = frozenset()
    """The lines of its code, without spaces."""


def expected_of(posts: Iterable[Post]) -> Expected:
    """Returns what the pages of these posts are to show."""
    code: set[str] = set()
    for post in posts:
        for block in walk(post, CodeBlock):
            code.update("".join(line.split()) for line in block.text.splitlines())
    return Expected(frozenset(line for line in code if len(line) > 3))
