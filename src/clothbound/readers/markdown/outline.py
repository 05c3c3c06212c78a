"""Reads pages of Logseq, whose text is an outline, as text: what stands at the top of it becomes paragraphs, what is
below lists.

Source: Logseq's documentation (properties, tasks, block references).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...lazy_pattern import lazy_pattern
from ..fences import with_code

_PROPERTY = lazy_pattern(r"[ \t]*([A-Za-z][\w.-]*)::[ \t]*(.*?)[ \t]*$")
_BULLET = lazy_pattern(r"(?P<indent>[ \t]*)[-*][ \t](?P<text>.*)$|(?P<bare>[ \t]*)[-*]$")
_TASK = lazy_pattern(
    r"(?:(TODO|DOING|LATER|NOW|WAITING|IN-PROGRESS)|(DONE|CANCELED|CANCELLED))[ \t]+"
)
_HEADING = lazy_pattern(r"(#{1,6})[ \t]+(.*)$")
_REFERENCE = lazy_pattern(r"\(\(([0-9a-f]{8}-[0-9a-f-]{27})\)\)")
_EMBEDDED_BLOCK = lazy_pattern(r"\{\{embed[ \t]+(\(\([0-9a-f-]{36}\)\))[ \t]*\}\}")
_EMBEDDED_PAGE = lazy_pattern(r"\{\{embed[ \t]+\[\[([^\[\]\n]+)\]\][ \t]*\}\}")
_DRAWER = lazy_pattern(r"[ \t]*:LOGBOOK:[ \t]*$")
"""Matches the beginning of the times that were spent on a task, which goes to ``:END:``."""
_END_OF_DRAWER = lazy_pattern(r"[ \t]*:END:[ \t]*$")
_SIZE = lazy_pattern(r"(?<=\))\{:(?=(?:height|width)\b)[^{}\n]*\}")
"""Matches the size that a reader of the graph gave a picture."""
_OF_BLOCKS = frozenset(
    "id collapsed heading background-color created-at updated-at card-last-interval".split()
)
"""Properties of blocks that say nothing to a reader."""


def split_properties(text: str) -> tuple[dict[str, Any], str]:
    """Returns the properties at the top of a page, and the page without them."""
    fields: dict[str, Any] = {}
    lines = text.split("\n")
    count = 0
    while count < len(lines) and (found := _PROPERTY.match(lines[count])):
        name, value = found[1].lower(), found[2]
        is_list = name in ("tags", "alias", "aliases")
        fields["aliases" if name == "alias" else name] = (
            [part.strip().strip("#[]") for part in value.split(",")] if is_list else value
        )
        count += 1
    return fields, "\n".join(["", *lines[count:]]) if fields else text


def outline_text(text: str) -> str:
    """Returns an outline as Markdown."""
    texts = dict(_named_blocks(text))
    result: list[str] = []
    level, is_top, is_drawer = 0, False, False
    for line, is_code in with_code(text.split("\n")):
        bullet = _BULLET.match(line) if not is_code or line.lstrip().startswith("-") else None
        if bullet is not None:
            is_drawer = False
            level = _level(bullet["indent"] or bullet["bare"] or "")
            is_top = level == 0
            content = _content(bullet["text"] or "", texts, is_top=is_top)
            if is_top:
                result += ["", content] if not content.startswith("- [") else [content]
            else:
                if result and result[-1] and not result[-1].lstrip().startswith("- "):
                    result.append("")
                result.append("  " * (level - 1) + f"- {content}")
            continue
        if is_drawer or (not is_code and _DRAWER.match(line)):
            is_drawer = not _END_OF_DRAWER.match(line)
            continue
        if not is_code and (found := _PROPERTY.match(line)) and found[1].lower() in _OF_BLOCKS:
            continue
        inner = _dedented(line, level)
        inner = inner if is_code else _with_references(inner, texts)
        result.append(inner if is_top or not inner else "  " * level + inner)
    return "\n".join(result)


def _named_blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yields the names of blocks with their words."""
    last = ""
    for line in text.split("\n"):
        bullet = _BULLET.match(line)
        if bullet is not None:
            last = bullet["text"] or ""
        elif (found := _PROPERTY.match(line)) and found[1].lower() == "id":
            yield found[2], _TASK.sub("", last, count=1)


def _content(text: str, texts: dict[str, str], *, is_top: bool) -> str:
    text = _EMBEDDED_BLOCK.sub(r"\1", text)
    text = _EMBEDDED_PAGE.sub(r"![[\1]]", text)
    text = _with_references(text, texts)
    if task := _TASK.match(text):
        mark = f"[{'x' if task[2] else ' '}] {text[task.end() :]}"
        return f"- {mark}" if is_top else mark
    if not is_top and (heading := _HEADING.match(text)):
        return f"**{heading[2]}**"
    return text


def _with_references(text: str, texts: dict[str, str]) -> str:
    return _SIZE.sub("", _REFERENCE.sub(lambda found: texts.get(found[1], found[0]), text))


def _level(indent: str) -> int:
    return indent.count("\t") + indent.count(" ") // 2


def _dedented(line: str, level: int) -> str:
    """Returns a line that continues a block without the indent of the block."""
    return re.sub(rf"^(?:\t|  ){{0,{level + 1}}}", "", line)
