"""Reads the code of templates in pages of Middleman and Bridgetown (``<%= link_to "words", "/page" %>``), and the end of a
summary (``READMORE``).

Sources: Ruby's documentation of ERB, and Middleman's ("Helpers", "Blogging", "Code Syntax Highlighting").
"""

from __future__ import annotations

import re

from ...diagnostics import LineDiagnostic
from ...lazy_pattern import lazy_pattern
from ...model.addresses import is_relative
from ...web.summary_end import SUMMARY_END
from ..fences import CODE_SPAN, with_code
from .shortcode_report import ADDRESS, COMPUTED, HIDDEN, ShortcodeReport

_SAID = r"(?:[^%<\n]|%(?!>)|<(?!%)|\n(?![ \t]*\n))*+"
"""The pattern of what may stand in code, which ends in its paragraph, so that a sign that opens none takes no text."""
_FORMULA = r"\$\$(?:[^$\\]|\\[\s\S]|\$(?!\$))++\$\$|(?<![\\$])\$(?![\s$])(?:[^$\\\n]|\\.)++\$(?!\d)"
"""The pattern of a formula, in which ``<%`` is a sign and the comment of a line."""
_MARK = lazy_pattern(
    rf"(?m){CODE_SPAN}|(?P<formula>{_FORMULA})|(?P<html><(?P<tag>pre|code)\b(?:[^<]|<(?!/?(?P=tag)\b))*+</(?P=tag)>)|^(?P<end>{SUMMARY_END})[ \t]*$"
    rf"|(?<!!)\[(?P<label>[^\[\]\n]*)\]\((?P<target><%={_SAID}%>)\)"
    rf"|(?P<before>[\"'(]?)(?<!\\)<%(?P<kind>[%=#]?=?)(?P<said>{_SAID})%>"
)
_QUOTED = r"\"(?P<{0}>[^\"\n]*)\"|'(?P<{0}_>[^'\n]*)'"
_LINK = lazy_pattern(
    rf"link_to[ (]\s*(?:{_QUOTED.format('words')})\s*,\s*(?:{_QUOTED.format('address')})\s*(?:,[^\n]*)?"
)
_PICTURE = lazy_pattern(rf"image_tag[ (]\s*(?:{_QUOTED.format('file')})(?P<rest>[^\n]*)")
_HELPER = lazy_pattern(rf"[a-z]\w*[ (]\s*(?:{_QUOTED.format('file')})\s*\)?")
"""Matches a helper that makes the address of a page or a file of the path that it is given, and of nothing else."""
_REFERENCES = {'"': "&quot;", "'": "&#39;"}
_ALTERNATIVE = lazy_pattern(r"\balt(?::|[\"']?\s*=>)\s*(?:\"([^\"\n]*)\"|'([^'\n]*)')")
_CODE_BLOCK = lazy_pattern(
    r"(?m)^[ \t]*<%=?[ \t]*code(?:[ (]+[\"'](?P<language>[\w+#-]+)[\"'])?[^%\n]*\bdo[ \t]*%>[ \t]*$"
    r"(?P<code>(?:\n(?![ \t]*<%).*)*+)\n[ \t]*<%[ \t]*end[ \t]*%>[ \t]*$"
)
_GOES_ON = lazy_pattern(r"end|else|elsif\b.*|when\b.*|\}\)?", re.S)
"""Matches a statement that belongs to one above it, which is reported."""
_BEGINS = lazy_pattern(
    r"(?:if|unless|case|while|until|for)\b.*|.*(?:\bdo|\{)\s*(?:\|[^|]*\|)?", re.S
)
"""Matches a statement that decides about the words below it."""
_INDENTED = lazy_pattern(r"(?: {4}| {0,3}\t)")
_ITEM = lazy_pattern(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]")


def as_markdown(text: str, first_line: int) -> tuple[str, list[LineDiagnostic]]:
    """Returns a page with what its code shows as Markdown, its lines kept, and what is to be said of the rest, which stays
    in code.
    """
    text = _CODE_BLOCK.sub(r"```\g<language>\g<code>\n```", text)
    code = _code_places(text)
    report = ShortcodeReport()
    result, place, number, line = [], 0, 0, first_line
    for found in _MARK.finditer(text):
        while number < len(code) and code[number][1] <= found.start():
            number += 1
        if (
            found["ticks"]
            or found["formula"]
            or found["html"]
            or (number < len(code) and code[number][0] < found.end())
        ):
            continue
        before = text[place : found.start()]
        line += before.count("\n")
        result += [before, "" if found["end"] else _shown(found, report, line)]
        line += found[0].count("\n")
        place = found.end()
    return "".join((*result, text[place:])), report.findings()


def _code_places(text: str) -> list[tuple[int, int]]:
    """Returns where each line of code begins and ends, also of code that is indented and in no list."""
    places, position = [], 0
    may_begin, is_in_list = True, False
    for line, is_fenced in with_code(text.splitlines(keepends=True)):
        is_indented = _INDENTED.match(line) is not None
        is_code = is_fenced or (is_indented and may_begin and not is_in_list)
        if is_code:
            places.append((position, position + len(line)))
        elif line.strip() and not is_indented:
            is_in_list = _ITEM.match(line) is not None or (is_in_list and line[0] in " \t")
        may_begin = is_code or not line.strip()
        position += len(line)
    return places


def _shown(found: re.Match[str], report: ShortcodeReport, line: int) -> str:
    """Returns what stands in the place of code: a link, a picture, nothing, or the code itself."""
    if target := found["target"]:
        if address := _address_in(target[3:-2].strip("- \n")):
            return f"[{found['label']}](<{address}>)"
        report.add(target, ADDRESS, line, "expression")
        return found["label"]
    before, said = found["before"], found["said"].removeprefix("-").removesuffix("-").strip()
    written = " ".join(f"<%{found['kind']}{found['said']}%>".split())
    blank = "\n" * found[0].count("\n")
    if before and not found.string.startswith(("=", "]"), max(found.start() - 1, 0)):
        report.add_expression(written, line)
        return found[0]
    if before:  # The address of an element or of a picture, which has no words.
        if address := _address_in(said):
            return f"{before}{address}{blank}"
        report.add_expression(written, line)
        # A quotation mark within the code would end the attribute.
        return before + found[0][1:].replace(before, _REFERENCES.get(before, before))
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
    if not found["kind"] and _GOES_ON.fullmatch(said):
        return blank
    if not found["kind"] and _BEGINS.fullmatch(said):
        report.add(written, COMPUTED, line, "statement")
        return blank
    report.add_expression(written, line)
    return f"`{written}`{blank}"


def _address_in(said: str) -> str:
    """Returns the path that a helper makes an address of; empty if the code says more."""
    found = _HELPER.fullmatch(said)
    return (found["file"] or found["file_"] or "") if found else ""


def _place_of(file: str) -> str:
    """Returns the address of a picture, which lies in the folder ``images`` unless it says where."""
    return file if file.startswith("/") or not is_relative(file) else f"/images/{file}"
