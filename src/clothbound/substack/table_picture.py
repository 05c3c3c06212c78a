"""Draws a table as a picture, in the typeface of our web pages."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import ResourceError
from ..media.own_fonts import SANS
from ..model import blocks as b
from ..model import inlines as i
from ..model.grid import Grid, Placed, grid_of
from ..model.plain_text import plain_text
from ..model.walk import walk

if TYPE_CHECKING:
    from PIL import ImageFont

# The widest picture, in pixels: Substack shows pictures 728 wide, most screens at double density.
_WIDEST = 1456
_NARROWEST_COLUMN = 110
_TALLEST = 8000
_SIZE, _LEADING = 32, 44
_PADDING, _GAP = 20, 14
"""Pixels beside the text of a cell, and above and below it."""
_REGULAR, _BOLD = 400, 650
_PAPER, _INK, _RULE, _HAIRLINE = (255, 255, 255), (26, 26, 26), (26, 26, 26), (210, 210, 210)


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """A PNG, its width and height in pixels, and its text (``words``)."""

    data: bytes
    width: int
    height: int
    words: str


@dataclass(frozen=True, slots=True)
class _Drawn:
    column: int
    span: int
    text: str
    alignment: b.Alignment


def draw_table(table: b.Table) -> DrawnTable:
    """Draws ``table`` without its caption. Equal tables give equal bytes.

    Raises ResourceError if the picture would lose something: notes, formulas or pictures in cells,
    characters that the typeface lacks, or a table that is too large.
    """
    _refuse_nodes_without_text(table)
    grid = grid_of(table)
    head = [_read_row(row, grid) for row in grid.head]
    rows = [_read_row(row, grid) for row in grid.rows]
    _refuse_unknown_characters(head + rows)
    columns = grid.columns
    if not columns or columns * _NARROWEST_COLUMN > _WIDEST:
        raise ResourceError(f"a table of {columns} columns does not fit into a picture")
    fonts = {weight: _load_font(weight) for weight in (_BOLD, _REGULAR)}
    weights = [_BOLD] * len(head) + [_REGULAR] * len(rows)
    widths = _distribute_widths(head + rows, [fonts[weight] for weight in weights], columns)
    laid = [
        [(cell, _wrap_text(cell.text, fonts[weight], _text_width(widths, cell))) for cell in row]
        for weight, row in zip(weights, head + rows, strict=True)
    ]
    heights = [
        max((len(lines) for _, lines in row), default=1) * _LEADING + 2 * _GAP for row in laid
    ]
    width, height = sum(widths), sum(heights) + 2
    if height > _TALLEST:
        raise ResourceError(f"a table of {len(rows)} rows does not fit into a picture")
    return DrawnTable(
        _draw_cell(laid, heights, widths, [fonts[w] for w in weights], len(head)),
        width,
        height,
        "; ".join(" | ".join(cell.text.replace("\n", " ") for cell in r) for r in head + rows),
    )


def _refuse_nodes_without_text(table: b.Table) -> None:
    for node in walk(cell for row in (*table.head, *table.rows) for cell in row):
        if isinstance(node, i.NoteRef | i.Image | i.Math | i.RawInline):
            kind = {i.NoteRef: "notes", i.Image: "pictures", i.Math: "formulas"}.get(type(node))
            raise ResourceError(f"a picture cannot hold a table's {kind or 'raw markup'}")


def _refuse_unknown_characters(rows: Sequence[Sequence[_Drawn]]) -> None:
    from fontTools.ttLib import TTFont

    with TTFont(SANS.path, lazy=True) as font:
        known = font.getBestCmap()
    for row in rows:
        for cell in row:
            for character in cell.text:
                if ord(character) not in known and character != "\n":
                    raise ResourceError(f"the typeface lacks {character!r}")


def _read_row(cells: Sequence[Placed], grid: Grid) -> list[_Drawn]:
    return [_Drawn(p.column, p.width, _read_cell_text(p.cell), grid.alignment(p)) for p in cells]


def _read_cell_text(cell: b.Cell) -> str:
    lines = plain_text(cell.children).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _text_width(widths: Sequence[int], cell: _Drawn) -> int:
    return sum(widths[cell.column : cell.column + cell.span]) - 2 * _PADDING


def _distribute_widths(
    rows: Sequence[Sequence[_Drawn]], fonts: Sequence[ImageFont.FreeTypeFont], columns: int
) -> list[int]:
    """Distributes pixels among columns: the width of their lines, or less if space is short."""
    wanted = [_NARROWEST_COLUMN] * columns
    for row, font in zip(rows, fonts, strict=True):
        for cell in row:
            if cell.span == 1:
                longest = max(font.getlength(line) for line in cell.text.split("\n"))
                wanted[cell.column] = max(wanted[cell.column], int(longest) + 1 + 2 * _PADDING)
    left, widths = _WIDEST, [0] * columns
    for done, column in enumerate(sorted(range(columns), key=wanted.__getitem__)):
        # Narrow columns come first, so that wide ones get the space that they leave.
        widths[column] = min(wanted[column], left // (columns - done))
        left -= widths[column]
    return widths


def _wrap_text(text: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if font.getlength(longer) <= room:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = _split_word(word, font, room)
            lines += full
        lines.append(line)
    return lines


def _split_word(word: str, font: ImageFont.FreeTypeFont, room: int) -> list[str]:
    """Returns a word, split into pieces if it is longer than a line."""
    pieces = [""]
    for character in word:
        if pieces[-1] and font.getlength(pieces[-1] + character) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _draw_cell(
    laid: Sequence[Sequence[tuple[_Drawn, list[str]]]],
    heights: Sequence[int],
    widths: Sequence[int],
    fonts: Sequence[ImageFont.FreeTypeFont],
    head: int,
) -> bytes:
    from PIL import Image, ImageDraw

    width = sum(widths)
    image = Image.new("RGB", (width, sum(heights) + 2), _PAPER)
    draw = ImageDraw.Draw(image)
    top = 0
    for number, (row, height, font) in enumerate(zip(laid, heights, fonts, strict=True)):
        if number:
            heavy = number == head
            draw.line([(0, top), (width, top)], fill=_RULE if heavy else _HAIRLINE, width=2)
        for cell, lines in row:
            room = _text_width(widths, cell)
            left = sum(widths[: cell.column]) + _PADDING
            place = {"right": (left + room, "rs"), "center": (left + room // 2, "ms")}
            x, anchor = place.get(cell.alignment, (left, "ls"))
            baseline = top + _GAP + _SIZE
            for line in lines:
                draw.text((x, baseline), line, font=font, fill=_INK, anchor=anchor)
                baseline += _LEADING
        top += height
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _load_font(weight: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    # The basic layout engine is in every build of Pillow; the other one differs in kerning.
    font = ImageFont.truetype(SANS.path, _SIZE, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes([weight])
    return font
