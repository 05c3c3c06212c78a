"""Tells paragraphs of verse from prose: by the lines that their author broke."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby

from . import blocks as b
from . import inlines as i
from .plain_text import own_text
from .walk import walk

_VERSE_LINE = 60
"""The most columns of a line of verse outside quotations, about as many as a printed line has letters."""
_SHORT_LINES, _SHORT_BESIDE_LONGER = 0.75, 0.5
"""The least share of such lines in a stanza, and in one of four lines or more without a line of prose. Poems with a few
long lines are more common than prose with many breaks."""
_LONGER_LINE = 96
"""The most columns of a long line of verse, as of fourteeners; a line of prose fills two of print."""
_VERSE_LINES = 3
"""The least lines of a stanza, and paragraphs of a poem in couplets. Addresses and signatures have fewer."""


def broken_lines(paragraph: b.Paragraph) -> tuple[str, ...]:
    """Returns the lines that the author broke in a paragraph, as ``find_verse`` takes them."""
    nodes = list(walk(paragraph))
    if not any(type(node) is i.LineBreak for node in nodes):
        return ()
    if any(type(node) is i.Image for node in nodes):
        return ()
    texts = ("\n" if type(n) is i.LineBreak else " ".join(own_text(n).splitlines()) for n in nodes)
    return tuple(line for line in "".join(texts).split("\n") if line.strip())


def find_verse(paragraphs: Sequence[Sequence[str]], *, is_quoted: bool) -> list[bool]:
    """Tells of each of the blocks that follow each other whether it is a paragraph of verse.

    Each is given by the lines that its author broke, without empty ones; a block that is no paragraph of text has
    none. In a quotation, every break is one of verse. Elsewhere, ``has_lines_of_verse`` tells its lines, and a poem has a stanza
    of three lines or three couplets, so that an address or a signature is none.
    """
    if is_quoted:
        return [len(lines) > 1 for lines in paragraphs]
    result: list[bool] = []
    for has_short_lines, run in groupby(paragraphs, has_lines_of_verse):
        stanzas = list(run)
        most = max(len(stanzas), *map(len, stanzas))
        result += [has_short_lines and most >= _VERSE_LINES] * len(stanzas)
    return result


def has_lines_of_verse(lines: Sequence[str]) -> bool:
    """Whether most lines of a paragraph are short, or half of four or more where none is as long as one of prose."""
    widths = [_columns(line.strip()) for line in lines]
    short = sum(width <= _VERSE_LINE for width in widths)
    is_stanza = len(lines) > _VERSE_LINES and max(widths) <= _LONGER_LINE
    least = _SHORT_BESIDE_LONGER if is_stanza else _SHORT_LINES
    return len(lines) > 1 and short >= least * len(lines)


def _columns(line: str) -> int:
    return len(line) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in line)
