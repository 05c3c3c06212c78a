"""Tells apostrophes from single quotation marks where both are written as ``'``."""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern

ELISION = lazy_pattern(r"(?:\d\ds?|tis|twas|twill|em|til|cause|bout|round|n)(?!\w)", re.I)
"""Matches a word behind an apostrophe that stands for its beginning, as in ``'tis`` and ``'90s``."""


def last_closing_mark(text: str) -> int:
    """Returns the position of the last ``'`` that can close a quotation; 0 if there is none.

    A single mark opens a quotation only if another closes it; otherwise it is an apostrophe.
    """
    position = len(text)
    while (position := text.rfind("'", 0, position)) > 0:
        after = text[position + 1 : position + 2]
        if not text[position - 1].isspace() and not after.isalnum():
            return position
    return 0
