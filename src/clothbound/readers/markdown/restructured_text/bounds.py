"""Bounds what a text in reStructuredText costs docutils, whose time grows with the square of the marks of a paragraph,
of the targets and of the size of a grid table, and whose substitutions may hold one another. Each line keeps its number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from ....diagnostics import DiagnosticCode, LineDiagnostic
from ....lazy_pattern import lazy_pattern
from ....limits import Limits
from ..grid_tables import is_large_grid
from .directives import KEPT_LINES

_MARKS = lazy_pattern(r"[*`|_:@]")
_LEAST = 400
"""A paragraph of fewer characters has no marks to be counted."""
_UNIT = lazy_pattern(
    r"[^\n]+\n?(?:[ ]*(?![|+\s]|\.\. |[-*+\u2022][ \n]|:[^:\n]+:|\(?[\w#]{1,9}[.)][ \n])[^\n]+\n?)*"
)
"""Matches the lines of a paragraph that are one text if it is a list, a table or lines of a verse."""
_TARGETS = lazy_pattern(r"(?:[ ]*(?:\.\.|__) [^\n]*\n?)+")
_COST = 1_000_000_000
"""The most that the marks of a paragraph times its characters may be."""
_LONGEST_TEXT = 2_000_000
"""The most characters of a text that docutils, which reads a hundred thousand in a second, is asked to read."""
_PARAGRAPH = lazy_pattern(r"(?m)^(?:[^\S\n]*+\S[^\n]*\n?)+")
_GRID = lazy_pattern(r"(?m)^(?P<indent>[ ]*)\+(?:[-=]+\+)+[ \t]*\n(?:[ ]*[|+][^\n]*(?:\n|\Z))+")
_TARGET = lazy_pattern(r"(?m)^(?P<indent>[ \t]*+)\.\. _[^\n]*:[ \t]*$")
_MOST_TARGETS = 2_000
"""The most targets without an address (``.. _name:``), each of which takes over the names of all that stand above it."""
_DEFINITION = lazy_pattern(
    r"(?m)^[ \t]*\.\.[ ]+\|(?P<name>[^|\n]+)\|[ ]+replace::(?P<text>[^\n]*(?:\n[ \t]+\S[^\n]*)*)"
)
_REFERENCE = lazy_pattern(r"\|([^|\n]+)\|")
_BAR = lazy_pattern(r"(?<!\\)\|(?=\S)")
_LONGEST = 1_000_000
"""The most characters that substitutions may add to a text."""
_LEVELS = 60
"""The most substitutions within one another that are counted."""


class BoundedText(msgspec.Struct, frozen=True):
    """A text within bounds, and the lines that it holds by their numbers alone."""

    text: str
    kept: list[str]
    findings: list[LineDiagnostic]


def bounded_text(text: str, limits: Limits) -> BoundedText:
    """Returns a text in which large grid tables are kept as code, and marks and targets beyond the bounds as text."""
    findings: list[LineDiagnostic] = []
    kept: list[str] = []
    if len(text) > _LONGEST_TEXT:
        message = "the text is too long to be read; it was kept as a code block"
        findings.append((DiagnosticCode.MARKUP_REPAIRED, message, 1))
        return BoundedText(f".. {KEPT_LINES}:: 0\n", [text], findings)

    def tell(message: str, place: int) -> None:
        line = text.count("\n", 0, place) + 1
        findings.append((DiagnosticCode.MARKUP_REPAIRED, message, line))

    def keep(found: re.Match[str]) -> str:
        if not is_large_grid(found[0].split("\n")):
            return found[0]
        tell("a grid table is too large; it was kept as a code block", found.start())
        kept.append(found[0].rstrip("\n"))
        below = "\n" * found[0].count("\n")
        return f"{found['indent']}.. {KEPT_LINES}:: {len(kept) - 1}{below}"

    def escape_marks(found: re.Match[str]) -> str:
        written = found[0]
        count = len(_MARKS.findall(written)) if len(written) > _LEAST else 0
        if count <= limits.delimiters or KEPT_LINES in written:
            return written
        is_costly = count * len(written) > _COST and not _TARGETS.fullmatch(written)
        if not is_costly:
            units = _UNIT.findall(written)
            is_costly = any(len(_MARKS.findall(unit)) > limits.delimiters for unit in units)
        if not is_costly:
            return written
        tell("a paragraph has too many marks; they were kept as text", found.start())
        return _MARKS.sub(r"\\\g<0>", written)

    bounded = _GRID.sub(keep, text) if "+-" in text or "+=" in text else text
    if bounded.count(".. _") > _MOST_TARGETS:
        targets = [found.end("indent") for found in _TARGET.finditer(bounded)]
        if beyond := targets[_MOST_TARGETS:]:
            tell("the text has too many targets; the last of them were kept as text", beyond[0])
            bounded = _with_backslashes(bounded, beyond)
    bounded = _PARAGRAPH.sub(escape_marks, bounded)
    if "replace::" in bounded and _substituted(bounded) > _LONGEST:
        tell("substitutions make the text too long; they were kept as text", 0)
        bounded = _BAR.sub(r"\\|", bounded)
    return BoundedText(bounded, kept, findings)


def _with_backslashes(text: str, places: Sequence[int]) -> str:
    """Returns ``text`` with a backslash at each of ``places``, which are in order."""
    bounds = (0, *places, len(text))
    return "\\".join(text[start:end] for start, end in pairwise(bounds))


def _substituted(text: str) -> int:
    """Returns how many characters the substitutions of a text stand for, each as often as it is named."""
    defined = {found["name"].lower(): found["text"] for found in _DEFINITION.finditer(text)}
    named = {name: _REFERENCE.findall(held.lower()) for name, held in defined.items()}
    lengths = {name: len(held) for name, held in defined.items()}
    # Each round replaces one level; after as many as there are bounds, whatever still grows is too long.
    for _ in range(_LEVELS):
        grown = {
            name: min(
                len(defined[name]) + sum(lengths.get(one, 0) for one in named[name]), _LONGEST + 1
            )
            for name in defined
        }
        if grown == lengths:
            break
        lengths = grown
    return sum(lengths.get(found[1].lower(), 0) for found in _REFERENCE.finditer(text))
