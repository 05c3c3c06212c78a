"""Fits heading levels below a chapter's title, and gives headings ids."""

from __future__ import annotations

import msgspec

from ..context import Context
from ..model.blocks import Heading
from ..model.heading_ids import pandoc_heading_id
from ..model.node import Node
from ..model.plain_text import plain_text
from ..model.post import Post
from ..model.walk import rewrite


def fit_levels(post: Post, context: Context) -> Post:
    """Returns ``post`` with its highest heading at level 2, no level skipped, and an id on each
    heading.

    Level 1 is the title of the post. Substack's editor puts level 3 directly below it, which
    accessibility checkers reject. Ids follow pandoc (manual, section "Heading identifiers"), so
    that links written for pandoc or for a site still work.
    """
    census = context.census(post)
    if not census.levels:
        return post
    taken = set(census.ids)
    # Headings do not contain headings, so a rewrite visits them in the order of a walk.
    fitted = iter(_fit(census.levels))
    numbers: dict[str, int] = {}

    def visit(node: Node) -> Node:
        assert isinstance(node, Heading)
        level = next(fitted)
        name = node.id or _unique(pandoc_heading_id(plain_text(node.children)), taken, numbers)
        if level == node.level and name == node.id:
            return node
        return msgspec.structs.replace(node, level=level, id=name)

    body = rewrite(post.body, visit, {Heading})
    return post if body is post.body else msgspec.structs.replace(post, body=body)


def _fit(levels: tuple[int, ...]) -> list[int]:
    """Returns levels from 2, without skipped levels on the way down; equal levels stay equal within
    a section.
    """
    open_levels: list[tuple[int, int]] = []
    result = []
    for level in levels:
        while open_levels and open_levels[-1][0] > level:
            open_levels.pop()
        if open_levels and open_levels[-1][0] == level:
            fitted = open_levels[-1][1]
        else:
            fitted = min(open_levels[-1][1] + 1 if open_levels else 2, 6)
            open_levels.append((level, fitted))
        result.append(fitted)
    return result


def _unique(name: str, taken: set[str], numbers: dict[str, int]) -> str:
    """Returns ``name``, with a free number if it is taken. Counting continues from the last
    number.
    """
    unique = name
    while unique in taken:
        numbers[name] = numbers.get(name, 0) + 1
        unique = f"{name}-{numbers[name]}"
    taken.add(unique)
    return unique
