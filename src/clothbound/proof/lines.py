"""Glyphs as lines, and what each line is: running head, folio, heading, code, note, body.

Tags say it where a file has them. Elsewhere it is inferred from places, sizes and faces.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from ..lazy_pattern import lazy_pattern
from .face_files import Box
from .printed_pages import Glyph, OpenedPage
from .scripts import RIGHT_TO_LEFT, UNSPACED, reading_order, runs_right_to_left, script_of

_SAME_LINE = 0.12
"""How far base lines of one line may differ, in em."""
_NEW_PIECE = 2.2
"""The gap in em that parts a line from what stands beside it: a column, a cell, a margin."""
_WORD_GAP = 0.12
_WIDE_GAP = 0.5
_GAP_WITHOUT_SPACE = 0.26
_SHOWN = 40
_FEWEST_LINES = 8
_SURE_LINES = 60
"""The lines of a side that tell its text block to the point: those of two pages."""
_FEWEST_FEET = 3
_NUMBER = lazy_pattern(r"[\W_]*(?:\d{1,4}|[ivxlc]{1,7})[\W_]*")
LEADER = lazy_pattern(r"(?:[.\u2024\u2025\u2026\u00b7\u2027\u22c5]\s*){4,}")
"""The dots that lead from a title to its number."""
HYPHENS = ("-", "\u2010", "\u00ad", "\u2011")


class PrintedLine(msgspec.Struct, gc=False):
    """A printed line, or a piece of one that stands by itself."""

    page: int
    text: str
    """In the order of the places, from left to right."""
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    """The size of most of its letters in points."""
    face: str
    """The face of most of its letters."""
    is_mono: bool
    role: str
    is_artifact: bool
    words: int
    space: float
    """The mean of the gaps between its words in points; 0 for a line of one word."""
    angle: int
    ink_x0: float = 0.0
    """The left edge of its first letter or digit: punctuation may hang."""
    ink_x1: float = 0.0
    is_right_to_left: bool = False
    is_spaced: bool = True
    """Whether its script has spaces between words."""
    is_furniture: bool = False
    """Whether it is a running head or a folio."""
    marks: tuple[str, ...] = ()
    """The raised numbers in it, by which notes are called."""

    @property
    def box(self) -> Box:
        return (self.x0, self.top, self.x1, self.bottom)

    @property
    def reading(self) -> str:
        """The text in the order of reading."""
        return reading_order(self.text)

    @property
    def shown(self) -> str:
        """The beginning of the text, for a message."""
        return self.reading if len(self.text) <= _SHOWN else f"{self.reading[:_SHOWN]}\u2026"

    @property
    def is_text(self) -> bool:
        """Whether it runs as text of the page, in paragraphs."""
        return (
            not self.is_furniture and self.role in ("", "text", "list", "quote") and not self.angle
        )

    @property
    def ends_in_hyphen(self) -> bool:
        return len(self.text) > 1 and self.text[-1] in HYPHENS and self.text[-2].isalpha()

    @property
    def is_number(self) -> bool:
        return _NUMBER.fullmatch(self.text) is not None


def make_lines(page: OpenedPage) -> tuple[list[PrintedLine], list[list[Glyph]]]:
    """Returns the lines of a page from top to bottom, and the glyphs of each from left to right."""
    rows: list[list[Glyph]] = []
    seen = [
        g for g in page.glyphs if g.run.is_visible and not g.char.isspace() and g.char != "\u200b"
    ]
    spaces = [g for g in page.glyphs if g.char.isspace()]
    for upright in (True, False):
        rows += _join_raised(_rows([g for g in seen if (abs(g.run.angle) < 1) is upright]))
    for row in rows:
        if any(script_of(g.char) in RIGHT_TO_LEFT for g in row):
            _mark_spaces(row, spaces)
    pieces = [piece for row in rows for piece in _split(row)]
    pieces.sort(key=lambda piece: (min(g.top for g in piece), piece[0].x0))
    return [_line_of(page, piece) for piece in pieces], pieces


def _rows(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Groups glyphs by their base lines."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.base):
        if rows and abs(glyph.base - rows[-1][0].base) <= _SAME_LINE * max(glyph.run.size, 4.0):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return [sorted(row, key=lambda g: g.x0 + g.x1) for row in rows]


def _join_raised(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """Adds raised and lowered glyphs (marks of notes, exponents) to the line that they stand beside."""
    kept: list[list[Glyph]] = []
    sizes = [max(g.run.size for g in row) for row in rows]
    taken: dict[int, list[Glyph]] = {}
    for number, row in enumerate(rows):
        rest = []
        for glyph in row:
            host = _host(rows, sizes, number, glyph)
            if host is None:
                rest.append(glyph)
            else:
                taken.setdefault(host, []).append(glyph)
        kept.append(rest)
    for number, more in taken.items():
        kept[number] = sorted([*kept[number], *more], key=lambda g: g.x0 + g.x1)
    return [row for row in kept if row]


def _host(rows: list[list[Glyph]], sizes: list[float], number: int, glyph: Glyph) -> int | None:
    for other in (number + 1, number + 2, number - 1, number - 2):
        if not 0 <= other < len(rows):
            continue
        size, apart = sizes[other], rows[other][0].base - glyph.base
        if (
            glyph.run.size > 0.86 * size
            or not -0.35 * size < apart < 0.7 * size
            or abs(apart) < 0.01
        ):
            continue
        reach = 0.45 * size
        if any(
            g.run.size > glyph.run.size and g.x0 - reach < glyph.x1 and glyph.x0 < g.x1 + reach
            for g in rows[other]
        ):
            return other
    return None


def _mark_spaces(row: list[Glyph], spaces: Sequence[Glyph]) -> None:
    """Marks the glyphs of a line that have a space on their right. Files order text from right to left in many ways,
    so that the places of the spaces tell; where none are printed, the gaps do.
    """
    middles = [(g.x0 + g.x1) / 2 for g in row]
    has_spaces = False
    for space in spaces:
        if abs(space.base - row[0].base) > _SAME_LINE * row[0].run.size:
            continue
        number = bisect(middles, space.x + 0.1 * space.run.size)
        if 0 < number < len(row):
            row[number - 1].has_space_right = has_spaces = True
    for before, after in pairwise(row):
        if not has_spaces:
            before.has_space_right = after.x0 - before.x1 > _GAP_WITHOUT_SPACE * after.run.size


def _split(row: list[Glyph]) -> list[list[Glyph]]:
    """Splits a line where columns part."""
    pieces = [[row[0]]]
    reach = row[0].x1
    for before, glyph in pairwise(row):
        if glyph.x0 - reach > _NEW_PIECE * max(before.run.size, glyph.run.size):
            pieces.append([])
        pieces[-1].append(glyph)
        reach = max(reach, glyph.x1)
    return pieces


def words_of(piece: Sequence[Glyph]) -> list[list[Glyph]]:
    """Splits a piece of a line into words: at spaces that are printed, and at gaps that are wide."""
    words = [[piece[0]]]
    reach = piece[0].x1
    for before, glyph in pairwise(piece):
        gap = (glyph.x0 - reach) / max(before.run.size, glyph.run.size, 1.0)
        is_spaced = before.before_space and glyph.follows_space
        if gap > _WIDE_GAP or before.has_space_right or (gap > _WORD_GAP and is_spaced):
            words.append([])
        words[-1].append(glyph)
        reach = max(reach, glyph.x1)
    return words


def _gaps(words: Sequence[Sequence[Glyph]]) -> list[float]:
    return [after[0].x0 - max(g.x1 for g in before) for before, after in pairwise(words)]


def _without_mark(words: Sequence[Sequence[Glyph]]) -> Sequence[Sequence[Glyph]]:
    """Returns the words of an item without its number or bullet, behind which the gap is no space between words."""
    first, last = (any(g.char.isalpha() for g in words[end]) for end in (0, -1))
    return words if first and last else words[1:] if last else words[:-1]


def _line_of(page: OpenedPage, piece: list[Glyph]) -> PrintedLine:
    words = words_of(piece)
    text = " ".join("".join(g.char for g in word) for word in words)
    gaps = _gaps(words)
    sizes = Counter(round(g.run.size, 2) for g in piece)
    size = sizes.most_common(1)[0][0]
    face = Counter(g.run.face for g in piece).most_common(1)[0][0]
    roles = Counter(g.run.role for g in piece)
    letters = [g for g in piece if g.char.isalnum()] or piece
    scripts = Counter(script_of(g.char) for g in piece if g.char.isalpha())
    unspaced = sum(count for script, count in scripts.items() if script in UNSPACED)
    base = Counter(round(g.base, 1) for g in piece).most_common(1)[0][0]
    if roles.most_common(1)[0][0] == "list":
        gaps = _gaps(_without_mark(words)) or gaps
    return PrintedLine(
        page=page.index,
        text=text,
        x0=min(g.x0 for g in piece),
        top=min(g.top for g in piece),
        x1=max(g.x1 for g in piece),
        bottom=max(g.bottom for g in piece),
        base=base,
        size=size,
        face=face.name,
        is_mono=face.is_mono,
        role="contents" if LEADER.search(text) else roles.most_common(1)[0][0],
        is_artifact=all(g.run.is_artifact for g in piece),
        words=len(words),
        space=sum(gaps) / len(gaps) if gaps else 0.0,
        angle=round(piece[0].run.angle),
        ink_x0=min(g.x0 for g in letters),
        ink_x1=max(g.x1 for g in letters),
        is_right_to_left=runs_right_to_left(text),
        is_spaced=unspaced * 5 < sum(scripts.values()) or not scripts,
        marks=tuple(_raised_numbers(piece, size, base)),
    )


def _raised_numbers(piece: list[Glyph], size: float, base: float) -> Iterable[str]:
    """Yields the numbers that stand above the base line, or that are small: superior figures of the face."""
    number = ""
    for glyph in piece:
        high = glyph.bottom - glyph.top
        is_raised = glyph.bottom < base - 0.18 * size and high < 0.6 * size
        if glyph.char.isdigit() and is_raised:
            number += glyph.char
        elif number:
            yield number
            number = ""
    if number:
        yield number


class TextArea(msgspec.Struct, frozen=True):
    """The place of the text on left or right pages, as most pages have it."""

    left: float
    top: float
    right: float
    bottom: float
    """The base line of the lowest line that several pages reach."""
    is_justified: bool
    is_foot_known: bool = False
    """Whether enough pages reach the lowest line, so that one below it is a fault."""
    slack: float = 0.0
    """The points by which the sides may be farther out, where few lines or ragged ones tell them."""
    is_backward: bool = False
    """Whether most of its lines begin on the right."""

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left


class Layout(msgspec.Struct):
    """What the pages of a book have in common."""

    size: float
    """The size of the text in points."""
    leading: float
    """From one line of the text to the next."""
    space: float
    """The mean gap between words of lines that are not justified, in em."""
    blocks: tuple[TextArea, TextArea] | None
    """Of right pages, and of left pages; None where no lines repeat."""
    faces: dict[str, str]
    """The face that most letters of each script have in the text."""

    def block(self, page: int) -> TextArea | None:
        """Returns the text block of the page at an index."""
        return self.blocks[page % 2] if self.blocks else None


def mark_furniture(pages: Sequence[list[PrintedLine]]) -> None:
    """Marks running heads and folios: artifacts, and lines at the head or foot that stand at one place on many pages."""
    places: Counter[tuple[str, int]] = Counter()
    found: list[tuple[str, int, PrintedLine]] = []
    for lines in pages:
        for line in lines:
            line.is_furniture = line.is_artifact and line.role != "figure"
        rest = [line for line in lines if not line.is_furniture]
        if not rest:
            continue
        for edge, line in _outermost(rest):
            found.append((edge, round(line.base), line))
            places[edge, round(line.base)] += 1
    least = max(3, len(pages) // 5)
    texts: dict[tuple[str, int], Counter[str]] = {}
    for edge, base, line in found:
        texts.setdefault((edge, base), Counter())[line.text] += 1
    for edge, base, line in found:
        if places[edge, base] < least:
            continue
        same = texts[edge, base][line.text]
        if (
            line.is_number
            or same >= max(3, places[edge, base] // 8)
            or line.text.split()[-1:] == [str(line.page + 1)]
        ):
            line.is_furniture = True


def _outermost(lines: list[PrintedLine]) -> Iterable[tuple[str, PrintedLine]]:
    first, last = min(lines, key=lambda one: one.base), max(lines, key=lambda one: one.base)
    for line in lines:
        if abs(line.base - first.base) < 1:
            yield "head", line
        if abs(line.base - last.base) < 1 and last is not first:
            yield "foot", line


def find_layout(pages: Sequence[list[PrintedLine]], width: float) -> Layout | None:
    """Returns what the pages have in common; None for a file without text. ``width`` is that of a page."""
    sizes: Counter[float] = Counter()
    tagged: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            if line.is_text and not line.is_mono:
                (tagged if line.role else sizes)[round(line.size, 1)] += len(line.text)
    sizes = tagged or sizes
    if not sizes:
        return None
    size = sizes.most_common(1)[0][0]
    body = [
        line for lines in pages for line in lines if line.is_text and abs(line.size - size) < 0.06
    ]
    leadings: Counter[float] = Counter()
    for lines in pages:
        bases = [line.base for line in lines if line.is_text and abs(line.size - size) < 0.06]
        leadings.update(
            round(low - high, 1) for high, low in pairwise(bases) if size < low - high < 2.2 * size
        )
    leading = leadings.most_common(1)[0][0] if leadings else size * 1.3
    both = (_find_block(pages, body, 0, leading), _find_block(pages, body, 1, leading))
    both = (_as_wide(both[0], both[1]), _as_wide(both[1], both[0]))
    right, left = both[0] or _mirrored(both[1], width), both[1] or _mirrored(both[0], width)
    layout = Layout(size, leading, 0.25, (right, left) if right and left else None, {})
    layout.space = _find_space(body, layout)
    return layout


def _find_block(
    pages: Sequence[list[PrintedLine]], body: list[PrintedLine], side: int, leading: float
) -> TextArea | None:
    lines = [line for line in body if line.page % 2 == side]
    if len(lines) < _FEWEST_LINES:
        return None
    lefts, rights = sorted(line.x0 for line in lines), sorted(line.x1 for line in lines)
    is_backward = sum(line.is_right_to_left for line in lines) * 2 > len(lines)
    ends = Counter(round(edge * 2) / 2 for edge in (lefts if is_backward else rights))
    # Justified lines end within half a point of one another; five short lines with one text end at one place too.
    most = max(
        ends, key=lambda place: (sum(ends[place + step] for step in (-0.5, 0.0, 0.5)), ends[place])
    )
    near = sum(ends[most + step] for step in (-1.0, -0.5, 0.0, 0.5, 1.0))
    is_justified = near > 0.25 * len(lines)
    # Of text that is not justified, one line in seventy may be too long.
    few = int(0.015 * (len(lines) - 1))
    # Most lines of a book may stand in lists; headings and the few lines of text show where it begins.
    begins = [
        line.x1 if is_backward else line.x0
        for own in pages
        for line in own
        if line.page % 2 == side and (line.is_text or line.role == "heading")
    ]
    if is_backward:
        left, right = most if is_justified else lefts[few], _edge(begins, last=True)
    else:
        left, right = _edge(begins), most if is_justified else rights[-1 - few]
    tops: Counter[int] = Counter()
    lasts: Counter[int] = Counter()
    for own in pages:
        rest = [one for one in own if not one.is_furniture and one.page % 2 == side]
        if rest:
            tops[round(min(one.top for one in rest))] += 1
            lasts[round(max(one.base for one in rest))] += 1
    least = 2 if len(lasts) > 3 else 1
    bottom = max((base for base in lasts if _near(lasts, base) >= least), default=max(lasts))
    top = min((place for place in tops if _near(tops, place) >= least), default=min(tops))
    if bottom <= top + leading:
        return None
    is_foot_known = _near(lasts, bottom) >= max(_FEWEST_FEET, 0.15 * sum(lasts.values()))
    slack = 0.0 if is_justified and len(lines) >= _SURE_LINES else leading
    if not is_justified and len(lines) < _SURE_LINES:  # by a word
        slack *= 2
    return TextArea(
        left, float(top), right, float(bottom), is_justified, is_foot_known, slack, is_backward
    )


def _as_wide(block: TextArea | None, other: TextArea | None) -> TextArea | None:
    """Returns an area that few lines tell with the width of the other side's: pages of a book have one width."""
    if block is None or other is None or not block.slack or other.width <= block.width + 1:
        return block
    left, right = block.left, block.right
    if block.is_backward:
        left = right - other.width
    else:
        right = left + other.width
    return msgspec.structs.replace(block, left=left, right=right, is_justified=other.is_justified)


def _mirrored(block: TextArea | None, width: float) -> TextArea | None:
    """Returns the area for pages of the other side, of which there are too few: it may be the same or mirrored."""
    if block is None:
        return None
    left, right = min(block.left, width - block.right), max(block.right, width - block.left)
    return TextArea(left, block.top, right, block.bottom, is_justified=False, slack=block.slack)


def _near(counts: Counter[int], place: int) -> int:
    return counts[place - 1] + counts[place] + counts[place + 1]


def _edge(edges: Sequence[float], *, last: bool = False) -> float:
    """Returns the outermost place where more lines begin (or end) than chance would have it."""
    places = Counter(round(edge * 2) / 2 for edge in edges)
    near = {place: sum(places[place + step] for step in (-0.5, 0.0, 0.5)) for place in places}
    often = [
        place for place, count in near.items() if count * 40 >= len(edges) and count >= _FEWEST_FEET
    ]
    if not often:
        return places.most_common(1)[0][0]
    return max(often) if last else min(often)


def _find_space(body: list[PrintedLine], layout: Layout) -> float:
    """Returns the natural gap between words in em: that of lines that do not reach the right edge."""
    gaps = []
    for line in body:
        block = layout.block(line.page)
        if line.words > 3 and line.is_spaced and block and line.x1 < block.right - 2 * line.size:
            gaps.append(line.space / line.size)
    gaps.sort()
    return gaps[len(gaps) // 2] if len(gaps) >= 5 else 0.27
