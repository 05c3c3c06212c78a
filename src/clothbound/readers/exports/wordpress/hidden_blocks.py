"""Leaves out the blocks that a site hides, and keeps those for some readers to members.

Sources: the block editor, whose blocks have ``"metadata": {"blockVisibility": false}`` when their author hides them, and
the plug-in Block Visibility, which keeps its rules beside that.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

from ....lazy_pattern import lazy_pattern
from ...searched_html import MEMBERS_END, MEMBERS_START
from .blocks import MARK, data_of

_Sight: TypeAlias = Literal["all", "members", "nobody"]
"""Who sees a block."""
_READERS = lazy_pattern(r'"(?:userRoles?|visibilityByRole|hideOnRestrictedRoles)"')
"""Matches rules that depend on who the reader is."""


class _Opened(NamedTuple):
    name: str
    sight: _Sight


def shown_blocks(text: str) -> tuple[str, int]:
    """Returns a text without the blocks that nobody sees, and the number of these.

    A block that only some readers see becomes a part for members. A block without an end goes to the end of the text: too
    little is the safer error.
    """
    if "blockVisibility" not in text:
        return text, 0
    parts: list[str] = []
    opened: list[_Opened] = []
    place = hidden = 0
    for mark in MARK.finditer(text):
        if _is_shown(opened):
            parts.append(text[place : mark.start()])
        place = mark.end()
        if mark["end"]:
            parts += _end(mark, opened)
        else:
            hidden += _is_shown(opened) and _sight(data_of(mark["data"])) == "nobody"
            parts += _start(mark, opened)
    if _is_shown(opened):
        parts.append(text[place:])
    return "".join(parts), hidden


def _is_shown(opened: list[_Opened]) -> bool:
    return all(block.sight != "nobody" for block in opened)


def _start(mark: re.Match[str], opened: list[_Opened]) -> list[str]:
    """Returns the mark that begins a block, as far as it is shown, and adds the block to ``opened``."""
    block = _Opened(mark["name"], _sight(data_of(mark["data"])))
    is_shown = _is_shown([*opened, block])
    if not mark["alone"]:
        opened.append(block)
    if not is_shown:
        return []
    if block.sight == "all":
        return [mark[0]]
    return [MEMBERS_START, mark[0], MEMBERS_END if mark["alone"] else ""]


def _end(mark: re.Match[str], opened: list[_Opened]) -> list[str]:
    """Returns the mark that ends a block, as far as it is shown, and takes the block from ``opened``."""
    parts = [mark[0]] if _is_shown(opened) else []
    if any(block.name == mark["name"] for block in opened):
        ended = ""
        while ended != mark["name"]:
            is_shown = _is_shown(opened)
            ended, sight = opened.pop()
            if is_shown and sight == "members":
                parts.append(MEMBERS_END)
    return parts


def _sight(data: dict[str, Any]) -> _Sight:
    metadata, rules = data.get("metadata"), data.get("blockVisibility")
    if isinstance(metadata, dict) and metadata.get("blockVisibility") is False:
        return "nobody"
    if not isinstance(rules, dict):
        return "all"
    if rules.get("hideBlock") is True:
        return "nobody"
    return "members" if _READERS.search(msgspec.json.encode(rules).decode()) else "all"
