"""Rewrites the words of a Markdown text where a site's generator has marks of its own, and leaves its code alone."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...lazy_pattern import lazy_pattern
from ..fences import CODE_SPAN, with_code

_APART = lazy_pattern(
    rf"{CODE_SPAN}"
    r"|</?[A-Za-z!][^<>\n]*>|\]\([^()\n]*\)|https?://\S+"
)
"""Matches code, elements and addresses in a line."""

Replace = Callable[[re.Match[str]], str]


def rewrite_words(text: str, pattern: re.Pattern[str], replace: Replace) -> str:
    """Returns a text in which ``replace`` makes what stands for each match of ``pattern`` in the words of a line."""
    return "\n".join(
        line if is_code else _rewrite_line(line, pattern, replace)
        for line, is_code in with_code(text.split("\n"))
    )


def rewrite_lines(text: str, pattern: re.Pattern[str], replace: Replace) -> str:
    """Returns a text in which ``replace`` makes what stands for each line outside code that ``pattern`` matches."""
    return "\n".join(
        line if is_code or (found := pattern.fullmatch(line)) is None else replace(found)
        for line, is_code in with_code(text.split("\n"))
    )


def _rewrite_line(line: str, pattern: re.Pattern[str], replace: Replace) -> str:
    result, position = [], 0
    for apart in _APART.finditer(line):
        result.append(pattern.sub(replace, line[position : apart.start()]))
        result.append(apart[0])
        position = apart.end()
    return "".join((*result, pattern.sub(replace, line[position:])))
