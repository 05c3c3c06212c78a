"""The cover of the paperback: back, spine and front as one sheet of paper, as it is folded.

Where the book has a picture, the front is that; else it is the cover that the Kindle book has, drawn
for this size: the same paper, the label set in type. All lengths are inches unless they say points.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ..context import Context
from ..covers.drawing import CoverPost, Word, draw_paper, in_pieces, title_words
from ..covers.finding import cover_posts, given_cover
from ..escape import attribute, escape
from ..language.detect import book_language
from ..language.direction import direction
from ..matter import Cover, fill_matter
from ..media import PictureRules
from ..media.sniffing import sniff
from ..model.collection import Collection
from ..writers.pdf import weasyprint
from ..writers.pdf.fonts import SERIF_ROMAN, TITLE_SIZE, Measure
from . import press
from .press import TrimSize

if TYPE_CHECKING:
    from PIL import Image

_POINTS = 72
_DPI = 300
_TILES = 10
"""Of the paper's pattern, across the front."""
_FADE = 0.4
"""How wide the pattern fades towards the spine."""
_LIGHT = 140
"""The luminance, of 255, from which on a ground takes dark type."""
_LEAST_SPINE_TYPE = 6.0
_ROOM = 0.97
"""Of its box, what a line may fill by its measure."""
_NAMES_SPACING, _NAMES_LEADING = 0.14, 1.4
"""Between letters, and from line to line, in em."""
_CAPITALS = 0.7
"""The height of capitals, in em, with a little air."""
_BLURB = (11.0, 10.5, 10.0, 9.5, 9.0, 8.5)
"""Points; the largest that fits is taken."""
_BLURB_LEADING = 1.42

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class WrapSize:
    """The sheet, bleed included, and its parts."""

    trim_width: float
    trim_height: float
    spine: float
    opens_right: bool = False
    """As a book does that is read from the right: its front lies left of the spine."""

    @classmethod
    def of(cls, trim: TrimSize, spine: float, *, opens_right: bool = False) -> WrapSize:
        return cls(trim.width, trim.height, spine, opens_right)

    @property
    def width(self) -> float:
        return 2 * (self.trim_width + press.BLEED) + self.spine

    @property
    def height(self) -> float:
        return self.trim_height + 2 * press.BLEED

    @property
    def folds(self) -> tuple[float, float]:
        """Where the spine begins and ends, from the left."""
        left = press.BLEED + self.trim_width
        return left, left + self.spine

    @property
    def front(self) -> float:
        """Where the front begins, from the left, without its bleed."""
        return press.BLEED if self.opens_right else self.folds[1]

    @property
    def back(self) -> float:
        """Where the back begins, from the left, without its bleed."""
        return self.folds[1] if self.opens_right else press.BLEED

    @property
    def tile(self) -> float:
        return self.trim_width / _TILES


@dataclass(frozen=True, slots=True)
class Wrap:
    data: bytes
    """A PDF of one page."""
    size: WrapSize
    has_spine_text: bool
    messages: tuple[str, ...]
    """What its author should know."""


@dataclass(frozen=True, slots=True)
class _Colours:
    ground: Colour
    on_ground: Colour
    label: Colour
    ink: Colour
    accent: Colour


def write_wrap(
    collection: Collection, size: WrapSize, pages: int, words: Mapping[str, int], context: Context
) -> Wrap:
    """The cover of a book of so many pages. ``words``: how many each post has, by its key.

    Raises OptionError for a cover that cannot be read.
    """
    text = fill_matter(collection, "ebook").cover
    messages: list[str] = []
    files: dict[str, tuple[bytes, str]] = {}
    pieces: list[str] = []
    rules = PictureRules(
        accepted=frozenset({"image/jpeg", "image/png"}), alpha=False, animated=False
    )
    picture = given_cover(text.picture, rules, context.run.limits)
    if picture is not None:
        given = picture.data
        colours = _colours_of(given, size)
        messages.extend(_coarse(given, size))
        pieces.extend(_picture(given, size, files))
    else:
        posts = cover_posts(collection, words)
        colours = _draw_papers(text, size, posts, files)
        pieces.append(_panel("back", size.back, size))
        pieces.append(_panel("front", size.front, size))
        label, shown = _front_label(text.title, text.subtitle, text.authors, size)
        pieces.append(label)
        if shown < len(text.authors):
            messages.append(
                f"the front of the paperback names {shown} of {len(text.authors)} authors: there"
                " is no room for more. Hint: a cover of your own, or fewer authors"
            )
    blurb, cut = _back_label(collection.info.description, size)
    if cut:
        messages.append(
            "the description does not fit on the back of the paperback and was cut there."
            " Hint: a shorter one, or a larger trim"
        )
    pieces.append(blurb)
    pieces.append(_barcode(size))
    spine, left_out = _spine_text(collection.info.title, collection.info.authors, size, pages)
    pieces.append(spine)
    if left_out:
        messages.append(
            f"the spine has no room for {left_out}. Hint: a shorter title, or a larger trim"
        )
    if not spine and pages >= press.SPINE_TEXT_FROM:
        messages.append(
            f"the spine of {size.spine:.3f} in is too thin for type of {_LEAST_SPINE_TYPE:g} points;"
            " it bears no text"
        )
    language = book_language(collection)
    tree = ElementTree.fromstring(  # noqa: S314 - our own, without a DTD
        f'<html lang="{attribute(language)}" dir="{direction(language)}"><body>'
        f"{''.join(pieces)}</body></html>"
    )
    style = resources.files("clothbound.themes").joinpath("wrap.css").read_text("utf-8")
    document = weasyprint.lay_out(tree, [_css(size, colours), style], files, context)
    stream = io.BytesIO()
    weasyprint.write_for_press(stream, document, context)
    return Wrap(stream.getvalue(), size, bool(spine), tuple(messages))


# the front and the back


def _open(picture: bytes) -> Image.Image:
    from PIL import Image

    return Image.open(io.BytesIO(picture))


def _colours_of(picture: bytes, size: WrapSize) -> _Colours:
    """A ground like the edge at which the picture meets the spine."""
    with _open(picture) as opened:
        rgb = opened.convert("RGB")
        strip = max(rgb.width // 40, 1)
        left = rgb.width - strip if size.opens_right else 0
        edge = rgb.crop((left, 0, left + strip, rgb.height)).resize((1, 1))
        pixel = edge.getpixel((0, 0))
    assert isinstance(pixel, tuple)
    ground = (int(pixel[0]), int(pixel[1]), int(pixel[2]))
    on_ground = (20, 20, 20) if _luminance(ground) > _LIGHT else (250, 248, 242)
    return _Colours(ground, on_ground, ground, on_ground, on_ground)


def _luminance(colour: Colour) -> float:
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def _coarse(picture: bytes, size: WrapSize) -> Iterator[str]:
    with _open(picture) as opened:
        width, height = opened.size
    dots = min(width / (size.trim_width + press.BLEED), height / size.height)
    if round(dots) < _DPI:
        yield (
            f"the cover has {width} x {height} pixels, which is {dots:.0f} dots to the inch on the"
            f" paperback, and KDP asks for {_DPI}. Hint: a picture of at least"
            f" {(size.trim_width + press.BLEED) * _DPI:.0f} x {size.height * _DPI:.0f} pixels"
        )


def _picture(picture: bytes, size: WrapSize, files: dict[str, tuple[bytes, str]]) -> Iterator[str]:
    files["clothbound:file/front"] = (picture, sniff(picture))
    yield _panel("front", size.front, size)


def _draw_papers(
    text: Cover,
    size: WrapSize,
    posts: Sequence[CoverPost],
    files: dict[str, tuple[bytes, str]],
) -> _Colours:
    from PIL import ImageOps

    pixels = (
        round((size.trim_width + press.BLEED) * _DPI),
        round(size.height * _DPI),
    )
    paper, palette = draw_paper(
        pixels, round(size.tile * _DPI), text.title, text.subtitle, text.authors, posts
    )
    paper = _faded(paper, palette.paper)
    mirrored = ImageOps.mirror(paper)
    front, back = (mirrored, paper) if size.opens_right else (paper, mirrored)
    for name, picture in (("front", front), ("back", back)):
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        files[f"clothbound:file/{name}"] = (stream.getvalue(), "image/png")
    on_ground = palette.ink if _luminance(palette.paper) > _LIGHT else palette.label
    return _Colours(palette.paper, on_ground, palette.label, palette.ink, palette.accent)


def _faded(paper: Image.Image, ground: Colour) -> Image.Image:
    """The paper, fading towards its left edge: the fold may lie a sixteenth of an inch off, and no
    line must show where it should have been.
    """
    from PIL import Image

    width = round(_FADE * _DPI)
    ramp = Image.linear_gradient("L").rotate(90).resize((width, paper.height))
    mask = Image.new("L", paper.size, 255)
    mask.paste(ramp, (0, 0))
    return Image.composite(paper, Image.new("RGB", paper.size, ground), mask)


def _panel(name: str, begin: float, size: WrapSize) -> str:
    """A picture from the fold of the spine to the edge of the sheet; its trim begins at ``begin``."""
    left = 0 if begin == press.BLEED else begin
    return (
        f'<img class="panel" src="clothbound:file/{name}" style="left:{left:.4f}in;'
        f'width:{size.trim_width + press.BLEED:.4f}in;height:{size.height:.4f}in"/>'
    )


def _front_label(
    title: str, subtitle: str, authors: Sequence[str], size: WrapSize
) -> tuple[str, int]:
    """The label, and how many of the authors it names."""
    width = size.trim_width - 2 * size.tile
    inner = (width - 1.3 * size.tile) * _POINTS
    unit = size.trim_width * _POINTS / 1600  # the drawn cover's pixel, in points
    points, lines = _fit(title, inner, 290 * unit, 50 * unit)
    leading = points * 1.12
    rows = "".join(f'<div class="title">{escape(line)}</div>' for line in lines)
    second = min(176 if len(subtitle) < 10 else 100, 0.9 * points / unit)
    text = f'<div style="font-size:{points:.2f}pt;line-height:{leading:.2f}pt">{rows}</div>' + (
        f'<div class="second" style="font-size:{second * unit:.2f}pt">{escape(subtitle)}</div>'
        if subtitle
        else ""
    )
    names, shown = "", 0
    needed = len(lines) * leading + (760 if authors else 520) * unit
    if authors:
        set_in, rows_of_names, shown = _names(authors, inner, 60 * unit, 42 * unit)
        rows = "".join(f'<div class="name">{escape(line)}</div>' for line in rows_of_names)
        names = (
            f'<div class="names" style="font-size:{set_in:.2f}pt"><span class="rule"></span>'
            f"{rows}</div>"
        )
        needed += (len(rows_of_names) - 1) * set_in * _NAMES_LEADING
    height = min(max(7, math.ceil(needed / (size.tile * _POINTS))), 12) * size.tile
    label = (
        f'<div class="label" style="left:{size.front + size.tile:.4f}in;'
        f'top:{2 * size.tile:.4f}in;width:{width:.4f}in;height:{height:.4f}in">'
        f'<div class="frame"></div><div class="text">{text}</div>{names}</div>'
    )
    return label, shown


def _fit(title: str, width: float, largest: float, least: float) -> tuple[float, list[str]]:
    """The largest size, in points, at which the title takes few lines, and the lines."""
    measure = Measure(SERIF_ROMAN, TITLE_SIZE)
    width *= _ROOM
    words = title_words(title)
    points = largest
    while points > least:
        lines = _lines(words, measure, width / points * TITLE_SIZE)
        if lines and len(lines) <= (3 if points > 0.55 * largest else 4):
            return points, lines
        points -= 1
    room = width / least * TITLE_SIZE
    # A word as long as this has no good place to be broken at.
    return least, _lines(in_pieces(words, measure.width, room), measure, room)[:6]


def _lines(words: Sequence[Word], measure: Measure, width: float) -> list[str]:
    """Words in lines as even as they go; none if a word does not fit."""
    if not words or max(measure.width(word) for _, word in words) > width:
        return []
    lines = _greedy(words, measure, width)
    # Narrower, as long as the number of lines stays.
    while True:
        narrower = _greedy(words, measure, width - 6)
        if len(narrower) > len(lines) or max(map(measure.width, narrower)) > width - 6:
            return lines
        lines, width = narrower, width - 6


def _greedy(words: Sequence[Word], measure: Measure, width: float) -> list[str]:
    lines: list[str] = []
    for space, word in words:
        if lines and measure.width(f"{lines[-1]}{space}{word}") <= width:
            lines[-1] += f"{space}{word}"
        else:
            lines.append(word)
    return lines


def _names(
    authors: Sequence[str], width: float, largest: float, least: float
) -> tuple[float, list[str], int]:
    """All authors in one line, or two, as large as they go; where they do not fit, as many as fit.

    The size in points, the lines, in capitals, and how many authors are in them.
    """
    measure = Measure(SERIF_ROMAN, 10)
    names = [name.upper() for name in authors]
    sizes = [largest - (largest - least) * step / 4 for step in range(5)]

    def most(points: float) -> Callable[[str], bool]:
        """Whether a line fits at a size."""
        room = width * _ROOM / points
        return lambda line: measure.width(line) / 10 + _NAMES_SPACING * len(line) <= room

    for points in sizes:
        if most(points)(" · ".join(names)):
            return points, [" · ".join(names)], len(names)
    for points in sizes:
        lines = _two_lines(names, most(points))
        if lines:
            return points, lines, len(names)
    for shown in range(len(names) - 1, 0, -1):
        lines = _two_lines([*names[: shown - 1], f"{names[shown - 1]}\u00a0…"], most(least))
        if lines:
            return least, lines, shown
    # A name that is longer than two lines.
    return least, [_cut(names[0], most(least))], 1


def _two_lines(names: Sequence[str], fits: Callable[[str], bool]) -> list[str]:
    """Names in two lines as even as they go, a single one broken between its words; none where they
    do not fit.
    """
    parts, joint = (names, " · ") if len(names) > 1 else (names[0].split(" "), " ")
    ways = [[joint.join(parts[:n]), joint.join(parts[n:])] for n in range(1, len(parts))]
    good = [way for way in ways if all(map(fits, way))]
    return min(good, key=lambda way: abs(len(way[0]) - len(way[1])), default=[])


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    while text and not fits(f"{text}…"):
        text = text[:-1]
    return f"{text.rstrip()}…"


def _back_label(description: str, size: WrapSize) -> tuple[str, bool]:
    """The text on the back, and whether it had to be cut."""
    paragraphs = [" ".join(p.split()) for p in description.split("\n\n") if p.strip()]
    if not paragraphs:
        return "", False
    width = size.trim_width - 2 * size.tile
    top = 2 * size.tile
    foot = press.BLEED + press.BARCODE_MARGIN + press.BARCODE[1] + 0.25
    inner = (width - 1.2 * size.tile) * _POINTS
    room = ((size.height - top - foot) // size.tile - 1.2) * size.tile * _POINTS
    measure = Measure(SERIF_ROMAN, 10)
    for points in _BLURB:
        used = _height(paragraphs, measure, inner, points)
        if used <= room:
            break
    cut = used > room
    while used > room and paragraphs:
        words = paragraphs[-1].rstrip("…").split()
        if len(words) < 2:
            paragraphs.pop()
        else:
            paragraphs[-1] = " ".join(words[:-1]).rstrip(",;:–— ") + "…"
        used = _height(paragraphs, measure, inner, points)
    text = "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
    # Whole tiles, so that the label cuts none.
    height = math.ceil(used / _POINTS / size.tile + 1.2) * size.tile
    return (
        f'<div class="label blurb" style="left:{size.back + size.tile:.4f}in;top:{top:.4f}in;'
        f"width:{width:.4f}in;height:{height:.4f}in;font-size:{points}pt;"
        f'line-height:{points * _BLURB_LEADING:.2f}pt"><div class="text">{text}</div></div>',
        cut,
    )


def _height(paragraphs: Sequence[str], measure: Measure, width: float, points: float) -> float:
    """Points that the text takes, rather too many."""
    lines = sum(1 + measure.width(p) * points / 10 * 1.03 // width for p in paragraphs)
    return (lines + 0.5 * (len(paragraphs) - 1)) * points * _BLURB_LEADING


def _barcode(size: WrapSize) -> str:
    """White paper where the store prints the barcode: at the foot of the back, beside the spine."""
    width, height = press.BARCODE
    if size.opens_right:
        left = size.back + press.BARCODE_MARGIN
    else:
        left = size.folds[0] - press.BARCODE_MARGIN - width
    top = size.height - press.BLEED - press.BARCODE_MARGIN - height
    return (
        f'<div class="barcode" style="left:{left:.4f}in;top:{top:.4f}in;'
        f'width:{width}in;height:{height}in"></div>'
    )


# the spine


def _spine_text(title: str, authors: Sequence[str], size: WrapSize, pages: int) -> tuple[str, str]:
    """Title and author along the spine, or nothing where it is too thin; and what of them did not
    fit, in words.
    """
    room = (size.spine - 2 * press.SPINE_MARGIN) * _POINTS
    points = min(room / _CAPITALS, 15.0)
    if pages < press.SPINE_TEXT_FROM or points < _LEAST_SPINE_TYPE:
        return "", ""
    measure = Measure(SERIF_ROMAN, 10)
    if not measure.has(title.upper()):
        # Scripts that have no capitals, and reach higher and lower.
        points = min(room / 1.3, 15.0)
        if points < _LEAST_SPINE_TYPE:
            return "", ""
    length = size.trim_height - 2 * (press.COVER_MARGIN + 0.25)
    wide = points / 10 * 1.15  # capitals are letterspaced
    line = length * _POINTS / wide
    author = " · ".join(authors).upper()
    left_out = ""
    rest = line - measure.width(author) - (30 if author else 0)
    head = title.upper()
    if measure.width(head) > rest:
        author, rest = "", line
        left_out = f"the name of {', '.join(authors)}" if authors else ""
    if measure.width(head) > rest:
        head = measure.cut(head, rest)
        left_out = " and ".join(filter(None, ("the whole title", left_out)))
    middle = sum(size.folds) / 2
    # A book that lies on its back shows its spine the right way up.
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


def _css(size: WrapSize, colours: _Colours) -> str:
    """The sheet's own numbers and colours; ``wrap.css`` has the rest of its style."""

    def rgb(colour: Colour) -> str:
        return f"rgb({colour[0]}, {colour[1]}, {colour[2]})"

    values = {
        "label": rgb(colours.label),
        "ink": rgb(colours.ink),
        "accent": rgb(colours.accent),
        "on-ground": rgb(colours.on_ground),
        "tile": f"{size.tile:.4f}in",
        "names-spacing": f"{_NAMES_SPACING}em",
        "names-leading": f"{_NAMES_LEADING}",
    }
    variables = "".join(f"--{name}: {value}; " for name, value in values.items())
    return (
        f"@page {{ size: {size.width:.5f}in {size.height:.5f}in; margin: 0;"
        f" background: {rgb(colours.ground)}; }}\nhtml {{ {variables}}}\n"
    )
