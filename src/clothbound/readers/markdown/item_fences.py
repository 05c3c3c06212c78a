"""Indents code that begins behind the sign of a list item and goes on at the margin.

Roam exports code in its bullets so, and people write it so. In CommonMark the item ends there: its code is empty, and
the fence that was meant as the end makes code of the rest of the text. Source: files that Roam exports as Markdown, of
which the last line of code also holds the fence.
"""

from __future__ import annotations

from ...lazy_pattern import lazy_pattern

_SIGN = lazy_pattern(r"\n[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:```|~~~)")
"""Matches an item that begins with code, behind a line end, from which it is searched seven times as fast."""
_FENCE = lazy_pattern(
    r"(?P<before>[ \t]*(?P<sign>(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(?P<fence>`{3,}(?=[^`]*$)|~{3,})(?P<info>.*)"
)
_LONGEST = 2000
"""The most lines of code in an item whose end is sought."""


def indent_code_of_items(text: str) -> str:
    """Returns a text in which the code of list items stands within them. It has as many lines."""
    if _SIGN.search(f"\n{text}") is None:
        return text
    lines = text.split("\n")
    position = 0
    endless: set[str] = set()
    while position < len(lines):
        opening = _FENCE.fullmatch(lines[position])
        position += 1
        if opening is None:
            continue
        fence = opening["fence"]
        if fence in endless:
            continue
        end = _find_end(lines, position, fence, is_in_item=bool(opening["sign"]))
        if end < 0:
            if not opening["sign"]:
                endless.add(fence)
            continue
        if opening["sign"]:
            column = len(opening["before"].expandtabs(4))
            lines[position : end + 1] = _indented(lines[position : end + 1], fence, column)
        position = end + 1
    return "\n".join(lines)


def _find_end(lines: list[str], start: int, fence: str, *, is_in_item: bool) -> int:
    """Returns the line that ends the code whose first line is ``start``; -1 if there is none before other code begins."""
    for number in range(start, len(lines)):
        line = lines[number].strip()
        if line.startswith(fence) and not line.strip(fence[0]):
            return number
        if is_in_item and (_FENCE.fullmatch(lines[number]) or number - start > _LONGEST):
            return -1
        if is_in_item and line.endswith(fence):
            return number
    return -1


def _indented(code: list[str], fence: str, column: int) -> list[str]:
    """Returns lines of code, the last of which has the fence, so that they stand within an item."""
    if all(_indent(line) >= column for line in code if line.strip()):
        return code
    room = " " * column
    inner, last = code[:-1], code[-1]
    if any(_indent(line) < column for line in inner if line.strip()):
        inner = [room + line for line in inner]
    if last.strip().strip(fence[0]):
        # Code ends with its item.
        return [*inner, room + last.rstrip().removesuffix(fence)]
    return [*inner, room + last.strip()]


def _indent(line: str) -> int:
    return len(line[: len(line) - len(line.lstrip(" \t"))].expandtabs(4))
