"""A post made fit for reading systems: tables that are too wide as lists, lines of verse that
hang where they are too long, headings that are bold paragraphs kept with what they head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from ...context import Context
from ...destinations import Destination
from ...diagnostics import Outcome
from ...html.read.raw_html import resolve_raw
from ...model import blocks as b
from ...model import inlines as i
from ...model.grid import grid_of
from ...model.node import Node
from ...model.post import Post
from ...model.tables_as_lists import stack_table
from ...model.walk import Visit, is_bold_heading, rewrite

_KINDS: frozenset[type[Node]] = frozenset({b.Table, b.Verse, b.RawBlock})
_NARROW = 5
"""Columns that a page of a small device holds at the size of other tables."""

_PAGE = 60
"""Characters on a line of a small device at the size of tables."""
_SHORT = 12
"""Letters of a word that never breaks."""
_WORDS: frozenset[type[Node]] = frozenset({i.Text, i.Code})


def fitted(post: Post, destination: Destination, context: Context) -> Post:
    """``post`` with tables of more columns than the destination shows written as lists, and with the
    marks that the style sheet needs on lines of verse, long words of tables and bold headings.
    """

    def visit(node: Node) -> Node:
        if isinstance(node, b.Table):
            most = destination.table_columns
            columns = grid_of(node).columns
            if not most or columns <= most:
                breaking = _breaking(node, columns)
                return breaking if columns <= _NARROW else _closer(breaking)
            message = (
                f"table of {columns} columns written as a list for each row: {destination.title}"
                f" shows {most} at most"
            )
            context.account(Outcome.SIMPLIFIED, post, node, message)
            return stack_table(node)
        if isinstance(node, b.RawBlock):
            return _with_tables(node, post, visit, context)
        assert isinstance(node, b.Verse)
        return msgspec.structs.replace(node, children=tuple(_lines(node.children)))

    made: Post = rewrite(post, visit, _KINDS)
    blocks = tuple(map(_with_mark, made.body))
    return made if blocks == made.body else msgspec.structs.replace(made, body=blocks)


def _with_mark(block: b.Block) -> b.Block:
    if type(block) is not b.Paragraph or block.classes or not block.children:
        return block
    first = block.children[0]
    if isinstance(first, i.Link) and first.children:
        first = first.children[0]
    if isinstance(first, i.Image):
        return msgspec.structs.replace(block, classes=("pictured",))
    if is_bold_heading(block.children):
        return msgspec.structs.replace(block, classes=("bold-heading",))
    return block


def _with_tables(raw: b.RawBlock, post: Post, visit: Visit, context: Context) -> Node:
    """Raw HTML that has a table as nodes, so that its table fits; other raw HTML as it is."""
    if raw.format != "html" or "<table" not in raw.text.lower():
        return raw
    resolved = resolve_raw((raw,), source=post.metadata.source)
    context.diagnostics.extend(resolved.findings)
    blocks: tuple[b.Block, ...] = rewrite(resolved.blocks, visit, _KINDS)
    return blocks[0] if len(blocks) == 1 else b.Group(blocks)


def _lines(children: tuple[i.Inline, ...]) -> Iterator[i.Inline]:
    """Each line in a span of its own; its break stays, for whoever has no style sheet."""
    line: list[i.Inline] = []
    for child in (*children, i.LineBreak()):
        if not isinstance(child, i.LineBreak):
            line.append(child)
            continue
        if line:
            yield i.Span(tuple(line), classes=("line",))
        line = []
        yield child


def _breaking(table: b.Table, columns: int) -> b.Table:
    """A table with its long words in spans that may break anywhere.

    To let every word break would narrow columns of short words, which engines then break as well.
    """
    longest = max(_PAGE // max(columns, 1), _SHORT)
    long_word = re.compile(rf"(\S{{{longest + 1},}})")

    def visit(node: Node) -> Node | tuple[Node, ...]:
        if isinstance(node, i.Code):
            return i.Span((node,), classes=("long",)) if long_word.search(node.text) else node
        assert isinstance(node, i.Text)
        pieces = long_word.split(node.text)
        if len(pieces) == 1:
            return node
        texts = [i.Text(piece) for piece in pieces]
        return tuple(
            i.Span((text,), classes=("long",)) if position % 2 else text
            for position, text in enumerate(texts)
            if text.text
        )

    made: b.Table = rewrite(table, visit, _WORDS)
    return made


def _closer(table: b.Table) -> b.Table:
    """A table that is set smaller, so that it fits a narrow page."""
    return msgspec.structs.replace(table, classes=(*table.classes, "wide"))
