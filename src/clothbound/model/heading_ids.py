"""The identifiers that pandoc and GitHub make of a heading's words, to which links point."""

from __future__ import annotations

import itertools

from ..lazy_pattern import lazy_pattern

_NOT_IN_PANDOC_ID = lazy_pattern(r"[^\w\s.-]+")
_NOT_IN_GITHUB_ID = lazy_pattern(r"[^\w-]+")
_SPACES = lazy_pattern(r"\s+")


def pandoc_heading_id(text: str) -> str:
    """Returns the identifier by pandoc's rule: it begins with the first letter, and keeps full stops; ``section``
    if no letter is left.

    Source: pandoc's manual, extension ``auto_identifiers``.
    """
    name = _SPACES.sub("-", _NOT_IN_PANDOC_ID.sub("", text.lower()).strip())
    return "".join(itertools.dropwhile(lambda c: not c.isalpha(), name)) or "section"


def github_heading_id(text: str) -> str:
    """Returns the identifier by GitHub's rule: it may begin with a digit, and has no full stops; empty if nothing is
    left.

    Source: pandoc's manual, extension ``gfm_auto_identifiers``.
    """
    return _NOT_IN_GITHUB_ID.sub("", "-".join(text.lower().split()))
