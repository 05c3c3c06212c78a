"""The marks that ``import`` writes around both texts of a conflict, and the search for them."""

from __future__ import annotations

from .fences import with_code

OURS = "<<<<<<< yours"
BETWEEN = "======="
THEIRS = ">>>>>>> export"


def find_unresolved(text: str) -> int:
    """Returns the line of the first unresolved conflict in a text, from 1; 0 if there is none.

    Marks within a fence are an example, since ``import`` writes no conflict there. Marks of other
    programs (``<<<<<<< HEAD``) are text.
    """
    if OURS not in text or THEIRS not in text:
        return 0
    lines = text.split("\n")
    last = max((n for n, line in enumerate(lines) if line == THEIRS), default=-1)
    found = (
        number
        for number, (line, is_code) in enumerate(with_code(lines), 1)
        if line == OURS and not is_code and number <= last
    )
    return next(found, 0)
