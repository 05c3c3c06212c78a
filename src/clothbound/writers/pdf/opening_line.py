"""How many of a chapter's first words fill its first line in small capitals."""

from __future__ import annotations

from .fonts import Measure

LEAD_SPACING = 0.06
"""Letter-spacing of the opening line, in em; print-essay.css and essay.typ have the same."""
_SHORTEST = 0.4
"""Of the line that words must fill to be set as its opening."""
_WIDEST_GAP = 0.5
"""Em that the spaces between words of the opening line may grow by, each, to fill it."""


def opening_line(
    text: str, measure: Measure, width: float, *, complete: bool
) -> tuple[int, bool] | None:
    """How many characters of ``text`` stand on a line of ``width`` points, and whether they fill it well
    when it is justified. None where the paragraph is shorter than that line, a word too long leaves
    most of it empty, or characters have no small capitals.

    ``text``: the roman text that a paragraph begins with; ``complete``: whether that is all of it. If
    not, its last word may go on in what follows.
    """
    length, used = 0, 0.0
    while length < len(text):
        space = text.find(" ", length)
        if space < 0 and not complete:
            return None
        stop = len(text) if space < 0 else space + 1
        more = measure.small_caps_width(text[length:stop], LEAD_SPACING)
        if used + more > width:
            break
        used += more
        length = stop
    else:
        return None
    opening = text[:length]
    if used < width * _SHORTEST or not measure.has(opening) or not any(map(str.islower, opening)):
        return None
    fills = width - used <= _WIDEST_GAP * measure.size * opening.strip().count(" ")
    return length, fills
