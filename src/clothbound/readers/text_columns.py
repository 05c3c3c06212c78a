"""Measures text in columns, as editors show it in a font of fixed width.

Tables drawn with characters are lined up by what an editor shows: East Asian characters and emoji
take two columns (Unicode Standard Annex 11), combining marks none. Editors that do not know this
line them up by characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from ..lazy_pattern import lazy_pattern

Columns: TypeAlias = list[str]
"""What begins in each column: a character with its marks; empty in the second column of a wide
one."""

_JOINER, _EMOJI_FORM = "\u200d", "\ufe0f"
_FLAG = lazy_pattern("[\U0001f1e6-\U0001f1ff]")
_SKIN = lazy_pattern("[\U0001f3fb-\U0001f3ff]")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me", "Cf")


def _width(cluster: str) -> int:
    if unicodedata.east_asian_width(cluster[0]) in "WF" or _EMOJI_FORM in cluster:
        return 2
    return 2 if len(cluster) == 2 and _FLAG.match(cluster) else 1


def as_shown(text: str) -> Columns:
    """Returns columns by Unicode's rules: characters joined to one glyph take one column."""
    if text.isascii():
        return list(text)
    clusters: list[str] = []
    for character in text:
        last = clusters[-1] if clusters else ""
        joins = bool(last) and (
            _is_mark(character)
            or last.endswith(_JOINER)
            or _SKIN.match(character)
            or (_FLAG.match(character) and len(last) == 1 and _FLAG.match(last))
        )
        if joins:
            clusters[-1] += character
        else:
            clusters.append(character)
    return [part for cluster in clusters for part in [cluster, *[""] * (_width(cluster) - 1)]]


def as_characters_are_wide(text: str) -> Columns:
    """Returns columns as most terminals show them: marks belong to the character before, all others
    stand alone.
    """
    result: Columns = []
    for character in text:
        if result and _is_mark(character):
            base = len(result) - 1
            while base and not result[base]:
                base -= 1
            result[base] += character
        else:
            wide = unicodedata.east_asian_width(character) in "WF"
            result += [character, ""] if wide else [character]
    return result


MEASURES: tuple[Callable[[str], Columns], ...] = (as_shown, as_characters_are_wide, list)
"""The ways to line up text, the most likely first; the last counts characters."""
