"""Breaks titles into lines of about the same length, and cuts them to fit the running heads."""

from __future__ import annotations

import math
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from ...lazy_pattern import lazy_pattern
from ...matter import ChapterHead, Matter
from .fonts import TITLE_SIZE, Measure
from .page_format import PageFormat
from .theme import DisplayType, Theme

_TOGETHER = lazy_pattern(
    r"((?=\S{1,24}(?:\s|$))(?<!\S)\w[^\s-]*(?:-[^\s-]+)+|(?<!\S)[^\W\d_]{1,12}\.? \d{1,3}(?![\w.,]*\d))"
)
"""Matches what must not be broken: a compound with a hyphen, and a word with its number (``Part 2``)."""
_UNBROKEN = str.maketrans("- ", "\u2010\xa0")
"""The hyphen and the space after which no piece ends; the measured fonts have both, as wide as the usual ones."""
_SPARE = 1.02
"""The factor by which the engine's lines may be wider than measured."""
# Matches the pieces after which an engine may end a line without adding a hyphen.
_PIECE = lazy_pattern(r"[^ \u200b–—-]+[ \u200b–—-]*|[ \u200b–—-]+")
_STEPS = 12
"""The number of steps of the search; the result is within a few thousandths of the line."""


class TitleWidths:
    """Narrows titles of several lines, whose last line would often be a single word at full
    width.
    """

    def __init__(self, kinds: Mapping[str, DisplayType], size: float, room: float) -> None:
        """``kinds`` are the types of titles by class; ``size``, of a rem, and ``room``, the width of a line,
        are in points.
        """
        self._kinds = kinds
        self._size = size
        self._room = room
        self._measures = {kind.font: Measure(kind.font, TITLE_SIZE) for kind in kinds.values()}

    def narrow(self, root: Element) -> None:
        """Writes the width of each such title below ``root`` into its ``style``."""
        for element in root.iter():
            kind = self._kinds.get(element.get("class", ""))
            if kind is None:
                continue
            measure = self._measures[kind.font]
            scale = kind.size * kind.spread * self._size / TITLE_SIZE
            title = " ".join("".join(element.itertext()).split())
            width = balance_width(measure, title, self._room / scale)
            _keep_together(element)
            if width is not None and width * scale * _SPARE < self._room:
                element.set("style", f"max-width: {width * scale * _SPARE:.1f}pt")


def _keep_together(title: Element) -> None:
    """Wraps the words of a title that belong together in elements whose lines are not broken."""
    first, *rest = split_unbroken(title.text or "")
    title.text = first
    for words, after in zip(rest[::2], rest[1::2], strict=True):
        SubElement(title, "span", {"class": "together"}).text = words
        title[-1].tail = after


def split_unbroken(title: str) -> list[str]:
    """Splits a title into texts that lines may break and, at every second place, words that they must not."""
    return _TOGETHER.split(title)


def balance_width(measure: Measure, title: str, room: float) -> float | None:
    """Returns the least width in points at which ``title`` takes no more lines than at ``room``.

    Returns None if it takes one line, if the font lacks its script, or if a word is longer than a
    line.
    """
    if not measure.has(title.replace("\u200b", "")):
        return None
    title = _TOGETHER.sub(lambda words: words[0].translate(_UNBROKEN), title)
    pieces = [
        (measure.width(piece), measure.width(piece.rstrip(" \u200b")))
        for piece in _PIECE.findall(title)
    ]
    lines = _lines(pieces, room)
    if lines == 1 or math.isinf(lines):
        return None
    low, high = 0.0, room
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _lines(pieces, middle) > lines:
            low = middle
        else:
            high = middle
    return high


def _lines(pieces: list[tuple[float, float]], width: float) -> float:
    """Counts the lines that pieces fill; infinitely many if one is longer than a line.

    Each piece has its width, and its width without the space at its end.
    """
    count = 1
    used = 0.0
    for whole, bare in pieces:
        if bare > width:
            return math.inf
        if used + bare > width:
            count += 1
            used = 0.0
        used += whole
    return count


class RunningHeads:
    """Shortens titles to fit into the running heads of one book."""

    def __init__(self, matter: Matter, theme: Theme, page: PageFormat) -> None:
        """``page`` is in the theme's type."""
        self._theme = theme
        self._room = page.measure - theme.head_room
        self._right = Measure(theme.right_head.font, theme.right_head.size)
        left = Measure(theme.left_head.font, theme.left_head.size)
        self.book = left.cut(
            matter.running_title,
            self._room,
            small_caps_spacing=theme.left_head.small_caps_spacing,
        )
        """The book's title on one line."""

    def fit_chapter(self, head: ChapterHead) -> str:
        """Returns the chapter's title, shortened to one line."""
        spacing = self._theme.right_head.small_caps_spacing
        return self._right.cut(head.running_head, self._room, small_caps_spacing=spacing)
