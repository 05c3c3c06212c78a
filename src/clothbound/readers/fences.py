"""Finds the code in a Markdown text without parsing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..lazy_pattern import lazy_pattern

# Text after a fence of backticks holds no backtick; otherwise it is inline code.
_FENCE = lazy_pattern(r"\s*(?:[-*+>]\s+|\d+[.)]\s+)*(`{3,}(?=[^`]*$)|~{3,})")

CODE_SPAN = r"(?<!`)(?P<ticks>`++)(?:[^`\n]++|(?!(?P=ticks)(?!`))`++)*+(?P=ticks)(?!`)"
"""The pattern of code within a line, in time that is linear in one without a second run of as many backticks."""


def with_code(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yields each line, and whether it is code or the fence of code."""
    fence = ""
    for line in lines:
        match = _FENCE.match(line)
        if fence:
            yield line, True
            if match and match[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        else:
            fence = match[1] if match else ""
            yield line, bool(fence)


def code_places(text: str) -> list[tuple[int, int]]:
    """Returns where each line of code, and each fence, begins and ends in a text."""
    places: list[tuple[int, int]] = []
    if "```" not in text and "~~~" not in text:
        return places
    position = 0
    for line, is_code in with_code(text.splitlines(keepends=True)):
        if is_code:
            places.append((position, position + len(line)))
        position += len(line)
    return places
