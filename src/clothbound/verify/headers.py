"""Finds headers in the notations of other programs' languages, and the title in each.

Written from the documentation of JBake, Pico, HTMLy, Cryogen, Zine, NimblePublisher, Franklin, Frog, ikiwiki, Statiq,
DocPad and Dropplets.
"""

from __future__ import annotations

import json
import re

from ..lazy_pattern import lazy_pattern
from .content import Item, words_of

_QUOTED = r"\"(?:[^\"\\]|\\.)*\""
_MAP = rf"(?:{_QUOTED}|\{{[^{{}}]*\}}|[^\"{{}}])*"
_HEADER = lazy_pattern(
    rf"\{{:[a-z]{_MAP}\}}[ \t]*(?:\n|\Z)"
    rf"|%\{{{_MAP}\}}\s*\n---[ \t]*(?:\n|\Z)"
    r"|---[ \t]*\n[ \t]*(?:\{[ \t]*\n[ \t]*)?\.[a-z]\w*[ \t]*=.*?\n---[ \t]*(?:\n|\Z)"
    r"|(?:@def [^\n]*(?:\n|\Z)(?:[ \t]+\S[^\n]*(?:\n|\Z))*\s*)+"
    r"|(?=[A-Za-z])(?:[A-Za-z][\w.-]*=[^\n]*\n|[ \t]*\n|#[^\n]*\n)+~{6}[ \t]*(?:\n|\Z)"
    r"|/\*[ \t]*\n(?=(?:(?!\*/).)*?^[ \t]*[Tt]itle[ \t]*:).*?\*/[ \t]*(?:\n|\Z)"
    r"|#[ \t]++[^\n]*\n-[^\n]*\n-[^\n]*\n-[ \t]*\d{4}[/-]\d\d?[/-]\d[^\n]*\n-[^\n]*\n"
    r"-[ \t]*(?i:published?|draft|private|hidden|unpublished|pending|scheduled)[ \t]*(?:\n|\Z)"
    r"|###[ \t]*\n(?:(?!###)[^\n]*\n)+###[ \t]*(?:\n|\Z)"
    r"|(?:<!--(?P<mark>[a-z]+) (?:(?!-->).)*? (?P=mark)-->[ \t]*(?:\n|\Z))+"
    r"|(?=(?: {4}[^\n]*\n)*? {4}[Tt]itle:)(?: {4}[A-Z][\w-]*:[^\n]*\n)+[ \t]*(?:\n|\Z)"
    r"|(?:\[\[!(?:meta|tag)[ \t][^\[\]]*\]\][ \t]*(?:\n|\Z))+"
    r"|extends:[ \t][^\n]*\n(?:[ \t]*\n|[A-Za-z][\w -]*:[^\n]*\n|[ \t]+\S[^\n]*\n|- [^\n]*\n)++-{3,}[ \t]*(?:\n|\Z)"
    r"|title:[ \t]+\S[^\n]*\n---[ \t]*(?:\n|\Z)"
    r"|[A-Za-z][\w -]*:[ \t\n][^\n]*\n(?:(?!---)(?:\S[^\n]*:|[ \t]+\S|- )[^\n]*\n)++-{3,}[ \t]*(?:\n|\Z)",
    re.S | re.M,
)
_INNER = lazy_pattern(rf"(?<=[^\s%.])[ \t.%]*+\{{[^{{}}\"]*(?:{_QUOTED}[^{{}}\"]*)*\}}")
"""Matches a map within the map of a header, as of an author, who may have a title."""
_TITLE = lazy_pattern(
    r"(?i)(?:^|[\s{.:!])title\b[ \t]*[:=]?[ \t]*"
    rf"(?:\"{{3}}(?P<long>[^\0]*?)\"{{3}}|~[a-zA-Z][(\[](?P<sigil>[^()\[\]]*)[)\]]|(?P<said>{_QUOTED}|'[^'\n]*'|[^\n]*))"
    r"|<!--t (?P<mark>.*?) t-->"
)
_KEY = lazy_pattern(r"(?i)\b(?:title|date|layout|tags?|author|slug|description|type)\b|<!--t ")


def foreign_header(text: str) -> tuple[list[Item], int]:
    """Returns the words of the title in the header at the top of a text, and where that header ends; 0 without one."""
    found = _HEADER.match(text)
    if found is None or (found[0][:2] != "# " and _KEY.search(found[0]) is None):
        return [], 0
    if found[0].startswith("# "):
        return list(words_of(found[0].partition("\n")[0].strip("# \t"), 1)), found.end()
    fields = _INNER.sub(lambda inner: re.sub(r"[^\n]", " ", inner[0]), found[0])
    title = _TITLE.search(fields)
    if title is None:
        return [], found.end()
    part = title.lastgroup or "said"
    said = title[part].strip()
    if said.startswith('"'):
        try:
            said = json.loads(said.replace("\n", " "))
        except ValueError:
            said = said.strip('"')
    line = 1 + text.count("\n", 0, title.start(part))
    return list(words_of(said.strip("'"), line)), found.end()
