"""Puts the words of reusable blocks (synced patterns) in the places of the posts that show them."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from ....lazy_pattern import lazy_pattern
from .blocks import MARK, data_of

_DEEPEST = 5
"""The most reusable blocks within each other."""
_WORDS = lazy_pattern(r"(<(p|h[1-6]|a)\b[^<>]*>).*(</\2>)", re.S)

Tell = Callable[[str, str], None]
"""Hears the number of a reusable block and what is wrong with it."""


def put_reusable(text: str, find: Callable[[str], str | None], tell: Tell) -> str:
    """Puts the words of reusable blocks in their places.

    ``find`` returns the content of a block by its number, None if it is not to be shown.
    """

    def put(found: re.Match[str], depth: int) -> str:
        if not found["alone"] or found["name"].removeprefix("core/") != "block":
            return found[0]
        data = data_of(found["data"])
        number = str(data.get("ref", ""))
        content = find(number) if depth < _DEEPEST else None
        if content is None:
            tell(number, "")
            return ""
        content = _with_own_words(content, data.get("content"), lambda what: tell(number, what))
        return MARK.sub(lambda inner: put(inner, depth + 1), content)

    return MARK.sub(lambda found: put(found, 0), text) if "wp:" in text else text


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
