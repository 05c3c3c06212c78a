"""Draws a cover for a book without one: a label on patterned paper, the pattern made from the posts.

The tiles of the paper represent the time from the first post to the last, row by row. A post enlarges
the tiles at its date, the more of them the longer it is; the longest posts are in another colour. So the
paper of each year is different. Nothing is random: the same posts give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from ..destinations import COVER_SIZE
from ..model.years import without_years, years_in
from .fonts import line
from .label import LaidLabel, SetLine, lay_label
from .title_fit import MOST_CHARACTERS

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

WIDTH, HEIGHT = COVER_SIZE

Colour: TypeAlias = tuple[int, int, int]

_TILE = 160
_FINE = 4
"""The factor by which shapes are drawn larger and then reduced, since Pillow does not smooth edges."""
_LABEL_WIDTH = WIDTH - 2 * _TILE
_LABEL_TOP = 2 * _TILE
_SIZES = (0.34, 0.66, 0.92, 0.92)
"""The part of a tile that its motif takes, by how much was written at its time; the highest has another colour."""
_MOTIFS = 3


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of the paper, of the two inks on it, of the label and of its ink."""

    paper: Colour
    print: Colour
    accent: Colour
    label: Colour
    ink: Colour


_PALETTES = (
    Palette((28, 52, 74), (68, 104, 128), (214, 158, 84), (247, 241, 228), (24, 42, 60)),
    Palette((112, 36, 40), (160, 74, 66), (226, 180, 120), (249, 242, 230), (92, 28, 32)),
    Palette((36, 66, 52), (82, 118, 92), (216, 176, 92), (246, 242, 228), (26, 52, 40)),
    Palette((226, 212, 184), (186, 152, 108), (150, 62, 44), (252, 248, 238), (74, 50, 36)),
    Palette((58, 44, 78), (104, 86, 128), (224, 164, 120), (246, 240, 232), (48, 34, 66)),
    Palette((198, 210, 208), (122, 152, 152), (188, 84, 60), (252, 250, 244), (34, 62, 66)),
    Palette((44, 44, 46), (92, 90, 88), (206, 96, 62), (246, 242, 234), (38, 38, 40)),
    Palette((206, 148, 62), (168, 106, 34), (66, 52, 44), (252, 246, 232), (74, 48, 20)),
)


@dataclass(frozen=True, slots=True)
class DrawnCover:
    data: bytes
    """A JPEG picture."""
    missing: str
    """Characters that no installed font has. The lines that contain them were left out."""
    left_out: str = ""
    """Emoji and similar characters that were removed from the lines."""
    is_cut: bool = False
    """Whether the title, the subtitle or the names were cut."""
    depends_on_system: bool = False
    """Whether another cover is drawn where the system has other fonts."""


@dataclass(frozen=True, slots=True)
class CoverPost:
    """The properties of a post that a cover represents."""

    key: str
    day: datetime | None
    words: int


def draw_cover(
    title: str,
    subtitle: str,
    authors: Sequence[str],
    posts: Sequence[CoverPost],
    language: str = "",
) -> DrawnCover:
    """Draws a cover of ``COVER_SIZE`` pixels. ``posts`` are those of the book, in order."""
    from PIL import Image

    palette, motif = _choose_look(title, subtitle, authors)
    cover = Image.new("RGB", (WIDTH, HEIGHT), palette.paper)
    _lay_paper(cover, palette, motif, posts, _TILE)
    names = _shorten_names([name for name in authors if name])
    lines = (
        line(title, language=language),
        line(subtitle, italic=True, language=language),
        line(names, language=language),
    )
    label = lay_label(*lines, _LABEL_WIDTH, _TILE)
    _paste_label(cover, palette, label)
    stream = io.BytesIO()
    cover.save(stream, "JPEG", quality=90, subsampling=0, optimize=True)
    return DrawnCover(
        stream.getvalue(),
        "".join(dict.fromkeys(c for one in lines for c in one.missing)),
        "".join(dict.fromkeys(c for one in lines for c in one.left_out)),
        label.is_cut or len(title) > MOST_CHARACTERS,
        any(one.missing or not one.face.is_ours for one in lines),
    )


def draw_paper(
    size: tuple[int, int],
    tile: int,
    title: str,
    subtitle: str,
    authors: Sequence[str],
    posts: Sequence[CoverPost],
) -> tuple[Image.Image, Palette]:
    """Draws only the paper of a cover, in any size and with tiles of ``tile`` pixels, for the printed book.

    Returns the palette too.
    """
    from PIL import Image

    palette, motif = _choose_look(title, subtitle, authors)
    paper = Image.new("RGB", size, palette.paper)
    _lay_paper(paper, palette, motif, posts, tile)
    return paper, palette


def _choose_look(title: str, subtitle: str, authors: Sequence[str]) -> tuple[Palette, int]:
    """Chooses colours and motif. Books that differ only by their year take turns, so that neighbours
    on a shelf differ.
    """
    year = next(years_in(f"{title} {subtitle}"), 0)
    name = without_years("\n".join((title, *authors)))
    seed = hashlib.sha256(name.encode()).digest()
    palette = _PALETTES[(seed[0] + year) % len(_PALETTES)]
    return palette, (seed[1] + year) % _MOTIFS


# the paper


def _lay_paper(
    cover: Image.Image, palette: Palette, motif: int, posts: Sequence[CoverPost], tile: int
) -> None:
    from PIL import Image

    columns, rows = -(-cover.width // tile), -(-cover.height // tile)
    masks = {size: _draw_tile(motif, size, tile) for size in set(_SIZES)}

    @cache
    def print_tile(level: int, turn: int) -> Image.Image:
        """Returns a tile of paper. To print it for each place would take ten times as long as to copy it."""
        colour = palette.accent if level == len(_SIZES) - 1 else palette.print
        printed = Image.new("RGB", (tile, tile), palette.paper)
        printed.paste(colour, (0, 0), masks[_SIZES[level]][turn])
        return printed

    for position, level in enumerate(_measure_levels(posts, columns * rows)):
        key = posts[position * len(posts) // (columns * rows)].key if posts else ""
        digest = hashlib.sha256(f"{key}:{position}".encode()).digest()
        row, column = divmod(position, columns)
        turn = digest[1] % len(masks[_SIZES[level]])
        cover.paste(print_tile(level, turn), (column * tile, row * tile))


def _measure_levels(posts: Sequence[CoverPost], tiles: int) -> list[int]:
    """Returns how much was written at the time of each tile, from 0 for nothing to ``len(_SIZES) - 1``."""
    if not posts:
        return [0] * tiles
    words = [0.0] * tiles
    total = sum(max(post.words, 1) for post in posts)
    # Fill about two tiles of five, however many posts there are.
    share = total / (tiles * 0.4)
    for post, place in zip(posts, _place_posts(posts, tiles), strict=True):
        left = float(max(post.words, 1))
        position = place
        while left > 0:
            words[position % tiles] += min(left, share)
            left -= share
            position += 1
    full = sorted(amount for amount in words if amount)
    # The upper fifth of the filled tiles is in the other colour.
    bound = full[len(full) * 4 // 5]
    return [
        0
        if not amount
        else 1
        if amount < share * 0.6
        else len(_SIZES) - 1
        if amount >= bound
        else 2
        for amount in words
    ]


def _place_posts(posts: Sequence[CoverPost], tiles: int) -> list[int]:
    """Returns the tile at which each post begins, by its date, or by its position if dates are missing."""
    moments = [post.day.timestamp() for post in posts if post.day is not None]
    span = max(moments) - min(moments) if moments else 0
    if len(moments) < len(posts) or not span:
        return [position * tiles // len(posts) for position in range(len(posts))]
    return [int((moment - min(moments)) / span * (tiles - 1)) for moment in moments]


def _draw_tile(motif: int, size: float, pixels: int) -> list[Image.Image]:
    """Returns the rotations of a motif as masks of one tile. ``size`` is its part of the tile."""
    from PIL import Image, ImageDraw

    side = pixels * _FINE
    tile = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(tile)
    if motif == 0:
        leaf = _draw_leaf(round(side * size))
        inset = (side - leaf.width) // 2
        tile.paste(leaf, (inset, inset))
    elif motif == 1:
        half = round(side / 24 * size)
        for corner in ((0, 0), (side, side)):
            for radius in (side * 5 // 6, side // 2, side // 6):
                x, y = corner
                outer = (x - radius - half, y - radius - half, x + radius + half, y + radius + half)
                if corner == (0, 0) or radius < side * 2 // 3:
                    draw.ellipse(outer, outline=255, width=2 * half)
    else:
        radius = round(side * size / 2.2)
        middle = side // 2
        draw.pieslice(
            (middle - radius, middle - radius, middle + radius, middle + radius), 90, 270, fill=255
        )
    turned = [tile.rotate(90 * turn) for turn in range(2 if motif == 0 else 4)]
    return [t.resize((pixels, pixels), Image.Resampling.BOX) for t in turned]


def _draw_leaf(side: int) -> Image.Image:
    """Draws a leaf: the overlap of two quarter discs about opposite corners, with a vein."""
    from PIL import Image, ImageChops, ImageDraw

    inset = side // 20
    radius = side - 2 * inset
    discs = []
    for x, y in ((inset, side - inset), (side - inset, inset)):
        disc = Image.new("L", (side, side), 0)
        ImageDraw.Draw(disc).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        discs.append(disc)
    leaf = ImageChops.darker(*discs)
    # The discs overlap outside the square too.
    frame = Image.new("L", (side, side), 0)
    ImageDraw.Draw(frame).rectangle((inset, inset, side - inset, side - inset), fill=255)
    leaf = ImageChops.darker(leaf, frame)
    vein = ImageDraw.Draw(leaf)
    vein.line((inset, inset, side * 4 // 5, side * 4 // 5), fill=0, width=side // 40)
    return leaf


# the label


def _paste_label(cover: Image.Image, palette: Palette, label: LaidLabel) -> None:
    """Draws the label with its text."""
    from PIL import ImageDraw

    if not label.lines:
        return
    left, top = _TILE, _LABEL_TOP
    right, bottom = left + _LABEL_WIDTH, top + label.height
    draw = ImageDraw.Draw(cover)
    draw.rectangle((left, top, right, bottom), fill=palette.label)
    draw.rectangle((left + 28, top + 28, right - 28, bottom - 28), outline=palette.ink, width=6)
    draw.rectangle((left + 42, top + 42, right - 42, bottom - 42), outline=palette.ink, width=2)
    middle = WIDTH // 2
    for one in label.lines:
        _write(draw, one, middle, top, palette.ink)
    if label.rule:
        draw.line((middle - 80, top + label.rule, middle + 80, top + label.rule), palette.accent, 8)


def _write(draw: ImageDraw.ImageDraw, line: SetLine, middle: int, top: int, ink: Colour) -> None:
    y = top + line.baseline
    if not line.spacing:
        draw.text((middle, y), line.text, font=line.font, fill=ink, anchor="ms")
        return
    x = middle - line.width / 2
    for character in line.text:
        draw.text((x, y), character, font=line.font, fill=ink, anchor="ls")
        x += line.font.getlength(character) + line.spacing


def _shorten_names(names: list[str]) -> str:
    """Returns as many names as a line of readable size holds."""
    shown = names[:1]
    for name in names[1:]:
        if len(" · ".join((*shown, name))) > 34:
            return " · ".join((*shown, "…"))
        shown.append(name)
    return " · ".join(shown)
