"""Makes the cover of a printed book: back, spine and front on one sheet, as the printer folds it.

The front is the book's cover picture, if there is one. Otherwise it is the cover of the Kindle book, drawn
for this size: the same pattern, with the label in type. Lengths are in inches unless their name says points.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from ..context import Context
from ..covers.cover_picture import cover_posts, given_cover
from ..covers.drawing import Colour, CoverPost, draw_paper
from ..escape import attribute
from ..language.direction import direction
from ..language.writing_systems import script_rules
from ..matter import Cover, fill_matter
from ..media.picture_limits import PictureRules
from ..media.sniffing import sniff
from ..model.collection import Collection
from ..style_sheets import theme_file
from ..writers.pdf import weasyprint
from ..writers.pdf.print_target import FILE_SCHEME
from . import specs
from .back_text import back_text
from .specs import WrapSize
from .wrap_text import (
    LABEL_FOOT,
    LABEL_HEAD,
    LEAST_SPINE_TYPE,
    NAMES_LEADING,
    NAMES_SPACING,
    RULE,
    RULE_SPACE,
    SECOND_LEADING,
    SECOND_SPACE,
    back_label,
    front_label,
    spine_text,
)

if TYPE_CHECKING:
    from PIL import Image

_DPI = 300
_FADE = 0.4
"""The width over which the pattern fades towards the spine."""
_LIGHT = 140
"""The luminance, out of 255, above which a background takes dark type."""


@dataclass(frozen=True, slots=True)
class Wrap:
    data: bytes
    """A PDF of one page."""
    size: WrapSize
    has_spine_text: bool
    messages: tuple[str, ...]
    """Warnings for the author."""


@dataclass(frozen=True, slots=True)
class _Colours:
    ground: Colour
    on_ground: Colour
    label: Colour
    ink: Colour
    accent: Colour


@dataclass(frozen=True, slots=True)
class _Covers:
    """The front and the back, without the text on the back."""

    colours: _Colours
    pieces: Sequence[str]
    """The elements of the page."""
    messages: Sequence[str]


def write_wrap(
    collection: Collection, size: WrapSize, pages: int, words: Mapping[str, int], context: Context
) -> Wrap:
    """Makes the cover of a book of this many pages. ``words`` has the number of words of each post, by key.

    Raises OptionError if the cover picture cannot be read.
    """
    matter = fill_matter(collection, "ebook")
    files: dict[str, tuple[bytes, str]] = {}
    covers = _draw_covers(collection, matter.cover, size, words, files, context)
    back, lacking = back_text(collection, matter.language)
    blurb, cut = back_label(back, size)
    spine, left_out = spine_text(matter.title, matter.authors, size, pages, matter.language)
    pieces = [*covers.pieces, blurb, _barcode(size), spine]
    messages = [*covers.messages, *lacking]
    if cut:
        messages.append(
            "the text does not fit on the back of the cover and was cut there."
            " Hint: shorten it, or use a larger trim"
        )
    if left_out:
        messages.append(
            f"the spine has no room for {left_out}. Hint: use a shorter title, or a larger trim"
        )
    if not spine and pages >= specs.SPINE_TEXT_FROM:
        messages.append(
            f"the spine of {size.spine:.3f} in is too thin for type of {LEAST_SPINE_TYPE:g} points,"
            " so it has no text"
        )
    language = matter.language
    tree = ElementTree.fromstring(  # noqa: S314 - our own, without a DTD
        f'<html lang="{attribute(language)}" dir="{direction(language)}"><body>'
        f"{''.join(pieces)}</body></html>"
    )
    sheets = [_css(size, covers.colours, language), theme_file("wrap.css")]
    document = weasyprint.lay_out(tree, sheets, files, context)
    stream = io.BytesIO()
    weasyprint.write_for_press(stream, document, context)
    return Wrap(stream.getvalue(), size, bool(spine), tuple(messages))


# the front and the back


def _draw_covers(
    collection: Collection,
    cover: Cover,
    size: WrapSize,
    words: Mapping[str, int],
    files: dict[str, tuple[bytes, str]],
    context: Context,
) -> _Covers:
    """Makes front and back of the author's picture, or else draws them. Pictures are added to ``files``."""
    rules = PictureRules(
        accepted=frozenset({"image/jpeg", "image/png"}), alpha=False, animated=False
    )
    picture = given_cover(cover.picture, rules, context.run.limits)
    if picture is not None:
        given = picture.data
        pieces = [*_picture(given, size, files)]
        return _Covers(_colours_of(given, size), pieces, [*_coarse(given, size)])
    colours = _draw_papers(cover, size, cover_posts(collection, words), files)
    label, shown = front_label(cover.title, cover.subtitle, cover.authors, size, cover.language)
    messages = []
    if shown < len(cover.authors):
        messages.append(
            f"the front of the cover names {shown} of {len(cover.authors)} authors, because there"
            " is no room for more. Hint: use a cover of your own, or fewer authors"
        )
    panels = [_panel("back", size.back, size), _panel("front", size.front, size)]
    return _Covers(colours, [*panels, label], messages)


def _open(picture: bytes) -> Image.Image:
    from PIL import Image

    return Image.open(io.BytesIO(picture))


def _colours_of(picture: bytes, size: WrapSize) -> _Colours:
    """Takes the background colour from the edge at which the picture meets the spine."""
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
    dots = min(width / (size.trim_width + size.bleed), height / size.height)
    if round(dots) < _DPI:
        yield (
            f"the cover has {width} x {height} pixels, which is {dots:.0f} dots per inch on the"
            f" printed cover, and KDP asks for {_DPI}. Hint: use a picture of at least"
            f" {(size.trim_width + size.bleed) * _DPI:.0f} x {size.height * _DPI:.0f} pixels"
        )


def _picture(picture: bytes, size: WrapSize, files: dict[str, tuple[bytes, str]]) -> Iterator[str]:
    files[f"{FILE_SCHEME}front"] = (picture, sniff(picture))
    yield _panel("front", size.front, size)


def _draw_papers(
    text: Cover,
    size: WrapSize,
    posts: Sequence[CoverPost],
    files: dict[str, tuple[bytes, str]],
) -> _Colours:
    from PIL import ImageOps

    pixels = (
        round((size.trim_width + size.bleed) * _DPI),
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
        files[f"{FILE_SCHEME}{name}"] = (stream.getvalue(), "image/png")
    on_ground = palette.ink if _luminance(palette.paper) > _LIGHT else palette.label
    return _Colours(palette.paper, on_ground, palette.label, palette.ink, palette.accent)


def _faded(paper: Image.Image, ground: Colour) -> Image.Image:
    """Fades the pattern towards its left edge: the fold may be a sixteenth of an inch off, and no line may
    show where it should have been.
    """
    from PIL import Image

    width = round(_FADE * _DPI)
    ramp = Image.linear_gradient("L").rotate(90).resize((width, paper.height))
    mask = Image.new("L", paper.size, 255)
    mask.paste(ramp, (0, 0))
    return Image.composite(paper, Image.new("RGB", paper.size, ground), mask)


def _panel(name: str, begin: float, size: WrapSize) -> str:
    """Places a picture from the fold of the spine to the edge of the sheet; its trim begins at ``begin``."""
    left = 0 if begin == size.bleed else begin
    return (
        f'<img class="panel" src="{FILE_SCHEME}{name}" style="left:{left:.4f}in;'
        f'width:{size.trim_width + size.bleed:.4f}in;height:{size.height:.4f}in"/>'
    )


def _barcode(size: WrapSize) -> str:
    """Leaves white paper where the store prints the barcode: at the foot of the back, beside the spine."""
    width, height = specs.BARCODE
    if size.opens_right:
        left = size.back + size.hinge + specs.BARCODE_MARGIN
    else:
        left = size.folds[0] - size.hinge - specs.BARCODE_MARGIN - width
    top = size.height - size.bleed - specs.BARCODE_MARGIN - height
    return (
        f'<div class="barcode" style="left:{left:.4f}in;top:{top:.4f}in;'
        f'width:{width}in;height:{height}in"></div>'
    )


def _css(size: WrapSize, colours: _Colours, language: str) -> str:
    """Returns the sizes and colours of this sheet, and what the script of ``language`` changes; ``wrap.css`` has the rest of the style."""

    def rgb(colour: Colour) -> str:
        return f"rgb({colour[0]}, {colour[1]}, {colour[2]})"

    values = {
        "label": rgb(colours.label),
        "ink": rgb(colours.ink),
        "accent": rgb(colours.accent),
        "on-ground": rgb(colours.on_ground),
        "tile": f"{size.tile:.4f}in",
        "label-head": f"{LABEL_HEAD:.0%}",
        "label-foot": f"{LABEL_FOOT:.0%}",
        "second-space": f"{SECOND_SPACE}em",
        "second-leading": f"{SECOND_LEADING}",
        "rule": f"{RULE}pt",
        "rule-space": f"{RULE_SPACE}pt",
        "names-spacing": f"{NAMES_SPACING}em",
        "names-leading": f"{NAMES_LEADING}",
        "slant": "italic" if script_rules(language) is None else "normal",
    }
    variables = "".join(f"--{name}: {value}; " for name, value in values.items())
    return (
        f"@page {{ size: {size.width:.5f}in {size.height:.5f}in; margin: 0;"
        f" background: {rgb(colours.ground)}; }}\nhtml {{ {variables}}}\n"
    )
