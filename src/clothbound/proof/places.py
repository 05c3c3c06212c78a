"""Finds the post, the file and the line of a finding, by the map of pages that an engine gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from ..lazy_pattern import lazy_pattern
from ..model.plain_text import plain_text
from ..model.post import Post
from ..model.walk import walk_lines
from ..page_list import PageStart, PrintedPages
from .findings import Finding

_NO_LETTER = lazy_pattern(r"[\W_]+")
_COMPARED = (24, 12)
"""The letters of a line by which its block is found: fewer where another script follows in it."""
_FEWEST = 6


def place_findings(
    found: Sequence[Finding], pages: PrintedPages, load: Callable[[str], Post | None]
) -> Iterator[Finding]:
    """Yields the findings with post, file and line. ``load`` returns a post by its key.

    A line of a PDF is that of a block: of the one that has the words of the finding, or else of the one that the
    page begins in.
    """
    starts = {start.label: number for number, start in enumerate(pages.starts)}
    known: dict[str, Post | None] = {}
    number = -1
    for finding in sorted(found, key=lambda one: one.page):
        number = starts.get(finding.label or str(finding.page + 1), number)
        start = pages.starts[number] if number >= 0 else None
        if start is None or start.place != "post":
            yield finding
            continue
        if start.key not in known:
            known = {start.key: load(start.key)}
        post = known[start.key]
        if post is None:
            yield finding
            continue
        after = pages.starts[number + 1] if number + 1 < len(pages.starts) else None
        yield msgspec.structs.replace(
            finding,
            post=start.key,
            title=post.metadata.title or finding.title,
            source=post.metadata.source,
            line=_line_of(post, start, after, finding.text),
        )


def _line_of(post: Post, start: PageStart, after: PageStart | None, text: str) -> int:
    first = max(start.block, 0)
    last = len(post.body) - 1
    if after is not None and after.key == start.key and not after.note and after.block >= 0:
        last = min(last, after.block)
    lines = _block_lines(post)
    letters = _letters(text)
    for count in _COMPARED:
        wanted = letters[:count]
        if len(wanted) < _FEWEST:
            break
        for number in range(first, last + 1):
            if wanted in _letters(plain_text(post.body[number])):
                return lines[number]
        for note in post.footnotes:
            if wanted in _letters(plain_text(note)):
                return next((block.line for block in note.children if block.line), 0)
    return lines[first] if first < len(lines) else 0


def _block_lines(post: Post) -> list[int]:
    """Returns the line of each block of a post, or of the last one before it that has one."""
    blocks = {id(block): number for number, block in enumerate(post.body)}
    lines = [0] * len(post.body)
    for node, line in walk_lines(post):
        number = blocks.get(id(node))
        if number is not None:
            lines[number] = line
    return lines


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()
