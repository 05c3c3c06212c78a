"""Writes the HTML of Markdown as Ghost does: a line end breaks the line, and HTML, notes and marks are read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from ....escape import escape
from ....lazy_pattern import lazy_pattern
from ....limits import Limits

_BLANK_LINES = lazy_pattern(r"\n[ \t]*\n")
_DELIMITERS = lazy_pattern(r"[*_\[\]~^=<`]")
_PLUGINS = ("strikethrough", "footnotes", "table", "url", "mark", "superscript", "subscript")


def markdown_html(text: str) -> str:
    """Returns the HTML of a text. One with too many delimiters in a paragraph becomes paragraphs of text."""
    text = text.replace("\r\n", "\n")
    paragraphs = _BLANK_LINES.split(text)
    if any(len(_DELIMITERS.findall(each)) > Limits().delimiters for each in paragraphs):
        return text_html(text)
    return str(_renderer()(text))


@cache
def _renderer() -> Callable[[str], object]:
    import mistune

    return mistune.create_markdown(escape=False, hard_wrap=True, plugins=list(_PLUGINS))


def text_html(text: str) -> str:
    """Returns plain text as paragraphs."""
    paragraphs = (escape(each.strip()) for each in _BLANK_LINES.split(text))
    return "".join(f"<p>{each.replace(chr(10), '<br/>')}</p>" for each in paragraphs if each)
