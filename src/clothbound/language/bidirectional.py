"""Orders the characters of a line as Unicode Annex 9 does: which of them runs from the right, and which stands where.

Of the annex, explicit embeddings and overrides are left out: texts of a book have isolates.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from .direction import direction

_PAIRS = {"(": ")", "[": "]", "{": "}", "\u27e8": "\u27e9"}
_BEGIN_ISOLATE, _END_ISOLATE = ("LRI", "RLI", "FSI"), "PDI"
_NEUTRAL = frozenset(("B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"))
_IGNORED = frozenset(("BN", "LRE", "RLE", "LRO", "RLO", "PDF"))
_STRONG = {"L": "L", "R": "R", "AN": "R", "EN": "R"}
"""The direction that neighbours of these classes give to neutral signs (rule N1)."""


def first_strong(text: str) -> str:
    """Returns ``rtl`` or ``ltr`` by the first character that has a direction, outside of isolates (rules P2, P3)."""
    depth = 0
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in _BEGIN_ISOLATE:
            depth += 1
        elif kind == _END_ISOLATE:
            depth = max(depth - 1, 0)
        elif not depth and kind in ("R", "AL", "L"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def direction_of_code(text: str, language: str) -> str:
    """Returns the direction of code within a line: ``rtl`` where its first letter is read from the right, as names of
    menus are; ``ltr`` in a language that is; empty where nothing need be said.
    """
    if first_strong(text) == "rtl":
        return "rtl"
    return "ltr" if direction(language) == "rtl" else ""


def levels_of(text: str, way: str) -> list[int]:
    """Returns the embedding level of each character of a paragraph that runs in a direction, ``ltr`` or ``rtl``.

    Characters that the annex leaves out, such as those that let a line end, have the level of those before them.
    """
    kinds = [unicodedata.bidirectional(character) or "L" for character in text]
    lowest = 1 if way == "rtl" else 0
    levels = [lowest] * len(text)
    _resolve(text, kinds, list(range(len(text))), lowest, levels)
    for place in range(1, len(text)):
        if kinds[place] in _IGNORED:
            levels[place] = levels[place - 1]
    return levels


def order_of(levels: Sequence[int]) -> list[int]:
    """Returns the indices of a line's characters as they are printed from left to right (rule L2)."""
    order = list(range(len(levels)))
    if not order:
        return order
    lowest = min((level for level in levels if level % 2), default=0)
    for level in range(max(levels), max(lowest, 1) - 1, -1):
        start = 0
        while start < len(order):
            if levels[order[start]] < level:
                start += 1
                continue
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end
    return order


def _resolve(text: str, kinds: list[str], places: list[int], level: int, levels: list[int]) -> None:
    """Gives levels to the characters at ``places``, which run in one direction; isolates in them by themselves."""
    own: list[int] = []
    at = 0
    while at < len(places):
        place = places[at]
        own.append(place)
        at += 1
        if kinds[place] not in _BEGIN_ISOLATE:
            continue
        depth, inner = 1, []
        while at < len(places):
            kind = kinds[places[at]]
            depth += (kind in _BEGIN_ISOLATE) - (kind == _END_ISOLATE)
            if not depth:
                break
            inner.append(places[at])
            at += 1
        _resolve(text, kinds, inner, _inner_level(text, kinds[place], inner, level), levels)
    own = [place for place in own if kinds[place] not in _IGNORED]
    way = "R" if level % 2 else "L"
    resolved = _weak([kinds[place] for place in own], way)
    _brackets([text[place] for place in own], resolved, way)
    _neutrals(resolved, way)
    for place, kind in zip(own, resolved, strict=True):
        if level % 2:
            levels[place] = level + (kind != "R")
        else:
            levels[place] = level + {"L": 0, "R": 1}.get(kind, 2)


def _inner_level(text: str, kind: str, inner: list[int], level: int) -> int:
    way = {"LRI": "ltr", "RLI": "rtl"}.get(kind) or first_strong("".join(text[n] for n in inner))
    more = level + 1
    return more if (more % 2 == 1) is (way == "rtl") else more + 1


def _weak(kinds: list[str], way: str) -> list[str]:
    """Resolves numbers, separators and marks (rules W1 to W7)."""
    found = list(kinds)
    strong = before = way
    for number, kind in enumerate(found):
        if kind == "NSM":
            found[number] = "ON" if before in _NEUTRAL and before != "ON" else before
        elif kind == "EN" and strong == "AL":
            found[number] = "AN"
        if kind in ("L", "R", "AL"):
            strong = kind
        before = found[number]
    found = ["R" if kind == "AL" else kind for kind in found]
    for number in range(1, len(found) - 1):
        last, kind, after = found[number - 1 : number + 2]
        if last == after and (
            (kind == "ES" and last == "EN") or (kind == "CS" and last in ("EN", "AN"))
        ):
            found[number] = last
    _terminators(found)
    found = ["ON" if kind in ("ES", "ET", "CS") else kind for kind in found]
    strong = way
    for number, kind in enumerate(found):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            found[number] = "L"
    return found


def _terminators(found: list[str]) -> None:
    """Makes signs beside a number, such as ``%``, a part of it (rule W5)."""
    for numbers in (range(len(found)), range(len(found) - 1, -1, -1)):
        before = ""
        for number in numbers:
            if found[number] == "ET" and before == "EN":
                found[number] = "EN"
            before = found[number]


def _brackets(characters: list[str], kinds: list[str], way: str) -> None:
    """Gives both brackets of a pair one direction (rule N0)."""
    opened: list[tuple[str, int]] = []
    pairs = []
    for number, character in enumerate(characters):
        if kinds[number] != "ON":
            continue
        if character in _PAIRS:
            opened.append((_PAIRS[character], number))
        for back in range(len(opened) - 1, -1, -1):
            if opened[back][0] == character:
                pairs.append((opened[back][1], number))
                del opened[back:]
                break
    for start, end in sorted(pairs):
        inside = {_STRONG[kind] for kind in kinds[start + 1 : end] if kind in _STRONG}
        if not inside:
            continue
        before = next((_STRONG[kind] for kind in reversed(kinds[:start]) if kind in _STRONG), way)
        kinds[start] = kinds[end] = way if way in inside else before if before != way else way


def _neutrals(kinds: list[str], way: str) -> None:
    """Gives neutral signs the direction of what stands on both sides of them, or that of the text (rules N1, N2)."""
    number = 0
    while number < len(kinds):
        if kinds[number] not in _NEUTRAL:
            number += 1
            continue
        end = number
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        before = _STRONG.get(kinds[number - 1], way) if number else way
        after = _STRONG.get(kinds[end], way) if end < len(kinds) else way
        kinds[number:end] = [before if before == after else way] * (end - number)
        number = end
