"""Decides by how much the entries of the contents move together, so that a few do not spill over onto a page."""

from __future__ import annotations

from collections.abc import Sequence

MOST_SPILLED = 4
"""The most entries on the last page for which the others make room. A page with more looks meant."""
SCALES = (0.7, 0.4)
"""The factors of the gaps between entries, in the order in which they are tried. A gap of less than 0.4 of a theme's,
a ninth of a line, would no longer part entries of two lines."""


def spills_over(pages: Sequence[int]) -> bool:
    """Whether few of the entries, of which ``pages`` are the pages in order, are on a page after the others."""
    return bool(pages) and pages[0] != pages[-1] and pages.count(pages[-1]) <= MOST_SPILLED
