"""Shrinks pictures to the space that is left on a page, within limits.

A picture that does not fit below the text goes to the next page and leaves up to two thirds of a page
empty. Neither CSS nor Typst can say "smaller, if it fits then", and only the engine knows how much space is
left. WeasyPrint asks ``fit_height`` for the greatest height of each picture while it lays a page out; after
Typst's layout, ``typst.picture_fit`` asks ``shrunk_height``.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from ...web.css_lengths import POINTS_PER_PIXEL
from .chapter_tree import OWN_LINE, words_without_notes
from .fonts import Measure
from .page_format import PageFormat
from .theme import Theme
from .weasyprint_internals.boxes import PictureBox

# The least share of its height that a picture keeps, and that of a high picture, which keeps less
# if more than _EMPTY of the page would otherwise stay empty.
_LEAST, _LEAST_OF_HIGH, _EMPTY = 0.6, 0.5, 0.25
# A picture lower than this share of the page is not shrunk, since it leaves little space empty.
_LOW = 0.15
# The attribute that holds the height of a picture's caption in points.
_BELOW = "data-below"
# The points by which a caption may be higher than estimated.
_SLACK = 1.0


def mark_caption_heights(
    chapter: Element, measure: Measure, page: PageFormat, theme: Theme
) -> None:
    """Marks each picture of ``chapter`` that stands alone with the height of its caption.

    ``measure`` is that of the text's face in its size; ``page`` is in the theme's type.
    """

    def lines(texts: Iterable[str], type_size: float) -> float:
        return 1 + measure.width("".join(texts)) * type_size * 1.03 // page.measure

    for alone in chapter.iter("img"):
        if OWN_LINE in alone.get("class", "").split():
            alone.set(_BELOW, "0")
    for figure in chapter.iter("figure"):
        picture = figure.find("img")
        if picture is None:
            picture = figure.find("a/img")
        if picture is None:
            continue
        caption = figure.find("figcaption")
        below = 0.0
        if caption is not None:
            below = lines(words_without_notes(caption), theme.caption.size) * theme.caption.leading
            below += theme.caption_gap
            notes = caption.findall(".//span[@data-n]")
            below += (
                sum(lines(note.itertext(), theme.note.size) for note in notes) * theme.note.leading
            )
            gap = theme.notes_space + theme.notes_padding if notes else 0
            below = (below + gap) * page.size + _SLACK
        picture.set(_BELOW, f"{below:.1f}")


def shrunk_height(full: float, free: float, page_bottom: float) -> float | None:
    """Returns the height of a picture that is ``full`` high where ``free`` is left; None if it stays as it is.

    ``page_bottom`` is the distance of the text's foot from the page's upper edge.
    """
    least = min(full * _LEAST, max(full * _LEAST_OF_HIGH, page_bottom * _EMPTY))
    return free if full > page_bottom * _LOW and least <= free < full else None


def fit_height(box: PictureBox, most: float, page_bottom: float) -> float:
    """Returns the greatest height in pixels for a picture whose style allows ``most``.

    It is the space left above ``page_bottom`` if the picture is then not much smaller.
    """
    below = None if box.element is None else box.element.get(_BELOW)
    width, height, _ = box.replacement.get_intrinsic_size(
        box.style["image_resolution"], box.style["font_size"]
    )
    if below is None or not width or not height:
        return most
    # A post may request another width than the picture's own.
    wanted = width if box.style["width"] == "auto" else box.width
    full = min(most, height / width * min(wanted, box.max_width))
    free = page_bottom - box.position_y - float(below) / POINTS_PER_PIXEL
    shrunk = shrunk_height(full, free, page_bottom)
    return most if shrunk is None else shrunk
