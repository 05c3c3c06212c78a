"""Replaces what stands between a start and its end in a text, in one pass however many starts have no end."""

from __future__ import annotations

import re
from collections.abc import Callable


def replace_enclosed(
    text: str,
    start: re.Pattern[str],
    end: str,
    replace: Callable[[re.Match[str], str], str],
) -> str:
    """Returns ``text`` with ``replace(start, content)`` in place of each start, its content and its end.

    The first group of ``start`` is a name, and ``end`` is the beginning of the end with ``{}`` for that name, such as
    ``</{}``; the end goes to its bracket.
    """
    close = ">" if end.startswith("<") else "]"
    folded = text.lower()
    parts: list[str] = []
    place = 0
    absent: set[str] = set()
    for found in start.finditer(text):
        name = found[1].lower()
        if found.start() < place or name in absent:
            continue
        at = folded.find(end.format(name), found.end())
        last = folded.find(close, at) if at >= 0 else -1
        if last < 0:
            absent.add(name)
            continue
        parts += [text[place : found.start()], replace(found, text[found.end() : at])]
        place = last + 1
    parts.append(text[place:])
    return "".join(parts)
