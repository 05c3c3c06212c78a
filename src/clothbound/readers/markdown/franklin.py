r"""Reads Franklin's marks: divisions (``@@name`` to ``@@``), HTML between lines of ``~~~``, pictures (``\fig{a.png}``), the
place of the contents (``\toc``), and the commands that a page defines (``\newcommand{\note}[1]{...}``).

Sources: Franklin's documentation ("Div blocks", "Raw HTML", "Inserting a figure", "Table of contents", "LaTeX-like
commands", "Code blocks"), and sites in public repositories.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from ...diagnostics import LineDiagnostic
from ...lazy_pattern import lazy_pattern
from ..fences import CODE_SPAN, with_code
from .shortcode_report import KEPT_AS_TEXT, UNKNOWN, ShortcodeReport

_BEGIN = lazy_pattern(r"[ \t]*@@(?P<name>[A-Za-z][\w-]*)(?:,[\w,-]*)?[ \t]*")
_END = lazy_pattern(r"[ \t]*@@[ \t]*")
_DIVISION = r"(?<![\w@])@@[A-Za-z][\w,-]*[ \t]+(?P<words>[^@\n]*(?:@(?!@)[^@\n]*)*)@@(?!\w)"
_WITHIN = lazy_pattern(rf"{CODE_SPAN}|{_DIVISION}")
_COMMAND_SIGN = lazy_pattern(
    r"\\(?:toc[ \t]*$|fig(?:alt)?\{"
    r"|input\{(?:julia|plaintext|output)|(?:output|textoutput|tableinput|literate)\{)",
    re.M,
)
_SIGN = lazy_pattern(rf"(?m)^(?:{_BEGIN.pattern}$|{_DIVISION}|{_COMMAND_SIGN.pattern})")
_CONTENTS = lazy_pattern(r"[ \t]*\\(?:toc|tableofcontents)[ \t]*")
_FIGURE = lazy_pattern(r"\\fig(?:alt\{(?P<alt>[^{}\n]*)\})?\{(?P<file>[^{}\n]+)\}")
_HTML = "~~~"
_GROUP = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_DEFINED = lazy_pattern(
    rf"(?m)^[ \t]*\\newcommand\{{\\(?P<name>[A-Za-z]+)\}}(?:\[(?P<count>\d)\])?{_GROUP.replace('(', '(?P<body>', 1)}[ \t]*$"
)
_COMMAND = lazy_pattern(
    rf"{CODE_SPAN}"
    r"|(?P<math>\$\$[^$]+\$\$|(?<!\$)\$[^$\n]+\$)"
    rf"|(?<!\\)\\(?P<name>[A-Za-z]+)(?P<groups>(?:{_GROUP.replace('(', '(?:', 1)})*+)"
)
_USED = lazy_pattern(rf"\\(?P<name>[A-Za-z]+)(?P<groups>(?:{_GROUP.replace('(', '(?:', 1)})*+)")
_ARGUMENT = lazy_pattern(_GROUP)
_OF_PROGRAM = frozenset(
    "codeoutput input literate output plaintextinput prettyshow show tableinput textinput textoutput".split()
)
"""Commands in whose place the site shows code or what it prints."""
_NUMBER = lazy_pattern(r"#([1-9])")
_MOST = 10_000
"""The most characters that stand for one line's command."""
_DEEPEST = 5
"""The most commands within one another that are replaced."""


def is_page(text: str) -> bool:
    """Returns whether a text has marks that only Franklin has, outside code: Ruby and SQL have names with ``@@``, too."""
    # A backslash alone is found in a hundredth of the time that lines take, and texts with formulas have many.
    if ("@@" not in text and not _COMMAND_SIGN.search(text)) or not _SIGN.search(text):
        return False
    return any(not is_code and _SIGN.match(line) for line, is_code in with_code(text.split("\n")))


def as_markdown(text: str, first_line: int) -> tuple[str, list[LineDiagnostic]]:
    """Returns a page with Franklin's marks as Markdown's, its lines kept, and what is to be said of its commands."""
    report = ShortcodeReport()
    if "\\" in text:
        text = _with_commands(text, report, first_line)
    return _with_divisions(text), report.findings()


def _with_commands(text: str, report: ShortcodeReport, first_line: int) -> str:
    """Returns a page with what its commands stand for, without their definitions."""
    known: dict[str, str] = {}
    outside = "\n".join(
        " " * len(line) if is_code else line for line, is_code in with_code(text.split("\n"))
    )
    for found in [*_DEFINED.finditer(outside)][::-1]:
        known.setdefault(found["name"], found["body"].strip())
        blank = "\n" * found[0].count("\n")
        text = text[: found.start()] + blank + text[found.end() :]
    result = []
    for number, (line, is_code) in enumerate(with_code(text.split("\n")), first_line):
        if is_code or "\\" not in line:
            result.append(line)
            continue
        result.append(_COMMAND.sub(partial(_replaced, known, report, number), line))
    return "\n".join(result)


def _replaced(
    known: dict[str, str], report: ShortcodeReport, line: int, found: re.Match[str]
) -> str:
    """Returns what stands for a command: what its page defines, the command in code, or its words."""
    if found["ticks"]:
        return found[0]
    if found["math"]:
        return _expanded(found[0], known)
    name = found["name"]
    if name in known:
        return " ".join(_expanded(found[0], known).split())
    if not found["groups"] or name in ("fig", "figalt", "begin", "end"):
        return found[0]
    if name in _OF_PROGRAM:
        report.add(found[0], KEPT_AS_TEXT, line, "command")
        return f"`{found[0]}`"
    report.add(f"\\{name}", UNKNOWN, line, "command")
    return " ".join(_ARGUMENT.findall(found["groups"]))


def _expanded(text: str, known: dict[str, str]) -> str:
    """Returns a text in which the commands of a page are what they stand for."""

    def body(found: re.Match[str]) -> str:
        if found["name"] not in known:
            return found[0]
        made = known[found["name"]]
        given = _ARGUMENT.findall(found["groups"])
        count = max((int(n) for n in _NUMBER.findall(made)), default=0)
        rest = "".join(f"{{{one}}}" for one in given[count:])
        filled = _NUMBER.sub(
            lambda m: given[int(m[1]) - 1] if int(m[1]) <= len(given) else "", made
        )
        return filled + rest

    for _ in range(_DEEPEST):
        made = _USED.sub(body, text)
        if made == text or len(made) > _MOST:
            break
        text = made
    return text


def _with_divisions(text: str) -> str:
    lines = text.split("\n")
    fences = list(_fences_of_html(lines))
    for opening, closing in zip(fences[::2], fences[1::2], strict=False):
        lines[opening], lines[closing] = "```{=html}", "```"
    depth, result = 0, []
    for line, is_code in with_code(lines):
        if is_code:
            result.append(line)
        elif (begin := _BEGIN.fullmatch(line)) is not None:
            depth += 1
            result.append(f"::: {begin['name']}")
        elif depth and _END.fullmatch(line):
            depth -= 1
            result.append(":::")
        elif _CONTENTS.fullmatch(line):
            result.append("")
        else:
            result.append(_FIGURE.sub(_picture, _WITHIN.sub(_words, line)))
    return "\n".join(result)


def _fences_of_html(lines: Sequence[str]) -> Iterator[int]:
    """Yields the numbers of the lines of ``~~~`` around HTML, but not of those that stand in code."""
    opening = ""
    for number, (line, is_code) in enumerate(with_code(lines)):
        sign = line.strip()
        if opening == _HTML == sign or (is_code and not opening and sign == _HTML):
            yield number
        if not is_code:
            opening = ""
        elif not opening:
            opening = sign
        elif sign and not sign.strip(opening[0]) and opening.startswith(sign):
            opening = ""


def _words(found: re.Match[str]) -> str:
    return found[0] if found["ticks"] else found["words"].strip()


def _picture(found: re.Match[str]) -> str:
    return f"![{found['alt'] or ''}](<{found['file']}>)"
