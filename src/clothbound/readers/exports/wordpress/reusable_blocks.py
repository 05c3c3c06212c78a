"""Puts the words of reusable blocks (synced patterns) in the places of the posts that show them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from ....lazy_pattern import lazy_pattern
from .blocks import MARK, data_of

_MOST = 1000
"""The most reusable blocks that a post shows, those within others too."""
_WORDS = lazy_pattern(r"(<(p|h[1-6]|a)\b[^<>]*>).*(</\2>)", re.S)

Tell = Callable[[str, str], None]
"""Hears the number of a reusable block and what is wrong with it."""


def put_reusable(text: str, find: Callable[[str], str | None], tell: Tell) -> str:
    """Puts the words of reusable blocks in their places.

    ``find`` returns the content of a block by its number, None if it is not to be shown. A block that holds itself, and
    what exceeds ``_MOST`` blocks, is left out.
    """
    told: set[str] = set()
    count = 0

    def put(found: re.Match[str], around: tuple[str, ...]) -> str:
        nonlocal count
        if not found["alone"] or found["name"].removeprefix("core/") != "block":
            return found[0]
        data = data_of(found["data"])
        number = str(data.get("ref", ""))
        content = find(number) if number not in around and count < _MOST else None
        if content is None:
            if number not in told:
                tell(number, "")
            told.add(number)
            return ""
        count += 1
        content = _with_own_words(content, data.get("content"), lambda words: tell(number, words))
        return MARK.sub(lambda inner: put(inner, (*around, number)), content)

    return MARK.sub(lambda found: put(found, ()), text) if "wp:" in text else text


def _with_own_words(content: str, own: Any, tell: Callable[[str], None]) -> str:
    """Returns a reusable block with the words that a post has in place of those of blocks with names.

    ``tell`` hears the words that have no place.
    """
    if not isinstance(own, dict):
        return content
    words = {
        name: fields.get("content") or fields.get("text")
        for name, fields in own.items()
        if isinstance(fields, dict)
    }
    waiting = {name: text for name, text in words.items() if isinstance(text, str)}
    parts: list[str] = []
    place = 0
    marks = list(MARK.finditer(content))
    for mark, following in pairwise(marks):
        metadata = data_of(mark["data"]).get("metadata")
        name = metadata.get("name") if isinstance(metadata, dict) else None
        markup = content[mark.end() : following.start()]
        shown = _WORDS.search(markup)
        if not isinstance(name, str) or name not in waiting or shown is None:
            continue
        parts += [
            content[place : mark.end()],
            markup[: shown.end(1)],
            waiting.pop(name),
            markup[shown.start(3) :],
        ]
        place = following.start()
    for text in waiting.values():
        tell(text)
    return "".join([*parts, content[place:]])
