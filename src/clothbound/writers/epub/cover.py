"""A cover where none is given: a label on patterned paper, the pattern made of the posts' keys.

Every tile of the paper is turned and coloured by one post, so a book's paper is its own, and a new
post changes a few tiles of it. No chance is in it: the same posts give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1600, 2560
"""Pixels; the size that Kindle's store asks for, and above every other's least."""

Colour: TypeAlias = tuple[int, int, int]

_TILE = 160
_FINE = 4
"""How much larger shapes are drawn before they are reduced, as Pillow draws hard edges."""
_LABEL_WIDTH = WIDTH - 2 * _TILE
_LABEL_TOP = 2 * _TILE
_TITLE_WEIGHT = 540
_MARGIN = 104
"""Between the label's edge and its text."""


@dataclass(frozen=True, slots=True)
class _Palette:
    """Paper, the two colours printed on it, and the label with its ink."""

    paper: Colour
    print: Colour
    accent: Colour
    label: Colour
    ink: Colour


_PALETTES = (
    _Palette((28, 52, 74), (68, 104, 128), (214, 158, 84), (247, 241, 228), (24, 42, 60)),
    _Palette((112, 36, 40), (160, 74, 66), (226, 180, 120), (249, 242, 230), (92, 28, 32)),
    _Palette((36, 66, 52), (82, 118, 92), (216, 176, 92), (246, 242, 228), (26, 52, 40)),
    _Palette((226, 212, 184), (186, 152, 108), (150, 62, 44), (252, 248, 238), (74, 50, 36)),
    _Palette((58, 44, 78), (104, 86, 128), (224, 164, 120), (246, 240, 232), (48, 34, 66)),
    _Palette((198, 210, 208), (122, 152, 152), (188, 84, 60), (252, 250, 244), (34, 62, 66)),
    _Palette((44, 44, 46), (92, 90, 88), (206, 96, 62), (246, 242, 234), (38, 38, 40)),
    _Palette((206, 148, 62), (168, 106, 34), (66, 52, 44), (252, 246, 232), (74, 48, 20)),
)


@dataclass(frozen=True, slots=True)
class Cover:
    data: bytes
    """A JPEG picture."""
    missing: str
    """The characters that our fonts lack; the lines that have them were left out."""


def draw_cover(title: str, subtitle: str, authors: Sequence[str], keys: Sequence[str]) -> Cover:
    """A cover of 1600 x 2560 pixels. ``keys`` are the keys of the book's posts, in order."""
    from PIL import Image

    seed = hashlib.sha256("\n".join((title, *authors)).encode()).digest()
    palette = _PALETTES[seed[0] % len(_PALETTES)]
    cover = Image.new("RGB", (WIDTH, HEIGHT), palette.paper)
    _lay_paper(cover, palette, seed[1] % 3, keys or (title,))
    missing = _paste_label(cover, palette, title, subtitle, authors)
    stream = io.BytesIO()
    cover.save(stream, "JPEG", quality=90, subsampling=0, optimize=True)
    return Cover(stream.getvalue(), missing)


# the paper


def _lay_paper(cover: Image.Image, palette: _Palette, motif: int, keys: Sequence[str]) -> None:
    masks = _tile_masks(motif)
    columns, rows = WIDTH // _TILE, HEIGHT // _TILE
    for position in range(columns * rows):
        key = keys[position % len(keys)]
        digest = hashlib.sha256(f"{key}:{position // len(keys)}".encode()).digest()
        row, column = divmod(position, columns)
        colour = palette.accent if digest[0] % 7 == 0 else palette.print
        cover.paste(colour, (column * _TILE, row * _TILE), masks[digest[1] % len(masks)])


def _tile_masks(motif: int) -> list[Image.Image]:
    """One motif in its turns, as masks of one tile."""
    from PIL import Image, ImageDraw

    side = _TILE * _FINE
    tile = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(tile)
    if motif == 0:
        tile = _leaf(side)
    elif motif == 1:
        for corner in ((0, 0), (side, side)):
            for radius in (side * 5 // 6, side // 2, side // 6):
                half = side // 24
                x, y = corner
                outer = (x - radius - half, y - radius - half, x + radius + half, y + radius + half)
                if corner == (0, 0) or radius < side * 2 // 3:
                    draw.ellipse(outer, outline=255, width=2 * half)
    else:
        radius = side * 5 // 12
        middle = side // 2
        draw.pieslice(
            (middle - radius, middle - radius, middle + radius, middle + radius), 90, 270, fill=255
        )
    turned = [tile.rotate(90 * turn) for turn in range(2 if motif == 0 else 4)]
    return [t.resize((_TILE, _TILE), Image.Resampling.BOX) for t in turned]


def _leaf(side: int) -> Image.Image:
    """Where two quarter discs about opposite corners overlap, with a vein."""
    from PIL import Image, ImageChops, ImageDraw

    inset = side // 20
    radius = side - 2 * inset
    discs = []
    for x, y in ((inset, side - inset), (side - inset, inset)):
        disc = Image.new("L", (side, side), 0)
        ImageDraw.Draw(disc).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
        discs.append(disc)
    leaf = ImageChops.darker(*discs)
    # Outside the square the discs overlap too.
    frame = Image.new("L", (side, side), 0)
    ImageDraw.Draw(frame).rectangle((inset, inset, side - inset, side - inset), fill=255)
    leaf = ImageChops.darker(leaf, frame)
    vein = ImageDraw.Draw(leaf)
    vein.line((inset, inset, side * 4 // 5, side * 4 // 5), fill=0, width=side // 40)
    return leaf


# the label


def _paste_label(
    cover: Image.Image, palette: _Palette, title: str, subtitle: str, authors: Sequence[str]
) -> str:
    """The label with its text; returns the characters that could not be drawn."""
    from PIL import ImageDraw

    known = _known_characters()
    texts = []
    missing: dict[str, None] = {}
    for text in (title, subtitle, *authors):
        drawable = _without_symbols(text, known)
        lacking = [c for c in drawable if ord(c) not in known]
        missing.update(dict.fromkeys(lacking))
        texts.append("" if lacking else drawable)
    title, subtitle, *names = texts
    if not title:
        return "".join(missing)
    inner = _LABEL_WIDTH - 2 * _MARGIN
    size, lines = _fit_title(title, inner)
    leading = round(size * 1.1)
    # Whole tiles, so that the label cuts none.
    tiles = -(-(2 * _MARGIN + len(lines) * leading + 440) // _TILE)
    height = max(7, tiles) * _TILE
    left, top = _TILE, _LABEL_TOP
    right, bottom = left + _LABEL_WIDTH, top + height
    draw = ImageDraw.Draw(cover)
    draw.rectangle((left, top, right, bottom), fill=palette.label)
    draw.rectangle((left + 28, top + 28, right - 28, bottom - 28), outline=palette.ink, width=6)
    draw.rectangle((left + 42, top + 42, right - 42, bottom - 42), outline=palette.ink, width=2)

    middle = WIDTH // 2
    block = len(lines) * leading + (150 if subtitle else 0)
    y = top + _MARGIN + max(0, (height - 2 * _MARGIN - 180 - block) // 2)
    font = _font(size, weight=_TITLE_WEIGHT)
    for line in lines:
        draw.text((middle, y + leading), line, font=font, fill=palette.ink, anchor="ms")
        y += leading
    if subtitle:
        second = _shrunk(subtitle, 88, inner, italic=True)
        draw.text((middle, y + 136), subtitle, font=second, fill=palette.ink, anchor="ms")
    byline = _byline([name for name in names if name])
    if byline:
        draw.line((middle - 80, bottom - 250, middle + 80, bottom - 250), palette.accent, 8)
        _letterspaced(draw, byline.upper(), (middle, bottom - 136), inner, palette.ink)
    return "".join(missing)


def _byline(names: list[str]) -> str:
    """The names as far as a line of readable size holds them."""
    shown = names[:1]
    for name in names[1:]:
        if len(" · ".join((*shown, name))) > 34:
            return " · ".join((*shown, "…"))
        shown.append(name)
    return " · ".join(shown)


def _fit_title(title: str, width: int) -> tuple[int, list[str]]:
    """The largest size at which the title takes few lines, and the lines."""
    words = title.split()
    if not words:
        return 80, []
    for size in range(260, 63, -4):
        font = _font(size, weight=_TITLE_WEIGHT)
        lines = _broken(words, font, width)
        if lines and len(lines) <= (3 if size > 160 else 4 if size > 110 else 6):
            return size, lines
    font = _font(64, weight=_TITLE_WEIGHT)
    while title and font.getlength(title + "…") > width:
        title = title[:-1]
    return 64, [title.rstrip() + "…"]


def _broken(words: list[str], font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Words in as few lines as fit, of lengths as even as may be; nothing if a word does not fit."""
    lengths = [font.getlength(word) for word in words]
    space = font.getlength(" ")
    if max(lengths) > width:
        return []
    limit = float(width)
    lines = _greedy(words, lengths, space, limit)
    count = len(lines)
    # Narrower, as long as the number of lines stays: the last line is no longer a lone word.
    while limit > max(lengths):
        narrower = _greedy(words, lengths, space, limit - 12)
        if len(narrower) > count:
            break
        lines, limit = narrower, limit - 12
    return lines


def _greedy(words: list[str], lengths: list[float], space: float, width: float) -> list[str]:
    lines: list[list[str]] = [[]]
    used = 0.0
    for word, length in zip(words, lengths, strict=True):
        if lines[-1] and used + space + length > width:
            lines.append([])
            used = 0.0
        used += length + (space if lines[-1] else 0)
        lines[-1].append(word)
    return [" ".join(line) for line in lines]


def _letterspaced(
    draw: ImageDraw.ImageDraw, text: str, place: tuple[int, int], width: int, ink: Colour
) -> None:
    size = 64
    while True:
        font, gap = _font(size, weight=520), size * 0.14
        total = sum(font.getlength(c) + gap for c in text) - gap
        if total <= width or size <= 30:
            break
        size -= 2
    x = place[0] - total / 2
    for character in text:
        draw.text((x, place[1]), character, font=font, fill=ink, anchor="ls")
        x += font.getlength(character) + gap


def _shrunk(text: str, size: int, width: int, *, italic: bool) -> ImageFont.FreeTypeFont:
    while size > 30 and _font(size, weight=420, italic=italic).getlength(text) > width:
        size -= 2
    return _font(size, weight=420, italic=italic)


# the fonts


def _font_path(italic: bool) -> str:
    from importlib.resources import files

    name = "SourceSerif4-Italic[opsz,wght].ttf" if italic else "SourceSerif4[opsz,wght].ttf"
    return str(files("fontpkg_source_serif_4").joinpath("files", name))


def _font(size: int, *, weight: int, italic: bool = False) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    # The basic layout engine: the other one is not in every build of Pillow, and differs in kerning.
    font = ImageFont.truetype(_font_path(italic), size, layout_engine=ImageFont.Layout.BASIC)
    optical_size = 60 if size > 60 else 32
    font.set_variation_by_axes([weight, optical_size])
    return font


def _known_characters() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(_font_path(italic=False), lazy=True) as font:
        return frozenset(font.getBestCmap())


def _without_symbols(text: str, known: frozenset[int]) -> str:
    """``text`` without emoji and the like that the font lacks: a title is whole without them."""
    kept = (
        c
        for c in unicodedata.normalize("NFC", text)
        if ord(c) in known or unicodedata.category(c)[0] in "LN"
    )
    return " ".join("".join(kept).split())
