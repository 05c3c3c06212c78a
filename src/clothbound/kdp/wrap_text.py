"""Fits the text on a paperback's cover: the label on the front, the blurb on the back, the spine."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate, takewhile

from ..covers.title_fit import MOST_CHARACTERS, TitleStep, fit_title
from ..destinations import COVER_SIZE
from ..escape import escape
from ..language.capitals import in_capitals
from ..writers.pdf.fonts import SERIF_ROMAN, TITLE_SIZE, Measure
from . import specs
from .specs import WrapSize

_POINTS = 72
LEAST_SPINE_TYPE = 6.0
"""The smallest type on a spine, in points."""
_ROOM = 0.97
"""The part of its box that a line may fill. Measured widths are not exact."""
NAMES_SPACING, NAMES_LEADING = 0.14, 1.4
"""The letter-spacing and the line height of the names, in em."""
LABEL_HEAD, LABEL_FOOT = 0.18, 0.09
"""The parts of a label's height above its title and below the names."""
SECOND_SPACE, SECOND_LEADING = 0.35, 1.25
"""The space above a subtitle and its line height, in em."""
RULE, RULE_SPACE = 2.4, 14.0
"""The height of the rule above the names, and the space below it, in points."""
_GAP = 130
"""The least space between the title, or the subtitle, and the rule, in pixels of the drawn cover."""
_LEAST_TILES, _MOST_TILES = 7, 12
"""The least and the greatest height of a label."""
_PARTS_OF_TITLE = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""The parts of the largest type that are tried for a title until all that stands on the label has room there."""
_CAPITALS = 0.7
"""The height of capitals with a little space, in em."""
_BLURB = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
"""The sizes of the text on the back, in points; the largest that fits is used."""
_BLURB_LEADING = 1.42


def front_label(
    title: str, subtitle: str, authors: Sequence[str], size: WrapSize, language: str
) -> tuple[str, int]:
    """Returns the label and the number of authors that it names."""
    width = size.trim_width - 2 * size.tile
    inner = (width - 1.3 * size.tile) * _POINTS
    unit = size.trim_width * _POINTS / COVER_SIZE[0]  # the drawn cover's pixel, in points
    names, shown, of_names = "", 0, 0.0
    if authors:
        set_in, rows_of_names, shown = _names(authors, inner, 60 * unit, 42 * unit, language)
        rows = "".join(f'<div class="name">{escape(line)}</div>' for line in rows_of_names)
        names = (
            f'<div class="names" style="font-size:{set_in:.2f}pt"><span class="rule"></span>'
            f"{rows}</div>"
        )
        of_names = RULE + RULE_SPACE + len(rows_of_names) * set_in * NAMES_LEADING
    for part in _PARTS_OF_TITLE:
        points, lines = _fit_title(title, inner, part * 290 * unit, 50 * unit, language)
        leading = points * 1.12
        second = min(176 if len(subtitle) < 10 else 100, 0.9 * points / unit) * unit
        of_second = _second_height(subtitle, second, inner)
        text_height = len(lines) * leading + of_second + of_names
        needed = (text_height + _GAP * unit) / (1 - LABEL_HEAD - LABEL_FOOT)
        tiles = math.ceil(needed / (size.tile * _POINTS))
        if tiles <= _MOST_TILES:
            break
    rows = "".join(f'<div class="title">{escape(line)}</div>' for line in lines)
    text = f'<div style="font-size:{points:.2f}pt;line-height:{leading:.2f}pt">{rows}</div>' + (
        f'<div class="second" style="font-size:{second:.2f}pt">{escape(subtitle)}</div>'
        if subtitle
        else ""
    )
    height = min(max(_LEAST_TILES, tiles), _MOST_TILES) * size.tile
    label = (
        f'<div class="label" style="left:{size.front + size.tile:.4f}in;'
        f'top:{2 * size.tile:.4f}in;width:{width:.4f}in;height:{height:.4f}in">'
        f'<div class="frame"></div><div class="text">{text}</div>{names}</div>'
    )
    return label, shown


def _second_height(subtitle: str, points: float, width: float) -> float:
    """Returns the height of a subtitle with the space above it, in points."""
    if not subtitle:
        return 0.0
    length = Measure(SERIF_ROMAN, 10).width(subtitle[:MOST_CHARACTERS]) / 10 * points
    rows = math.ceil(length / (width * _ROOM))
    return points * (SECOND_SPACE + rows * SECOND_LEADING)


def _fit_title(
    title: str, width: float, largest: float, least: float, language: str
) -> tuple[float, list[str]]:
    """Returns the largest size in points at which the title takes few lines, and at most six lines."""
    measure = Measure(SERIF_ROMAN, TITLE_SIZE, drawn_for=TITLE_SIZE)
    sizes = [largest - step for step in range(math.ceil(largest - least))]
    steps = (
        TitleStep(
            points,
            measure.width,
            width * _ROOM / points * TITLE_SIZE,
            3 if points > 0.55 * largest else 4,
        )
        for points in (*sizes, least)
    )
    step, lines = fit_title(title, steps, narrowing=6, language=language)
    return step.size, lines[:6]


def _names(
    authors: Sequence[str], width: float, largest: float, least: float, language: str
) -> tuple[float, list[str], int]:
    """Sets all authors in one or two lines, as large as possible, or as many authors as fit.

    Returns the size in points, the lines in capitals, and the number of authors in them.
    """
    measure = Measure(SERIF_ROMAN, 10)
    names = [in_capitals(name, language) for name in authors]
    sizes = [largest - (largest - least) * step / 4 for step in range(5)]

    def most(points: float) -> Callable[[str], bool]:
        """Returns a test whether a line fits at a size."""
        room = width * _ROOM / points
        return lambda line: measure.width(line) / 10 + NAMES_SPACING * len(line) <= room

    for points in sizes:
        if most(points)(" · ".join(names)):
            return points, [" · ".join(names)], len(names)
    for points in sizes:
        lines = _two_lines(names, most(points))
        if lines:
            return points, lines, len(names)
    for shown in range(min(len(names) - 1, _count_in_two_lines(names, most(least))), 0, -1):
        lines = _two_lines([*names[: shown - 1], f"{names[shown - 1]}\u00a0…"], most(least))
        if lines:
            return least, lines, shown
    # One name is longer than two lines.
    return least, [_cut(names[0], most(least))], 1


def _two_lines(names: Sequence[str], fits: Callable[[str], bool]) -> list[str]:
    """Breaks names into two lines of similar length, a single name between its words; returns none if they
    do not fit.
    """
    parts, joint = (names, " · ") if len(names) > 1 else (names[0].split(" "), " ")
    firsts = takewhile(fits, (joint.join(parts[:n]) for n in range(1, len(parts))))
    ways = [[first, joint.join(parts[n:])] for n, first in enumerate(firsts, 1)]
    good = [way for way in ways if fits(way[1])]
    return min(good, key=lambda way: abs(len(way[0]) - len(way[1])), default=[])


def _count_in_two_lines(names: Sequence[str], fits: Callable[[str], bool]) -> int:
    """Returns how many names two lines hold if each takes as many as fit; 1 if the first name is too long for one."""
    first = _count_in_line(names, fits)
    return first + _count_in_line(names[first:], fits) if first else 1


def _count_in_line(names: Sequence[str], fits: Callable[[str], bool]) -> int:
    lines = (" · ".join(names[:n]) for n in range(1, len(names) + 1))
    return sum(1 for _ in takewhile(fits, lines))


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    lines = (f"{text[:n]}…" for n in range(1, len(text) + 1))
    length = sum(1 for _ in takewhile(fits, lines))
    return f"{text[:length].rstrip()}…"


def back_label(description: str, size: WrapSize) -> tuple[str, bool]:
    """Returns the text on the back, and whether it had to be cut."""
    paragraphs = [" ".join(p.split()) for p in description.split("\n\n") if p.strip()]
    if not paragraphs:
        return "", False
    width = size.trim_width - 2 * size.tile
    top = 2 * size.tile
    foot = size.bleed + specs.BARCODE_MARGIN + specs.BARCODE[1] + 0.25
    inner = (width - 1.2 * size.tile) * _POINTS
    room = ((size.height - top - foot) // size.tile - 1.2) * size.tile * _POINTS
    measure = Measure(SERIF_ROMAN, 10)
    for points in _BLURB:
        used = _height(paragraphs, measure, inner, points)
        if used <= room:
            break
    cut = used > room
    if cut:
        paragraphs = _cut_text(
            paragraphs, lambda some: _height(some, measure, inner, points) <= room
        )
        used = _height(paragraphs, measure, inner, points)
    text = "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
    # The label covers whole tiles.
    height = math.ceil(used / _POINTS / size.tile + 1.2) * size.tile
    return (
        f'<div class="label blurb" style="left:{size.back + size.tile:.4f}in;top:{top:.4f}in;'
        f"width:{width:.4f}in;height:{height:.4f}in;font-size:{points}pt;"
        f'line-height:{points * _BLURB_LEADING:.2f}pt"><div class="text"><div>{text}</div></div></div>',
        cut,
    )


def _cut_text(paragraphs: Sequence[str], fits: Callable[[Sequence[str]], bool]) -> list[str]:
    """Returns as many words from the beginning as fit, with an ellipsis where a paragraph is cut."""
    words = [paragraph.split() for paragraph in paragraphs]
    starts = list(accumulate(map(len, words), initial=0))

    def begin(count: int) -> list[str]:
        """Returns the first words of the text."""
        whole = bisect_right(starts, count) - 1
        first = words[whole][: count - starts[whole]] if count < starts[-1] else []
        rest = [" ".join(first).rstrip(",;:–— …") + "…"] if first else []
        return [*paragraphs[:whole], *rest]

    # A text is lower with each word that is left out.
    return begin(bisect_left(range(1, starts[-1]), True, key=lambda n: not fits(begin(n))))


def _height(paragraphs: Sequence[str], measure: Measure, width: float, points: float) -> float:
    """Estimates the height of the text in points, on the safe side."""
    lines = sum(1 + measure.width(p) * points / 10 * 1.03 // width for p in paragraphs)
    return (lines + 0.5 * (len(paragraphs) - 1)) * points * _BLURB_LEADING


# the spine


def spine_text(
    title: str, authors: Sequence[str], size: WrapSize, pages: int, language: str
) -> tuple[str, str]:
    """Returns title and author along the spine, empty if it is too thin, and a description of what did not
    fit.
    """
    room = (size.spine - 2 * specs.SPINE_MARGIN) * _POINTS
    points = min(room / _CAPITALS, 15.0)
    if pages < specs.SPINE_TEXT_FROM or points < LEAST_SPINE_TYPE:
        return "", ""
    measure = Measure(SERIF_ROMAN, 10)
    head = in_capitals(title, language)
    if not measure.has(head):
        # Other scripts have no capitals and reach higher and lower.
        points = min(room / 1.3, 15.0)
        if points < LEAST_SPINE_TYPE:
            return "", ""
    length = size.trim_height - 2 * (specs.COVER_MARGIN + 0.25)
    wide = points / 10 * 1.15  # capitals are letterspaced
    line = length * _POINTS / wide
    author = in_capitals(" · ".join(authors), language)
    left_out = ""
    rest = line - measure.width(author) - (30 if author else 0)
    if measure.width(head) > rest:
        author, rest = "", line
        left_out = f"the name of {', '.join(authors)}" if authors else ""
    if measure.width(head) > rest:
        head = measure.cut(head, rest)
        left_out = " and ".join(filter(None, ("the whole title", left_out)))
    middle = sum(size.folds) / 2
    # The spine is readable when the book lies on its back.
    turned = "spine from-right" if size.opens_right else "spine"
    text = (
        f'<div class="{turned}" style="left:{middle - length / 2:.4f}in;'
        f"top:{(size.height - points / _POINTS) / 2:.4f}in;width:{length:.4f}in;"
        f'height:{points:.2f}pt;font-size:{points:.2f}pt;line-height:{points:.2f}pt">'
        f'<span class="spine-title">{escape(head)}</span>'
        + (f'<span class="spine-author">{escape(author)}</span>' if author else "")
        + "</div>"
    )
    return text, left_out
