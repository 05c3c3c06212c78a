"""Reads the marks of Grav's pages: the line ``===`` that ends the summary, notices (``! words``, ``!!! words``), and the
marks of its plug-ins (``[ui-tab title="Words"]`` to ``[/ui-tab]``).

Sources: Grav's documentation ("Summary size and separator"), the readmes of its plug-ins "Markdown Notices", "Shortcode
Core" and "Shortcode UI", and pages in public repositories.
"""

from __future__ import annotations

import re

from ...lazy_pattern import lazy_pattern
from ..fences import CODE_SPAN, with_code

_SEPARATOR = "==="
_NOTICE = lazy_pattern(r" {0,3}(?P<marks>!{1,4})[ \t]+(?P<words>\S[^\n]*)")
_WARNINGS = frozenset({"!", "!!"})
_GROUPS = "align|center|columns|div|headers|justify|lang|language|left|right|section|ui-accordion|ui-polaroid|ui-tabs"
_BOXES = {
    "details": "details",
    "figure": "figure",
    "notice": "notice",
    "ui-accordion-item": "details",
    "ui-callout": "notice",
    "ui-tab": "tab",
}
"""The shortcode that shows what each mark does."""
_PLAIN = "color|font|size|span|ui-animated-text"
"""Marks that change how words look."""
_HTML = {"b": "b", "i": "i", "kbd": "kbd", "mark": "mark", "sub": "sub", "sup": "sup", "u": "u"}
_MARK = lazy_pattern(
    rf"{CODE_SPAN}"
    rf"|\[(?P<end>/?)(?P<name>{_GROUPS}|{'|'.join(_BOXES)}|{_PLAIN}|{'|'.join(_HTML)}|fa|safe-email)"
    r"(?:=(?:\"(?P<quoted>[^\"\n]*)\"|(?P<value>[^\s\[\]\"/]+)))?(?P<said>(?:[ \t]+[\w-]+(?:=(?:\"[^\"\n]*\"|[^\s\[\]\"]+))?)*+)[ \t]*/?\](?!\()"
)


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
        elif notice is not None:
            result.append(_boxed(notice, marks))
        else:
            result.append(line if is_code or "[" not in line else _MARK.sub(_shown, line))
        marks = notice["marks"] if notice is not None else ""
    return "\n".join(result)


def _shown(found: re.Match[str]) -> str:
    """Returns what stands in the place of a mark: that of a shortcode or an element, a key, or nothing."""
    if found["ticks"]:
        return found[0]
    name, end = found["name"], found["end"]
    value = found["quoted"] or found["value"] or ""
    if box := _BOXES.get(name):
        said = f' "{value}"' if value else ""
        return f"{{{{< /{box} >}}}}" if end else f"{{{{< {box}{said}{found['said']} >}}}}"
    if name == "kbd" and value:
        return f"<kbd>{value}</kbd>"
    return f"<{end}{_HTML[name]}>" if name in _HTML else ""


def _boxed(notice: re.Match[str], above: str) -> str:
    """Returns a line of a notice as one of a box of Docsify's, which goes on to the end of the paragraph."""
    if notice["marks"] == above:
        return notice["words"]
    return f"{'!>' if notice['marks'] in _WARNINGS else '?>'} {notice['words']}"
