"""Reads what the style sheets of a book say of emphasis and alignment.

Books that word processors export have ``<span class="c4">`` for italics, and only the style sheet says so.
"""

from __future__ import annotations

from typing import Any

from ..export_files import Files
from ..text_files import BadPostError

_MOST_BYTES = 1_000_000
_MARKS = {
    "font-style": {"italic": ("em", "1"), "oblique": ("em", "1")},
    "font-weight": {"bold": ("strong", "1"), "bolder": ("strong", "1"), "700": ("strong", "1")},
    "vertical-align": {"super": ("sup", "1"), "sub": ("sub", "1")},
    "text-decoration": {"underline": ("u", "1"), "line-through": ("s", "1")},
    "font-variant": {"small-caps": ("smallcaps", "1")},
    "font-variant-caps": {"small-caps": ("smallcaps", "1")},
    "text-align": {"center": ("align", "center"), "right": ("align", "right")},
}


def read_styles(files: Files) -> dict[str, dict[str, str]]:
    """Returns the marks of simple selectors, ``.c4`` and ``span.c4``."""
    found: dict[str, dict[str, str]] = {}
    read = 0
    for name in files.names:
        if not name.lower().endswith(".css"):
            continue
        try:
            data = files.read(name)
        except BadPostError:
            continue
        read += len(data)
        if read > _MOST_BYTES:
            break
        _read_sheet(data, found)
    return found


def _read_sheet(data: bytes, found: dict[str, dict[str, str]]) -> None:
    import tinycss2

    rules, _ = tinycss2.parse_stylesheet_bytes(data, skip_comments=True, skip_whitespace=True)
    for rule in rules:
        if rule.type != "qualified-rule":
            continue
        marks = _marks(rule.content)
        if not marks:
            continue
        for selector in tinycss2.serialize(rule.prelude).split(","):
            name = selector.strip()
            if "." in name and not set(name) & set(" >+~:[#*"):
                found.setdefault(name, {}).update(marks)


def _marks(content: list[Any]) -> dict[str, str]:
    import tinycss2

    marks = {}
    for declaration in tinycss2.parse_declaration_list(
        content, skip_comments=True, skip_whitespace=True
    ):
        if declaration.type == "declaration" and declaration.lower_name in _MARKS:
            value = tinycss2.serialize(declaration.value).strip().lower()
            if mark := _MARKS[declaration.lower_name].get(value):
                marks[mark[0]] = mark[1]
    return marks
