"""Reads the marks of Gutenberg's blocks: the data in them, the notes of a post, and the blocks that only a server fills.

Source: the handbook of the block editor, and exports. The HTML of most blocks is complete without its marks. What a
block shows that is not in its HTML stands in the JSON of its mark.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from ....escape import escape
from ....html.read.web_footnotes import WORDPRESS_NOTES
from ....lazy_pattern import lazy_pattern
from ...json_bytes import UNDECODABLE
from . import divi_blocks
from .shortcodes import listing

MARK = lazy_pattern(
    r"<!--\s*(?P<end>/?)wp:(?P<name>[a-z][\w-]*(?:/[a-z][\w-]*)?)\s*"
    r"(?P<data>\{(?:[^<-]|-(?!->)|<(?!!--))*\})?\s*(?P<alone>/?)-->"
)
"""Matches the mark that begins or ends a block, or that of one alone."""
_NOTES = lazy_pattern(r"<!--\s*wp:(?:core/)?footnotes\b(?:[^<-]|-(?!->))*/-->")
_NOTE_MARK = lazy_pattern(r"""data-fn=["']([^"']{1,200})""")
_SILENT = frozenset("more nextpage spacer block footnotes freeform html shortcode".split())
_KNOWN = lazy_pattern(
    r"core-embed/.*|divi/.*|syntaxhighlighter/code|jetpack/(?:tiled-gallery|slideshow|image-compare|paywall)|premium-content/.*"
)
"""Matches the blocks of plug-ins that are read as what they show."""
_TAB = "tab"
"""The block that is one of several beside each other, with a name in its data."""


def has_blocks(text: str) -> bool:
    """Whether a text was written in the block editor."""
    return "<!-- wp:" in text


def count_blocks(text: str, without_words: Counter[str], of_plugins: Counter[str]) -> None:
    """Counts the blocks that a server fills when the page is shown, and those of plug-ins, by name."""
    if not has_blocks(text):
        return
    for mark in MARK.finditer(text):
        name = mark["name"].removeprefix("core/")
        if mark["alone"]:
            is_silent = name in _SILENT or name.startswith("jetpack/paywall")
            is_read = name.startswith(divi_blocks.NAMES) and _of_divi(name, data_of(mark["data"]))
            if not is_silent and not is_read:
                without_words[name] += 1
        elif "/" in name and not mark["end"] and not _KNOWN.fullmatch(name):
            of_plugins[name] += 1


def put_footnotes(text: str, footnotes: str, *, only_marked: bool = False) -> tuple[str, int]:
    """Puts the notes of a post, which stand in a field of its own as JSON, in the place where they are to be shown.

    ``only_marked`` leaves out the notes that have no mark in the text. Returns the text, and the number of its marks that
    have no note.
    """
    marks = set(_NOTE_MARK.findall(text))
    if not marks and not _NOTES.search(text):
        return text, 0
    try:
        decoded = msgspec.json.decode(footnotes) if footnotes.strip() else []
    except UNDECODABLE:
        decoded = []
    notes = {
        str(note["id"]): content
        for note in (decoded if isinstance(decoded, list) else [])
        if isinstance(note, dict)
        and "id" in note
        and isinstance(content := note.get("content") or "", str)
        and (not only_marked or str(note["id"]) in marks)
    }
    lost = len(marks - notes.keys())
    if not notes:
        return text, lost
    items = (f'<li id="{escape(name)}">{content}</li>' for name, content in notes.items())
    notes_markup = f'<ol class="{WORDPRESS_NOTES}">{"".join(items)}</ol>'
    if _NOTES.search(text):
        return _NOTES.sub(lambda _: notes_markup, text, count=1), lost
    return f"{text}\n\n{notes_markup}", lost


def without_marks(text: str, shortcode: Callable[[str], str]) -> str:
    """Returns the HTML of a text's blocks. ``shortcode`` gets the text of each block that holds shortcodes."""
    return "".join(_html(text, shortcode))


def _html(text: str, shortcode: Callable[[str], str]) -> Iterator[str]:
    place = 0
    opened: list[tuple[str, dict[str, Any]]] = []
    names = Counter[str]()
    for mark in MARK.finditer(text):
        name = mark["name"].removeprefix("core/")
        between = text[place : mark.start()]
        place = mark.end()
        inner = opened[-1] if opened else ("", {})
        if inner[0] in _MADE and mark["end"]:
            yield _MADE[inner[0]](between, inner[1])
        elif inner[0] == "shortcode":
            yield shortcode(between)
        else:
            yield between
        if mark["end"]:
            while names[name]:
                ended = opened.pop()[0]
                names[ended] -= 1
                if ended == name:
                    break
        elif not mark["alone"]:
            data = data_of(mark["data"])
            opened.append((name, data))
            names[name] += 1
            yield _shown_above(name, data)
        else:
            yield _shown_alone(name, data_of(mark["data"]))
    yield text[place:]


def data_of(text: str | None) -> dict[str, Any]:
    """Returns the data in a mark; nothing if they cannot be read."""
    try:
        found = msgspec.json.decode(text or "{}")
    except UNDECODABLE:
        return {}
    return found if isinstance(found, dict) else {}


def _shown_above(name: str, data: dict[str, Any]) -> str:
    """Returns what a block shows by its data above what stands in it."""
    if name.startswith(divi_blocks.NAMES):
        return _of_divi(name, data)
    label = data.get("label")
    if name != _TAB or not isinstance(label, str):
        return ""
    # The site shows the names of all tabs in a row above the first.
    return f"<p><strong>{escape(label)}</strong></p>"


def _of_divi(name: str, data: dict[str, Any]) -> str:
    return divi_blocks.divi_markup(name, data, _embedded)


def _embedded(url: str) -> str:
    return f'<figure class="wp-block-embed">{escape(url)}</figure>'


def _shown_alone(name: str, data: dict[str, Any]) -> str:
    """Returns what a block without HTML shows by its data."""
    if name.startswith(divi_blocks.NAMES):
        return _of_divi(name, data)
    if name == "embed" or name.startswith("core-embed/"):
        url = data.get("url")
        return _embedded(url) if isinstance(url, str) else ""
    return ""


def _code(markup: str, data: dict[str, Any]) -> str:
    language = data.get("language") or data.get("lang") or ""
    if not isinstance(language, str) or not language:
        return markup
    inner = re.sub(r"^\s*<pre[^>]*>(?:\s*<code[^>]*>)?|(?:</code>\s*)?</pre>\s*$", "", markup)
    return listing(html.unescape(inner), language)


_MADE: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "code": _code,
    "preformatted": _code,
    "syntaxhighlighter/code": _code,
}
