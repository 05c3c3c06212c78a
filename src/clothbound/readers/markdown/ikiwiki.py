"""Reads the marks of ikiwiki: directives (``[[!img a.png alt="..."]]``) and links between pages (``[[words|page]]``).

Sources: ikiwiki's documentation ("WikiLink", "directive" and the page of each directive), and wikis in public repositories.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ...lazy_pattern import lazy_pattern
from ..fences import CODE_SPAN, code_places, with_code

_ARGUMENT = r"(?>(?:[\w-]+[ \t]*=[ \t]*)?(?:\"{3}[\s\S]*?\"{3}|\"[^\"]*\"|[^\s\"\[\]]+))"
_SIGN = lazy_pattern(r"(?<![`\\])\[\[![a-z]\w*[\s\]]")
_MARK = lazy_pattern(
    rf"\\?(?:\[\[!(?P<name>[a-z]\w*)(?P<said>(?:\s++{_ARGUMENT})*+)\s*+\]\]|\[\[(?P<link>[^\[\]!|\n][^\[\]\n]*)\]\])"
    rf"|{CODE_SPAN}"
)
_PART = lazy_pattern(
    r"(?:(?P<key>[\w-]+)[ \t]*=[ \t]*)?(?:\"{3}(?P<long>[\s\S]*?)\"{3}|\"(?P<short>[^\"]*)\"|(?P<word>[^\s\"]+))"
)
_NO_WORDS = frozenset(
    "brokenlinks calendar cutpaste edittemplate favicon flattr fortune haiku inline linkmap map meta orphans"
    " pagecount pagestats pagetemplate poll postsparkline progress search shortcut sidebar sparkline tag testpagespec toc"
    " traillink trailitem trailitems trailoptions waypoint version".split()
)
"""Directives that show nothing of their own, or what the wiki gathers from other pages."""
_BOXES = {
    "template": "text",
    "toggleable": "text",
    "more": "text",
    "comment": "content",
    "if": "then",
}
"""The argument of each directive that holds what it shows."""


class _Directive(NamedTuple):
    name: str
    named: dict[str, str]
    plain: list[str]

    @property
    def first(self) -> str:
        return self.plain[0] if self.plain else ""


def is_page(text: str, source: str) -> bool:
    """Returns whether a text is a page of ikiwiki, by the name of its file or a directive in it."""
    if source.endswith(".mdwn"):
        return True
    lines = with_code(text.split("\n")) if "[[!" in text else ()
    return any(not is_code and _SIGN.search(line) for line, is_code in lines)


def as_markdown(text: str) -> str:
    """Returns a page with ikiwiki's marks as Markdown's, its lines kept. A mark that is not known stays, in code."""
    code = code_places(text)
    result, place, line = [], 0, 0
    for found in _MARK.finditer(text):
        while line < len(code) and code[line][1] <= found.start():
            line += 1
        if line < len(code) and code[line][0] <= found.start():
            continue
        result += [text[place : found.start()], _written(found)]
        place = found.end()
    return "".join((*result, text[place:]))


def _written(found: re.Match[str]) -> str:
    if found["ticks"]:
        return found[0]
    if found[0].startswith("\\"):
        return found[0][1:].replace("[", "\\[")
    if found["link"]:
        words, bar, page = found["link"].rpartition("|")
        return f"[[{page.strip()}|{words.strip()}]]" if bar else found[0]
    made = _shown(_read(found))
    if made is None:
        return "`" + " ".join(found[0].split()) + "`"
    line = found.string.rfind("\n", 0, found.start()) + 1
    if made.startswith("```") and found.string[line : found.start()].strip():
        made = f"\n{made}"
    return made + "\n" * (found[0].count("\n") - made.count("\n"))


def _read(found: re.Match[str]) -> _Directive:
    named: dict[str, str] = {}
    plain = []
    for part in _PART.finditer(found["said"]):
        value = next(v for v in (part["long"], part["short"], part["word"]) if v is not None)
        if part["key"]:
            named[part["key"].lower()] = value
        else:
            plain.append(value)
    return _Directive(found["name"], named, plain)


def _shown(directive: _Directive) -> str | None:
    """Returns what a directive shows; None if only the wiki knows."""
    named = directive.named
    match directive.name:
        case "img" if directive.first and directive.first != "defaults":
            return _picture(directive)
        case "table" if "data" in named:
            return _table(named)
        case "format" if len(directive.plain) > 1 or "text" in named:
            return f"```{directive.first}\n{directive.plain[-1].strip(chr(10))}\n```"
        case "toggle" | "taglink":
            return named.get("text") or directive.first
        case "if":
            return as_markdown(named["then"]) if "then" in named else None
        case "img":
            return ""
        case name if name in _BOXES and _BOXES[name] in named:
            return as_markdown(named[_BOXES[name]])
        case name if name in _NO_WORDS:
            return ""
        case _:
            # The name of a page elsewhere, as in ``[[!wikipedia Yeast]]``.
            is_name = len(directive.plain) == 1 and not named
            return directive.first.replace("_", " ") if is_name else None


def _picture(directive: _Directive) -> str:
    named = directive.named
    caption, alternative = named.get("caption", ""), named.get("alt", "")
    width, _, height = named.get("size", "").partition("x")
    sizes = (("width", width), ("height", height if not width else ""))
    said = [f'alt="{alternative}"'] if caption and alternative else []
    said += [f"{name}={size}" for name, size in sizes if size.isdecimal()]
    braces = f"{{{' '.join(said)}}}" if said else ""
    picture = f"![{caption or alternative}](<{directive.first}>){braces}"
    link = named.get("link", "")
    return f"[{picture}](<{link}>)" if "://" in link else picture


def _table(named: dict[str, str]) -> str | None:
    """Returns a table of lines with bars or other signs between the cells; None for one that is in a file."""
    sign = named.get("delimiter", "")
    lines = [line for line in named["data"].strip("\n").split("\n") if line.strip()]
    if not lines:
        return ""
    sign = {"\\t": "\t"}.get(sign, sign) or ("|" if "|" in lines[0] else ",")
    rows = [[cell.strip().replace("|", "\\|") for cell in line.split(sign)] for line in lines]
    if named.get("header") == "no":
        rows.insert(0, [""] * len(rows[0]))
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    rows.insert(1, ["---"] * width)
    return as_markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
