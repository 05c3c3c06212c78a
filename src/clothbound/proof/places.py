"""Finds the post, the file and the line of a finding, by the map of pages that an engine gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from ..model.inlines import Image
from ..model.plain_text import letters_and_digits, plain_text
from ..model.post import Post
from ..model.walk import walk, walk_lines
from ..page_list import PageStart, PrintedPages
from .findings import Finding

_COMPARED = (24, 12)
"""The letters of a line by which its block is found: fewer where another script follows in it."""
_FEWEST = 6


_OF_PICTURES = frozenset(("resolution", "upside down", "empty picture"))


def place_findings(
    found: Sequence[Finding],
    pages: PrintedPages,
    keys: Sequence[str],
    load: Callable[[str], Post | None],
) -> Iterator[Finding]:
    """Yields the findings with post, file and line. ``keys`` are those of the posts in the order of the book, and
    ``load`` returns a post by its key.

    A line of a PDF is that of a block: of the one that has the words of the finding, or the only picture of the page,
    or else of the one that the page begins in. Where posts run on, a page has several.
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
        after = pages.starts[number + 1] if number + 1 < len(pages.starts) else None
        on_page = _posts_of_page(start, after, keys)
        known = {key: known[key] if key in known else load(key) for key in on_page}
        posts = [(key, post) for key in on_page if (post := known[key]) is not None]
        if not posts:
            yield finding
            continue
        for key, post in posts:
            line = _find_line(post, key, start, after, finding)
            if line is not None:
                break
        else:
            key, post = posts[0]
            lines = _block_lines(post)
            first = max(start.block, 0)
            line = lines[first] if key == start.key and first < len(lines) else 0
        yield msgspec.structs.replace(
            finding,
            post=key,
            title=post.metadata.title or finding.title,
            source=post.metadata.source,
            line=line,
        )


def _posts_of_page(start: PageStart, after: PageStart | None, keys: Sequence[str]) -> list[str]:
    """Returns the keys of the posts that a page has: the one that it begins in, and those that begin on it."""
    if after is None or after.key == start.key or {start.key, after.key} - set(keys):
        return [start.key]
    first, last = keys.index(start.key), keys.index(after.key)
    has_begun = after.place == "post" and (after.block >= 0 or after.note != "")
    return [start.key, *keys[first + 1 : last + has_begun]]


def _find_line(
    post: Post, key: str, start: PageStart, after: PageStart | None, finding: Finding
) -> int | None:
    """Returns the line of the block of a post that has a finding; None where no block of the page has its words."""
    first = max(start.block, 0) if start.key == key else 0
    last = len(post.body) - 1
    if after is not None and after.key == key and not after.note and after.block >= 0:
        last = min(last, after.block)
    lines = _block_lines(post)
    if finding.check in _OF_PICTURES:
        pictured = [n for n in range(first, last + 1) if any(walk(post.body[n], Image))]
        return lines[pictured[0]] if len(pictured) == 1 else None
    letters = letters_and_digits(finding.text)
    for count in _COMPARED:
        wanted = letters[:count]
        if len(wanted) < _FEWEST:
            break
        for number in range(first, last + 1):
            if wanted in letters_and_digits(plain_text(post.body[number])):
                return lines[number]
        for note in post.footnotes:
            if wanted in letters_and_digits(plain_text(note)):
                return next((block.line for block in note.children if block.line), 0)
    return None


def _block_lines(post: Post) -> list[int]:
    """Returns the line of each block of a post, or of the last one before it that has one."""
    blocks = {id(block): number for number, block in enumerate(post.body)}
    lines = [0] * len(post.body)
    for node, line in walk_lines(post):
        number = blocks.get(id(node))
        if number is not None:
            lines[number] = line
    return lines
