"""Leaves out blocks that begin or end many posts of a book, such as footers."""

from __future__ import annotations

from collections.abc import Iterable

from ..console_text import format_count
from ..context import Context
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..model.blocks import Block
from ..model.edge_blocks import RepeatedBlock, cut_blocks
from ..model.plain_text import plain_text
from ..model.post import Post


def leave_out_repeated(post: Post, context: Context) -> Post:
    """Returns ``post`` without the repeated blocks of its book (``Context.repeated``); the report has the words of
    each.
    """

    def on_cut(block: RepeatedBlock, nodes: tuple[Block, ...]) -> None:
        words = plain_text(nodes)
        message = f"repeated in {format_count(block.posts, 'post')}, left out: {block.text!r}"
        context.report_filtered(post, nodes, words, message)

    if not context.repeated:
        return post
    left = cut_blocks(post, context.repeated, on_cut)
    if left is not post:
        context.account_filters(post, left)
    return left


def report_repeated(blocks: Iterable[RepeatedBlock], total: int) -> list[Diagnostic]:
    """Returns a diagnostic for each block that is left out, which says of how many posts."""
    return [
        Diagnostic(
            DiagnosticCode.REPEATED,
            f"left out of {block.posts} of {format_count(total, 'post')}, at the {block.place}: {block.text!r}",
            severity=Severity.INFO,
        )
        for block in blocks
    ]
