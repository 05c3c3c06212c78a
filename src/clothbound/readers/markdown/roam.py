"""Reads the marks of Roam's Markdown: tasks, highlighted words, links between pages, players.

Sources: programs that take Roam's text (Athens' grammar, importers), and files that Roam exports as Markdown, of which each
is an outline.
"""

from __future__ import annotations

import re

from ...lazy_pattern import lazy_pattern
from ..fences import CODE_SPAN, with_code

_WORD = r"(?:[A-Z]?[a-z]+|[A-Z]+|[0-9]+)"
BLOCK = rf"\(\((?!{_WORD}(?:-{_WORD})*+\))[A-Za-z0-9_-]{{9}}\)\)"
"""Matches the name of a block, whose words stand elsewhere. Nine letters that are words, as in ``((see-later))``, are none."""
_PLAYER = r"(?:youtube|video|audio|iframe|pdf|tweet)\]\]:[ \t]*https?://"
MACRO = rf"\{{\{{\[\[(?!(?:TODO|DONE)\]\]\}}\}}|{_PLAYER})[^\[\]\n]+\]\](?::(?:[^{{}}\n]|\{{[^{{}}\n]*\}})*)?\}}\}}"
"""Matches what Roam puts a list, a block or a tool in place of."""
_SIGN = lazy_pattern(rf"\{{\{{\[\[[A-Za-z][^\[\]\n]*\]\](?:\}}\}}|:)|{BLOCK}")
_TASK = lazy_pattern(r"^([ \t]*[-*] )\{\{\[\[(?:TODO|(?P<done>DONE))\]\]\}\}[ \t]*")
_APART = lazy_pattern(
    rf"(?P<code>{CODE_SPAN})"
    rf"|\{{\{{\[\[(?={_PLAYER})\w+\]\]:[ \t]*(?P<player>https?://[^\s{{}}]+)[ \t]*\}}\}}"
    rf"|(?P<macro>{MACRO})"
    r"|(?<!!)\[(?P<words>[^\[\]\n]+)\]\(\[\[(?P<page>[^\[\]\n]+)\]\]\)"
    r"|(?<!!)\[(?P<said>[^\[\]\n]+)\]\((?P<block>\(\([\w-]{9}\)\))\)"
    r"|(?<!\^)\^\^(?=[^\s^])(?P<marked>(?:(?!\^\^)[^\n])+)\^\^"
    r"|(?<![\w_])__(?=[^\s_])(?P<italic>(?:(?!__)[^\n])+)(?<!\s)__(?![\w_])"
    r"|(?P<address>https?://[^\s)]+)"
)


def is_page(text: str) -> bool:
    """Returns whether a text is an outline with marks that only Roam has."""
    return text.lstrip().startswith("- ") and _SIGN.search(text) is not None


def as_markdown(text: str) -> str:
    """Returns a page with Roam's marks as Markdown's, its lines kept. Roam sets words between ``__`` in italics."""
    return "\n".join(
        line if is_code else _APART.sub(_written, _TASK.sub(_task, line))
        for line, is_code in with_code(text.split("\n"))
    )


def _task(found: re.Match[str]) -> str:
    return f"{found[1]}[{'x' if found['done'] else ' '}] "


def _written(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "player":
            return f"<{found['player']}>"
        case "macro":
            return found[0].replace("[", "\\[")
        case "page":
            return f"[[{found['page']}|{found['words']}]]"
        case "block":
            return f"{found['said']} {found['block']}"
        case "marked":
            return f"<mark>{_APART.sub(_written, found['marked'])}</mark>"
        case "italic":
            return f"*{_APART.sub(_written, found['italic'])}*"
        case _:
            return found[0]
