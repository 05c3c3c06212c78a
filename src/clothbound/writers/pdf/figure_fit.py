"""Pictures made as small as the rest of a page wants them, within reason.

A picture that does not fit below the text goes to the next page, and leaves up to two thirds of a page
empty. CSS cannot say "smaller, if it fits then"; and how much room there is, only the engine knows while
it lays the page out. So the boxes of pictures answer its question for their greatest height.

WeasyPrint 70 asks for ``max_height`` once the box has its place, and lays boxes out again where a page
comes out differently.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element

from .chapter_tree import OWN_LINE, words_without_notes
from .fonts import Measure
from .footnotes import NOTE_LEADING, NOTE_SIZE

_LEAST, _LEAST_OF_HIGH, _EMPTY = 0.6, 0.5, 0.25
"""Of its size that a picture keeps; a high one, that would leave more than a quarter of the page empty."""
_LOW = 0.15
"""Of the page that a picture takes which is not made smaller: it leaves little empty."""
_BELOW = "data-below"
"""The attribute with the points that a picture's caption takes."""
_CAPTION_SIZE, _CAPTION_LEADING, _CAPTION_GAP = 0.846, 1.1, 0.4
"""In rem; print.css has the same."""
_NOTES_GAP = 1.25
"""Rem between the text and the notes of a page."""
_SLACK = 1.0
"""Points that a caption may be higher than was reckoned."""
_PIXEL = 72 / 96
"""Points."""


def mark_caption_heights(chapter: Element, measure: Measure, size: float, room: float) -> None:
    """Notes on pictures that stand alone how high what stands below them is.

    ``measure``: of the text's face in its ``size`` in points. ``room``: points of a line.
    """

    def lines(texts: Iterable[str], type_size: float) -> float:
        return 1 + measure.width("".join(texts)) * type_size * 1.03 // room

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
            below = lines(words_without_notes(caption), _CAPTION_SIZE) * _CAPTION_LEADING
            below += _CAPTION_GAP
            notes = caption.findall(".//span[@data-n]")
            below += sum(lines(note.itertext(), NOTE_SIZE) * NOTE_LEADING for note in notes)
            below = below * size + (_NOTES_GAP * size if notes else 0) + _SLACK
        picture.set(_BELOW, f"{below:.1f}")


def fit_pictures(root: Any, context: Any) -> None:
    """Lets the marked pictures below ``root``, a box of WeasyPrint's, fit into the pages of ``context``,
    its layout.
    """
    from weasyprint.formatting_structure import boxes

    class FittedBox(boxes.BlockReplacedBox):  # type: ignore[misc]
        """A picture that is as high as there is room, if that is not much less than it would be."""

        @property
        def max_height(self) -> float:
            most: float = self.__dict__["max_height"]
            width, height, _ = self.replacement.get_intrinsic_size(
                self.style["image_resolution"], self.style["font_size"]
            )
            if not width or not height:
                return most
            # The width that its post wants it to have, where there is one.
            wide = width if self.style["width"] == "auto" else self.width
            full = min(most, height / width * min(wide, self.max_width))
            below = float(self.element.get(_BELOW)) / _PIXEL
            page: float = context.page_bottom
            free = page - self.position_y - below
            least = min(full * _LEAST, max(full * _LEAST_OF_HIGH, page * _EMPTY))
            return free if full > page * _LOW and least <= free < full else most

        @max_height.setter
        def max_height(self, value: float) -> None:
            self.__dict__["max_height"] = value

    for box in root.descendants():
        if isinstance(box, boxes.BlockReplacedBox) and box.element.get(_BELOW) is not None:
            box.__class__ = FittedBox
