"""The identifiers that pandoc, GitHub and Zola make of a heading's words, to which links point."""

from __future__ import annotations

import itertools
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ..lazy_pattern import lazy_pattern

_NOT_IN_PANDOC_ID = lazy_pattern(r"[^\w\s.-]+")
_NOT_IN_GITHUB_ID = lazy_pattern(r"[^\w-]+")
_NOT_IN_ZOLA_ID = lazy_pattern(r"[^a-z0-9]+")
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


def zola_heading_id(text: str) -> str:
    """Returns the identifier by Zola's rule: ASCII letters and digits, with one hyphen for whatever stands between
    them. The names that Zola gives to emoji are left out.

    Source: Zola's documentation, "Linking".
    """
    folded = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return _NOT_IN_ZOLA_ID.sub("-", letters).strip("-")


def names_with_emoji(text: str, fragments: Sequence[str]) -> Iterator[str]:
    """Yields those of ``fragments``, which are sorted, that Zola may make of a heading with emoji: it writes their
    names out.
    """
    name = zola_heading_id(text)
    if not name or not any(unicodedata.category(c) == "So" for c in text):
        return
    for fragment in fragments[bisect_left(fragments, f"{name}-") :]:
        if not fragment.startswith(f"{name}-"):
            return
        yield fragment
