"""A picture of a chapter's tree in a Typst project: its path and its size."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from ....html.write.shown_pictures import EXTENSIONS
from ....lazy_pattern import lazy_pattern
from ....web.css_lengths import PIXELS, POINTS_PER_PIXEL
from ..chapter_tree import pixels_of
from ..page import PageFormat
from ..print_target import SCHEME
from ..theme import Theme

_LENGTH = lazy_pattern(rf"([0-9.]+)(%|{'|'.join(PIXELS)}|em)")
_POINTS = {unit: pixels * POINTS_PER_PIXEL for unit, pixels in PIXELS.items()}


def path_of(address: str, media_type: str) -> str:
    """Returns the path in the project of a file of the book."""
    return f"/files/{address.removeprefix(SCHEME)}.{EXTENSIONS[media_type]}"


def width_on_page(picture: Element, room: float, page: PageFormat, theme: Theme) -> float:
    """Returns the width in points of a picture by itself on a line of ``room`` points."""
    width, height = pixels_of(picture)
    points = min(width * 72 / theme.picture_resolution, room) if width else room
    wanted = _LENGTH.fullmatch(picture.get("data-width", ""))
    if wanted and float(wanted[1]):
        units = {**_POINTS, "%": room / 100, "em": page.size}
        points = min(float(wanted[1]) * units[wanted[2]], room)
    if not width:
        return points
    highest = page.highest_picture
    if "low" in picture.get("class", "").split():
        highest = theme.low_picture * page.size
    return min(points, highest * width / height)
