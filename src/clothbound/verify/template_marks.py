"""Takes the marks of templates off Markdown, its lines kept: ERB's code, and Hakyll's fields and conditions.

Written from Ruby's documentation of ERB, Middleman's of its helpers, and Hakyll's of its templates.
"""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern
from .code_marks import FENCED, TICKED

_INSIDE = r"(?:(?!<%|%>|\n[ \t]*\n)[\s\S])*+"
_ERB = lazy_pattern(
    rf"(?m){FENCED}|{TICKED}|(?<!!)\[(?P<label>[^\[\]\n]*)\]\(<%={_INSIDE}%>\)"
    rf"|(?P<before>[\"'(]?)(?<!\\)<%(?P<kind>[%=#]?)(?P<said>{_INSIDE})%>|^(?P<end>READMORE)[ \t]*$"
)
_OF_RUBY = lazy_pattern(
    r"-?\s*+(?:(?:if|unless|case|while|until|for|elsif|when)\b.*|else|end|\}\)?|.*(?:\bdo|\{)\s*(?:\|[^|]*\|)?)\s*-?",
    re.S,
)
"""Matches a statement that shows nothing itself."""
_LINK = lazy_pattern(
    r"=?\s*link_to[ (]\s*(?P<q>[\"'])(?P<words>.*?)(?P=q)\s*,\s*(?P<r>[\"'])(?P<address>.*?)(?P=r)"
)
_PICTURE = lazy_pattern(
    r"=?\s*image_tag[ (]\s*(?P<q>[\"'])(?P<file>.*?)(?P=q)(?:.*?\balt\W+?(?P<r>[\"'])(?P<words>.*?)(?P=r))?"
)
_HELPER = lazy_pattern(r"=?-?\s*[a-z]\w*[ (]\s*(?P<q>[\"'])(?P<path>[^\"'\n]*)(?P=q)\s*\)?\s*-?")
"""Matches the helper of an address that names one path."""
_LOGIC = r"(?:if|elseif|for)\([\w.-]+\)|else|endif|endfor|sep"
_ONLY_HAKYLL = lazy_pattern(rf"\$(?:{_LOGIC}|partial\(\"[^\"$\n]+\"\))\$")
_KNOWN_FIELD = lazy_pattern(r"\$(?:title|author|date|body)\$")
_TEX = lazy_pattern(r"(?<![\\$\w])\$(?=[^\s$])[^$\n]*[^\s\\$]\$(?![\d$])|\$\$")
_FIELD = lazy_pattern(
    rf"(?m){FENCED}|{TICKED}|(?<![\\$\w])\$(?:{_LOGIC}|[a-z]\w*\([^$()\n]*\)|[A-Za-z][\w-]{{2,}})\$(?![\d$])"
)


def without_template_marks(text: str) -> str:
    """Returns a text without these marks; links and pictures that ERB makes are Markdown's."""
    if "<%" in text or "READMORE" in text:
        text = _ERB.sub(_shown, text)
    if "$" in text and _is_of_hakyll(text):
        text = _FIELD.sub(lambda m: m[0] if m["ticks"] or m["fence"] else "", text)
    return text


def _is_of_hakyll(text: str) -> bool:
    marks = [m[0] for m in _FIELD.finditer(text) if m["ticks"] is None and m["fence"] is None]
    if any(map(_ONLY_HAKYLL.fullmatch, marks)):
        return True
    return len(set(filter(_KNOWN_FIELD.fullmatch, marks))) > 1 and not _TEX.search(
        _FIELD.sub(" ", text)
    )


def _shown(found: re.Match[str]) -> str:
    if found["before"] and found.string.startswith(("=", "]"), max(found.start() - 1, 0)):
        helper = _HELPER.fullmatch(found["said"])
        inner = (
            helper["path"] if helper else found[0][1:].replace('"', "&quot;").replace("'", "&#39;")
        )
        return found["before"] + inner
    if found["ticks"] or found["fence"] or found["before"] or found["kind"] == "%":
        return found[0]
    if found["label"] is not None:
        return found["label"]
    if found["said"] and not found["kind"] and not _OF_RUBY.fullmatch(found["said"]):
        return f"`{found[0]}`"
    said = (found["said"] or "").strip()
    made = ""
    if link := _LINK.match(said):
        made = f"[{link['words']}](<{link['address']}>)"
    elif picture := _PICTURE.match(said):
        made = f"![{picture['words'] or ''}](<{picture['file']}>)"
    return made + "\n" * found[0].count("\n")
