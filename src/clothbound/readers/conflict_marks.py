"""The marks between which ``import`` writes both texts of a conflict, and how they are found again."""

from __future__ import annotations

from .fences import with_code

OURS = "<<<<<<< yours"
BETWEEN = "======="
THEIRS = ">>>>>>> export"


def unresolved(text: str) -> int:
    """Returns the 1-based line of the first conflict that still stands in a text, 0 if there is
    none.

    A conflict begins outside of code, since none is written within a fence: in a fence its marks
    are an example. Marks of another program (``<<<<<<< HEAD``) are text.
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
