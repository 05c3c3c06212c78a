"""Gives headings the identifiers by which links within a post name them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from ...model import blocks as b
from ...model.heading_ids import (
    github_heading_id,
    names_with_emoji,
    pandoc_heading_id,
    zola_heading_id,
)
from ...model.plain_text import plain_text
from ...model.walk import rewrite, walk


def with_heading_ids(
    body: tuple[b.Block, ...], wanted: set[str], known: Collection[str], *, is_pandoc: bool
) -> tuple[b.Block, ...]:
    """Returns a body whose headings have the identifiers among ``wanted``; ``known`` are those of other nodes.

    The rule of the dialect comes first. Posts move between programs, so a link that follows the other rule
    finds its heading, too.
    """
    taken: set[str] = set(known)
    rules = (pandoc_heading_id, github_heading_id, zola_heading_id)
    if not is_pandoc:
        rules = (github_heading_id, pandoc_heading_id, zola_heading_id)
    headings = [plain_text(node) for node in walk(body) if type(node) is b.Heading]
    left = sorted(wanted.difference(rule(text) for text in headings for rule in rules))

    def visit(node: Any) -> Any:
        if type(node) is b.Heading and not node.id:
            text = plain_text(node)
            names = [rule(text) for rule in rules]
            for name in (*names, *names_with_emoji(text, left)):
                if name in wanted and name not in taken:
                    taken.add(name)
                    return msgspec.structs.replace(node, id=name)
        return node

    result: tuple[b.Block, ...] = rewrite(body, visit)
    return result
