"""Tables whose words do not fit side by side on the page, written as lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...context import Context
from ...diagnostics import Outcome
from ...model import blocks as b
from ...model.grid import grid_of
from ...model.node import Node
from ...model.post import Post
from ...model.tables_as_lists import stack_table
from ...model.walk import children, rewrite
from .indents import INDENTS, NARROWEST
from .page import PageFormat
from .table_widths import TOO_WIDE, fits


def list_wide_tables(post: Post, page: PageFormat, context: Context) -> Post:
    """``post`` with such tables as a list for each row; the account has each."""
    room = {id(table): width for table, width in _tables(_blocks(post), page.measure, page.size)}
    if not room:
        return post

    def visit(node: Node) -> Node:
        assert isinstance(node, b.Table)
        grid = grid_of(node)
        if fits(grid, room[id(node)], page.size):
            return node
        context.account(Outcome.SIMPLIFIED, post, node, TOO_WIDE.format(columns=grid.columns))
        return stack_table(node)

    result: Post = rewrite(post, visit, {b.Table})
    return result


def _blocks(post: Post) -> Iterator[Node]:
    yield from post.body
    for note in post.footnotes:
        yield from note.children


def _tables(nodes: Iterable[Node], room: float, size: float) -> Iterator[tuple[b.Table, float]]:
    """The tables below ``nodes``, and the points that each has for its width."""
    for node in nodes:
        if isinstance(node, b.Table):
            yield node, room
        elif type(node) is not b.Paragraph:
            inner = max(room - INDENTS.get(type(node), 0.0) * size, NARROWEST)
            yield from _tables(children(node), inner, size)
