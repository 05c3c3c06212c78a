"""Decides how many lines the pages of a chapter have, so that its last page is not left over.

A last page with a few lines is pulled up where the pages before it take its lines, one each. Where they are
too few, they are made shorter, and the last page gets lines from them.
"""

from __future__ import annotations

FEWEST_LINES = 5
"""The fewest lines that a chapter's last page should have; a page with fewer looks left over."""


def propose_depths(pages: int, last_lines: int) -> tuple[int, ...]:
    """Returns the changes of the pages' depth in lines to be tried, the best one first.

    ``pages`` is the number of the chapter's pages, ``last_lines`` that of the lines on its last page.
    """
    if pages < 2 or last_lines >= FEWEST_LINES:
        return ()
    shorter = -(-(FEWEST_LINES - last_lines) // (pages - 1))
    # A line more on a page may be lost to a paragraph that must not be parted.
    return (1, -shorter) if last_lines < pages else (-shorter,)
