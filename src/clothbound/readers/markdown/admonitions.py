"""Parses boxes and tabs as MkDocs writes them (``!!! note "Title"``, ``??? note``, ``=== "Tab"``), whose content is
indented, and boxes with titles between colons (``:::tip Title``, ``:::warning[Title]``, ``::: details Title``) of
Docusaurus and VuePress, ``:::message alert`` of Zenn, and ``?> tip`` of Docsify.

Sources: Python-Markdown's extension Admonition, PyMdown's Details and Tabbed; Docusaurus and VuePress, "Admonitions"
and "Custom Containers"; Zenn's guide to its Markdown; Docsify, "Doc helper".
"""

from __future__ import annotations

import re
import textwrap

from ...lazy_pattern import lazy_pattern
from .parser import LineBlockParser, LineState
from .shortcode_table import CALLOUT_KINDS
from .shortcodes import Shortcode

_INDENTED = lazy_pattern(r"\n?((?:(?: {4}|\t)[^\n]*(?:\n|\Z)|[ \t]*\n)*+)")
_TITLED = lazy_pattern(r"([A-Za-z]+)[ \t]*+(?:\[([^\n]*)\]|(?<=[ \t])([^\n{}]*[^\s:{}]))[ \t]*")
_KINDS = CALLOUT_KINDS | {"details", "abstract", "bug", "failure", "message", "quote"}


def parse_admonition(block: LineBlockParser, m: re.Match[str], state: LineState) -> int | None:
    """Parses a box or a tab with the indented lines below it. Without any, it is text."""
    found = _INDENTED.match(state.src, m.end())
    if found is None or not found[1].strip():
        return None
    if m["adm_tab"] is not None:
        tag = _tag("tab", m[0], {"title": m["adm_tab"]})
    else:
        named = {"type": m["adm_kind"].lower()}
        title = m["adm_title"]
        if title is None and named["type"] not in CALLOUT_KINDS:
            title = m["adm_kind"].capitalize()  # MkDocs heads a box by its kind.
        tag = _tag("admonition", m[0], {**named, "title": title} if title else named)
    content = textwrap.dedent(found[1].expandtabs(4))
    append_box(block, state, tag, content, state.line_at(m.end()) + 1)
    return found.end()


def parse_tip(block: LineBlockParser, m: re.Match[str], state: LineState) -> int:
    """Parses a paragraph of Docsify's that is a box: ``?> tip`` or ``!> warning``."""
    kind = "tip" if m["tip_mark"] == "?" else "warning"
    tag = _tag("admonition", m[0], {"type": kind})
    append_box(block, state, tag, m["tip"], state.line_at(m.start("tip")))
    return m.end()


def read_titled(rest: str) -> Shortcode | None:
    """Returns the box that a line of colons begins, if it has a title behind its kind."""
    if rest.strip() == "message":
        return _message(rest, "")
    found = _TITLED.fullmatch(rest.strip())
    if found is None or found[1].lower() not in _KINDS:
        return None
    title = found[2] if found[2] is not None else found[3]
    if found[1].lower() == "message":
        return _message(rest, title or "")
    if found[1].lower() == "details":
        return _tag("details", rest, {"summary": title})
    return _tag("admonition", rest, {"type": found[1].lower(), "title": title})


def _message(rest: str, words: str) -> Shortcode:
    """Returns a box of Zenn's, of which ``alert`` is the other kind."""
    if words in ("", "alert"):
        return _tag("admonition", rest, {"type": "warning" if words else "note"})
    return _tag("admonition", rest, {"type": "note", "title": words})


def append_box(
    block: LineBlockParser, state: LineState, tag: Shortcode, content: str, line: int
) -> None:
    text = content if content.endswith("\n") else content + "\n"
    children = block.parse_content(state, text, line)
    state.append_token({"type": "shortcode", "tag": tag, "content": content, "children": children})


def _tag(name: str, text: str, named: dict[str, str]) -> Shortcode:
    return Shortcode(name, text, "mkdocs", named, [], quoted=tuple(named.values()))
