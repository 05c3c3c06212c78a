"""Takes ikiwiki's marks off a page, its lines kept: of directives the words that they show stay, of links their words.

Written from ikiwiki's documentation of links and directives.
"""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern

_LONG = r"\"\"\"(?:(?!\"\"\")[\s\S])*\"\"\""
_MARK = lazy_pattern(
    rf"(?m)^(?:[ \t]*(?:```|~~~)[\s\S]*?^[ \t]*(?:```|~~~)[^\n]*$)|(?<!`)(`++)[^`\n]+\1"
    rf"|(\\)?\[\[!([a-z]\w*)((?:{_LONG}|\"[^\"]*\"|[^\"\[\]])*)\]\]"
    r"|(\\)?\[\[([^\[\]!|\n]*)(?:\|([^\[\]\n]*))?\]\]"
)
_TOP = lazy_pattern(r"(?:\[\[!(?:meta|tag)[ \t][^\[\]]*\]\][ \t]*(?:\n|\Z))*")
_SIGN = lazy_pattern(r"(?<![`\\])\[\[![a-z]\w*[\s\]]")
_CODE = lazy_pattern(r"(?m)^[ \t]*(?:```|~~~)[\s\S]*?^[ \t]*(?:```|~~~)[^\n]*$")
_SAID = lazy_pattern(rf"\b(text|content|data|then)[ \t]*=[ \t]*({_LONG}|\"[^\"]*\")|({_LONG})")
_CAPTION = lazy_pattern(r"\b(?:caption|alt)[ \t]*=[ \t]*\"([^\"]*)\"")
_SHOWN = frozenset("comment format if more table template toggle toggleable".split())


def is_page_of_ikiwiki(text: str, extension: str) -> bool:
    """Returns whether a text is a page of ikiwiki, by the name of its file or a directive in it."""
    return extension == ".mdwn" or _SIGN.search(_CODE.sub("", text)) is not None


def without_marks_of_ikiwiki(text: str) -> str:
    """Returns a page without its marks, but with the directives at its top, by which its title is known."""
    top = _TOP.match(text)
    begin = top.end() if top is not None else 0
    return text[:begin] + _MARK.sub(_words, text[begin:])


def _words(found: re.Match[str]) -> str:
    if found[2] or found[5] or not (found[3] or found[6]):
        return found[0]
    if found[3] is None:
        return found[6] if found[7] is not None else found[6].rpartition("/")[2]
    name, said = found[3], found[4]
    shown = ""
    if name == "img" and (picture := said.split()[:1]):
        caption = _CAPTION.search(said)
        shown = f"![{caption[1] if caption else ''}](<{picture[0]}>)"
    elif name in _SHOWN and (inner := _SAID.search(said)) is not None:
        shown = (inner[2] or inner[3]).strip('"')
        if name == "table":
            shown = re.sub(r"[,\t]" if "|" not in shown else r"\|", " ", shown)
        shown = f"\n{shown}\n" if name == "format" else _MARK.sub(_words, shown)
    return shown + "\n" * (found[0].count("\n") - shown.count("\n"))
