"""Leaves blocks out of a book that begin or end many of its posts, where ``[repeated]`` says so.

::

    [repeated]
    "If you liked this, tell a friend ..." = "leave out"  # at the end of 17 of 21 posts

A key has the first words of a block, in any of its forms, and three dots if there are more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from ..console_text import format_count
from ..diagnostics import Diagnostic, DiagnosticCode, Severity
from ..model.blocks import Block
from ..model.edge_blocks import EdgeBlocks, RepeatedBlock, cut_blocks
from ..model.plain_text import plain_text
from ..model.post import Post
from ..toml_lines import quoted
from ..transforms.repeated import report_repeated
from .schema import KEEP, LEAVE_OUT, REPEATED, RepeatedLine, written

REPEATED_HEADING = (
    "# Blocks that begin or end more than a third of the posts, as they begin, some with small differences. Put",
    '# "leave out" in place of "keep" to make the book without one.',
    written(REPEATED),
)
"""The heading with its comment, as ``init`` writes it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A line of ``[repeated]`` that leaves a block out, and the block."""

    line: RepeatedLine
    block: RepeatedBlock


def repeated_line(block: RepeatedBlock, total: int, *, is_left_out: bool = False) -> str:
    """Returns the line of ``[repeated]`` that proposes to leave a block out, or does."""
    what = LEAVE_OUT if is_left_out else KEEP
    where = f"at the {block.place} of {block.posts} of {format_count(total, 'post')}"
    return f'{quoted(block.text)} = "{what}"  # {where}'


def find_cuts(
    lines: Iterable[RepeatedLine], posts: Iterable[Post], source: str
) -> tuple[list[Cut], list[Diagnostic]]:
    """Returns what the lines leave out of these posts, and diagnostics that say how often, or that there is nothing.

    ``source`` is the file of the lines. Parses all posts if a line leaves something out.
    """
    wanted = [line for line in lines if line.is_left_out]
    if not wanted:
        return [], []
    edges = EdgeBlocks(posts)
    cuts: list[Cut] = []
    reported: list[Diagnostic] = []
    for line in wanted:
        blocks = edges.beginning_with(line.words)
        cuts.extend(Cut(line, block) for block in blocks)
        reported.extend(
            msgspec.structs.replace(found, source=source, line=line.line)
            for found in report_repeated(blocks, edges.total)
        )
        if not blocks:
            message = (
                f"no post begins or ends with a block {line.words!r}. Hint: copy its first words from a post, and put "
                "... where there are more"
            )
            reported.append(
                Diagnostic(DiagnosticCode.EDIT_STALE, message, source, line.line, Severity.ERROR)
            )
    return cuts, reported


def apply_cuts(post: Post, cuts: Sequence[Cut], source: str) -> tuple[Post, list[Diagnostic]]:
    """Returns ``post`` without the blocks of these lines, and a diagnostic with the words of each."""
    found: list[Diagnostic] = []

    def on_cut(block: RepeatedBlock, nodes: tuple[Block, ...]) -> None:
        line = next(cut.line.line for cut in cuts if cut.block is block)
        text = plain_text(nodes)
        message = f"{format_count(len(text.split()), 'word')} removed by {source}:{line}"
        at = next((node.line for node in nodes if node.line), 0)
        found.append(
            Diagnostic(
                DiagnosticCode.EDITED, message, post.metadata.source, at, Severity.INFO, text
            )
        )

    return cut_blocks(post, [cut.block for cut in cuts], on_cut), found
