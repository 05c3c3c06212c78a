"""Lays out the label of a drawn cover: title, subtitle and names, in lines that are as wide as the label at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..language.capitals import in_capitals
from .fonts import Line, sized
from .title_fit import MOST_CHARACTERS, TitleStep, fit_title

if TYPE_CHECKING:
    from PIL import ImageFont

MARGIN = 104
"""The pixels between the label's edge and its text."""
_TITLE_WEIGHT, _SECOND_WEIGHT, _NAMES_WEIGHT = 540, 420, 520
_LARGEST_TITLE, _LEAST_TITLE = 290, 50
_MOST_LINES = 16
"""The most lines of a title for which the label fits on the page."""
_YEAR, _LARGEST_SECOND, _LEAST_SECOND = 176, 116, 56
"""The sizes of a subtitle. A year distinguishes the covers of a series, so it is large."""
_MOST_LINES_OF_SECOND = 6
_LARGEST_NAMES, _LEAST_NAMES = 72, 44
_MOST_LINES_OF_NAMES = 3
_SPACING = 0.14
"""The space between the capitals of names, in em."""
_DEPTH, _DEPTH_OF_OTHERS = 0.27, 0.4
"""The depth below the line of Latin letters and of those of other scripts, in em."""
_GAP = 44
"""The pixels between the title and the letters of the subtitle."""
_BELOW_TEXT, _BELOW_RULE, _FOOT = 120, 114, 136
"""The pixels between the text and the rule, the rule and the first line of names, the last one and the label's edge."""


class SetLine(NamedTuple):
    """A line of text, centred on the label."""

    text: str
    font: ImageFont.FreeTypeFont
    baseline: int
    """The pixels below the label's upper edge."""
    spacing: float = 0
    """The pixels between its letters."""

    @property
    def width(self) -> float:
        return _spaced_width(self.text, self.font.getlength, self.spacing)


class LaidLabel(NamedTuple):
    """The text of a label, by its place below the label's upper edge."""

    lines: list[SetLine]
    height: int
    rule: int
    """Where the rule above the names is; 0 without names."""
    is_cut: bool
    """Whether the title, the subtitle or the names were cut."""


class _TextSetting(NamedTuple):
    """A text at a size, in lines."""

    lines: list[str]
    font: ImageFont.FreeTypeFont
    leading: int
    size: int = 0
    spacing: float = 0
    is_cut: bool = False


def lay_label(head: Line, second: Line, byline: Line, width: int, tile: int) -> LaidLabel:
    """Lays out a label of ``width`` pixels. Its height is a multiple of ``tile``, since it cuts no tile of the paper."""
    room = width - 2 * MARGIN
    title = _set_title(head, room)
    subtitle = _set_second(second, room, title.size)
    names = _set_names(byline, room)
    space = _space_below(title, head) if subtitle.lines else 0
    of_title = len(title.lines) * title.leading + space
    block = of_title + len(subtitle.lines) * subtitle.leading
    foot = _FOOT + _BELOW_RULE + (len(names.lines) - 1) * names.leading if names.lines else 0
    needed = MARGIN + block + foot + _BELOW_TEXT
    height = max(7, -(-needed // tile)) * tile
    y = MARGIN + (height - needed) // 2
    lines = [*_place(title, y), *_place(subtitle, y + of_title)]
    lines += _place(names, height - _FOOT - len(names.lines) * names.leading)
    is_cut = title.is_cut or subtitle.is_cut or names.is_cut
    return LaidLabel(lines, height, height - foot if foot else 0, is_cut)


def _place(setting: _TextSetting, top: int) -> list[SetLine]:
    return [
        SetLine(text, setting.font, top + position * setting.leading, setting.spacing)
        for position, text in enumerate(setting.lines, 1)
    ]


def _space_below(title: _TextSetting, head: Line) -> int:
    """Returns the space between the last line of a title and the letters of a subtitle."""
    return _GAP + round((_DEPTH if head.face.is_latin else _DEPTH_OF_OTHERS) * title.size)


def _set_title(head: Line, width: int) -> _TextSetting:
    """Sets the title at the largest size at which it takes few lines."""
    steps = [
        (size, 3 if size > 160 else 4 if size > 110 else 6)
        for size in range(_LARGEST_TITLE, _LEAST_TITLE - 1, -4)
    ]
    leading = 1.1 if head.face.is_latin else 1.35
    return _set(head.text, head, _TITLE_WEIGHT, steps, width, leading, _MOST_LINES)


def _set_second(second: Line, width: int, title: int) -> _TextSetting:
    """Sets the subtitle on one line, or on several if it would become too small."""
    largest = _YEAR if len(second.text) < 10 else _LARGEST_SECOND
    if title:
        largest = min(largest, max(round(title * 0.9), _LEAST_SECOND))
    steps = [
        (size, 1 if size > 84 else 2 if size > 68 else 4)
        for size in range(largest, _LEAST_SECOND - 1, -2)
    ]
    leading = 1.2 if second.face.is_latin else 1.4
    most = _MOST_LINES_OF_SECOND
    return _set(second.text, second, _SECOND_WEIGHT, steps, width, leading, most)


def _set_names(byline: Line, width: int) -> _TextSetting:
    """Sets the names, in letterspaced capitals if our face has them."""
    is_latin = byline.face.is_latin
    text, spacing = (
        (in_capitals(byline.text, byline.language), _SPACING) if is_latin else (byline.text, 0)
    )
    largest = _LARGEST_NAMES if is_latin else 84
    steps = [(size, 1 if size > 52 else 2) for size in range(largest, _LEAST_NAMES - 1, -2)]
    most = _MOST_LINES_OF_NAMES
    return _set(text, byline, _NAMES_WEIGHT, steps, width, 1.5, most, spacing)


def _set(
    text: str,
    line: Line,
    weight: int,
    sizes: Sequence[tuple[int, int]],
    width: int,
    leading: float,
    most_lines: int,
    spacing: float = 0,
) -> _TextSetting:
    """Sets a text at the first of ``sizes`` at which it takes no more lines than stand beside the size, or in
    ``most_lines`` at the last of them, where it is cut.
    """
    face = sized(line.face, weight)
    if not text:
        return _TextSetting([], face(sizes[-1][0]), 0)

    def measure(size: int) -> Callable[[str], float]:
        return lambda part: _spaced_width(part, face(size).getlength, size * spacing)

    steps = (TitleStep(size, measure(size), width, most) for size, most in sizes)
    step, lines = fit_title(text, steps, narrowing=12, language=line.language)
    size = round(step.size)
    is_cut = len(text) > MOST_CHARACTERS or len(lines) > most_lines
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], lines[most_lines - 1][:-1] + "…"]
    return _TextSetting(lines, face(size), round(size * leading), size, size * spacing, is_cut)


def _spaced_width(text: str, length: Callable[[str], float], spacing: float) -> float:
    if not spacing:
        return length(text)
    return sum(map(length, text)) + spacing * max(len(text) - 1, 0)
