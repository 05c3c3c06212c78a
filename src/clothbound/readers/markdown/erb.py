"""Reads the code of templates in pages of Middleman and Bridgetown (``<%= link_to "words", "/page" %>``), and the end of a
summary (``READMORE``).

Sources: Ruby's documentation of ERB, and Middleman's ("Helpers", "Blogging", "Code Syntax Highlighting").
"""

from __future__ import annotations

import re

from ...diagnostics import LineDiagnostic
from ...lazy_pattern import lazy_pattern
from ..fences import code_places
from .shortcode_report import ADDRESS, COMPUTED, HIDDEN, ShortcodeReport

_MARK = lazy_pattern(
    r"(?P<ticks>`+)(?:(?!(?P=ticks)).)+?(?P=ticks)(?!`)"
    r"|(?<!!)\[(?P<label>[^\[\]\n]*)\]\((?P<target><%=(?:[^%\n]|%(?!>))*+%>)\)"
    r"|(?P<before>[\"'(]?)<%(?P<kind>[%=#]?=?)(?P<said>(?:[^%]|%(?!>))*+)%>"
)
_QUOTED = r"\"(?P<{0}>[^\"\n]*)\"|'(?P<{0}_>[^'\n]*)'"
_LINK = lazy_pattern(
    rf"link_to[ (]\s*(?:{_QUOTED.format('words')})\s*,\s*(?:{_QUOTED.format('address')})\s*(?:,[^\n]*)?"
)
_PICTURE = lazy_pattern(rf"image_tag[ (]\s*(?:{_QUOTED.format('file')})(?P<rest>[^\n]*)")
_ALTERNATIVE = lazy_pattern(r"\balt(?::|[\"']?\s*=>)\s*(?:\"([^\"\n]*)\"|'([^'\n]*)')")
_CODE_BLOCK = lazy_pattern(
    r"(?m)^[ \t]*<%=?[ \t]*code(?:[ (]+[\"'](?P<language>[\w+#-]+)[\"'])?[^%\n]*\bdo[ \t]*%>[ \t]*$"
    r"(?P<code>(?:\n(?![ \t]*<%).*)*+)\n[ \t]*<%[ \t]*end[ \t]*%>[ \t]*$"
)
_GOES_ON = lazy_pattern(r"end|else|elsif\b.*|when\b.*|\}\)?", re.S)
"""Matches a statement that belongs to one above it, which is reported."""
_END_OF_SUMMARY = lazy_pattern(r"(?m)^READMORE[ \t]*$")


def has_marks(text: str) -> bool:
    """Returns whether a text may have such code, or the end of a summary."""
    return "<%" in text or "READMORE" in text


def as_markdown(text: str, first_line: int) -> tuple[str, list[LineDiagnostic]]:
    """Returns a page with what its code shows as Markdown, its lines kept, and what is to be said of the rest, which stays
    in code.
    """
    text = _CODE_BLOCK.sub(r"```\g<language>\g<code>\n```", text)
    code = code_places(text)
    report = ShortcodeReport()
    result, place, number = [], 0, 0
    for found in _MARK.finditer(text):
        while number < len(code) and code[number][1] <= found.start():
            number += 1
        if found["ticks"] or (number < len(code) and code[number][0] <= found.start()):
            continue
        line = first_line + text.count("\n", 0, found.start())
        result += [text[place : found.start()], _shown(found, report, line)]
        place = found.end()
    made = "".join((*result, text[place:]))
    return _without_end_of_summary(made), report.findings()


def _shown(found: re.Match[str], report: ShortcodeReport, line: int) -> str:
    """Returns what stands in the place of code: a link, a picture, nothing, or the code itself."""
    if target := found["target"]:
        report.add(target, ADDRESS, line, "expression")
        return found["label"]
    before, said = found["before"], found["said"].strip().rstrip("-").strip()
    written = " ".join(f"<%{found['kind']}{found['said']}%>".split())
    blank = "\n" * found[0].count("\n")
    if before:  # The address of an element or of a link, which has no words.
        report.add_expression(written, line)
        return found[0]
    if found["kind"].startswith("%"):
        return f"`{written.replace('<%%', '<%', 1)}`{blank}"
    if found["kind"] == "#":
        report.add(written, HIDDEN, line, "comment")
        return blank
    if link := _LINK.fullmatch(said.rstrip(")")):
        address = link["address"] or link["address_"] or ""
        return f"[{link['words'] or link['words_']}](<{address}>){blank}"
    if picture := _PICTURE.fullmatch(said):
        alternative = _ALTERNATIVE.search(picture["rest"])
        words = (alternative[1] or alternative[2] or "") if alternative else ""
        return f"![{words}](<{_place_of(picture['file'] or picture['file_'])}>){blank}"
    if not found["kind"]:
        if _GOES_ON.fullmatch(said):
            return blank
        report.add(written, COMPUTED, line, "statement")
        return blank
    report.add_expression(written, line)
    return f"`{written}`{blank}"


def _place_of(file: str) -> str:
    """Returns the address of a picture, which lies in the folder ``images`` unless it says where."""
    return file if file.startswith("/") or "://" in file else f"/images/{file}"


def _without_end_of_summary(text: str) -> str:
    if "READMORE" not in text:
        return text
    code = code_places(text)
    return _END_OF_SUMMARY.sub(
        lambda found: found[0] if any(begin <= found.start() < end for begin, end in code) else "",
        text,
    )
