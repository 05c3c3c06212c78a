"""Fits posts to reading systems.

Tables that are too wide become lists. Lines of verse, long words in tables and bold paragraphs that serve
as headings get the marks that the style sheet needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain

import msgspec

from ... import epub_names as names
from ...context import Context
from ...destinations import Destination
from ...diagnostics import Outcome
from ...lazy_pattern import lazy_pattern
from ...model import blocks as b
from ...model import inlines as i
from ...model.grid import Grid, grid_of
from ...model.node import Node
from ...model.plain_text import is_bold_heading, plain_text
from ...model.post import Post
from ...model.tables_as_lists import stack_table
from ...model.verse import broken_lines, find_verse, has_lines_of_verse
from ...model.walk import rewrite, walk

_KINDS: frozenset[type[Node]] = frozenset({b.Table, b.Verse, b.RawBlock})
_NARROW = 5
"""The most columns that fit on a small screen at the usual size of tables."""
_TELEPHONE = 40
"""The letters that fit side by side on a telephone's screen of 360 pixels, at the usual size of tables, in a wide face."""
_PADDING = 2
"""The letters for which the padding of a column would have room."""
_SMALLER_TELEPHONE, _SMALLER_PADDING = 50, 1
"""The same at the size of tables that are set smaller."""

_PAGE = 60
"""The number of characters that fit on a line of a small screen at the size of tables."""
_SHORT = 12
"""The length, in letters, up to which a word is never broken."""
# Letters between which no line breaks: those of East Asia have a break after each, and count on their own.
_UNBROKEN = lazy_pattern(
    "[\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]"
    "|[^\\s\u2013\u2014\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef-]+"
)
_WORDS: frozenset[type[Node]] = frozenset({i.Text, i.Code})


def fit_post(post: Post, destination: Destination, context: Context) -> Post:
    """Returns ``post`` as the destination shows it, and reports the tables that become lists."""
    fitted: Post = rewrite(post, partial(_fit_node, post, destination, context), _KINDS)
    blocks = tuple(map(_mark_block, _mark_verse(fitted.body, is_quoted=False)))
    return fitted if blocks == fitted.body else msgspec.structs.replace(fitted, body=blocks)


def _fit_node(post: Post, destination: Destination, context: Context, node: Node) -> Node:
    if isinstance(node, b.Table):
        most = destination.table_columns
        grid = grid_of(node)
        columns = grid.columns
        if not most or columns <= most:
            widest = _widest_words(grid)
            whole = max(_PAGE // max(columns, 1), _SHORT)
            least = sum(min(width, whole) for width in widest) + _PADDING * columns
            if columns <= _NARROW and least <= _TELEPHONE:
                return _wrap_long_words(node, whole)
            return _set_smaller(_wrap_long_words(node, _longest_whole(widest, whole)))
        message = (
            f"a table of {columns} columns was written as a list for each row: {destination.title}"
            f" shows {most} at most"
        )
        context.account(Outcome.SIMPLIFIED, post, node, message)
        return stack_table(node)
    if isinstance(node, b.RawBlock):
        return _read_tables(post, destination, context, node)
    assert isinstance(node, b.Verse)
    return msgspec.structs.replace(node, children=tuple(_wrap_lines(node.children)))


def _mark_block(block: b.Block) -> b.Block:
    if type(block) is b.Quote:
        children = _mark_verse(block.children, is_quoted=True)
        return (
            block
            if children == block.children
            else msgspec.structs.replace(block, children=children)
        )
    if type(block) is not b.Paragraph or block.classes or not block.children:
        return block
    first = block.children[0]
    if isinstance(first, i.Link) and first.children:
        first = first.children[0]
    if isinstance(first, i.Image):
        return msgspec.structs.replace(block, classes=(names.PICTURED,))
    if is_bold_heading(block.children):
        return msgspec.structs.replace(block, classes=(names.BOLD_HEADING,))
    return block


def _mark_verse(blocks: tuple[b.Block, ...], *, is_quoted: bool) -> tuple[b.Block, ...]:
    """Marks the paragraphs of verse among ``blocks``."""
    lines = [
        broken_lines(block) if type(block) is b.Paragraph and not block.classes else ()
        for block in blocks
    ]
    return tuple(
        _mark_lines(block, own) if is_verse and type(block) is b.Paragraph else block
        for block, own, is_verse in zip(
            blocks, lines, find_verse(lines, is_quoted=is_quoted), strict=True
        )
    )


def _mark_lines(block: b.Paragraph, lines: tuple[str, ...]) -> b.Paragraph:
    """Marks a paragraph of verse. Its lines hang, but not those of prose in a quotation."""
    marked = msgspec.structs.replace(block, classes=(names.LINES,))
    is_flat = sum(type(child) is i.LineBreak for child in block.children) + 1 == len(lines)
    if not is_flat or not has_lines_of_verse(lines):
        return marked
    return msgspec.structs.replace(marked, children=tuple(_wrap_lines(block.children)))


def _read_tables(post: Post, destination: Destination, context: Context, raw: b.RawBlock) -> Node:
    """Reads raw HTML with a table into nodes, so that the table is fitted; returns other raw HTML unchanged."""
    if raw.format != "html" or "<table" not in raw.text.lower():
        return raw
    from ...html.read.raw_html import resolve_raw

    resolved = resolve_raw((raw,), source=post.metadata.source)
    context.diagnostics.extend(resolved.findings)
    fit = partial(_fit_node, post, destination, context)
    blocks: tuple[b.Block, ...] = rewrite(resolved.blocks, fit, _KINDS)
    return blocks[0] if len(blocks) == 1 else b.Group(blocks)


def _wrap_lines(children: tuple[i.Inline, ...]) -> Iterator[i.Inline]:
    """Wraps each line in a span. Line breaks stay for reading systems that ignore style sheets."""
    line: list[i.Inline] = []
    for child in (*children, i.LineBreak()):
        if not isinstance(child, i.LineBreak):
            line.append(child)
            continue
        if line:
            yield i.Span(tuple(line), classes=(names.LINE,))
        line = []
        yield child


def _widest_words(grid: Grid) -> list[int]:
    """Returns the letters of the longest unbroken word of each column."""
    words = [0] * grid.columns
    for placed in chain.from_iterable((*grid.head, *grid.rows)):
        if placed.width == 1:
            widest = max(map(len, _UNBROKEN.findall(plain_text(placed.cell))), default=0)
            words[placed.column] = max(words[placed.column], widest)
    return words


def _longest_whole(widest: Sequence[int], most: int) -> int:
    """Returns the letters up to which the words of a table that is set smaller stay whole: as many as let it fit."""
    room = _SMALLER_TELEPHONE - _SMALLER_PADDING * len(widest)
    fitting = (n for n in range(most, _SHORT, -1) if sum(min(w, n) for w in widest) <= room)
    return next(fitting, _SHORT)


def _wrap_long_words(table: b.Table, longest: int) -> b.Table:
    """Wraps the words of a table that are longer than ``longest`` letters in spans that may break anywhere.

    If every word could break, engines would narrow columns of short words and break these too.
    """
    long_word = re.compile(rf"(\S{{{longest + 1},}})")
    if not any(long_word.search(node.text) for node in walk(table, i.Text, i.Code)):
        return table

    def visit(node: Node) -> Node | tuple[Node, ...]:
        if isinstance(node, i.Code):
            return i.Span((node,), classes=(names.LONG,)) if long_word.search(node.text) else node
        assert isinstance(node, i.Text)
        pieces = long_word.split(node.text)
        if len(pieces) == 1:
            return node
        texts = [i.Text(piece) for piece in pieces]
        return tuple(
            i.Span((text,), classes=(names.LONG,)) if position % 2 else text
            for position, text in enumerate(texts)
            if text.text
        )

    wrapped: b.Table = rewrite(table, visit, _WORDS)
    return wrapped


def _set_smaller(table: b.Table) -> b.Table:
    """Marks a table to be set smaller, so that it fits a narrow page."""
    return msgspec.structs.replace(table, classes=(*table.classes, names.WIDE))
