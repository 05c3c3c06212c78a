"""Strips the marks that only generators of sites have from Markdown: directives and roles of MyST, names of emoji and
icons, files that are inserted.

Written from the documentation of MyST Markdown, of PyMdown Extensions and of gemoji.
"""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern

_EMOJI = lazy_pattern(r"(?<![\w:])(?P<name>:[a-z0-9_+-]+:)(?![\w:])(?:\{[^{}\n]*\})?")
_ICON_SETS = (":material-", ":fontawesome-", ":octicons-", ":simple-")
_INSERTED = lazy_pattern(r"(?m)^[ \t]*-+8<-+(?:[ \t]+[\"'][^\"'\n]+[\"'])?[ \t]*$")
_LANGUAGE = lazy_pattern(r"(?m)^(?: {4}|\t)[ \t]*:::[A-Za-z][\w.+#-]*[ \t]*$")
"""Matches the line by which CodeHilite of Python-Markdown is told the language of indented code."""
_DIRECTIVE = lazy_pattern(
    r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|:{3,}|~{3,})[ \t]*\{(?P<name>[a-z][\w:.-]+)\}[ \t]*(?P<said>[^\n]*)\n"
    r"(?P<options>(?:[ \t]*:[\w-]+:[^\n]*\n)*)",
    re.M,
)
_PROGRAMS = frozenset({"r", "python", "julia", "ojs", "bash", "sql", "js", "mermaid", "dot"})
"""The languages of chunks, which have the form of directives in Quarto and R Markdown."""
_CODE = frozenset({"code", "code-block", "code-cell", "sourcecode", "math", "eval-rst", "prompt"})
_UNSPOKEN = frozenset(
    {"figure", "image", "toctree", "include", "bibliography", "tableofcontents", "list-table"}
)
_ROLE = lazy_pattern(r"\{(?!\.|#|=)[a-z][\w:.-]*\}(?P<ticks>`+)(?P<said>[^`\n]+)(?P=ticks)")
_TARGET = lazy_pattern(r"[ \t]*<[^<>\n]+>$")
_UNPRINTED = lazy_pattern(r"(?m)^(?:%|\+\+\+)[^\n]*$")
_LABEL = lazy_pattern(r"(?m)^\([^()\s][^()\n]*\)=[ \t]*$")


def without_marks_of_generators(text: str) -> str:
    """Returns a text without these marks; its words and its lines stay."""
    if ":::" in text:
        text = _LANGUAGE.sub("", text)
    if "8<" in text:
        text = _INSERTED.sub("", text)
    if "{" in text and any(one["name"] not in _PROGRAMS for one in _DIRECTIVE.finditer(text)):
        text = _without_directives(text)
    if text.count(":") > 1:
        text = _EMOJI.sub(_words_of_name, text)
    if "`" in text and _ROLE.search(text):
        text = _ROLE.sub(lambda found: _TARGET.sub("", found["said"]).replace("%s", ""), text)
    return _LABEL.sub("", text) if ")=" in text else text


def _words_of_name(found: re.Match[str]) -> str:
    """Returns a name between colons as it is, unless it is that of an emoji or of an icon, which have no words."""
    import emoji

    name = found["name"]
    is_mark = name.startswith(_ICON_SETS) or ":" not in emoji.emojize(name, language="alias")
    return "" if is_mark else found[0]


def _without_directives(text: str) -> str:
    """Returns a text in which directives are their titles and contents; code stays between fences."""
    while (found := _DIRECTIVE.search(text)) is not None:
        name, fence = found["name"], found["fence"]
        end = re.compile(rf"(?m)^[ \t]*{re.escape(fence)}+[ \t]*$").search(text, found.end())
        stop, after = (end.start(), end.end()) if end is not None else (len(text), len(text))
        inner = text[found.end() : stop]
        blank = "\n" * found["options"].count("\n")
        if name in _CODE or name in _PROGRAMS:
            made = f"{'`' * 9}\n{blank}{inner}{'`' * 9}"
        else:
            made = f"{'' if name in _UNSPOKEN else found['said']}\n{blank}{inner}"
        text = text[: found.start()] + made + text[after:]
    return _UNPRINTED.sub("", text)
