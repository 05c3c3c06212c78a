"""Leaves out the blocks that a site hides, and keeps those for some readers to members.

Sources: the block editor, whose blocks have ``"metadata": {"blockVisibility": false}`` when their author hides them, and
the plug-in Block Visibility, which keeps its rules beside that; Divi 5, as ``divi_blocks`` reads it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Literal, TypeAlias

import msgspec

from ....lazy_pattern import lazy_pattern
from ...searched_html import MEMBERS_END, MEMBERS_START
from . import divi_blocks
from .blocks import MARK, data_of

_Sight: TypeAlias = Literal["all", "members", "nobody"]
"""Who sees a block."""
_SIGNS = ("blockVisibility", "disabledOn", "conditionName")
"""What stands in the marks of blocks that are not for everyone."""
_READERS = lazy_pattern(r'"(?:userRoles?|visibilityByRole|hideOnRestrictedRoles)"')
"""Matches rules that depend on who the reader is."""


def shown_blocks(text: str) -> tuple[str, int]:
    """Returns a text without the blocks that nobody sees, and the number of these.

    A block that only some readers see becomes a part for members. A block without an end goes to the end of the text: too
    little is the safer error.
    """
    if not any(sign in text for sign in _SIGNS):
        return text, 0
    blocks = _OpenBlocks()
    parts: list[str] = []
    place = hidden = 0
    for mark in MARK.finditer(text):
        if blocks.are_shown:
            parts.append(text[place : mark.start()])
        place = mark.end()
        if mark["end"]:
            parts += blocks.end(mark)
        else:
            sight = _sight(data_of(mark["data"]))
            hidden += blocks.are_shown and sight == "nobody"
            parts += blocks.begin(mark, sight)
    if blocks.are_shown:
        parts.append(text[place:])
    return "".join(parts), hidden


class _OpenBlocks:
    """The blocks around a place in a text, each with who sees it."""

    def __init__(self) -> None:
        self._opened: list[tuple[str, _Sight]] = []
        self._names = Counter[str]()
        self._hidden = 0

    @property
    def are_shown(self) -> bool:
        return not self._hidden

    def begin(self, mark: re.Match[str], sight: _Sight) -> list[str]:
        """Begins a block, and returns its mark as far as it is shown."""
        is_shown = self.are_shown and sight != "nobody"
        if not mark["alone"]:
            self._opened.append((mark["name"], sight))
            self._names[mark["name"]] += 1
            self._hidden += sight == "nobody"
        if not is_shown:
            return []
        if sight == "all":
            return [mark[0]]
        return [MEMBERS_START, mark[0], MEMBERS_END if mark["alone"] else ""]

    def end(self, mark: re.Match[str]) -> list[str]:
        """Ends a block and those in it that have no end, and returns its mark as far as it is shown."""
        parts = [mark[0]] if self.are_shown else []
        while self._names[mark["name"]]:
            name, sight = self._opened.pop()
            self._names[name] -= 1
            if self.are_shown and sight == "members":
                parts.append(MEMBERS_END)
            self._hidden -= sight == "nobody"
            if name == mark["name"]:
                break
        return parts


def _sight(data: dict[str, Any]) -> _Sight:
    metadata, rules = data.get("metadata"), data.get("blockVisibility")
    if isinstance(metadata, dict) and metadata.get("blockVisibility") is False:
        return "nobody"
    if divi_blocks.is_hidden(data):
        return "nobody"
    if divi_blocks.is_for_some(data):
        return "members"
    if not isinstance(rules, dict):
        return "all"
    if rules.get("hideBlock") is True:
        return "nobody"
    return "members" if _READERS.search(msgspec.json.encode(rules).decode()) else "all"
