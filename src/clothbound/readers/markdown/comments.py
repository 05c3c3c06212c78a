"""Hides comments that only their author sees: Obsidian's ``%%comment%%``, kramdown's ``{::comment}`` and those of
MDX (``{/* comment */}``).

Sources: Obsidian's help (Basic formatting syntax); kramdown's documentation (Extensions); MDX's ("What is MDX?").
"""

from __future__ import annotations

import re

import msgspec

from ...diagnostics import DiagnosticCode, LineDiagnostic
from ...lazy_pattern import lazy_pattern
from ..fences import CODE_SPAN, with_code


class CommentMarks(msgspec.Struct, frozen=True):
    """The marks of one kind of comments."""

    name: str
    """The mark as messages show it."""
    found_by: str
    """A part of every mark, by which a text without comments is known at once."""
    marks: re.Pattern[str]
    """Matches code in a line, or a mark as ``open``, as ``close``, or as both."""


OBSIDIAN = CommentMarks("%%", "%%", lazy_pattern(rf"{CODE_SPAN}|(?P<open>(?P<close>%%))"))
KRAMDOWN = CommentMarks(
    "{::comment}",
    "{::comment",
    lazy_pattern(rf"{CODE_SPAN}|(?P<open>\{{::comment\}})|(?P<close>\{{:/(?:comment)?\}})"),
)
MDX = CommentMarks(
    "{/* */}",
    "{/*",
    lazy_pattern(
        rf"{CODE_SPAN}|(?P<open>\{{\s*/\*(?!(?:(?!\*/).)*+\*/\s*[^\s}}]))|(?P<close>\*/\s*\}})"
    ),
)


def hide_comments(
    body: str, first_line: int, kind: CommentMarks
) -> tuple[str, list[LineDiagnostic]]:
    """Returns a text without its comments, its lines kept.

    Nothing of a comment may be printed, so one that is not closed goes to the end of the text, and is reported.
    """
    if kind.found_by not in body:
        return body, []
    result: list[str] = []
    opened = 0
    for number, (line, is_code) in enumerate(with_code(body.split("\n")), first_line):
        if is_code and not opened:
            result.append(line)
            continue
        kept: list[str] = []
        done = 0
        for found in kind.marks.finditer(line):
            if not found["close" if opened else "open"]:
                continue
            if not opened:
                kept.append(line[done : found.start()])
            opened = 0 if opened else number
            done = found.end()
        kept.append("" if opened else line[done:])
        result.append("".join(kept))
    message = f"a comment ({kind.name}) is not closed; the text below it is left out"
    findings = [(DiagnosticCode.MARKUP_REPAIRED, message, opened)] if opened else []
    return "\n".join(result), findings
