"""Strips the marks that only generators of sites have from Markdown: directives and roles of MyST, names of emoji and
icons, files that are inserted.

Written from the documentation of MyST Markdown, of PyMdown Extensions, of gemoji, of Logseq and
of Roam.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import NamedTuple

from ..lazy_pattern import lazy_pattern

_EMOJI = lazy_pattern(r"(?<![\w:])(?P<name>:[a-z0-9_+-]+:)(?![\w:])(?:\{[^{}\n]*\})?")
_ICON_SETS = (":material-", ":fontawesome-", ":octicons-", ":simple-")
_INSERTED = lazy_pattern(
    r"(?m)^[ \t]*(?:-+8<-+(?:[ \t]+[\"'][^\"'\n]+[\"'])?|<<<[ \t]*+[@./][^\s{}]++[ \t]*+(?:\{[^{}\n]*+\})?+[ \t]*+(?:\[[^\n]*\])?)[ \t]*$"
)
"""Matches a line in whose place a file stands: a snippet of PyMdown, a file of code of VitePress."""
_LANGUAGE = lazy_pattern(r"(?m)^(?: {4}|\t)[ \t]*:::[A-Za-z][\w.+#-]*[ \t]*$")
"""Matches the line by which CodeHilite of Python-Markdown is told the language of indented code."""
_DIRECTIVE = lazy_pattern(
    r"^(?P<indent>[ \t]*)(?P<fence>`{3,}|:{3,}|~{3,})[ \t]*\{(?P<name>[a-z][\w:.-]+)\}[ \t]*(?P<said>[^\n]*)\n"
    r"(?P<options>(?:[ \t]*---[ \t]*\n(?:[ \t]*[\w-]+:[^\n]*\n)*[ \t]*---[ \t]*\n)?(?:[ \t]*:[\w-]+:[^\n]*\n)*)",
    re.M,
)
_FENCE = lazy_pattern(r"(?m)^[ \t]*(?P<fence>`{3,}|:{3,}|~{3,})[ \t]*$")
_CODE_FENCE = "`" * 9
_PROGRAMS = frozenset({"r", "python", "julia", "ojs", "bash", "sql", "js", "mermaid", "dot"})
"""The languages of chunks, which have the form of directives in Quarto and R Markdown."""
_CODE = frozenset({"code", "code-block", "code-cell", "sourcecode", "math", "eval-rst", "prompt"})
_UNSPOKEN = frozenset(
    {
        "figure",
        "grid",
        "image",
        "toctree",
        "include",
        "literalinclude",
        "post",
        "postlist",
        "bibliography",
        "tableofcontents",
        "list-table",
    }
)
_ROLE = lazy_pattern(
    r"\{(?!\.|#|=)(?P<name>[a-z][\w:.-]*)\}(?P<ticks>`++)(?P<said>[^`\n]+)(?P=ticks)"
)
_TITLED_BY_TARGET = frozenset({"any", "doc", "numref", "ref"})
"""Roles that show the title of what they name, unless they say other words."""
_LINKED_LABEL = lazy_pattern(
    r"(?<!!)\[((?:[^\[\]\n])*)\]\((?:#[^()\s#]+|[A-Za-z][\w-]*)\)|<project:#[^<>\s]+>"
)
"""Matches a link that names a label: where that stands, other files say."""
_TARGET = lazy_pattern(r"(?<![ \t])[ \t]*<[^<>\n]+>$")
_MEANING = lazy_pattern(r"(?<![ \t])[ \t]*\([^()\n]*\)$")
_UNPRINTED = lazy_pattern(r"(?m)^(?:%|\+\+\+)[^\n]*$")
_PROPERTIES_OF_PAGE = lazy_pattern(r"\A(?:[A-Za-z][\w.-]*::[^\n]*(?:\n|\Z))+")
_PROPERTY_OF_BLOCK = lazy_pattern(
    r"(?m)^[ \t]*(?:id|collapsed|heading|background-color|created-at|updated-at|card-last-interval)::[^\n]*$"
)
_DRAWER_OF_LOGSEQ = lazy_pattern(r"(?ms)^[ \t]*:LOGBOOK:[ \t]*$.*?^[ \t]*:END:[ \t]*$")
_TASK_OF_LOGSEQ = lazy_pattern(
    r"(?m)(?<=- )(?:TODO|DOING|LATER|NOW|WAITING|IN-PROGRESS|DONE|CANCELED|CANCELLED)(?=[ \t])"
)
_REFERENCE_OF_LOGSEQ = lazy_pattern(r"\{\{embed[^{}\n]*\}\}|\(\([0-9a-f-]{36}\)\)")
"""Matches a name in whose place the words of a block, or of a page, are shown."""
_SIZE_OF_LOGSEQ = lazy_pattern(r"(?<=\))\{:(?=(?:height|width)\b)[^{}\n]*\}")
_TASK_OF_ROAM = lazy_pattern(r"(?<=- )\{\{\[\[(?:TODO|DONE)\]\]\}\}")
_PLAYER_OF_ROAM = lazy_pattern(
    r"\{\{\[\[(?:youtube|video|audio|iframe|pdf|tweet)\]\]:[ \t]*(https?://[^\s{}]+)[ \t]*\}\}"
)
_ALIAS_OF_ROAM = lazy_pattern(r"(?<!!)\[([^\[\]\n]+)\]\(\[\[[^\[\]\n]+\]\]\)")
_LABEL = lazy_pattern(r"(?m)^\([^()\s][^()\n]*\)=[ \t]*$")


def without_marks_of_logseq(text: str) -> str:
    """Returns a page of a graph without the properties at its top, what Logseq keeps in blocks for itself, and the
    words that mark tasks; its lines stay.
    """
    top = _PROPERTIES_OF_PAGE.match(text)
    text = "\n" * top[0].count("\n") + text[top.end() :] if top else text
    for pattern in (
        _DRAWER_OF_LOGSEQ,
        _PROPERTY_OF_BLOCK,
        _TASK_OF_LOGSEQ,
        _REFERENCE_OF_LOGSEQ,
        _SIZE_OF_LOGSEQ,
    ):
        text = pattern.sub(lambda found: "\n" * found[0].count("\n"), text)
    return text


def without_marks_of_generators(text: str) -> str:
    """Returns a text without these marks; its words and its lines stay."""
    if "{{[[" in text or "]([[" in text:
        text = _ALIAS_OF_ROAM.sub(r"\1", _PLAYER_OF_ROAM.sub(r"<\1>", _TASK_OF_ROAM.sub("", text)))
    if ":::" in text:
        text = _LANGUAGE.sub("", text)
    if "8<" in text or "<<<" in text:
        text = _INSERTED.sub("", text)
    if "{" in text and any(one["name"] not in _PROGRAMS for one in _DIRECTIVE.finditer(text)):
        text = _without_directives(text)
    if text.count(":") > 1:
        text = _EMOJI.sub(_words_of_name, text)
    has_roles = "`" in text and _ROLE.search(text) is not None
    if has_roles:
        text = _ROLE.sub(_words_of_role, text)
    if has_roles or (")=" in text and _LABEL.search(text)):
        text = _LABEL.sub("", _LINKED_LABEL.sub(r"\1", text))
    return text


def _words_of_role(found: re.Match[str]) -> str:
    """Returns the words of a role: not its target, and of an abbreviation not what is shown when one points at it."""
    said = _TARGET.sub("", found["said"]).replace("%s", "")
    if found["name"] in _TITLED_BY_TARGET and said == found["said"]:
        return ""
    return _MEANING.sub("", said) if found["name"] == "abbr" else said


def _words_of_name(found: re.Match[str]) -> str:
    """Returns a name between colons as it is, unless it is that of an emoji or of an icon, which have no words."""
    import emoji

    name = found["name"]
    is_mark = name.startswith(_ICON_SETS) or ":" not in emoji.emojize(name, language="alias")
    return "" if is_mark else found[0]


def _without_directives(text: str) -> str:
    """Returns a text in which directives are their titles and contents; code stays between fences."""
    ends = _FenceEnds(text)
    edits: list[_Edit] = []
    for found in _DIRECTIVE.finditer(text):
        directive: re.Match[str] | None = found
        line = ""
        # What is said on the line of a directive may begin another one.
        while directive is not None:
            name = directive["name"]
            is_code = name in _CODE or name in _PROGRAMS
            ends.use(directive["fence"], found.end(), _CODE_FENCE if is_code else "")
            line = _CODE_FENCE if is_code else "" if name in _UNSPOKEN else directive["said"]
            directive = _DIRECTIVE.match(f"{line}\n")
        blank = "\n" * found["options"].count("\n")
        edits.append(_Edit(found.start(), found.end(), f"{line}\n{blank}"))
    parts, place = [], 0
    for edit in sorted([*edits, *ends.edits()]):
        parts += [text[place : edit.start], edit.made]
        place = edit.end
    return _UNPRINTED.sub("", "".join([*parts, text[place:]]))


class _Edit(NamedTuple):
    """A place in a text, and what stands there in its stead."""

    start: int
    end: int
    made: str


class _FenceEnds:
    """The lines of a text that are fences alone. Each ends the first directive before it that has no end yet and whose
    fence has its character and is not longer.

    Directives must ask in their order: so the lines before one of them are looked at once.
    """

    def __init__(self, text: str) -> None:
        self._lines = [*_FENCE.finditer(text)]
        self._made: dict[int, str] = {}
        """What stands in place of the lines that are used, by their numbers."""
        self._first: dict[str, int] = {}
        """The first line that may still end a fence."""
        self._code: list[int] = []
        """The numbers, sorted, of the lines that end code now, and so may end a directive in it."""
        self._length = len(text)
        self._after = ""

    def use(self, fence: str, place: int, made: str) -> None:
        """Ends a directive, whose content begins at ``place``, with the next line that can end it, or with the text.

        ``made`` stands there then.
        """
        number = self._first.get(fence, 0)
        while number < len(self._lines) and not self._ends(number, fence, place):
            number += 1
        self._first[fence] = number
        if _CODE_FENCE.startswith(fence):
            at = bisect_left(self._code, place, key=lambda one: self._lines[one].start())
            if at < len(self._code) and self._code[at] < number:
                number = self._code.pop(at)
        if number == len(self._lines):
            self._after = self._after or made
            return
        self._made[number] = made
        if made:
            insort(self._code, number)

    def _ends(self, number: int, fence: str, place: int) -> bool:
        line = self._lines[number]
        is_later = line.start() >= place and number not in self._made
        return is_later and line["fence"].startswith(fence)

    def edits(self) -> Iterator[_Edit]:
        """Yields what becomes of the lines that end directives, and what is added to the text."""
        for number, made in self._made.items():
            yield _Edit(self._lines[number].start(), self._lines[number].end(), made)
        yield _Edit(self._length, self._length, self._after)
