"""Reads the marks of Grav's pages: the line ``===`` that ends the summary, and notices (``! words``, ``!!! words``).

Sources: Grav's documentation ("Summary size and separator"), the readme of its plug-in "Markdown Notices", and pages in
public repositories.
"""

from __future__ import annotations

import re

from ...lazy_pattern import lazy_pattern
from ..fences import with_code

_SEPARATOR = "==="
_NOTICE = lazy_pattern(r" {0,3}(?P<marks>!{1,4})[ \t]+(?P<words>\S[^\n]*)")
_WARNINGS = frozenset({"!", "!!"})


def as_markdown(text: str) -> str:
    """Returns a page without the end of its summary, and with its notices as boxes, its lines kept."""
    lines = text.split("\n")
    result: list[str] = []
    marks, has_separator = "", False
    for number, (line, is_code) in enumerate(with_code(lines)):
        notice = None if is_code else _NOTICE.fullmatch(line)
        is_separator = not is_code and line.strip() == _SEPARATOR and not has_separator
        if is_separator and not "".join(lines[max(0, number - 1) : number]).strip():
            has_separator = True
            result.append("")
        else:
            result.append(line if notice is None else _boxed(notice, marks))
        marks = notice["marks"] if notice is not None else ""
    return "\n".join(result)


def _boxed(notice: re.Match[str], above: str) -> str:
    """Returns a line of a notice as one of a box of Docsify's, which goes on to the end of the paragraph."""
    if notice["marks"] == above:
        return notice["words"]
    return f"{'!>' if notice['marks'] in _WARNINGS else '?>'} {notice['words']}"
