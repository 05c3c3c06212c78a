"""Puts a link around blocks into them: a card of a page, whose parts then are links.

HTML 5 lets a link hold blocks; the model has links among inlines alone. A link without attributes is put into its
blocks while they are built; one with some is kept as a group until it is known to be no component of Substack's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ...model import blocks as b
from ...model import inlines as i
from ...model.node import Node
from ...model.walk import rewrite, walk

_GROUPS: frozenset[type[Node]] = frozenset({b.Group})
_LINKED: frozenset[type[Node]] = frozenset({b.Paragraph, b.Heading, b.Figure})


def put_links_into_blocks(
    blocks: tuple[b.Block, ...], clean: Callable[[i.Link], i.Link]
) -> tuple[b.Block, ...]:
    """Returns ``blocks`` in which what a group that is a link holds leads to its address. Links in it stay as they are.

    ``clean`` takes from each new link what must not stand in one.
    """
    return rewrite(blocks, lambda group: _unlink(group, clean), _GROUPS)


def _unlink(group: Any, clean: Callable[[i.Link], i.Link]) -> Any:
    given = dict(group.attributes)
    href = given.get("href", "")
    if given.get("element") != "a" or not href:
        return group
    attributes = tuple(pair for pair in group.attributes if pair[0] not in ("element", "href"))
    children = rewrite(group.children, lambda node: _with_link(node, href, clean), _LINKED)
    if not any(_leads_to(node, href) for node in walk(children)):
        children = (*children, b.Paragraph((i.Link((i.Text(href),), href),)))
    return msgspec.structs.replace(group, children=children, attributes=attributes)


def _with_link(node: Any, href: str, clean: Callable[[i.Link], i.Link]) -> Any:
    if isinstance(node, b.Figure):
        return node if node.href else msgspec.structs.replace(node, href=href)
    if not node.children or any(isinstance(inner, i.Link) for inner in walk(node)):
        return node
    link = clean(i.Link(node.children, href, line=node.line))
    return msgspec.structs.replace(node, children=(link,))


def _leads_to(node: Node, href: str) -> bool:
    return isinstance(node, i.Link | b.Figure) and node.href == href
