"""Takes off Markdown what components between colons add to its words: their names, their attributes, the names of their
places; also the marks of Zenn, Grav and its plug-ins, Docsify, Franklin and Zine, and Gatsby's players.

Written from Nuxt Content's "MDC syntax", remark-directive's readme, Zenn's guide to its Markdown, the readmes of Grav's
plug-ins, and Docsify's "Helpers" and "Markdown".
"""

from __future__ import annotations

import re

from ..lazy_pattern import lazy_pattern
from .code_marks import FENCED, TICKED

_NAMED = r"[A-Za-z][\w.-]*"
_BRACES = r"\{(?:\"[^\"\n]*\"|'[^'\n]*'|[^{}\"'\n])*\}"
_LABEL = r"\[((?:[^\[\]\n]|\[[^\[\]\n]*\])*)\]"
_BEGIN = lazy_pattern(
    rf"([ \t>]*(?:(?:[-*+]|\d{{1,9}}[.)])[ \t]+)*)::+[ \t]*({_NAMED})(?:{_LABEL})?({_BRACES})?[ \t]*"
)
_END = lazy_pattern(r"[ \t>]*::[ \t]*")
_PLACE = lazy_pattern(r"[ \t]*#[a-z][\w-]*(?:\{[^{}\n]*\})?[ \t]*")
_FIELD = lazy_pattern(r"[ \t]*(?:-[ \t]+)?([\w-]+):(?:[ \t](.*))?")
_SPOKEN = frozenset("alt caption content description header label summary text title".split())
_WITHIN = lazy_pattern(
    rf"(?<!`)(`++)[^`\n]+\1|(?<![A-Za-z0-9_:/{{\\]):({_NAMED})(?:{_LABEL}(?!\()({_BRACES})?|({_BRACES}))"
)
_PLAYER = lazy_pattern(r"[ \t>]*(?:@\[(\w+)\]|\[plugin:[\w-]+\])\(([^\s()]+)\)[ \t]*")
_RAW_OF_ZINE = lazy_pattern(r"^([ \t]*`{3,})[ \t]*=html[ \t]*$")
_OF_ZINE = lazy_pattern(
    r"\[((?:[^\[\]\n]|\[[^\[\]\n]*\])*)\]\(<?[ \t]*\$([a-z]\w*)((?:[^()\"'\n>]|\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\))*)>?\)"
)
_FILE_OF_ZINE = lazy_pattern(r"\.(?:asset|siteAsset|url)\([ \t]*[\"']([^\"'\n]+)[\"']")
_MARK_OF_FRANKLIN = lazy_pattern(
    r"[ \t]*(?:@@(?:[A-Za-z][\w,-]*)?|\\(?:toc|tableofcontents))[ \t]*"
)
_DIVISION_WITHIN = lazy_pattern(r"(?<![\w@])@@[A-Za-z][\w,-]*[ \t]+((?:[^@\n]|@(?!@))*)@@(?!\w)")
_FIGURE = lazy_pattern(r"\\fig(?:alt\{([^{}\n]*)\})?\{([^{}\n]+)\}")
_OF_FRANKLIN = lazy_pattern(
    r"(?m)^[ \t]*(?:@@[A-Za-z]|\\toc[ \t]*$|\\fig(?:alt)?\{"
    r"|\\(?:input\{(?:julia|plaintext|output)|(?:output|textoutput|tableinput|literate)\{))"
)
_GROUP = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_DEFINED_BY_FRANKLIN = lazy_pattern(
    rf"(?m)^[ \t]*\\newcommand\{{\\[A-Za-z]+\}}(?:\[\d\])?{_GROUP}[ \t]*$"
)
_COMMAND_OF_FRANKLIN = lazy_pattern(
    rf"(?P<other>(?<!`)(?P<ticks>`++)[^`]+(?P=ticks)|\$\$[^$]+\$\$|\$[^$\n]+\$|\\fig)|(?<!\\)\\[A-Za-z]+(?P<said>(?:{_GROUP.replace('(', '(?:', 1)})++)"
)
_ARGUMENT = lazy_pattern(_GROUP)
_CODE = lazy_pattern(FENCED, re.M)
_HTML = lazy_pattern(r"(?m)^~~~[ \t]*\n((?:(?!~~~)[^\n]*\n)*)~~~[ \t]*$")
_PLAYER_IN_CODE = lazy_pattern(
    r"[ \t]*`(?:youtube|vimeo|video|oembed|gist|twitch|twitchlive|videopress|bilibili):[^\s`]*[ \t]*[^\s`]+`[ \t]*"
)
_TIP = lazy_pattern(r"([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)[?!]>[ \t]+(.*)")
_CODE_OR_MARK = lazy_pattern(
    rf"(?m){FENCED}|{TICKED}|"
    r"\[/?(?:align|center|columns|div|headers|justify|lang|language|left|right|section|details|figure|notice"
    r"|ui-[a-z-]+|color|font|size|span|b|i|mark|sub|sup|u|kbd|fa|safe-email)(?P<value>=\"[^\"\n]*\"|=[^\s\[\]\"/]+)?"
    r"(?P<said>(?:[ \t]+[\w-]+(?:=(?:\"[^\"\n]*\"|[^\s\[\]\"]+))?)*+)[ \t]*/?\](?!\()"
)
_WORDS_OF_GRAV = lazy_pattern(r"\b(?:title|caption|summary)=\"([^\"\n]*)\"")
_INCLUDED = lazy_pattern(
    r"[ \t]*\[[^\[\]\n]*\]\([^\s()'\":]+(?<!\.html)(?<!\.htm)(?<!\.mp[34])(?<!\.ogg)(?<!\.webm)(?<!\.pdf)[ \t]+"
    r"(['\"]):include\b(?![^'\"\n]*:fragment)[^'\"\n]*\1\)[ \t]*"
)
"""Matches a line in whose place Docsify shows a file."""
_OPTION = lazy_pattern(r"(?<=[^\s(])[ \t]+(?:'(:[a-z][^'\n]*)'|\"(:[a-z][^\"\n]*)\")(?=[ \t]*\))")
_SIZE = lazy_pattern(r"(?<![ \t])[ \t]+=(?:\d+%?)?x(?:\d+%?)?(?=[ \t]*\))")
_FENCE = lazy_pattern(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(`{3,}|~{3,})")
_BEHIND_WORDS = lazy_pattern(r"(?<=[*_])\{[.#][^{}\n]*\}")
_HEADING = lazy_pattern(r"[ >]*#{1,6}[ \t]")
_BEHIND_HEADING = lazy_pattern(
    r"(?<![ \t])[ \t]+(?::id=[\w-]+|\{docsify-ignore(?:-all)?\})[ \t]*\Z"
)


def without_directives(text: str) -> str:
    """Returns a text without these marks. The words in them that a page shows stay, and so do the lines."""
    if ("~~~" in text or "\\" in text) and _OF_FRANKLIN.search(_CODE.sub("", text)):
        text = _HTML.sub("```{=html}\n\\1```", text)
        text = _DEFINED_BY_FRANKLIN.sub(lambda found: "\n" * found[0].count("\n"), text)
        text = _COMMAND_OF_FRANKLIN.sub(_words_of_command, text)
    if "[/" in text or "[kbd=" in text or "[fa=" in text:
        text = _CODE_OR_MARK.sub(_shown_by_grav, text)
    lines = text.split("\n")
    is_two_sided = any(_END.fullmatch(line) for line in lines)
    fence, depth, is_begun, is_field = "", 0, False, False
    told: set[str] = set()
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence or mark:
            lines[number] = line if fence else _RAW_OF_ZINE.sub(r"\1{=html}", line)
            ends = bool(mark and fence and mark[1].startswith(fence))
            fence = "" if ends else fence or (mark[1] if mark else "")
            continue
        if depth and line.strip() == "---" and (is_begun or is_field):
            lines[number], is_field, is_begun = "", not is_field, False
        elif is_field and (field := _FIELD.fullmatch(line)):
            said = (field[2] or "").strip(" \t")
            is_new = field[1].lower() in _SPOKEN and said not in told
            lines[number] = said if is_new else ""
            told.add(said)
        elif begun := _BEGIN.fullmatch(line):
            lines[number], is_begun = _words_of(begun), True
            told.clear()
            depth += is_two_sided
        else:
            is_begun = is_begun and not line.strip()
            if _END.fullmatch(line):
                lines[number], depth = "", max(depth - 1, 0)
            elif depth and _PLACE.fullmatch(line):
                lines[number] = ""
            else:
                lines[number] = _without_marks(line)
    return "\n".join(lines)


def _words_of(begun: re.Match[str]) -> str:
    """Returns what stands in place of a line that begins a component: its label, and its attributes as a shortcode has
    them, which tell its words.
    """
    if not (begun[3] or begun[4] or begun[0][len(begun[1]) :][2:3] != ":"):
        return begun[0]  # A plain div of pandoc's.
    said = (begun[4] or "")[1:-1].strip()
    tag = f"{{{{< {begun[2]} {said} >}}}}" if said else ""
    return f"{begun[1]}{begun[3] or ''} {tag}".rstrip()


def _without_marks(line: str) -> str:
    if player := _PLAYER.fullmatch(line):
        return f"<{player[2]}>" if player[1] == "card" else ""
    if _MARK_OF_FRANKLIN.fullmatch(line) or (":include" in line and _INCLUDED.fullmatch(line)):
        return ""
    line = _DIVISION_WITHIN.sub(r"\1", line) if "@@" in line else line
    line = _FIGURE.sub(r"![\1](<\2>)", line) if "\\fig" in line else line
    if _PLAYER_IN_CODE.fullmatch(line):
        return ""
    if tip := _TIP.fullmatch(line):
        line = f"{tip[1]}{tip[2]}"
    if "]($" in line or "](<$" in line:
        line = _OF_ZINE.sub(_shown_by_zine, line)
    if "](" in line:
        line = _SIZE.sub("", _OPTION.sub("", line))
    if _HEADING.match(line):
        line = _BEHIND_HEADING.sub("", line)
    line = _BEHIND_WORDS.sub("", line)
    return _WITHIN.sub(_label_of, line) if ":" in line else line


def _words_of_command(found: re.Match[str]) -> str:
    return found[0] if found["other"] else " ".join(_ARGUMENT.findall(found["said"]))


def _shown_by_grav(found: re.Match[str]) -> str:
    """Returns the words of a mark of Grav's: those of a key, a summary or a title."""
    if found["fence"] or found["ticks"]:
        return found[0]
    said = " ".join(one[1] for one in _WORDS_OF_GRAV.finditer(found["said"]))
    is_told = found["value"] and found[0].startswith(("[kbd", "[details"))
    return f"{found['value'][1:].strip(chr(34))} {said}" if is_told else said


def _shown_by_zine(found: re.Match[str]) -> str:
    """Returns the words of a directive of Zine's, and the file of a picture."""
    file = _FILE_OF_ZINE.search(found[3])
    return f"![{found[1]}](<{file[1]}>)" if file and found[2] == "image" else found[1]


def _label_of(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[0]
    if found[3] is not None:
        return found[3]
    return f" {{{{< {found[2]} {found[5][1:-1]} >}}}} "
